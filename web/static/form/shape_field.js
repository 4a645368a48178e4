/** How the traffic lies over the week: a shape by its name, or the weights of the hours, typed or pasted. */

import { freshId, h } from "../shared/dom.js";
import { counted } from "../shared/words.js";
import { field } from "./field.js";

export const SHAPES = {
  constant: "the same at all hours (default)",
  business_hours: "business hours: Monday to Friday, 9 to 17",
  daily_peak: "daily peak: one wave a day",
};
const WEIGHTS = "weights";
const HOW = "24 numbers from 0:00, or 168 from Monday 0:00, between spaces, commas or lines.";

/** Weights out of what was pasted: numbers between spaces, commas, semicolons or lines, or else the text itself. */
export function readWeights(text) {
  const parts = text.replace(/[[\]]/g, " ").split(/[\s,;]+/).filter(Boolean);
  const weights = parts.map(Number);
  return weights.every(Number.isFinite) ? weights : text.trim();
}

const writeWeights = (shape) => (Array.isArray(shape) ? shape.join(", ") : "");

function choice(shape, named) {
  const control = h("select", {}, Object.entries(SHAPES).map(([name, words]) => h("option", { value: name }, words)));
  control.append(h("option", { value: WEIGHTS }, "weights of the hours…"));
  // What a document may say and nobody knows stays visible, for the server to refuse.
  if (!named && !Array.isArray(shape)) control.append(h("option", { value: "as given" }, JSON.stringify(shape)));
  control.value = named ? (shape ?? "constant") : Array.isArray(shape) ? WEIGHTS : "as given";
  return control;
}

function weightsField(shape, change) {
  const control = h("textarea", { rows: 3, spellcheck: "false" }, writeWeights(shape));
  const made = field({ label: "Weights of the hours", help: HOW, control, name: "shape" });
  const count = h("p", { class: "help", id: freshId("weights") });
  const told = () => {
    const weights = readWeights(control.value);
    count.textContent = Array.isArray(weights) && weights.length ? `${counted(weights.length, "weight")}.` : "";
  };
  control.addEventListener("input", () => {
    told();
    change(readWeights(control.value));
  });
  told();
  made.append(count);
  made.classList.add("wide");
  return made;
}

/** The fields of a shape: the choice, and below it the weights where they are chosen. */
export function shapeFields(shape, change) {
  const named = shape === undefined || shape in SHAPES;
  const control = choice(shape, named);
  const chosen = field({ label: "Over the week", control, name: "shape-name" });
  chosen.classList.add("wide");
  const weights = weightsField(shape, change);
  weights.hidden = control.value !== WEIGHTS;
  control.addEventListener("change", () => {
    const own = control.value === WEIGHTS;
    weights.hidden = !own;
    if (own) change(readWeights(weights.querySelector("textarea").value));
    else if (control.value === "as given") change(shape);
    else change(control.value === "constant" ? undefined : control.value);
  });
  return [chosen, weights];
}
