/** The form of the connections: a row for each, with its ends, its settings and what flows on it. */

import { byId, freshId, h, reveal } from "../shared/dom.js";
import { counted, labelOf, quantity } from "../shared/words.js";
import { put, writeValue } from "./architecture.js";
import { OUTSIDE, eachCall, keepMeant, meantSettings, possibleEnds } from "./connection_settings.js";
import { field, inputField, unknownField } from "./field.js";

const ENDS = { from: "From", to: "To" };
const LABELS = { calls: "Calls for each", message_s: "Time per message" };

const list = () => byId("connections");
const connectionsOf = (page) => page.architecture.connections ?? [];
const endInWords = (end, name) => (end === "from" && name === OUTSIDE ? "traffic (from outside)" : name);

function fillEnd(control, page, end, value) {
  const names = possibleEnds(page)[end];
  // What cannot stand here stays visible, for the server to refuse.
  if (value !== undefined && !names.includes(value)) names.push(value);
  const options = names.map((name) => h("option", { value: writeValue(name) }, endInWords(end, writeValue(name))));
  control.replaceChildren(h("option", { value: "" }, "choose…"), ...options);
  control.value = writeValue(value);
}

function endField(page, connection, end) {
  const chosen = (event) => {
    put(connection, end, event.target.value || undefined);
    keepMeant(page, connection);
    const place = list().children[connectionsOf(page).indexOf(connection)];
    place.querySelector(".settings").replaceChildren(...settings(page, connection));
    place.querySelector(".carried").hidden = true;
    page.connected();
  };
  const control = h("select", { on: { change: chosen } });
  fillEnd(control, page, end, connection[end]);
  return field({ label: ENDS[end], control, name: end, required: true });
}

function settingField(page, connection, input) {
  const change = (value) => {
    put(connection, input.name, value);
    page.connected();
  };
  const inputs = page.flowInputs.connection;
  const made = inputField(input, { inputs }, connection[input.name], change, LABELS[input.name]);
  const control = made.querySelector("input");
  if (control && input.default === "none") control.placeholder = "not given";
  return made;
}

function oddField(page, connection, key) {
  const change = (value) => {
    put(connection, key, value);
    page.connected();
  };
  return unknownField(key, connection[key], change, "A connection between these two");
}

function settings(page, connection) {
  const meant = meantSettings(page, connection);
  const first = ({ name }) => connection[name] !== undefined || eachCall(page, connection, name);
  const names = new Set([...meant.map(({ name }) => name), "from", "to"]);
  const odd = Object.keys(connection).filter((key) => !names.has(key));
  const make = (input) => settingField(page, connection, input);
  const rest = meant.filter((input) => !first(input));
  const shown = [...meant.filter(first).map(make), ...odd.map((key) => oddField(page, connection, key))];
  const summary = h("summary", {}, `Settings (${counted(rest.length, "default")})`);
  return [
    h("div", { class: "fields" }, shown),
    h("details", {}, summary, h("div", { class: "fields" }, rest.map(make))),
  ];
}

function row(page, connection, index) {
  const name = `Connection ${index + 1}`;
  const id = freshId("connection");
  const act = { click: () => remove(page, connectionsOf(page).indexOf(connection)) };
  const button = h("button", { type: "button", class: "quiet", "aria-label": `Remove ${name}`, on: act }, "Remove");
  const made = h(
    "div",
    { class: "entry", role: "group", "aria-labelledby": id },
    h("div", { class: "entry-head" }, h("span", { id }, name), button),
    h("div", { class: "fields ends" }, Object.keys(ENDS).map((end) => endField(page, connection, end))),
    h("p", { class: "help carried", hidden: true }),
    h("div", { class: "settings" }, settings(page, connection)),
  );
  return h("li", {}, made);
}

/** Fill the rows from the document. */
export function showConnections(page) {
  list().replaceChildren(...connectionsOf(page).map((connection, index) => row(page, connection, index)));
}

/** Offer the components that are there now, under their present names. */
export function offerEnds(page) {
  for (const [index, connection] of connectionsOf(page).entries()) {
    for (const end of Object.keys(ENDS)) {
      fillEnd(list().children[index].querySelector(`[data-name="${end}"] select`), page, end, connection[end]);
    }
  }
}

/** A component's connections follow its name: what is returned is told each new name. */
export function renaming(page, component) {
  const own = page.architecture.components.find(({ name }) => name === component.name) === component;
  const ends = connectionsOf(page).flatMap((connection) =>
    Object.keys(ENDS).filter((end) => own && connection[end] === component.name).map((end) => [connection, end]),
  );
  return (name) => {
    for (const [connection, end] of ends) connection[end] = name;
    offerEnds(page);
  };
}

function forget(page, index) {
  connectionsOf(page).splice(index, 1);
  if (!connectionsOf(page).length) delete page.architecture.connections;
}

/** Take away what leads to or from a component that is no longer there, unless another has its name; how many. */
export function disconnect(page, name) {
  if (page.architecture.components.some((component) => component.name === name)) return 0;
  const own = connectionsOf(page).filter(({ from, to }) => from === name || to === name);
  for (const connection of own) forget(page, connectionsOf(page).indexOf(connection));
  showConnections(page);
  return own.length;
}

function remove(page, index) {
  forget(page, index);
  showConnections(page);
  page.say(`Connection ${index + 1} is removed.`);
  page.connected();
  // The focus must not be lost with the button that was pressed.
  const rows = list().children;
  (rows[Math.min(index, rows.length - 1)]?.querySelector("select") ?? byId("add-connection")).focus();
}

/** Add a connection that goes on where the last one ends. */
function add(page) {
  page.architecture.connections ??= [];
  const rows = page.architecture.connections;
  const from = rows.length ? rows.at(-1).to : OUTSIDE;
  rows.push(possibleEnds(page).from.includes(from) ? { from } : {});
  list().append(row(page, rows.at(-1), rows.length - 1));
  page.connected();
  reveal(list().lastElementChild.querySelector("select"));
}

/** Let the button add connections. */
export function listenToConnections(page) {
  byId("add-connection").addEventListener("click", () => add(page));
}

/** Say on each row what flows there. */
export function showCarried(flow) {
  for (const [index, { calls, peak, payload_kb: size }] of flow.slice(0, list().children.length).entries()) {
    const told = list().children[index].querySelector(".carried");
    const each = size === null ? "" : `, ${quantity(size)} KB each`;
    told.textContent = `${quantity(calls)} calls a month, ${quantity(peak)} a second at the peak${each}.`;
    told.hidden = false;
  }
}

/** The control of a pointer into the connections, or nothing. */
export function connectionControl([, index, name]) {
  const place = list().children[Number(index)];
  const control = (wanted) => place?.querySelector(`[data-name="${CSS.escape(wanted)}"] :is(input, select)`);
  return control(name ?? "from") ?? control("from") ?? byId("add-connection");
}

/** A pointer into the connections in words: "Connection 2 (web to handler): Batch". */
export function connectionInWords(page, [, index, name]) {
  if (index === undefined) return "Connections";
  const { from = "…", to = "…" } = connectionsOf(page)[Number(index)] ?? {};
  const names = page.flowInputs.connection.map((input) => input.name);
  const label = ENDS[name] ?? LABELS[name] ?? (name && labelOf(name, names));
  const owner = `Connection ${Number(index) + 1} (${from} to ${to})`;
  return label ? `${owner}: ${label}` : owner;
}
