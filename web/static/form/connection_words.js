/** What the settings of a connection are called, what is suggested for those that are texts, and how things go. */

import { labelOf } from "../shared/words.js";

const LABELS = {
  calls: "Calls for each",
  per: "Counted for each",
  message_s: "Time per message",
  at_once: "All at once",
  push: "Pushed to clients",
  route: "Events of the WebSocket",
  branch: "Parallel branch",
  takes_ms: "The task takes",
  map: "Map state",
  items: "Elements of the Map",
  items_per_child: "Elements for each child",
  states_per_item: "States for each element",
  children: "Child workflows",
  map_reader: "The Map lists its elements here",
  via: "Way out of private subnets",
  cross_az_share: "Share across zones",
  io_per_call: "Storage requests for each query",
  replication: "Replica",
  notifies: "Leads to events",
  alias: "Alias record",
  authorizer: "Only authorizes, by",
  trigger: "Triggers",
  event: "At the event",
  envelope_kb: "Envelope of SNS",
  escaped_share: "Longer by escapes",
  attached: "Looks at the requests",
  control: "Only configures",
};

const HOWS = {
  attach: "It stands beside",
  buffer: "It is gathered and delivered",
  call: "It calls",
  log: "It writes a log",
  origin: "It fetches on a miss",
  poll: "AWS polls for the target",
  push: "It sends each",
  replication: "It copies",
  rule: "A rule routes",
  subscription: "It delivers to a subscription",
  task: "It is a task of the workflow",
  trigger: "It runs code on events",
};

const WAYS = ["auto", "public", "nat", "gateway_endpoint"];
const WAY_TYPES = new Set(["vpc_endpoint", "nat_gateway"]);
const SHARED_NAMES = new Set(["rule", "branch"]); // what several connections of one source have in common

/** The label of a setting. */
export const settingLabel = (page, name) =>
  LABELS[name] ?? labelOf(name, page.flowInputs.connection.map((input) => input.name));

/** "It delivers to a subscription: a message for each." */
export const howInWords = ({ how, arrives }) => `${HOWS[how] ?? how}${arrives ? `: ${arrives}` : ""}.`;

/** The texts that are suggested for a setting. */
export function suggestions(page, connection, name) {
  const { components, connections = [] } = page.architecture;
  if (name === "via") {
    return [...WAYS, ...components.filter(({ type }) => WAY_TYPES.has(type)).map((component) => component.name)];
  }
  if (!SHARED_NAMES.has(name)) return [];
  const beside = connections.filter((other) => other !== connection && other.from === connection.from);
  return [...new Set(beside.map((other) => other[name]).filter((value) => value !== undefined))];
}
