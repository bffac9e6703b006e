// Talks to the worker that served this page, and to nobody else. Asks for a token once, when the worker wants one.
import { sentence } from "./format.js";
import { askForToken } from "./token.js";

const TOKEN = "sluice.token";
/** Longer than the worker's own limit for a request, so that its answer is seen. */
const TIMEOUT_MILLIS = 15_000;
let asking = null;

/** What the worker refused, in its own words. `status` 0: it did not answer. */
export class Refused extends Error {
  constructor(status, words, field) {
    super(sentence(words));
    this.status = status;
    this.field = field;
  }
}

/** Reads a document; parameters that are empty are left out. */
export function get(path, parameters = {}) {
  const query = new URLSearchParams(
    Object.entries(parameters).filter(([, value]) => value !== "" && value !== null && value !== undefined),
  );
  return call(query.size ? `${path}?${query}` : path, { method: "GET" });
}

/** Asks the worker to do something. The extra header makes a cross-site request impossible without a preflight. */
export function post(path, document = {}) {
  return call(path, {
    method: "POST",
    headers: { "Content-Type": "application/json", "X-Sluice-Request": "1" },
    body: JSON.stringify(document),
  });
}

async function call(path, options) {
  for (;;) {
    const token = sessionStorage.getItem(TOKEN);
    const answer = await send(path, options, token);
    if (answer.status !== 401) {
      return understood(answer);
    }
    await newToken(token);
  }
}

async function send(path, options, token) {
  const headers = { Accept: "application/json", ...options.headers };
  if (token) {
    headers.Authorization = `Bearer ${token}`;
  }
  try {
    return await fetch(`api/${path}`, {
      ...options,
      headers,
      cache: "no-store",
      credentials: "same-origin",
      signal: AbortSignal.timeout(TIMEOUT_MILLIS),
    });
  } catch {
    throw new Refused(0, "The worker does not answer.");
  }
}

/** One dialog for all requests that wait; the refused token is forgotten unless another request has replaced it. */
async function newToken(refused) {
  if (sessionStorage.getItem(TOKEN) !== refused) {
    return;
  }
  asking ??= askForToken(refused !== null).finally(() => {
    asking = null;
  });
  sessionStorage.setItem(TOKEN, await asking);
}

async function understood(answer) {
  const document = await answer.json().catch(() => null);
  if (answer.ok && document !== null) {
    return document;
  }
  throw new Refused(
    answer.status,
    document?.error ?? `The worker answered with status ${answer.status}.`,
    document?.field,
  );
}
