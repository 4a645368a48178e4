/** The answer: the total, the breakdown, the line items, the violations and what was assumed. */

import { showAssumptions } from "./assumptions.js";
import { showBreakdown } from "./breakdown.js";
import { showComponentCosts } from "./components.js";
import { byId } from "./dom.js";
import { showLineItems } from "./lines.js";
import { showViolations } from "./violations.js";
import { counted, day, money } from "./words.js";

const FREE_TIERS = {
  none: "without free tier",
  always: "with the always-free tier",
  "12_months": "with the free tier of the first 12 months",
};

/** Show an estimate everywhere on the page. */
export function showAnswer(page, answer) {
  byId("total").textContent = money(answer.total);
  byId("total-note").textContent = noteOf(answer);
  showVerdict(answer.violations.length);
  showComponentCosts(answer.by_component.map((part) => money(part.cost)));
  showBreakdown(answer);
  showLineItems(answer);
  showViolations(page, answer.violations);
  showAssumptions(page, answer.assumptions);
  showCatalogue(answer.catalogue);
  byId("answer").hidden = false;
  markCurrent();
}

/** What the total is of; with a price book also what it would be without it. */
function noteOf(answer) {
  const own = answer.list_total !== answer.total;
  const prices = own ? `the account's prices (${money(answer.list_total)} at list price)` : "list prices";
  return `${answer.region}, ${prices} as of ${day(answer.as_of)}, ${FREE_TIERS[answer.free_tier] ?? answer.free_tier}`;
}

function showVerdict(count) {
  const verdict = byId("verdict");
  verdict.textContent = count ? `${counted(count, "limit")} broken` : "Within every limit checked";
  verdict.classList.toggle("broken", count > 0);
}

function showCatalogue({ digest, newest_source: newest }) {
  byId("catalogue-digest").textContent = digest;
  // A bill of own amounts only has no source.
  byId("catalogue-newest").textContent = newest > "1000" ? day(newest) : "none";
}

/** Keep the last good answer in sight and say why it is not the present one. */
export function markOutdated(reason) {
  byId("outdated").textContent = reason;
  fade(true);
}

/** Take the mark of an old answer away. */
function markCurrent() {
  byId("outdated").textContent = "";
  fade(false);
}

/** Show that figures are no longer, or again, those of the document; nothing is said, for it happens at every key. */
export function fade(faded) {
  for (const part of [byId("total-bar"), byId("answer")]) part.classList.toggle("outdated", faded);
}

/** What is read out when an answer arrives. */
export function spoken(answer) {
  const count = answer.violations.length;
  const limits = count ? `, ${counted(count, "limit")} broken` : "";
  return `Total ${money(answer.total)} per month${limits}.`;
}
