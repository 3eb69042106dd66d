"""Which item is applied for: by code, pinyin initials or words, in the version of the day.

A version that has ended is said to have, and the one in force is offered in its place.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Final

from sqlalchemy.orm import Session

from app.kernel.errors import InvalidError, NotFoundError
from app.kernel.messages import mark
from app.kernel.text import whole_number
from app.service_items import queries
from app.service_items.rules import ItemEntry, ItemVersion

_MOST: Final = 12
_NONE: Final = mark("Choose the item that is applied for.")
_SEVERAL: Final = mark("Several items fit. Choose one of them.")
_NO_SUCH: Final = mark("No item fits. Try the code, the initials or another word.")


@dataclass(frozen=True, slots=True)
class Chosen:
    """The item that was meant, or those it could be; `wrong` says why there is none.

    `ended` is said of the version the page was opened with, which holds no longer.
    """

    version: ItemVersion | None = None
    candidates: Sequence[ItemEntry] = ()
    wrong: str = ""
    params: Mapping[str, object] = field(default_factory=dict)
    ended: str = ""


def suggestions(session: Session, day: date, language: str) -> list[dict[str, str]]:
    """Every item of this day, for the box that finds one while it is typed."""
    return [
        {
            "value": entry.code,
            "label": entry.name.within(language),
            "keys": f"{entry.initials} {entry.pinyin}",
        }
        for entry in queries.list_in_force(session, day=day)
    ]


def chosen(session: Session, values: Mapping[str, str], day: date) -> Chosen:
    """What the typed item is on this day, and whether its version changed under the clerk."""
    typed = values.get("item", "").strip()
    if not typed:
        return Chosen(wrong=_NONE)
    found = _meant(session, typed, day)
    seen = whole_number(values.get("version", ""))
    if found.version is None or seen in (None, found.version.id):
        return found
    return Chosen(found.version, ended=_ended(session, seen, found.version, day))


def _meant(session: Session, typed: str, day: date) -> Chosen:
    try:
        return Chosen(queries.version_on(session, typed, day))
    except NotFoundError:
        pass
    except InvalidError as refusal:
        return Chosen(wrong=refusal.msgid, params=refusal.params)
    found = queries.find_items(session, typed, day=day, limit=_MOST)
    exact = [one for one in found if typed in (one.code, one.name.zh)]
    if len(exact or found) == 1:
        return Chosen(queries.get_version(session, (exact or found)[0].version_id))
    return Chosen(candidates=found, wrong=_SEVERAL if found else _NO_SUCH)


def _ended(session: Session, seen: int | None, now: ItemVersion, day: date) -> str:
    """The sentence on a version of the same item that ended while the papers were checked."""
    known = queries.entries_of(session, [seen] if seen else [])
    before = next(iter(known.values()), None)
    if before is None or before.item_id != now.item_id:
        return ""  # another item was chosen meanwhile
    return f"{before.valid_to or day}"
