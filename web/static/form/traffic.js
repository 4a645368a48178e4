/** The form of what comes from outside, said once: everything behind it follows along the connections. */

import { byId, h } from "../shared/dom.js";
import { sentence } from "../shared/words.js";
import { put, readValue, writeValue } from "./architecture.js";
import { field, inputField, unknownField } from "./field.js";
import { shapeFields } from "./shape_field.js";

const LABELS = {
  requests_per_month: "Requests",
  peak_rps: "Peak",
  payload_kb: "Request size",
  response_kb: "Answer size",
  shape: "Over the week",
  burst_rps: "Burst",
  burst_s: "Length of the burst",
  keep_alive: "Idle environments live",
};
const FOLDED = ["burst_rps", "burst_s"];
const KEEP_ALIVE =
  "How long Lambda keeps an idle environment: seconds, or points [[idle seconds, cold share], …]. " +
  "Not given: as measured on AWS.";

/** Set a key of a part of the document, which is there only as long as something is said in it. */
export function putInto(architecture, part, key, value) {
  architecture[part] ??= {};
  put(architecture[part], key, value);
  if (!Object.keys(architecture[part]).length) delete architecture[part];
}

const listed = (text) => {
  try {
    return text.trim().startsWith("[") ? JSON.parse(text) : readValue(text);
  } catch {
    return text.trim();
  }
};

function keepAliveField(value, change) {
  const control = h("input", {
    type: "text",
    value: writeValue(value),
    placeholder: "as measured",
    autocomplete: "off",
    spellcheck: "false",
    on: { input: (event) => change(listed(event.target.value)) },
  });
  return field({ label: LABELS.keep_alive, unit: "s", help: KEEP_ALIVE, control, name: "keep_alive" });
}

function numberField(page, input, change) {
  const type = { inputs: page.flowInputs.traffic };
  const made = inputField(input, type, valueOf(page, input.name), change, LABELS[input.name]);
  if (input.default === "none") made.querySelector("input").placeholder = "not given";
  return made;
}

const valueOf = (page, name) => page.architecture.traffic?.[name];

/** Fill the section from the document. */
export function showTraffic(page) {
  const changeOf = (name) => (value) => {
    putInto(page.architecture, "traffic", name, value);
    page.changed();
  };
  const inputs = page.flowInputs.traffic;
  const fields = (folded) =>
    inputs
      .filter(({ name }) => FOLDED.includes(name) === folded)
      .map((input) => numberField(page, input, changeOf(input.name)));
  const known = new Set([...inputs.map(({ name }) => name), "shape", "keep_alive"]);
  const unknown = Object.keys(page.architecture.traffic ?? {}).filter((key) => !known.has(key));
  const odd = unknown.map((key) => unknownField(key, valueOf(page, key), changeOf(key), "The traffic"));
  const shape = shapeFields(valueOf(page, "shape"), changeOf("shape"));
  byId("traffic").replaceChildren(...fields(false), ...shape, ...odd);
  const rest = [...fields(true), keepAliveField(valueOf(page, "keep_alive"), changeOf("keep_alive"))];
  byId("bursts-fields").replaceChildren(...rest);
}

/** The control of a pointer to the traffic or into it, or nothing. */
export function trafficControl([, name = "requests_per_month"]) {
  const controlIn = (wanted) =>
    document.querySelector(`#traffic-card [data-name="${wanted}"] :is(input, select, textarea)`);
  if (name !== "shape") return controlIn(CSS.escape(name));
  const weights = controlIn("shape");
  return weights.closest(".field").hidden ? controlIn("shape-name") : weights;
}

/** What a key of the traffic is called. */
export const trafficInWords = (name) => (name === undefined ? "Traffic" : `Traffic: ${LABELS[name] ?? sentence(name)}`);

/** The pointers of what must be said of the traffic and is not. */
export function missingTraffic({ traffic = {}, connections = [] }) {
  const rated = traffic.requests_per_month !== undefined || traffic.peak_rps !== undefined;
  const asked = Object.keys(traffic).length > 0 || connections.some(({ from }) => from === "traffic");
  const empty = Array.isArray(traffic.shape) && !traffic.shape.length;
  return [...(asked && !rated ? ["/traffic/requests_per_month"] : []), ...(empty ? ["/traffic/shape"] : [])];
}
