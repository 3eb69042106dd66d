// What this phone keeps until the server has it: actions and photos in the order they were made,
// and words half typed. The page and the service worker share it; nothing here speaks to anybody.
const NAME = "crew";
const OUTBOX = "outbox";
const DRAFTS = "drafts";
const KNOWN = "known";
let opening = null;

function open() {
  opening = opening || new Promise((resolve, reject) => {
    const asked = indexedDB.open(NAME, 1);
    asked.onupgradeneeded = () => {
      asked.result.createObjectStore(OUTBOX, { keyPath: "seq", autoIncrement: true });
      asked.result.createObjectStore(DRAFTS);
      asked.result.createObjectStore(KNOWN);
    };
    asked.onsuccess = () => resolve(asked.result);
    asked.onerror = () => { opening = null; reject(asked.error); };
  });
  return opening;
}

/** One transaction: when the promise is kept, what was put is on the phone. */
async function within(store, mode, act) {
  const base = await open();
  return new Promise((resolve, reject) => {
    const work = base.transaction(store, mode);
    const asked = act(work.objectStore(store));
    work.oncomplete = () => resolve(asked && asked.result);
    work.onabort = () => reject(work.error);
    work.onerror = () => reject(work.error);
  });
}

/** A name nobody else gives: by it the server knows what it has already. */
export function freshId() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

export const waiting = () => within(OUTBOX, "readonly", (store) => store.getAll());
export const keep = (item) => within(OUTBOX, "readwrite", (store) => store.add(item));
export const change = (item) => within(OUTBOX, "readwrite", (store) => store.put(item));
export const drop = (seq) => within(OUTBOX, "readwrite", (store) => store.delete(seq));

export const draft = (key) => within(DRAFTS, "readonly", (store) => store.get(key));
export const saveDraft = (key, text) => within(DRAFTS, "readwrite", (store) => (text ? store.put(text, key) : store.delete(key)));

/** Where the server last said a matter stands: a page kept on the phone may be older. */
export const known = (number) => within(KNOWN, "readonly", (store) => store.get(number));
export const know = (number, state) => within(KNOWN, "readwrite", (store) => store.put(state, number));

/** What was half typed and what was known goes; what waits stays, for whoever it belongs to. */
export async function forget() {
  await within(DRAFTS, "readwrite", (store) => store.clear());
  await within(KNOWN, "readwrite", (store) => store.clear());
}
