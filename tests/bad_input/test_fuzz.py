"""Every form of the application, as every role sees it, with nonsense in its fields: never a fault.

The forms are found by walking, so a new page is tried without anybody adding it here.
"""

import random
import re
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest

from app.accounts.rules import Role
from app.cases.kinds import Action
from app.web.security import SESSION_COOKIE
from tests.bad_input.conftest import Browsers
from tests.bad_input.crawl import NASTY, Sent, forms_on, links_on
from tests.portal import walking
from tests.support.city import City, a_case, first_category
from tests.support.pages import PageClient

pytestmark = pytest.mark.parametrize("founded", ["sqlite"], indirect=True)
SEED = 20260302
MOST_PAGES = 28  # of one role
STAFF = [role for role in Role if role is not Role.SYSTEM]
_DIGITS = re.compile(r"\d+")
_PARAMETERS = ("q", "view", "cursor", "unit_id", "category_id", "region_code", "from", "to", "day",
               "year", "action", "who", "page", "done", "group", "next", "period")  # fmt: skip


@dataclass
class Walk:
    """What one role can reach and send, and what went wrong on the way."""

    pages: PageClient
    rng: random.Random
    forms: dict[object, Sent] = field(default_factory=dict)
    seen: list[str] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)

    def look_around(self, starts: list[str]) -> None:
        """Follow links from these addresses; a few of each shape."""
        waiting, known, shapes = deque(starts), set(starts), dict.fromkeys(starts, 0)
        while waiting and len(self.seen) < MOST_PAGES:
            address = waiting.popleft()
            html = self._get(address)
            self.seen.append(address)
            for sent in forms_on(address, html):
                self.forms.setdefault(_kind_of(sent), sent)
            for link in links_on(html):
                shape = _DIGITS.sub("N", link.split("cursor=")[0])
                shapes[shape] = shapes.get(shape, 0) + 1
                if link not in known and shapes[shape] <= 2:  # two of a kind
                    known.add(link)
                    waiting.append(link)

    def ask_nonsense(self) -> None:
        """Each address with nonsense behind its question mark and at its end."""
        for address in self.seen:
            path = address.split("?")[0]
            name, value = self.rng.choice(_PARAMETERS), self._nasty()
            self._note("GET", path, self.pages.http.get(path, params={name: value}).status_code)
            end = self.rng.choice(("0", str(2**63), "%00", "x" * 999, "%E2%80%AE"))
            self._get(f"{path.rsplit('/', 1)[0]}/{end}")

    def send_nonsense(self) -> None:
        """Each form with one field spoilt at a time, and with all of them."""
        for sent in self.forms.values():
            names = [name for name in sent.data if name != "csrf"]
            spoilt = [{name: self._nasty()} for name in names]
            spoilt += [{name: self._nasty() for name in names}]
            for changes in spoilt:
                data = sent.data | {name: [value] for name, value in changes.items()}
                status = self.pages.http.post(sent.action, data=data).status_code
                self._note("POST", f"{sent.action} {_short(changes)}", status)

    def _nasty(self) -> str:
        return self.rng.choice(NASTY).encode("utf-8", "replace").decode()

    def _get(self, address: str) -> str:
        answer = self.pages.http.get(address, follow_redirects=True)
        self._note("GET", address, answer.status_code)
        return answer.text if "html" in answer.headers.get("content-type", "") else ""

    def _note(self, method: str, what: str, status: int) -> None:
        if status >= 500:  # a fault of ours
            self.faults.append(f"{status} {method} {what}")


def _kind_of(sent: Sent) -> object:
    action = _DIGITS.sub("N", sent.action)
    return action, tuple(sorted(sent.data)), tuple(sent.data.get("action", ()))


def _short(changes: dict[str, str]) -> str:
    return str({name: value[:40] for name, value in changes.items()})


@pytest.fixture
def stages(city: City) -> tuple[list[str], list[str]]:
    """Matters at every stage of their life: tokens and numbers."""
    with city.db.begin() as session:
        category = first_category(session)
        cases = [a_case(session) for _ in range(6)]
        tokens = [walking.token_of(session, case) for case in cases]
        numbers = [case.number for case in cases]
    _, accepted, handling, replied, closed, asked = tokens
    walking.staff_takes(city, accepted, Action.ACCEPT, Role.CLERK, category_id=category)
    walking.to_handling(city, handling)
    note = "等材料"
    more: dict[str, Any] = {"note": note, "amount": 3, "evidence": "热线办法第 15 条"}
    walking.staff_takes(city, handling, Action.REQUEST_EXTENSION, Role.HANDLER, **more)
    walking.to_replied(city, replied)
    walking.to_closed(city, closed)
    walking.to_handling(city, asked)
    walking.staff_takes(city, asked, Action.ASK_CITIZEN, Role.HANDLER, text="是哪一盏灯？")
    return tokens, numbers


def _starts(role: Role | None, tokens: list[str], numbers: list[str]) -> Iterator[str]:
    if role is None:
        yield from ("/", "/report/place", "/report/what?group=01", "/report/details")
        yield from ("/report/contact", "/track", "/sign-in", f"/c/{tokens[0]}/withdraw")
        yield from (f"/c/{token}" for token in tokens)
        yield f"/rate/{tokens[4]}"
    else:
        yield from ("/desk", "/desk/new", "/board", "/admin", "/account")
        yield from (f"/cases/{number}" for number in numbers)


def test_no_form_and_no_address_breaks_for_anybody(
    browsers: Browsers, stages: tuple[list[str], list[str]]
) -> None:
    rng, known, faults = random.Random(SEED), set[object](), []  # noqa: S311  # repeatable

    for role in (None, *STAFF):
        walk = Walk(browsers.enter(role), rng)
        walk.look_around(list(_starts(role, *stages)))
        walk.ask_nonsense()
        for kind in known & set(walk.forms):  # somebody else has sent it already
            del walk.forms[kind]
        known |= set(walk.forms)
        walk.send_nonsense()
        faults += [f"{role or 'visitor'}: {fault}" for fault in walk.faults]
        assert role is None or SESSION_COOKIE in walk.pages.http.cookies

    assert faults == []
    assert len(known) > 60  # or the walk has lost its way
