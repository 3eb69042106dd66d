// Parts of a photo to hide, drawn with the mouse or set with the arrow keys. The field is the
// truth: without script its numbers are typed.
import "../css/boxes.css";
import { each } from "./words.js";

const SHARES = 1000;
const STEP = 20;
const start = () => ({ x: 400, y: 400, width: 200, height: 200 });
const within = (value, least, most) => Math.max(least, Math.min(most, Math.round(value)));

function read(field) {
  return field.value.split(/\s+/).map((part) => part.split(",").map(Number))
    .filter((four) => four.length === 4 && four.every(Number.isFinite));
}

function draw(canvas, field, current) {
  const pen = canvas.getContext("2d");
  pen.clearRect(0, 0, canvas.width, canvas.height);
  const at = (value, side) => (value / SHARES) * side;
  const styles = getComputedStyle(canvas);
  pen.fillStyle = styles.color;
  for (const [x, y, width, height] of read(field)) {
    pen.fillRect(at(x, canvas.width), at(y, canvas.height), at(width, canvas.width), at(height, canvas.height));
  }
  if (!current) return;
  pen.strokeStyle = styles.borderTopColor;
  pen.lineWidth = 3;
  pen.strokeRect(at(current.x, canvas.width), at(current.y, canvas.height), at(current.width, canvas.width), at(current.height, canvas.height));
}

function tool(stage) {
  const field = document.getElementById(stage.dataset.boxes);
  const image = stage.querySelector("img");
  const canvas = Object.assign(document.createElement("canvas"), { tabIndex: 0, width: image.clientWidth, height: image.clientHeight });
  canvas.setAttribute("role", "application");
  canvas.setAttribute("aria-label", image.alt);
  canvas.setAttribute("aria-describedby", `${field.id}-hint`);
  stage.append(canvas);
  let current = null;
  let from = null;

  const show = () => {
    [canvas.width, canvas.height] = [image.clientWidth, image.clientHeight];
    draw(canvas, field, current);
  };
  const add = () => {
    const box = current || start();
    if (box.width < 5 || box.height < 5) return;
    field.value = `${field.value} ${box.x},${box.y},${box.width},${box.height}`.trim();
    current = null;
    tick();
    show();
  };
  const remove = () => {
    field.value = read(field).slice(0, -1).map((four) => four.join(",")).join(" ");
    show();
  };
  // Whoever hides a part means to show the rest.
  const tick = () => { stage.closest("fieldset").querySelector("input[type=checkbox]").checked = true; };
  const point = (event) => {
    const frame = canvas.getBoundingClientRect();
    return [within(((event.clientX - frame.left) / frame.width) * SHARES, 0, SHARES), within(((event.clientY - frame.top) / frame.height) * SHARES, 0, SHARES)];
  };
  canvas.addEventListener("pointerdown", (event) => { from = point(event); canvas.setPointerCapture(event.pointerId); });
  canvas.addEventListener("pointermove", (event) => {
    if (!from) return;
    const to = point(event);
    current = { x: Math.min(from[0], to[0]), y: Math.min(from[1], to[1]), width: Math.abs(to[0] - from[0]), height: Math.abs(to[1] - from[1]) };
    show();
  });
  canvas.addEventListener("pointerup", () => { from = null; if (current) add(); });
  canvas.addEventListener("keydown", (event) => {
    const moves = { ArrowLeft: [-STEP, 0], ArrowRight: [STEP, 0], ArrowUp: [0, -STEP], ArrowDown: [0, STEP] };
    if (event.key in moves) {
      current = current || start();
      const [right, down] = moves[event.key];
      if (event.shiftKey) {
        current.width = within(current.width + right, STEP, SHARES - current.x);
        current.height = within(current.height + down, STEP, SHARES - current.y);
      } else {
        current.x = within(current.x + right, 0, SHARES - current.width);
        current.y = within(current.y + down, 0, SHARES - current.height);
      }
      show();
    } else if (event.key === "Enter") add();
    else if (event.key === "Delete" || event.key === "Backspace") remove();
    else if (event.key === "Escape") { current = null; show(); } else return;
    event.preventDefault();
    event.stopPropagation();
  });
  field.addEventListener("input", show);
  window.addEventListener("resize", show);
  const buttons = document.querySelector(`[data-boxes-tools="${field.id}"]`);
  buttons.hidden = false;
  buttons.querySelector("[data-box=add]").addEventListener("click", () => {
    if (current) { add(); return; }
    current = start();
    canvas.focus();
    show();
  });
  buttons.querySelector("[data-box=remove]").addEventListener("click", remove);
  show();
  stage.dataset.ready = "1";
}

each("[data-boxes]", (stage) => {
  const image = stage.querySelector("img");
  if (image.complete && image.naturalWidth) tool(stage);
  else image.addEventListener("load", () => tool(stage), { once: true });
});
