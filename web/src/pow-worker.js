// Solves one proof of work off the page's thread.
import { solve } from "./sha256.js";

self.addEventListener("message", ({ data }) => self.postMessage(solve(data.salt, data.challenge, data.maxnumber)));
