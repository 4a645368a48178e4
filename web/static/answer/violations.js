/** The limits that the architecture breaks: what it asks for, what AWS allows and does, and what helps. */

import { byId, h } from "../shared/dom.js";
import { amount } from "../shared/words.js";
import { sourceOf } from "./lines.js";
import { componentLinks } from "./links.js";

function owners(page, violation) {
  if (violation.component !== null) return componentLinks(page, [violation.component]);
  return [...componentLinks(page, violation.components), " (together, as one account)"];
}

function measure({ demand, limit, kind, unit }) {
  const relation = kind === "minimum" ? "at least" : "at most";
  return [h("strong", {}, amount(demand, unit)), ` asked for, ${relation} ${amount(limit, unit)} allowed`];
}

const adjustability = (violation) =>
  violation.adjustable ? "AWS raises it on request" : "AWS does not raise it";

function sourceWithDate({ source, checked, confidence }) {
  const trust = confidence && confidence !== "high" ? `, confidence ${confidence}` : "";
  return [sourceOf(source), `; checked ${checked}${trust}`];
}

function card(page, violation) {
  const rows = [
    [violation.component === null ? "Components" : "Component", owners(page, violation)],
    ["What AWS does", violation.exceeded],
    ["What helps", violation.remedy],
    ["Limit", `${adjustability(violation)}; ${violation.region}`],
    ["Source", sourceWithDate(violation)],
  ];
  const list = rows.map(([term, text]) => h("div", {}, h("dt", {}, term), h("dd", {}, text)));
  const head = [h("h3", {}, violation.title), h("p", {}, measure(violation))];
  return h("li", { class: "violation" }, head, h("dl", {}, list));
}

/** Show the violations of an estimate, or that there are none. */
export function showViolations(page, violations) {
  byId("violations-list").replaceChildren(...violations.map((violation) => card(page, violation)));
  byId("violations-list").hidden = violations.length === 0;
  byId("no-violations").hidden = violations.length > 0;
}
