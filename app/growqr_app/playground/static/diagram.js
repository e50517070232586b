// The state machine as arcs: forward above the line of states, back below; the walked ones lit, the last one strongest.

import { el, svg } from "./dom.js";

const HEIGHT = 156;
const BASE = 78;
const HALF = 14; // of a state's height

/** `walked`: [[from, to], …] in order; `now`: the current state. Drawn for `width` pixels, so that text keeps its size. */
export function diagram({ states, edges }, walked, now, width) {
  const step = width / states.length;
  const x = Object.fromEntries(states.map((state, n) => [state, step * (n + 0.5)]));
  const visited = new Set([now, ...walked.flat()]);
  const root = svg("svg", {
    viewBox: `0 0 ${width} ${HEIGHT}`, width, height: HEIGHT, role: "img",
    "aria-label": `States: ${states.join(", ")}. The current one is ${now}.`,
  });
  const pairs = new Map(edges.filter((e) => e.source !== e.target).map((e) => [`${e.source} ${e.target}`, e]));
  for (const { source, target } of pairs.values()) root.append(arc(x[source], x[target], states.length, step, "edge"));
  walked.forEach(([from, to], n) => {
    const last = n === walked.length - 1;
    if (from !== to) root.append(arc(x[from], x[to], states.length, step, last ? "edge walked last" : "edge walked"));
  });
  for (const state of states) root.append(node(state, x[state], state === now, visited.has(state), step));
  return root;
}

function arc(from, to, count, step, kind) {
  const side = to > from ? -1 : 1;
  const lift = 16 + 68 * (Math.abs(to - from) / step / (count - 1));
  const y = BASE + side * HALF;
  const shift = (to > from ? 1 : -1) * Math.min(10, step / 6); // out on one side, in on the other
  const bend = y + side * lift;
  const path = `M${from + shift} ${y} C${from + shift} ${bend} ${to - shift} ${bend} ${to - shift} ${y}`;
  return svg("path", { d: path, class: kind, pathLength: 1 });
}

function node(state, x, current, visited, step) {
  const kind = ["node", visited && "visited", current && "current"].filter(Boolean).join(" ");
  const half = Math.min(44, step / 2 - 2);
  const box = (more) => ({ x: x - half - more, y: BASE - HALF - more, width: 2 * (half + more), height: 2 * (HALF + more), rx: HALF + more });
  return svg("g", { class: kind },
    current ? svg("rect", { ...box(4), class: "halo" }) : null,
    svg("rect", box(0)),
    svg("text", { x, y: BASE + 4.5, "text-anchor": "middle", class: step < 70 ? "small" : "" }, state));
}

/** The same as words: one entry for each step between states. */
export function pathList(steps) {
  return steps.map(({ number, from, to, by }) =>
    el("li", {}, el("span", { class: "turn" }, `${number}`), ` ${from} → `, el("b", {}, to), by ? el("small", {}, ` ${by}`) : null));
}
