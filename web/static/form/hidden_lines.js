/** The form of what AWS bills beside the components: switches for the lines that appear by themselves, and sizes. */

import { byId } from "../shared/dom.js";
import { labelOf } from "../shared/words.js";
import { inputField, unknownField } from "./field.js";
import { putInto } from "./traffic.js";

const fields = () => byId("hidden-lines-fields");

/** Fill the fields from the document. */
export function showHiddenLines(page) {
  const said = page.architecture.hidden_lines ?? {};
  const inputs = page.flowInputs.hidden;
  const changeOf = (name) => (value) => {
    putInto(page.architecture, "hidden_lines", name, value);
    page.changed();
  };
  const names = inputs.map(({ name }) => name);
  const odd = Object.keys(said).filter((key) => !names.includes(key));
  fields().replaceChildren(
    ...inputs.map((input) => inputField(input, { inputs }, said[input.name], changeOf(input.name))),
    ...odd.map((key) => unknownField(key, said[key], changeOf(key), "The hidden lines")),
  );
}

/** The control of a pointer into the hidden lines, or nothing; what lies deeper is of a component nobody wrote down. */
export const hiddenLineControl = ([, name = "logs", deeper]) =>
  deeper === undefined ? fields().querySelector(`[data-name="${CSS.escape(name)}"] :is(input, select)`) : null;

/** A pointer into the hidden lines in words: "Hidden lines: Log size", "logs: Ingested". */
export function hiddenLineInWords(page, [, name, deeper]) {
  if (deeper !== undefined) return `${name}: ${labelOf(deeper, [deeper])}`;
  const names = page.flowInputs.hidden.map((input) => input.name);
  return name === undefined ? "Hidden lines" : `Hidden lines: ${labelOf(name, names)}`;
}
