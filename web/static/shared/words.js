/** Names, numbers and money in the words and digits a person reads. */

const UNITS_IN_NAMES = new Set(["ms", "s", "kb", "mb", "gb", "tb"]);
const ABBREVIATIONS = new Set([
  "api", "aws", "dlq", "dns", "fifo", "gb", "http", "https", "id", "ip", "kb", "kms", "mb", "nat", "pitr", "sms", "sns", "sqs",
  "tb", "tls", "ttl", "url", "vpc",
]);
const IN_FULL = {
  rps: "requests per second",
  tps: "transactions per second",
  rcu: "read units",
  wcu: "write units",
  snapstart: "SnapStart",
};

const inWords = (word) => IN_FULL[word] ?? (ABBREVIATIONS.has(word) ? word.toUpperCase() : word);

/** "provisioned_hours" as "Provisioned hours". */
export function sentence(name) {
  const text = name.split(/[_.]+/).map(inWords).join(" ");
  return text.charAt(0).toUpperCase() + text.slice(1);
}

function withoutUnit(name) {
  const words = name.split("_");
  const unit = words.at(-1);
  if (words.length === 1 || !UNITS_IN_NAMES.has(unit)) return name;
  return [...words.slice(0, -1), ...(unit === "kb" ? ["size"] : [])].join("_");
}

/** The label of an input: its name without the unit, which stands beside it, unless two would read alike. */
export function labelOf(name, names) {
  const alone = names.filter((each) => withoutUnit(each) === withoutUnit(name)).length === 1;
  return sentence(alone ? withoutUnit(name) : name);
}

/** A choice or another value as words: true is "yes". */
export function valueInWords(value) {
  if (value === true) return "yes";
  if (value === false) return "no";
  if (value === null || value === undefined) return "none";
  if (typeof value === "number") return quantity(value);
  return String(value);
}

const digits = (options) => {
  const format = new Intl.NumberFormat("en-US", options);
  return (value) => format.format(value);
};
const large = digits({ maximumFractionDigits: 2 });
const small = digits({ maximumSignificantDigits: 6 });
const cents = digits({ style: "currency", currency: "USD" });
const tiny = digits({ style: "currency", currency: "USD", minimumSignificantDigits: 2, maximumSignificantDigits: 2 });
const exact = digits({ style: "currency", currency: "USD", minimumFractionDigits: 2, maximumFractionDigits: 15 });
const percent = digits({ style: "percent", maximumFractionDigits: 1 });

/** A count or a size, with as many digits as say something. */
export const quantity = (value) => (Math.abs(value) >= 1000 ? large(value) : small(value));

/** A quantity with its unit: "1,000,000 requests", "60 requests/s", "400,000 GB-s". */
export function amount(value, unit) {
  const counted = value === 1 ? unit : unit.replace(/^[a-z]{3,}(?=\/|$)/, "$&s");
  return `${quantity(value)} ${counted}`;
}

/** An amount in USD, to the cent; below ten cents with two digits that are not zero, so that it never reads $0.00. */
export const money = (value) => (value !== 0 && Math.abs(value) < 0.1 ? tiny(value) : cents(value));

/** A price of one unit in USD, with all its digits. */
export const unitPrice = (value) => exact(value);

/** A part of the whole. */
export function share(part, whole) {
  if (whole <= 0) return "–";
  return part > 0 && part / whole < 0.001 ? "< 0.1%" : percent(part / whole);
}

/** "1 limit", "2 limits", "3 matches". */
export const counted = (count, noun, nouns = `${noun}s`) => `${count} ${count === 1 ? noun : nouns}`;

/** Whether a text holds each of these words, in any order. */
export const holds = (text, words) =>
  words.toLowerCase().split(/\s+/).every((word) => text.toLowerCase().includes(word));

/** The place that prices a line item: "us-east-1", "all regions", "CloudFront, South America". */
export function placeInWords(place) {
  if (place === "global") return "all regions";
  if (!place.startsWith("cf:")) return place;
  const name = place.slice(3).replaceAll("-", " ");
  return `CloudFront, ${name === "eu" ? "Europe" : name.replace(/\b[a-z]/g, (letter) => letter.toUpperCase())}`;
}

/** 2026-09-01 as 1 September 2026; a date is a day, so no time zone may shift it. */
export function day(date) {
  const moment = new Date(`${date}T00:00:00Z`);
  if (Number.isNaN(moment.valueOf())) return String(date);
  return moment.toLocaleDateString("en-GB", { day: "numeric", month: "long", year: "numeric", timeZone: "UTC" });
}
