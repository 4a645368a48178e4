/** The page that shows which component types have prices in which regions, and which meters have none. */

import * as api from "../shared/api.js";
import { byId, freshId, h } from "../shared/dom.js";
import { byTheme } from "../shared/themes.js";
import { counted, day } from "../shared/words.js";

const SIGNS = { all: "●", some: "◐", none: "–" };

function regionHead(region) {
  return h("th", { scope: "col" }, h("span", { class: "region" }, region));
}

function cell(type, { region, extent, priced }) {
  const words = extent === "some" ? `${priced} of ${type.meters.length}` : extent;
  return h(
    "td",
    { class: extent, title: `${type.title} in ${region}: ${words}` },
    h("span", { class: "sign", "aria-hidden": "true" }, SIGNS[extent]),
    h("span", { class: "unseen" }, words),
  );
}

/** The meters that lack a price anywhere, by the regions where they lack it: [[meters, regions], ...]. */
function missingOf(type) {
  const together = new Map();
  for (const meter of type.meters) {
    const regions = type.regions.filter((covered) => covered.missing.includes(meter)).map((covered) => covered.region);
    const [meters] = together.get(regions.join()) ?? [[]];
    together.set(regions.join(), [[...meters, meter], regions]);
  }
  const gaps = [...together.values()].filter(([, regions]) => regions.length);
  return gaps.sort((one, other) => other[1].length - one[1].length);
}

/** Regions one by one, or, where that is shorter, all but the others. */
function regionsInWords(regions, all) {
  const others = all.filter((region) => !regions.includes(region));
  if (!others.length) return "every region";
  const [first, named] = others.length < regions.length ? ["every region but ", others] : ["", regions];
  return [first, ...named.flatMap((region, place) => [place ? ", " : "", h("span", {}, region)])];
}

function detailRow(type, id) {
  const all = type.regions.map((covered) => covered.region);
  const entries = missingOf(type).map(([meters, regions]) => {
    const names = meters.flatMap((meter, place) => [place ? ", " : "", h("code", {}, meter)]);
    return h("div", {}, h("dt", {}, names), h("dd", {}, regionsInWords(regions, all)));
  });
  const list = h("dl", { class: "missing" }, entries);
  return h("tr", { id, hidden: true }, h("td", { colspan: type.regions.length + 1, class: "detail" }, list));
}

function opener(type, detail) {
  const toggle = (event) => {
    detail.hidden = !detail.hidden;
    event.currentTarget.setAttribute("aria-expanded", String(!detail.hidden));
  };
  const attributes = { type: "button", class: "opener", "aria-expanded": "false", "aria-controls": detail.id };
  const words = ["Missing", h("span", { class: "unseen" }, ` prices of ${type.title}`)];
  return h("button", { ...attributes, on: { click: toggle } }, words);
}

function typeRows(type) {
  const detail = detailRow(type, freshId("missing"));
  const link = h("a", { href: type.pricing_page, rel: "noreferrer" }, type.title);
  const whole = type.regions.every((covered) => covered.extent === "all");
  const head = h("th", { scope: "row" }, link, whole ? null : opener(type, detail));
  const row = h("tr", {}, head, type.regions.map((covered) => cell(type, covered)));
  return whole ? [row] : [row, detail];
}

function themeBody([theme, types]) {
  const width = types[0].regions.length + 1;
  const head = h("th", { scope: "rowgroup", colspan: width, class: "theme" }, h("span", {}, theme));
  return h("tbody", {}, h("tr", {}, head), types.flatMap(typeRows));
}

function table(types) {
  const regions = types[0].regions.map((covered) => regionHead(covered.region));
  const head = h("thead", {}, h("tr", {}, h("th", { scope: "col" }, "Component type"), regions));
  const bodies = byTheme(types, (type) => type.type).map(themeBody);
  const made = h("table", {}, h("caption", { class: "unseen" }, "Prices by component type and region"), head, bodies);
  return h("div", { class: "scroller", role: "group", "aria-label": "Prices by type and region", tabindex: 0 }, made);
}

function told({ as_of: asOf, items: types }) {
  const cells = types.flatMap((type) => type.regions);
  const whole = cells.filter((covered) => covered.extent === "all").length;
  const regions = counted(types[0].regions.length, "region");
  const share = Math.round((100 * whole) / cells.length);
  return `${counted(types.length, "type")} in ${regions} on ${day(asOf)}: ${share}% can be priced wholly.`;
}

async function show() {
  const asOf = byId("as-of").value;
  const answer = await api.coverage(asOf);
  if (byId("as-of").value !== asOf) return; // another day is asked for by now
  byId("fault").hidden = answer.ok;
  if (!answer.ok) {
    byId("fault").textContent = answer.body.errors?.[0]?.detail ?? answer.body.detail;
    return;
  }
  byId("told").textContent = told(answer.body);
  byId("table").replaceChildren(table(answer.body.items));
}

byId("as-of").addEventListener("change", show);
show();
