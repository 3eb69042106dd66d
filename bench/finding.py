"""Finding one among a million: the searches that are measured, and how many keys they take.

People are looked for whom the loader invented; nobody real has such a name with such a number.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import count
from statistics import median
from typing import Final

from sqlalchemy import select

from app.accounts.models import Staff
from app.accounts.service.actors import find_actor
from app.citizens.rules import PartyKind
from app.citizens.rules.forms import MARKS, SHORT, found_by
from app.citizens.service import finding
from app.desk.finding.lately import lately_at
from app.web.deps import Edge
from bench.asking import Ask, Endpoint, Person
from bench.city.million import Loaded
from tests.support.keystrokes import fewest_keys, ways_by_tail

AIM: Final = 60
MOST_KEYS: Final = 10
_PEOPLE: Final = 80
# The commonest there are: hundreds of people of one name, seventy thousand of one surname.
_COMMON: Final = ("张伟", "王", "李娜", "wang", "zhangwei", "zw", "zxh", "刘", "王芳", "chen")
_PARTS: Final = ("信息科技", "有限公司", "样板市", "餐饮")
_WITH_DOCUMENT: Final = 3  # of five, as the loader gives them out


def endpoints(edge: Edge, loaded: Loaded) -> tuple[Endpoint, ...]:
    """What is measured, each way of finding apart; only what is answered by a list of people.

    Whoever is found alone by a number or a tail is opened at once, which would cost less.
    """
    people = [one for _, one in loaded.people if one.kind is PartyKind.PERSON][:_PEOPLE]
    ways: Mapping[str, Sequence[str]] = {
        "tail w": [f"{one.phone[-4:]} {initials(one.name)[:1]}" for one in people],
        "张 tail": [f"{one.name[:1]} {one.phone[-4:]}" for one in people],
        "tail": [one.phone[-4:] for one in people],
        "common": _COMMON,
        "names": [one.name for one in people],
        "firms": _PARTS,
    }
    who = ("clerk", "supervisor")
    with _looking(edge) as shown:
        ways = {name: [q for q in typed if len(shown(q)) != 1] for name, typed in ways.items()}
    found = [Endpoint(name, 200, AIM, who, _Typing(typed, count())) for name, typed in ways.items()]
    documents = [one.document for at, one in loaded.people if at % 5 < _WITH_DOCUMENT]
    return (*found, Endpoint("scan", 303, AIM, ("clerk",), _Typing(documents, count())))


@dataclass(frozen=True, slots=True)
class _Typing:
    """Somebody who types one thing after the other into the box."""

    typed: Sequence[str]
    turns: "count[int]"

    def __call__(self, person: Person) -> Ask:
        return person.post("/citizens", {"q": self.typed[next(self.turns) % len(self.typed)]})


def initials(name: str) -> str:
    """The first letters of a name, as a clerk types them."""
    short = (form.lstrip(MARKS) for form in found_by(name)[0] if form.startswith(SHORT))
    return next(form for form in short if len(form) == len(name)).lower()


def keys_told(edge: Edge, loaded: Loaded) -> str:
    """A sentence: how many keys it takes to open somebody who was not here lately."""
    needed = []
    with _looking(edge) as shown:
        for citizen_id, one in loaded.people:
            if one.kind is PartyKind.PERSON:
                ways = ways_by_tail(one.phone, initials(one.name))
                needed.append(fewest_keys(shown, citizen_id, ways) or len(one.phone) + 3)
    within = sum(keys <= MOST_KEYS for keys in needed) / len(needed)
    return (
        f"keys to open one of {len(needed)} people by tail and initials: median "
        f"{median(needed):.0f}, {within:.1%} within {MOST_KEYS}, at most {max(needed)}"
    )


@contextmanager
def _looking(edge: Edge) -> Iterator[Callable[[str], list[int]]]:
    """Searches as the demo's clerk; what they leave in the log is not kept."""
    with edge.writing() as session:
        now = edge.now()
        clerk = session.scalars(select(Staff.id).where(Staff.username == "clerk")).one()
        actor = find_actor(session, clerk, today=now.date())
        assert actor is not None  # noqa: S101  # the demo city has one
        lately = lately_at(session, actor, now=now)

        def shown(typed: str) -> list[int]:
            found = finding.find(session, typed, actor=actor, now=now, recent=lately)
            return [person.id for person in found.people]

        yield shown
        session.rollback()
