/** How much of a limit is used and when it breaks, in the words that table, bars and the leading sentence share. */

import { share } from "../shared/words.js";

/** What a limit's status is called. */
export const STATUSES = { ok: "ok", near: "near", violated: "broken" };

const three = new Intl.NumberFormat("en-US", { maximumSignificantDigits: 3 });

/** A multiple of the traffic: "136 times". */
export const times = (multiple) => `${three.format(multiple)} times`;

/** "0.8%", or words where the limit is nothing at all. */
export const usedInWords = ({ used }) => (used === null ? "more than all" : share(used, 1));

/** When a limit breaks, in words. */
export function breaksInWords({ multiple, status }) {
  if (multiple !== null) return times(multiple);
  return status === "violated" ? "any traffic" : "–";
}
