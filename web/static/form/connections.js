/** The form of the connections: a row for each, with its ends, its settings and what flows on it. */

import { byId, h, reveal } from "../shared/dom.js";
import { quantity } from "../shared/words.js";
import { ENDS, connectionRow, showEnds, showSettings } from "./connection_row.js";
import { sources } from "./connection_settings.js";
import { settingLabel } from "./connection_words.js";
import { OUTSIDE } from "./pairs.js";

const list = () => byId("connections");
const rowAt = (index) => list().children[index]?.firstChild;
const connectionsOf = (page) => page.architecture.connections ?? [];

function rowOf(page, connection, index) {
  return h("li", {}, connectionRow(page, connection, index, () => remove(page, connectionsOf(page).indexOf(connection))));
}

/** Fill the rows from the document. */
export function showConnections(page) {
  list().replaceChildren(...connectionsOf(page).map((connection, index) => rowOf(page, connection, index)));
}

/** Offer the components that are there now, under their present names. */
export function offerEnds(page) {
  for (const [index, connection] of connectionsOf(page).entries()) showEnds(page, connection, rowAt(index));
}

/** After a choice of a component: what it can be connected to, and the defaults there, may be others. */
export function showChoice(page, name) {
  offerEnds(page);
  for (const [index, connection] of connectionsOf(page).entries()) {
    if ([connection.from, connection.to].includes(name)) showSettings(page, connection, rowAt(index));
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
  rows.push(sources(page).includes(from) ? { from } : {});
  list().append(rowOf(page, rows.at(-1), rows.length - 1));
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
    const told = rowAt(index).querySelector(".carried");
    const each = size === null ? "" : `, ${quantity(size)} KB each`;
    told.textContent = `${quantity(calls)} calls a month, ${quantity(peak)} a second at the peak${each}.`;
    told.hidden = false;
  }
}

const controlIn = (index, name) => rowAt(Number(index))?.querySelector(`[data-name="${CSS.escape(name)}"] :is(input, select)`);

/** The control of a pointer into the connections, or nothing. */
export const connectionControl = ([, index, name = "to"]) =>
  controlIn(index, name) ?? controlIn(index, "from") ?? byId("add-connection");

/** Say in a setting that is left empty what the service took for it. */
export function showAssumedSetting(index, name, text) {
  const control = controlIn(index, name);
  if (control?.options) control.options[0].textContent = text;
  else if (control) control.placeholder = text;
}

/** A pointer into the connections in words: "Connection 2 (web to handler): Batch". */
export function connectionInWords(page, [, index, name]) {
  if (index === undefined) return "Connections";
  const { from = "…", to = "…" } = connectionsOf(page)[Number(index)] ?? {};
  const owner = `Connection ${Number(index) + 1} (${from} to ${to})`;
  return name ? `${owner}: ${ENDS[name] ?? settingLabel(page, name)}` : owner;
}
