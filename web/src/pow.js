// Proof of work in ALTCHA's format. The npm package was looked at and left out: 83 kB, its own
// words and looks, and WebCrypto, which browsers withhold on plain-http office networks.
import { each, word } from "./words.js";

function solved(workerUrl, challenge) {
  return new Promise((resolve, reject) => {
    const worker = new Worker(workerUrl);
    worker.addEventListener("message", ({ data }) => { worker.terminate(); resolve(data); });
    worker.addEventListener("error", reject);
    worker.postMessage(challenge);
  });
}

each("form[data-pow]", (form) => {
  const field = form.querySelector("input[name=altcha]");
  const status = form.querySelector("[data-pow-status]");
  const show = (text) => { if (status) status.textContent = text; };

  const work = (async () => {
    show(word("proving"));
    const answer = await fetch(form.dataset.pow, { headers: { Accept: "application/json" } });
    const challenge = await answer.json();
    const began = performance.now();
    const number = await solved(form.dataset.powWorker, challenge);
    const { algorithm, challenge: hash, salt, signature } = challenge;
    const took = Math.round(performance.now() - began);
    field.value = btoa(JSON.stringify({ algorithm, challenge: hash, number, salt, signature, took }));
    show(word("proved"));
  })().catch(() => show("")); // the server then offers the way for browsers without script

  // Pressed before the work was done: wait for it, then send.
  form.addEventListener("submit", async (event) => {
    if (field.value || form.dataset.powWaited) return;
    event.preventDefault();
    const { submitter } = event;
    await work;
    form.dataset.powWaited = "1";
    form.removeAttribute("aria-busy");
    if (submitter) submitter.click();
    else form.submit();
  });
});
