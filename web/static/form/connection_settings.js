/** What may be said of a connection: the settings that have a meaning between the types at its ends. */

import { OUTSIDE, pairBetween, typeOf } from "./pairs.js";

// A component that takes writes and reads must be told how many each call makes.
const EACH_CALL = ["writes", "reads"];
// Of some settings the pair says a default or the most that AWS takes.
const MOST = { batch: "batch_max", batch_window_s: "batch_window_max_s", payload_kb: "payload_limit_kb" };

// What stands in an empty field where nothing is one certain default.
const WORKED_OUT = { per: "by what feeds the source", at_once: "by where it comes from" };

function ofPair(input, pair) {
  const own = pair?.defaults?.[input.name];
  const most = pair?.limits?.[MOST[input.name]];
  return { ...input, unsaid: WORKED_OUT[input.name], default: own ?? input.default, at_most: most ?? input.at_most };
}

/** The settings of a connection that have a meaning, with the defaults of its pair: [input, ...]. */
export function meantSettings(page, connection) {
  const names = new Set([
    ...page.flowInputs.always,
    ...(typeOf(page, connection.from)?.flow.as_source ?? []),
    ...(typeOf(page, connection.to)?.flow.as_target ?? []),
  ]);
  const pair = pairBetween(page, connection);
  return page.flowInputs.connection.filter(({ name }) => names.has(name)).map((input) => ofPair(input, pair));
}

/** Whether this is one of the settings of which at least one must be said. */
export function eachCall(page, { from, to }, name) {
  if (Object.keys(typeOf(page, from)?.flow.brings ?? {}).length) return false;
  return EACH_CALL.includes(name) && EACH_CALL.every((one) => typeOf(page, to)?.flow.as_target.includes(one));
}

const sends = (flow) => flow && (flow.leaves || flow.as_source.includes("attached"));
const receives = (flow) => flow && Object.keys(flow.takes).length > 0;

/** The components from which something can leave. */
export function sources(page) {
  const senders = page.architecture.components.filter(({ name, type }) => name && sends(page.types.get(type)?.flow));
  return [OUTSIDE, ...senders.map(({ name }) => name)];
}

/** Whether flows of the type at the source are known to end so: at clients, in the Internet. */
function endsAt(page, { from }, name) {
  const rows = page.pairs.get(`${typeOf(page, from)?.name} ${name}`) ?? [];
  return rows.some(({ supported }) => supported) && pairBetween(page, { from, to: name })?.supported;
}

/** Where this connection can lead: { offered: [name, ...], refused: [[name, pair], ...] }. */
export function targets(page, connection) {
  const written = page.architecture.components.filter(({ name, type }) => name && receives(page.types.get(type)?.flow));
  const pairTo = (to) => pairBetween(page, { from: connection.from, to });
  const names = written.map(({ name }) => name);
  const implied = page.flowInputs.implied.filter((name) => !names.includes(name) && endsAt(page, connection, name));
  const isRefused = (name) => pairTo(name)?.supported === false;
  const refused = names.filter((name) => name !== connection.from && isRefused(name)).map((name) => [name, pairTo(name)]);
  return { offered: [...names.filter((name) => !isRefused(name)), ...implied], refused };
}

const taken = new WeakMap();

/** After another end was chosen: keep aside what has no meaning there, and take back what has one again. */
export function keepMeant(page, connection) {
  const known = new Set(page.flowInputs.connection.map(({ name }) => name));
  const meant = new Set(meantSettings(page, connection).map(({ name }) => name));
  const aside = { ...taken.get(connection) };
  for (const name of Object.keys(connection).filter((key) => known.has(key) && !meant.has(key))) {
    aside[name] = connection[name];
    delete connection[name];
  }
  for (const name of Object.keys(aside).filter((key) => meant.has(key))) {
    connection[name] ??= aside[name];
    delete aside[name];
  }
  taken.set(connection, aside);
}

/** The pointers of what must be said of the connections and is not. */
export function missingOfConnections(page) {
  const { connections = [] } = page.architecture;
  return connections.flatMap((connection, index) => {
    const missing = ["from", "to"].filter((end) => connection[end] === undefined);
    const counts = EACH_CALL.some((name) => connection[name] !== undefined);
    const settled = counts || page.flowInputs.settles.some((name) => connection[name]);
    if (eachCall(page, connection, EACH_CALL[0]) && !settled) missing.push(EACH_CALL[0]);
    return missing.map((name) => `/connections/${index}/${name}`);
  });
}
