/** How far the traffic can grow, in the sentence that leads the answer, and short beside the total. */

import { byId } from "../shared/dom.js";
import { times } from "./headroom_words.js";

const capital = (text) => text.charAt(0).toUpperCase() + text.slice(1);

function short({ multiple, quota }, headroom) {
  if (quota === null) return "Nothing known breaks as it grows";
  const first = headroom.find((one) => one.quota === quota);
  if (multiple === null) return `Broken whatever the traffic: ${first.title}`;
  return first.status === "violated" ? `Too much already: ${first.title}` : `Can grow ${times(multiple)}`;
}

/** Show the growth of an answer. */
export function showGrowth({ growth, headroom }) {
  byId("growth").textContent = capital(growth.text);
  byId("growth-short").hidden = false;
  byId("growth-short").firstChild.textContent = short(growth, headroom);
}
