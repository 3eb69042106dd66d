"""A matter of “it could not be done” (办不成事): opened, and kept from the counter it is about.

A matter of its own category with its own limit; everything after that is the ordinary workflow.
"""

import json
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Final

from sqlalchemy.orm import Session

from app.cases import service as cases
from app.cases.kinds import Channel
from app.cases.models import Case
from app.cases.rules import Doer
from app.cases.service import NewCase
from app.cases.service.confiding import About
from app.catalogue import queries as catalogue
from app.catalogue.rules import CaseKind
from app.citizens.service import Person
from app.kernel.errors import InvalidError
from app.kernel.messages import mark

_LEAST: Final = 4


@dataclass(frozen=True, slots=True)
class Terms:
    """Which category these matters have, and over how many days their figures look back."""

    category: str
    days: int
    basis: str


@dataclass(frozen=True, slots=True, repr=False)  # a person's own words
class NewStuck:
    """What could not be done, where, and who says so.

    `unit_id` and `staff` (an account) are what it is about: they never get it.
    """

    words: str
    channel: Channel
    unit_id: int | None = None
    staff: str = ""
    person: Person | None = None
    citizen_id: int | None = None
    region_code: str = ""


@cache
def terms() -> Terms:
    """The data as the house ships them."""
    file = Path(__file__).parents[1] / "data" / "stuck.json"
    data = json.loads(file.read_text(encoding="utf-8"))
    return Terms(data["category"], data["looked_back_days"], data["basis"])


def open_stuck(session: Session, new: NewStuck, *, doer: Doer, now: datetime) -> Case:
    """Open the matter; who it is about neither gets nor sees it (rulebook §2.3.6).

    Raises:
        InvalidError: no words, or no such unit or person, or one nobody here stands above.
    """
    if len(new.words.strip()) < _LEAST:
        raise InvalidError(fields={"words": mark("Describe the matter in at least a few words.")})
    category = catalogue.find_by_code(session, terms().category)
    case = NewCase(
        body=new.words,
        channel=new.channel,
        kind=CaseKind.HELP,
        category_id=category.id if category else None,
        region_code=new.region_code,
        is_anonymous=new.person is None and new.citizen_id is None,
        person=new.person,
        citizen_id=new.citizen_id,
        about=About(unit_id=new.unit_id, staff=new.staff),
    )
    return cases.open_case(session, case, doer=doer, now=now)
