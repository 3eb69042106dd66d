"""Texts nobody expects: endless, invisible, turned around, or full of search signs."""

import pytest
from sqlalchemy import select

from app.cases.models import Case, CaseText
from tests.bad_input.conftest import Browsers, Matters
from tests.bad_input.doors import DESK, PORTAL, Door, assert_understood, speak
from tests.portal import walking
from tests.support.city import City

SQLITE = pytest.mark.parametrize("founded", ["sqlite"], indirect=True)
BOTH = pytest.mark.parametrize("founded", ["sqlite", "pg"], indirect=True)
FAMILY, RARE = "👩\u200d👩\u200d👧", "𠮷"
STRANGE = f"路\x00灯\x1b[2J\u202e坏了\u200f {RARE}{FAMILY} \u2028第二行\ufeff；<b>&amp;"
CLEANED = f"路灯[2J坏了 {RARE}{FAMILY} \n第二行；<b>&amp;"


@SQLITE
@pytest.mark.parametrize("door", [PORTAL[0], PORTAL[1], DESK[0], DESK[1]], ids=str)
def test_ten_megabytes_get_a_sentence_and_the_page_before_still_stands(
    browsers: Browsers, matters: Matters, door: Door
) -> None:
    door, pages = matters.at(door), browsers.at(door)
    form = door.form(pages)
    photo = {"photos": ("1.jpg", walking.a_photo(), "image/jpeg")}

    for files, language in ((photo, "zh"), (None, "en")):
        speak(pages, language)
        refused = door.send(pages, door.filled(form, "灯" * 3_400_000), form, files)
        assert_understood(refused, 413, language=language)

    assert pages.get(door.page).status == 200


@SQLITE
@pytest.mark.parametrize("door", [*PORTAL[:3], *DESK], ids=str)
def test_a_text_that_is_too_long_comes_back_whole_to_be_shortened(
    browsers: Browsers, matters: Matters, door: Door
) -> None:
    door, pages = matters.at(door), browsers.at(door)
    form = door.form(pages)
    text = "路灯不亮，" * 1201  # 6,005 signs

    refused = door.send(pages, door.filled(form, text), form)

    assert_understood(refused, 422, typed=text)


@BOTH
def test_signs_nobody_sees_are_taken_out_and_what_somebody_wrote_stays(
    browsers: Browsers, city: City
) -> None:
    pages = browsers.enter(None)
    form = walking.to_check(pages, body=STRANGE).form(field="idempotency")

    slip = pages.submit(form)
    own = pages.get(slip.url.removesuffix("/slip"))

    assert (slip.status, own.status) == (200, 200)
    with city.db() as after:
        assert after.scalars(select(Case.body)).one() == CLEANED
    assert "<b>&amp;amp;" not in own.html
    assert "\u202e" not in own.html


@BOTH
def test_staff_may_paste_anything_too(browsers: Browsers, matters: Matters, city: City) -> None:
    for door in (matters.at(DESK[1]), matters.at(DESK[2])):
        pages = browsers.at(door)
        form = door.form(pages)
        assert door.send(pages, door.filled(form, STRANGE), form).status == 200

    with city.db() as after:
        texts = after.scalars(select(CaseText)).all()
        kept = {text.public_text for text in texts} | {text.internal_text for text in texts}
    assert CLEANED in kept


@BOTH
def test_no_search_however_odd_breaks_the_list(browsers: Browsers, matters: Matters) -> None:
    door = matters.at(DESK[3])
    pages = browsers.at(door)
    odd = (
        '"', '路灯"', "*", "路灯*", "路灯 AND", "NEAR(路灯 坏了)", "-路灯", "路灯:坏", "%_\\",
        "' OR 1=1 --",
        "\x00\x01", "\u202e", RARE, RARE * 2, FAMILY, "(" * 90, "^路灯", "{路灯}", "+", "RX",
        "0" * 99, "１７９００００１２３４", "17900001234", "路" * 100, "a" * 101, "路\n灯",
        "\\'; --", "<->", "!&|",
    )  # fmt: skip
    form = door.form(pages)

    for words in odd:
        answer = door.send(pages, door.filled(form, words), form)
        assert_understood(answer, 200, 422)


@SQLITE
def test_a_phone_number_of_ten_thousand_digits_is_a_sentence(browsers: Browsers) -> None:
    pages = browsers.enter(None)
    contact = walking.to_contact(pages).form(field="phone")

    refused = pages.submit(contact, anonymous="no", name="测试甲" * 100, phone="1" * 10_000)

    assert_understood(refused, 422, typed="1" * 10_000)
