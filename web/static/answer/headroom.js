/** Headroom: how much of each limit is used, and at which multiple of the traffic it breaks; the first leads. */

import { byId, h, scrollingTable } from "../shared/dom.js";
import { amount, counted } from "../shared/words.js";
import { drawHeadroom } from "./headroom_chart.js";
import { STATUSES, breaksInWords, usedInWords } from "./headroom_words.js";
import { componentLinks } from "./links.js";

const MOST_BARS = 12;
const HEAD = [
  ["Limit"], ["Asked for", "number"], ["Limit", "number"], ["Used", "number"], ["Breaks at", "number"], ["Status"],
];

/** What matters first: what traffic breaks, and what is near or broken. */
const matters = ({ multiple, status }) => multiple !== null || status !== "ok";

const bounded = ({ kind, limit, unit }) => `${kind === "minimum" ? "at least " : ""}${amount(limit, unit)}`;

function row(page, one) {
  const shared = one.component === null;
  const owner = [shared ? "account: " : null, ...componentLinks(page, shared ? one.components : [one.component])];
  const swatch = h("span", { class: "swatch", "aria-hidden": "true" });
  return h(
    "tr",
    {},
    h("th", { scope: "row" }, one.title, h("span", { class: "help place" }, owner)),
    h("td", { class: "number" }, amount(one.demand, one.unit)),
    h("td", { class: "number" }, bounded(one)),
    h("td", { class: "number" }, usedInWords(one)),
    h("td", { class: "number" }, breaksInWords(one)),
    h("td", { class: `status status-${one.status}` }, swatch, STATUSES[one.status]),
  );
}

function table(page, label, limits) {
  return scrollingTable(label, HEAD, h("tbody", {}, limits.map((one) => row(page, one))));
}

/** Show the limits of an answer: those that matter as bars and table, the rest folded away. */
export function showHeadroom(page, limits) {
  const first = limits.filter(matters);
  const rest = limits.filter((one) => !matters(one));
  byId("headroom-bars").hidden = first.length === 0;
  if (first.length) drawHeadroom(byId("headroom-bars"), first.slice(0, MOST_BARS));
  const none = h("p", { class: "help" }, "No limit is near, and none breaks as the traffic grows.");
  byId("headroom").replaceChildren(first.length ? table(page, "Limits that matter first", first) : none);
  byId("other-limits").hidden = rest.length === 0;
  const told = `${counted(rest.length, "other limit")}: no traffic breaks ${rest.length === 1 ? "it" : "them"}`;
  byId("other-limits").querySelector("summary").textContent = told;
  byId("other-headroom").replaceChildren(table(page, "Limits that hold whatever the traffic", rest));
}
