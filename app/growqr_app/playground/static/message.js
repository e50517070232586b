// A message with what was found in it: slots, and the words that spoke for or against the reading.

import { el, shown } from "./dom.js";

const PIECES = 400;

/** The message as text with marks, and the legend of those that occur. */
export function annotated(text, decision) {
  const points = Array.from(text); // spans count code points
  const cuts = new Set([0, points.length]);
  const spans = spansOf(decision);
  for (const { start, end } of spans) cuts.add(start).add(end);
  const edges = [...cuts].filter((at) => at <= points.length).sort((a, b) => a - b).slice(0, PIECES);
  if (edges.at(-1) !== points.length) edges.push(points.length);
  const strongest = Math.max(1, ...spans.filter((s) => s.kind !== "slot").map((s) => Math.abs(s.weight)));
  const parts = [];
  for (let n = 1; n < edges.length; n += 1) {
    const covering = spans.filter((s) => s.start <= edges[n - 1] && s.end >= edges[n]);
    parts.push(piece(points.slice(edges[n - 1], edges[n]).join(""), covering, strongest));
  }
  const kinds = new Set(spans.map((s) => s.kind));
  return [el("p", { class: "quoted" }, parts), kinds.size ? legend(kinds) : null];
}

function spansOf(decision) {
  const slots = Object.entries(decision.spans).flatMap(([name, spans]) =>
    spans.map(({ start, end }) => ({ kind: "slot", start, end, told: `${name}: ${shown(decision.slots[name] ?? "")}` })));
  const terms = decision.evidence.filter((term) => term.span && term.weight).map((term) => ({
    kind: term.weight > 0 ? "for" : "against",
    start: term.span[0], end: term.span[1], weight: term.weight,
    told: `${term.rule} ${signed(term.weight)}`,
  }));
  return [...slots, ...terms];
}

function piece(text, covering, strongest) {
  if (!covering.length) return text;
  const weight = covering.reduce((sum, s) => sum + (s.weight ?? 0), 0);
  const slot = covering.some((s) => s.kind === "slot");
  const kind = slot ? "slot" : weight >= 0 ? "for" : "against";
  const told = covering.slice().sort((a, b) => Math.abs(b.weight ?? 1e9) - Math.abs(a.weight ?? 1e9)).slice(0, 6);
  const strength = Math.min(1, 0.35 + Math.abs(weight) / strongest / 1.5).toFixed(2);
  return el("mark", { class: kind, title: told.map((s) => s.told).join("\n"), vars: { strength } }, text);
}

function legend(kinds) {
  const names = { slot: "a value", for: "speaks for it", against: "speaks against it" };
  return el("p", { class: "legend" }, Object.keys(names).filter((kind) => kinds.has(kind)).map((kind) =>
    el("span", {}, el("i", { class: `swatch ${kind}` }), names[kind])));
}

export const signed = (weight) => (weight > 0 ? `+${weight}` : `−${Math.abs(weight)}`);
