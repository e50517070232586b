// The page: a conversation on one side, why it went as it did on the other.

import * as api from "./api.js";
import { diagram, pathList } from "./diagram.js";
import { byId, el, percent, reading } from "./dom.js";
import { FIRST, PARTS, nextFor } from "./examples.js";
import { wireGolden } from "./golden.js";
import { calls, candidates, card, slots, stages, verdict, whyNot } from "./panels.js";
import { LiveSession, sessionBar } from "./session.js";

const LONGEST_EXPLAINED = 2000; // characters; the server's bound
const state = { about: null, conversation: null, turns: [], live: null, handover: null, step: null, shown: null, busy: false };

async function begin() {
  try {
    state.about = await api.describe();
  } catch (error) {
    if (error.status === 401) askWho(error.message);
    else note(error.message, "bad");
    return;
  }
  const { pack, sandbox } = state.about;
  byId("facts").replaceChildren(
    el("span", { class: `tag ${sandbox ? "calm" : "warn"}` }, sandbox ? "sandbox: nothing is real" : "real service"),
    el("span", { title: `hash ${pack.hash}` }, `${pack.name} ${pack.version} · ${pack.hash.slice(0, 8)}`));
  byId("fault-field").hidden = !sandbox;
  fresh();
}

/** Why an earlier token was refused is told; that there was none need not be. */
function askWho(why) {
  byId("sign-in-told").textContent = byId("token").value ? why : "";
  byId("sign-in").showModal();
}

function fresh() {
  state.live?.close();
  Object.assign(state, {
    conversation: api.freshId(),
    turns: [], live: new LiveSession(state.about.sandbox), handover: null, step: null, shown: null,
  });
  byId("log").replaceChildren(welcome);
  busy(false);
  byId("save").disabled = true;
  showState();
  showEmpty();
  byId("text").focus();
}

const welcome = byId("welcome");

function showEmpty() {
  byId("panels").replaceChildren(...PARTS.map(([title, told]) => card(title, { kind: "ghost" }, el("p", { class: "empty" }, told))));
}

const now = () => state.turns.at(-1)?.state ?? state.about.states[0];

function showState() {
  const walked = state.turns.filter((t) => t.before !== t.state);
  byId("now").replaceChildren("now ", el("b", {}, now()));
  byId("path").replaceChildren(...pathList(walked.map((t) => ({
    number: t.number, from: t.before, to: t.state, by: t.event?.replaceAll("_", " ") ?? t.calls.at(-1)?.operation.replaceAll("_", " "),
  }))));
  draw();
  const last = state.turns.at(-1);
  byId("next").replaceChildren(...(last ? nextFor(last.state, last.outcome) : []).map(chip));
  sessionBar(byId("session"), state.step, happen);
}

function draw() {
  const box = byId("diagram");
  const walked = state.turns.filter((t) => t.before !== t.state).map((t) => [t.before, t.state]);
  box.replaceChildren(diagram(state.about, walked, now(), Math.max(280, box.clientWidth)));
}

const chip = (text) => el("button", { type: "button", class: "chip", onclick: () => send(text) }, text);

async function send(text) {
  if (state.busy || !text.trim()) return;
  byId("text").value = "";
  size();
  bubble("you", text);
  await turn(text, null, (id) => api.say(state.conversation, text, id));
}

/** What happens at the client: the WebSocket first, then the event. */
async function happen(kind) {
  if (state.busy) return;
  busy(true);
  if (kind === "session_live") {
    try {
      const heard = await state.live.open(state.handover.path);
      if (heard) note(`The service says: “${heard}”`, "service");
    } catch (error) {
      busy(false);
      note(error.message, "bad");
      return;
    }
  }
  if (kind === "session_ended") state.live.close();
  note(kind.replaceAll("_", " "), "event");
  await turn(kind, kind, (id) => api.tell(state.conversation, kind, state.handover.session_id, id));
}

async function turn(said, event, ask) {
  const conversation = state.conversation;
  busy(true);
  try {
    const answer = await ask(api.freshId());
    if (conversation !== state.conversation) return; // a new one was begun meanwhile
    const entry = { ...answer, said, event, number: state.turns.length + 1, before: now() };
    busy(false);
    if (entry.calls.length) byId("fault").value = ""; // it was for one call
    state.turns.push(entry);
    step(entry);
    if (answer.reply) bubble("agent", answer.reply, entry);
    else if (answer.decision) bubble("agent", "(handed on)", entry);
    byId("save").disabled = !state.turns.some((t) => !t.event);
    showState();
    await show(entry);
  } catch (error) {
    if (conversation !== state.conversation) return;
    busy(false);
    note(error.message, "bad");
  }
}

function step({ event, outcome }) {
  if (outcome.handover) Object.assign(state, { handover: outcome.handover, step: state.step === "live" ? "live" : "ready" });
  if (event === "session_live") state.step = "live";
  if (event === "session_ended") state.step = "ended";
  if (event === "video_uploaded" && !outcome.error) state.step = null;
}

function busy(on) {
  state.busy = on;
  byId("send").disabled = on;
  byId("log").setAttribute("aria-busy", on);
  byId("log").querySelector(".typing")?.remove();
  if (on) byId("log").append(el("div", { class: "typing", "aria-hidden": "true" }, el("i"), el("i"), el("i")));
  scroll();
}

function bubble(who, text, entry = null) {
  byId("welcome")?.remove();
  const body = el("div", { class: `bubble ${who}` }, el("span", { class: "hidden" }, who === "you" ? "You: " : "Agent: "), el("p", {}, text));
  byId("log").append(body);
  if (entry?.decision) byId("log").append(why(entry));
  scroll();
}

function why(entry) {
  const { decision, outcome } = entry;
  const failed = outcome.kind === "error" ? el("span", { class: "tag bad" }, "failed") : null;
  const asks = outcome.kind === "question" ? el("span", { class: "tag warn" }, "asks first") : null;
  return el("button", { type: "button", class: "why", "data-turn": entry.number, onclick: () => show(entry, true) },
    el("b", {}, reading(decision)), el("span", {}, percent(decision.confidence)), failed, asks, el("span", { class: "look" }, "why?"));
}

function note(text, kind) {
  byId("welcome")?.remove();
  byId("log").append(el("p", { class: `note ${kind}` }, text));
  scroll();
}

/** To the end, but never past the message that is being answered. */
function scroll() {
  const log = byId("log");
  const said = [...log.querySelectorAll(".bubble.you, .note.event")].at(-1);
  log.scrollTop = said ? Math.min(log.scrollHeight, said.offsetTop - log.offsetTop - 14) : log.scrollHeight;
}

/** Puts a turn into the panels; `jump` goes there, for a page on which they are out of sight. */
async function show(entry, jump = false) {
  state.shown = entry;
  if (entry.decision) entry.explained ??= await explained(entry);
  if (state.shown !== entry) return;
  for (const button of document.querySelectorAll(".why")) button.setAttribute("aria-pressed", button.dataset.turn === String(entry.number));
  if (!entry.decision) {
    byId("panels").replaceChildren(card("Event", { kind: "wide", aside: `turn ${entry.number}` },
      el("p", {}, `The client reported: ${entry.event.replaceAll("_", " ")}. Nothing had to be decided.`)), calls(entry));
    return;
  }
  const { about } = state;
  byId("panels").replaceChildren(verdict(entry, about),
    el("div", { class: "column" }, candidates(entry, about, entry.explained), whyNot(entry, about, (wanted) => ask(entry, wanted))),
    el("div", { class: "column" }, slots(entry), calls(entry)),
    stages(entry, entry.explained));
  if (jump) byId("decision").scrollIntoView({ block: "start" });
}

async function explained(entry) {
  if (entry.said.length > LONGEST_EXPLAINED) return null;
  const recorded = await api.record(state.conversation);
  entry.context = recorded.find((one) => one.turn_id === entry.turn_id)?.context ?? {};
  return api.explain(entry.said, entry.context);
}

async function ask(entry, wanted) {
  if (!entry.explained) return { problem: "This message is too long to be taken apart." };
  try {
    return await api.whyNot(entry.said, wanted, entry.context);
  } catch (error) {
    return { problem: error.message };
  }
}

function size() {
  const field = byId("text");
  field.style.setProperty("--lines", Math.min(8, field.value.split("\n").length));
}

byId("form").addEventListener("submit", (event) => {
  event.preventDefault();
  send(byId("text").value);
});
byId("text").addEventListener("input", size);
byId("text").addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
  event.preventDefault();
  send(event.target.value);
});
byId("fresh").addEventListener("click", fresh);
byId("fault").addEventListener("change", async ({ target }) => {
  try {
    await api.failNext(target.value || null);
  } catch (error) {
    note(error.message, "bad");
  }
});
byId("sign-in-form").addEventListener("submit", (event) => {
  event.preventDefault();
  api.signIn(byId("token").value);
  byId("sign-in").close();
  begin();
});
byId("examples").replaceChildren(...FIRST.map(([name, text]) =>
  el("li", {}, el("button", { type: "button", onclick: () => send(text) }, el("b", {}, name), el("span", {}, text)))));
wireGolden(() => ({ conversation: state.conversation, title: state.turns.find((t) => !t.event)?.said ?? "" }));
new ResizeObserver(() => state.about && draw()).observe(byId("diagram"));
begin();
