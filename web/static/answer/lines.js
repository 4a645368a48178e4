/** The line items: one row for each meter of each component, which opens to its tiers and the source of its rate. */

import { byId, freshId, h, scrollingTable } from "../shared/dom.js";
import { day, money, placeInWords, quantity, unitPrice } from "../shared/words.js";
import { savingAmount } from "./savings.js";

const OWN = "custom_line";
const ACCOUNT = "account"; // whose lines the commitments of a price book are
const HEAD = [["Component"], ["Meter"], ["Usage", "number"], ["Unit"], ["Free", "number"], ["Billable", "number"]];
const COST = [["Cost", "number"]];
const COSTS = [["List cost", "number"], ["Own cost", "number"], ["Saving", "number"]];

const number = (text) => h("td", { class: "number" }, text);

function opener(line, detailId, detail) {
  const toggle = (event) => {
    detail.hidden = !detail.hidden;
    event.currentTarget.setAttribute("aria-expanded", String(!detail.hidden));
  };
  const attributes = { type: "button", class: "opener", "aria-expanded": "false", "aria-controls": detailId };
  return h("button", { ...attributes, on: { click: toggle } }, line.title);
}

function tierRow(line, tier, index) {
  const to = tier.to === null ? "and above" : `to ${quantity(tier.to)}`;
  return h(
    "tr",
    {},
    h("th", { scope: "row" }, `Tier ${index + 1}`),
    h("td", {}, `${quantity(tier.from)} ${to} ${line.unit}`),
    number(quantity(tier.quantity)),
    number(unitPrice(tier.price)),
    number(money(tier.quantity * tier.price)),
  );
}

function tiers(line) {
  if (!line.tiers.length) return h("p", {}, "Nothing is billable: the free tier covers it.");
  const head = ["Tier", "Range", "Quantity", "USD a unit", "Amount"];
  const heads = head.map((text, place) => h("th", { scope: "col", class: place > 1 ? "number" : null }, text));
  const rows = line.tiers.map((tier, index) => tierRow(line, tier, index));
  return h("table", { class: "tiers" }, h("thead", {}, h("tr", {}, heads)), h("tbody", {}, rows));
}

/** A source in its words, with its addresses as links. */
export const sourceOf = (source) =>
  source
    .split(/(https?:\/\/[^\s;,()]+)/)
    .map((part, index) => (index % 2 ? h("a", { href: part, rel: "noreferrer" }, part) : part));

function rateOf(line) {
  if (!line.rate) return null;
  const { effective, checked, source, old, derived, unverified } = line.rate;
  if (line.type === OWN) return h("p", { class: "help" }, "Your own amount: nothing is looked up.");
  if (line.type === ACCOUNT) return h("p", { class: "help" }, "From the price book: at list price there is none.");
  const since = derived ? "derived from that of" : "seen from";
  const dates = `Rate in ${placeInWords(line.region)} ${since} ${day(effective)}, checked ${day(checked)}`;
  const marks = [old && "older than a year", unverified && "unverified"].filter(Boolean);
  return h("p", { class: "help" }, [dates, ...marks].join(", "), ". Source: ", sourceOf(source));
}

/** What the account's price book makes of the amount above. */
function ownPrice({ type, list_cost: listed, cost }) {
  if (type === ACCOUNT || listed === cost) return null;
  return h("p", {}, `${money(listed)} at list price, ${money(cost)} by the account's price book.`);
}

/** Where a line is priced, if that is not this region. */
export const placeNote = (line, region) =>
  line.region === region || line.type === OWN ? null : h("span", { class: "help place" }, placeInWords(line.region));

/** What is to be doubted of a price, in sight without opening the line. */
function doubtNote(rate) {
  const doubts = [
    rate?.old && `checked ${day(rate.checked)}`,
    rate?.derived && "derived",
    rate?.unverified && "unverified",
  ].filter(Boolean);
  return doubts.length ? h("span", { class: "help doubt" }, doubts.join(", ")) : null;
}

/** The cells of an amount; with a price book list price, own price and saving stand side by side. */
function costCells({ list_cost: listed, cost: own }, hasBook) {
  if (!hasBook) return [number(money(own))];
  return [number(money(listed)), number(money(own)), number(savingAmount({ listed, own }))];
}

function lineRows(line, { region, hasBook, width }) {
  const id = freshId("line");
  const parts = [tiers(line), ownPrice(line), rateOf(line), h("code", {}, line.meter)];
  const inside = h("div", { class: "line-detail" }, parts);
  const detail = h("tr", { id, hidden: true }, h("td", { colspan: width }, inside));
  const row = h(
    "tr",
    {},
    h("th", { scope: "row" }, line.component),
    h("td", {}, opener(line, id, detail), placeNote(line, region), doubtNote(line.rate)),
    number(quantity(line.usage)),
    h("td", {}, line.unit),
    number(line.free ? quantity(line.free) : "–"),
    number(quantity(line.billable)),
    costCells(line, hasBook),
  );
  return [row, detail];
}

/** Show the line items of an estimate with their sum. */
export function showLineItems(answer, { hasBook }) {
  const head = [...HEAD, ...(hasBook ? COSTS : COST)];
  const total = { list_cost: answer.list_total, cost: answer.total };
  const sum = h(
    "tr",
    {},
    h("th", { scope: "row", colspan: HEAD.length }, "Total"),
    costCells(total, hasBook),
  );
  const asked = { region: answer.region, hasBook, width: head.length };
  const rows = answer.line_items.flatMap((line) => lineRows(line, asked));
  const body = [h("tbody", {}, rows), h("tfoot", {}, sum)];
  const table = scrollingTable("Line items", head, body, { class: hasBook ? "with-list" : null });
  byId("line-items").replaceChildren(table);
}
