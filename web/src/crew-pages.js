// Which pages of the crew lie on the phone, and until when: today's list and its cards, never a
// citizen's name. Whoever signs out takes them away; after the shift they go by themselves.
const PAGES = "crew-pages";
const UNTIL = "/crew/until"; // no page of the server: when the kept ones are to be gone
export const OFFLINE = "/crew/offline";

/** Whether the browser keeps pages at all: not over plain http, not in some private windows. */
export const possible = () => "caches" in self;

export async function put(url, response) {
  const kept = await caches.open(PAGES);
  await kept.put(url, response);
}

/** The kept page of this address; after the shift there is none any more. */
export async function get(url) {
  const kept = await caches.open(PAGES);
  const until = await kept.match(UNTIL);
  if (until && Date.now() > Number(await until.text())) {
    await forget();
    return undefined;
  }
  return kept.match(url, { ignoreVary: true });
}

export async function keepUntil(instant) {
  await put(UNTIL, new Response(String(instant)));
}

export async function forget() {
  await caches.delete(PAGES);
}

/** Fetches what is not kept yet, and takes away what is no longer on the list. */
export async function keepOnly(addresses) {
  const kept = await caches.open(PAGES);
  const there = await kept.keys();
  const wanted = new Set(addresses.map(({ url }) => url));
  const stale = there.filter(({ url }) => /^\/crew\/[A-Z0-9]+$/.test(new URL(url).pathname) && !wanted.has(new URL(url).pathname));
  await Promise.all(stale.map((request) => kept.delete(request)));
  for (const { url, mark } of addresses) {
    const known = await kept.match(url, { ignoreVary: true });
    if (known && mark && known.headers.get("X-Crew-Mark") === mark) continue;
    const answer = await fetch(url, { headers: { "X-Background": "1" }, redirect: "manual" });
    if (isPage(answer)) await kept.put(url, answer);
  }
}

/** Whether an answer is a page of its own, not the way to the sign-in or a refusal. */
export function isPage(answer) {
  return answer.ok && !answer.redirected && (answer.headers.get("Content-Type") || "").startsWith("text/html");
}
