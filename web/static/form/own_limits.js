/** The limits that AWS has set for this account, in place of its usual ones: found by words, a row for each. */

import { quotas } from "../shared/api.js";
import { combobox } from "../shared/combobox.js";
import { byId, freshId, h } from "../shared/dom.js";
import { amount, counted, holds } from "../shared/words.js";
import { put, readValue, writeValue } from "./architecture.js";

const MOST = 50;
const BEGIN = "Words find the limits of other component types.";
const NOTHING = "No limit is called so.";

let asking;

/** All limits, asked for when the first is needed. */
const known = () => {
  asking ??= quotas().then((answer) => (answer.ok ? answer.body.items : []));
  return asking;
};

const ownOf = (page) => page.architecture.account?.quotas ?? {};
const called = (all, key) => all.find(({ name, code }) => name === key || code === key);

/** What AWS allows in the region of the architecture. */
const usual = ({ architecture }, { regions, value, unit }) => amount(regions[architecture.region] ?? value, unit);

function option(page, quota) {
  const raised = quota.adjustable ? "" : "; AWS does not raise it";
  return { label: quota.title, detail: `${usual(page, quota)}${raised}`, value: quota.name };
}

async function find(page, words) {
  const used = new Set(page.architecture.components.map(({ type }) => type));
  const all = (await known()).filter(({ name }) => !(name in ownOf(page)));
  const textOf = ({ type, title, name, code }) => `${page.types.get(type).title} ${title} ${name} ${code}`;
  const meant = all.filter((quota) => (words ? holds(textOf(quota), words) : used.has(quota.type)));
  const nearest = meant.sort((one, other) => used.has(other.type) - used.has(one.type)).slice(0, MOST);
  const types = [...new Set(nearest.map(({ type }) => type))];
  const groups = types.map((type) => ({
    label: page.types.get(type).title,
    options: nearest.filter((quota) => quota.type === type).map((quota) => option(page, quota)),
  }));
  const more = meant.length > MOST ? `The first ${MOST} of ${meant.length}: more words find fewer.` : null;
  return { groups, note: meant.length ? (more ?? (words ? null : BEGIN)) : NOTHING };
}

async function describe(page, label, told, key) {
  const quota = called(await known(), key);
  if (!quota) return;
  label.textContent = quota.title;
  told.textContent = `AWS's usual: ${usual(page, quota)}`;
}

function limitRow(page, key) {
  const id = freshId("own-limit");
  const change = (event) => {
    put(page.architecture.account.quotas, key, readValue(event.target.value));
    page.changed();
  };
  const told = h("span", { class: "help", id: `${id}-help` });
  const control = h("input", {
    id,
    type: "text",
    inputmode: "decimal",
    autocomplete: "off",
    value: writeValue(ownOf(page)[key]),
    "aria-describedby": told.id,
    "data-own-limit": key,
    on: { input: change },
  });
  const label = h("label", { for: id }, key);
  describe(page, label, told, key);
  const act = { click: (event) => remove(page, key, event.target.closest("tr")) };
  const button = h("button", { type: "button", class: "quiet", "aria-label": `Remove ${key}`, on: act }, "Remove");
  return h("tr", {}, h("th", { scope: "row" }, label, told), h("td", { class: "field" }, control), h("td", {}, button));
}

function showCount() {
  const rows = byId("own-limit-rows").children.length;
  byId("own-limit-table").hidden = rows === 0;
  byId("own-limits-count").textContent = rows ? `(${counted(rows, "limit")})` : "";
}

function remove(page, key, row) {
  const { account } = page.architecture;
  delete account.quotas[key];
  if (!Object.keys(account.quotas).length) delete account.quotas;
  if (!Object.keys(account).length) delete page.architecture.account;
  row.remove();
  showCount();
  byId("new-own-limit").focus();
  page.changed();
}

function add(page, key) {
  page.architecture.account ??= {};
  page.architecture.account.quotas ??= {};
  const row = limitRow(page, key);
  byId("own-limit-rows").append(row);
  showCount();
  row.querySelector("input").focus();
}

/** Fill the rows from the document. */
export function showOwnLimits(page) {
  byId("own-limit-rows").replaceChildren(...Object.keys(ownOf(page)).map((key) => limitRow(page, key)));
  showCount();
}

/** Let the field find limits, and add a row for the one that is taken. */
export function listenToOwnLimits(page) {
  combobox(byId("new-own-limit"), {
    name: "Limits",
    find: (words) => find(page, words),
    choose: (key) => add(page, key),
  });
}

/** The control of an own limit by its key in the document, or the field that adds one. */
export const ownLimitControl = (key = "") =>
  document.querySelector(`[data-own-limit="${CSS.escape(key)}"]`) ?? byId("new-own-limit");
