/** The document in and out: paste it, open a file, download it, start anew. */

import { exampleWithTraffic } from "../shared/api.js";
import { byId, h } from "../shared/dom.js";
import { linkOf } from "./address.js";
import { unusable } from "./architecture.js";
import { unusableBook } from "./price_book_fields.js";

function tell(text) {
  byId("document-fault").textContent = text;
  byId("document-fault").hidden = text === "";
}

const written = (page) => JSON.stringify(page.document(), null, 2);

/** Whether the box holds what somebody has typed and not yet taken over. */
const isTyped = () => "typed" in byId("document-text").dataset;

function markTyped(typed) {
  if (typed) byId("document-text").dataset.typed = "";
  else delete byId("document-text").dataset.typed;
  byId("document-unused").hidden = !typed;
}

/** Write the present document into its box, unless somebody is typing another there. */
export function showDocument(page) {
  byId("document-link-field").hidden = true; // it carries the document as it was
  if (!isTyped()) byId("document-text").value = written(page);
}

/** Put the present document in place of what was typed. */
function dropTyped(page) {
  tell("");
  markTyped(false);
  showDocument(page);
}

/** Take over a document written as JSON, or say beside the text why it cannot be taken. */
function take(page, text) {
  let value;
  try {
    value = JSON.parse(text);
  } catch (error) {
    return tell(`This is not JSON: ${error.message}`);
  }
  const reason = unusable(value) ?? unusableBook(value.account?.price_book);
  tell(reason ?? "");
  if (reason) return byId("document-text").focus();
  markTyped(false);
  return page.replace(value, { told: "The document is taken over." });
}

async function open(page, file) {
  if (!file) return;
  const text = await page.whileUnchanged(file.text());
  if (text === null) return;
  byId("document-text").value = text;
  markTyped(true);
  take(page, text);
}

function download(page) {
  const address = URL.createObjectURL(new Blob([written(page)], { type: "application/json" }));
  const link = h("a", { href: address, download: `${page.architecture.name || "architecture"}.json` });
  link.click();
  URL.revokeObjectURL(address);
}

const TOO_LONG = "This document is too long for a link: download it instead.";

/** Make a link that carries the present document, ready to be copied. */
async function showLink(page) {
  const made = await page.whileUnchanged(linkOf(page.document()).then((link) => ({ link })));
  if (!made) return;
  tell(made.link === null ? TOO_LONG : "");
  byId("document-link-field").hidden = made.link === null;
  byId("document-link").value = made.link ?? "";
  byId("document-link").select();
}

/** Connect the panel of the document. */
export function listenToTransfer(page, firstExample) {
  byId("start-traffic").addEventListener("click", async () => {
    const example = await page.whileUnchanged(exampleWithTraffic());
    if (example?.ok) await page.replace(example.body, { told: "The example with traffic is shown." });
  });
  byId("document-text").addEventListener("input", () => {
    tell("");
    markTyped(byId("document-text").value !== written(page));
  });
  byId("show-document").addEventListener("click", () => {
    dropTyped(page);
    byId("document-text").focus();
  });
  byId("make-link").addEventListener("click", () => showLink(page));
  byId("take-document").addEventListener("click", () => take(page, byId("document-text").value));
  byId("open-document").addEventListener("change", (event) => {
    open(page, event.target.files[0]);
    event.target.value = ""; // so that the same file can be opened again after an edit
  });
  byId("download-document").addEventListener("click", () => download(page));
  const empty = () => ({ region: page.architecture.region, components: [] });
  byId("start-empty").addEventListener("click", () => page.replace(empty()));
  byId("start-example").addEventListener("click", () => page.replace(structuredClone(firstExample)));
}
