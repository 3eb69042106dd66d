"""What partners' programs do by GeoReport: bring in a report, add an update to one.

Whatever they bring goes the way every report goes; an update is written down and moves nothing.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Final

from sqlalchemy.orm import Session

from app.cases.kinds import Action, Channel, DoerKind
from app.cases.models import Case
from app.cases.rules import SYSTEM
from app.cases.service.belongings import attach
from app.cases.service.files import StoredFile, keep_files
from app.cases.service.following import tell_master
from app.cases.service.recording import Entry, record
from app.citizens.service import Person
from app.facilities import queries as facilities
from app.facilities.rules import TypeView
from app.kernel.errors import InvalidError, NotFoundError
from app.kernel.messages import mark
from app.kernel.upsert import insert
from app.open311 import queries
from app.open311.models import ONLY_ROW, GeoChangeset, GeoRequest, GeoUpdate
from app.open311.rules.definitions import Answered
from app.publishing.service import public_no
from app.repairs.service import NewRepair, open_repair

_LONGEST_PLACE: Final = 200
_LINKS: Final = "media: "


@dataclass(frozen=True, slots=True)
class Report:
    """A request as it was sent, read and checked."""

    kind: TypeView
    words: str
    answered: Answered
    address: str = ""
    lat: Decimal | None = None
    lon: Decimal | None = None
    region_code: str = ""
    person: Person | None = None
    files: Sequence[StoredFile] = ()
    links: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class Followed:
    """An update as it was sent, read and checked."""

    client_id: str
    word: str
    words: str
    happened_at: datetime
    files: Sequence[StoredFile] = ()
    links: Sequence[str] = ()


def get_service(session: Session, code: str) -> TypeView:
    """The type of facility this service stands for.

    Raises:
        NotFoundError: there is none the public can report.
    """
    found = facilities.type_by_code(session, code)
    if found is None or found.code != code or not (found.is_active and found.is_public):
        raise NotFoundError(mark("There is no service with this service_code."))
    return found


def open_request(session: Session, report: Report, *, key_id: int, now: datetime) -> GeoRequest:
    """A repair from a report; found at once under the name it is answered with.

    Raises:
        InvalidError: no words or no such facility; `fields` are called as the standard does.
    """
    asset_id = _asset_id(session, report.answered.asset)
    case = open_repair(
        session,
        NewRepair(
            type_id=report.kind.id,
            body=report.words,
            channel=Channel.OPEN311,
            asset_id=asset_id,
            place=report.address[:_LONGEST_PLACE],
            lon=report.lon,
            lat=report.lat,
            region_code=report.region_code,
            person=report.person,
            is_anonymous=report.person is None,
            dangers=(*report.answered.forms, *report.answered.dangers),
            answers=report.answered.answers,
            attachment_ids=_kept(session, report.files, now=now),
        ),
        now=now,
    )
    _note_links(session, case, report.links, now=now)
    row = GeoRequest(
        case_id=case.id,
        request_id=public_no(session, case.id),
        key_id=key_id,
        media_urls=list(report.links),
        created_at=now,
    )
    session.add(row)
    session.flush()
    return row


def _asset_id(session: Session, said: str) -> int | None:
    if not said:
        return None
    found = facilities.find_asset(session, said)
    if found is None:
        unknown = mark("No facility has this number. Leave it empty if you are not sure.")
        raise InvalidError(fields={"attribute[asset]": unknown})
    return found.id


def _kept(
    session: Session, files: Sequence[StoredFile], *, now: datetime, case_id: int | None = None
) -> list[int]:
    # Who reported it sees it again; others' photos, staff do.
    ids = keep_files(
        session, files, DoerKind.CITIZEN, case_id=case_id, is_public=case_id is None, now=now
    )
    return list(ids)


def _note_links(session: Session, case: Case, links: Sequence[str], *, now: datetime) -> None:
    # Staff read them and decide; the house itself opens no address a stranger names.
    if links:
        words = "\n".join(f"{_LINKS}{link}" for link in links)
        record(session, case, Entry(Action.NOTE, SYSTEM, now, internal_text=words, is_public=False))


def add_update(
    session: Session, case: Case, update: Followed, *, key_id: int, program: str, now: datetime
) -> GeoUpdate:
    """An update to somebody's report, for staff to read; sent again, it is the same one.

    It comes from anybody who reads the report elsewhere, so it changes no state and stands
    on nobody's own page.
    """
    row = _written(session, case, update, key_id=key_id, now=now)
    if row is None:
        return queries.get_update(session, key_id, update.client_id)
    links = (f"{_LINKS}{link}" for link in update.links)
    words = "\n".join((f"{program} · {update.word}", update.words, *links))
    entry = Entry(
        Action.SUPPLEMENT,
        SYSTEM,
        now,
        internal_text=words,
        payload={"by": str(Channel.OPEN311), "state": update.word},
        is_public=False,
    )
    line = record(session, case, entry)
    ids = _kept(session, update.files, now=now, case_id=case.id)
    attach(session, case, ids, event_id=line.id)
    tell_master(session, case, line, doer=SYSTEM, now=now)
    return row


def _written(
    session: Session, case: Case, update: Followed, *, key_id: int, now: datetime
) -> GeoUpdate | None:
    new = insert(session, GeoUpdate).values(
        case_id=case.id,
        key_id=key_id,
        client_id=update.client_id,
        word=update.word,
        media_urls=list(update.links),
        happened_at=update.happened_at,
        created_at=now,
    )
    # Two deliveries of one update at once: the second finds the row of the first.
    unknown = new.on_conflict_do_nothing(index_elements=[GeoUpdate.key_id, GeoUpdate.client_id])
    if session.execute(unknown.returning(GeoUpdate.id)).first() is None:
        return None
    return queries.get_update(session, key_id, update.client_id)


def keep_changeset(session: Session, digest: str, *, now: datetime) -> datetime:
    """Since when the services are what this digest stands for; from now on if they just changed."""
    new = insert(session, GeoChangeset).values(id=ONLY_ROW, digest=digest, changed_at=now)
    changed = new.on_conflict_do_update(
        index_elements=[GeoChangeset.id],
        set_={"digest": digest, "changed_at": now},
        where=GeoChangeset.digest != digest,
    )
    session.execute(changed)
    return session.get_one(GeoChangeset, ONLY_ROW, populate_existing=True).changed_at
