"""What can be done with segments: keep one, change it, remove it, use it for a purpose.

A change of the conditions is a new version; old versions and uses stay as they were.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from sqlalchemy.orm import Session

from app.accounts.rules import Actor, Permission
from app.catalogue import queries as catalogue
from app.citizens.rules import ContactKind, MarkKind, PartyKind, number_of
from app.citizens.sealing import CONTACT, NAME, PHONES, unseal
from app.citizens.service.parties import masked_contact, masked_name
from app.departments import queries as departments
from app.exports.models import Export
from app.kernel import audit
from app.kernel.errors import ConflictError, InvalidError, NotFoundError
from app.kernel.messages import mark
from app.kernel.text import clean_line
from app.kernel.vault import Vault, vault_of
from app.segments import queries
from app.segments.models import Segment, SegmentUse, SegmentVersion
from app.segments.queries import Facts, MemberRow
from app.segments.queries.conditions import Reader
from app.segments.rules import (
    LONGEST_NAME,
    LONGEST_PURPOSE,
    SHORTEST_PURPOSE,
    Part,
    Rule,
    UseKind,
    What,
    from_json,
    to_json,
)

NO_PURPOSE: Final = mark("Say what you use these people's data for, in at least a few words.")


def checked(session: Session, rule: Rule) -> Rule:
    """The rule, if everything it names exists.

    Raises:
        InvalidError: a condition is incomplete, or its region or category is unknown.
    """
    rule.checked()
    fields = {
        f"{Part.VALUE}-{place}": mark("Choose or enter what to look for.")
        for place, condition in enumerate(rule.conditions)
        if not _exists(session, condition.what, condition.value)
    }
    if fields:
        raise InvalidError(fields=fields)
    return rule


def _exists(session: Session, what: What, value: str) -> bool:
    match what:
        case What.REGION:
            return departments.is_region(session, value)
        case What.CATEGORY:
            return int(value) in catalogue.snapshot(session).categories
    return True


def create(
    session: Session, actor: Actor, name: str, rule: Rule, *, now: datetime, ip: str = ""
) -> Segment:
    """Keep a segment under a name.

    Raises:
        ForbiddenError: the actor may not use segments.
        InvalidError: the name is empty or taken, or a condition is incomplete.
    """
    actor.require(Permission.SEGMENT_USE)
    checked(session, rule)
    segment = Segment(name=_free_name(session, name), created_at=now, created_by_id=actor.id)
    session.add(segment)
    session.flush()
    _add_version(session, actor, segment, 1, rule, now=now)
    audit.note(session, actor.author(ip=ip), "segment:created", ("segment", segment.id), at=now)
    return segment


def change(
    session: Session,
    actor: Actor,
    segment_id: int,
    *,
    name: str,
    rule: Rule,
    seen: int,
    now: datetime,
    ip: str = "",
) -> Segment:
    """Give a segment another name or other conditions; `seen` is the version the form showed.

    Raises:
        NotFoundError: there is no such segment.
        ConflictError: somebody else changed it meanwhile.
        InvalidError: as for `create`.
    """
    actor.require(Permission.SEGMENT_USE)
    segment, current = queries.get_segment(session, segment_id)
    if current.number != seen:
        raise ConflictError(
            mark("Somebody else changed this segment while you were working on it."),
            fresh={"seen": str(current.number)},
        )
    checked(session, rule)
    if clean_line(name) != segment.name:
        segment.name = _free_name(session, name)
    if from_json(current.rule) != rule:
        _add_version(session, actor, segment, current.number + 1, rule, now=now)
    audit.note(session, actor.author(ip=ip), "segment:changed", ("segment", segment.id), at=now)
    return segment


def remove(session: Session, actor: Actor, segment_id: int, *, now: datetime, ip: str = "") -> None:
    """Take a segment off the list; its versions and uses stay for the record.

    Raises:
        NotFoundError: there is no such segment.
    """
    actor.require(Permission.SEGMENT_USE)
    segment, _ = queries.get_segment(session, segment_id)
    segment.retired_at = now
    segment.name = f"{segment.name[: LONGEST_NAME - 24]} #{segment.id}"  # the name is free again
    audit.note(session, actor.author(ip=ip), "segment:removed", ("segment", segment.id), at=now)


def use(
    session: Session,
    reader: Reader,
    segment_id: int,
    kind: UseKind,
    purpose: str,
    *,
    export: Export | None = None,
    ip: str = "",
) -> SegmentUse:
    """Write down that the segment is used, for what, and how many people that is.

    Raises:
        ForbiddenError: the actor may not use segments.
        NotFoundError: there is no such segment.
        InvalidError: no purpose is stated (个人信息保护法 art. 6).
    """
    reader.actor.require(Permission.SEGMENT_USE)
    said = clean_line(purpose)[:LONGEST_PURPOSE]
    if len(said) < SHORTEST_PURPOSE:
        raise InvalidError(fields={"purpose": NO_PURPOSE})
    segment, version = queries.get_segment(session, segment_id)
    found = queries.count(session, rule_for(version, kind), reader)
    done = SegmentUse(
        version_id=version.id,
        staff_id=reader.actor.id,
        at=reader.now,
        kind=kind,
        purpose=said,
        count=found.value,
        is_capped=found.is_capped,
        export_id=export.id if export else None,
    )
    session.add(done)
    session.flush()
    audit.note(
        session,
        reader.actor.author(ip=ip),
        f"segment:{kind}",
        ("segment", segment.id),
        at=reader.now,
        reason=said,
        details={"version": version.number, "count": str(found)},
    )
    return done


def rule_for(version: SegmentVersion, kind: UseKind) -> Rule:
    """The conditions as this use reads them: only who agreed to it is approached, beyond duty.

    个人信息保护法 arts. 13 and 15: an extra rests on consent, which is withdrawn as easily.
    """
    rule = from_json(version.rule)
    if kind is UseKind.OUTREACH:
        return replace(rule, with_do_not_contact=False, only_agreed=True)
    return rule


def _free_name(session: Session, name: str) -> str:
    wished = clean_line(name)
    if not wished or len(wished) > LONGEST_NAME:
        raise InvalidError(fields={"name": mark("Give the segment a name of up to 60 characters.")})
    if queries.is_taken(session, wished):
        raise InvalidError(fields={"name": mark("Another segment has this name.")})
    return wished


def _add_version(
    session: Session, actor: Actor, segment: Segment, number: int, rule: Rule, *, now: datetime
) -> None:
    session.add(
        SegmentVersion(
            segment_id=segment.id,
            number=number,
            rule=to_json(rule),
            made_at=now,
            made_by_id=actor.id,
        )
    )
    session.flush()


@dataclass(frozen=True, slots=True)
class Member:
    """One person of a list; masked unless asked for in clear by somebody who may."""

    number: str
    name: str
    kind: PartyKind
    birth_year: int | None
    language: str
    phone: str
    email: str
    region_code: str
    prefers: ContactKind | None
    times: str
    marks: tuple[MarkKind, ...]
    open_matters: int
    matters: int
    last_at: datetime | None
    do_not_contact: bool


def described(
    session: Session, reader: Reader, found: Sequence[MemberRow], *, is_clear: bool = False
) -> list[Member]:
    """These people as a list shows them; the statements asked do not grow with them."""
    facts = queries.facts_of(session, [row.id for row in found], reader)
    vault = vault_of(session)
    return [_described(vault, row, facts[row.id], is_clear=is_clear) for row in found]


def _described(vault: Vault, row: MemberRow, facts: Facts, *, is_clear: bool) -> Member:
    name = unseal(vault, NAME, row.name, row.place)
    return Member(
        number=number_of(row.id),
        name=name if is_clear else masked_name(name, row.kind) if name else "",
        kind=row.kind,
        birth_year=row.birth_year,
        language=row.language,
        phone=_contact(vault, facts, PHONES, is_clear=is_clear),
        email=_contact(vault, facts, frozenset({ContactKind.EMAIL}), is_clear=is_clear),
        region_code=next((c.region_code for c in facts.contacts if c.region_code), ""),
        prefers=row.preferred_channel,
        times=row.preferred_times,
        marks=tuple(facts.marks),
        open_matters=facts.open_matters,
        matters=facts.matters,
        last_at=facts.last_at,
        do_not_contact=row.do_not_contact,
    )


def _contact(vault: Vault, facts: Facts, kinds: frozenset[ContactKind], *, is_clear: bool) -> str:
    """The first contact of these kinds: the preferred one, else the newest."""
    for contact in facts.contacts:
        if contact.kind in kinds:
            value = unseal(vault, CONTACT, contact.value, contact.place)
            return value if is_clear else masked_contact(contact.kind, value)
    return ""


def get_open_use(
    session: Session, use_id: int, reader: Reader, *, good_since: datetime
) -> tuple[SegmentUse, SegmentVersion, Segment]:
    """A list of one's own that was opened not too long ago.

    Raises:
        NotFoundError: it is not one's own, or too old: then its purpose is to be stated anew.
    """
    reader.actor.require(Permission.SEGMENT_USE)
    done, version, segment = queries.get_use(session, use_id, reader.actor)
    if done.at < good_since or done.kind is UseKind.EXPORT:
        raise NotFoundError(mark("This list is closed. Open it again and say what it is for."))
    return done, version, segment
