// Small helps of the office's pages; every page works without them.
(() => {
  "use strict";
  document.documentElement.classList.add("js");

  // The menu on a narrow screen.
  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-opens]");
    if (!button) return;
    const target = document.getElementById(button.dataset.opens);
    const open = target.classList.toggle("show");
    button.setAttribute("aria-expanded", String(open));
  });

  // A form is sent once, however often its button is pressed.
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (form.method !== "post" || event.defaultPrevented) return;
    if (form.dataset.sent) {
      event.preventDefault();
      return;
    }
    form.dataset.sent = "1";
  });
  window.addEventListener("pageshow", () => {
    for (const form of document.querySelectorAll("form[data-sent]")) delete form.dataset.sent;
  });

  // A choice that is to be acted on at once: <select data-submits>.
  document.addEventListener("change", (event) => {
    if (event.target.matches("[data-submits]")) event.target.form.requestSubmit();
  });

  // What was unfolded stays unfolded when a part of the page renews itself.
  let unfolded = [];
  document.addEventListener("htmx:beforeSwap", () => {
    unfolded = Array.from(document.querySelectorAll("details[id][open]"), (one) => one.id);
  });
  document.addEventListener("htmx:afterSwap", () => {
    for (const id of unfolded) document.getElementById(id)?.setAttribute("open", "");
  });

  // After a refusal the reader is told first what is wrong.
  const refusal = document.getElementById("refusal");
  if (refusal) refusal.focus();
})();
