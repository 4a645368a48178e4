/** What may be said of a connection: the settings that have a meaning between the types at its ends. */

export const OUTSIDE = "traffic";
// A component that takes writes and reads must be told how many each call makes.
const EACH_CALL = ["writes", "reads"];

const typeOf = (page, name) => {
  const component = page.architecture.components.find((each) => each.name === name);
  return component && page.types.get(component.type);
};

/** The settings of a connection that have a meaning: [input, ...]. */
export function meantSettings(page, { from, to }) {
  const names = new Set([
    ...page.flowInputs.always,
    ...(typeOf(page, from)?.flow.as_source ?? []),
    ...(typeOf(page, to)?.flow.as_target ?? []),
  ]);
  return page.flowInputs.connection.filter(({ name }) => names.has(name));
}

/** Whether this is one of the settings of which at least one must be said. */
export const eachCall = (page, { to }, name) =>
  EACH_CALL.includes(name) && EACH_CALL.every((one) => typeOf(page, to)?.flow.as_target.includes(one));

/** The components from which something can leave, and those at which something can arrive. */
export function possibleEnds(page) {
  const named = (can) =>
    page.architecture.components
      .filter((component) => component.name && can(page.types.get(component.type)?.flow))
      .map(({ name }) => name);
  const from = named((flow) => flow?.leaves);
  return { from: [OUTSIDE, ...from], to: named((flow) => flow && Object.keys(flow.takes).length) };
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
    if (eachCall(page, connection, EACH_CALL[0]) && !counts) missing.push(EACH_CALL[0]);
    return missing.map((name) => `/connections/${index}/${name}`);
  });
}
