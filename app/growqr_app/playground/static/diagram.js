// The state machine as arcs: forward above the line of states, back below; the walked ones lit, the last one strongest.

import { el, svg } from "./dom.js";

const HEIGHT = 168;
const BASE = 92;

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
  const forward = to > from;
  const reach = Math.abs(to - from) / step / (count - 1);
  const lift = 16 + 62 * reach;
  const y = forward ? BASE - 9 : BASE + 9;
  const bend = forward ? y - lift * 1.25 : y + lift * 0.72;
  const path = `M${from} ${y} C${from} ${bend} ${to} ${bend} ${to} ${y}`;
  return svg("path", { d: path, class: kind, pathLength: 1 });
}

function node(state, x, current, visited, step) {
  const kind = ["node", visited && "visited", current && "current"].filter(Boolean).join(" ");
  return svg("g", { class: kind },
    current ? svg("circle", { cx: x, cy: BASE, r: 13, class: "halo" }) : null,
    svg("circle", { cx: x, cy: BASE, r: 7.5 }),
    svg("text", { x, y: BASE + 30, "text-anchor": "middle", class: step < 64 ? "small" : "" }, state));
}

/** The same as words: one entry for each step between states. */
export function pathList(steps) {
  return steps.map(({ number, from, to, by }) =>
    el("li", {}, el("span", { class: "turn" }, `${number}`), ` ${from} → `, el("b", {}, to), by ? el("small", {}, ` ${by}`) : null));
}
