// The hall display: says when it has lost its server, hides the lights when they may be wrong, stops turning on a key.
(() => {
  "use strict";
  const LATE = 60_000;
  const OLD = 600_000;
  const screen = document.getElementById("figures");
  let heard = performance.now();
  let stopped = false;

  document.body.addEventListener("htmx:afterRequest", (event) => {
    if (event.detail.successful) heard = performance.now();
  });
  document.body.addEventListener("htmx:configRequest", (event) => {
    const page = screen.querySelector("[data-page]")?.dataset.page;
    if (stopped && page) event.detail.parameters.page = page;
  });
  document.addEventListener("keydown", () => {
    stopped = !stopped;
  });
  setInterval(() => {
    const age = performance.now() - heard;
    document.body.classList.toggle("is-late", age > LATE);
    document.body.classList.toggle("is-old", age > OLD);
  }, 1000);
})();
