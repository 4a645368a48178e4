/** What an own price can stand for, found by words: everything, a component type, a meter, a published metric. */

import { publishedMeters } from "../shared/api.js";
import { holds } from "../shared/words.js";

const EVERYTHING = "*";
const PUBLISHED = "metered_usage.";
const MOST = 50;
const BEGIN = "Words find other component types, meters and published metrics.";
const NOTHING = "No component type and no meter is called so.";

const ownMeter = (types, name) => types.get(name.split(".")[0])?.meters.find((meter) => meter.name === name);

/** What the name in a price book means: "Amazon SQS queue: Requests, standard queue"; "" for a name nobody knows. */
export function nameInWords(types, name) {
  if (name === EVERYTHING) return "Everything";
  const meter = ownMeter(types, name);
  const { title } = types.get(name.split(".")[0]) ?? {};
  if (meter) return `${title}: ${meter.title}`;
  if (name.startsWith(PUBLISHED)) return `Published metric: ${name.slice(PUBLISHED.length)}`;
  return types.get(name)?.title ?? "";
}

/** The unit that a meter's price is of; price feeds do not name theirs. */
export const unitOf = (types, name) => ownMeter(types, name)?.unit ?? "unit";

const used = (page) => {
  const names = new Set(page.architecture.components.map((component) => component.type));
  return [...names].map((name) => page.types.get(name)).filter(Boolean);
};

/** Records that words mean: that with exactly this name first, then those that say little else. */
function meant(records, words, textOf) {
  const found = records.filter((record) => holds(textOf(record), words));
  const beside = (record) => (record.name === words ? 0 : textOf(record).length);
  return words ? found.sort((one, other) => beside(one) - beside(other)) : found;
}

function wholes(types, words) {
  const found = meant(types, words, (type) => `${type.title} ${type.name}`);
  const options = found.map(({ title, name }) => ({ label: title, detail: name, value: name }));
  const everything = { label: "Everything", detail: EVERYTHING, value: EVERYTHING };
  if (holds("everything *", words)) options.unshift(everything);
  return options.length ? [{ label: "Everything and component types", options }] : [];
}

const meterOption = ({ title, name, unit }) => ({ label: title, detail: `${name}, per ${unit}`, value: name });

function byType(types, words) {
  const groups = types.map((type) => {
    const found = meant(type.meters, words, (meter) => `${type.title} ${meter.title} ${meter.name}`);
    return { label: type.title, options: found.map(meterOption) };
  });
  return groups.filter(({ options }) => options.length > 0);
}

/** Metrics of the price feeds, asked of the service: { groups, total }. */
async function published(words, signal) {
  const plain = words.replace(PUBLISHED, "").replace("/", " ");
  const answer = await publishedMeters(plain, signal);
  const { items: meters, total } = answer.ok ? answer.body : { items: [], total: 0 };
  const options = meters.map(meterOption);
  return { groups: total ? [{ label: "Published metrics", options }] : [], total };
}

const sizeOf = (groups) => groups.reduce((sum, { options }) => sum + options.length, 0);

/** The first so many options of all groups. */
function first(groups, most) {
  let left = most;
  return groups.flatMap(({ label, options }) => {
    const shown = options.slice(0, Math.max(left, 0));
    left -= shown.length;
    return shown.length ? [{ label, options: shown }] : [];
  });
}

async function find(page, { words, anything, signal }) {
  const types = words ? [...page.types.values()] : used(page);
  const own = [...(anything ? wholes(types, words) : []), ...byType(types, words)];
  if (!words) return { groups: own, note: BEGIN };
  const { groups, total } = words === EVERYTHING ? { groups: [], total: 0 } : await published(words, signal);
  const all = sizeOf(own) + total;
  const more = all > MOST ? `The first ${MOST} of ${all}: more words find fewer.` : null;
  return { groups: first([...own, ...groups], MOST), note: all ? more : NOTHING };
}

/** What a combobox asks for what a price is on: "anything", or "meters" only. */
export const priceFinder = (page, finds) => (words, signal) =>
  find(page, { words, anything: finds === "anything", signal });
