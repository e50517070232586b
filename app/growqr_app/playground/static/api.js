// The server, as functions.

let token = null;

export class Refused extends Error {
  constructor(status, problem) {
    super(problem.detail ?? `The server answered ${status}.`);
    this.status = status;
  }
}

export function signIn(given) {
  token = given;
}

async function call(path, body) {
  const headers = token ? { Authorization: `Bearer ${token}` } : {};
  if (body !== undefined) headers["Content-Type"] = "application/json";
  let response;
  try {
    response = await fetch(path, { method: body === undefined ? "GET" : "POST", headers, body: body && JSON.stringify(body) });
  } catch {
    throw new Refused(0, { detail: "The server cannot be reached. Is it still running?" });
  }
  const answer = await response.json();
  if (!response.ok) throw new Refused(response.status, answer);
  return answer;
}

const of = (conversation) => `/v1/conversations/${encodeURIComponent(conversation)}`;

/** A new id, for a conversation or a message. */
export const freshId = () => Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, "0")).join("");

export const describe = () => call("/v1/playground");
export const say = (conversation, text, id) => call(`${of(conversation)}/messages`, { text, message_id: id });
export const tell = (conversation, kind, session, id) =>
  call(`${of(conversation)}/events`, { kind, session_id: session, message_id: id });
export const record = async (conversation) => (await call(`${of(conversation)}/turns`)).turns;
export const golden = (conversation, name) => call(`${of(conversation)}/golden`, { name });
export const explain = (text, context) => call("/v1/explain", { text, context });
export const whyNot = (text, wanted, context) => call("/v1/why-not", { text, wanted, context });
export const failNext = (fault) => call("/v1/sandbox/fault", { fault });
