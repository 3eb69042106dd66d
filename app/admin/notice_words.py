"""Pages for the words of notices: all of them with what holds now, and the editor of one.

A preview is filled from a made-up matter, in both languages, and is sent to nobody.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Final

from fastapi import APIRouter, Request
from fastapi.responses import Response
from pydantic import BaseModel, Field

from app.accounts.deps import VisitDep, Work
from app.accounts.rules import Permission
from app.admin.frame import language_of, tried, tried_form
from app.admin.notices import HOME, show_tab
from app.kernel.errors import NotFoundError
from app.kernel.messages import mark
from app.notifications.queries import sending, texts
from app.notifications.rules import words
from app.notifications.rules.deciding import Policy
from app.notifications.service import editing
from app.notifications.service.editing import Draft
from app.web.forms import FormDep, RawForm, parse
from app.web.i18n import Locale, catalogue
from app.web.templating import see_other

router = APIRouter(prefix=f"{HOME}/words")

_LIST: Final = f"{HOME}/words"
# What a preview is filled with; the link as long as a real one.
_SAMPLE: Final = {
    Locale.ZH: {"number": "RX99010120260302000001", "unit": "市政工程局"},
    Locale.EN: {"number": "RX99010120260302000001", "unit": "Works bureau"},
}
_PAGE: Final = "c/abcdefghijklmnopqrstuvwxyz"
FIELDS: Final = {Locale.ZH: "words_zh", Locale.EN: "words_en"}
PLACES: Final = {
    "number": mark("number of the matter"),
    "unit": mark("unit in charge"),
    "link": mark("address of the matter's own page; added at the end if it is left out"),
}


class WordsForm(BaseModel):
    """What is typed about the words of one notice."""

    words_zh: Annotated[str, Field(title=mark("Chinese"))] = ""
    words_en: Annotated[str, Field(title=mark("English"))] = ""
    seen: int = 0

    def draft(self, code: str) -> Draft:
        given = {Locale.ZH: self.words_zh, Locale.EN: self.words_en}
        own = {
            str(locale): "" if text.strip() == _house(code, locale) else text
            for locale, text in given.items()
        }
        return Draft(own, self.seen)


@dataclass(frozen=True, slots=True)
class Preview:
    """What would go out in one language, and how long it is as a short message."""

    locale: Locale
    text: str
    signs: int
    parts: int
    is_long: bool


@router.get("")
def show_list(request: Request, visit: VisitDep) -> Response:
    """Every notice with the words that hold now."""
    with visit.reading() as work:
        work.actor.require(Permission.SETTINGS_MANAGE)
        edited = texts.in_force(work.session)
    rows = [
        {
            "code": code,
            "zh": edited.get((code, Locale.ZH)) or _house(code, Locale.ZH),
            "en": edited.get((code, Locale.EN)) or _house(code, Locale.EN),
            "is_edited": any((code, locale) in edited for locale in Locale),
        }
        for code in words.kinds()
    ]
    return show_tab(request, work.actor, "admin/notice_words", {"rows": rows})


@router.get("/{code}")
def show_one(request: Request, visit: VisitDep, code: str) -> Response:
    """One notice, to be changed, with what it would look like and what it was before."""
    return _form(request, visit, code, None, {})


@router.post("/{code}")
def change(request: Request, visit: VisitDep, code: str, form: FormDep) -> Response:
    """Show what citizens would read, or let it hold from now on."""
    parsed = parse(WordsForm, form)
    if form.text("do") == "preview":
        given = {str(locale): form.text(name) for locale, name in FIELDS.items()}
        errors = tried(visit, lambda work: _check(work, code, given))
        return _form(request, visit, code, form, errors)

    def do(work: Work, value: WordsForm) -> None:
        work.actor.require(Permission.SETTINGS_MANAGE)
        editing.publish(work.session, code, value.draft(code), by=work.author, now=work.now)

    errors = tried_form(visit, parsed, do)
    if errors:
        return _form(request, visit, code, form, errors)
    return see_other(f"{_LIST}/{code}")


def _check(work: Work, code: str, given: Mapping[str, str]) -> None:
    work.actor.require(Permission.SETTINGS_MANAGE)
    editing.check(code, given)


def _form(
    request: Request, visit: VisitDep, code: str, typed: RawForm | None, errors: Mapping[str, str]
) -> Response:
    if code not in words.kinds():
        raise NotFoundError(mark("There is no such notice."))
    with visit.reading() as work:
        work.actor.require(Permission.SETTINGS_MANAGE)
        edited = texts.in_force(work.session)
        held = {
            name: edited.get((code, locale)) or _house(code, locale)
            for locale, name in FIELDS.items()
        }
        values = {"seen": str(texts.newest_id(work.session, code)), **held}
        values |= typed.values if typed else {}
        policy = sending.policy(work.session)
        history = texts.versions(work.session, code)
    base = visit.edge.settings.base_url
    context = {
        "code": code,
        "named": _house(code, Locale.EN if language_of(request) == "en" else Locale.ZH),
        "house": {locale: _house(code, locale) for locale in Locale},
        "values": values,
        "errors": errors,
        "places": [(name, PLACES.get(name, "")) for name in sorted(words.allowed_in(code))],
        "previews": [] if errors else [_preview(values, policy, base, one) for one in Locale],
        "history": history,
    }
    status = 422 if errors else 200
    return show_tab(request, work.actor, "admin/notice_words_form", context, status=status)


def _preview(values: Mapping[str, str], policy: Policy, base: str, locale: Locale) -> Preview:
    filled = words.filled(values[FIELDS[locale]], _SAMPLE[locale])
    signature = policy.signature_en if locale is Locale.EN else policy.signature
    text = signature + words.with_link(filled, f"{base.rstrip('/')}/{_PAGE}")
    length = words.parts_of(text)
    return Preview(
        locale, text, length.signs, length.parts, is_long=length.parts > words.MOST_PARTS
    )


def _house(code: str, locale: Locale) -> str:
    """The sentence of the house in this language, as it is edited."""
    return words.in_braces(catalogue(locale).gettext(words.kinds()[code]))
