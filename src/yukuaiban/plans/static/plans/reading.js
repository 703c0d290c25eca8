// Marking a stretch of the plan with the mouse. Nothing here is needed: first and last words can be typed instead.
// Pages arrive by htmx too, so the document listens.
(() => {
  "use strict";
  const SHOWN = 10;
  // Offsets count characters of the text as read; a character outside the BMP is two units here and one there.
  const length = (text) => Array.from(text).length;

  function offset(node, at) {
    const holder = (node.nodeType === Node.TEXT_NODE ? node.parentElement : node).closest("[data-at]");
    if (!holder) return null;
    const before = document.createRange();
    before.selectNodeContents(holder);
    before.setEnd(node, at);
    return Number(holder.dataset.at) + length(before.toString());
  }

  // A stretch that begins or ends beside the text (on a number, at the edge of a line) is drawn in to the text.
  function stretch(body, range) {
    const inside = [...body.querySelectorAll("[data-at]")].filter((each) => range.intersectsNode(each));
    if (!inside.length) return null;
    const first = inside[0];
    const last = inside[inside.length - 1];
    const start = offset(range.startContainer, range.startOffset);
    const end = offset(range.endContainer, range.endOffset);
    return {
      start: start === null ? Number(first.dataset.at) : start,
      end: end === null ? Number(last.dataset.at) + length(last.textContent) : end,
    };
  }

  function words(body, found) {
    let text = "";
    body.querySelectorAll("[data-at]").forEach((each) => {
      const letters = Array.from(each.textContent);
      const at = Number(each.dataset.at);
      text += letters.slice(Math.max(found.start - at, 0), Math.max(found.end - at, 0)).join("");
    });
    return text.replace(/\s+/g, "");
  }

  function fill(name, value) {
    document.querySelectorAll(`[data-${name}]`).forEach((field) => { field.value = value; });
  }

  document.addEventListener("mouseup", () => {
    const body = document.querySelector(".rd-body");
    const picked = document.getSelection();
    const form = document.querySelector(".rd-pick");
    if (!body || !form || !picked.rangeCount || picked.isCollapsed) return;
    const range = picked.getRangeAt(0);
    if (!body.contains(range.commonAncestorContainer)) return;
    const found = stretch(body, range);
    if (!found || found.start >= found.end) return;
    const said = Array.from(words(body, found));
    fill("start", found.start);
    fill("end", found.end);
    fill("first", said.slice(0, SHOWN).join(""));
    fill("last", said.length > SHOWN ? said.slice(-SHOWN).join("") : "");
    form.classList.add("is-marked");
  });

  // Whoever types words means them, not what was marked before.
  document.addEventListener("input", (event) => {
    const form = event.target.closest("form");
    if (!form || !event.target.matches("[data-first], [data-last]")) return;
    form.querySelectorAll("[data-start], [data-end]").forEach((field) => { field.value = ""; });
  });

  // A click on coloured words opens their row on the right.
  document.addEventListener("click", (event) => {
    const mark = event.target.closest(".rd-body mark[data-key]");
    if (!mark || !document.getSelection().isCollapsed) return;
    document.getElementById(`e-${mark.dataset.key}`)?.click();
  });

  function settle() {
    const panel = document.getElementById("edit");
    if (!panel) return;
    panel.scrollIntoView({ block: "nearest" });
    (panel.querySelector('[aria-invalid="true"]') || panel).focus({ preventScroll: true });
  }
  document.addEventListener("htmx:afterSettle", settle);
  settle();

  ["htmx:sendError", "htmx:responseError"].forEach((name) => document.addEventListener(name, () => {
    const told = document.getElementById("rd-away");
    if (!told) return;
    told.hidden = false;
    told.scrollIntoView({ block: "nearest" });
  }));
})();
