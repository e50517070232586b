// A live session: the page opens the service's WebSocket itself, as a client's frontend does.

import { el } from "./dom.js";

const PATIENCE = 5000; // milliseconds for the greeting

/** Holds at most one WebSocket. */
export class LiveSession {
  constructor(access) {
    this.access = access;
    this.socket = null;
  }

  /** Opens the session at `path`; resolves to what the service says first. Without a sandbox nothing is opened. */
  open(path) {
    if (!this.access) return Promise.resolve(null);
    return new Promise((resolve, reject) => {
      const socket = new WebSocket(`${this.access.websocket}${path}?token=${encodeURIComponent(this.access.token)}`);
      const late = setTimeout(() => socket.close(), PATIENCE);
      socket.addEventListener("message", ({ data }) => {
        clearTimeout(late);
        this.socket = socket;
        resolve(JSON.parse(data).text ?? null);
      }, { once: true });
      socket.addEventListener("close", ({ reason }) => {
        clearTimeout(late);
        reject(new Error(`The service did not open the session${reason ? `: ${reason}` : ""}.`));
      }, { once: true });
    });
  }

  close() {
    this.socket?.close();
    this.socket = null;
  }
}

const STEPS = {
  ready: ["The session is handed over.", "Go live", "session_live"],
  live: ["The interview is under way at the service.", "End the session", "session_ended"],
  ended: ["The session has ended.", "Recording uploaded", "video_uploaded"],
};

/** The bar above the composer; `act(kind)` carries out what its button says. */
export function sessionBar(bar, step, act) {
  bar.hidden = !(step in STEPS);
  if (bar.hidden) return;
  const [told, label, kind] = STEPS[step];
  bar.className = `session ${step}`;
  bar.replaceChildren(el("i", { class: "dot", "aria-hidden": "true" }), el("span", {}, told),
    el("button", { type: "button", class: "button strong", onclick: () => act(kind) }, label));
}
