// Sends what waits, in order per matter, each once: the server knows every item by the id it was
// given on the phone. Runs in the page and in the service worker; shows nothing.
import { change, drop, know, waiting } from "./crew-store.js";

const PATIENCE = 90000; // a photo over a weak line
const LOCK = "crew-sending";
const BACKGROUND = { "X-Background": "1", "HX-Request": "true" }; // 401 instead of the way to the sign-in
const LATER = new Set([429, 500, 502, 503, 504]);

/** Somebody signed in and a token for their forms; or "ended", or "lost" without a line. */
export async function ask() {
  try {
    const answer = await fetch("/crew/token", { headers: BACKGROUND, redirect: "manual", cache: "no-store" });
    if (answer.status === 401 || answer.type === "opaqueredirect") return "ended";
    return answer.ok ? await answer.json() : "lost";
  } catch {
    return "lost";
  }
}

function formOf(item, csrf) {
  const body = new FormData();
  body.append("csrf", csrf);
  for (const [name, value] of item.fields) body.append(name, value);
  for (const name of ["action", "client_id", "claimed_time", "lon", "lat"]) if (item[name] !== undefined && item[name] !== null) body.append(name, item[name]);
  for (const photo of item.photos) {
    body.append("photos", new Blob([photo.data], { type: photo.type }), "photo");
    for (const [field, name] of [["photo_time", "taken_at"], ["photo_lon", "lon"], ["photo_lat", "lat"]]) body.append(field, photo[name] === null ? "-" : photo[name]);
  }
  return body;
}

async function post(item, csrf) {
  const stop = new AbortController();
  const timer = setTimeout(() => stop.abort(), PATIENCE);
  try {
    const answer = await fetch(`/crew/${item.number}/act`, {
      method: "POST",
      body: formOf(item, csrf),
      headers: { Accept: "application/json", "X-Background": "1" },
      redirect: "manual",
      signal: stop.signal,
    });
    const told = (answer.headers.get("Content-Type") || "").includes("json") ? await answer.json() : {};
    return { status: answer.status, told };
  } finally {
    clearTimeout(timer);
  }
}

/** What became of one item: "sent", "refused" with the reason kept beside it, or why to stop. */
async function send(item, csrf) {
  const { status, told } = await post(item, csrf);
  if (status >= 200 && status < 300) {
    if (told.status) await know(item.number, { status: told.status, version: told.version });
    await drop(item.seq);
    return "sent";
  }
  if (status === 401) return "ended";
  if (status === 403 && told.code === "form_expired") return "expired";
  if (status === 0 || LATER.has(status)) return "later";
  const why = [told.sentence || told.detail || "", ...Object.values(told.fields || {})].filter((text, at, all) => text && all.indexOf(text) === at);
  await change({ ...item, state: "refused", isKept: told.kept === "conflict", why: why.join(" ") });
  return "refused";
}

function next(items, who) {
  const held = new Set(); // behind something refused: first a person decides about that
  for (const item of items) {
    if (item.who !== who) continue;
    if (item.state === "refused") held.add(item.number);
    // Words and photos go all the same: what was refused may just lack one.
    else if (!held.has(item.number) || item.action === "note") return item;
  }
  return null;
}

async function sendAll(tell) {
  if (!(await waiting()).length) return "done";
  let token = await ask();
  if (typeof token === "string") return token;
  let renewed = false;
  for (let item = next(await waiting(), token.who); item; item = next(await waiting(), token.who)) {
    const became = await send(item, token.csrf);
    if (became === "expired" && !renewed) {
      renewed = true;
      token = await ask();
      if (typeof token === "string") return token;
    } else if (became === "sent" || became === "refused") {
      renewed = false;
      tell(item, became);
    } else {
      return became === "expired" ? "later" : became;
    }
  }
  return "done";
}

/** Sends everything that can go, after whoever is at it. Answers "done", "lost", "ended" or "later". */
export async function sendWaiting(tell = () => {}) {
  const attempt = () => sendAll(tell).catch(() => "lost");
  if (!navigator.locks) return attempt(); // then twice at worst, and the server takes it once
  return navigator.locks.request(LOCK, attempt);
}
