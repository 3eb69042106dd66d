// Papers of an application: what depends on an answer is shown when it is given, and all that
// nobody has judged yet is found complete by one key. Without script everything is in sight.
import { each } from "./words.js";

each("[data-when]", (part) => {
  const form = part.closest("form");
  const { when, is } = part.dataset;
  const wanted = is.split("|");
  const tell = () => { part.hidden = !new FormData(form).getAll(when).some((value) => wanted.includes(value)); };
  form.addEventListener("change", tell);
  tell();
});

each("button[data-tick]", (button) => {
  button.hidden = false;
  button.addEventListener("click", (event) => {
    event.preventDefault();
    const { form } = button;
    for (const choice of form.querySelectorAll(`[data-material] input[type=radio][value="${CSS.escape(button.dataset.tick)}"]`)) {
      if (choice.closest("[hidden]")) continue;
      if (![...form.elements[choice.name]].some((other) => other.checked)) choice.checked = true;
    }
    form.dispatchEvent(new Event("change", { bubbles: true }));
    const next = document.querySelector(button.dataset.next);
    if (next) next.focus();
  });
});

// Where the page goes on after an item was chosen: its first field takes the focus.
each("[data-begin]", (part) => {
  const field = part.querySelector("input, select, textarea, button");
  if (field && !document.querySelector("[autofocus]")) field.focus();
});
