/** The page: one document, its form, and the answer that follows each change. */

import { clearAnswer, fade, markOutdated, showAnswer, spoken } from "./answer/answer.js";
import { documentOf, missingInputs } from "./form/architecture.js";
import { listenToTypes, showAllFilled, showComponents } from "./form/components.js";
import { missingOfConnections } from "./form/connection_settings.js";
import { listenToConnections, showConnections } from "./form/connections.js";
import { clearFaults, pointerInWords, showFaults } from "./form/faults.js";
import { showHiddenLines } from "./form/hidden_lines.js";
import { missingOwnPrices } from "./form/price_book_fields.js";
import { forgetSaved, listenToSaved } from "./form/saved.js";
import { allowancesOf, listenToSettings, showSettings } from "./form/settings.js";
import { missingTraffic, showTraffic } from "./form/traffic.js";
import { listenToTransfer } from "./form/transfer.js";
import * as api from "./shared/api.js";
import { byId } from "./shared/dom.js";

const PAUSE_MS = 400; // long enough to type the next digit, short enough to feel at once

const page = {
  architecture: { components: [] },
  revision: 0, // grows with each change of the document: an answer belongs to the revision that was asked about
  types: new Map(),
  flowInputs: { traffic: [], connection: [], always: [], hidden: [] },
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

function changeLater() {
  moveOn();
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

/** Put another document into the page; nothing of the former one's answer stays. */
function replace(architecture, { told = "" } = {}) {
  page.architecture = architecture;
  moveOn();
  forgetSaved(page);
  clearFaults();
  clearAnswer();
  page.taken = new Map();
  showSettings(page);
  showTraffic(page);
  showComponents(page);
  showConnections(page);
  showHiddenLines(page);
  if (told) page.say(told);
  return architecture.components.length ? compute({ asked: true }) : computeQuietly();
}

function listen(example) {
  listenToSettings(page);
  listenToTypes(page);
  listenToConnections(page);
  listenToTransfer(page, example);
  listenToSaved(page);
  byId("architecture").addEventListener("submit", (event) => {
    event.preventDefault();
    compute({ asked: true });
  });
}

async function start() {
  const [types, example] = await Promise.all([api.componentTypes(), api.example()]);
  if (!types.ok || !example.ok) return showFaults(page, (types.ok ? example : types).body, { asked: false });
  page.types = new Map(types.body.items.map((type) => [type.name, type]));
  const { traffic, connection, connection_always: always, hidden_lines: hidden } = types.body;
  page.flowInputs = { traffic, connection, always, hidden };
  page.allowances = allowancesOf(page.types);
  listen(example.body);
  return replace(structuredClone(example.body));
}

start();
