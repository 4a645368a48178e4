/** The form of the account's own prices: a row for each discount, absolute rate and commitment. */

import { combobox } from "../shared/combobox.js";
import { byId, freshId, h, reveal } from "../shared/dom.js";
import { counted } from "../shared/words.js";
import { put, writeValue } from "./architecture.js";
import { field, quantityField, unknownField, wordField } from "./field.js";
import { SECTIONS, entriesOf, entryName, ownPrices } from "./price_book_fields.js";
import { nameInWords, priceFinder, unitOf } from "./price_finder.js";

const PAUSE_MS = 200;
const HINTS = {
  anything: "Type what it is called; * is everything.",
  meters: "Type what AWS bills.",
};

const listOf = (section) => byId(`own-${section}`);

/** The field of what a price is on: words find it, and its name stands in the document. */
function finderField(page, { name, label, finds }, value, change) {
  const hint = (text = "") => nameInWords(page.types, text) || HINTS[finds];
  const text = value === undefined ? undefined : writeValue(value);
  const attributes = { type: "text", placeholder: "required", autocomplete: "off", autocapitalize: "none" };
  const control = h("input", { ...attributes, value: text, spellcheck: "false" });
  const made = field({ label, control, name, help: hint(text), required: true });
  made.classList.add("wide");
  const take = (taken) => {
    control.value = taken ?? "";
    made.querySelector(".help").textContent = hint(taken);
    change(taken);
  };
  // Half a word is no name yet: what is typed counts when the field is left.
  control.addEventListener("change", () => take(control.value.trim() || undefined));
  combobox(control, { name: label, find: priceFinder(page, finds), choose: take, pause: PAUSE_MS });
  return made;
}

function knownField(page, known, value, change) {
  if (known.finds) return finderField(page, known, value, change);
  const make = known.quantity ? quantityField : wordField;
  return make({ ...known, value, change });
}

/** Name the unit of which a rate is the price. */
function showUnit(page, row, { meter }) {
  if (meter) row.querySelector('[data-name="usd"] .unit').textContent = `USD per ${unitOf(page.types, String(meter))}`;
}

function fieldsOf(page, section, entry, row) {
  const { fields, one } = SECTIONS[section];
  const changeOf = (name) => (value) => {
    put(entry, name, value);
    if (name === "meter") showUnit(page, row, entry);
    page.changed();
  };
  const unknown = Object.keys(entry).filter((key) => fields.every(({ name }) => name !== key));
  return [
    fields.map((known) => knownField(page, known, entry[known.name], changeOf(known.name))),
    unknown.map((key) => unknownField(key, entry[key], changeOf(key), `A ${one.toLowerCase()}`)),
  ];
}

function entryRow(page, section, entry, index) {
  const name = entryName(section, index);
  const id = freshId("entry");
  const act = { click: () => remove(page, section, index) };
  const button = h("button", { type: "button", class: "quiet", "aria-label": `Remove ${name}`, on: act }, "Remove");
  const head = h("div", { class: "entry-head" }, h("span", { id }, name), button);
  const row = h("div", { class: "entry", role: "group", "aria-labelledby": id }, head);
  row.append(h("div", { class: "fields" }, fieldsOf(page, section, entry, row).flat()));
  if (section === "rates") showUnit(page, row, entry);
  return h("li", {}, row);
}

function showCount(page) {
  const count = ownPrices(page.architecture);
  byId("price-book-count").textContent = count ? `(${counted(count, "entry", "entries")})` : "";
}

function showEntries(page, section) {
  const rows = entriesOf(page.architecture, section).map((entry, index) => entryRow(page, section, entry, index));
  listOf(section).replaceChildren(...rows);
  showCount(page);
}

function add(page, section) {
  page.architecture.account ??= {};
  const { account } = page.architecture;
  account.price_book ??= {};
  account.price_book[section] ??= [];
  account.price_book[section].push({});
  showEntries(page, section);
  page.changed();
  reveal(listOf(section).lastElementChild.querySelector("input"));
}

/** Leave nothing empty behind in the document. */
function tidy(architecture, section) {
  const { account } = architecture;
  if (!account.price_book[section].length) delete account.price_book[section];
  if (!Object.keys(account.price_book).length) delete account.price_book;
  if (!Object.keys(account).length) delete architecture.account;
}

function remove(page, section, index) {
  entriesOf(page.architecture, section).splice(index, 1);
  tidy(page.architecture, section);
  showEntries(page, section);
  page.say(`${entryName(section, index)} is removed.`);
  page.changed();
  // The focus must not be lost with the button that was pressed.
  const rows = listOf(section).children;
  (rows[Math.min(index, rows.length - 1)]?.querySelector("input") ?? byId(`add-${section}`)).focus();
}

/** Make the sections, each with a button that adds a row. */
export function listenToPriceBook(page) {
  const sections = Object.entries(SECTIONS).map(([section, { title, one, help }]) => {
    const attributes = { type: "button", id: `add-${section}`, on: { click: () => add(page, section) } };
    const button = h("button", attributes, `Add ${one.toLowerCase()}`);
    const list = h("ol", { id: `own-${section}`, class: "entries", "aria-label": title });
    return h("section", { "aria-label": title }, h("h3", {}, title), h("p", { class: "help" }, help), list, button);
  });
  byId("price-book").append(...sections);
}

/** Fill the rows from the document. */
export function showPriceBook(page) {
  for (const section of Object.keys(SECTIONS)) showEntries(page, section);
}

/** The control that the parts of a pointer below /account/price_book mean, or nothing. */
export function priceBookControl([, , section, index, name]) {
  const row = listOf(section)?.children[Number(index)];
  return row?.querySelector(`[data-name="${CSS.escape(name ?? "")}"] input`) ?? row?.querySelector("input") ?? null;
}
