// What changes while a page stands open: lists are renewed, an ending session is announced.
import { mark } from "./rows.js";
import { morph, welcome } from "./swap.js";
import { BACKGROUND, each, say, word } from "./words.js";

const WARN = 120000; // two minutes before the end (ui.md §5.7)

function busy(element) {
  const active = document.activeElement;
  const writing = active && element.contains(active) && active.matches("input, select, textarea");
  return writing || document.visibilityState === "hidden" || element.querySelector("details.step[open], input[name=pick]:checked");
}

each("[data-poll]", (element) => {
  let lost = false;
  const renew = async () => {
    if (!element.isConnected) { clearInterval(timer); return; }
    if (busy(element)) return;
    try {
      const answer = await fetch(element.dataset.poll, { headers: { ...BACKGROUND, "HX-Request": "true" }, redirect: "manual" });
      if (answer.status === 403) clearInterval(timer); // signed out: there is no news any more
      if (!answer.ok) return;
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      const fresh = page.getElementById(element.id);
      if (!fresh || busy(element)) return;
      morph(element, [fresh]);
      welcome(element);
      mark();
      lost = false;
    } catch {
      if (!lost) say(word("lost"), { bad: true });
      lost = true;
    }
  };
  const timer = setInterval(renew, 1000 * Number(element.dataset.pollSeconds || 30));
  if ("pollNow" in element.dataset) renew(); // it came empty
});

const { sessionEnds, sessionKeep } = document.body.dataset;
if (sessionEnds) {
  let ends = Date.parse(sessionEnds);
  let bar = null;
  const csrf = document.querySelector("meta[name=csrf]");

  const stay = async () => {
    try {
      const answer = await fetch(sessionKeep, {
        method: "POST",
        headers: { Accept: "application/json" },
        body: new URLSearchParams({ csrf: csrf ? csrf.content : "" }),
        redirect: "manual",
      });
      if (!answer.ok) { say(word("ended"), { bad: true }); return; }
      ends = Date.parse((await answer.json()).ends);
      bar.remove();
      bar = null;
    } catch {
      say(word("lost"), { bad: true });
    }
  };

  const warn = (text, withButton) => {
    if (!bar) {
      bar = Object.assign(document.createElement("div"), { className: "session" });
      bar.setAttribute("role", "alert");
      bar.append(document.createElement("span"));
      const button = Object.assign(document.createElement("button"), { className: "btn", type: "button", textContent: word("stay") });
      button.addEventListener("click", stay);
      bar.append(button);
      document.body.prepend(bar);
    }
    if (bar.firstChild.textContent !== text) bar.firstChild.textContent = text;
    bar.lastChild.hidden = !withButton || !sessionKeep;
  };

  setInterval(() => {
    const left = ends - Date.now();
    if (left <= 0) warn(word("ended"), false);
    else if (left <= WARN) warn(word("ending", { minutes: Math.ceil(left / 60000) }), true);
  }, 5000);
}
