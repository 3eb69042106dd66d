// A list of suggestions under a field: codes, pinyin initials and words for a combobox,
// reply texts after a slash in a text. Without script the server reads what was typed.
import { each, say, typing, word } from "./words.js";

const MOST = 12;
let count = 0;

/** Options that fit `query`: code first, then keys (pinyin, initials), then words inside. */
export function fitting(options, query) {
  const sought = query.trim().toLowerCase();
  if (!sought) return options.slice(0, MOST);
  const rank = (option) => {
    if (option.value.toLowerCase().startsWith(sought)) return 0;
    const keys = (option.keys || "").toLowerCase().split(/\s+/);
    if (keys.some((key) => key.startsWith(sought))) return 1;
    return option.label.toLowerCase().includes(sought) ? 2 : 3;
  };
  return options.map((option) => [rank(option), option]).filter(([place]) => place < 3)
    .sort((left, right) => left[0] - right[0]).slice(0, MOST).map(([, option]) => option);
}

class List {
  constructor(field, pick) {
    this.field = field;
    this.pick = pick;
    this.box = Object.assign(document.createElement("ul"), { className: "suggest-list", id: `suggest-${++count}`, hidden: true });
    this.box.setAttribute("role", "listbox");
    this.box.setAttribute("aria-label", field.labels && field.labels[0] ? field.labels[0].textContent.trim() : field.name);
    field.parentElement.classList.add("suggest");
    field.after(this.box);
    this.box.addEventListener("mousedown", (event) => {
      const item = event.target.closest("li");
      event.preventDefault(); // the field keeps its focus
      if (item) this.choose([...this.box.children].indexOf(item));
    });
    field.addEventListener("blur", () => this.close());
  }

  get open() {
    return !this.box.hidden;
  }

  show(options, withCode) {
    this.options = options;
    this.box.replaceChildren(...options.map((option, index) => {
      const item = Object.assign(document.createElement("li"), { id: `${this.box.id}-${index}`, textContent: option.label });
      item.setAttribute("role", "option");
      if (withCode) item.append(Object.assign(document.createElement("small"), { textContent: option.value }));
      return item;
    }));
    this.box.hidden = !options.length;
    this.field.setAttribute("aria-expanded", String(this.open));
    this.move(0);
    say(options.length ? word("found", { count: options.length }) : word("none"));
  }

  move(to) {
    const size = this.options.length;
    this.at = size ? (to + size) % size : -1;
    [...this.box.children].forEach((item, index) => item.setAttribute("aria-selected", String(index === this.at)));
    const item = this.box.children[this.at];
    if (item) {
      this.field.setAttribute("aria-activedescendant", item.id);
      item.scrollIntoView({ block: "nearest" });
    } else this.field.removeAttribute("aria-activedescendant");
  }

  choose(index) {
    const option = this.options[index];
    this.close();
    if (option) this.pick(option);
  }

  close() {
    this.box.hidden = true;
    this.field.setAttribute("aria-expanded", "false");
    this.field.removeAttribute("aria-activedescendant");
  }

  /** Handles a key while open; says whether it was used. */
  key(event) {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (!this.open || typing(event) || event.altKey || event.ctrlKey) return false;
    if (step) this.move(this.at + step);
    else if (event.key === "Enter") this.choose(this.at);
    else if (event.key === "Escape") this.close();
    else return false;
    event.preventDefault();
    event.stopPropagation();
    return true;
  }
}

function reader(field) {
  const { options, src } = field.dataset;
  if (options) {
    const all = JSON.parse(document.querySelector(options).textContent);
    return async (query) => fitting(all, query);
  }
  let running = new AbortController();
  return async (query) => {
    running.abort();
    running = new AbortController();
    const answer = await fetch(src + encodeURIComponent(query), { headers: { Accept: "application/json" }, signal: running.signal });
    return answer.ok ? answer.json() : [];
  };
}

each("input[data-combobox]", (field) => {
  const read = reader(field);
  let timer = 0;
  let chosen = field.value;
  const list = new List(field, (option) => {
    field.value = chosen = option.value;
    const shows = document.getElementById(field.dataset.shows);
    if (shows) shows.textContent = option.label;
    field.dispatchEvent(new Event("change", { bubbles: true }));
    const next = field.dataset.next && document.querySelector(field.dataset.next);
    if (next) next.focus();
    const then = field.dataset.press && document.querySelector(field.dataset.press);
    if (then) then.click();
  });
  field.setAttribute("role", "combobox");
  field.setAttribute("aria-autocomplete", "list");
  field.setAttribute("aria-expanded", "false");
  field.setAttribute("aria-controls", list.box.id);
  field.autocomplete = "off";
  const look = async () => {
    try {
      list.show(await read(field.value), true);
    } catch (error) {
      if (error.name !== "AbortError") say(word("lost"), { bad: true });
    }
  };
  field.addEventListener("input", (event) => {
    clearTimeout(timer);
    if (!event.isComposing) timer = setTimeout(look, field.dataset.options ? 0 : 120);
  });
  field.addEventListener("keydown", async (event) => {
    if (list.key(event)) return;
    if (event.key === "ArrowDown" && !event.altKey) { event.preventDefault(); event.stopPropagation(); await look(); }
    // Enter on what nobody has chosen looks it up; it does not send the form by mistake.
    if (event.key === "Enter" && !typing(event) && !event.ctrlKey && field.value && field.value !== chosen) {
      event.preventDefault();
      await look();
      if (list.options.length === 1) list.choose(0);
    }
  });
});

/** Puts `text` where the cursor stands, in place of `before` characters left of it. */
export function insert(field, text, before = 0) {
  field.focus();
  const end = field.selectionEnd;
  field.setRangeText(text, (before ? end : field.selectionStart) - before, end, "end");
  field.dispatchEvent(new Event("input", { bubbles: true }));
}

each("textarea[data-phrases]", (field) => {
  // Read from the select beside the field: a swap lets no script element through, not even data.
  const all = [...document.querySelectorAll(`${field.dataset.phrases} option[data-text]`)]
    .map((option) => ({ value: option.dataset.text, label: option.label, keys: `${option.dataset.keys || ""} ${option.label}` }));
  const asked = () => /(?:^|[\s，。；：])\/([^\s/]{0,12})$/.exec(field.value.slice(0, field.selectionEnd));
  const list = new List(field, (option) => insert(field, option.value, asked()[1].length + 1));
  field.addEventListener("input", (event) => {
    const found = event.isComposing ? null : asked();
    if (found) list.show(fitting(all, found[1]), false);
    else if (list.open) list.close();
  });
  field.addEventListener("keydown", (event) => list.key(event));
});

each("[data-insert]", (source) => {
  const field = () => document.querySelector(source.dataset.insert);
  if (source.tagName === "SELECT") {
    source.addEventListener("change", () => {
      const option = source.selectedOptions[0];
      if (option && option.dataset.text) insert(field(), option.dataset.text);
      source.selectedIndex = 0;
    });
  } else source.addEventListener("click", (event) => {
    event.preventDefault(); // without script the button may send its form instead
    insert(field(), source.dataset.text);
  });
});
