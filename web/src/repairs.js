// The repair board: a row is dragged on to a crew, emergencies ring. Everything works without.
import { each } from "./words.js";

const SOUND = "repairs-ring"; // a wish of this browser, not personal data

each("[data-give]", (row) => {
  row.addEventListener("dragstart", (event) => {
    event.dataTransfer.setData("text/plain", row.dataset.give);
    event.dataTransfer.effectAllowed = "move";
    document.body.classList.add("giving");
    row.classList.add("given");
  });
  row.addEventListener("dragend", () => {
    document.body.classList.remove("giving");
    row.classList.remove("given");
  });
});

each("[data-crew]", (card) => {
  const over = (on) => card.toggleAttribute("data-over", on);
  card.addEventListener("dragover", (event) => { event.preventDefault(); over(true); });
  card.addEventListener("dragleave", () => over(false));
  card.addEventListener("drop", (event) => {
    event.preventDefault();
    over(false);
    const row = document.querySelector("[data-give].given");
    const form = document.getElementById("drop");
    if (!row || !form) return;
    form.action = row.dataset.give;
    form.elements.version.value = row.dataset.version;
    form.elements.crew_id.value = card.dataset.crew;
    form.requestSubmit();
  });
});

function beep() {
  const context = new AudioContext();
  const [tone, volume] = [context.createOscillator(), context.createGain()];
  volume.gain.value = 0.2;
  tone.frequency.setValueAtTime(880, 0);
  tone.frequency.setValueAtTime(660, context.currentTime + 0.25);
  tone.connect(volume).connect(context.destination);
  tone.start();
  tone.stop(context.currentTime + 0.6);
  tone.addEventListener("ended", () => context.close());
}

each("[data-ring]", (button) => {
  const bar = document.querySelector(button.dataset.ring);
  if (!bar || !window.AudioContext) return;
  const isOn = () => localStorage.getItem(SOUND) === "1";
  const count = () => Number(bar.dataset.rings || 0);
  let known = count();
  const show = () => button.setAttribute("aria-pressed", String(isOn()));
  button.hidden = false;
  show();
  button.addEventListener("click", () => {
    localStorage.setItem(SOUND, isOn() ? "0" : "1");
    show();
    if (isOn()) beep(); // so that everybody knows how it sounds, and the browser lets it
  });
  new MutationObserver(() => {
    if (count() > known && isOn()) beep();
    known = count();
  }).observe(bar, { attributes: true, attributeFilter: ["data-rings"] });
});

// Where list and pane stand below each other, what was opened is brought into sight.
document.addEventListener("htmx:afterSwap", (event) => {
  if (event.detail.target.id !== "pane" || window.matchMedia("(min-width: 64rem)").matches) return;
  event.detail.target.scrollIntoView();
  event.detail.target.focus({ preventScroll: true });
});
