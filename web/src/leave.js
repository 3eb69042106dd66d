// Whoever signs out takes along what their phone kept of today's work (see crew-pages.js).
document.addEventListener("submit", (event) => {
  if (event.target.getAttribute("action") === "/sign-out" && "caches" in window) caches.delete("crew-pages");
});
