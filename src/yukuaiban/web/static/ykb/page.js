// Small helps of every page. Nothing here is needed: each form and link works without a script.
(() => {
  "use strict";
  // One popover at a time; Escape closes it and gives the focus back.
  document.addEventListener("click", (event) => {
    document.querySelectorAll("details.yk-menu[open], details.pub-menu-box[open], details.yk-more[open]").forEach((box) => {
      if (!box.contains(event.target)) box.open = false;
    });
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    const box = document.querySelector("details.yk-menu[open], details.pub-menu-box[open], details.yk-more[open]");
    if (!box) return;
    box.open = false;
    box.querySelector("summary").focus();
  });
  document.querySelectorAll("[data-print]").forEach((button) => button.addEventListener("click", () => window.print()));
  // After a refused form the first wrong field has the focus.
  document.querySelector('[aria-invalid="true"]')?.focus();
})();
