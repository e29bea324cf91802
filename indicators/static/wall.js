// SPDX-License-Identifier: Apache-2.0
// Keeps the wall screen fresh: asks for the page again and puts in what has changed. When the centre cannot be
// reached, what is shown stays, and the screen says so.
"use strict";
(() => {
  const SECONDS = 10;
  const partsOf = (page) => [...page.querySelectorAll("[data-part]")];
  const textOf = new Map(partsOf(document).map((part) => [part.dataset.part, null]));
  const notice = document.querySelector("[data-stale]");

  function renew(fresh) {
    for (const part of partsOf(document)) {
      const text = fresh.querySelector(`[data-part="${part.dataset.part}"]`)?.innerHTML ?? "";
      if (text === textOf.get(part.dataset.part)) continue;
      textOf.set(part.dataset.part, text);
      window.pinghuFigures.clearAll(part);
      part.innerHTML = text;
      window.pinghuFigures.drawAll(part);
    }
  }

  async function ask() {
    const answer = await fetch(location.href, { headers: { Accept: "text/html" }, signal: AbortSignal.timeout(SECONDS * 1000) });
    if (!answer.ok) throw new Error(String(answer.status));
    return new DOMParser().parseFromString(await answer.text(), "text/html");
  }

  async function goOn() {
    try {
      renew(await ask());
      notice.textContent = "";
    } catch {
      notice.textContent = notice.dataset.stale;
    }
    setTimeout(goOn, SECONDS * 1000);
  }

  setTimeout(goOn, SECONDS * 1000);
})();
