/** Saved architectures: list, load, save, save changes, delete. */

import * as api from "../shared/api.js";
import { byId, h } from "../shared/dom.js";
import { addressOfSaved } from "./address.js";

const CHANGED_MEANWHILE = {
  Saving:
    "Somebody saved this architecture after you loaded it, so your changes were not written over theirs. " +
    "Load it again to see theirs, or save yours as new.",
  Deleting: "Somebody changed this architecture after this list was made, so it was not deleted. Load it to see it.",
};

const CHANGED_HERE = "The document was changed while the other one was on its way, so your work was not replaced.";

function tell(text, { fault = false } = {}) {
  byId("saved-status").textContent = text;
  byId("saved-status").classList.toggle("fault", fault);
}

/** The faults of what was to be saved, as faults of the document in it. */
function ofDocument(problem) {
  const errors = problem.errors.map((fault) => ({ ...fault, pointer: fault.pointer.replace(/^\/document/, "") }));
  return { ...problem, errors };
}

function tellProblem(page, answer, doing) {
  if (answer.status === 412) return tell(CHANGED_MEANWHILE[doing], { fault: true });
  if (answer.body?.errors?.length) page.showFaults(ofDocument(answer.body), { asked: true });
  return tell(`${doing} failed. ${answer.body?.detail ?? answer.body?.title ?? ""}`, { fault: true });
}

/** Changes can be saved only of what was saved before. */
export function showSaved(page) {
  byId("save-changes").disabled = page.saved === null;
}

async function load(page, id) {
  const answer = await page.whileUnchanged(api.savedOne(id));
  if (!answer) return tell(CHANGED_HERE, { fault: true });
  if (!answer.ok) return tellProblem(page, answer, "Loading");
  page.replace(answer.body.document, { saved: { id, etag: answer.etag } });
  return tell(`${answer.body.name} is loaded.`);
}

async function remove(page, { id, name, version }) {
  const answer = await api.deleteSaved(id, `"${version}"`); // the version that the list showed
  if (!answer.ok) return tellProblem(page, answer, "Deleting");
  if (page.saved?.id === id) page.hold(null);
  await list(page);
  byId("saved-panel").querySelector("summary").focus();
  return tell(`${name} is deleted.`);
}

async function save(page, { id, etag }) {
  const { architecture, revision } = page;
  const written = page.document();
  const answer = id === undefined ? await api.saveNew(written) : await api.saveChanges(id, written, etag);
  if (!answer.ok) return tellProblem(page, answer, "Saving");
  // While it was being saved it may have been changed, or another document have come into the page.
  const asSaved = page.revision === revision;
  if (page.architecture === architecture) page.hold({ id: answer.body.id, etag: answer.etag }, { asSaved });
  await list(page);
  return tell(`${answer.body.name} is saved.`);
}

function savedRow(page, saved) {
  const button = (text, act) =>
    h("button", { type: "button", class: "quiet", "aria-label": `${text} ${saved.name}`, on: { click: act } }, text);
  return h(
    "li",
    {},
    h("a", { href: addressOfSaved(saved.id) }, saved.name),
    button("Load", () => load(page, saved.id)),
    button("Delete", () => remove(page, saved)),
  );
}

/** Fill the list, or go on with it. */
async function list(page, offset = 0) {
  const answer = await api.savedList(offset);
  if (!answer.ok) return tellProblem(page, answer, "Listing");
  const { items: shown, total } = answer.body;
  if (offset === 0) byId("saved-list").replaceChildren();
  byId("saved-list").append(...shown.map((saved) => savedRow(page, saved)));
  byId("no-saved").hidden = total > 0;
  byId("more-saved").hidden = byId("saved-list").children.length >= total;
  return null;
}

/** Connect the panel of saved architectures. */
export function listenToSaved(page) {
  byId("saved-panel").addEventListener("toggle", () => byId("saved-panel").open && list(page));
  byId("more-saved").addEventListener("click", () => list(page, byId("saved-list").children.length));
  byId("save-new").addEventListener("click", () => save(page, {}));
  byId("save-changes").addEventListener("click", () => save(page, page.saved));
}
