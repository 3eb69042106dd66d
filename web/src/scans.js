// Papers scanned at the desk: files chosen, dropped, pasted or photographed go to the server at
// once, into the row of their material. Until it has them they stay in the row's own field, so
// that the form still brings them; the server keeps the same file once.
import { morph, welcome } from "./swap.js";
import { each, say, word } from "./words.js";

let last = null; // the row that was touched last: there goes what is pasted

function put(field, files) {
  const all = new DataTransfer();
  files.forEach((file) => all.items.add(file));
  field.files = all.files;
}

async function send(row, files) {
  const field = row.querySelector("input[type=file]");
  const { form } = field;
  const body = new FormData();
  const typed = new FormData(form);
  for (const name of ["csrf", "talk", "item"]) body.append(name, typed.get(name) || "");
  body.append("material", row.dataset.material);
  files.forEach((file) => body.append(field.name, file));
  row.setAttribute("aria-busy", "true");
  try {
    const answer = await fetch(row.dataset.scans, { method: "POST", body, headers: { "HX-Request": "true" }, redirect: "manual" });
    if (answer.type === "opaqueredirect") { say(word("ended"), { bad: true }); return; }
    if (!answer.ok && answer.status !== 422) { say(word("failed"), { bad: true }); return; }
    const list = row.querySelector("[data-scanned]");
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    morph(list, page.body.children);
    welcome(row.querySelector("[data-scanned]"));
    put(field, [...field.files].filter((file) => !files.includes(file)));
    const wrong = row.querySelector("[data-scanned] .err");
    say(wrong ? wrong.textContent : word("scanned", { count: files.length }), { bad: Boolean(wrong) });
  } catch {
    say(word("lost"), { bad: true });
  } finally {
    row.removeAttribute("aria-busy");
  }
}

function add(row, files, { isThere = false } = {}) {
  const field = row.querySelector("input[type=file]");
  if (!isThere) put(field, [...field.files, ...files]);
  last = row;
  row.sending = (row.sending || Promise.resolve()).then(() => send(row, files));
}

async function photograph(row) {
  let stream;
  try {
    stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment", width: { ideal: 2592 }, height: { ideal: 1944 } } });
  } catch {
    say(word("no_camera"), { bad: true });
    return;
  }
  const before = document.activeElement;
  const panel = Object.assign(document.createElement("section"), { className: "keyhelp camera" });
  panel.setAttribute("role", "dialog");
  panel.setAttribute("aria-label", word("camera"));
  const video = Object.assign(document.createElement("video"), { autoplay: true, muted: true, playsInline: true, srcObject: stream });
  const make = (text, css) => Object.assign(document.createElement("button"), { type: "button", className: css, textContent: text });
  const take = make(word("shoot"), "btn");
  const close = make(word("close"), "btn plain");
  const shut = () => {
    stream.getTracks().forEach((track) => track.stop());
    panel.remove();
    if (before) before.focus();
  };
  take.addEventListener("click", () => {
    const sheet = Object.assign(document.createElement("canvas"), { width: video.videoWidth, height: video.videoHeight });
    sheet.getContext("2d").drawImage(video, 0, 0);
    sheet.toBlob((blob) => blob && add(row, [new File([blob], "page.jpg", { type: "image/jpeg" })]), "image/jpeg", 0.9);
  });
  close.addEventListener("click", shut);
  panel.addEventListener("keydown", (event) => { if (event.key === "Escape") { event.stopPropagation(); shut(); } });
  const buttons = Object.assign(document.createElement("div"), { className: "row" });
  buttons.append(take, close);
  panel.append(video, buttons);
  document.body.append(panel);
  take.focus();
}

each("[data-scans]", (row) => {
  const field = row.querySelector("input[type=file]");
  field.addEventListener("change", () => add(row, [...field.files], { isThere: true }));
  row.addEventListener("focusin", () => { last = row; });
  row.addEventListener("dragover", (event) => { event.preventDefault(); row.toggleAttribute("data-over", true); });
  row.addEventListener("dragleave", () => row.removeAttribute("data-over"));
  row.addEventListener("drop", (event) => {
    event.preventDefault();
    row.removeAttribute("data-over");
    if (event.dataTransfer.files.length) add(row, [...event.dataTransfer.files]);
  });
  const camera = row.querySelector("button[data-camera]");
  if (camera && navigator.mediaDevices && navigator.mediaDevices.getUserMedia) {
    camera.hidden = false;
    camera.addEventListener("click", () => photograph(row));
  }
});

document.addEventListener("paste", (event) => {
  const files = [...(event.clipboardData ? event.clipboardData.files : [])];
  const row = last && last.isConnected ? last : document.querySelector("[data-scans]");
  if (!files.length || !row) return;
  event.preventDefault();
  add(row, files);
});
