/** One connection of the form: its ends, how things go between them or why not, and its settings. */

import { freshId, h } from "../shared/dom.js";
import { counted } from "../shared/words.js";
import { put, writeValue } from "./architecture.js";
import { eachCall, keepMeant, meantSettings, sources, targets } from "./connection_settings.js";
import { howInWords, settingLabel, suggestions } from "./connection_words.js";
import { field, inputField, unknownField } from "./field.js";
import { OUTSIDE, pairBetween, refusalInWords } from "./pairs.js";

/** What the ends of a connection are called. */
export const ENDS = { from: "From", to: "To" };
const IMPLIED = { clients: "clients (who are connected)", internet: "internet (outside AWS)" };

function endInWords(page, end, name) {
  if (end === "from") return name === OUTSIDE ? "traffic (from outside)" : name;
  const written = page.architecture.components.some((component) => component.name === name);
  return written ? name : (IMPLIED[name] ?? name);
}

function fillEnd(page, connection, end, control) {
  const value = connection[end];
  const names = end === "from" ? sources(page) : targets(page, connection).offered;
  // What cannot stand here stays visible, for the server to refuse.
  if (value !== undefined && !names.includes(value)) names.push(value);
  const options = names.map((name) => h("option", { value: writeValue(name) }, endInWords(page, end, writeValue(name))));
  control.replaceChildren(h("option", { value: "" }, "choose…"), ...options);
  control.value = writeValue(value);
}

function endField(page, connection, end) {
  const chosen = (event) => {
    put(connection, end, event.target.value || undefined);
    keepMeant(page, connection);
    const row = event.target.closest(".entry");
    showEnds(page, connection, row);
    showSettings(page, connection, row);
    row.querySelector(".carried").hidden = true;
    page.connected();
  };
  const control = h("select", { on: { change: chosen } });
  return field({ label: ENDS[end], control, name: end, required: true });
}

function showPair(page, connection, row) {
  const pair = pairBetween(page, connection);
  const told = row.querySelector(".pair");
  told.hidden = pair === null || (pair.supported && !pair.how);
  if (told.hidden) return;
  const source = pair.source ? h("a", { href: pair.source, rel: "noreferrer" }, "Source") : null;
  const words = pair.supported ? howInWords(pair) : `Not possible: ${refusalInWords(page, pair)}.`;
  told.replaceChildren(words, " ", source ?? "");
}

function showRefused(page, connection, row) {
  const { refused } = targets(page, connection);
  const list = row.querySelector(".refused");
  list.hidden = refused.length === 0;
  list.querySelector("summary").textContent = `Not offered: ${counted(refused.length, "component")}`;
  const reasons = refused.map(([name, pair]) => h("li", {}, `${name}: ${refusalInWords(page, pair)}.`));
  list.querySelector("ul").replaceChildren(...reasons);
}

/** Offer in a row the components that are there now, and say how things go between its ends. */
export function showEnds(page, connection, row) {
  for (const end of Object.keys(ENDS)) {
    fillEnd(page, connection, end, row.querySelector(`[data-name="${end}"] select`));
  }
  showPair(page, connection, row);
  showRefused(page, connection, row);
}

function suggest(made, words) {
  if (!words.length) return;
  const id = freshId("suggested");
  made.querySelector("input").setAttribute("list", id);
  made.append(h("datalist", { id }, words.map((word) => h("option", { value: word }))));
}

function settingField(page, connection, input) {
  const change = (value) => {
    put(connection, input.name, value);
    page.connected();
  };
  const inputs = page.flowInputs.connection;
  const made = inputField(input, { inputs }, connection[input.name], change, settingLabel(page, input.name));
  const control = made.querySelector("input");
  if (control && (input.text || input.default === "none")) control.placeholder = "not given";
  if (input.text) suggest(made, suggestions(page, connection, input.name));
  return made;
}

function oddField(page, connection, key) {
  const change = (value) => {
    put(connection, key, value);
    page.connected();
  };
  return unknownField(key, connection[key], change, "A connection between these two");
}

/** Show the settings that have a meaning between the ends: first those that are said, or must be. */
export function showSettings(page, connection, row) {
  const meant = meantSettings(page, connection);
  const first = ({ name }) => connection[name] !== undefined || eachCall(page, connection, name);
  const names = new Set([...meant.map(({ name }) => name), "from", "to"]);
  const odd = Object.keys(connection).filter((key) => !names.has(key));
  const make = (input) => settingField(page, connection, input);
  const rest = meant.filter((input) => !first(input));
  const shown = [...meant.filter(first).map(make), ...odd.map((key) => oddField(page, connection, key))];
  const summary = h("summary", {}, `Settings (${counted(rest.length, "default")})`);
  row.querySelector(".settings").replaceChildren(
    h("div", { class: "fields" }, shown),
    h("details", {}, summary, h("div", { class: "fields" }, rest.map(make))),
  );
}

/** The row of one connection; `remove` is called when it is to go. */
export function connectionRow(page, connection, index, remove) {
  const name = `Connection ${index + 1}`;
  const id = freshId("connection");
  const attributes = { type: "button", class: "quiet", "aria-label": `Remove ${name}`, on: { click: remove } };
  const made = h(
    "div",
    { class: "entry", role: "group", "aria-labelledby": id },
    h("div", { class: "entry-head" }, h("span", { id }, name), h("button", attributes, "Remove")),
    h("div", { class: "fields ends" }, Object.keys(ENDS).map((end) => endField(page, connection, end))),
    h("p", { class: "help pair", hidden: true }),
    h("details", { class: "refused", hidden: true }, h("summary", {}), h("ul", { class: "help" })),
    h("p", { class: "help carried", hidden: true }),
    h("div", { class: "settings" }),
  );
  showEnds(page, connection, made);
  showSettings(page, connection, made);
  return made;
}
