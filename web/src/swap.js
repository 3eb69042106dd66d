// htmx under the strict CSP, and swaps in place that keep focus and typed text.
import htmx from "htmx.org";
import { Idiomorph } from "idiomorph";
import { say, word } from "./words.js";

Object.assign(htmx.config, {
  allowEval: false,
  allowScriptTags: false,
  disableInheritance: true, // every attribute on its own element: ready for htmx 4
  historyCacheSize: 0, // no citizen's data in localStorage
  includeIndicatorStyles: false,
  refreshOnHistoryMiss: true,
  selfRequestsOnly: true,
  timeout: 20000,
  // Refusals come as fragments that say what to do, so they are shown like answers.
  responseHandling: [
    { code: "204", swap: false },
    { code: "[23]..", swap: true },
    { code: "403|404|409|413|422|429|503", swap: true },
    { code: "...", swap: false, error: true },
  ],
});

htmx.defineExtension("morph", {
  handleSwap: (style, target, fragment) => style === "morph" && morph(target, fragment.children),
});
document.body.setAttribute("hx-ext", "morph");

/** Turns `target` into what came: itself when the root carries its id, else its content. */
export function morph(target, children) {
  const same = children.length === 1 && target.id && children[0].id === target.id;
  const style = same ? "outerHTML" : "innerHTML";
  return Idiomorph.morph(target, same ? children[0] : [...children], { morphStyle: style });
}

/** Makes htmx attributes in new markup work, and tells the other behaviours of it. */
export function welcome(element) {
  htmx.process(element);
  htmx.trigger(element, "htmx:load", { elt: element });
}

document.addEventListener("htmx:responseError", () => say(word("failed"), { bad: true }));
document.addEventListener("htmx:sendError", () => say(word("lost"), { bad: true }));
document.addEventListener("htmx:timeout", () => say(word("lost"), { bad: true }));

// A whole page instead of a fragment means the session is over: go where the server pointed.
document.addEventListener("htmx:beforeSwap", (event) => {
  const { xhr } = event.detail;
  if (/^\s*<!doctype/i.test(xhr.responseText)) {
    event.detail.shouldSwap = false;
    window.location.assign(xhr.responseURL);
  }
});
