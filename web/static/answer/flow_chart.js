/** The graph of the connections: components as bars, what flows between them as bands, written on each. */

import { baseLayout, colour, draw, plain, shortened } from "../shared/drawing.js";
import { quantity } from "../shared/words.js";

const HEIGHT = { least: 200, each: 36 };
const COLUMN = 7; // rem: what is written on a band needs it
const LONGEST_NAME = 18;
const COLOURS = 8;
const THINNEST = 0.04; // of the widest band: what is thinner could not be seen
const LINE_HEIGHT = 13;
const SVG = "http://www.w3.org/2000/svg";

const few = new Intl.NumberFormat("en-US", { notation: "compact", maximumSignificantDigits: 3 });

const written = ({ calls, peak }) => [`${few.format(calls)} a month`, `${few.format(peak)} a second`];

/** How many components follow each other at most; a way back makes it no longer than all of them. */
function columns(flow, names) {
  const depth = new Map(names.map((name) => [name, 1]));
  for (let round = 1; round < names.length; round += 1) {
    for (const { from, to } of flow) {
      if (depth.get(to) <= depth.get(from)) depth.set(to, Math.min(depth.get(from) + 1, names.length));
    }
  }
  return Math.max(...depth.values());
}

function trace(flow, names) {
  const widths = flow.map(({ calls }) => Math.sqrt(calls)); // else what is seldom called could not be seen
  const widest = Math.max(...widths, 1);
  return {
    type: "sankey",
    arrangement: "fixed",
    textfont: { color: "rgba(0,0,0,0)", shadow: "none", size: 1 }, // names are written above the components, where no band crosses them
    node: {
      label: names.map(plain),
      hovertemplate: "%{label}<extra></extra>",
      color: names.map((_, index) => colour(`--colour-${index % COLOURS}`)),
      pad: 40,
      thickness: 14,
      line: { width: 0 },
    },
    link: {
      source: flow.map(({ from }) => names.indexOf(from)),
      target: flow.map(({ to }) => names.indexOf(to)),
      value: widths.map((width) => Math.max(width, widest * THINNEST)),
      customdata: flow.map((line) => {
        const ends = `${plain(line.from)} to ${plain(line.to)}`;
        return `${ends}<br>${quantity(line.calls)} calls a month<br>${quantity(line.peak)} a second at the peak`;
      }),
      hovertemplate: "%{customdata}<extra></extra>",
      color: flow.map(() => colour("--band")),
      line: { color: colour("--surface"), width: 1 },
    },
  };
}

/** A text in the graph; of several lines the middle one is at that height. */
function write(svg, kind, lines, { x, y }) {
  const label = document.createElementNS(SVG, "text");
  const frame = svg.getBoundingClientRect();
  for (const [name, value] of Object.entries({ class: kind, "text-anchor": "middle" })) label.setAttribute(name, value);
  for (const [index, line] of lines.entries()) {
    const part = document.createElementNS(SVG, "tspan");
    part.setAttribute("x", x - frame.left);
    part.setAttribute("y", y - frame.top + 4 + (index - (lines.length - 1) / 2) * LINE_HEIGHT);
    part.textContent = line;
    label.append(part);
  }
  svg.append(label);
  // Names at the edges must not stick out.
  const out = label.getBoundingClientRect();
  const shift = Math.max(frame.left - out.left, 0) - Math.max(out.right - frame.right, 0);
  if (shift) label.setAttribute("transform", `translate(${shift} 0)`);
}

const middle = (box) => ({ x: box.left + box.width / 2, y: box.top + box.height / 2 });

/** Write on each band what flows there and above each component its name: Plotly says it under the pointer only. */
function writeNames(place, { flow, names }) {
  for (const old of place.querySelectorAll(".edge-label, .component-label")) old.remove();
  const svg = place.querySelector(".main-svg");
  for (const band of place.querySelectorAll(".sankey-link")) {
    write(svg, "edge-label", written(flow[band.__data__.link.pointNumber]), middle(band.getBoundingClientRect()));
  }
  for (const rect of place.querySelectorAll(".node-rect")) {
    const box = rect.getBoundingClientRect();
    const name = names[rect.__data__.node.pointNumber];
    write(svg, "component-label", [shortened(name, LONGEST_NAME)], { x: middle(box).x, y: box.top - 10 });
  }
}

/** Draw the graph. */
export function drawFlow(place, flow) {
  const names = [...new Set(flow.flatMap(({ from, to }) => [from, to]))];
  place.style.minWidth = `${columns(flow, names) * COLUMN}rem`;
  const finish = () => {
    writeNames(place, { flow, names });
    place.on("plotly_afterplot", () => writeNames(place, { flow, names })); // its width may change
  };
  const layout = () => ({
    ...baseLayout(),
    height: HEIGHT.least + names.length * HEIGHT.each,
    margin: { l: 16, r: 16, t: 32, b: 12 },
  });
  return draw(place, () => ({ traces: [trace(flow, names)], layout: layout(), finish }));
}
