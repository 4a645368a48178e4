/** How far the traffic can grow, in the sentence that leads the answer, and short beside the total. */

import { byId } from "../shared/dom.js";
import { times } from "./headroom_words.js";

const capital = (text) => text.charAt(0).toUpperCase() + text.slice(1);

function short({ multiple, at_business_hours: busy, title }) {
  if (multiple === null) return "Nothing known breaks as it grows";
  if (multiple === 0) return `Broken whatever the traffic: ${title}`;
  if (multiple < 1) return `Too much already: ${title}`;
  return `Can grow ${times(multiple)}${busy === null ? "" : `, ${times(busy)} at business hours`}`;
}

/** Show the growth of an answer. */
export function showGrowth({ growth }) {
  byId("growth").textContent = capital(growth.text);
  byId("growth-short").hidden = false;
  byId("growth-short").firstChild.textContent = short(growth);
}
