// High contrast for a screen in the sun, by one press, also without signal; the server is told when
// it can be, so that the next page comes that way.
const WISH = "crew-sun"; // a wish of this phone, not personal data
const page = document.documentElement;
const plain = page.dataset.theme === "contrast" ? "auto" : page.dataset.theme;

function show(button, isOn) {
  page.dataset.theme = isOn ? "contrast" : plain;
  button.setAttribute("aria-pressed", String(isOn));
}

export function prepareSun() {
  const button = document.querySelector("[data-sun]");
  const wish = localStorage.getItem(WISH);
  if (wish !== null) show(button, wish === "1");
  button.form.addEventListener("submit", (event) => {
    event.preventDefault();
    const isOn = page.dataset.theme !== "contrast";
    localStorage.setItem(WISH, isOn ? "1" : "0");
    const body = new URLSearchParams(new FormData(button.form));
    body.set("theme", isOn ? "contrast" : plain);
    show(button, isOn);
    button.form.removeAttribute("aria-busy");
    fetch(button.form.getAttribute("action"), { method: "POST", body, redirect: "manual" }).catch(() => {}); // no signal: kept here
  });
}
