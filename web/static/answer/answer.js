/** The answer: the total, its parts, the limits and what the rules find, the traffic, and what was assumed. */

import { showAllFilled, showComponentCosts } from "../form/components.js";
import { showCarried } from "../form/connections.js";
import { takenFor } from "../form/filled.js";
import { ownPrices } from "../form/price_book_fields.js";
import { byId } from "../shared/dom.js";
import { counted, day, money } from "../shared/words.js";
import { showAssumptions } from "./assumptions.js";
import { showBreakdown } from "./breakdown.js";
import { showFindings } from "./findings.js";
import { showFlow } from "./flow.js";
import { showGrowth } from "./growth.js";
import { showHeadroom } from "./headroom.js";
import { showLineItems } from "./lines.js";
import { showLoad } from "./load.js";
import { showSaving } from "./savings.js";
import { showViolations } from "./violations.js";

const FREE_TIERS = {
  none: "without free tier",
  always: "with the always-free tier",
  "12_months": "with the free tier of the first 12 months",
  credits: "with the always-free tier, before credits",
};

/** Show an estimate everywhere on the page. */
export function showAnswer(page, answer) {
  byId("answer").hidden = false; // what is drawn in it must have its width
  byId("total").textContent = money(answer.total);
  const hasBook = ownPrices(page.architecture) > 0;
  byId("total-note").textContent = noteOf(answer, { hasBook });
  showSaving(answer, { hasBook });
  showUnpriced(answer.unpriced);
  showVerdict(answer.violations.length);
  showComponentCosts(answer.by_component.map((part) => money(part.cost)));
  showBreakdown(answer);
  showLineItems(answer, { hasBook });
  showLimits(page, answer);
  showAssumptions(page, answer.assumptions);
  page.taken = takenFor(page.architecture, answer.assumptions);
  showAllFilled(page);
  showCatalogue(answer.catalogue);
  markCurrent();
}

/** Where it breaks, what flows to there, and what the load does. */
function showLimits(page, answer) {
  showGrowth(answer);
  showHeadroom(page, answer.headroom);
  showViolations(page, answer.violations);
  showFindings(page, answer.findings);
  showFlow(page, answer.flow);
  showCarried(answer.flow);
  showLoad(page, answer);
}

/** What the total is of. */
function noteOf(answer, { hasBook }) {
  const prices = hasBook ? "price book over list prices" : "list prices";
  const free = FREE_TIERS[answer.free_tier] ?? answer.free_tier;
  return `${answer.region}, ${prices} as of ${day(answer.as_of)}, ${free}; ${answer.prices.text}`;
}

/** Say that the total is not all, where no price is known of some of it. */
function showUnpriced(unpriced) {
  const told = unpriced.map(({ component, meter, region }) => `${meter} of ${component} in ${region}`);
  byId("total-unpriced").hidden = unpriced.length === 0;
  byId("total-unpriced").textContent = unpriced.length
    ? `The total is at least so much: no price is known of ${told.join(", ")}.`
    : "";
}

function showVerdict(count) {
  const verdict = byId("verdict");
  verdict.hidden = false;
  verdict.textContent = count ? `${counted(count, "limit")} broken` : "Within every limit checked";
  verdict.classList.toggle("broken", count > 0);
}

function showCatalogue({ digest, newest_source: newest }) {
  byId("catalogue-digest").textContent = digest;
  // A bill of own amounts only has no source.
  byId("catalogue-newest").textContent = newest > "1000" ? day(newest) : "none";
}

/** Keep the last good answer of this document in sight, where there is one, and say why it is not the present one. */
export function markOutdated(reason) {
  byId("outdated").textContent = byId("answer").hidden ? reason : `The total before your last changes. ${reason}`;
  fade(true);
}

/** Show no answer: there is another document now, and a total of the former one says nothing about it. */
export function clearAnswer() {
  byId("total").textContent = "…";
  byId("total-note").textContent = "";
  byId("outdated").textContent = "";
  for (const id of ["answer", "verdict", "growth-short", "found", "total-saving", "total-unpriced"]) byId(id).hidden = true;
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
  const least = answer.total_is === "at_least" ? "at least " : "";
  return `Total ${least}${money(answer.total)} per month${limits}.`;
}
