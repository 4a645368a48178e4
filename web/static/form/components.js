/** The list of components: add, copy, remove, and find a field by its JSON Pointer. */

import { combobox } from "../shared/combobox.js";
import { byId, h, reveal } from "../shared/dom.js";
import { byTheme } from "../shared/themes.js";
import { counted, holds } from "../shared/words.js";
import { freeName } from "./architecture.js";
import { componentSection } from "./component.js";
import { disconnect, offerEnds, renaming, showChoice, showConnections } from "./connections.js";
import { showFilled } from "./filled.js";

const list = () => byId("components");

function sectionOf(page, component) {
  const index = () => page.architecture.components.indexOf(component);
  return componentSection(component, page.types, {
    changed: page.changed,
    chosen: () => showChoice(page, component.name),
    duplicate: () => duplicate(page, index()),
    remove: () => remove(page, index()),
    retype: (type) => retype(page, index(), type),
    renaming: () => renaming(page, component),
    filled: (section) => showFilled(page, component, section),
  });
}

/** Say at the inputs of every component what the traffic makes of them. */
export function showAllFilled(page) {
  for (const [index, component] of page.architecture.components.entries()) {
    showFilled(page, component, list().children[index].firstChild);
  }
}

/** Fill the list from the document. */
export function showComponents(page) {
  const sections = page.architecture.components.map((component) => sectionOf(page, component));
  list().replaceChildren(...sections.map((section) => h("li", {}, section)));
  if (sections[0]) sections[0].open = true;
}

function insert(page, index, component) {
  page.architecture.components.splice(index, 0, component);
  const section = sectionOf(page, component);
  section.open = true;
  list().insertBefore(h("li", {}, section), list().children[index] ?? null);
  offerEnds(page);
  page.changed();
  return section;
}

/** Add a component of this type at the end and lead to the first thing it needs. */
function addComponent(page, type) {
  const component = { name: freeName(page.architecture, type), type };
  const section = insert(page, page.architecture.components.length, component);
  reveal(section.querySelector(".field :is(input, select)"));
}

function duplicate(page, index) {
  const original = page.architecture.components[index];
  const copy = { ...structuredClone(original), name: freeName(page.architecture, `${original.name}_copy`) };
  reveal(insert(page, index + 1, copy).querySelector('[data-name="name"] input'));
}

function remove(page, index) {
  const { name } = page.architecture.components[index];
  page.architecture.components.splice(index, 1);
  list().children[index].remove();
  const ways = disconnect(page, name);
  showAllFilled(page);
  page.say(`${name} is removed${ways ? `, and ${counted(ways, "connection")} with it` : ""}.`);
  page.changed();
  // The focus must not be lost with the button that was pressed.
  const next = list().children[index] ?? list().lastElementChild;
  (next?.querySelector("summary") ?? byId("new-type")).focus();
}

function retype(page, index, type) {
  page.architecture.components[index].type = type;
  list().children[index].replaceChildren(sectionOf(page, page.architecture.components[index]));
  list().children[index].firstChild.open = true;
  showConnections(page);
  page.changed();
  list().children[index].querySelector(".field :is(input, select)")?.focus();
}

/** The control of an input of the component at this place in the document, or else its name, or else nothing. */
export function componentControl(index, name) {
  const place = list().children[Number(index)];
  const control = (wanted) => place?.querySelector(`[data-name="${CSS.escape(wanted)}"] :is(input, select)`);
  return control(name ?? "name") ?? control("name") ?? null;
}

const NO_TYPE = "No component type is called or described so. Any published AWS metric can be found by “metric”.";

/** The types that words mean, by theme: those that are called so, or else those that are described so. */
function typesFor(types, text) {
  const called = types.filter((type) => holds(`${type.title} ${type.name}`, text));
  const found = called.length ? called : types.filter((type) => holds(type.about, text));
  const option = (type) => ({ label: type.title, detail: type.about, value: type.name });
  const groups = byTheme(found, (type) => type.name).map(([label, own]) => ({ label, options: own.map(option) }));
  return { groups, note: found.length ? null : NO_TYPE };
}

/** Let the field offer the component types, and add the one that is taken. */
export function listenToTypes(page) {
  const types = [...page.types.values()];
  byId("new-type-help").textContent = `${types.length} types: type the name of a service, or what it does.`;
  combobox(byId("new-type"), {
    name: "Component types",
    find: (words) => typesFor(types, words),
    choose: (type) => addComponent(page, type),
  });
}

/** Write what each component costs on its heading. */
export function showComponentCosts(costs) {
  const sections = list().querySelectorAll(".component");
  for (const [index, section] of sections.entries()) {
    section.querySelector(".component-cost").textContent = costs[index] ?? "";
  }
}

/** Say in the placeholder of an input left empty what the service took for it. */
export function showAssumed(index, name, text) {
  const control = componentControl(index, name);
  if (control?.placeholder && control.closest(".field").dataset.name === name) control.placeholder = text;
}
