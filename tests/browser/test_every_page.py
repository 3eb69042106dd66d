"""Every kind of page, looked at as nobody can by hand: axe, messages, widths, words."""

import pytest

from tests.browser.conftest import Open
from tests.browser.faces import EVERY, Face
from tests.browser.looking import MODES, foreign_words, sideways, violations
from tests.browser.town import Town
from tests.documents import reading

_PLAIN = [face for face in EVERY if not callable(face.way)]
_SPOIL = """() => {
  const grey = Object.assign(document.createElement("p"), {textContent: "看不清的字"});
  grey.style.color = "#bbb";
  const wide = document.createElement("div");
  wide.style.width = "3000px";
  wide.textContent = "Untranslated words";
  document.querySelector("main").append(grey, document.createElement("button"), wide, new Image());
  console.warn("something went wrong");
}"""


@pytest.mark.parametrize("face", EVERY, ids=[face.name for face in EVERY])
def test_a_page_shuts_nobody_out(opened: Open, town: Town, face: Face) -> None:
    look = opened(face.role)

    face.open(look, town)

    assert foreign_words(look.page) == []
    assert violations(look.page) == []
    assert sideways(look.page) == []
    assert look.messages() == []


@pytest.mark.parametrize("face", _PLAIN, ids=[face.name for face in _PLAIN])
def test_a_page_fits_narrow_screens_in_english_too(opened: Open, town: Town, face: Face) -> None:
    look = opened(face.role, lang="en")

    face.open(look, town)

    assert sideways(look.page) == []
    assert look.messages() == []


@pytest.mark.parametrize("mode", MODES)
def test_a_planted_fault_is_seen(opened: Open, mode: str) -> None:
    look = opened()
    look.goto("/track")

    look.page.evaluate(_SPOIL)

    found = " ".join(violations(look.page, [mode]))
    assert "button-name" in found
    assert "image-alt" in found
    assert ("color-contrast" in found) == (mode in {"light", "elder"})
    assert len(sideways(look.page, [mode])) == len(("320", "390", "1366"))
    assert foreign_words(look.page) == ["Untranslated words"]
    assert look.messages()


def test_the_colours_chosen_come_with_the_page_itself(opened: Open) -> None:
    look = opened(script=False)
    look.goto("/")
    look.page.get_by_text(look.t("Display"), exact=True).click()

    look.press("High contrast")
    look.press("Large text")

    root = look.page.locator("html")
    assert root.get_attribute("data-theme") == "contrast"
    assert root.get_attribute("data-elder") == "on"


def test_large_text_is_large_and_its_targets_are_sixty_pixels(opened: Open) -> None:
    look = opened(elder="on", size=(390, 844))
    look.goto("/report/place")

    size = look.page.evaluate("getComputedStyle(document.body).fontSize")
    heights = look.page.evaluate(
        "[...document.querySelectorAll('main .btn, main select, main input:not([type=hidden])')]"
        ".map((e) => e.getBoundingClientRect().height).filter(Boolean)"
    )

    assert size == "24px"
    assert min(heights) >= 60  # MIIT's rules for the edition for older people


def test_a_slip_prints_on_the_roll_without_the_frame_of_the_page(opened: Open, town: Town) -> None:
    look = opened()
    look.goto(f"{town.known['submitted'].own}/slip")

    look.page.emulate_media(media="print")

    assert not look.page.locator("header.bar").is_visible()
    box = look.page.locator(".slip").bounding_box()
    assert box
    assert box["width"] <= 72 / 25.4 * 96 + 1  # 72 mm at 96 pixels an inch


@pytest.mark.parametrize(("width", "height"), [(80, 200), (148, 210)])
def test_a_slip_printed_to_a_pdf_reads_back_whole_on_roll_and_sheet(
    opened: Open, town: Town, width: int, height: int
) -> None:
    look = opened()
    look.goto(f"{town.known['submitted'].own}/slip")

    printed = reading.Paper.of(look.page.pdf(width=f"{width}mm", height=f"{height}mm"))

    assert (printed.width, printed.height, printed.pages) == (width, height, 1)
    assert look.page.locator(".slip-no").inner_text() in printed.text
    assert look.t("Report a matter") not in printed.text
