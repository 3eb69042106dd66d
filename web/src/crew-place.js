// How far it is, when the person lets the phone say where it is; the position stays on the phone
// unless it goes along with a photo or an action. Never required.
import { say, word } from "./words.js";

const FRESH = 300000; // how long a position is good for
const EARTH = 6371008.8;
let here = null;

/** The phone's position of the last minutes, or nothing. */
export const position = () => (here && Date.now() - here.at < FRESH ? here : null);

function distance(one, other) {
  const rad = (degrees) => (degrees * Math.PI) / 180;
  const half = Math.sin(rad(other.lat - one.lat) / 2) ** 2
    + Math.cos(rad(one.lat)) * Math.cos(rad(other.lat)) * Math.sin(rad(other.lon - one.lon) / 2) ** 2;
  return 2 * EARTH * Math.asin(Math.min(1, Math.sqrt(half)));
}

const placeOf = (job) => (job.dataset.lon ? { lon: Number(job.dataset.lon), lat: Number(job.dataset.lat) } : null);

function inWords(metres) {
  return metres < 1000 ? word("crew_metres", { n: Math.round(metres / 10) * 10 }) : word("crew_kilometres", { n: (metres / 1000).toFixed(1) });
}

/** Writes the distance beside every place on the page. */
export function noteDistances() {
  const from = position();
  for (const job of document.querySelectorAll("[data-job]")) {
    const place = placeOf(job);
    const output = job.querySelector("[data-distance]");
    if (!from || !place || !output) continue;
    output.textContent = inWords(distance(from, place));
    output.hidden = false;
  }
}

function locate(then) {
  navigator.geolocation.getCurrentPosition(
    ({ coords }) => { here = { lon: coords.longitude, lat: coords.latitude, at: Date.now() }; then(); },
    () => say(word("no_position"), { bad: true }),
    { maximumAge: FRESH, timeout: 15000 }, // not the finest: that costs battery
  );
}

function sort() {
  const list = document.getElementById("jobs");
  const from = position();
  const rank = (job) => [job.hasAttribute("data-urgent") ? 0 : 1, placeOf(job) ? distance(from, placeOf(job)) : Infinity];
  const jobs = [...list.querySelectorAll("[data-job]")].map((job) => [rank(job), job]);
  jobs.sort(([one], [other]) => one[0] - other[0] || one[1] - other[1]);
  list.append(...jobs.map(([, job]) => job)); // emergencies stay in front
  noteDistances();
}

export function prepareSorting() {
  if (!navigator.geolocation) return;
  const button = document.querySelector("[data-nearest]");
  if (button) {
    button.hidden = false;
    button.addEventListener("click", () => locate(() => { button.setAttribute("aria-pressed", "true"); sort(); }));
  }
  // Asked for once already: then it is there when something is done, without a question.
  if (navigator.permissions) {
    navigator.permissions.query({ name: "geolocation" }).then(({ state }) => { if (state === "granted") locate(noteDistances); }).catch(() => {});
  }
}
