/** What all charts share: Plotly from the service's own copy, the colours of the style sheet, names as plain text. */

import { h } from "./dom.js";

// Plotly writes the styles of its maps into the page unless something has this id. The page's security policy refuses
// such styles and says so on the console; there are no maps here.
const STYLES_OF_MAPS = "9f215cf04c5486422605d13261cb87401f4e7763b6296af81e98efbc0130da53";

let loading;

/** Load Plotly once, after the page is there: it is by far the largest file and nothing else waits for it. */
function plotly() {
  loading ??= new Promise((resolve, reject) => {
    const loaded = () => resolve(window.Plotly);
    document.head.append(h("meta", { id: STYLES_OF_MAPS }));
    document.head.append(h("script", { src: "static/plotly.min.js", on: { load: loaded, error: reject } }));
  });
  return loading;
}

/** A colour that the style sheet names. */
export const colour = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();

/** A text without markup: Plotly reads some in texts, and names come from users. */
export const plain = (text) => text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");

/** A text of at most so many letters. */
export const shortened = (text, most) => (text.length > most ? `${text.slice(0, most - 1)}…` : text);

/** What every layout begins with. */
export const baseLayout = () => ({
  showlegend: false,
  paper_bgcolor: "rgba(0,0,0,0)",
  plot_bgcolor: "rgba(0,0,0,0)",
  font: { family: getComputedStyle(document.body).fontFamily, size: 13, color: colour("--ink") },
  hoverlabel: { bgcolor: colour("--surface"), bordercolor: colour("--line"), font: { color: colour("--ink") } },
});

const shown = new Map();

/**
 * Draw a chart in its place; `make` gives { traces, layout } and is called again when the colour scheme changes. With a
 * `finish`, which goes over what is drawn, it is drawn anew, for a change moves slowly. The table beside says the same:
 * a chart that cannot be drawn is left out.
 */
export async function draw(place, make) {
  shown.set(place, make);
  try {
    const library = await plotly();
    if (shown.get(place) !== make) return; // a newer answer came while the library was loading
    const { traces, layout, finish } = make();
    const plot = finish ? library.newPlot : library.react;
    await plot(place, traces, layout, { displayModeBar: false, responsive: true });
    if (shown.get(place) === make) finish?.();
  } catch {
    place.hidden = true;
  }
}

window.matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => {
  for (const [place, make] of shown) draw(place, make);
});
