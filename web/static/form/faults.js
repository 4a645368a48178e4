/** What the service refused: beside each field at fault, and together in a summary with links. */

import { byId, h, linkTo } from "../shared/dom.js";
import { counted, labelOf, sentence } from "../shared/words.js";
import { pointerParts } from "./architecture.js";
import { componentControl } from "./components.js";
import { connectionControl, connectionInWords } from "./connections.js";
import { hiddenLineControl, hiddenLineInWords } from "./hidden_lines.js";
import { ownPriceInWords } from "./price_book_fields.js";
import { settingControl } from "./settings.js";
import { trafficControl, trafficInWords } from "./traffic.js";

const LONGEST = 200;

// The parts of a document that have a form of their own beside settings and components.
const PLACES = {
  traffic: { control: trafficControl, inWords: (_, [, name]) => trafficInWords(name) },
  connections: { control: connectionControl, inWords: connectionInWords },
  hidden_lines: { control: hiddenLineControl, inWords: hiddenLineInWords },
};

/** The control that a JSON Pointer of the document means, or nothing. */
export function controlAt(pointer) {
  const parts = pointerParts(pointer);
  if (parts[0] === "components" && parts[1] !== undefined) return componentControl(parts[1], parts[2]);
  return PLACES[parts[0]] ? PLACES[parts[0]].control(parts) : settingControl(pointer, parts);
}

/** A JSON Pointer in words: "handler: Memory". */
export function pointerInWords(page, pointer) {
  const parts = pointerParts(pointer);
  const [first, index, name] = parts;
  if (PLACES[first]) return PLACES[first].inWords(page, parts);
  const component = first === "components" ? page.architecture.components[Number(index)] : undefined;
  if (!component) return otherInWords(pointer);
  const names = (page.types.get(component.type)?.inputs ?? []).map((input) => input.name);
  const owner = component.name || `component ${Number(index) + 1}`;
  return name === undefined ? owner : `${owner}: ${labelOf(name, names)}`;
}

function otherInWords(pointer) {
  if (pointer === "") return "The document";
  return ownPriceInWords(pointer) ?? sentence(pointerParts(pointer).at(-1));
}

/** Take all refusals away. */
export function clearFaults() {
  byId("faults").hidden = true;
  for (const message of document.querySelectorAll("[data-refusal]")) message.remove();
  for (const control of document.querySelectorAll("[aria-invalid]")) {
    control.removeAttribute("aria-invalid");
    describe(control, (ids) => ids.filter((id) => !id.endsWith("-fault")));
  }
}

function describe(control, change) {
  const ids = change((control.getAttribute("aria-describedby") ?? "").split(" ").filter(Boolean));
  if (ids.length) control.setAttribute("aria-describedby", ids.join(" "));
  else control.removeAttribute("aria-describedby");
}

function mark(control, detail) {
  const id = `${control.id}-fault`;
  if (byId(id)) return byId(id).append(h("br"), detail);
  control.setAttribute("aria-invalid", "true");
  describe(control, (ids) => (ids.includes(id) ? ids : [id, ...ids]));
  return control.after(h("p", { class: "fault", id, role: "alert", "data-refusal": true }, detail));
}

function summarize(page, problem, faults) {
  byId("faults-title").textContent = faults.length
    ? `${counted(faults.length, "thing")} to correct before this can be computed`
    : (problem.title ?? "The service did not answer as expected");
  byId("faults-detail").textContent = faults.length ? "" : (problem.detail ?? "");
  const links = faults.map(({ pointer, detail, control }) => {
    const text = `${pointerInWords(page, pointer)}: ${detail}`;
    return h("li", {}, control ? linkTo(control, text) : text);
  });
  byId("faults-list").replaceChildren(...links);
}

/** A detail without the long list of all names that there are: the form offers them. */
const brief = (detail) => (detail.length > LONGEST ? detail.split(/; (?:there are|expected) /)[0] : detail);

/**
 * Show a refusal. When the person asked for the answer the summary has the focus. While typing the focus stays, and
 * where each message stands in sight beside its field there is no summary either: it would push the field away.
 */
export function showFaults(page, problem, { asked }) {
  clearFaults();
  const faults = (problem.errors ?? []).map(({ pointer, detail }) => ({
    pointer,
    detail: brief(detail),
    control: controlAt(pointer),
  }));
  for (const { control, detail } of faults) if (control) mark(control, detail);
  summarize(page, problem, faults);
  const seen = faults.length > 0 && faults.every(({ control }) => control?.checkVisibility());
  byId("faults").hidden = seen && !asked;
  if (asked) byId("faults").focus();
}
