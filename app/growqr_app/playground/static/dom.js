// Elements from data. Text only ever becomes text nodes: nothing here parses HTML.

const SVG = "http://www.w3.org/2000/svg";

/** An element; `props` are attributes, except `on…` listeners and `vars` (custom properties for the stylesheet). */
export function el(name, props = {}, ...children) {
  return fill(document.createElement(name), props, children);
}

/** The same for SVG. */
export function svg(name, props = {}, ...children) {
  return fill(document.createElementNS(SVG, name), props, children);
}

function fill(node, props, children) {
  for (const [key, value] of Object.entries(props)) {
    if (value === null || value === undefined || value === false) continue;
    if (key.startsWith("on")) node.addEventListener(key.slice(2), value);
    else if (key === "vars") for (const [name, to] of Object.entries(value)) node.style.setProperty(`--${name}`, to);
    else node.setAttribute(key, value === true ? "" : value);
  }
  node.append(...children.flat().filter((child) => child !== null && child !== undefined));
  return node;
}

export const byId = (id) => document.getElementById(id);

export const percent = (share, digits = 0) => `${Number((share * 100).toFixed(digits))} %`;

/** `practice.preview` on its route, as people read it. */
export const reading = ({ route, intent }) => intent ?? route;

/** Any value of a slot, on one line. */
export function shown(value) {
  if (Array.isArray(value)) return value.map(shown).join(", ");
  if (value !== null && typeof value === "object") return Object.values(value).filter(Boolean).map(shown).join(" · ");
  return String(value);
}
