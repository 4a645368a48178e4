/** Inputs that connections fill: they need not be given, and the form says what the traffic makes of them. */

import { h } from "../shared/dom.js";
import { amount, quantity } from "../shared/words.js";

/** The names of a component's inputs that its connections fill where nobody states them. */
export function filledInputs({ components, connections = [] }, types, component) {
  const flow = types.get(component.type)?.flow;
  if (!flow || !components.includes(component)) return new Set();
  const taken = connections.some(({ to }) => to === component.name) ? Object.keys(flow.takes) : [];
  const told = connections.some(({ from }) => from === component.name) ? flow.told : [];
  return new Set([...taken, ...told]);
}

const POINTER = /^\/components\/(\d+)\/([^/]+)$/;

/** What was taken for each input in an answer: component -> name -> assumption. */
export function takenFor(architecture, assumptions) {
  const taken = new Map(architecture.components.map((component) => [component, {}]));
  for (const assumption of assumptions) {
    const [, index, name] = POINTER.exec(assumption.pointer) ?? [];
    if (name) taken.get(architecture.components[Number(index)])[name] = assumption;
  }
  return taken;
}

function hint(stated, assumption) {
  if (stated) return "Given here: that wins over the traffic.";
  if (typeof assumption?.value !== "number") return "Filled by the traffic.";
  return `Filled by the traffic: ${amount(assumption.value, assumption.unit)} (${assumption.why}).`;
}

function hintOf(made, control) {
  const known = made.querySelector(".filled");
  if (known) return known;
  const told = h("p", { class: "help filled", id: `${control.id}-filled` });
  const described = [control.getAttribute("aria-describedby"), told.id].filter(Boolean).join(" ");
  control.setAttribute("aria-describedby", described);
  made.append(told);
  return told;
}

/** What stands in the empty field of an input that the traffic fills, and again what stood there before. */
function placeInField(control, { filled, assumption }) {
  if (filled) {
    control.dataset.unfilled ??= control.placeholder;
    const known = typeof assumption?.value === "number";
    control.placeholder = known ? `${quantity(assumption.value)} (traffic)` : "from the traffic";
  } else {
    control.placeholder = control.dataset.unfilled ?? control.placeholder;
    delete control.dataset.unfilled;
  }
}

/** Say, or no longer say, in the field of an input that the traffic fills it. */
function markField(made, { filled, stated, assumption }) {
  const control = made.querySelector("input");
  if (!control || (!filled && !made.querySelector(".filled"))) return;
  const told = hintOf(made, control);
  told.hidden = !filled;
  told.textContent = filled ? hint(stated, assumption) : "";
  for (const mark of made.querySelectorAll(".required")) mark.hidden = filled;
  placeInField(control, { filled, assumption });
}

/** Say at each of a component's inputs that connections fill that they do, and with what. */
export function showFilled(page, component, section) {
  const flow = page.types.get(component.type)?.flow;
  const filled = filledInputs(page.architecture, page.types, component);
  const taken = page.taken?.get(component) ?? {};
  for (const name of flow ? [...Object.keys(flow.takes), ...flow.told] : []) {
    const made = section.querySelector(`.field[data-name="${name}"]`);
    const assumption = taken[name];
    // Nobody may have said the size of what arrives: the answer tells.
    const known = assumption ? assumption.origin !== "default" : !page.unsure.has(flow.takes[name]);
    const stated = component[name] !== undefined;
    if (made) markField(made, { filled: filled.has(name) && (stated || known), stated, assumption });
  }
}
