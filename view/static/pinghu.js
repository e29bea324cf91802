// SPDX-License-Identifier: Apache-2.0
// Everything works without this file; with it, a few things are kinder.

// ---- the session ----

const RECENT = 60000; // milliseconds; whoever was heard by the centre so lately needs not be asked
const account = document.documentElement.dataset;
let heard = Date.now();

// "lasts", "ended" or, where another account is signed in, "other"; the forms get the proof of the session that lasts.
async function askSession() {
  const answer = await fetch(account.session, { headers: { Accept: "application/json" } });
  if (answer.status === 401) return "ended";
  if (!answer.ok) return "lasts";
  const { who, token } = await answer.json();
  if (who !== account.who) return "other";
  for (const field of document.querySelectorAll("input[name=_token]")) field.value = token;
  heard = Date.now();
  return "lasts";
}

// Shows that the session has ended, until its account is signed in again. False: the person stays on the page.
function waitForSession(dialog, state) {
  const say = () => { dialog.querySelector("[role=status]").textContent = state === "other" ? dialog.dataset.other : ""; };
  say();
  if (!dialog.open) dialog.showModal();
  return new Promise((done) => {
    const end = (goesOn) => {
      window.removeEventListener("focus", look);
      dialog.onclick = dialog.oncancel = null;
      dialog.close();
      done(goesOn);
    };
    const look = async (event) => {
      state = await askSession().catch(() => "ended");
      if (state === "lasts") return end(true);
      say();
      if (state === "ended" && event.type === "click") dialog.querySelector("[role=status]").textContent = dialog.dataset.notYet;
      return undefined;
    };
    window.addEventListener("focus", look);
    dialog.onclick = (event) => {
      if (event.target.value === "go") look(event);
      if (event.target.value === "stay") end(false);
    };
    dialog.oncancel = () => end(false);
  });
}

// Does the session last, or was its account signed in again?
async function holdsSession() {
  const dialog = document.getElementById("ended");
  if (!dialog || Date.now() - heard < RECENT) return true;
  const state = await askSession().catch(() => "lasts"); // away from the net, the browser itself tells so
  return state === "lasts" || waitForSession(dialog, state);
}

// ---- what is typed at length is saved on the server ----

const PAUSE = 2000; // milliseconds
const saves = new WeakMap(); // form -> the save under way

async function save(form) {
  const note = form.querySelector("[data-kept]");
  const body = new URLSearchParams([...new FormData(form)].filter(([, value]) => typeof value === "string"));
  body.set("_save", "yes");
  const answer = await fetch(form.getAttribute("action"), { method: "POST", headers: { Accept: "application/json" }, body, keepalive: true }).catch(() => null);
  heard = answer?.ok ? Date.now() : 0;
  note.textContent = answer?.ok ? `${form.dataset.saved} ${new Date().toLocaleTimeString([], { hour: "2-digit", minute: "2-digit" })}` : form.dataset.unsaved;
}

function keepSaving(form) {
  let timer;
  const now = () => {
    if (timer) saves.set(form, save(form));
    clearTimeout(timer);
    timer = undefined;
  };
  form.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(now, PAUSE);
  });
  form.addEventListener("submit", () => {
    clearTimeout(timer);
    timer = undefined;
  });
  window.addEventListener("pagehide", now);
}

document.addEventListener("DOMContentLoaded", () => {
  // After a refused form, go to what was said about it.
  const problem = document.getElementById("problem");
  if (problem) problem.focus();
  // A form goes once, however often the button is pressed, when what is being saved of it is there and its session lasts.
  for (const form of document.querySelectorAll("form[method=post]"))
    form.addEventListener("submit", (event) => {
      if (form.dataset.sent === "now") return;
      const isWaiting = Boolean(form.dataset.sent);
      if (!isWaiting && !saves.has(form) && (!account.who || Date.now() - heard < RECENT)) {
        form.dataset.sent = "yes";
        return;
      }
      event.preventDefault();
      if (isWaiting) return;
      form.dataset.sent = "yes";
      const { submitter } = event;
      Promise.resolve(saves.get(form)).then(holdsSession).then((goesOn) => {
        if (goesOn) form.dataset.sent = "now";
        else delete form.dataset.sent;
        if (goesOn) form.requestSubmit(submitter);
        if (goesOn) form.dataset.sent = "yes";
      });
    });
  for (const form of document.querySelectorAll("form[data-saved]")) keepSaving(form);
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
