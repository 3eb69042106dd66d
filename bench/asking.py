"""What is asked of the application: five pages and forms, each as people of several roles.

Signs in through the real form and carries cookies and CSRF as a browser does; every
answer but the expected one stops the measurement.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import count
from random import Random
from secrets import token_urlsafe
from typing import Final, Protocol
from urllib.parse import urlencode

from app.accounts.passwords import DEMO_PASSWORD
from bench import bare
from bench.city.words import Words

_CSRF: Final = re.compile(r'name="csrf"[^>]*value="([^"]+)"')
_FORM: Final = {"Content-Type": "application/x-www-form-urlencoded"}
# Each is found in a few per cent of the matters, so that the page is full at any size.
_SEARCHES: Final = ("路灯", "路面", "垃圾", "停车", "消防", "小区")
_SEED: Final = 11


@dataclass(frozen=True, slots=True)
class Ask:
    """One request."""

    method: str
    path: str
    headers: Mapping[str, str]
    body: bytes | None = None


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back."""

    status: int
    cookies: Sequence[str]
    body: bytes


class Speaks(Protocol):
    """Sends a request and brings the answer; a connection, or the application in-process."""

    def __call__(self, ask: Ask) -> Answer: ...


class UnexpectedAnswerError(Exception):
    """The application did something else than what is measured."""


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody signed in."""

    username: str
    cookie: str
    csrf: str

    def get(self, path: str) -> Ask:
        """A look at a page."""
        return Ask("GET", path, {"Cookie": self.cookie})

    def post(self, path: str, fields: Mapping[str, str]) -> Ask:
        """A form sent."""
        body = urlencode({"csrf": self.csrf, **fields}).encode()
        return Ask("POST", path, {"Cookie": self.cookie, **_FORM}, body)


@dataclass(frozen=True, slots=True)
class Endpoint:
    """One kind of request, who makes it, and the aim for its CPU as a multiple of the bare one."""

    name: str
    status: int
    aim: float
    people: Sequence[str]
    make: Callable[[Person], Ask]


def sign_in(speak: Speaks, username: str) -> Person:
    """Through the sign-in page, as everybody."""
    page = speak(Ask("GET", "/sign-in", {}))
    visitor = _cookies({}, page)
    fields = {"csrf": _csrf(page), "username": username, "password": DEMO_PASSWORD}
    asked = Ask(
        "POST", "/sign-in", {"Cookie": _header(visitor), **_FORM}, urlencode(fields).encode()
    )
    answer = speak(asked)
    if answer.status != 303:  # noqa: PLR2004  # see other: signed in
        msg = f"{username} cannot sign in: {answer.status}"
        raise UnexpectedAnswerError(msg)
    cookie = _header(_cookies(visitor, answer))
    return Person(username, cookie, _csrf(speak(Ask("GET", "/desk", {"Cookie": cookie}))))


def endpoints(numbers: Mapping[str, Sequence[str]]) -> tuple[Endpoint, ...]:
    """What is measured; `numbers` are the matters each person may open."""
    words = Words(Random(_SEED))  # noqa: S311  # invents, guards nothing
    turns, forms = count(), count()

    def submit(person: Person) -> Ask:
        said = words.matter()
        n = next(forms)
        fields = {
            "idempotency": token_urlsafe(32),
            "category": said.category,
            "title": said.title,
            "body": said.body,
            "place": said.spot.name,
            "region_code": said.spot.region_code,
            "channel": "phone",
            "name": words.name(),
            "phone": f"179001{n % 100_000:05d}",
        }
        return person.post("/desk/new", fields)

    def case_page(person: Person) -> Ask:
        own = numbers[person.username]
        return person.get(f"/cases/{own[next(turns) % len(own)]}")

    def search(person: Person) -> Ask:
        return person.post("/desk/search", {"q": _SEARCHES[next(turns) % len(_SEARCHES)]})

    return (
        Endpoint("submit", 303, 15, ("clerk",), submit),
        Endpoint("worklist", 200, 20, ("clerk", "supervisor"), lambda p: p.get("/desk?view=open")),
        Endpoint("own list", 200, 20, ("handler",), lambda p: p.get("/desk")),
        Endpoint("case page", 200, 20, ("clerk", "handler", "supervisor"), case_page),
        Endpoint("search", 200, 25, ("clerk", "supervisor"), search),
        Endpoint("board", 200, 25, ("supervisor",), lambda p: p.get("/board")),
        Endpoint("dispatch", 200, 25, ("dispatcher",), lambda p: p.get("/desk/dispatch")),
    )


BARE: Final = Endpoint("bare", 200, 1, (), lambda _: Ask("GET", bare.PATH, {}))
PEOPLE: Final = ("clerk", "dispatcher", "handler", "supervisor")
NOBODY: Final = Person("", "", "")


def _csrf(page: Answer) -> str:
    found = _CSRF.search(page.body.decode())
    if found is None:
        msg = f"a page without a form: {page.status}"
        raise UnexpectedAnswerError(msg)
    return found[1]


def _cookies(known: Mapping[str, str], answer: Answer) -> dict[str, str]:
    pairs = (line.partition(";")[0].partition("=") for line in answer.cookies)
    return {**known, **{name: value for name, _, value in pairs}}


def _header(cookies: Mapping[str, str]) -> str:
    return "; ".join(f"{name}={value}" for name, value in cookies.items())
