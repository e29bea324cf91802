// SPDX-License-Identifier: Apache-2.0
// The button of a passkey's form has the browser ask the authenticator, and what comes back is sent with the form. The page says
// what else can be done for browsers in which this does not run.
document.addEventListener("DOMContentLoaded", () => {
  if (!window.PublicKeyCredential) return;
  const bytes = (text) => Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (one) => one.charCodeAt(0));
  const text = (buffer) => btoa(String.fromCharCode(...new Uint8Array(buffer))).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
  const known = (asked) => asked.known.split(" ").filter(Boolean).map((id) => ({ type: "public-key", id: bytes(id) }));

  async function create(asked) {
    const { rawId, response } = await navigator.credentials.create({ publicKey: {
      challenge: bytes(asked.challenge), rp: { id: asked.host, name: asked.centre },
      user: { id: bytes(asked.user), name: asked.account, displayName: asked.person },
      pubKeyCredParams: asked.algorithms.split(" ").filter(Boolean).map((alg) => ({ type: "public-key", alg: Number(alg) })),
      excludeCredentials: known(asked), attestation: "none",
      authenticatorSelection: { residentKey: "preferred", userVerification: "required" },
    } });
    return { id: text(rawId), client: text(response.clientDataJSON), attestation: text(response.attestationObject) };
  }

  async function use(asked) {
    const { rawId, response } = await navigator.credentials.get({ publicKey: {
      challenge: bytes(asked.challenge), rpId: asked.host, allowCredentials: known(asked), userVerification: "required",
    } });
    return { id: text(rawId), client: text(response.clientDataJSON), authenticator: text(response.authenticatorData),
      signature: text(response.signature), user: response.userHandle ? text(response.userHandle) : "" };
  }

  const ways = { create, use };
  for (const part of document.querySelectorAll("[data-passkey]")) {
    const asked = part.dataset, form = part.querySelector("form"), told = part.querySelector("[role=status]");
    const answer = form.querySelector("[name=answer]") ?? form.appendChild(Object.assign(document.createElement("input"), { type: "hidden", name: "answer" }));
    part.querySelector("[data-without]").hidden = true;
    form.addEventListener("submit", async (event) => {
      if (answer.dataset.fresh) return;
      event.preventDefault();
      event.stopImmediatePropagation();
      if (!form.reportValidity()) return;
      told.textContent = "";
      try {
        answer.value = JSON.stringify({ asked: Number(asked.asked), ...await ways[asked.passkey](asked) });
        answer.dataset.fresh = "yes";
        form.requestSubmit();
      } catch (error) {
        told.textContent = error.name === "InvalidStateError" ? asked.twice : asked.failed;
      }
    }, true);
    if ("starts" in asked && !document.getElementById("problem")) form.requestSubmit();
  }
});
