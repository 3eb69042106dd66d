"""Reads a report and an update out of what a program sent, and says all that is wrong at once.

Every problem is called as the standard calls the parameter, so that whoever reads the answer
can find it.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo

from app.citizens.service import Person
from app.facilities.rules import TypeView
from app.kernel import geo
from app.kernel.errors import InvalidError
from app.kernel.messages import mark
from app.kernel.text import clean_line
from app.maps.ground import CityGround
from app.open311.rules import times
from app.open311.rules.asking import Sent, Where, where_of
from app.open311.rules.definitions import read_answers
from app.open311.rules.states import UPDATE_WORDS
from app.open311.service import Followed, Report

LONGEST_WORDS: Final = 4000  # characters, not bytes
_SHORTEST_WORDS: Final = 4  # of a matter; the standard knows no least
LONGEST_LINK: Final = 500
MOST_LINKS: Final = 6
_LONGEST_ID: Final = 100
_LONGEST_CONTACT: Final = 254
_MISSING: Final = mark("This is required.")
_TOO_LONG: Final = mark("This is too long.")


def report_of(
    sent: Sent, kind: TypeView, *, ground: CityGround, now: datetime, zone: ZoneInfo
) -> Report:
    """The report a program sent about a kind of facility.

    Raises:
        InvalidError: all that is wrong, by parameter.
    """
    today = now.astimezone(zone).date()
    answered = read_answers(kind, sent.attributes(), today=today, zone=zone)
    where = where_of(sent)
    words = sent.text("description")
    problems = {
        **_too_long(words),
        **_wrong_place(where, ground),
        **_wrong_links(sent.every("media_url")),
        **{f"attribute[{code}]": said for code, said in answered.problems.items()},
    }
    if problems:
        raise InvalidError(fields=problems)
    return Report(
        kind=kind,
        words=_words(words, kind),
        answered=answered,
        address=clean_line(where.address),
        lat=where.lat,
        lon=where.lon,
        region_code=_region(where, ground),
        person=person_of(sent),
        links=sent.every("media_url"),
    )


def update_of(sent: Sent, *, zone: ZoneInfo, has_files: bool) -> Followed:
    """The update a program sent.

    Raises:
        InvalidError: all that is wrong, by parameter.
    """
    links = sent.every("media_url")
    words = sent.text("description")
    word = sent.text("status").upper()
    happened_at = times.find(sent.text("updated_datetime"), zone)
    needed = ("service_request_id", "update_id", "updated_datetime", "status")
    problems = {name: _MISSING for name in needed if not sent.text(name)}
    if word and word not in UPDATE_WORDS:
        problems["status"] = mark("This is no status of an update, such as OPEN or CLOSED.")
    if sent.text("updated_datetime") and happened_at is None:
        problems["updated_datetime"] = times.NO_TIME
    if len(sent.text("update_id")) > _LONGEST_ID:
        problems["update_id"] = _TOO_LONG
    if not (words or links or has_files):
        problems["description"] = _MISSING
    problems |= {**_too_long(words), **_wrong_links(links)}
    if problems or happened_at is None:
        raise InvalidError(fields=problems)
    return Followed(sent.text("update_id"), word, words, happened_at, links=links)


def person_of(sent: Sent) -> Person | None:
    """Who reported it, if they may be asked back; a name alone reaches nobody."""
    email, phone = (clean_line(sent.text(name))[:_LONGEST_CONTACT] for name in ("email", "phone"))
    if not (email or phone):
        return None
    first, last = (clean_line(sent.text(name))[:60] for name in ("first_name", "last_name"))
    # Family names stand in front where no blank parts the two.
    name = f"{first} {last}" if (first + last).isascii() else f"{last}{first}"
    return Person(name=name.strip(), phone=phone, email=email)


def _region(where: Where, ground: CityGround) -> str:
    if where.lat is None or where.lon is None:
        return ""
    return ground.region_at(float(where.lon), float(where.lat))


def _words(words: str, kind: TypeView) -> str:
    if len(words) >= _SHORTEST_WORDS:
        return words
    return f"{kind.name.zh} {words or kind.hint.zh or kind.code}"


def _too_long(words: str) -> dict[str, str]:
    too_long = mark("A description has at most 4,000 characters.")
    return {"description": too_long} if len(words) > LONGEST_WORDS else {}


def _wrong_place(where: Where, ground: CityGround) -> dict[str, str]:
    if where.problems or where.lat is None or where.lon is None:
        return dict(where.problems)
    verdict = geo.judge(float(where.lon), float(where.lat), ground.bounds)
    if verdict.point is not None:
        return {}
    # On a page the pin is put right; a program is told, or it would go on swapping.
    swapped = mark("lat and long look swapped.")
    return {"lat": swapped if verdict.instead else verdict.sentence}


def _wrong_links(links: Sequence[str]) -> dict[str, str]:
    are_links = all(link.startswith(("http://", "https://")) for link in links)
    if not are_links or any(len(link) > LONGEST_LINK or " " in link for link in links):
        return {"media_url": mark("Send the address of a photo, beginning with https://.")}
    if len(links) > MOST_LINKS:
        return {"media_url": mark("These are too many links.")}
    return {}
