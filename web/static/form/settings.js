/** The settings of the architecture: name, region, date, month, free tier, allowances already used, own limits. */

import { byId, freshId, h } from "../shared/dom.js";
import { amount, sentence } from "../shared/words.js";
import { put, readValue, writeValue } from "./architecture.js";
import { offerEnds } from "./connections.js";
import { listenToOwnLimits, ownLimitControl, showOwnLimits } from "./own_limits.js";
import { listenToPriceBook, priceBookControl, showPriceBook } from "./price_book.js";

/** Settings by their pointer in the document; each control has this id in the page. */
export const SETTINGS = {
  "/name": "name",
  "/region": "region",
  "/as_of": "as-of",
  "/month_hours": "month-hours",
  "/account/free_tier": "free-tier",
  "/unpriced": "unpriced",
};

const READ = { "/month_hours": readValue };

function holder(architecture, pointer) {
  if (!pointer.startsWith("/account/")) return architecture;
  architecture.account ??= {};
  return architecture.account;
}

const keyOf = (pointer) => pointer.split("/").at(-1);

/** Write each change of a setting into the document. */
export function listenToSettings(page) {
  for (const [pointer, id] of Object.entries(SETTINGS)) {
    const read = READ[pointer] ?? ((text) => text.trim() || undefined);
    byId(id).addEventListener("input", (event) => {
      put(holder(page.architecture, pointer), keyOf(pointer), read(event.target.value));
      if (pointer === "/region") offerEnds(page);
      page.changed();
    });
  }
  byId("add-allowance").addEventListener("click", () => addAllowance(page));
  listenToOwnLimits(page);
  listenToPriceBook(page);
}

/** Fill the settings from the document. */
export function showSettings(page) {
  for (const [pointer, id] of Object.entries(SETTINGS)) {
    const holding = pointer.startsWith("/account/") ? (page.architecture.account ?? {}) : page.architecture;
    const control = byId(id);
    control.value = writeValue(holding[keyOf(pointer)] ?? control.options?.[0].value);
  }
  const keys = Object.keys(page.architecture.account?.already_used ?? {});
  byId("allowances").replaceChildren(...keys.map((key) => allowanceRow(page, key)));
  offerAllowances(page);
  showOwnLimits(page);
  showPriceBook(page);
}

const KINDS = { always: "always free", "12_months": "first 12 months" };

function allowanceRow(page, key) {
  const used = page.architecture.account.already_used;
  const allowance = page.allowances.get(key);
  const id = freshId("allowance");
  const control = h("input", {
    id,
    type: "text",
    inputmode: "decimal",
    value: writeValue(used[key]),
    autocomplete: "off",
    "data-allowance": key,
    on: {
      input: (event) => {
        put(used, key, readValue(event.target.value));
        page.changed();
      },
    },
  });
  const label = h("label", { for: id }, allowance?.label ?? key);
  return h("tr", {}, h("th", { scope: "row" }, label, size(allowance)), amountCell(control), removeCell(page, key));
}

function size(allowance) {
  if (!allowance) return null;
  const kind = KINDS[allowance.kind] ?? allowance.kind;
  return h("span", { class: "help" }, `of ${amount(Number(allowance.quantity), allowance.unit)}, ${kind}`);
}

const amountCell = (control) => h("td", { class: "field" }, control);

function removeCell(page, key) {
  const remove = (event) => {
    delete page.architecture.account.already_used[key];
    event.target.closest("tr").remove();
    offerAllowances(page);
    byId("new-allowance").focus();
    page.changed();
  };
  const name = page.allowances.get(key)?.label ?? key;
  const button = { type: "button", class: "quiet", "aria-label": `Remove ${name}`, on: { click: remove } };
  return h("td", {}, h("button", button, "Remove"));
}

function addAllowance(page) {
  const key = byId("new-allowance").value;
  if (!key) return;
  const account = holder(page.architecture, "/account/already_used");
  account.already_used ??= {};
  const row = allowanceRow(page, key);
  byId("allowances").append(row);
  offerAllowances(page);
  row.querySelector("input").focus();
}

/** Offer the allowances that have no row yet. */
function offerAllowances(page) {
  const shown = new Set([...byId("allowances").querySelectorAll("input")].map((input) => input.dataset.allowance));
  const free = [...page.allowances].filter(([key]) => !shown.has(key));
  const options = free.map(([key, allowance]) => h("option", { value: key }, allowance.label));
  byId("new-allowance").replaceChildren(h("option", { value: "" }, "choose…"), ...options);
  byId("allowance-table").hidden = shown.size === 0;
}

/** "sqs_queue.requests" as "requests"; an abbreviation at the start keeps its capitals. */
const allowanceInWords = (name) =>
  sentence(name.split(".").at(-1)).replace(/^[A-Z](?![A-Z])/, (letter) => letter.toLowerCase());

/** The allowances of all types by the key the document uses. */
export function allowancesOf(types) {
  const all = [...types.values()].flatMap((type) =>
    type.free_tiers.map((tier) => [tier.name, { ...tier, label: `${type.title}: ${allowanceInWords(tier.name)}` }]),
  );
  return new Map(all);
}

/** The control of a pointer outside the components, or nothing. */
export function settingControl(pointer, parts) {
  if (SETTINGS[pointer]) return byId(SETTINGS[pointer]);
  if (pointer.startsWith("/account/price_book/")) return priceBookControl(parts);
  if (pointer.startsWith("/account/quotas")) return ownLimitControl(parts[2]);
  const used = parts[0] === "account" && parts[1] === "already_used" && parts[2];
  return used ? document.querySelector(`[data-allowance="${CSS.escape(used)}"]`) : null;
}
