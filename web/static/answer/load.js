/** Under load: buckets of tokens in a burst, queues and what drains them, functions with their cold starts. */

import { byId, h, scrollingTable } from "../shared/dom.js";
import { counted, money, quantity } from "../shared/words.js";
import { componentLinks } from "./links.js";

const three = new Intl.NumberFormat("en-US", { maximumSignificantDigits: 3 });
const percent = new Intl.NumberFormat("en-US", { style: "percent", maximumSignificantDigits: 3 });
const LEAST_SHARE = 0.000001;
const LENGTHS = [[172800, 86400, "days"], [7200, 3600, "h"], [120, 60, "min"], [0, 1, "s"]];

const BURST_HEAD = [
  ["Rate with a bucket"], ["Refilled a second", "number"], ["Bucket holds", "number"], ["Asked for a second", "number"],
  ["Until throttling", "number"], ["Refused", "number"],
];
const QUEUE_HEAD = [
  ["Queue"], ["Peak a second", "number"], ["Drained a second", "number"], ["Used at the peak", "number"],
  ["Most waiting", "number"], ["Oldest, of the retention", "number"], ["Clear after", "number"],
  ["Most in flight", "number"], ["Expired", "number"],
];
const FUNCTION_HEAD = [
  ["Function"], ["At one time, mean", "number"], ["At one time, peak", "number"],
  ["Alive, mean", "number"], ["Alive, peak", "number"], ["Cold", "number"],
  ["p50, ms", "number"], ["p95, ms", "number"], ["p99, ms", "number"], ["Throttled", "number"],
  ["Initialization a month", "number"],
];

/** Three digits say enough of what is estimated; whole numbers stay whole. */
const few = (value) => (Math.abs(value) >= 1000 ? quantity(Math.round(value)) : three.format(value));

/** A part of the whole with three digits: cold starts are seldom and matter below a tenth of a percent, too. */
const part = (value) => (value > 0 && value < LEAST_SHARE ? `< ${percent.format(LEAST_SHARE)}` : percent.format(value));

/** Seconds in the unit that reads best; never, where there is no end. */
function lasting(seconds) {
  if (seconds === null) return "never";
  const [, size, unit] = LENGTHS.find(([from]) => seconds >= from);
  return `${few(seconds / size)} ${unit}`;
}

const priced = (cost) => (cost === null ? "not priced" : money(cost));

/** What a remedy costs: "$64.18 more", "$2.00 less". */
function more(cost) {
  if (!cost) return cost === null ? "not priced" : "nothing more";
  return `${money(Math.abs(cost))} a month ${cost > 0 ? "more" : "less"}`;
}

function row(name, cells) {
  return h("tr", {}, h("th", { scope: "row" }, name), cells.map((text) => h("td", { class: "number" }, text)));
}

function burstRow(page, one) {
  const owner = h("span", { class: "help place" }, `${one.region}: `, componentLinks(page, one.components));
  return row([one.title, owner], [
    few(one.rate), few(one.bucket), few(one.demand), lasting(one.seconds_until_throttle), part(one.refused_share),
  ]);
}

function queueRow(page, one) {
  const drainer = h("span", { class: "help place" }, "drained by ", componentLinks(page, [one.function]));
  return row([...componentLinks(page, [one.component]), drainer], [
    few(one.peak), few(one.drain_rate), part(one.utilisation), few(one.backlog),
    `${lasting(one.oldest_s)} of ${lasting(one.retention_s)}`, lasting(one.clear_s), few(one.in_flight),
    part(one.expired_share),
  ]);
}

function alive(environments) {
  return environments === null ? "not known" : few(environments);
}

function functionRow(page, one) {
  return row(componentLinks(page, [one.component]), [
    few(one.mean_concurrency), few(one.peak_concurrency), alive(one.mean_environments), alive(one.peak_environments),
    part(one.cold_share), few(one.p50_ms), few(one.p95_ms), few(one.p99_ms), part(one.throttled_share), priced(one.init_cost),
  ]);
}

/** A table with its heading and what its columns are, or nothing where it would be empty. */
function table(title, note, head, rows) {
  if (!rows.length) return [];
  return [h("h3", {}, title), h("p", { class: "help" }, note), scrollingTable(title, head, h("tbody", {}, rows))];
}

function burstNote([first]) {
  const busiest = first?.length_s ? `the burst of ${lasting(first.length_s)}` : "the peak, for as long as it lasts";
  return `A full bucket under ${busiest}: how long it holds, and the share that is refused.`;
}

const QUEUE_NOTE =
  "Messages at the worst of the week, or after the burst. It is clear so long after the burst, or else after the " +
  "first message that waits; expired are those still waiting when the retention is over.";
const FUNCTION_NOTE =
  "Executions at one time, environments alive (busy or idle: they hold connections), the share of cold starts, what 50, 95 and 99% of the calls stay within, the share that " +
  "the function's reservation throttles at the peak, and what initialization costs.";

function remedies(page, { component, remedies: ways }) {
  const items = ways.map(({ what, cost }) => h("li", {}, `${what}: `, h("strong", {}, more(cost))));
  return h("div", {}, h("dt", {}, componentLinks(page, [component])), h("dd", {}, h("ul", {}, items)));
}

function showRemedies(page, functions) {
  const cold = functions.filter((one) => one.remedies.length);
  byId("remedies").hidden = cold.length === 0;
  const told = `Fewer cold starts of ${counted(cold.length, "function")}, and what each way costs`;
  byId("remedies").querySelector("summary").textContent = told;
  byId("remedies-list").replaceChildren(...cold.map((one) => remedies(page, one)));
}

/** Show what the busiest time does, where an answer says anything of it. */
export function showLoad(page, { bursts, queues, functions }) {
  byId("load-card").hidden = !(bursts.length || queues.length || functions.length);
  byId("load").replaceChildren(
    ...table("Buckets of tokens", burstNote(bursts), BURST_HEAD, bursts.map((one) => burstRow(page, one))),
    ...table("Queues", QUEUE_NOTE, QUEUE_HEAD, queues.map((one) => queueRow(page, one))),
    ...table("Functions", FUNCTION_NOTE, FUNCTION_HEAD, functions.map((one) => functionRow(page, one))),
  );
  showRemedies(page, functions);
}
