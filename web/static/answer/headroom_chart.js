/** The bars of the share used of each limit. */

import { baseLayout, colour, draw, plain, shortened } from "../shared/drawing.js";
import { STATUSES, breaksInWords, usedInWords } from "./headroom_words.js";

const ROW_HEIGHT = { one: 52, two: 68 };
const NARROW = 480; // below, what is said of a bar takes a line above and one below it
const AXIS_HEIGHT = 40;
const LETTER_WIDTH = 6.8;
const MOST_USED = 1.25; // a bar of ten times the limit would leave no room for the others
const COLOURS = { ok: "--good", near: "--note", violated: "--bad" };

const owner = ({ component }) => component ?? "the account";
const shown = ({ used }) => Math.min(used ?? MOST_USED, MOST_USED);

function bars(limits) {
  return {
    type: "bar",
    orientation: "h",
    x: limits.map(shown),
    y: limits.map((_, place) => place),
    width: limits.map(() => 0.24),
    text: limits.map(
      (one) => `${plain(one.title)}<br>${plain(owner(one))}: ${usedInWords(one)} used, ${STATUSES[one.status]}`,
    ),
    textposition: "none",
    hovertemplate: "%{text}<extra></extra>",
    marker: { color: limits.map(({ status }) => colour(COLOURS[status])) },
  };
}

const track = (limits) => ({
  type: "bar",
  orientation: "h",
  x: limits.map((one) => Math.max(1 - shown(one), 0)),
  y: limits.map((_, place) => place),
  width: limits.map(() => 0.24),
  hoverinfo: "skip",
  marker: { color: colour("--line") },
});

/** What stands at each bar: the limit above it, and how far it is on the right, of narrow ones below it. */
function captions(limits, width) {
  const narrow = width < NARROW;
  return limits.flatMap((one, place) => {
    const multiple = breaksInWords(one);
    const right = `${usedInWords(one)} · ${STATUSES[one.status]}${multiple === "–" ? "" : ` · ${multiple}`}`;
    const room = Math.floor(width / LETTER_WIDTH) - (narrow ? 0 : right.length + 3);
    const left = shortened(`${one.title} (${owner(one)})`, Math.max(room, 8));
    const text = { showarrow: false, xref: "paper", yanchor: "middle", borderpad: 0 };
    return [
      { ...text, y: place - 0.33, x: 0, xanchor: "left", text: plain(left) },
      { ...text, y: place + (narrow ? 0.3 : -0.33), x: 1, xanchor: "right", text: plain(right) },
    ];
  });
}

function layout(limits, width) {
  const most = Math.max(1, ...limits.map(shown));
  const margin = { l: 14, r: 24, t: 4, b: 28 };
  const row = width < NARROW ? ROW_HEIGHT.two : ROW_HEIGHT.one;
  const limit = { type: "line", x0: 1, x1: 1, xref: "x", y0: 0, y1: 1, yref: "paper" };
  return {
    ...baseLayout(),
    barmode: "stack",
    height: limits.length * row + AXIS_HEIGHT,
    margin,
    annotations: captions(limits, width - margin.l - margin.r),
    shapes: most > 1 ? [{ ...limit, line: { color: colour("--ink"), width: 1, dash: "dot" } }] : [],
    xaxis: {
      range: [0, most],
      tickvals: [0, 0.5, 1],
      tickformat: ".0%",
      showgrid: false,
      zeroline: false,
      fixedrange: true,
    },
    yaxis: {
      range: [limits.length - 0.5, -0.7],
      showticklabels: false,
      showgrid: false,
      zeroline: false,
      fixedrange: true,
    },
  };
}

/** Draw how much of each limit is used. */
export const drawHeadroom = (place, limits) =>
  draw(place, () => ({
    traces: [bars(limits), track(limits)],
    layout: layout(limits, place.clientWidth),
  }));
