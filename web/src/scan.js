// A card reader types a whole card in one burst: name, Tab or Enter, number, Enter. In a box
// marked data-scan the burst stays together: a Tab becomes a blank, and Enter waits a moment.
const BURST = 40; // milliseconds between two signs; no person types so fast for long
const WAIT = 90;

function blank(field) {
  field.setRangeText(" ", field.selectionStart, field.selectionEnd, "end");
}

document.addEventListener("keydown", (event) => {
  const field = event.target;
  if (!field.matches || !field.matches("input[data-scan]")) return;
  const now = event.timeStamp;
  const fast = now - (field.lastSign || 0) < BURST;
  field.inBurst = fast ? (field.inBurst || 0) + 1 : 0;
  field.lastSign = now;
  if (event.isComposing || event.ctrlKey || event.altKey) return;
  if (field.sending) { // Enter came in the middle of a burst
    clearTimeout(field.sending);
    field.sending = 0;
    if (event.key !== "Enter") blank(field);
  }
  if (field.inBurst < 1) return;
  if (event.key === "Tab") {
    event.preventDefault();
    blank(field);
  } else if (event.key === "Enter") {
    event.preventDefault();
    const { form } = field;
    field.sending = setTimeout(() => (form.requestSubmit ? form.requestSubmit() : form.submit()), WAIT);
  }
}, true);
