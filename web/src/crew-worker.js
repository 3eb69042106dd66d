// The service worker of the crew's pages: without signal it answers with what lies on the phone,
// and sends what waits as soon as the browser says there is a line. SHELL is written before it by
// the server: the built files of this version.
import { get, isPage, OFFLINE, possible, put } from "./crew-pages.js";
import { sendWaiting } from "./crew-sending.js";

const { files, version } = self.SHELL;
const KEPT = `crew-shell-${version}`;
const PATIENCE = 6000; // a line that says nothing for so long is none

self.addEventListener("install", (event) => {
  event.waitUntil((async () => {
    const shell = await caches.open(KEPT);
    await shell.addAll([...files, OFFLINE]);
    await self.skipWaiting();
  })());
});

self.addEventListener("activate", (event) => {
  event.waitUntil((async () => {
    const old = (await caches.keys()).filter((name) => name.startsWith("crew-shell-") && name !== KEPT);
    await Promise.all(old.map((name) => caches.delete(name)));
    await self.clients.claim();
  })());
});

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const { origin, pathname, search } = new URL(request.url);
  if (request.method !== "GET" || origin !== self.location.origin || !possible()) return;
  if (request.mode === "navigate") event.respondWith(page(request, pathname));
  else if (pathname.startsWith("/static/")) event.respondWith(file(request));
  else if (/^\/crew\/\w+\/files\//.test(pathname) && search) event.respondWith(picture(request));
});

self.addEventListener("sync", (event) => {
  event.waitUntil(sendWaiting(tell).then((became) => {
    if (became === "lost" || became === "later") throw new Error(became); // the browser asks again later
  }));
});

async function tell(item) {
  for (const client of await self.clients.matchAll({ type: "window" })) client.postMessage({ number: item.number });
}

async function page(request, pathname) {
  const live = fetch(request).then(async (answer) => {
    if (isPage(answer) && /^\/crew(\/[A-Z0-9]+)?$/.test(pathname)) await put(pathname, answer.clone());
    return answer;
  }).catch(() => null);
  const late = new Promise((resolve) => { setTimeout(resolve, PATIENCE); });
  return (await Promise.race([live, late])) || (await get(pathname)) || (await live)
    || (await caches.match(OFFLINE, { ignoreVary: true })) || Response.error();
}

async function file(request) {
  return (await caches.match(request, { ignoreVary: true })) || fetch(request);
}

async function picture(request) {
  const kept = await get(request.url);
  if (kept) return kept;
  const answer = await fetch(request);
  if (answer.ok) await put(request.url, answer.clone());
  return answer;
}
