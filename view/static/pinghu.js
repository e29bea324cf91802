// SPDX-License-Identifier: Apache-2.0
// Everything works without this file; with it, a few things are kinder.
document.addEventListener("DOMContentLoaded", () => {
  // After a refused form, go to what was said about it.
  const problem = document.getElementById("problem");
  if (problem) problem.focus();
  // A form goes once, however often the button is pressed.
  for (const form of document.querySelectorAll("form[method=post]"))
    form.addEventListener("submit", (event) => {
      if (form.dataset.sent) event.preventDefault();
      form.dataset.sent = "yes";
    });
  // A question that follows from another answer is asked only after that answer.
  for (const asked of document.querySelectorAll("[data-shown-when]")) {
    const [name, value] = asked.dataset.shownWhen.split("=");
    const form = asked.closest("form");
    const show = () => {
      asked.hidden = new FormData(form).get(name) !== value;
      for (const field of asked.querySelectorAll("input, select, textarea")) field.disabled = asked.hidden;
    };
    asked.querySelector(".condition")?.remove();
    form.addEventListener("change", show);
    show();
  }
  // Coming back with the browser's own button, it may go again.
  window.addEventListener("pageshow", () => {
    for (const form of document.forms) delete form.dataset.sent;
  });
});
