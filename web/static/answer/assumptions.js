/** What was taken for every input that was not given. */

import { pointerParts } from "../form/architecture.js";
import { showAssumed } from "../form/components.js";
import { showAssumedSetting } from "../form/connections.js";
import { controlAt, pointerInWords } from "../form/faults.js";
import { byId, h, linkTo, scrollingTable } from "../shared/dom.js";
import { valueInWords } from "../shared/words.js";

const SHOWN = { components: showAssumed, connections: showAssumedSetting };

function row(page, { pointer, value, unit, why }) {
  const control = controlAt(pointer);
  const words = pointerInWords(page, pointer);
  return h(
    "tr",
    {},
    h("th", { scope: "row" }, control ? linkTo(control, words) : words),
    h("td", { class: "number" }, valueInWords(value)),
    h("td", {}, unit ?? ""),
    h("td", {}, why),
  );
}

/** Show the assumptions of an estimate, in their table and in the fields that are left empty. */
export function showAssumptions(page, assumptions) {
  for (const { pointer, value, origin } of assumptions) {
    const [first, index, name] = pointerParts(pointer);
    const said = origin === "default" ? "default" : "assumed";
    const show = SHOWN[first];
    if (show && name) show(index, name, `${valueInWords(value)} (${said})`);
  }
  const head = [["Input"], ["Value", "number"], ["Unit"], ["Why"]];
  const rows = assumptions.map((assumption) => row(page, assumption));
  byId("assumptions").replaceChildren(scrollingTable("Assumptions", head, h("tbody", {}, rows)));
  byId("assumptions-count").textContent = `(${assumptions.length})`;
}
