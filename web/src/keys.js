// Keys are declared in the page (data-key="F4"), so that the help can be made from them.
import { takesText, typing, word } from "./words.js";

const OFF = "keys-off"; // a wish of this browser, not personal data
const SEND = "Ctrl+Enter";
const SENDS = "button:not([type=button]):not([type=reset]):not([name])";

function combo(event) {
  const digit = /^Digit(\d)$/.exec(event.code); // Alt+digit types other signs on some keyboards
  const typed = event.altKey && digit ? digit[1] : event.key;
  // Declared in capitals; without Shift the browser reports a small letter.
  const key = (event.altKey || event.ctrlKey || event.metaKey) && typed.length === 1 ? typed.toUpperCase() : typed;
  return (event.ctrlKey || event.metaKey ? "Ctrl+" : "") + (event.altKey ? "Alt+" : "") + key;
}

function shown(element) {
  return element.getClientRects().length > 0 && !element.disabled;
}

function owner(key, active) {
  const matches = [...document.querySelectorAll(`[data-key="${CSS.escape(key)}"]`)].filter(shown);
  const form = active && active.closest("form");
  // Whoever writes in a form sends that form and no other, whether it names the key or not.
  if (form && key === SEND) return matches.find((match) => form.contains(match)) || form.querySelector(SENDS);
  // A step just opened by its summary goes before the one that stood open already.
  const near = form || (active && active.closest("details"));
  // A field on the page goes before a way to another page (F2 in the header).
  return matches.find((match) => near && near.contains(match)) || matches.find(takesText) || matches[0];
}

function press(element) {
  if (takesText(element)) {
    element.focus();
    if (element.select) element.select();
    return;
  }
  const step = element.tagName === "SUMMARY" && element.closest("details");
  if (!step || !step.open) element.click(); // a step that stands open is gone to, not shut
  const field = step && step.querySelector("form input:not([type=hidden]), form select, form textarea, form button");
  if (field) field.focus();
}

function off() {
  return document.body.dataset.keys === "off" || localStorage.getItem(OFF) === "1";
}

function labelOf(element) {
  if (element.dataset.keyLabel) return element.dataset.keyLabel;
  const label = element.labels && element.labels[0];
  const copy = (label || element).cloneNode(true);
  copy.querySelectorAll("kbd").forEach((kbd) => kbd.remove());
  return copy.textContent.trim();
}

function make(tag, text, props = {}) {
  return Object.assign(document.createElement(tag), { textContent: text }, props);
}

function openHelp() {
  const before = document.activeElement;
  const help = make("section", "", { className: "keyhelp", id: "keyhelp", tabIndex: -1 });
  help.setAttribute("role", "dialog");
  help.setAttribute("aria-label", word("keys"));
  const list = document.createElement("dl");
  for (const element of document.querySelectorAll("[data-key]")) {
    if (!shown(element)) continue;
    const key = document.createElement("dt");
    key.append(make("kbd", element.dataset.key));
    list.append(key, make("dd", labelOf(element)));
  }
  const shut = () => { help.remove(); if (before) before.focus(); };
  const toggle = make("button", word(off() ? "keys_on" : "keys_off"), { className: "btn plain", type: "button" });
  toggle.addEventListener("click", () => { localStorage.setItem(OFF, off() ? "0" : "1"); shut(); });
  const close = make("button", word("close"), { className: "btn", type: "button" });
  close.addEventListener("click", shut);
  const row = make("div", "", { className: "row" });
  row.append(close, toggle);
  help.append(make("h2", word("keys")), list, row);
  help.addEventListener("keydown", (event) => { if (event.key === "Escape") { event.stopPropagation(); shut(); } });
  document.body.append(help);
  help.focus();
}

// One step at a time: what was typed in the one that shuts stays in it.
document.addEventListener("click", (event) => {
  const step = event.target.closest("details.step > summary")?.parentElement;
  if (!step || step.open) return;
  step.parentElement.querySelectorAll(":scope > details.step[open]").forEach((other) => { other.open = false; });
});

document.addEventListener("keydown", (event) => {
  if (typing(event) || event.defaultPrevented) return;
  const inText = takesText(event.target);
  if (event.key === "?" && !inText && word("keys") && !document.getElementById("keyhelp")) {
    event.preventDefault();
    openHelp();
    return;
  }
  if (off()) return;
  const plainLetter = event.key.length === 1 && !event.ctrlKey && !event.altKey && !event.metaKey;
  if (plainLetter && inText) return;
  const element = owner(combo(event), document.activeElement);
  if (!element) return;
  event.preventDefault();
  press(element);
});
