// Forms of a card: what is pressed goes into the phone's own list first. A photo goes there the
// moment it is taken, because a phone may close the page while its camera is open.
import { prepared } from "./crew-photos.js";
import { position } from "./crew-place.js";
import { draft, freshId, keep, known, saveDraft, waiting } from "./crew-store.js";
import { say, word } from "./words.js";

const NUMBER = /^\d{1,7}(\.\d{1,2})?$/;
const NOT_KEPT = new Set(["csrf", "client_id", "action", "photos"]);
const shot = new Set(); // stages of photos taken since this page was opened
const forms = () => [...document.querySelectorAll("form[data-field]")];
const root = document.getElementById("crew");

function item(who, form, fields, photos) {
  const at = position();
  return {
    who,
    number: root.dataset.number,
    client_id: freshId(),
    action: form.dataset.field,
    label: form.dataset.label,
    claimed_time: new Date().toISOString(),
    lon: at ? at.lon.toFixed(6) : null,
    lat: at ? at.lat.toFixed(6) : null,
    fields,
    photos,
    state: "",
  };
}

function typed(form) {
  const kept = [...new FormData(form)].filter(([name, value]) => typeof value === "string" && value && !NOT_KEPT.has(name));
  return kept.map(([name, value]) => [name, value.trim()]);
}

const draftOf = (form, field) => `${root.dataset.number}/${form.dataset.field}/${field.name}`;

async function takePhotos(who, form, field, send) {
  const files = [...field.files];
  const most = Number(root.dataset.mostBytes);
  const chosen = form.querySelector("select[name=stage]");
  const stage = chosen ? chosen.value : field.dataset.stage;
  let refused = 0;
  form.setAttribute("aria-busy", "true");
  for (const file of files) {
    const photo = await prepared(file, most);
    const photoForm = { dataset: { field: "note", label: form.dataset.photoLabel } };
    if (photo) {
      await keep(item(who, photoForm, [["stage", stage]], [photo]));
      shot.add(stage);
    } else refused += 1;
  }
  field.value = "";
  form.removeAttribute("aria-busy");
  if (refused) say(word("crew_no_picture", { count: refused }), { bad: true });
  send();
}

/** What the server would send back is told at once, while it can still be put right. */
function lacks(form) {
  const empty = [...form.querySelectorAll("[data-needed]")].find((needed) => !needed.value.trim());
  const odd = [...form.querySelectorAll("input[inputmode=decimal]")].find((field) => field.value.trim() && !NUMBER.test(field.value.normalize("NFKC").trim()));
  const half = [...form.querySelectorAll(".used")].map((used) => [...used.querySelectorAll("select, input")]).find(([item, much]) => Boolean(item.value) !== Boolean(much.value.trim()));
  const field = empty || odd || (half && half.find((part) => !part.value.trim()));
  if (!field) return false;
  say(word(empty ? "crew_needed" : odd ? "crew_number" : "crew_half"), { bad: true });
  field.focus();
  return true;
}

/** A photo the server will ask for: told here, where it can still be taken. */
async function lacksPhoto(form) {
  if (form.dataset.field !== "fix") return false;
  const taken = (await waiting()).filter((one) => one.number === root.dataset.number).flatMap((one) => one.fields);
  const shown = new Set([...shot, ...taken.filter(([name]) => name === "stage").map(([, value]) => value)]);
  const stage = root.dataset.lacks.split(" ").find((needed) => needed && !shown.has(needed));
  if (!stage) return false;
  say(word(`crew_lacks_${stage}`), { bad: true });
  const field = form.querySelector(`input[data-stage=${stage}]`);
  if (field) field.focus();
  return true;
}

async function press(who, form, send) {
  if (lacks(form) || (await lacksPhoto(form))) {
    form.removeAttribute("aria-busy");
    return;
  }
  const fields = typed(form);
  await keep(item(who, form, fields, []));
  for (const field of form.querySelectorAll("textarea")) await saveDraft(draftOf(form, field), "");
  form.reset();
  form.removeAttribute("aria-busy");
  say(word("crew_written", { action: form.dataset.label }));
  send();
}

async function remember(form, field) {
  const text = await draft(draftOf(form, field));
  if (text && !field.value) field.value = text;
  field.addEventListener("input", () => { saveDraft(draftOf(form, field), field.value).catch(() => {}); });
}

/** Which steps are open, counting what waits as done. */
export async function showSteps(mine) {
  if (root.dataset.page !== "card") return;
  const told = await known(root.dataset.number);
  let status = told && told.version > Number(root.dataset.version) ? told.status : root.dataset.status;
  const leads = new Map(forms().map((form) => [form.dataset.field, form.dataset.to]));
  for (const one of mine) {
    if (one.number !== root.dataset.number) continue;
    if (one.state === "refused") break;
    status = leads.get(one.action) || status;
  }
  for (const form of forms()) {
    const from = form.dataset.from.split(" ");
    const box = form.closest("details") || form;
    box.hidden = !from.includes(status) && !from.includes("*");
  }
  for (const step of document.querySelectorAll("[data-reached]")) {
    if (step.dataset.reached === status) step.setAttribute("aria-current", "step");
    else step.removeAttribute("aria-current");
  }
}

export function prepareForms(who, send) {
  for (const form of forms()) {
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      press(who, form, send).catch(() => { form.removeAttribute("aria-busy"); say(word("crew_full"), { bad: true }); });
    });
    form.querySelectorAll("textarea").forEach((field) => remember(form, field).catch(() => {}));
    for (const field of form.querySelectorAll("input[type=file]")) {
      field.addEventListener("change", () => {
        takePhotos(who, form, field, send).catch(() => { form.removeAttribute("aria-busy"); say(word("crew_full"), { bad: true }); });
      });
    }
  }
}
