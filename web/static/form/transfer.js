/** The document in and out: paste it, open a file, download it, start anew. */

import { exampleWithTraffic } from "../shared/api.js";
import { byId, h } from "../shared/dom.js";
import { unusable } from "./architecture.js";
import { unusableBook } from "./price_book_fields.js";

function tell(text) {
  byId("document-fault").textContent = text;
  byId("document-fault").hidden = text === "";
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
  return page.replace(value, { told: "The document is taken over." });
}

async function open(page, file) {
  if (!file) return;
  const text = await page.whileUnchanged(file.text());
  if (text === null) return;
  byId("document-text").value = text;
  take(page, text);
}

const written = (page) => JSON.stringify(page.document(), null, 2);

function download(page) {
  const address = URL.createObjectURL(new Blob([written(page)], { type: "application/json" }));
  const link = h("a", { href: address, download: `${page.architecture.name || "architecture"}.json` });
  link.click();
  URL.revokeObjectURL(address);
}

/** Connect the panel of the document. */
export function listenToTransfer(page, firstExample) {
  byId("start-traffic").addEventListener("click", async () => {
    const example = await page.whileUnchanged(exampleWithTraffic());
    if (example?.ok) await page.replace(example.body, { told: "The example with traffic is shown." });
  });
  byId("document-panel").addEventListener("toggle", () => {
    if (byId("document-panel").open) byId("document-text").value = written(page);
  });
  byId("document-text").addEventListener("input", () => tell(""));
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
