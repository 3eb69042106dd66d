// SHA-256 of short texts, synchronous: WebCrypto is missing on plain-http office networks and
// slower than this for thousands of small messages.

const K = new Int32Array(64);
const START = new Int32Array(8);

(function constants() {
  const fraction = (root) => ((root - Math.floor(root)) * 4294967296) | 0;
  let found = 0;
  for (let n = 2; found < 64; n += 1) {
    let prime = true;
    for (let d = 2; d * d <= n; d += 1) if (n % d === 0) { prime = false; break; }
    if (!prime) continue;
    if (found < 8) START[found] = fraction(Math.sqrt(n));
    K[found] = fraction(Math.cbrt(n));
    found += 1;
  }
}());

const w = new Int32Array(64);
const turn = (x, by) => (x >>> by) | (x << (32 - by));

function block(state, view, at) {
  for (let i = 0; i < 16; i += 1) w[i] = view.getInt32(at + 4 * i);
  for (let i = 16; i < 64; i += 1) {
    const s0 = turn(w[i - 15], 7) ^ turn(w[i - 15], 18) ^ (w[i - 15] >>> 3);
    const s1 = turn(w[i - 2], 17) ^ turn(w[i - 2], 19) ^ (w[i - 2] >>> 10);
    w[i] = (w[i - 16] + s0 + w[i - 7] + s1) | 0;
  }
  let [a, b, c, d, e, f, g, h] = state;
  for (let i = 0; i < 64; i += 1) {
    const t1 = (h + (turn(e, 6) ^ turn(e, 11) ^ turn(e, 25)) + ((e & f) ^ (~e & g)) + K[i] + w[i]) | 0;
    const t2 = ((turn(a, 2) ^ turn(a, 13) ^ turn(a, 22)) + ((a & b) ^ (a & c) ^ (b & c))) | 0;
    h = g; g = f; f = e; e = (d + t1) | 0; d = c; c = b; b = a; a = (t1 + t2) | 0;
  }
  state[0] += a; state[1] += b; state[2] += c; state[3] += d;
  state[4] += e; state[5] += f; state[6] += g; state[7] += h;
}

/** The eight words of the digest of ASCII `text`. */
export function sha256(text) {
  const size = ((text.length + 8) >> 6) + 1;
  const view = new DataView(new ArrayBuffer(size * 64));
  for (let i = 0; i < text.length; i += 1) view.setUint8(i, text.charCodeAt(i));
  view.setUint8(text.length, 0x80);
  view.setUint32(size * 64 - 4, text.length * 8);
  const state = Int32Array.from(START);
  for (let at = 0; at < size * 64; at += 64) block(state, view, at);
  return state;
}

/** The number up to `most` whose digest after `salt` is `challenge` (hex); -1 when there is none. */
export function solve(salt, challenge, most) {
  const want = challenge.match(/.{8}/g).map((part) => parseInt(part, 16) | 0);
  for (let number = 0; number <= most; number += 1) {
    const got = sha256(salt + number);
    if (got[0] === want[0] && want.every((part, index) => got[index] === part)) return number;
  }
  return -1;
}
