// The list of what still waits on this phone, and what a person can do with what was refused:
// copy it, send it as a note, save its photos, throw it away on purpose.
import { change, drop, freshId, waiting } from "./crew-store.js";
import { say, word } from "./words.js";

const REALLY = 4000; // within which a second press throws it away

function make(tag, text, props = {}) {
  return Object.assign(document.createElement(tag), { textContent: text }, props);
}

function button(text, act, css = "btn plain") {
  const made = make("button", text, { type: "button", className: css });
  made.addEventListener("click", act);
  return made;
}

const clock = (instant) => new Date(instant).toLocaleTimeString(document.documentElement.lang, { hour: "2-digit", minute: "2-digit" });
const noteOf = (item) => item.fields.filter(([name, value]) => name === "note" && value).map(([, value]) => value).join("\n");

function thrower(item, done) {
  let asked = false;
  const made = button(word("crew_throw"), async () => {
    if (!asked) {
      asked = true;
      made.textContent = word("crew_really");
      setTimeout(() => { asked = false; made.textContent = word("crew_throw"); }, REALLY);
      return;
    }
    await drop(item.seq);
    done();
  }, "btn danger");
  return made;
}

function copier(text) {
  return button(word("crew_copy"), async () => {
    try {
      await navigator.clipboard.writeText(text);
      say(word("copied"));
    } catch {
      say(word("crew_no_copy"), { bad: true }); // plain http: the text stands above to be marked
    }
  });
}

function asNote(item, done) {
  return button(word("crew_as_note"), async () => {
    const said = [word("crew_was_meant", { action: item.label, time: clock(item.claimed_time) }), noteOf(item)].filter(Boolean).join("\n");
    await change({ ...item, action: "note", client_id: freshId(), state: "", why: "", label: word("crew_note"), fields: [["note", said]] });
    done();
  });
}

function again(item, done) {
  return button(word("crew_retry"), async () => {
    await change({ ...item, client_id: freshId(), state: "", why: "" });
    done();
  });
}

function row(item, urls, done) {
  const line = make("li", "", { className: "waits" });
  const isRefused = item.state === "refused";
  line.append(make("p", word("crew_item", { number: item.number, action: item.label, time: clock(item.claimed_time) })));
  const note = noteOf(item);
  if (note) line.append(make("p", note, { className: "pre" }));
  const photos = make("ul", "", { className: "photos" });
  item.photos.forEach((photo, at) => {
    const url = URL.createObjectURL(new Blob([photo.data], { type: photo.type }));
    urls.push(url);
    const cell = make("li", "");
    const link = make("a", "", { href: url, download: `${item.number}-${at + 1}.jpg` });
    link.append(Object.assign(document.createElement("img"), { src: url, alt: word("crew_save_photo") }));
    cell.append(link);
    photos.append(cell);
  });
  if (photos.children.length) line.append(photos);
  const actions = make("div", "", { className: "row" });
  if (isRefused) {
    line.append(make("p", item.why || word("failed"), { className: "err" }));
    actions.append(again(item, done));
    if (note) actions.append(copier(note));
    if ((note || item.photos.length) && !item.isKept) actions.append(asNote(item, done));
  }
  actions.append(thrower(item, done));
  line.append(actions);
  line.classList.toggle("refused", isRefused);
  return line;
}

const urls = [];

/** Draws the list and the count anew; `done` is called after a person has decided about an item. */
export async function show(who, done) {
  const items = await waiting();
  const mine = items.filter((item) => item.who === who);
  const others = items.length - mine.length;
  const section = document.getElementById("waiting");
  urls.splice(0).forEach((url) => URL.revokeObjectURL(url));
  section.hidden = items.length === 0;
  section.querySelector("[data-waiting-list]").replaceChildren(...mine.map((item) => row(item, urls, done)));
  section.querySelector("[data-waiting-others]").textContent = others ? word("crew_others", { count: others }) : "";
  for (const place of document.querySelectorAll("[data-waiting-count]")) {
    place.hidden = items.length === 0;
    place.textContent = word("crew_waiting", { count: items.length });
  }
  return mine;
}
