// "Save as golden": the server records it and plays it once; the page hands over the file.

import * as api from "./api.js";
import { byId, el } from "./dom.js";

const COMBINING = /[\u0300-\u036f]/g;

export function slug(text) {
  const words = text.normalize("NFKD").replaceAll(COMBINING, "").toLowerCase().match(/[a-z0-9]{1,40}/g) ?? ["conversation"];
  return words.slice(0, 6).join("-").slice(0, 80).replace(/-$/, "");
}

/** Wires the dialog; `current()` gives {conversation, title}. */
export function wireGolden(current) {
  const dialog = byId("golden");
  const result = byId("golden-result");
  byId("save").addEventListener("click", () => {
    byId("golden-name").value = slug(current().title);
    result.replaceChildren();
    dialog.showModal();
    byId("golden-name").select();
  });
  byId("golden-form").addEventListener("submit", async (event) => {
    event.preventDefault();
    result.replaceChildren(el("p", { class: "hint" }, "Playing it…"));
    try {
      result.replaceChildren(...outcome(await api.golden(current().conversation, byId("golden-name").value)));
    } catch (error) {
      result.replaceChildren(el("p", { class: "bad" }, error.message));
    }
  });
}

function outcome({ file, yaml, holds, report, notes }) {
  const url = URL.createObjectURL(new Blob([yaml], { type: "application/yaml" }));
  return [
    el("p", { class: holds ? "good" : "bad" }, holds ? "It holds: played again, everything came as written." : "It does not hold:"),
    holds ? null : el("pre", {}, report),
    ...notes.map((note) => el("p", { class: "hint" }, note)),
    el("p", { class: "row" }, el("a", { class: "button strong", href: url, download: file }, `Save ${file}`),
      el("code", {}, `growqr golden run ${file}`)),
    el("details", { open: true }, el("summary", {}, "What is in it"), el("pre", { tabindex: 0 }, yaml)),
  ].filter(Boolean);
}
