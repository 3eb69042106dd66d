"""How a person wants to see the pages, and in which language."""

import json
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from app.web import i18n
from app.web.i18n import Locale
from app.web.preferences import safe_back
from app.web.words import WORDS, script_words
from tests.support.pages import PageClient
from tests.web.conftest import Token

HTTP = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@HTTP
def test_a_choice_is_remembered_and_leads_back_to_the_page(
    client: TestClient, token: Token
) -> None:
    data = {"theme": "contrast", "elder": "on", "back": "/probe/form?x=1", "csrf": token()}

    answer = client.post("/prefs", data=data)

    assert (answer.status_code, answer.headers["location"]) == (303, "/probe/form?x=1")
    assert all("HttpOnly" in line for line in answer.headers.get_list("set-cookie"))
    page = client.get("/probe/form").text
    assert 'data-theme="contrast"' in page
    assert 'data-elder="on"' in page


@HTTP
def test_the_header_offers_the_choices_without_script(pages: PageClient) -> None:
    page = pages.get("/probe/form")

    after = pages.submit(page.form(action="/prefs"), press="dark")

    assert after.url == "/probe/form"
    assert 'data-theme="dark"' in after.html


@HTTP
def test_an_unknown_choice_changes_nothing(client: TestClient, token: Token) -> None:
    answer = client.post("/prefs", data={"theme": "pink", "lang": "tlh", "csrf": token()})

    assert "set-cookie" not in answer.headers
    assert answer.headers["location"] == "/"


@HTTP
def test_english_is_one_press_away_and_comes_back_the_same_way(pages: PageClient) -> None:
    chinese = pages.get("/probe/form")

    english = pages.submit(chinese.form(action="/prefs"), press="English")
    again = pages.submit(english.form(action="/prefs"), press="中文")

    assert (chinese.heading, english.heading, again.heading) == (
        "请稍等",
        "One moment, please",
        "请稍等",
    )
    assert 'lang="en"' in english.html


@pytest.mark.parametrize(
    ("cookie", "wish", "locale"),
    [
        (None, "", Locale.ZH),
        (None, "en-GB,en;q=0.9", Locale.EN),
        (None, "fr-FR,fr;q=0.9", Locale.ZH),
        (None, "zh-TW,zh;q=0.9,en;q=0.8", Locale.ZH),
        (None, "fr,en;q=0.5", Locale.EN),
        ("zh", "en", Locale.ZH),
        ("en", "zh", Locale.EN),
        ("xx", "", Locale.ZH),
    ],
)
def test_the_cookie_wins_over_the_browsers_wish(
    cookie: str | None, wish: str, locale: Locale
) -> None:
    assert i18n.chosen(cookie, wish) is locale


@pytest.mark.parametrize(
    ("asked", "led"),
    [
        ("/report?step=2", "/report?step=2"),
        ("//evil.example", "/"),
        ("/\\evil.example", "/"),
        ("https://evil.example", "/"),
        ("/a\r\nSet-Cookie: x=1", "/"),
        ("", "/"),
    ],
)
def test_nobody_is_led_to_another_site(asked: str, led: str) -> None:
    assert safe_back(asked) == led


def test_a_link_inside_a_sentence_is_kept_and_names_are_escaped() -> None:
    i18n.speak(Locale.EN)

    plain = i18n.gettext("What you wrote (%(name)s)", name="<b>")

    assert plain == "What you wrote (<b>)"  # the template escapes it when it is shown


def test_texts_that_were_never_compiled_are_missed_with_a_clear_sentence(tmp_path: Path) -> None:
    with pytest.raises(i18n.CatalogueMissingError, match=r"translations\.py compile"):
        i18n.read_catalogue(tmp_path / "messages.mo")


def test_every_sentence_of_the_script_is_chinese_too() -> None:
    i18n.speak(Locale.ZH)

    said = json.loads(script_words())

    assert set(said) == set(WORDS)
    assert [name for name, text in said.items() if text.isascii()] == []
