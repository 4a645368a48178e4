/**
 * A field that offers what it finds while one types.
 * The pattern: https://www.w3.org/WAI/ARIA/apg/patterns/combobox/
 */

import { freshId, h } from "./dom.js";
import { counted } from "./words.js";

const STEPS = { ArrowDown: 1, ArrowUp: -1 };

function optionElement({ label, detail, value }, take) {
  const pressed = (event) => {
    event.preventDefault(); // the focus stays in the field
    take(value);
  };
  const attributes = { role: "option", id: freshId("option"), class: "option", "aria-selected": "false" };
  const parts = [h("span", { class: "option-label" }, label), h("span", { class: "option-detail" }, detail)];
  return h("div", { ...attributes, on: { mousedown: pressed } }, parts);
}

function groupElement({ label, options }, take) {
  const id = freshId("group");
  const head = h("div", { id, class: "option-group", role: "presentation" }, label);
  return h("div", { role: "group", "aria-labelledby": id }, head, options.map((option) => optionElement(option, take)));
}

/** The list below the field: what it offers, and which of its options Enter takes. */
class Offers {
  constructor(control, name) {
    this.control = control;
    this.list = h("div", { role: "listbox", id: freshId("list"), class: "options", "aria-label": name, hidden: true });
    this.said = h("p", { class: "unseen", role: "status" });
  }

  get active() {
    return this.list.querySelector('[aria-selected="true"]');
  }

  get options() {
    return [...this.list.querySelectorAll('[role="option"]')];
  }

  fill({ groups, note }, take) {
    this.list.replaceChildren(...groups.map((group) => groupElement(group, take)));
    if (note) this.list.append(h("p", { class: "options-note", role: "presentation" }, note));
    this.said.textContent = note ?? counted(this.options.length, "match", "matches");
    this.show(groups.length > 0 || Boolean(note));
    this.list.scrollTop = 0;
    this.list.scrollIntoView({ block: "nearest" });
  }

  show(shown) {
    this.list.hidden = !shown;
    this.control.setAttribute("aria-expanded", String(shown));
    this.activate(null);
  }

  activate(option) {
    this.active?.setAttribute("aria-selected", "false");
    this.control.removeAttribute("aria-activedescendant");
    if (!option) return;
    option.setAttribute("aria-selected", "true");
    option.scrollIntoView({ block: "nearest" });
    this.control.setAttribute("aria-activedescendant", option.id);
  }

  move(step) {
    const { options } = this;
    const from = this.active ? options.indexOf(this.active) : step > 0 ? -1 : 0;
    this.activate(options.at((from + step) % options.length));
  }
}

/** What was found, or nothing when a newer question has overtaken this one. */
async function unlessOvertaken(found) {
  try {
    return await found;
  } catch (error) {
    if (error.name !== "AbortError") throw error;
    return null;
  }
}

/** The field: it asks when something is typed, and hands over what is taken. */
class Combobox {
  constructor(control, { name, find, choose, pause = 0 }) {
    Object.assign(this, { control, find, choose, pause, offers: new Offers(control, name) });
  }

  async look() {
    this.asking?.abort();
    this.asking = new AbortController();
    const { signal } = this.asking;
    const words = this.control.value.trim();
    const found = await unlessOvertaken(this.find(words, signal));
    if (signal.aborted) return;
    this.offers.fill(found, (value) => this.take(value));
    if (words) this.offers.activate(this.offers.options[0]);
  }

  lookLater() {
    clearTimeout(this.waiting);
    this.waiting = setTimeout(() => this.look(), this.pause);
  }

  close() {
    clearTimeout(this.waiting);
    this.asking?.abort();
    this.offers.show(false);
  }

  take(value) {
    this.close();
    this.control.value = "";
    this.choose(value);
  }

  pressed(event) {
    const open = !this.offers.list.hidden;
    const step = STEPS[event.key];
    if (!step && event.key !== "Enter" && !(event.key === "Escape" && open)) return;
    event.preventDefault(); // Enter must not send the form, the arrows must not move the cursor
    if (event.key === "Escape") this.close();
    else if (event.key === "Enter") this.offers.active?.dispatchEvent(new MouseEvent("mousedown"));
    else if (open) this.offers.move(step);
    else this.look().then(() => this.offers.move(step));
  }
}

/**
 * Make a combobox of a text field that stands in its place already. `find(words, signal)` answers, or promises,
 * { groups: [{ label, options: [{ label, detail, value }] }], note }; `choose` is called with the value that is taken.
 */
export function combobox(control, asked) {
  const box = new Combobox(control, asked);
  const { list, said } = box.offers;
  const state = { "aria-expanded": "false", "aria-controls": list.id };
  const attributes = { role: "combobox", "aria-autocomplete": "list", ...state };
  for (const [name, value] of Object.entries(attributes)) control.setAttribute(name, value);
  control.addEventListener("input", () => box.lookLater());
  control.addEventListener("click", () => box.look());
  control.addEventListener("keydown", (event) => box.pressed(event));
  control.addEventListener("blur", () => box.close());
  const frame = h("div", { class: "combobox" });
  control.replaceWith(frame);
  frame.append(control, list, said);
}
