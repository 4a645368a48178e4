/** List price beside own price, and what lies between them. */

import { byId } from "../shared/dom.js";
import { money, share } from "../shared/words.js";

/** What is saved of a list price, with its sign: an unused commitment makes a bill dearer. */
export const saving = ({ listed, own }) => {
  const less = listed - own;
  // Where floats differ only in their last digits nothing is saved.
  return Math.abs(less) < 1e-9 ? 0 : less;
};

/** A saving as an amount: "$12.50", "–" for none, "−$7.30" for what is dearer. */
export function savingAmount(prices) {
  const less = saving(prices);
  if (less === 0) return "–";
  return less > 0 ? money(less) : `−${money(-less)}`;
}

/** What the price book makes of the total: "$30.93 (50%) less than $61.86 at list price". */
export function savingInWords({ listed, own }) {
  const less = saving({ listed, own });
  if (less === 0) return "The same as at list price: the price book changes nothing here";
  const part = listed > 0 ? ` (${share(Math.abs(less), listed)})` : "";
  return `${money(Math.abs(less))}${part} ${less > 0 ? "less" : "more"} than ${money(listed)} at list price`;
}

/** Say below the total what the account saves; without a price book there is nothing to say. */
export function showSaving(answer, { hasBook }) {
  byId("total-saving").hidden = !hasBook;
  byId("total-saving").textContent = savingInWords({ listed: answer.list_total, own: answer.total });
}
