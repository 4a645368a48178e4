/** The page: one document, its form, and the answer that follows each change. */

import { clearAnswer, fade, markOutdated, showAnswer, spoken } from "./answer/answer.js";
import { addressOfSaved, askedByAddress, showAddress } from "./form/address.js";
import { documentOf, missingInputs } from "./form/architecture.js";
import { listenToTypes, showAllFilled, showComponents } from "./form/components.js";
import { missingOfConnections } from "./form/connection_settings.js";
import { listenToConnections, showConnections } from "./form/connections.js";
import { clearFaults, pointerInWords, showFaults } from "./form/faults.js";
import { showHiddenLines } from "./form/hidden_lines.js";
import { forgetKept, keep, kept } from "./form/kept.js";
import { pairsOf } from "./form/pairs.js";
import { missingOwnPrices } from "./form/price_book_fields.js";
import { listenToSaved, showSaved } from "./form/saved.js";
import { allowancesOf, listenToSettings, showSettings } from "./form/settings.js";
import { missingTraffic, showTraffic } from "./form/traffic.js";
import { listenToTransfer, showDocument } from "./form/transfer.js";
import * as api from "./shared/api.js";
import { byId } from "./shared/dom.js";

const PAUSE_MS = 400; // long enough to type the next digit, short enough to feel at once

const NOT_KEPT = "This browser keeps nothing over a reload: download your document, or save it.";
const BACK = "Your work is back as you left it.";

const page = {
  architecture: { components: [] },
  revision: 0, // grows with each change of the document: an answer belongs to the revision that was asked about
  types: new Map(),
  flowInputs: { traffic: [], connection: [], always: [], settles: [], implied: [], hidden: [] },
  pairs: new Map(), // what AWS carries between types
  unsure: new Set(), // what of the arriving traffic may be known of none
  allowances: new Map(),
  taken: new Map(),
  saved: null,
  changed: changeLater,
  connected: () => {
    showAllFilled(page);
    changeLater();
  },
  document: () => documentOf(page.architecture, page.types),
  whileUnchanged,
  replace,
  hold,
  say: (text) => {
    byId("live").textContent = text;
  },
  showFaults: (problem, options) => showFaults(page, problem, options),
};

let waiting;
let running;

/** What is waited for, or null where the document has changed meanwhile: it was asked for of another. */
async function whileUnchanged(awaited) {
  const { revision } = page;
  const arrived = await awaited;
  return page.revision === revision ? arrived : null;
}

/** The document is another now, and nobody waits for the answer to the former one. */
function moveOn() {
  page.revision += 1;
  clearTimeout(waiting);
  running?.abort();
}

/** Keep the work in the browser, or say that it keeps none. */
function keepWork({ own = true } = {}) {
  if (!keep(page, { own })) notify(NOT_KEPT);
}

/** Say above the form what happened to the work; with a way to start anew where old work came back. */
function notify(text, { anew = false } = {}) {
  byId("notice").hidden = text === "";
  byId("start-anew").hidden = !anew;
  // What is written anew is read out again, at every key.
  if (byId("notice-text").textContent !== text) byId("notice-text").textContent = text;
}

function changeLater() {
  moveOn();
  showAddress();
  keepWork();
  showDocument(page);
  fade(true);
  waiting = setTimeout(computeQuietly, PAUSE_MS);
}

/** What is still to be filled in before the service can be asked, in words; "" when nothing is. */
function stillNeeded() {
  if (!page.architecture.components.length) return "a component";
  const inputs = missingInputs(page.architecture, page.types);
  const missing = inputs.map(([index, input]) => `/components/${index}/${input.name}`);
  const flow = [...missingTraffic(page.architecture), ...missingOfConnections(page)];
  const pointers = [...flow, ...missing, ...missingOwnPrices(page.architecture)];
  const words = pointers.map((pointer) => pointerInWords(page, pointer));
  return words.length > 1 ? `${words[0]} and ${words.length - 1} more` : (words[0] ?? "");
}

/** After a change: wait for what is still to be filled in instead of complaining about it. */
function computeQuietly() {
  const needed = stillNeeded();
  if (!needed) return compute({ asked: false });
  clearFaults();
  return markOutdated(`Still needed: ${needed}.`);
}

async function compute({ asked }) {
  clearTimeout(waiting);
  running?.abort(); // only the newest question counts
  running = new AbortController();
  const answer = await unlessAborted(page.whileUnchanged(api.estimate(page.document(), running.signal)));
  if (answer) show(answer, { asked });
}

async function unlessAborted(awaited) {
  try {
    return await awaited;
  } catch (error) {
    if (error.name !== "AbortError") throw error;
    return null;
  }
}

function show(answer, { asked }) {
  if (!answer.ok) {
    showFaults(page, answer.body, { asked });
    markOutdated("The present document cannot be computed.");
    return;
  }
  clearFaults();
  showAnswer(page, answer.body);
  page.say(spoken(answer.body));
}

/** Show a document; `saved` tells its place among the saved ones. Nothing of the former one's answer stays. */
function open(architecture, saved) {
  Object.assign(page, { architecture, saved });
  moveOn();
  showSaved(page);
  clearFaults();
  clearAnswer();
  page.taken = new Map();
  showSettings(page);
  showTraffic(page);
  showComponents(page);
  showConnections(page);
  showHiddenLines(page);
  showDocument(page);
  return architecture.components.length ? compute({ asked: true }) : computeQuietly();
}

/** Put another document into the page: it is the work from here on. */
function replace(architecture, { saved = null, told = "" } = {}) {
  notify("");
  showAddress(saved ? addressOfSaved(saved.id) : "");
  const computed = open(architecture, saved);
  keepWork();
  if (told) page.say(told);
  return computed;
}

/** The document has a place among the saved ones from here on, or none; `asSaved`: it is as it was saved. */
function hold(saved, { asSaved = true } = {}) {
  page.saved = saved;
  showSaved(page);
  if (asSaved) showAddress(saved ? addressOfSaved(saved.id) : "");
  keepWork();
}

/** Show what the address asks for, or else the work that was kept, or else the example. */
async function openFirst(example) {
  const asked = await askedByAddress();
  if (asked && !asked.refused) {
    const computed = open(asked.architecture, asked.saved);
    keepWork({ own: false }); // what is only looked at takes no one's work
    return computed;
  }
  if (asked) showAddress();
  const work = kept();
  const told = [asked?.refused, work ? BACK : null].filter(Boolean).join(" ");
  notify(told, { anew: work !== null });
  return work ? open(work.architecture, work.saved) : open(structuredClone(example), null);
}

/** Begin as one who comes for the first time. */
function startAnew(example) {
  forgetKept();
  notify("");
  showAddress();
  byId("architecture").focus(); // the button that was pressed is gone
  return open(structuredClone(example), null);
}

function listen(example) {
  listenToSettings(page);
  listenToTypes(page);
  listenToConnections(page);
  listenToTransfer(page, example);
  listenToSaved(page);
  byId("start-anew").addEventListener("click", () => startAnew(example));
  byId("architecture").addEventListener("submit", (event) => {
    event.preventDefault();
    compute({ asked: true });
  });
}

const flowInputsOf = (told) => ({
  traffic: told.traffic,
  connection: told.connection,
  always: told.connection_always,
  settles: told.connection_settles,
  implied: told.implied_ends,
  hidden: told.hidden_lines,
});

async function start() {
  const answers = await Promise.all([api.componentTypes(), api.connections(), api.example()]);
  const refused = answers.find(({ ok }) => !ok);
  if (refused) return showFaults(page, refused.body, { asked: false });
  const [types, connections, example] = answers;
  page.types = new Map(types.body.items.map((type) => [type.name, type]));
  page.pairs = pairsOf(connections.body);
  page.flowInputs = flowInputsOf(types.body);
  page.unsure = new Set(types.body.arriving.filter(({ always }) => !always).map(({ name }) => name));
  page.allowances = allowancesOf(page.types);
  listen(example.body);
  return openFirst(example.body);
}

start();
