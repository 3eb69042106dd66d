"""What a finger, sunlight and a small screen ask of a page, measured on the page itself."""

from typing import Any, Final

from playwright.sync_api import Page

from tests.browser.looking import AXE

FINGER: Final = 44  # pixels of a target's side
# A label that belongs to a field is part of its target; what takes no space is not there.
_SMALL: Final = """(least) => {
  const found = [];
  const folded = [...document.querySelectorAll("details:not([open])")];
  folded.forEach((one) => { one.open = true; });
  const wanted = "a[href], button, input:not([type=hidden]), select, textarea, summary";
  for (const each of document.querySelectorAll(wanted)) {
    if (!each.checkVisibility({visibilityProperty: true, opacityProperty: true})) continue;
    const boxes = [each, ...(each.labels || [])].map((one) => one.getBoundingClientRect());
    const wide = Math.max(...boxes.map((box) => box.width));
    const high = Math.max(...boxes.map((box) => box.height));
    if (wide <= 1 || high <= 1) continue;
    if (Math.min(wide, high) >= least - 0.5) continue;
    found.push(`${Math.round(wide)}x${Math.round(high)} ${each.outerHTML.slice(0, 140)}`);
  }
  folded.forEach((one) => { one.open = false; });
  return found;
}"""
_FAINT: Final = """() => axe.run(document, {
  runOnly: ["color-contrast-enhanced"], resultTypes: ["violations"],
}).then((found) => found.violations.flatMap((v) => v.nodes.map(
  (n) => `${n.html.slice(0, 120)} | ${n.any.map((one) => one.message).join(" ")}`)))"""


def open_all(page: Page) -> None:
    """Unfold whatever is folded."""
    page.evaluate("document.querySelectorAll('main details').forEach((d) => { d.open = true; })")


def small_targets(page: Page) -> list[str]:
    """Links, buttons and fields a finger may miss, with their sizes."""
    found: list[str] = page.evaluate(_SMALL, FINGER)
    return found


def faint_words(page: Page) -> list[str]:
    """Words with less than 7:1 against what is behind them (4.5:1 where they are large)."""
    page.evaluate(AXE.read_text(encoding="utf-8"))
    found: list[Any] = page.evaluate(_FAINT)
    return [str(each) for each in found]
