"""Turns the conditions of a segment into SQL: one clause each, answered through an index.

What a person did is told from the matters the reader may see; a confidential matter
gives nobody away to who is not cleared for it.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Final

from sqlalchemy import ColumnElement, Select, and_, exists, false, func, not_, or_, select, true

from app.accounts.rules import Actor
from app.cases.kinds import Channel
from app.cases.models import Case
from app.cases.queries import visible_clause
from app.cases.queries.lists import LampState, lamp_clause
from app.catalogue.models import Category
from app.citizens.models import Citizen, Contact, Mark, Tag
from app.citizens.rules import CitizenState, ContactKind, MarkKind, PartyKind, Visibility
from app.citizens.rules.care import SENIOR_AT
from app.interactions.models import Interaction
from app.privacy.models import Consent
from app.privacy.service.consents import OUTREACH
from app.ratings.models import Rating
from app.ratings.rules import Level
from app.segments.rules import Condition, Match, Rule, What


@dataclass(frozen=True, slots=True)
class Reader:
    """For whom and when a segment is looked up; `today` is the hall's day."""

    actor: Actor
    now: datetime
    today: date

    def since(self, days: int | None) -> datetime:
        """The instant so many days ago."""
        return self.now - timedelta(days=days or 0)


Clause = ColumnElement[bool]


def clause_of(rule: Rule, reader: Reader) -> Clause:
    """Who belongs to the segment, as a condition on `Citizen`.

    Merged, restricted and anonymised people never do (个人信息保护法 art. 47).
    """
    found = [_one(condition, reader) for condition in rule.conditions]
    chosen = and_(*found) if rule.match is Match.ALL else or_(*found)
    wanted = and_(Citizen.state == CitizenState.ACTIVE, chosen)
    if not rule.with_do_not_contact:
        wanted = and_(wanted, Citizen.do_not_contact.is_(False))
    return and_(wanted, _AGREED) if rule.only_agreed else wanted


# What somebody said last counts: silence is no (rulebook §7).
_AGREED: Final = (
    select(Consent.is_given)
    .where(Consent.citizen_id == Citizen.id, Consent.kind_code == OUTREACH)
    .order_by(Consent.id.desc())
    .limit(1)
    .correlate(Citizen)
    .scalar_subquery()
    .is_(True)
)


def _one(condition: Condition, reader: Reader) -> Clause:
    positive = _CLAUSES[condition.what](condition, reader)
    # A birth year nobody knows is neither: not young, not old.
    return not_(func.coalesce(positive, false())) if condition.is_not else positive


def _age(condition: Condition, reader: Reader) -> Clause:
    year = reader.today.year
    ends: list[Clause] = [Citizen.birth_year.is_not(None)]
    if condition.least is not None:
        ends.append(Citizen.birth_year <= year - condition.least)
    if condition.most is not None:
        ends.append(Citizen.birth_year >= year - condition.most)
    return and_(*ends)


def _mark(condition: Condition, reader: Reader) -> Clause:
    kind = MarkKind(condition.value)
    in_force = or_(Mark.valid_until.is_(None), Mark.valid_until >= reader.today)
    marked = _among(
        select(Mark.citizen_id).where(Mark.kind == kind, Mark.ended_at.is_(None), in_force)
    )
    if kind is MarkKind.SENIOR:  # also told by the birth year
        return or_(marked, _age(Condition(What.AGE, least=SENIOR_AT), reader))
    return marked


def _tag(condition: Condition, reader: Reader) -> Clause:
    is_read = or_(Tag.visibility == Visibility.EVERYONE, Tag.unit_id == reader.actor.unit_id)
    return _among(
        select(Tag.citizen_id).where(Tag.word == condition.value, Tag.ended_at.is_(None), is_read)
    )


def _region(condition: Condition, _reader: Reader) -> Clause:
    return _among(
        select(Contact.citizen_id).where(
            Contact.region_code != "",  # the index holds these only
            Contact.region_code >= condition.value,
            Contact.region_code < _after(condition.value),
            Contact.kind == ContactKind.ADDRESS,
            Contact.ended_at.is_(None),
        )
    )


def _after(prefix: str) -> str:
    """The first text that does not begin so; a range is read from an index, LIKE is not always."""
    return prefix[:-1] + chr(ord(prefix[-1]) + 1) if prefix else ""


def _matters(condition: Condition, reader: Reader) -> Clause:
    mine = _cases(reader).where(Case.opened_at >= reader.since(condition.days))
    return _at_least(mine, condition.least)


def _open(condition: Condition, reader: Reader) -> Clause:
    return _at_least(_cases(reader).where(Case.closed_at.is_(None)), condition.least)


def _overdue(condition: Condition, reader: Reader) -> Clause:
    late = lamp_clause(LampState.BAD, reader.now)
    return _at_least(_cases(reader).where(Case.closed_at.is_(None), late), condition.least)


def _category(condition: Condition, reader: Reader) -> Clause:
    chosen = int(condition.value)
    under = select(Category.id).where(Category.parent_id == chosen)
    about = or_(Case.category_id == chosen, Case.category_id.in_(under))
    return _among(_cases(reader).where(about, Case.opened_at >= reader.since(condition.days)))


def _channel(condition: Condition, reader: Reader) -> Clause:
    came = (
        Case.channel == Channel(condition.value),
        Case.opened_at >= reader.since(condition.days),
    )
    return _among(_cases(reader).where(*came))


def _rated_badly(condition: Condition, reader: Reader) -> Clause:
    rated = _cases(reader).join(Rating, Rating.case_id == Case.id)
    return _among(
        rated.where(Rating.at >= reader.since(condition.days), Rating.level <= Level.DISSATISFIED)
    )


def _silent(condition: Condition, reader: Reader) -> Clause:
    # Of all their matters, also those the reader may not see: nobody is called silent who is not.
    since = reader.since(condition.days)
    came = exists().where(Case.citizen_id == Citizen.id, Case.opened_at >= since)
    spoke = exists().where(Interaction.citizen_id == Citizen.id, Interaction.began_at >= since)
    return and_(not_(came), not_(spoke))


def _cases(reader: Reader) -> Select[Any]:
    return select(Case.citizen_id).where(Case.citizen_id.is_not(None), visible_clause(reader.actor))


def _at_least(cases: Select[Any], least: int | None) -> Clause:
    if not least:
        return true()  # everybody has at least none
    if least == 1:
        return _among(cases)
    return _among(cases.group_by(Case.citizen_id).having(func.count() >= least))


def _among(ids: Select[Any]) -> Clause:
    return Citizen.id.in_(ids)


_CLAUSES: Final[dict[What, Callable[[Condition, Reader], Clause]]] = {
    What.AGE: _age,
    What.MARK: _mark,
    What.TAG: _tag,
    What.LANGUAGE: lambda condition, _reader: Citizen.language == condition.value,
    What.REGION: _region,
    What.PARTY: lambda condition, _reader: Citizen.kind == PartyKind(condition.value),
    What.PREFERS: lambda condition, _reader: (
        Citizen.preferred_channel == ContactKind(condition.value)
    ),
    What.MATTERS: _matters,
    What.OPEN: _open,
    What.OVERDUE: _overdue,
    What.CATEGORY: _category,
    What.CHANNEL: _channel,
    What.RATED_BADLY: _rated_badly,
    What.SILENT: _silent,
}
