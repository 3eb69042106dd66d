"""A supervisor builds a segment without script, opens it for a purpose, and sees masked people."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from app.accounts.rules import Role
from app.kernel.audit import AuditEntry
from app.kernel.authors import Author
from app.privacy.rules import Source
from app.privacy.service import consents, seeding
from app.segments.models import Segment, SegmentUse, SegmentVersion
from app.segments.rules import Condition, Rule, UseKind, What
from app.segments.service import create
from tests.segments.conftest import People
from tests.support.clock import MONDAY_9AM, StoppedClock
from tests.support.counting import statements_of
from tests.support.pages import Form, Page, PageClient


def a_segment(people: People, *conditions: Condition, **rule: object) -> int:
    wanted = Rule(conditions or (Condition(What.AGE, least=65),), **rule)  # type: ignore[arg-type]  # keywords of Rule
    with people.city.db.begin() as session:
        supervisor = people.city[Role.SUPERVISOR]
        return create(session, supervisor, "老年人", wanted, now=MONDAY_9AM).id


def opened(
    pages: PageClient, segment_id: int, *, kind: str = "list", why: str = "逐一核对"
) -> Page:
    form = pages.get(f"/segments/{segment_id}").form(field="purpose")
    return pages.submit(form, kind=kind, purpose=why)


def typed(pages: PageClient, form: Form, press: str, values: dict[str, str]) -> Page:
    """Fill in fields whose names are no words of Python."""
    return pages.post(form.action, form.values() | values | form.pressed(press))


@pytest.fixture
def pages_of_supervisor(pages: PageClient, people: People) -> PageClient:
    """The browser of the supervisor of the people's town."""
    assert Role.SUPERVISOR in people.city.people
    pages.sign_in("supervisor")
    return pages


def test_conditions_are_built_row_by_row_counted_and_kept(
    pages_of_supervisor: PageClient, people: People
) -> None:
    pages = pages_of_supervisor
    people.add("张三丰", birth_year=1950)
    people.matter("张三丰")
    form = pages.get("/segments/new").form(field="what-0")
    chosen = {"what-0": "age", "what-1": "open", "name": "在办的老年人"}
    shown = typed(pages, form, "show", chosen).form(field="least-0")
    more = typed(pages, shown, "add", {"least-0": "６５", "least-1": "1"})

    counted = pages.submit(more.form(field="least-0"), press="count")
    kept = pages.submit(counted.form(field="least-0"), press="save")

    assert "what-2" in more.form(field="least-0").names
    assert "1 人" in counted.text
    sentence = "年满 65 岁；并且至少有 1 件在办事项"
    assert (kept.heading, sentence in counted.text, sentence in kept.text) == (
        "在办的老年人",
        True,
        True,
    )


def test_what_is_missing_is_said_at_its_field_and_nothing_typed_is_lost(
    pages_of_supervisor: PageClient,
) -> None:
    pages = pages_of_supervisor
    form = pages.get("/segments/new").form(field="what-0")
    shown = typed(pages, form, "show", {"what-0": "matters", "name": "常来的人"})

    form = shown.form(field="least-0")
    refused = typed(pages, form, "save", {"least-0": "三", "days-0": ""})

    assert refused.status == 422
    values = refused.form(field="least-0").values()
    assert (values["least-0"], values["name"]) == (["三"], ["常来的人"])
    assert set(refused.links.values()) >= {"#f-least-0", "#f-days-0"}


def test_a_list_is_opened_only_with_a_purpose_which_is_kept(
    pages_of_supervisor: PageClient, people: People
) -> None:
    pages = pages_of_supervisor
    people.add("张三丰", birth_year=1950)
    segment_id = a_segment(people)

    refused = opened(pages, segment_id, why=" ")
    page = opened(pages, segment_id)

    assert refused.status == 422
    assert "张*丰" in page.text
    assert "张三丰" not in page.html
    assert "17900000000" not in page.html
    with people.city.db() as session:
        use = session.scalars(select(SegmentUse)).one()
        log = session.scalars(select(AuditEntry).where(AuditEntry.action == "segment:list")).one()
    assert (use.kind, use.purpose, use.count) == (UseKind.LIST, "逐一核对", 1)
    assert (log.reason, log.actor_id) == ("逐一核对", people.city[Role.SUPERVISOR].id)


def test_reaching_out_leaves_out_who_asked_to_be_left_alone(
    pages_of_supervisor: PageClient, people: People
) -> None:
    pages = pages_of_supervisor
    people.add("张三丰", birth_year=1950, do_not_contact=True)
    segment_id = a_segment(people, with_do_not_contact=True)

    work = opened(pages, segment_id)
    outreach = opened(pages, segment_id, kind="outreach")

    assert "张*丰" in work.text
    assert "张*丰" not in outreach.text


def test_reaching_out_takes_in_only_who_agreed_to_it(
    pages_of_supervisor: PageClient, people: People
) -> None:
    pages = pages_of_supervisor
    willing, silent = people.add("赵一二", birth_year=1950), people.add("钱三四", birth_year=1950)
    with people.city.db.begin() as session:
        seeding.seed(session)
        for citizen_id, said in ((willing, consents.give), (silent, consents.give)):
            said(
                session,
                citizen_id,
                consents.OUTREACH,
                source=Source.PORTAL,
                by=Author(None, "citizen"),
                now=MONDAY_9AM,
            )
        consents.withdraw(
            session,
            silent,
            consents.OUTREACH,
            source=Source.PORTAL,
            by=Author(None, "citizen"),
            now=MONDAY_9AM,
        )
    segment_id = a_segment(people)

    outreach = opened(pages, segment_id, kind="outreach")

    assert "赵*二" in outreach.text
    assert "钱*四" not in outreach.text


def test_an_opened_list_is_ones_own_and_closes_after_a_working_day(
    pages_of_supervisor: PageClient, people: People, clock: StoppedClock
) -> None:
    pages = pages_of_supervisor
    url = opened(pages, a_segment(people)).url
    pages.sign_in("manager")
    others = pages.get(url).status
    clock.advance(timedelta(hours=12, minutes=1))
    pages.sign_in("supervisor")

    assert (others, pages.get(url).status) == (404, 404)


@pytest.mark.parametrize("role", [Role.CLERK, Role.HANDLER, Role.ADMIN, Role.PRIVACY])
def test_other_roles_have_no_segments(pages: PageClient, people: People, role: Role) -> None:
    segment_id = a_segment(people)
    pages.sign_in(role.value)

    assert pages.get("/segments").status == 403
    assert pages.get(f"/segments/{segment_id}").status == 403


def test_a_change_is_a_new_version_and_two_at_once_are_told(
    pages_of_supervisor: PageClient, people: People
) -> None:
    pages = pages_of_supervisor
    segment_id = a_segment(people)
    first = pages.get(f"/segments/{segment_id}/edit").form(field="least-0")

    typed(pages, first, "save", {"least-0": "70"})
    second = typed(pages, first, "save", {"least-0": "80"})

    assert second.status == 409
    with people.city.db() as session:
        rules = session.scalars(select(SegmentVersion.rule).order_by(SegmentVersion.number)).all()
    assert [rule["conditions"][0]["least"] for rule in rules] == [65, 70]


def test_a_removed_segment_is_gone_from_the_list_and_its_name_is_free(
    pages_of_supervisor: PageClient, people: People
) -> None:
    pages = pages_of_supervisor
    segment_id = a_segment(people)
    pages.submit(pages.get(f"/segments/{segment_id}").form(action="/remove"))

    again = a_segment(people)

    assert pages.get(f"/segments/{segment_id}").status == 404
    with people.city.db() as session:
        assert session.scalars(select(Segment.id).where(Segment.name == "老年人")).one() == again


def test_the_list_of_people_asks_as_often_with_many_as_with_one(
    pages_of_supervisor: PageClient, people: People
) -> None:
    pages = pages_of_supervisor
    segment_id = a_segment(people)
    people.add("甲", birth_year=1950)
    url = opened(pages, segment_id).url
    counts = []
    for more in (0, 20):
        for n in range(more):
            people.add(f"人{n}", birth_year=1950)
        pages.get(url)
        with statements_of(people.city.db.kw["bind"].engine) as here:
            pages.get(url)
        counts.append(len(here))

    assert counts[0] == counts[1]
