/** One component of the form: a section that opens, with the inputs of its type. */

import { h } from "../shared/dom.js";
import { byTheme } from "../shared/themes.js";
import { counted } from "../shared/words.js";
import { applies, put } from "./architecture.js";
import { field, inputField, unknownField, wordField } from "./field.js";
import { METERED_USAGE, meterFinder } from "./finder.js";

const NOT_INPUTS = new Set(["name", "type", "region"]);

/** Whether an input is compared with limits and counts for nothing else. */
const onlyLimited = (input) => input.limited_by.length > 0 && input.default === "none";

/** Hide the inputs that do not count with the choices made, and say how many of those folded away are not given. */
function refresh(section, component, type) {
  for (const input of type?.inputs ?? []) {
    section.querySelector(`[data-name="${input.name}"]`).hidden = !applies(input, component, type);
  }
  for (const group of section.querySelectorAll("details[data-title]")) {
    const fields = [...group.querySelectorAll(".field:not([hidden])")].map((each) => each.dataset.name);
    const unset = fields.filter((name) => component[name] === undefined).length;
    const words = group.classList.contains("limits-only") ? `${unset} not given` : counted(unset, "default");
    group.querySelector("summary").textContent = `${group.dataset.title} (${words})`;
    group.hidden = fields.length === 0;
  }
}

/** The inputs that stand first: those that are needed or given, and the choices on which needed ones depend. */
function standsFirst(component, inputs) {
  const deciding = new Set(inputs.filter((input) => input.required).flatMap((input) => Object.keys(input.when)));
  return (input) => input.required || deciding.has(input.name) || component[input.name] !== undefined;
}

function inputFields(component, type, changed) {
  const make = (input) =>
    inputField(input, type, component[input.name], (value) => {
      put(component, input.name, value);
      changed({ chosen: input.choices !== null });
    });
  const inputs = type?.inputs ?? [];
  const first = standsFirst(component, inputs);
  const folded = inputs.filter((input) => !first(input));
  return [
    h("div", { class: "fields" }, inputs.filter(first).map(make), unknownFields(component, type, changed)),
    folding("More inputs", "more", folded.filter((input) => !onlyLimited(input)).map(make)),
    folding("Checked against limits only", "limits-only", folded.filter(onlyLimited).map(make)),
  ];
}

function folding(title, kind, fields) {
  const inside = h("div", { class: "fields" }, fields);
  return fields.length ? h("details", { class: kind, "data-title": title }, h("summary", {}), inside) : null;
}

function unknownFields(component, type, changed) {
  const known = new Set((type?.inputs ?? []).map((input) => input.name));
  const keys = Object.keys(component).filter((key) => !known.has(key) && !NOT_INPUTS.has(key));
  return keys.map((key) =>
    unknownField(key, component[key], (value) => {
      put(component, key, value);
      changed();
    }),
  );
}

function nameField(component, section, { changed, renaming }) {
  let rename;
  const made = wordField({
    label: "Component name",
    name: "name",
    value: component.name,
    change: (value) => {
      rename ??= renaming();
      component.name = value ?? "";
      rename(component.name);
      section.querySelector(".component-name").textContent = component.name || "unnamed";
      changed();
    },
  });
  // What is connected is known by the name before the first letter is typed: half a name may be that of another.
  made.addEventListener("focusin", () => {
    rename = renaming();
  });
  return made;
}

function regionField(component, changed) {
  return wordField({
    label: "Own region",
    name: "region",
    list: "regions",
    value: component.region,
    placeholder: "the architecture's",
    change: (value) => {
      put(component, "region", value);
      changed({ chosen: true });
    },
  });
}

/** A component whose type the service does not know can only be given another type. */
function typeField(component, types, retype) {
  const options = byTheme([...types.values()], (type) => type.name).map(([theme, own]) =>
    h("optgroup", { label: theme }, own.map((type) => h("option", { value: type.name }, type.title))),
  );
  const control = h(
    "select",
    { on: { change: (event) => retype(event.target.value) } },
    h("option", { value: "", selected: true }, `${component.type ?? "none"} (unknown)`),
    options,
  );
  return field({ label: "Component type", control, name: "type", required: true });
}

/** Write into the fields of inputs, as if it were typed, and go on to the first that is still empty. */
function fillIn(section, inputs) {
  for (const [name, value] of Object.entries(inputs)) {
    const control = section.querySelector(`[data-name="${name}"] input`);
    control.value = value;
    control.dispatchEvent(new Event("input"));
  }
  const controls = [...section.querySelectorAll(".fields input")];
  (controls.find((control) => control.value === "") ?? controls.at(-1)).focus();
}

function heading(component, type) {
  return h(
    "summary",
    {},
    h("h3", { class: "component-name" }, component.name || "unnamed"),
    h("span", { class: "component-type" }, type?.title ?? component.type ?? "no type"),
    h("span", { class: "component-cost" }),
  );
}

function about(type) {
  if (!type) return null;
  const page = h("a", { href: type.pricing_page, rel: "noreferrer" }, "Pricing page");
  return h("p", { class: "about" }, type.about, " ", type.pricing_page ? page : null);
}

/**
 * The section of one component. `actions` holds what happens on a change, a choice, a removal, a copy and another type;
 * the section writes straight into the component's record of the document. `renaming` is called before the name changes
 * and gives what is told each new one; `filled` says at the inputs what the traffic makes of them.
 */
export function componentSection(component, types, actions) {
  const type = types.get(component.type);
  const section = h("details", { class: "component" }, heading(component, type));
  const changed = ({ chosen = false } = {}) => {
    refresh(section, component, type);
    actions.filled(section);
    if (chosen) actions.chosen();
    actions.changed();
  };
  const name = nameField(component, section, { changed, renaming: actions.renaming });
  const button = (text, act) => h("button", { type: "button", class: "quiet", on: { click: act } }, text);
  section.append(
    h(
      "div",
      { class: "component-body" },
      about(type),
      type ? null : typeField(component, types, actions.retype),
      type?.name === METERED_USAGE ? meterFinder((inputs) => fillIn(section, inputs)) : null,
      inputFields(component, type, changed),
      h("div", { class: "fields own" }, name, regionField(component, changed)),
      h("div", { class: "buttons" }, button("Duplicate", actions.duplicate), button("Remove", actions.remove)),
    ),
  );
  refresh(section, component, type);
  actions.filled(section);
  return section;
}
