// The parts of a decision, each as a card.

import { annotated, signed } from "./message.js";
import { el, percent, reading, shown } from "./dom.js";

const TERMS = 4;

export function card(title, { kind = "", aside = null } = {}, ...content) {
  const id = `card-${title.toLowerCase().replaceAll(/[^a-z]+/g, "-")}`;
  return el("section", { class: `card ${kind}`, "aria-labelledby": id },
    el("header", {}, el("h2", { id }, title), aside ? el("p", { class: "aside" }, aside) : null), ...content);
}

export function verdict(turn, about) {
  const { decision } = turn;
  const says = about.classes.find((c) => c.name === reading(decision))?.says;
  return card("Decision", { kind: "wide verdict", aside: `turn ${turn.number}` },
    el("p", { class: "reading" },
      el("span", { class: `route ${decision.route}` }, decision.route),
      decision.intent ? el("strong", {}, decision.intent) : null,
      decision.abstained ? el("span", { class: "tag warn" }, "abstained") : null),
    says ? el("p", { class: "says" }, says) : null,
    ...annotated(turn.said, decision),
    el("p", { class: "because" }, "Decided by ", el("b", {}, decision.stage), ` (${decision.reason.replaceAll("_", " ")})`,
      decision.also.length ? `. Also asked for: ${decision.also.map(reading).join(", ")}` : ""),
    decision.evidence.length ? evidence(turn.said, decision) : null);
}

function evidence(text, decision) {
  const points = Array.from(text);
  const terms = decision.evidence.slice().sort((a, b) => Math.abs(b.weight) - Math.abs(a.weight));
  const most = Math.max(1, ...terms.map((t) => Math.abs(t.weight)));
  const rows = terms.map((term) => el("li", { class: term.weight < 0 ? "against" : "for" },
    el("span", { class: "weight" }, signed(term.weight)),
    el("span", { class: "bar", vars: { share: Math.abs(term.weight) / most } }),
    el("code", { title: gloss(term.rule) }, term.rule),
    term.span ? el("q", {}, points.slice(...term.span).join("")) : el("span", { class: "empty" }, gloss(term.rule))));
  const rest = rows.slice(TERMS);
  return el("div", { class: "evidence" },
    el("ul", { class: "terms" }, rows.slice(0, TERMS)),
    rest.length ? el("details", {}, el("summary", {}, `${rest.length} smaller terms`), el("ul", { class: "terms" }, rest)) : null);
}

const KINDS = {
  w: "a word", b: "two words", v: "a word as written", c: "letters of a word", k: "a concept", p: "an act with its object",
  e: "a value was found", s: "the state", r: "the role", f: "the length", n: "a negated word", a: "how it opens",
  y: "the last sentence", z: "the last sentence",
};

/** What kind of term a rule's name stands for. */
function gloss(rule) {
  if (rule === "bias") return "how often it is asked at all";
  if (rule === "rest") return "all terms too small to name";
  if (rule.startsWith("near ")) return "like an example of the pack";
  return KINDS[/^([a-z]):/.exec(rule)?.[1]] ?? "a rule of the pack";
}

export function candidates(turn, about, explained) {
  const { decision } = turn;
  const { abstain, clarify } = about.thresholds;
  const effect = about.classes.find((c) => c.name === reading(decision))?.effect ?? "none";
  const lines = [["clarify", clarify[effect] ?? 0, "asks first below"], ["abstain", abstain, "hands on below"]];
  const rows = [decision, ...decision.alternatives].slice(0, 6).map((one, n) =>
    el("li", { class: n === 0 ? "won" : "" },
      el("span", { class: "name" }, reading(one)),
      el("span", { class: "value" }, percent(one.confidence)),
      el("span", { class: "track", "aria-hidden": "true" },
        el("span", { class: "fill", vars: { share: one.confidence } }),
        lines.map(([name, at]) => (at ? el("i", { class: name, vars: { at } }) : null)))));
  return card("Candidates", { aside: "confidence" },
    el("ol", { class: "candidates" }, rows),
    el("p", { class: "legend lines" }, lines.filter(([, at]) => at).map(([name, at, told]) =>
      el("span", {}, el("i", { class: `line ${name}` }), `${name}: ${told} ${percent(at, 1)}`))),
    explained?.candidates.length ? scores(explained.candidates) : null);
}

function scores(all) {
  return el("details", {}, el("summary", {}, "Raw scores of every class"),
    el("table", { class: "plain" },
      el("caption", { class: "hidden" }, "Raw scores"),
      el("tbody", {}, all.map((one) => el("tr", {}, el("th", { scope: "row" }, reading(one)), el("td", {}, String(one.score)))))));
}

export function slots(turn) {
  const { decision, outcome } = turn;
  const stated = Object.entries(decision.slots).map(([name, value]) => {
    const [span] = decision.spans[name] ?? [];
    return row(name, value, span?.origin ?? "stated", span?.requested);
  });
  const other = Object.entries(outcome.config_origins).filter(([name]) => !(name in decision.slots)).map(([name, told]) =>
    row(name, outcome[name] ?? "", told.origin, told.requested));
  return card("Slots", { aside: stated.length || other.length ? "value and origin" : null },
    stated.length ? table("In the message", stated) : el("p", { class: "empty" }, "No value was found in this message."),
    other.length ? table("The session's setup", other) : null);
}

function table(caption, rows) {
  return el("table", { class: "slots" }, el("caption", {}, caption), el("tbody", {}, rows));
}

function row(name, value, origin, requested) {
  const text = shown(value);
  const short = text.length > 160 ? `${text.slice(0, 160)}…` : text;
  const asked = requested === null || requested === undefined ? null : el("small", {}, ` asked for ${requested}`);
  return el("tr", {}, el("th", { scope: "row" }, name.replaceAll("_", " ")), el("td", {}, short, asked),
    el("td", {}, el("span", { class: `tag ${origin}` }, origin)));
}

export function calls(turn) {
  const rows = turn.calls.map((call) => {
    const good = call.outcome === "ok";
    return el("li", { class: good ? "good" : "bad" },
      el("span", { class: "method" }, call.method), el("code", {}, call.path),
      el("span", { class: "status" }, call.status === null ? call.outcome : `${call.status}${good ? "" : ` ${call.outcome}`}`),
      el("span", { class: "time" }, `${Math.max(1, Math.round(call.milliseconds))} ms${call.attempts > 1 ? ` · ${call.attempts} attempts` : ""}`));
  });
  return card("Service calls", { aside: rows.length ? null : "none" },
    rows.length ? el("ol", { class: "calls" }, rows) : el("p", { class: "empty" }, "Nothing was called for this turn."));
}

export function stages(turn, explained) {
  if (!explained) return card("Stages", {}, el("p", { class: "empty" }, "This message is too long to be taken apart."));
  const groups = [];
  for (const { stage, did } of explained.stages) {
    if (groups.at(-1)?.stage === stage) groups.at(-1).did.push(did);
    else groups.push({ stage, did: [did] });
  }
  return card("Stages", { kind: "wide", aside: "in order" }, el("ol", { class: "stages" }, groups.map(({ stage, did }, n) =>
    el("li", { class: n === groups.length - 1 ? "decided" : "" }, el("b", {}, stage),
      el("ul", {}, did.map((one) => el("li", {}, one)))))));
}

/** `ask(wanted)` resolves to the server's answer. */
export function whyNot(turn, about, ask) {
  const answer = el("div", { class: "answer", role: "status" });
  const select = el("select", { id: "wanted", "aria-label": "Another reading" },
    about.classes.filter((c) => c.name !== reading(turn.decision)).map((c) => el("option", { value: c.name }, c.name)));
  const form = el("form", { class: "row", onsubmit: async (event) => {
    event.preventDefault();
    answer.replaceChildren(...told(await ask(select.value)));
  } }, el("label", { for: "wanted" }, "Why not"), select, el("button", { type: "submit", class: "button" }, "Ask"));
  return card("Why not …?", {}, form, answer);
}

function told({ problem, wanted, score, best, vetoes, missing, change }) {
  if (problem) return [el("p", { class: "empty" }, problem)];
  return [
    el("p", {}, el("b", {}, wanted), ` scored ${score}; the winner ${best}.`),
    vetoes.length ? el("p", {}, "Ruled out by ", vetoes.join(", "), ".") : null,
    missing.length ? el("ul", { class: "missing" }, missing.slice(0, 4).map((one) => el("li", {}, one))) : null,
    change ? el("p", { class: "change" }, "It would be, had it said ", el("q", {}, change)) : el("p", { class: "empty" }, "No small change of wording would flip it."),
  ].filter(Boolean);
}
