"""Finds rows that may be one person, each time one of them changes; a person decides.

Compares only those who share a telephone, a mailbox, a dwelling, a document's number or a
whole name. What was dismissed stays dismissed until something new is known.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from sqlalchemy.orm import Session

from app.citizens.models import DuplicateCandidate
from app.citizens.queries import duplicates as asked
from app.citizens.queries.duplicates import Facts
from app.citizens.queries.merging import acts_for
from app.citizens.rules import CitizenState, ContactKind, PartyKind
from app.citizens.rules.forms import WHOLE, forms_of, spoken
from app.citizens.rules.identity import Identity
from app.citizens.rules.joining import Party, contradictions, document_of
from app.citizens.rules.likeness import Likeable, Likeness, liken, read_reasons, written
from app.citizens.rules.quality import CandidateState
from app.citizens.sealing import (
    CONTACT,
    IDENTIFIER,
    IDENTIFIER_PURPOSE,
    NAME,
    READING,
    contact_key,
    contact_purpose,
    unseal,
)
from app.citizens.service import tokens
from app.kernel import audit
from app.kernel.authors import Author
from app.kernel.errors import ConflictError, NotFoundError
from app.kernel.messages import mark
from app.kernel.upsert import insert
from app.kernel.vault import vault_of

_RARE: Final = 5  # people of one name: fewer, and the name says something by itself


@dataclass(frozen=True, slots=True, repr=False)  # names and numbers do not belong in a traceback
class Somebody:
    """A citizen, or a row of a file that is to become one, in clear text."""

    name: str = ""
    reading: str = ""
    kind: PartyKind = PartyKind.PERSON
    state: CitizenState = CitizenState.ACTIVE
    birth_year: int | None = None
    reaches: Sequence[tuple[ContactKind, str]] = ()
    documents: Sequence[Identity] = ()

    def likeable(self) -> Likeable:
        """As the rules compare it."""
        years = {each.birth_on.year for each in self.documents if each.birth_on}
        return Likeable(
            kind=self.kind,
            name=self.name,
            syllables=spoken(self.name, self.reading),
            birth_years=frozenset(years | ({self.birth_year} if self.birth_year else set())),
            numbers=frozenset(each.value for each in self.documents),
            reaches=frozenset((kind, contact_key(kind, value)) for kind, value in self.reaches),
        )

    def party(self) -> Party:
        """As the rules judge whether it may be merged."""
        return Party(self.kind, self.state, self.birth_year, tuple(self.documents))


def look_for(
    session: Session, one: Somebody, *, except_id: int | None = None
) -> dict[int, Likeness]:
    """Who may be the same as this one, and why, by id."""
    namesakes = _namesakes(session, one)
    others = _sharing(session, one) | namesakes
    others.discard(except_id or 0)
    return _alike(one, read_many(session, sorted(others)), is_rare=len(namesakes) < _RARE)


def compare(session: Session, citizen_id: int, *, now: datetime) -> int:
    """Bring the pairs of one citizen up to date; how many are open now."""
    one = read_many(session, [citizen_id]).get(citizen_id)
    if one is None or one.state is not CitizenState.ACTIVE:
        asked.forget_open(session, citizen_id)
        return 0
    found = {
        other_id: likeness
        for other_id, likeness in look_for(session, one, except_id=citizen_id).items()
        if not acts_for(session, citizen_id, other_id)
    }
    known = {_other(pair, citizen_id): pair for pair in asked.pairs_of(session, citizen_id)}
    for other_id, pair in known.items():
        _bring_up_to_date(session, pair, found.get(other_id), now)
    for other_id in found.keys() - known.keys():
        _note(session, citizen_id, other_id, found[other_id], now)
    session.flush()
    return len(found)


def compare_new(
    session: Session, new: Mapping[int, Somebody], *, now: datetime
) -> dict[int, list[int]]:
    """As `compare`, for citizens registered a moment ago, known in clear text.

    Nobody acts for them yet and no pair names them; each is compared with whoever was
    here before, the earlier of the list too. Whom each may be, by id.
    """
    namesakes = {each: _namesakes(session, one) for each, one in new.items()}
    sharing = {
        each: {other for other in _sharing(session, one) | namesakes[each] if other < each}
        for each, one in new.items()
    }
    others = read_many(session, sorted(set().union(*sharing.values())))
    found: dict[int, list[int]] = {}
    for each, one in new.items():
        before = {other: others[other] for other in sorted(sharing[each])}
        alike = _alike(one, before, is_rare=len(namesakes[each]) < _RARE)
        for other, likeness in alike.items():
            _note(session, each, other, likeness, now)
        found[each] = list(alike)
    return found


def _alike(one: Somebody, others: Mapping[int, Somebody], *, is_rare: bool) -> dict[int, Likeness]:
    found: dict[int, Likeness] = {}
    if not others:
        return found
    mine = one.likeable()
    for other_id, other in others.items():
        likeness = liken(mine, other.likeable(), is_rare=is_rare)
        if likeness.is_worth_a_look and not contradictions(
            one.party(), other.party(), acts_for=False
        ):
            found[other_id] = likeness
    return found


def dismiss(session: Session, pair_id: int, *, by: Author, now: datetime) -> None:
    """These are two people; ask again only when more speaks for it than does now.

    Raises:
        ConflictError: somebody has decided already.
        NotFoundError: there is no such pair.
    """
    pair = session.get(DuplicateCandidate, pair_id, with_for_update=True)
    if pair is None:
        raise NotFoundError(mark("There is nothing at this address."))
    if pair.state is not CandidateState.OPEN:
        raise ConflictError(mark("Somebody has decided on these two already."))
    _decide(pair, CandidateState.DISMISSED, by, now)
    audit.note(
        session,
        by,
        "citizen:not_the_same",
        ("citizen", pair.a_id),
        at=now,
        details={"other": pair.b_id, "reasons": pair.reasons},
    )


def settle_pair(
    session: Session, ids: tuple[int, int], state: CandidateState, *, by: Author, now: datetime
) -> None:
    """Write down at the pair of two, if there is one, what a merge or its undoing decided."""
    pair = asked.pair(session, *ids)
    if pair is not None:
        _decide(pair, state, by, now)


def read_many(session: Session, ids: Sequence[int]) -> dict[int, Somebody]:
    """These citizens in clear text, as far as they are compared."""
    if not ids:
        return {}
    vault = vault_of(session)
    open_: dict[int, _Open] = {each.id: _Open(each) for each in asked.facts(session, ids)}
    for citizen_id, kind, value, place in asked.contacts(session, ids):
        open_[citizen_id].reaches.append((kind, unseal(vault, CONTACT, value, place)))
    for citizen_id, paper, value, place in asked.documents(session, ids):
        number = unseal(vault, IDENTIFIER, value, place)
        open_[citizen_id].documents.append(document_of(paper, number))
    return {
        citizen_id: Somebody(
            name=unseal(vault, NAME, each.facts.name, each.facts.place),
            reading=unseal(vault, READING, each.facts.reading, each.facts.place),
            kind=each.facts.kind,
            state=each.facts.state,
            birth_year=each.facts.birth_year,
            reaches=tuple(each.reaches),
            documents=tuple(each.documents),
        )
        for citizen_id, each in open_.items()
    }


@dataclass(slots=True)
class _Open:
    facts: Facts
    reaches: list[tuple[ContactKind, str]] = field(default_factory=list)
    documents: list[Identity] = field(default_factory=list)


def _sharing(session: Session, one: Somebody) -> set[int]:
    blind = vault_of(session).blind
    found: set[int] = set()
    for kind, value in one.reaches:
        indexes = blind.candidates(contact_purpose(kind), contact_key(kind, value))
        found |= asked.with_contact(session, indexes)
    for document in one.documents:
        indexes = blind.candidates(IDENTIFIER_PURPOSE, document.value)
        found |= asked.with_document(session, indexes)
    return found


def _namesakes(session: Session, one: Somebody) -> set[int]:
    vault = vault_of(session)
    whole = (form for form in forms_of(one.name, one.reading, one.kind) if form.startswith(WHOLE))
    wanted = [token for form in whole for token in tokens.candidates(vault, tokens.NAMES, form)]
    return asked.with_name(session, wanted) if wanted else set()


def _bring_up_to_date(
    session: Session, pair: DuplicateCandidate, likeness: Likeness | None, now: datetime
) -> None:
    if likeness is None:
        if pair.state is CandidateState.OPEN:
            session.delete(pair)
        return
    is_news = not likeness.reasons <= read_reasons(pair.reasons)
    if pair.state is CandidateState.OPEN or is_news:
        if pair.state is not CandidateState.OPEN:
            pair.state, pair.found_at = CandidateState.OPEN, now
            pair.decided_at = pair.decided_by_id = None
        pair.reasons, pair.score = written(likeness.reasons), likeness.score


def _note(session: Session, one_id: int, other_id: int, likeness: Likeness, now: datetime) -> None:
    made: Mapping[str, object] = {
        "a_id": min(one_id, other_id),
        "b_id": max(one_id, other_id),
        "reasons": written(likeness.reasons),
        "score": likeness.score,
        "state": CandidateState.OPEN,
        "found_at": now,
    }
    # Both may be compared at the same moment by two workers.
    session.execute(insert(session, DuplicateCandidate).values(**made).on_conflict_do_nothing())


def _decide(pair: DuplicateCandidate, state: CandidateState, by: Author, now: datetime) -> None:
    pair.state, pair.decided_at, pair.decided_by_id = state, now, by.id


def _other(pair: DuplicateCandidate, citizen_id: int) -> int:
    return pair.b_id if pair.a_id == citizen_id else pair.a_id


def compare_many(session: Session, ids: Iterable[int], *, now: datetime) -> None:
    """As `compare`, for whoever changed."""
    for citizen_id in ids:
        compare(session, citizen_id, now=now)
