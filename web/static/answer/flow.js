/** How the traffic flows: the graph of the connections, and a table with the same figures. */

import { byId, h, scrollingTable } from "../shared/dom.js";
import { quantity } from "../shared/words.js";
import { drawFlow } from "./flow_chart.js";
import { componentLinks } from "./links.js";

const HEAD = [["From"], ["To"], ["Calls a month", "number"], ["Peak a second", "number"], ["KB each", "number"]];

function row(page, { from, to, calls, peak, payload_kb: size }) {
  return h(
    "tr",
    {},
    h("th", { scope: "row" }, componentLinks(page, [from])),
    h("td", {}, componentLinks(page, [to])),
    h("td", { class: "number" }, quantity(calls)),
    h("td", { class: "number" }, quantity(peak)),
    h("td", { class: "number" }, size === null ? "–" : quantity(size)),
  );
}

/** Show what flows in an answer; without connections there is nothing to show. */
export function showFlow(page, flow) {
  byId("flow-card").hidden = flow.length === 0;
  const rows = flow.map((line) => row(page, line));
  byId("flow").replaceChildren(scrollingTable("Traffic on each connection", HEAD, h("tbody", {}, rows)));
  if (flow.length) drawFlow(byId("flow-graph"), flow);
}
