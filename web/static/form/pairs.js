/** What AWS carries between two components of the form, as the service's table of pairs says it. */

export const OUTSIDE = "traffic";
const ANY = "any";
const ENDPOINT = "external_endpoint"; // what stands where a connection leads to nobody who is written down
const FREE = { supported: true, how: "", arrives: "", defaults: {}, limits: {} };
const UNKNOWN = { supported: false, why: "it is not known that AWS carries anything there", instead: [] };
const OTHER_REGION = { supported: false, why: "both must be in one region", instead: [] };

/** The table by its ends: "from to" -> rows, those first that hold only with some choices. */
export function pairsOf(rows) {
  const pairs = new Map();
  for (const row of rows) {
    const ends = `${row.from} ${row.to}`;
    pairs.set(ends, [...(pairs.get(ends) ?? []), row]);
  }
  return pairs;
}

/** The component of a name, also of one that a connection may name without its being written down. */
export function componentOf(page, name) {
  const written = page.architecture.components.find((each) => each.name === name);
  return written ?? (page.flowInputs.implied.includes(name) ? { name, type: ENDPOINT } : undefined);
}

/** The type of the component of a name. */
export const typeOf = (page, name) => page.types.get(componentOf(page, name)?.type);

function holds(page, choices = {}, component) {
  const inputs = page.types.get(component.type)?.inputs ?? [];
  const chosen = (name) => component[name] ?? inputs.find((input) => input.name === name)?.default;
  return Object.entries(choices).every(([name, values]) => values.includes(chosen(name)));
}

function rowBetween(page, source, target) {
  const rows = (from, to) => page.pairs.get(`${from} ${to}`) ?? [];
  const own = rows(source.type, target.type).find(
    ({ when }) => holds(page, when.source, source) && holds(page, when.target, target),
  );
  const [taken] = rows(ANY, target.type).filter((row) => row.supported);
  // Then the closed lists: a service that names all its targets, or all that may reach it.
  return own ?? taken ?? rows(source.type, ANY)[0] ?? rows(ANY, target.type)[0] ?? UNKNOWN;
}

const regionOf = (page, component) => component.region ?? page.architecture.region;

/**
 * How things go from the one component to the other: { supported, how, arrives, defaults, limits, source }, or why not:
 * { supported: false, why, instead }; null while an end is open, or is none that is known.
 */
export function pairBetween(page, { from, to }) {
  const source = componentOf(page, from);
  const target = componentOf(page, to);
  if (!typeOf(page, to)) return null;
  if (from === OUTSIDE && !source) return page.pairs.get(`${OUTSIDE} ${target.type}`)?.[0] ?? FREE;
  if (!typeOf(page, from)) return null;
  const row = rowBetween(page, source, target);
  return row.same_region && regionOf(page, source) !== regionOf(page, target) ? OTHER_REGION : row;
}

/** Why AWS carries nothing there, and what to put between: "a topic cannot start a workflow; put … between". */
export function refusalInWords(page, { why, instead }) {
  const titles = instead.map((name) => page.types.get(name)?.title ?? name);
  return titles.length ? `${why}; put ${titles.join(" or ")} between` : why;
}
