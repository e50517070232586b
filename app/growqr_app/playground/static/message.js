// A message with what was found in it: slots, and the words that spoke for or against the reading.

import { el, shown } from "./dom.js";

const PIECES = 600;
const WIDE = 0.6; // of the message: a span that long says nothing about a single word

/** The message as text with marks, and the legend of those that occur. */
export function annotated(text, decision) {
  const points = Array.from(text); // spans count code points
  const spans = spansOf(decision, points.length);
  const cuts = new Set([0, points.length, ...spans.flatMap(({ start, end }) => [start, end])]);
  const edges = [...cuts].sort((a, b) => a - b).slice(0, PIECES);
  if (edges.at(-1) !== points.length) edges.push(points.length);
  const pieces = edges.slice(1).map((end, n) => piece(points, edges[n], end, spans));
  const strongest = Math.max(1, ...pieces.map((one) => Math.abs(one.weight)));
  const kinds = new Set(pieces.map((one) => one.kind));
  return [el("p", { class: "quoted" }, merged(pieces).map((one) => marked(one, strongest))), legend(kinds)];
}

function spansOf(decision, length) {
  const slots = Object.entries(decision.spans).flatMap(([name, found]) =>
    found.map(({ start, end }) => ({ name, start, end, weight: 0, told: `${name}: ${shown(decision.slots[name] ?? "")}` })));
  const terms = decision.evidence.filter((term) => term.span && term.weight).map(({ rule, span, weight }) =>
    ({ name: null, start: span[0], end: span[1], weight, told: `${rule} ${signed(weight)}` }));
  const narrow = [...slots, ...terms].filter(({ start, end }) => end - start <= WIDE * length);
  return narrow.length ? narrow : [...slots, ...terms]; // "yes" is all of its message
}

function piece(points, start, end, spans) {
  const text = points.slice(start, end).join("");
  const covering = spans.filter((span) => span.start <= start && span.end >= end);
  const slot = covering.filter((span) => span.name).sort((a, b) => a.end - a.start - (b.end - b.start))[0];
  const weight = covering.reduce((sum, span) => sum + span.weight, 0);
  const kind = slot ? "slot" : !covering.length || !text.trim() ? "plain" : weight >= 0 ? "for" : "against";
  return { text, kind, weight, slot, told: covering.sort((a, b) => Math.abs(b.weight) - Math.abs(a.weight)).map((s) => s.told) };
}

/** Pieces of one slot become one. */
function merged(pieces) {
  const found = [];
  for (const one of pieces) {
    const last = found.at(-1);
    if (last?.slot && last.slot === one.slot) last.text += one.text;
    else found.push({ ...one });
  }
  return found;
}

function marked({ text, kind, weight, slot, told }, strongest) {
  if (kind === "plain") return text;
  const strength = (0.18 + (0.82 * Math.abs(weight)) / strongest).toFixed(2);
  const title = slot ? slot.told : told.slice(0, 6).join("\n");
  return el("mark", { class: kind, title, vars: { strength } }, text);
}

function legend(kinds) {
  const names = { slot: "a value", for: "speaks for it", against: "speaks against it" };
  return el("p", { class: "legend" }, Object.keys(names).filter((kind) => kinds.has(kind)).map((kind) =>
    el("span", {}, el("i", { class: `swatch ${kind}` }), names[kind])));
}

export const signed = (weight) => (weight > 0 ? `+${weight}` : `−${Math.abs(weight)}`);
