/** The service behind the pages: component types, estimates, meters and saved architectures, over HTTP. */

const UNREACHABLE = {
  title: "The service cannot be reached",
  detail: "Your document is kept on this page. Try again when the connection is back.",
};

/** Ask the service. The answer is always { ok, status, body, etag }; a lost connection is a problem like others. */
async function ask(path, { method = "GET", body, headers = {}, signal } = {}) {
  const sent = body === undefined ? {} : { body: JSON.stringify(body) };
  const kind = body === undefined ? {} : { "Content-Type": "application/json" };
  try {
    const response = await fetch(path, { method, headers: { ...kind, ...headers }, signal, ...sent });
    const text = await response.text();
    const answer = text ? JSON.parse(text) : null;
    return { ok: response.ok, status: response.status, body: answer, etag: response.headers.get("ETag") };
  } catch (error) {
    if (error.name === "AbortError") throw error;
    return { ok: false, status: 0, body: UNREACHABLE, etag: null };
  }
}

/** All component types, and what may be said of traffic, connections and hidden lines. */
export const componentTypes = () => ask("api/v1/types");

/** What AWS carries between two component types, and what it refuses. */
export const connections = () => ask("api/v1/connections");

/** The bill and the limits of an architecture. */
export const estimate = (architecture, signal) =>
  ask("api/v1/estimates", { method: "POST", body: architecture, signal });

/** Metrics of AWS's price feeds whose names hold these words. */
export const publishedMeters = (words, signal) =>
  ask(`api/v1/meters?${new URLSearchParams({ q: words, type: "metered_usage", limit: 50 })}`, { signal });

/** Every limit that AWS sets. */
export const quotas = () => ask("api/v1/quotas");

/** Which component types have prices where, on a day; "" is today. */
export const coverage = (day) => ask(`api/v1/coverage${day ? `?as_of=${day}` : ""}`);

/** The document that the page starts with. */
export const example = () => ask("static/example.json");

/** A document in which the traffic is said once. */
export const exampleWithTraffic = () => ask("static/example_traffic.json");

const SAVED = "api/v1/architectures";

/** Saved architectures, the oldest first, after the first `offset`. */
export const savedList = (offset) => ask(`${SAVED}?limit=50&offset=${offset}`);

/** One saved architecture and its ETag. */
export const savedOne = (id) => ask(`${SAVED}/${id}`);

/** Save an architecture as a new one. */
export const saveNew = (architecture) => ask(SAVED, { method: "POST", body: { document: architecture } });

/** Save changes, only if nobody else has saved since this ETag. */
export const saveChanges = (id, architecture, etag) =>
  ask(`${SAVED}/${id}`, { method: "PUT", body: { document: architecture }, headers: { "If-Match": etag } });

/** Delete a saved architecture, only if nobody else has saved since this ETag. */
export const deleteSaved = (id, etag) =>
  ask(`${SAVED}/${id}`, { method: "DELETE", headers: { "If-Match": etag } });
