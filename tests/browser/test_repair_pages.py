"""Pages of repairs as a finger, the sun, a narrow screen and a screen reader find them."""

from datetime import timedelta

from sqlalchemy import select

from app.accounts.rules import Role
from app.cases.kinds import Action
from app.catalogue.service import Edit
from app.facilities.queries import get_type_by_code
from app.inspections import service as inspections
from app.inspections.models import InspectionRound
from app.inspections.queries import stops_of
from app.inspections.rules import Rhythm
from app.inspections.service import PlanDraft
from app.repairs.rules import FieldAction
from app.repairs.service import act, lend_link
from tests.browser import crewing
from tests.browser.conftest import Open
from tests.browser.crewing import Job, a_job
from tests.browser.looking import Look, foreign_words, sideways, violations
from tests.browser.signing import sign_in
from tests.browser.touching import faint_words, open_all, small_targets
from tests.browser.town import Town

PHONE = (390, 844)


def faults(look: Look) -> list[str]:
    """Everything that would shut somebody out of the page as it stands, all forms open."""
    page = look.page
    open_all(page)
    said = [*foreign_words(page), *violations(page), *sideways(page), *look.messages()]
    return [f"{page.url}: {each}" for each in said]


def hard(look: Look) -> list[str]:
    """What a finger misses on the page, and what nobody reads in the sun."""
    page = look.page
    open_all(page)
    return [f"{page.url}: {each}" for each in (*small_targets(page), *faint_words(page))]


def lent(town: Town, job: Job, *done: Action) -> str:
    """A link to this repair for somebody who may use the stock, and has come so far with it."""
    with town.writing() as session:
        dispatcher, now = town.actor(Role.DISPATCHER), town.edge.now()
        made = lend_link(
            session, job.id, name="示例工程队", with_stock=True, actor=dispatcher, now=now
        )
        for action in done:
            sent = FieldAction(f"lent-{job.id}-{action}", job.id, action)
            assert act(session, made.link, sent, now=now).is_done
        return f"/job/{made.token}"


def at_the_spot(town: Town, job: Job) -> None:
    """The crew has come."""
    with town.writing() as session:
        crew, now = town.actor(Role.CREW), town.edge.now()
        for action in (Action.SIGN, Action.ARRIVE):
            sent = FieldAction(f"spot-{job.id}-{action}", job.id, action)
            assert act(session, crew, sent, now=now).is_done


def a_round(town: Town) -> tuple[str, str]:
    """A walk past the lamps of the unit: its page, and that of its first stop."""
    with town.writing() as session:
        now = town.edge.now()
        draft = PlanDraft(
            name="逐页查看的路灯周检",
            unit_id=town.staffing.units[crewing.UNIT],
            starts_on=now.date() - timedelta(days=21),  # whatever rest days lie between
            rhythm=Rhythm.WEEK,
            type_id=get_type_by_code(session, crewing.LAMP).id,
        )
        plan_id = inspections.add_plan(session, draft, edit=Edit(now=now, actor=None))
        inspections.make_rounds(session, today=now.date())
        wanted = select(InspectionRound.id).where(InspectionRound.plan_id == plan_id)
        round_id = session.scalars(wanted.order_by(InspectionRound.id)).first()
        assert round_id is not None
        stop = stops_of(session, round_id)[0]
        return f"/inspections/{round_id}", f"/inspections/{round_id}/{stop.code}"


def test_nothing_at_the_spot_is_too_small_for_a_finger_or_too_faint_for_the_sun(
    opened: Open, town: Town
) -> None:
    crewing.some_lamps(town)
    new, there = a_job(town, "触屏路 1 号"), a_job(town, "触屏路 2 号", at=("110.6", "30.6"))
    a_job(town, "触屏路 3 号", crew=None, at=("110.7", "30.7"))
    at_the_spot(town, there)
    job = lent(town, a_job(town, "触屏路 4 号", crew=None), Action.SIGN, Action.ARRIVE)
    crew, firm, other = opened(Role.CREW, size=PHONE), opened(size=PHONE), opened(size=PHONE)
    found = []

    for address in ("/crew", "/crew/pool", new.card, there.card):
        crew.goto(address)
        found += hard(crew)
    firm.goto(job)
    found += hard(firm)
    with firm.page.expect_navigation():  # without a photo: given back, with a sentence
        firm.page.locator("form.form.card button").first.click()
    found += hard(firm)
    other.goto(job)  # who sent something first keeps the link: another one stands at the door
    found += hard(other)

    assert not found, "\n".join(found)


def test_repairs_at_the_desk_shut_nobody_out_in_any_state_with_all_their_forms_open(
    opened: Open, town: Town
) -> None:
    reported = a_job(town, "敞开路 1 号", is_only_reported=True)
    given, there = a_job(town, "敞开路 2 号", crew=None), a_job(town, "敞开路 3 号")
    lent(town, given)
    at_the_spot(town, there)
    walk, stop = a_round(town)
    head, supervisor = opened(), opened(Role.SUPERVISOR)
    sign_in(head.page, "light-head")
    found = []

    for look, address in (
        (supervisor, f"/cases/{reported.number}"),
        (opened(Role.DISPATCHER), f"/cases/{given.number}"),
        (opened(Role.HANDLER), f"/cases/{there.number}"),
        (head, "/desk/stock"),
        (head, walk),
        (head, stop),
        (supervisor, "/desk/late"),
        (opened(), lent(town, given, Action.SIGN, Action.ARRIVE)),
    ):
        answer = look.goto(address)
        assert answer
        assert answer.ok, address
        found += faults(look)

    assert not found, "\n".join(found)
