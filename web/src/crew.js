// The crew's pages on a phone: what is done is first written down here, then sent; works without
// signal, wakes by events and never looks round by itself more often than once a minute.
import { prepareForms, showSteps } from "./crew-forms.js";
import { forget as forgetPages, isPage, keepOnly, keepUntil, OFFLINE, possible, put } from "./crew-pages.js";
import { noteDistances, prepareSorting } from "./crew-place.js";
import { ask, sendWaiting } from "./crew-sending.js";
import { forget as forgetWords } from "./crew-store.js";
import { prepareSun } from "./crew-sun.js";
import { show } from "./crew-waiting.js";
import { say, word } from "./words.js";

const FIRST_PAUSE = 60000;
const LONGEST_PAUSE = 960000;
const SKEW = 300000; // a phone's clock this far off is told
const root = document.getElementById("crew");
const who = Number(root.dataset.who);
let pause = FIRST_PAUSE;
let timer = 0;

function line(text, bad) {
  const place = document.getElementById("line");
  place.hidden = !text;
  place.toggleAttribute("data-bad", Boolean(bad));
  place.querySelector("[data-line]").textContent = text;
  place.querySelector("a").hidden = true;
}

function signedOut() {
  line(word("crew_signed_out"), true);
  const way = document.querySelector("#line a");
  way.href = `/sign-in?next=${encodeURIComponent(window.location.pathname)}`;
  way.hidden = false;
}

/** A page as it stands now; it takes the place of what lies on the phone of it. */
async function fresh(url) {
  const answer = await fetch(url, { headers: { "X-Background": "1" }, redirect: "manual" });
  if (possible() && isPage(answer)) await put(new URL(url, window.location.href).pathname, answer.clone());
  return answer;
}

/** The parts of this page the server draws, anew; what is being typed is left alone. */
async function renew() {
  try {
    const answer = await fresh(window.location.href);
    if (!answer.ok) return;
    if (root.dataset.page === "card") await fresh("/crew"); // the list says where it stands, too
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    for (const part of page.querySelectorAll("[data-live]")) {
      const old = document.getElementById(part.id);
      if (old) old.replaceWith(document.importNode(part, true));
    }
    Object.assign(root.dataset, page.getElementById("crew").dataset);
  } catch {
    line(word("crew_no_line"), false);
  }
}

async function redraw() {
  const mine = await show(who, send);
  await showSteps(mine);
  noteDistances();
  return mine;
}

function again(mine) {
  clearTimeout(timer);
  if (!mine.some((item) => item.state !== "refused") || document.visibilityState === "hidden") return;
  timer = setTimeout(send, pause);
  pause = Math.min(2 * pause, LONGEST_PAUSE);
}

let running = null;
let wanted = false;

/** Sends now; pressed again meanwhile, once more afterwards: what was just written must go too. */
function send() {
  wanted = running !== null;
  running = running || attempt().finally(() => {
    running = null;
    if (wanted) send();
  });
  return running;
}

async function attempt() {
  clearTimeout(timer);
  await redraw();
  let sent = 0;
  const became = await sendWaiting(() => { sent += 1; });
  if (became === "lost") line(word("crew_no_line"), false);
  else if (became === "later") line(word("crew_later"), true);
  else if (became === "ended") signedOut();
  else if (became === "done") { line("", false); pause = FIRST_PAUSE; }
  if (sent) {
    say(word("crew_sent", { count: sent }));
    await renew();
  }
  const mine = await redraw();
  again(mine);
  if (mine.length && became !== "done") askForSync();
}

async function askForSync() {
  const there = "serviceWorker" in navigator && (await navigator.serviceWorker.getRegistration("/crew"));
  if (there && "sync" in there) there.sync.register("crew-waiting").catch(() => {}); // refused: then without
}

/** Today's list, its cards and the page for everything else, for when there is no signal. */
async function keepPages() {
  const told = await ask();
  if (told === "ended") { signedOut(); return; }
  if (typeof told === "string") { line(word("crew_no_line"), false); return; }
  const skew = Date.parse(told.now) - Date.now();
  if (Math.abs(skew) > SKEW) line(word("crew_clock", { minutes: Math.round(Math.abs(skew) / 60000) }), true);
  if (!possible()) return;
  await keepUntil(Date.parse(told.until) - skew);
  const jobs = [...document.querySelectorAll("[data-keep]")].map((job) => ({ url: job.dataset.keep, mark: job.dataset.mark }));
  if (root.dataset.page === "list") await keepOnly([{ url: "/crew" }, ...jobs, { url: OFFLINE }]);
}

document.addEventListener("submit", (event) => {
  if (event.target.getAttribute("action") !== "/sign-out") return;
  forgetPages().catch(() => {});
  forgetWords().catch(() => {});
});
window.addEventListener("online", send);
window.addEventListener("offline", () => line(word("crew_no_line"), false));
document.addEventListener("visibilitychange", () => { if (document.visibilityState === "visible") send(); });
if ("serviceWorker" in navigator) {
  navigator.serviceWorker.register("/crew/sw.js", { scope: "/crew" }).catch(() => {}); // refused: the page works without
  navigator.serviceWorker.addEventListener("message", () => { renew().then(redraw); });
}
prepareForms(who, send);
prepareSorting();
prepareSun();
send().then(keepPages).catch(() => {});
