// The call panel: renewed when the hall's news says so, resumes by itself, speaks when asked to.
// Also the kiosk's slip, which makes room for the next visitor.
import { morph } from "./swap.js";
import { BACKGROUND } from "./words.js";

const AGAIN = 5000; // milliseconds until a refused stream is asked for again
const ON = "panel-voice"; // a wish of this screen

const panel = document.querySelector("[data-news]");

function calls() {
  return [...document.querySelectorAll("[data-call]")];
}

function newest() {
  return Math.max(0, ...calls().map((call) => Number(call.dataset.call)));
}

let spoken = newest();

function speaks() {
  return localStorage.getItem(ON) === "1";
}

function speak() {
  const fresh = calls().filter((call) => Number(call.dataset.call) > spoken);
  spoken = Math.max(spoken, newest());
  if (!speaks() || !window.speechSynthesis) return;
  fresh.sort((a, b) => a.dataset.call - b.dataset.call);
  for (const call of fresh) {
    for (const [lang, text] of [["zh-CN", call.dataset.zh], ["en-GB", call.dataset.en]]) {
      const said = new SpeechSynthesisUtterance(text);
      said.lang = lang;
      said.rate = 0.9;
      window.speechSynthesis.speak(said);
    }
  }
}

function offerVoice() {
  const button = document.querySelector("[data-voice]");
  if (!button || !window.speechSynthesis) return;
  button.hidden = false;
  button.setAttribute("aria-pressed", String(speaks()));
  button.onclick = () => {
    localStorage.setItem(ON, speaks() ? "0" : "1");
    offerVoice();
    if (speaks() && calls()[0]) { spoken = newest() - 1; speak(); } // heard at once, and allowed by this press
  };
}

function lost(is) {
  const sign = document.querySelector(".panel-lost");
  if (sign) sign.hidden = !is;
}

async function renew() {
  const here = document.getElementById("panel");
  try {
    const answer = await fetch(here.dataset.page, { headers: { ...BACKGROUND, "HX-Request": "true" } });
    if (!answer.ok) return;
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const fresh = page.getElementById("panel");
    if (!fresh) return;
    morph(here, [fresh]);
    offerVoice();
    speak();
  } catch {
    lost(true);
  }
}

function listen() {
  const source = new EventSource(document.getElementById("panel").dataset.news);
  source.addEventListener("changed", renew);
  source.onopen = () => lost(false);
  source.onerror = () => {
    lost(source.readyState !== EventSource.OPEN);
    if (source.readyState !== EventSource.CLOSED) return; // it tries again by itself
    setTimeout(() => { listen(); renew(); }, AGAIN);
  };
}

if (panel) {
  offerVoice();
  listen();
}

// A card reader ends with Enter; at a kiosk the visitor still has to choose.
document.addEventListener("keydown", (event) => {
  if (event.key === "Enter" && event.target.matches && event.target.matches("[data-hold-enter]")) event.preventDefault();
});

const { returnSeconds } = document.body.dataset;
if (returnSeconds) {
  setTimeout(() => window.location.assign(document.body.dataset.return), 1000 * Number(returnSeconds));
}
