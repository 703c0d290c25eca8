// Keys of the staff pages: j and k move the row, Enter opens it, / searches, n begins, ? lists the keys.
// Keys never act while text is being typed or composed, nor with a modifier, nor where they are switched off.
(() => {
  "use strict";
  if (document.body.dataset.keys === "off") return;
  const rows = () => [...document.querySelectorAll("tr[data-row]")];
  const typing = (target) => target.closest("input, textarea, select, [contenteditable]");

  const move = (step) => {
    const all = rows();
    if (!all.length) return;
    const at = all.findIndex((row) => row.classList.contains("is-focus"));
    const next = all[Math.min(Math.max(at + step, 0), all.length - 1)];
    if (at >= 0) all[at].classList.remove("is-focus");
    next.classList.add("is-focus");
    next.querySelector("a[data-open]").focus({ preventScroll: true });
    next.scrollIntoView({ block: "nearest" });
  };

  const acts = {
    j: () => move(1),
    k: () => move(-1),
    "/": () => document.getElementById("head-search")?.focus(),
    n: () => document.querySelector("[data-new]")?.click(),
    "?": () => document.getElementById("keys")?.showModal(),
  };

  document.addEventListener("keydown", (event) => {
    if (event.isComposing || event.ctrlKey || event.metaKey || event.altKey || typing(event.target)) return;
    const act = acts[event.key];
    if (!act) return;
    event.preventDefault();
    act();
  });

  document.addEventListener("focusin", (event) => {
    const row = event.target.closest("tr[data-row]");
    if (!row) return;
    rows().forEach((each) => each.classList.toggle("is-focus", each === row));
  });
})();
