/** The bars of the cost of each component. */

import { baseLayout, colour, draw, plain, shortened } from "../shared/drawing.js";
import { money } from "../shared/words.js";

const HEIGHTS = { few: 56, many: 36 };
const AXES_HEIGHT = 64;
const LONGEST_NAME = 18;

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
  const names = answer.by_component.map((part) => plain(shortened(part.component, LONGEST_NAME)));
  return {
    ...baseLayout(),
    barmode: "stack",
    bargap: 0.4,
    height: names.length * (names.length > 5 ? HEIGHTS.many : HEIGHTS.few) + AXES_HEIGHT,
    margin: { l: 8, r: 16, t: 8, b: 40 },
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
export const drawBars = (place, answer, meters) =>
  draw(place, () => ({
    traces: [...meters].map(([meter, look]) => trace(answer, meter, look)),
    layout: layout(answer),
  }));
