/** The bars, drawn by Plotly from the service's own copy, in the colours of the style sheet. */

import { h } from "./dom.js";
import { money } from "./words.js";

const HEIGHTS = { few: 56, many: 36 };
const AXES_HEIGHT = 64;
const LONGEST_NAME = 18;

// Plotly writes the styles of its maps into the page unless something has this id. The page's security policy refuses
// such styles and says so on the console; there are no maps here.
const STYLES_OF_MAPS = "9f215cf04c5486422605d13261cb87401f4e7763b6296af81e98efbc0130da53";

let loading;
let last;

/** Load Plotly once, after the page is there: it is by far the largest file and nothing else waits for it. */
function plotly() {
  loading ??= new Promise((resolve, reject) => {
    const loaded = () => resolve(window.Plotly);
    document.head.append(h("meta", { id: STYLES_OF_MAPS }));
    document.head.append(h("script", { src: "static/plotly.min.js", on: { load: loaded, error: reject } }));
  });
  return loading;
}

const colour = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();

// Plotly reads some markup in texts, and names come from users.
const plain = (text) => text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");

const shortened = (name) => (name.length > LONGEST_NAME ? `${name.slice(0, LONGEST_NAME - 1)}…` : name);

function trace(answer, meter, { title, colour: index }) {
  const costs = answer.by_component.map((part) =>
    answer.line_items
      .filter((line) => line.component === part.component && line.meter === meter)
      .reduce((sum, line) => sum + line.cost, 0),
  );
  const names = answer.by_component.map((part) => plain(part.component));
  return {
    type: "bar",
    orientation: "h",
    x: costs,
    y: costs.map((_, place) => place),
    name: plain(title),
    text: names.map((name, place) => `${name}<br>${plain(title)}: ${money(costs[place])}`),
    textposition: "none",
    hovertemplate: "%{text}<extra></extra>",
    marker: { color: colour(`--colour-${index}`), line: { color: colour("--surface"), width: 1 } },
  };
}

function layout(answer) {
  const longest = Math.max(...answer.by_component.map((part) => part.cost));
  const names = answer.by_component.map((part) => plain(shortened(part.component)));
  return {
    barmode: "stack",
    bargap: 0.4,
    height: names.length * (names.length > 5 ? HEIGHTS.many : HEIGHTS.few) + AXES_HEIGHT,
    margin: { l: 8, r: 16, t: 8, b: 40 },
    showlegend: false,
    paper_bgcolor: "rgba(0,0,0,0)",
    plot_bgcolor: "rgba(0,0,0,0)",
    font: { family: getComputedStyle(document.body).fontFamily, size: 13, color: colour("--ink") },
    hoverlabel: { bgcolor: colour("--surface"), bordercolor: colour("--line"), font: { color: colour("--ink") } },
    xaxis: {
      range: [0, longest * 1.04],
      tickprefix: "$",
      gridcolor: colour("--line"),
      zerolinecolor: colour("--line"),
      fixedrange: true,
      nticks: 5,
    },
    yaxis: {
      automargin: true,
      autorange: "reversed",
      fixedrange: true,
      showgrid: false,
      zeroline: false,
      tickmode: "array",
      tickvals: names.map((_, place) => place),
      ticktext: names,
      ticklabelstandoff: 6,
    },
  };
}

/** Draw the cost of each component as one bar, stacked by meter. */
export async function drawBars(place, answer, meters) {
  last = [place, answer, meters];
  try {
    const library = await plotly();
    if (last[1] !== answer) return; // a newer answer came while the library was loading
    const traces = [...meters].map(([meter, look]) => trace(answer, meter, look));
    await library.react(place, traces, layout(answer), { displayModeBar: false, responsive: true });
  } catch {
    // The table beside says the same: a chart that cannot be drawn is left out.
    place.hidden = true;
  }
}

window.matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => {
  if (last) drawBars(...last);
});
