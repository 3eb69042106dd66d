// Walking a list: arrows move, Enter opens, Escape returns to the search.
import { takesText, typing } from "./words.js";

let opened = "";

function links() {
  return [...document.querySelectorAll("[data-rows] a.rowlink")].filter((link) => link.getClientRects().length);
}

/** Marks the row that stands open; called again when a swap has renewed the list. */
export function mark() {
  for (const link of links()) {
    const row = link.closest("tr, li");
    const open = opened ? link.href === opened : row.getAttribute("aria-selected") === "true";
    if (open) row.setAttribute("aria-selected", "true");
    else row.removeAttribute("aria-selected");
  }
}

function neighbour(from, step) {
  const all = links();
  const here = all.indexOf(from);
  if (here < 0) return step > 0 ? all[0] : all[all.length - 1];
  return all[here + step];
}

function current() {
  return links().find((link) => link.closest("tr, li").getAttribute("aria-selected") === "true");
}

document.addEventListener("click", (event) => {
  const link = event.target.closest("[data-rows] a.rowlink");
  if (!link) return;
  opened = link.href;
  mark();
});

// The whole row is a target, for those with a mouse.
document.addEventListener("click", (event) => {
  const row = event.target.closest("[data-rows] tbody tr");
  if (!row || event.target.closest("a, button, input, select, label, summary")) return;
  if (String(window.getSelection())) return;
  const link = row.querySelector("a.rowlink");
  if (link) link.click();
});

document.addEventListener("keydown", (event) => {
  if (typing(event) || event.defaultPrevented || event.ctrlKey || event.metaKey) return;
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  const search = document.querySelector("[data-search]");
  if (event.key === "Escape" && search && !takesText(event.target)) {
    search.focus();
    if (search.select) search.select();
  }
  if (!step || !links().length) return;
  if (event.altKey) {
    const next = neighbour(current(), step);
    if (next) { event.preventDefault(); next.focus(); next.click(); }
    return;
  }
  const inList = event.target.closest("[data-rows]") || event.target === search || event.target === document.body;
  const ownArrows = takesText(event.target) && event.target !== search;
  if (!inList || ownArrows || event.target.getAttribute("aria-expanded") === "true") return;
  const next = neighbour(event.target.closest("tr, li")?.querySelector("a.rowlink") || (step > 0 ? null : current()), step);
  if (next) { event.preventDefault(); next.focus(); next.scrollIntoView({ block: "nearest" }); }
});
