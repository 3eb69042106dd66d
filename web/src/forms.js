// Forms: sent once, drafts kept on the server as they are typed, characters counted.
import { BACKGROUND, each, say, word } from "./words.js";

const PAUSE = 1500;
const RELEASE = 6000; // a download or a stopped request must not lock the form for good

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.getAttribute("aria-busy") === "true") {
    event.preventDefault();
    event.stopImmediatePropagation();
    return;
  }
  form.setAttribute("aria-busy", "true");
  setTimeout(() => form.removeAttribute("aria-busy"), RELEASE);
}, true);

const release = (root) => root.querySelectorAll("form[aria-busy]").forEach((form) => form.removeAttribute("aria-busy"));
window.addEventListener("pageshow", () => release(document));
document.addEventListener("htmx:afterRequest", (event) => {
  const form = event.target.closest && event.target.closest("form");
  if (form) form.removeAttribute("aria-busy");
});

function typed(form) {
  const body = new URLSearchParams();
  for (const [name, value] of new FormData(form)) if (typeof value === "string") body.append(name, value);
  return body;
}

each("form[data-draft]", (form) => {
  let timer = 0;
  let saved = String(typed(form));
  const status = form.querySelector("[data-draft-status]");
  const show = (text) => { if (status) status.textContent = text; };
  const clock = () => new Date().toLocaleTimeString(document.documentElement.lang, { hour: "2-digit", minute: "2-digit" });
  const save = async () => {
    clearTimeout(timer);
    const body = String(typed(form));
    if (body === saved || form.getAttribute("aria-busy") === "true") return;
    show(word("saving"));
    try {
      const answer = await fetch(form.dataset.draft, {
        method: "POST",
        body: new URLSearchParams(body),
        headers: { ...BACKGROUND, Accept: "application/json" },
        redirect: "manual",
        keepalive: body.length < 60000,
      });
      if (answer.ok) {
        saved = body;
        show(word("saved", { time: clock() }));
      } else if (answer.status === 422) show((await answer.json()).detail); // why it is not kept
      else if (answer.type === "opaqueredirect" || answer.status === 401) show(word("ended"));
      else show(word("unsaved"));
    } catch {
      show(word("unsaved")); // the next key or the next return to the page tries again
    }
  };
  form.addEventListener("input", () => { clearTimeout(timer); timer = setTimeout(save, PAUSE); });
  form.addEventListener("change", () => { clearTimeout(timer); timer = setTimeout(save, PAUSE); });
  form.addEventListener("submit", () => clearTimeout(timer));
  document.addEventListener("visibilitychange", () => { if (document.visibilityState === "hidden" && form.isConnected) save(); });
  window.addEventListener("online", () => { if (form.isConnected) save(); });
});

each("textarea[data-count], input[data-count]", (field) => {
  const output = document.getElementById(`${field.id}-count`);
  if (!output) return;
  const most = Number(field.dataset.count);
  const tell = () => {
    const left = most - [...field.value].length;
    output.textContent = left < 0 ? word("over", { count: -left }) : word("left", { count: left });
  };
  field.addEventListener("input", tell);
  tell();
});

each("select[data-submit-on-change]", (select) => {
  select.addEventListener("change", () => (select.form.requestSubmit ? select.form.requestSubmit() : select.form.submit()));
});

each("[data-print]", (button) => {
  button.hidden = false;
  button.addEventListener("click", () => window.print());
  if (button.dataset.print === "auto") window.addEventListener("load", () => window.print());
});

each("[data-copy]", (button) => {
  if (!navigator.clipboard) return; // plain http: the browser does not offer it
  button.hidden = false;
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(button.dataset.copy);
    say(word("copied"));
  });
});

// The summary of errors takes the focus, so that it is read first. Where the browser does that by
// itself it is left alone: two who ask for the focus make it complain.
if (!("autofocus" in HTMLElement.prototype)) {
  window.addEventListener("load", () => {
    const summary = document.querySelector(".summary[autofocus]");
    if (summary) summary.focus();
  });
}
each("a[href^='#']", (link) => link.addEventListener("click", () => {
  const target = document.getElementById(link.hash.slice(1));
  const fold = target && target.closest("details");
  if (fold) fold.open = true;
  if (target && target.matches("input, select, textarea")) target.focus();
}));
