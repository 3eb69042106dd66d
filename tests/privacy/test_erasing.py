"""What was said goes, what happened stays: chain, clocks, scores and figures are as before."""

from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts.rules import Role
from app.cases.models import Case, CaseEvent
from app.citizens.models import Citizen, Contact
from app.citizens.rules import CitizenState
from app.exports.jobs import MAKE, Made, forget
from app.exports.models import Export
from app.exports.rules import ExportState, Format
from app.keeping import checking
from app.kernel.errors import NotFoundError
from app.kernel.ids import random_token
from app.privacy.models import Tombstone
from app.privacy.rules import TombstoneGround
from app.privacy.service.erasing import Order, erase_case, erase_citizen
from app.ratings.models import Rating
from app.sla.models import Clock
from app.supervision import service as board
from app.supervision.queries import recount
from app.supervision.queries.counting import Period
from app.supervision.rules import Level, Window
from tests.portal import walking
from tests.portal.conftest import city
from tests.privacy.town import (
    LATER,
    OFFICER,
    SECRET_WORDS,
    a_photo,
    a_whole_matter,
    everything,
    files_in,
    officer,
    prepared,
    work,
)
from tests.support.city import City
from tests.support.clock import MONDAY_9AM
from tests.support.pages import PageClient

__all__ = ["city"]

ORDER = Order(TombstoneGround.RETENTION, OFFICER)
QUARTER = Period(MONDAY_9AM - timedelta(days=30), MONDAY_9AM + timedelta(days=60))


def erase_all(city: City) -> int:
    """Erase the one matter and its citizen; the matter's id."""
    with city.db.begin() as session:
        case = session.scalars(select(Case)).one()
        case_id, citizen_id = case.id, case.citizen_id
        erase_case(session, case_id, ORDER, now=LATER)
        if citizen_id:
            erase_citizen(session, citizen_id, ORDER, now=LATER)
    return case_id


def bones(session: Session) -> list[object]:
    """What statistics, clocks and the sealed history are made of."""
    events = session.scalars(select(CaseEvent).order_by(CaseEvent.id)).all()
    clocks = session.scalars(select(Clock).order_by(Clock.id)).all()
    ratings = session.scalars(select(Rating)).all()
    facts = select(
        Case.number,
        Case.kind,
        Case.status,
        Case.opened_at,
        Case.closed_at,
        Case.on_time,
        Case.unit_id,
        Case.category_id,
        Case.region_code,
        Case.outcome,
        Case.event_seal,
    )
    return [
        [(e.seq, e.seal, e.text_digest, e.action, e.payload) for e in events],
        [(c.kind, c.reading, c.met_at, c.cancelled_at, c.limit_code) for c in clocks],
        [(r.level, r.at, r.source) for r in ratings],
        [tuple(row) for row in session.execute(facts)],
    ]


def figures(city: City) -> object:
    """The board as the supervisor sees it."""
    actor = city[Role.SUPERVISOR]
    asked = board.asked_of(actor, seat=0, under=None, window=Window.QUARTER, level=Level.EACH)
    with city.db() as session:
        drawn = board.draw_up(
            session, asked, zone=ZoneInfo("Asia/Shanghai"), now=MONDAY_9AM + timedelta(days=1)
        )
    return drawn.total, drawn.lines, drawn.size


def test_not_a_word_is_left_anywhere(app: FastAPI, pages: PageClient, city: City) -> None:
    a_whole_matter(pages, city)
    with city.db() as session:
        before = everything(session)
    assert [word for word in SECRET_WORDS if word not in before] == ["测试甲", walking.PHONE]

    erase_all(city)
    work(app)

    with city.db() as session:
        after = everything(session)
        assert [word for word in SECRET_WORDS if word in after] == []
        assert session.scalars(select(Contact)).all() == []
        assert session.scalars(select(Citizen)).one().name is None
    assert files_in(app) == []


def test_history_clocks_scores_and_figures_are_as_before(pages: PageClient, city: City) -> None:
    a_whole_matter(pages, city)
    with city.db() as session:
        before = bones(session)
    board_before = figures(city)

    erase_all(city)

    with city.db() as session:
        assert bones(session) == before
        assert checking.check_cases(session).wrong == []
        assert recount.check(session, QUARTER, now=MONDAY_9AM + timedelta(days=1)).wrong == []
    assert figures(city) == board_before


def test_the_tombstone_says_what_and_why_and_nothing_else(pages: PageClient, city: City) -> None:
    a_whole_matter(pages, city)
    with city.db() as session:
        case = session.scalars(select(Case)).one()
        number, seal = case.number, case.event_seal

    case_id = erase_all(city)

    with city.db() as session:
        stone = session.scalars(select(Tombstone).where(Tombstone.case_id == case_id)).one()
        assert (stone.number, stone.digest, stone.ground) == (number, seal, ORDER.ground)
        assert (stone.by_id, stone.at) == (OFFICER.id, LATER)


def test_the_citizens_page_is_gone_and_staff_still_see_the_bones(
    pages: PageClient, city: City
) -> None:
    token = a_whole_matter(pages, city)

    erase_all(city)

    assert pages.get(f"/c/{token}").status == 404
    with city.db() as session, pytest.raises(NotFoundError):
        walking.case_of(session, token)


@pytest.mark.parametrize("state", [ExportState.READY, ExportState.MAKING])
def test_a_file_with_somebody_erased_in_it_leaves_the_disk_and_is_never_ready(
    app: FastAPI, pages: PageClient, city: City, state: ExportState
) -> None:
    a_whole_matter(pages, city)
    with city.db.begin() as session:
        export = Export(
            ref=random_token(),
            source="cases",
            params={},
            format=Format.CSV,
            reason="核对",
            locale="zh_CN",
            staff_id=city[Role.CLERK].id,
            state=state,
            file_key=b"sealed",
            created_at=LATER,
            expires_at=LATER + timedelta(days=7),
        )
        session.add(export)
        session.flush()
        file = app.state.settings.data_dir / "exports" / export.ref
        file.parent.mkdir(exist_ok=True)
        file.write_bytes(b"unreadable")
        export_id = export.id

    erase_all(city)
    with city.db.begin() as session:
        if state is ExportState.MAKING:
            MAKE.settle(session, {"export": export_id}, Made(1, 10), LATER)
            assert session.get_one(Export, export_id).state is ExportState.FAILED
        forget(session, {}, now=LATER)

    assert not file.exists()
    with city.db() as session:
        assert session.get_one(Export, export_id).state is ExportState.EXPIRED


def test_a_matter_erased_says_so_in_the_readers_language(
    client: TestClient, pages: PageClient, city: City
) -> None:
    a_whole_matter(pages, city)
    case_id = erase_all(city)
    with city.db() as session:
        number = session.get_one(Case, case_id).number
    supervisor = officer(client, city, Role.SUPERVISOR)

    client.cookies.set("lang", "en")
    shown = supervisor.get(f"/cases/{number}")

    assert "Content erased as the rules require" in shown.text


def test_a_file_that_another_matter_holds_stays(
    app: FastAPI, pages: PageClient, city: City
) -> None:
    a_whole_matter(pages, city)
    with city.db() as session:
        first = session.scalars(select(Case.id)).one()
    form = walking.to_details(pages).form(field="body")
    pages.submit(form, press="add", body=walking.TEXT, files=a_photo())
    kept = files_in(app)

    with city.db.begin() as session:
        erase_case(session, first, ORDER, now=LATER)
    work(app)

    assert files_in(app) == kept


def test_the_bare_row_of_a_person_stays_for_what_is_written_once(
    pages: PageClient, city: City
) -> None:
    prepared(city)
    a_whole_matter(pages, city)

    erase_all(city)

    with city.db() as session:
        citizen = session.scalars(select(Citizen)).one()
        assert citizen.state is CitizenState.ANONYMISED
        assert citizen.birth_year is None
