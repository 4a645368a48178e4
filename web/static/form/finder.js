/** The search for a metric of AWS's price feeds, which fills the inputs of a component of `metered_usage`. */

import { publishedMeters } from "../shared/api.js";
import { combobox } from "../shared/combobox.js";
import { h } from "../shared/dom.js";
import { counted, day } from "../shared/words.js";
import { field } from "./field.js";

export const METERED_USAGE = "metered_usage";
const PAUSE_MS = 200;

function option({ title, inputs, places, as_of: seen }) {
  return { label: title, detail: `priced in ${counted(places, "region")}, seen ${day(seen)}`, value: inputs };
}

function groupsOf(meters) {
  const services = new Map();
  for (const meter of meters) {
    const { service } = meter.inputs;
    services.set(service, [...(services.get(service) ?? []), option(meter)]);
  }
  return [...services].map(([label, options]) => ({ label, options }));
}

async function find(words, signal) {
  if (!words) return { groups: [], note: "Type the name of a service, and words of the metric." };
  const answer = await publishedMeters(words, signal);
  if (!answer.ok) return { groups: [], note: answer.body.detail };
  const { items: meters, total } = answer.body;
  if (!total) return { groups: [], note: "No metric holds all these words." };
  const more = `The first ${meters.length} of ${total}: more words find fewer.`;
  return { groups: groupsOf(meters), note: total > meters.length ? more : null };
}

/** The field that searches; `take` is called with the inputs of the metric that was chosen. */
export function meterFinder(take) {
  const attributes = { type: "text", placeholder: "rekognition images", autocomplete: "off", spellcheck: "false" };
  const control = h("input", attributes);
  const help = "Any metric that AWS publishes a price of: it fills in service and metric.";
  const found = field({ label: "Find a metric", control, help, name: "find-metric" });
  found.classList.add("wide");
  combobox(control, { name: "Published metrics", find, choose: take, pause: PAUSE_MS });
  return found;
}
