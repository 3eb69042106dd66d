// Sentences come from the page, translated by the server; this file only finds and fills them.

// A face with sentences of its own (the crew's) brings them beside everybody's.
const sources = [...document.querySelectorAll("#words, #own-words")];
const words = Object.assign({}, ...sources.map((source) => JSON.parse(source.textContent)));

/** The sentence called `name` with its {places} filled; empty when the page has none. */
export function word(name, places = {}) {
  return (words[name] || "").replace(/\{(\w+)\}/g, (whole, place) => (place in places ? places[place] : whole));
}

let timer = 0;

/** Shows a sentence for a while and reads it to those who listen. */
export function say(text, { bad = false } = {}) {
  const place = document.getElementById("say");
  if (!place || !text) return;
  clearTimeout(timer);
  place.toggleAttribute("data-bad", bad);
  place.textContent = text;
  timer = setTimeout(() => { place.textContent = ""; }, bad ? 12000 : 5000);
}

/** Runs `prepare` on what is there now and on what a swap brings later, once each. */
export function each(selector, prepare) {
  const seen = new WeakSet();
  const run = (root) => {
    const found = [...root.querySelectorAll(selector)];
    if (root.matches && root.matches(selector)) found.push(root);
    for (const element of found) {
      if (!seen.has(element)) {
        seen.add(element);
        prepare(element);
      }
    }
  };
  run(document);
  document.addEventListener("htmx:load", (event) => run(event.detail.elt));
}

/** Headers of a request nobody pressed a key for: it must not keep a session alive. */
export const BACKGROUND = { "X-Background": "1" };

/** Whether the key event belongs to text being typed (an input method included). */
export function typing(event) {
  return event.isComposing || event.keyCode === 229;
}

/** Whether `element` takes text, so that letters and arrows are its own. */
export function takesText(element) {
  return element.matches("textarea, select, input:not([type=radio]):not([type=checkbox]):not([type=submit])");
}
