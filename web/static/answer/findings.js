/** What the rules find: where, by which numbers, why it matters, what to do, and the money that it saves. */

import { byId, h } from "../shared/dom.js";
import { counted, money } from "../shared/words.js";
import { sourceOf } from "./lines.js";
import { componentLinks } from "./links.js";

const SEVERITIES = {
  error: ["error", "errors"],
  warning: ["warning", "warnings"],
  info: ["piece of advice", "pieces of advice"],
};

function card(page, finding) {
  const rows = [
    ["Where", componentLinks(page, finding.components, " → ")],
    ["Numbers", finding.numbers],
    ["Why", finding.why],
    ["What to do", finding.remedy],
    ["Saves", finding.saving === null ? null : h("strong", {}, `${money(finding.saving)} a month`)],
    ["Source", [sourceOf(finding.source), `; checked ${finding.checked}`]],
  ].filter(([, told]) => told !== null && told !== "" && told.length !== 0);
  const list = rows.map(([term, told]) => h("div", {}, h("dt", {}, term), h("dd", {}, told)));
  return h("li", { class: `finding ${finding.severity}` }, h("h4", {}, finding.title), h("dl", {}, list));
}

function group(page, severity, findings) {
  const own = findings.filter((finding) => finding.severity === severity && !finding.minor);
  const [one, more] = SEVERITIES[severity];
  return own.length ? listed(page, counted(own.length, one, more), own) : [];
}

const listed = (page, words, findings) => [
  h("h3", {}, words),
  h("ul", { class: "findings" }, findings.map((finding) => card(page, finding))),
];

/** What saves less than $1 or 1 % of the bill, apart from the others. */
function minor(page, findings) {
  const own = findings.filter((finding) => finding.minor);
  const words = `${counted(own.length, "minor saving", "minor savings")}: less than $1 or 1 % of the bill`;
  return own.length ? listed(page, words, own) : [];
}

/** "2 errors, 1 warning" */
function inShort(findings) {
  const words = Object.entries(SEVERITIES).map(([severity, [one, more]]) => {
    const count = findings.filter((finding) => finding.severity === severity && !finding.minor).length;
    return count ? counted(count, one, more) : null;
  });
  return words.filter(Boolean).join(", ");
}

/** Show the findings of an answer by severity, or that there are none. */
export function showFindings(page, findings) {
  const groups = Object.keys(SEVERITIES).flatMap((severity) => group(page, severity, findings));
  byId("findings").replaceChildren(...groups, ...minor(page, findings));
  byId("no-findings").hidden = findings.length > 0;
  byId("found").hidden = findings.every((finding) => finding.minor);
  byId("found").firstChild.textContent = inShort(findings);
}
