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
  // Ticked rows are counted; one box ticks the page. Lists arrive by htmx too, so the document listens.
  document.addEventListener("change", (event) => {
    const boxes = [...document.querySelectorAll('input[form="bulk"][name="pick"]')];
    if (event.target.matches("[data-pick-all]")) boxes.forEach((box) => { box.checked = event.target.checked; });
    else if (event.target.name !== "pick") return;
    const count = boxes.filter((box) => box.checked).length;
    boxes.forEach((box) => box.closest("tr").classList.toggle("is-picked", box.checked));
    const told = document.querySelector("[data-picked]");
    told.textContent = told.dataset.picked.replace("{n}", count);
  });
  // After a refused form the first wrong field has the focus.
  document.querySelector('[aria-invalid="true"]')?.focus();
})();
