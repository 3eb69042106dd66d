"""Crews that say where they are, what is forgotten, what they take, and who sets what they can."""

from datetime import date, timedelta

import pytest
from sqlalchemy.orm import Session

from app.accounts.rules import Actor, Role
from app.crews import jobs, queries
from app.crews.models import CrewPresence, CrewRoute
from app.crews.queries import CrewView
from app.crews.rules.routing import Method, Stop, Way
from app.crews.service import presence, profiles, routes
from app.crews.service.profiles import ProfileDraft
from app.kernel.authors import MACHINE
from app.kernel.errors import ConflictError, ForbiddenError, InvalidError
from app.repairs.queries import of_crew
from app.repairs.service import take_from_pool
from tests.crews.mending import crew_view, settle, waiting
from tests.repairs.mending import LAMP, LEAK, Works, a_repair, dispatched
from tests.support.clock import MONDAY_9AM as NOW

HERE = (83.01, 39.02)
HOUR = timedelta(hours=1)


def place_of(session: Session, crew_id: int) -> object:
    session.expire_all()
    row = session.get_one(CrewPresence, crew_id)
    return row.lon, row.lat, row.placed_at


def test_only_the_last_place_is_kept_while_a_crew_is_there_and_not_for_long(works: Works) -> None:
    first, second = works.crew_ids
    mine = works.crews[0]
    with works.city.db.begin() as session:
        crew = crew_view(session, first)
        presence.go_online(session, crew, actor=mine, now=NOW, at=(0.0, 0.0))
        assert place_of(session, first) == (None, None, None)  # the device did not know
        presence.go_online(session, crew_view(session, first), actor=mine, now=NOW, at=HERE)
        presence.go_online(session, crew, actor=mine, now=NOW + HOUR, at=(83.0, 39.0))
        assert place_of(session, first) == (83.0, 39.0, NOW + HOUR)
        late = crew_view(session, first)
        assert late.is_online(NOW + 10 * HOUR)
        assert not late.is_online(NOW + 11 * HOUR)
        assert late.fresh_place(NOW + 3 * HOUR) is None
        jobs.forget(session, {}, now=NOW + 13 * HOUR + timedelta(seconds=1))
        assert place_of(session, first) == (None, None, None)
        presence.go_online(session, crew, actor=mine, now=NOW, at=HERE)
        presence.go_offline(session, crew, actor=mine, now=NOW)
        assert place_of(session, first) == (None, None, None)
        with pytest.raises(ForbiddenError):
            presence.go_online(session, crew_view(session, second), actor=mine, now=NOW)
        assert not queries.gives_work_to(mine, crew)  # nobody of a crew looks after another
        assert queries.gives_work_to(works[Role.UNIT_HEAD], crew)
        assert not queries.gives_work_to(works[Role.CLERK], crew)


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_profile_is_settled_by_the_head_with_all_faults_named_at_once(works: Works) -> None:
    head, first = works[Role.UNIT_HEAD], works.crew_ids[0]
    with works.city.db.begin() as session:
        crew = crew_view(session, first)
        today = queries.today_of(session, NOW)

        def draw(draft: ProfileDraft, actor: Actor, version: int) -> None:
            profiles.set_profile(
                session, crew, draft, version=version, actor=actor, by=MACHINE, now=NOW
            )

        def date_off(day: date, hours: str | None) -> CrewView:
            profiles.set_day(
                session, crew, day, hours, note="培训", actor=head, by=MACHINE, now=NOW
            )
            return crew_view(session, first)

        with pytest.raises(InvalidError) as refused:
            draw(ProfileDraft(("x",), ("990199",), ("8-18", *[""] * 6), 0), head, crew.version)
        good = ProfileDraft((LAMP, "02"), (), ("8:00-18:00",), 5)
        draw(good, head, crew.version)
        with pytest.raises(ConflictError):
            draw(good, head, crew.version)
        with pytest.raises(ForbiddenError):
            draw(good, works[Role.DISPATCHER], crew.version + 1)
        off, back = date_off(today, ""), date_off(today, None)
        with pytest.raises(InvalidError):
            date_off(today - timedelta(days=1), "")

    assert set(refused.value.fields) == {"day0", "skills", "areas", "capacity"}
    assert not off.shift.spans_on(today)
    assert back.shift.spans_on(today)
    assert (back.skills, back.capacity) == ((LAMP, "02"), 5)


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_crew_takes_from_the_pool_where_its_unit_lets_it_and_until_its_day_is_full(
    works: Works,
) -> None:
    first, mine = works.crew_ids[0], works.crews[0]
    with works.city.db.begin() as session:
        one, two = waiting(session, works), waiting(session, works)
        settle(session, first, capacity=1, skills=("0206",))
        with pytest.raises(ForbiddenError, match="gives out its repairs itself"):
            take_from_pool(session, one.id, first, actor=mine, now=NOW)
        profiles.set_grabbing(
            session,
            crew_view(session, first),
            True,
            version=0,
            actor=works[Role.UNIT_HEAD],
            by=MACHINE,
            now=NOW,
        )
        with pytest.raises(ForbiddenError, match="does not repair that"):
            take_from_pool(session, one.id, first, actor=mine, now=NOW)
        settle(session, first, capacity=1)
        take_from_pool(session, one.id, first, actor=mine, now=NOW)
        with pytest.raises(ConflictError, match="full day"):
            take_from_pool(session, two.id, first, actor=mine, now=NOW)
        with pytest.raises(ForbiddenError):
            take_from_pool(session, two.id, first, actor=works.crews[1], now=NOW)
        rings = dispatched(session, works, a_repair(session, works, dangers=(LEAK,)))
        take_from_pool(session, rings.id, first, actor=mine, now=NOW)
        assert len(of_crew(session, first)) == 2


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_the_order_of_a_day_is_kept_changed_by_hand_and_forgotten_after_a_month(
    works: Works,
) -> None:
    first = works.crew_ids[0]
    dispatcher = works[Role.DISPATCHER]
    stops = [Stop(11), Stop(12), Stop(13, is_emergency=True)]
    with works.city.db.begin() as session:
        crew = crew_view(session, first)
        routes.keep(session, crew, [12, 11], Method.SIMPLE, version=0, actor=dispatcher, now=NOW)
        moved = routes.move(
            session, crew, stops, 11, Way.UP, version=1, actor=works.crews[0], now=NOW
        )
        assert (moved.stops, moved.method) == ([13, 11, 12], Method.BY_HAND)
        with pytest.raises(ConflictError):
            routes.keep(session, crew, [11], Method.SIMPLE, version=1, actor=dispatcher, now=NOW)
        with pytest.raises(ForbiddenError):
            routes.keep(
                session, crew, [11], Method.SIMPLE, version=2, actor=works.crews[1], now=NOW
            )
        jobs.forget(session, {}, now=NOW + timedelta(days=31))
        session.expire_all()
        assert session.query(CrewRoute).count() == 0
