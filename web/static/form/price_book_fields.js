/** What an account's price book may state: its sections with their fields, and what is still to be filled in. */

import { pointerParts } from "./architecture.js";

const ON = { name: "on", label: "On", required: true, finds: "anything" };
const PERCENT = { name: "percent", label: "Discount", unit: "percent", required: true, quantity: true };
const NOTE = { name: "note", label: "Note" };

export const SECTIONS = {
  discounts: {
    title: "Discounts",
    one: "Discount",
    help: "A percentage off everything, a component type or a meter. Of several that fit, the most specific counts.",
    fields: [ON, PERCENT, NOTE],
  },
  rates: {
    title: "Absolute rates",
    one: "Rate",
    help: "A price of one unit in place of the meter's tiers, after the free tier. Discounts come off it too.",
    fields: [
      { name: "meter", label: "Meter", required: true, finds: "meters" },
      { name: "usd", label: "Price", unit: "USD per unit", required: true, quantity: true },
    ],
  },
  commitments: {
    title: "Commitments",
    one: "Commitment",
    help: "An amount paid for every hour of the month, used or not, as of a savings plan. What it covers costs less.",
    fields: [
      ON,
      { name: "usd_per_hour", label: "Amount", unit: "USD per hour", required: true, quantity: true },
      PERCENT,
      NOTE,
    ],
  },
};

/** The entries of a section of a document's price book. */
export const entriesOf = (architecture, section) => architecture.account?.price_book?.[section] ?? [];

/** Every entry: [[section, index, entry], ...]. */
const allEntries = (architecture) =>
  Object.keys(SECTIONS).flatMap((section) =>
    entriesOf(architecture, section).map((entry, index) => [section, index, entry]),
  );

/** How many own prices the document states. */
export const ownPrices = (architecture) => allEntries(architecture).length;

/** The pointers of what must be given in the price book and is not. */
export function missingOwnPrices(architecture) {
  return allEntries(architecture).flatMap(([section, index, entry]) =>
    SECTIONS[section].fields
      .filter(({ name, required }) => required && entry[name] === undefined)
      .map(({ name }) => `/account/price_book/${section}/${index}/${name}`),
  );
}

/** "Discount 2", as a row and a refusal call it. */
export const entryName = (section, index) => `${SECTIONS[section].one} ${Number(index) + 1}`;

/** A pointer to an entry of the price book, or to a key of it, in words: "Discount 2: Note"; null for others. */
export function ownPriceInWords(pointer) {
  const [account, book, section, index, name] = pointerParts(pointer);
  if (account !== "account" || book !== "price_book" || index === undefined) return null;
  const label = SECTIONS[section].fields.find((known) => known.name === name)?.label ?? name;
  return name === undefined ? entryName(section, index) : `${entryName(section, index)}: ${label}`;
}

const isRecord = (value) => typeof value === "object" && value !== null && !Array.isArray(value);

/** Why this price book cannot be shown in the form, or null. */
export function unusableBook(book) {
  if (book === undefined) return null;
  if (!isRecord(book)) return "The price book must be an object: { … }.";
  const whole = (section) => book[section] === undefined || (Array.isArray(book[section]) && book[section].every(isRecord));
  const odd = Object.keys(SECTIONS).find((section) => !whole(section));
  return odd ? `The ${odd} of the price book must be a list of objects: [{ … }].` : null;
}
