/** One field of the form: label, unit, control, help and, when the server refuses the value, the reason. */

import { freshId, h } from "../shared/dom.js";
import { labelOf, quantity, sentence, valueInWords } from "../shared/words.js";
import { readValue, writeValue } from "./architecture.js";

/** What the placeholder or the first choice says about an input that is left empty. */
export function defaultInWords(input) {
  if (input.unsaid) return input.unsaid;
  if (input.required) return input.choices ? "choose…" : "required";
  if (input.mean_rate_of) return `mean of ${sentence(input.mean_rate_of).toLowerCase()} (default)`;
  if (input.default === "month_hours") return "all hours (default)";
  return `${valueInWords(input.default)} (default)`;
}

/** Put label, control and help together; the help is read out with the control. */
export function field({ label, unit, help, control, name, required }) {
  control.id = freshId(name);
  const helpId = `${control.id}-help`;
  if (help) control.setAttribute("aria-describedby", helpId);
  return h(
    "div",
    { class: "field", "data-name": name },
    h(
      "label",
      { for: control.id },
      h("span", {}, label, required ? h("span", { class: "required" }, " required") : null),
      unit ? h("span", { class: "unit" }, unit) : null,
    ),
    control,
    help ? h("p", { class: "help", id: helpId }, help) : null,
  );
}

/** What was typed where a text is asked for: a name such as "2024" stays text. */
const readText = (text) => text.trim() || undefined;

function textControl(value, { placeholder, list, read = readValue }, change) {
  return h("input", {
    type: "text",
    value: writeValue(value),
    placeholder,
    list,
    autocomplete: "off",
    spellcheck: "false",
    on: { input: (event) => change(read(event.target.value)) },
  });
}

function choiceControl(input, value, change) {
  const all = input.required || input.unsaid !== undefined; // to leave it empty is none of the choices
  const offered = input.choices.filter((choice) => all || choice !== input.default);
  const options = [h("option", { value: "" }, defaultInWords(input))];
  for (const [index, choice] of offered.entries()) {
    options.push(h("option", { value: index, selected: choice === value }, valueInWords(choice)));
  }
  // What a document may say and the type does not offer stays visible, for the server to refuse.
  const known = value === undefined || input.choices.includes(value);
  if (!known) options.push(h("option", { value: "as given", selected: true }, writeValue(value)));
  const chosen = (text) => (text === "as given" ? value : text === "" ? undefined : offered[Number(text)]);
  return h("select", { on: { change: (event) => change(chosen(event.target.value)) } }, options);
}

const capital = (text) => text.charAt(0).toUpperCase() + text.slice(1);

const LIMITS = [["at_least", "at least"], ["at_most", "at most"]];

function helpOf(input) {
  const limits = LIMITS.filter(([key]) => input[key]).map(([key, words]) => `${words} ${quantity(Number(input[key]))}`);
  return [input.about, limits.length ? `${capital(limits.join(", "))}.` : ""].filter(Boolean).join(" ");
}

function inputControl(input, value, change) {
  if (input.choices) return choiceControl(input, value, change);
  const read = input.text ? readText : readValue;
  const control = textControl(value, { placeholder: defaultInWords(input), read }, change);
  if (!input.text && input.unit) control.inputMode = "decimal";
  return control;
}

/** The field of one of the inputs of a component type, of a connection, of the traffic; `label` replaces its own. */
export function inputField(input, { inputs }, value, change, label = null) {
  const { name, unit, required } = input;
  const control = inputControl(input, value, change);
  const words = label ?? labelOf(name, inputs.map((each) => each.name));
  const made = field({ label: words, unit, help: helpOf(input), control, name, required });
  made.classList.toggle("wide", input.text);
  return made;
}

/** The field of a key that no input has: it came with a document, and emptying it takes it away. */
export function unknownField(name, value, change, owner = "This component type") {
  const help = `${owner} has no such input. Empty the field to take it out.`;
  return field({ label: name, help, control: textControl(value, {}, change), name });
}

/** The field of words: a name, a region. */
export function wordField({ label, help, name, value, placeholder, list, change }) {
  return field({ label, help, control: textControl(value, { placeholder, list, read: readText }, change), name });
}

/** The field of a quantity that is no input of a component and must be given. */
export function quantityField({ label, unit, help, name, value, change }) {
  const control = textControl(value, { placeholder: "required" }, change);
  control.inputMode = "decimal";
  return field({ label, unit, help, control, name, required: true });
}
