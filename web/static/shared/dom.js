/** Elements of the page: made, found and shown. */

/**
 * Make an element. Attributes that are null, undefined or false are left out, true gives an empty one,
 * and `on` takes the listeners by event. Text goes in as text, never as markup: names come from users.
 */
export function h(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  const { on = {}, ...rest } = attributes;
  for (const [name, value] of Object.entries(rest)) {
    if (value !== null && value !== undefined && value !== false) {
      element.setAttribute(name, value === true ? "" : String(value));
    }
  }
  for (const [event, listener] of Object.entries(on)) element.addEventListener(event, listener);
  element.append(...children.flat(Infinity).filter((child) => child !== null && child !== undefined));
  return element;
}

/** The one element with this id. */
export const byId = (id) => document.getElementById(id);

let made = 0;

/** An id that no other element has. */
export const freshId = (stem) => `${stem}-${(made += 1)}`;

/** Bring a control into view, out of every closed section, and give it the focus. */
export function reveal(element) {
  for (let section = element.closest("details"); section; section = section.parentElement.closest("details")) {
    section.open = true;
  }
  element.focus();
  element.scrollIntoView({ block: "center" });
}

/** A link inside the page that goes to a control, also when its section is closed. */
export function linkTo(element, text) {
  const go = (event) => {
    event.preventDefault();
    reveal(element);
  };
  return h("a", { href: `#${element.id}`, on: { click: go } }, text);
}

/** A table that scrolls inside its own frame, so that the page never does sideways. */
export function scrollingTable(label, head, body, attributes = {}) {
  const heads = head.map(([text, kind]) => h("th", { scope: "col", class: kind }, text));
  const table = h("table", attributes, h("thead", {}, h("tr", {}, heads)), body);
  return h("div", { class: "scroller", role: "group", "aria-label": label, tabindex: 0 }, table);
}
