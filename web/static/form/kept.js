/** The work on the page, kept in the browser: a reload, or a closed window, loses none of it. */

import { unusable } from "./architecture.js";
import { unusableBook } from "./price_book_fields.js";

const KEY = "stackmeter.work";
const VERSION = 1; // of what is kept: another is not read

/** This tab's own store, so that two tabs do not take each other's work, and the browser's, for the next window. */
const STORES = ["sessionStorage", "localStorage"];

/** A store of the browser, or null where it allows none. */
function storeNamed(name) {
  try {
    return window[name];
  } catch {
    return null;
  }
}

function write(name, text) {
  try {
    storeNamed(name).setItem(KEY, text);
    return true;
  } catch {
    return false; // it is full, or nothing may be kept
  }
}

/** Keep the work: in this tab, and where it is `own`, and not only something opened, for the next window. */
export function keep({ architecture, saved }, { own }) {
  const text = JSON.stringify({ version: VERSION, architecture, saved });
  const written = STORES.slice(0, own ? 2 : 1).map((name) => write(name, text));
  return written.some(Boolean);
}

const isSaved = (saved) => saved === null || (typeof saved?.id === "string" && typeof saved?.etag === "string");

/** Whether this is work of ours that the form can show: anybody may have written into the store. */
function isWork(work) {
  if (work?.version !== VERSION || !isSaved(work.saved)) return false;
  return (unusable(work.architecture) ?? unusableBook(work.architecture.account?.price_book)) === null;
}

function read(name) {
  try {
    const work = JSON.parse(storeNamed(name).getItem(KEY));
    return isWork(work) ? work : null;
  } catch {
    return null; // no store, or not JSON
  }
}

/** The work that was kept: { architecture, saved }, this tab's before that of others; null where there is none. */
export const kept = () => read(STORES[0]) ?? read(STORES[1]);

/** Forget what was kept. */
export function forgetKept() {
  for (const name of STORES) storeNamed(name)?.removeItem(KEY);
}
