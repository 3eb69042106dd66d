"""How often a door may be used, and what is asked of who uses it more."""

import base64
import json
from collections.abc import Mapping
from datetime import timedelta
from hashlib import sha256

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session, sessionmaker

from app.kernel.ids import Signer
from app.web import pow as work
from app.web.models import RateCounter, SpentProof
from app.web.ratelimit import Knock, Limit, Verdict, hit, sweep
from tests.support.clock import MONDAY_9AM, StoppedClock
from tests.support.pages import Page, PageClient
from tests.web.conftest import Token

SIGNER = Signer(b"a key of thirty-two bytes, really")
LIMIT = Limit("test", timedelta(hours=1), free=2, most=3)
DEVICE = Knock("device", "d")
HTTP = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


def solved(challenge: Mapping[str, object], /, **changed: object) -> str:
    """What the script of the page sends back."""
    salt = str(challenge["salt"])
    number = next(
        n
        for n in range(int(str(challenge["maxnumber"])) + 1)
        if sha256(f"{salt}{n}".encode()).hexdigest() == challenge["challenge"]
    )
    said = {name: challenge[name] for name in ("algorithm", "challenge", "salt", "signature")}
    return base64.b64encode(json.dumps({**said, "number": number, **changed}).encode()).decode()


def a_puzzle() -> dict[str, object]:
    made = work.create_challenge(SIGNER, difficulty=50, now=MONDAY_9AM)
    return {name: getattr(made, name) for name in made.__slots__}


def test_the_first_uses_are_free_the_next_need_a_proof_then_the_door_closes(
    db: sessionmaker[Session],
) -> None:
    with db.begin() as session:
        verdicts = [
            hit(session, LIMIT, [DEVICE], signer=SIGNER, now=MONDAY_9AM).verdict for _ in range(4)
        ]

    assert verdicts == [Verdict.OPEN, Verdict.OPEN, Verdict.PROVE, Verdict.CLOSED]


def test_a_new_window_begins_afresh(db: sessionmaker[Session]) -> None:
    with db.begin() as session:
        standings = [hit(session, LIMIT, [DEVICE], signer=SIGNER, now=MONDAY_9AM) for _ in range(4)]
        later = hit(session, LIMIT, [DEVICE], signer=SIGNER, now=standings[-1].ends_at)

    assert later.verdict is Verdict.OPEN


def test_a_hall_behind_one_address_is_not_shut_out(db: sessionmaker[Session]) -> None:
    with db.begin() as session:
        verdicts = {
            hit(
                session,
                LIMIT,
                [Knock("device", str(number)), Knock("address", "192.0.2.1")],
                signer=SIGNER,
                now=MONDAY_9AM,
            ).verdict
            for number in range(40)
        }

    assert verdicts == {Verdict.OPEN}


def test_neither_addresses_nor_devices_are_stored(db: sessionmaker[Session]) -> None:
    with db.begin() as session:
        hit(session, LIMIT, [Knock("address", "192.0.2.1")], signer=SIGNER, now=MONDAY_9AM)

    with db() as after:
        row = after.scalars(select(RateCounter)).one()
        assert len(row.bucket) == 16
        assert b"192" not in row.bucket


def test_what_is_over_is_forgotten(db: sessionmaker[Session]) -> None:
    with db.begin() as session:
        hit(session, LIMIT, [DEVICE], signer=SIGNER, now=MONDAY_9AM)
        ticket = work.create_wait(SIGNER, seconds=0, now=MONDAY_9AM)
        work.waited(session, ticket, signer=SIGNER, now=MONDAY_9AM)
        sweep(session, now=MONDAY_9AM + timedelta(hours=2))

    with db() as after:
        assert after.scalar(select(func.count()).select_from(RateCounter)) == 0
        assert after.scalar(select(func.count()).select_from(SpentProof)) == 0


def test_a_solved_puzzle_is_good_exactly_once(db: sessionmaker[Session]) -> None:
    payload = solved(a_puzzle())

    with db.begin() as session:
        first = work.verify(session, payload, signer=SIGNER, now=MONDAY_9AM)
    with db.begin() as session:
        second = work.verify(session, payload, signer=SIGNER, now=MONDAY_9AM)

    assert (first, second) == (True, False)


@pytest.mark.parametrize(
    "changed",
    [
        {"number": -1},
        {"number": "many"},
        {"signature": "f" * 26},
        {"salt": "mine?expires=99999999999"},
        {"salt": "mine"},
        {"algorithm": "MD5"},
        {"challenge": "0" * 64},
    ],
)
@HTTP
def test_a_puzzle_changed_on_the_way_is_worth_nothing(
    db: sessionmaker[Session], changed: dict[str, object]
) -> None:
    payload = solved(a_puzzle(), **changed)

    with db.begin() as session:
        assert not work.verify(session, payload, signer=SIGNER, now=MONDAY_9AM)


@pytest.mark.parametrize("payload", ["", "x", "bm9wZQ==", "W10=", "A" * 3000])
@HTTP
def test_nonsense_instead_of_a_proof_is_worth_nothing(
    db: sessionmaker[Session], payload: str
) -> None:
    with db.begin() as session:
        assert not work.verify(session, payload, signer=SIGNER, now=MONDAY_9AM)


@HTTP
def test_an_old_puzzle_is_worth_nothing(db: sessionmaker[Session]) -> None:
    payload = solved(a_puzzle())

    with db.begin() as session:
        late = MONDAY_9AM + timedelta(minutes=21)
        assert not work.verify(session, payload, signer=SIGNER, now=late)


@HTTP
def test_patience_is_worth_as_much_as_work_but_only_once(db: sessionmaker[Session]) -> None:
    ticket = work.create_wait(SIGNER, seconds=20, now=MONDAY_9AM)

    with db.begin() as session:
        answers = [
            work.waited(session, ticket, signer=SIGNER, now=MONDAY_9AM + timedelta(seconds=wait))
            for wait in (19, 20, 21)
        ]

    assert answers == [False, True, False]


def knocked(pages: PageClient, token: Token, times: int) -> Page:
    page = pages.post("/probe/door", {"body": "路灯不亮", "csrf": token()})
    for _ in range(times - 1):
        page = pages.post("/probe/door", {"body": "路灯不亮", "csrf": token()})
    return page


@HTTP
def test_above_the_threshold_the_text_is_kept_and_a_proof_is_asked_for(
    pages: PageClient, token: Token
) -> None:
    page = knocked(pages, token, 3)

    form = page.form(field="altcha")
    assert page.status == 429
    assert form.element.attrs["data-pow"] == "/pow/challenge"
    assert form.values()["body"] == ["路灯不亮"]


@HTTP
def test_a_device_that_does_the_work_is_let_in(
    client: TestClient, pages: PageClient, token: Token
) -> None:
    page = knocked(pages, token, 3)
    payload = solved(client.get("/pow/challenge").json())

    answer = pages.submit(page.form(field="altcha"), altcha=payload)

    assert (answer.status, answer.url) == (200, "/probe/form")


@HTTP
def test_without_script_waiting_is_enough_and_pressing_early_costs_nothing(
    pages: PageClient, token: Token, clock: StoppedClock
) -> None:
    page = knocked(pages, token, 3)
    clock.advance(timedelta(seconds=10))

    early = pages.submit(page.form(field="wait_token"))
    clock.advance(timedelta(seconds=10))
    late = pages.submit(early.form(field="wait_token"))

    assert early.status == 429
    assert "请等待 10 秒" in early.text
    assert late.status == 200


@HTTP
def test_far_above_it_the_door_closes_for_the_hour(
    client: TestClient, pages: PageClient, token: Token
) -> None:
    knocked(pages, token, 6)

    answer = client.post("/probe/door", data={"body": "路灯不亮", "csrf": token()})

    assert answer.status_code == 429
    assert 0 < int(answer.headers["retry-after"]) <= 3600
    assert "路灯不亮" in answer.text


@HTTP
def test_a_puzzle_is_in_altchas_format(client: TestClient, app: FastAPI) -> None:
    said = client.get("/pow/challenge").json()

    assert set(said) == {"algorithm", "challenge", "maxnumber", "salt", "signature"}
    assert said["algorithm"] == "SHA-256"
    assert said["maxnumber"] == app.state.settings.pow_difficulty
