/** Where the money goes: bars by component and meter, and beside them a table with the same figures, their legend. */

import { byId, h, scrollingTable } from "../shared/dom.js";
import { money, share } from "../shared/words.js";
import { drawBars } from "./chart.js";
import { placeNote } from "./lines.js";

const COLOURS = 8;
const MOST_BARS = 15; // more make a picture that nobody takes in at a glance

/** Meters that cost something, dearest first, each with its colour: meter -> { title, colour }. */
function colouredMeters(lines) {
  const costs = new Map();
  for (const line of lines) costs.set(line.meter, (costs.get(line.meter) ?? 0) + line.cost);
  const titles = new Map(lines.map((line) => [line.meter, line.title]));
  const dearest = [...costs].filter(([, cost]) => cost > 0).sort((one, other) => other[1] - one[1]);
  return new Map(dearest.map(([meter], rank) => [meter, { title: titles.get(meter), colour: rank % COLOURS }]));
}

function componentRows(answer, part, meters) {
  const own = answer.line_items.filter((line) => line.component === part.component && line.cost > 0);
  const head = h(
    "tr",
    { class: "whole" },
    h("th", { scope: "row" }, part.component, regionNote(answer, part)),
    h("td", { class: "number" }, money(part.cost)),
    h("td", { class: "number" }, share(part.cost, answer.total)),
  );
  return [head, ...own.map((line) => meterRow(answer, line, { meters, region: part.region }))];
}

const regionNote = (answer, part) =>
  part.region === answer.region ? null : h("span", { class: "help" }, ` ${part.region}`);

function meterRow(answer, line, { meters, region }) {
  const swatch = h("span", { class: `swatch colour-${meters.get(line.meter).colour}`, "aria-hidden": "true" });
  return h(
    "tr",
    { class: "part" },
    h("th", { scope: "row" }, swatch, line.title, placeNote(line, region)),
    h("td", { class: "number" }, money(line.cost)),
    h("td", { class: "number" }, share(line.cost, answer.total)),
  );
}

/** The components that get a bar: all in their order, or of many the dearest first. */
function withBars(parts) {
  if (parts.length <= MOST_BARS) return parts;
  return [...parts].sort((one, other) => other.cost - one.cost).slice(0, MOST_BARS);
}

function showBars(answer, meters) {
  const drawn = withBars(answer.by_component);
  const all = answer.by_component.length;
  byId("bars").hidden = answer.total <= 0;
  byId("bars-note").textContent = drawn.length < all ? `The ${drawn.length} dearest of ${all} components.` : "";
  if (answer.total > 0) drawBars(byId("bars"), { ...answer, by_component: drawn }, meters);
  else byId("bars-note").textContent = "Nothing is to be paid.";
}

/** Show the bars and the table of an estimate. */
export function showBreakdown(answer) {
  const meters = colouredMeters(answer.line_items);
  const rows = answer.by_component.flatMap((part) => componentRows(answer, part, meters));
  const head = [["Component and meter"], ["USD a month", "number"], ["Share", "number"]];
  byId("by-component").replaceChildren(scrollingTable("Cost by component", head, h("tbody", {}, rows)));
  showBars(answer, meters);
}
