/** The architecture document as the page holds it: values read from text, names, pointers, and what is sent. */

import { filledInputs } from "./filled.js";

const PLAIN = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;
const WITH_COMMAS = /^[+-]?\d{1,3}(,\d{3})+(\.\d+)?$/;
const WITH_SPACES = /^[+-]?\d{1,3}([\u0020\u00a0\u202f]\d{3})+(\.\d+)?$/;
const WITH_UNDERSCORES = /^[+-]?\d+(_\d+)+(\.\d+)?(e[+-]?\d+)?$/i;

/**
 * What was typed, as a value of the document: nothing is undefined, a number is a number in any of the ways people
 * write thousands, and all else stays text, for the server to refuse with a reason.
 */
export function readValue(text) {
  const trimmed = text.trim();
  if (trimmed === "") return undefined;
  const separated = [WITH_COMMAS, WITH_SPACES, WITH_UNDERSCORES].some((form) => form.test(trimmed));
  const plain = separated ? trimmed.replace(/[,_\s]/g, "") : trimmed;
  // Infinity has no JSON: it would be sent as null and be taken for "not given".
  return PLAIN.test(plain) && Number.isFinite(Number(plain)) ? Number(plain) : trimmed;
}

function writeNumber(value) {
  // Thousands are separated only where no digit can be lost.
  if (Number.isSafeInteger(value)) return value.toLocaleString("en-US");
  // A price of 0.0000002 is written so on every price page, not as 2e-7.
  const decimal = value.toLocaleString("en-US", { maximumFractionDigits: 20, useGrouping: false });
  return Number(decimal) === value && decimal.length < String(value).length + 12 ? decimal : String(value);
}

/** The text of a field for a value of the document. */
export function writeValue(value) {
  if (value === undefined || value === null) return "";
  if (typeof value === "number") return writeNumber(value);
  return typeof value === "object" ? JSON.stringify(value) : String(value);
}

/** Set a key, or take it away when there is no value. */
export function put(record, key, value) {
  if (value === undefined) delete record[key];
  else record[key] = value;
}

/** Whether this input counts with the component's other choices (its `when`, and theirs). */
export function applies(input, component, type) {
  return Object.entries(input.when).every(([name, values]) => {
    const other = type.inputs.find((each) => each.name === name);
    return values.includes(component[name] ?? other.default) && applies(other, component, type);
  });
}

/** Inputs that must be given, are not, and do not follow from the traffic: [[index of the component, input], ...]. */
export function missingInputs(architecture, types) {
  return architecture.components.flatMap((component, index) => {
    const filled = filledInputs(architecture, types, component);
    return (types.get(component.type)?.inputs ?? [])
      .filter((input) => input.required && applies(input, component, types.get(component.type)))
      .filter((input) => component[input.name] === undefined && !filled.has(input.name))
      .map((input) => [index, input]);
  });
}

/** The document that is sent: without the inputs that do not count with the choices made. */
export function documentOf(architecture, types) {
  const components = architecture.components.map((component) => {
    const type = types.get(component.type);
    const unread = new Set(
      (type?.inputs ?? []).filter((input) => !applies(input, component, type)).map((input) => input.name),
    );
    return Object.fromEntries(Object.entries(component).filter(([name]) => !unread.has(name)));
  });
  return { ...architecture, components };
}

/** A name that no component has: the stem, or the stem with the first free number. */
export function freeName(architecture, stem) {
  const taken = new Set(architecture.components.map((component) => component.name));
  let name = stem;
  for (let count = 2; taken.has(name); count += 1) name = `${stem}_${count}`;
  return name;
}

/** The parts of a JSON Pointer (RFC 6901). */
export const pointerParts = (pointer) =>
  pointer.split("/").slice(1).map((part) => part.replaceAll("~1", "/").replaceAll("~0", "~"));

const isRecord = (each) => typeof each === "object" && each !== null && !Array.isArray(each);
const areRecords = (list) => Array.isArray(list) && list.every(isRecord);

/** The parts of a document that must be objects where they are there. */
const recordsOf = ({ account, traffic, hidden_lines }) => ({
  account,
  already_used: account?.already_used,
  quotas: account?.quotas,
  traffic,
  hidden_lines,
});

/** Why this value cannot be shown in the form, or null; the server judges all the rest. */
export function unusable(value) {
  if (!isRecord(value)) return "The document must be an object: { … }.";
  if (!Array.isArray(value.components)) return "The document needs a list of components.";
  if (!areRecords(value.components)) return "Each component must be an object: { … }.";
  const odd = Object.entries(recordsOf(value)).find(([, record]) => record !== undefined && !isRecord(record));
  if (odd) return `${odd[0]} must be an object: { … }.`;
  const { connections = [] } = value;
  return areRecords(connections) ? null : "The connections must be a list of objects: [{ … }].";
}
