/** How much of a limit is used and when it breaks, in the words that table, bars and the leading sentence share. */

import { share } from "../shared/words.js";

/** What a limit's status is called. */
export const STATUSES = { ok: "ok", near: "near", violated: "broken" };

const three = new Intl.NumberFormat("en-US", { maximumSignificantDigits: 3 });

// What was narrowed down by looking may lie so much of itself below what it is.
const LOOKED = 2e-7;

/** A number with its first three digits, no larger than it is. */
function roundedDown(number) {
  if (number === 0) return 0;
  const step = 10 ** (Math.floor(Math.log10(number)) - 2);
  return Math.floor((number / step) * (1 + LOOKED)) * step;
}

/** A multiple of the traffic, never more than holds: "136 times". */
export const times = (multiple) => `${three.format(roundedDown(multiple))} times`;

/** "0.8%", or words where the limit is nothing at all. */
export const usedInWords = ({ used }) => (used === null ? "more than all" : share(used, 1));

/** When a limit breaks, in words. */
export function breaksInWords({ multiple, status }) {
  if (multiple !== null) return times(multiple);
  return status === "violated" ? "any traffic" : "–";
}
