/** The address of the page: it may ask for a saved architecture, or carry a whole document. */

import { savedOne } from "../shared/api.js";
import { unusable } from "./architecture.js";
import { unusableBook } from "./price_book_fields.js";

const SAVED = "architecture";
const ID = /^[0-9a-f-]{36}$/i;
const DOCUMENT = "#document=";
const NOT_SAVED = "The saved architecture that the address asks for cannot be loaded.";
const NOT_WHOLE = "The link is not whole: it carries no document.";
const LONGEST = 30_000; // characters that every browser and most programs that pass links on still take

/** The query of the address that opens a saved architecture. */
export const addressOfSaved = (id) => `?${new URLSearchParams({ [SAVED]: id })}`;

/** Let the address ask for this, or for nothing. */
export function showAddress(query = "") {
  const { pathname, search, hash } = window.location;
  // Browsers slow a page down that writes its address at every key.
  if (search !== query || hash.startsWith(DOCUMENT)) window.history.replaceState(null, "", pathname + query);
}

const through = async (bytes, stream) =>
  new Uint8Array(await new Response(new Blob([bytes]).stream().pipeThrough(stream)).arrayBuffer());

const toText = (bytes) => btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(""));
const toBytes = (text) => Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));

/** A link that carries the document behind its #, which is not sent to any server; null where it would be too long. */
export async function linkOf(architecture) {
  const json = new TextEncoder().encode(JSON.stringify(architecture));
  const packed = toText(await through(json, new CompressionStream("gzip")));
  const safe = packed.replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
  const { origin, pathname } = window.location;
  return safe.length > LONGEST ? null : `${origin}${pathname}${DOCUMENT}${safe}`;
}

async function carried(text) {
  if (text.length > LONGEST) return null;
  try {
    const packed = toBytes(text.replaceAll("-", "+").replaceAll("_", "/"));
    const value = JSON.parse(new TextDecoder().decode(await through(packed, new DecompressionStream("gzip"))));
    return (unusable(value) ?? unusableBook(value.account?.price_book)) === null ? value : null;
  } catch {
    return null; // cut off on its way, or not ours
  }
}

async function saved(id) {
  if (!ID.test(id)) return { refused: NOT_SAVED };
  const answer = await savedOne(id);
  if (!answer.ok || unusable(answer.body?.document)) return { refused: NOT_SAVED };
  return { architecture: answer.body.document, saved: { id, etag: answer.etag }, query: addressOfSaved(id) };
}

/**
 * What the address asks for: { architecture, saved, query }, where `saved` tells its place among the saved ones;
 * { refused }, where it cannot be had; null, where the address asks for nothing.
 */
export async function askedByAddress() {
  const { search, hash } = window.location;
  const id = new URLSearchParams(search).get(SAVED);
  if (id !== null) return saved(id);
  if (!hash.startsWith(DOCUMENT)) return null;
  const architecture = await carried(hash.slice(DOCUMENT.length));
  return architecture ? { architecture, saved: null } : { refused: NOT_WHOLE };
}
