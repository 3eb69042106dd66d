"""Where something was not done, as a form asks it: counters of the halls, then units."""

from collections.abc import Mapping

from sqlalchemy.orm import Session

from app.departments import queries as departments
from app.kernel.errors import InvalidError
from app.kernel.messages import mark
from app.queueing.service.places import counters_by_hall
from app.web.i18n import Locale, catalogue

_COUNTER = mark("Counter %(number)s")


def choices(session: Session, locale: Locale) -> list[tuple[str, str]]:
    """Every counter by hall and number, then every unit."""
    english = locale is Locale.EN
    words = catalogue(locale).gettext(_COUNTER)
    counters = [
        (f"counter:{key}", f"{name_en if english else name} · {words % {'number': number}}")
        for name, name_en, found in counters_by_hall(session)
        for key, number in found
    ]
    units = departments.list_choices(session, language="en" if english else "zh")
    return [*counters, *((f"unit:{key}", name) for key, name in units)]


def beside(refusal: InvalidError) -> Mapping[str, str]:
    """The sentences of a refusal beside the fields of such a form."""
    if not refusal.fields:
        return {"": refusal.msgid}
    names = {"accused_unit_id": "where", "accused_staff": "where", "body": "words"}
    return {names.get(name, name): words for name, words in refusal.fields.items()}
