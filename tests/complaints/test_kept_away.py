"""Whoever has an interest steps back; who complains is shown to the people named for it alone."""

import pytest
from sqlalchemy import select

from app.accounts.rules import Permission, Role, Scope
from app.cases import queries
from app.cases.complaint_models import CaseIdentity
from app.cases.kinds import Action, SubjectKind
from app.cases.models import Case, CaseAccused, CaseEvent
from app.cases.queries import identity, lists
from app.cases.rules import Facts
from app.cases.service.confiding import About
from app.catalogue.rules import CaseKind
from app.citizens import service as citizens
from app.citizens.models import Citizen
from app.complaints.service import name_confidant, order_back, reveal, step_back
from app.kernel.errors import ConflictError, ForbiddenError, InvalidError, NotFoundError
from app.kernel.outbox import Message
from app.mypage import queries as mypage
from app.notifications.service import staff as inbox
from app.privacy import queries as privacy
from tests.cases.walking import take
from tests.complaints.walking import (
    PHONE,
    WHO,
    a_complaint,
    a_secret_complaint,
    investigated,
)
from tests.support.city import CENTRE, ROOT, WORKS, City, a_case, first_category, seat
from tests.support.clock import MONDAY_9AM

WHY = "需要回访核实"


def sees(city: City, case: Case, role: Role) -> bool:
    with city.db() as session:
        listed = lists.worklist(session, city[role], lists.Filter(), now=MONDAY_9AM).items
        return case.number in {row.number for row in listed}


def test_an_investigator_who_steps_back_loses_the_matter_to_a_colleague(city: City) -> None:
    with city.db.begin() as session:
        case = investigated(session, city, a_complaint(session))
        step_back(session, case, "是我亲属", actor=city[Role.HANDLER], now=MONDAY_9AM)

        assert case.handler_id is None
    assert not sees(city, case, Role.HANDLER)
    assert sees(city, case, Role.UNIT_HEAD)


@pytest.mark.parametrize("who", [Role.HANDLER, Role.CREW], ids=["who gives", "who would get"])
def test_whoever_steps_back_ends_the_handing_over_of_the_matter(city: City, who: Role) -> None:
    with city.db.begin() as session:
        case = investigated(session, city, a_complaint(session))
        case.handing_to_id = city[Role.CREW].id
        step_back(session, case, "是我亲属", actor=city[who], now=MONDAY_9AM)

    still = None if who is Role.HANDLER else city[Role.HANDLER].id
    with city.db() as session:
        kept = session.get_one(Case, case.id)
        assert (kept.handler_id, kept.handing_to_id) == (still, None)


def test_the_supervisor_has_somebody_step_back_and_nobody_assigns_it_to_them_again(
    city: City,
) -> None:
    supervisor = city[Role.SUPERVISOR]
    with city.db.begin() as session:
        case = investigated(session, city, a_complaint(session))
        order_back(session, case, "handler", "同窗好友", actor=supervisor, now=MONDAY_9AM)
        back = Facts(handler_id=city[Role.HANDLER].id)

        with pytest.raises(InvalidError):
            take(session, case, Action.ASSIGN, city[Role.UNIT_HEAD], facts=back)
        with pytest.raises(ConflictError):
            order_back(session, case, "handler", "再说一次", actor=supervisor, now=MONDAY_9AM)
        line = session.scalars(
            select(CaseEvent).where(CaseEvent.case_id == case.id, CaseEvent.action == Action.RECUSE)
        ).one()

    assert line.payload == {"staff_id": city[Role.HANDLER].id, "ordered": True}
    assert not sees(city, case, Role.HANDLER)


def test_a_reason_and_an_account_are_needed_to_have_somebody_step_back(city: City) -> None:
    with city.db.begin() as session:
        case = investigated(session, city, a_complaint(session))
        supervisor, head = city[Role.SUPERVISOR], city[Role.UNIT_HEAD]

        with pytest.raises(InvalidError):
            order_back(session, case, "nobody", "有利害关系", actor=supervisor, now=MONDAY_9AM)
        with pytest.raises(InvalidError):
            order_back(session, case, "handler", " ", actor=supervisor, now=MONDAY_9AM)
        with pytest.raises(ForbiddenError):
            order_back(session, case, "handler", "有利害关系", actor=head, now=MONDAY_9AM)


def test_a_complaint_named_at_the_desk_is_out_of_the_hands_of_those_it_is_about(
    city: City,
) -> None:
    about = About(SubjectKind.WINDOW, "3 号窗口", CENTRE)
    with city.db.begin() as session:
        case = a_complaint(session, about=about)

        assert case.unit_id == ROOT
        assert session.get_one(CaseAccused, case.id).unit_id == CENTRE
    assert not sees(city, case, Role.CLERK)
    assert sees(city, case, Role.SUPERVISOR)


def test_named_otherwise_at_acceptance_the_last_word_counts(city: City) -> None:
    with city.db.begin() as session:
        case = a_complaint(session, about=About(SubjectKind.UNIT, "工程局", WORKS))
        facts = Facts(
            category_id=first_category(session),
            subject_kind=SubjectKind.STAFF,
            accused_unit_id=WORKS,
            accused_staff="handler",
        )
        take(session, case, Action.ACCEPT, city[Role.CLERK], facts=facts)

        accused = session.get_one(CaseAccused, case.id)
        assert (accused.unit_id, accused.staff_id) == (WORKS, city[Role.HANDLER].id)


def test_a_business_has_a_name_and_nobody_is_guarded_against(city: City) -> None:
    with city.db.begin() as session:
        case = a_complaint(session, about=About(SubjectKind.BUSINESS, "示例超市", WORKS))

        assert session.get(CaseAccused, case.id) is None
        with pytest.raises(InvalidError):
            a_complaint(session, about=About(SubjectKind.BUSINESS))


def test_a_confidential_complainant_is_tied_to_the_matter_nowhere_but_in_one_table(
    city: City,
) -> None:
    with city.db.begin() as session:
        case = a_secret_complaint(session)
        citizen = session.scalars(select(Citizen.id)).one()

    with city.db() as session:
        kept = session.get_one(Case, case.id)
        assert (kept.citizen_id, kept.is_anonymous) == (None, False)
        assert session.get_one(CaseIdentity, case.id).citizen_id == citizen
        seen = lists.worklist(
            session,
            city[Role.SUPERVISOR],
            lists.Filter(citizen_ids=(citizen,)),
            now=MONDAY_9AM,
        )
        assert seen.items == []


def test_the_complainant_gets_messages_and_finds_the_matter_on_their_own_page(city: City) -> None:
    with city.db.begin() as session:
        case = a_secret_complaint(session)
        citizen = session.scalars(select(Citizen.id)).one()

    with city.db() as session:
        assert identity.citizen_behind(session, session.get_one(Case, case.id)) == citizen
        assert [row.number for row in mypage.open_matters(session, [citizen])] == [case.number]
        assert privacy.open_cases_of(session, [citizen]) == [case.number]
        assert privacy.cases_of(session, [citizen]) == [case.id]
        assert session.scalars(select(Message.subject_id)).all() in ([], [case.id])


def test_only_whoever_is_named_looks_and_the_matter_says_so(city: City) -> None:
    with city.db.begin() as session:
        case = a_secret_complaint(session)
        clerk = city[Role.CLERK]
        with pytest.raises(ForbiddenError, match="confidential"):
            reveal(session, case, WHY, actor=clerk, ip="", now=MONDAY_9AM)
        investigated(session, city, case)
        reveal(session, case, WHY, actor=city[Role.HANDLER], ip="", now=MONDAY_9AM)
        actions = session.scalars(
            select(CaseEvent.action).where(CaseEvent.case_id == case.id).order_by(CaseEvent.seq)
        ).all()

    assert actions.count(Action.CONFIDE) == 1
    assert actions[-1] is Action.REVEAL


def test_the_head_names_one_more_and_each_addition_is_written_down_once(city: City) -> None:
    head = city[Role.UNIT_HEAD]
    with city.db.begin() as session:
        case = investigated(session, city, a_secret_complaint(session))
        for _ in range(2):
            name_confidant(session, case, "unit_head", WHY, actor=head, now=MONDAY_9AM)
        named = [row.staff_id for row in identity.confidants(session, case.id)]

        clerk = city[Role.CLERK]
        with pytest.raises(ForbiddenError):
            name_confidant(session, case, "reviewer", WHY, actor=clerk, now=MONDAY_9AM)
        with pytest.raises(InvalidError):
            name_confidant(session, case, "nobody", " ", actor=head, now=MONDAY_9AM)

    assert named == [city[Role.HANDLER].id, head.id]


def test_somebody_the_matter_is_about_is_not_named_to_see_who_complains(city: City) -> None:
    with city.db.begin() as session:
        case = a_secret_complaint(session, about=About(SubjectKind.STAFF, "", WORKS, "handler"))
        supervisor = city[Role.SUPERVISOR]

        with pytest.raises(InvalidError):
            name_confidant(session, case, "handler", WHY, actor=supervisor, now=MONDAY_9AM)


def test_nobody_it_is_about_is_told_of_it_in_their_inbox(city: City) -> None:
    people = [city[role].id for role in (Role.HANDLER, Role.UNIT_HEAD, Role.SUPERVISOR)]
    with city.db.begin() as session:
        case = a_complaint(session, about=About(SubjectKind.UNIT, "", WORKS))
        other = investigated(session, city, a_complaint(session))
        step_back(session, other, "是我亲属", actor=city[Role.HANDLER], now=MONDAY_9AM)

        told = [
            inbox.tell(session, people, "x", params={"number": one.number}, now=MONDAY_9AM)
            for one in (case, other, a_complaint(session))
        ]

    assert told == [1, 2, 3]


def test_the_unit_above_gives_a_complaint_to_nobody_of_the_unit_it_is_about(city: City) -> None:
    with city.db.begin() as session:
        above = seat(session, "above", Role.UNIT_HEAD, ROOT, Scope.SUBTREE, now=MONDAY_9AM)
        case = a_complaint(session, about=About(SubjectKind.UNIT, "", WORKS))
        facts = Facts(category_id=first_category(session))
        take(session, case, Action.ACCEPT, city[Role.CLERK], facts=facts)
        take(session, case, Action.DISPATCH, city[Role.DISPATCHER], facts=Facts(unit_id=ROOT))
        take(session, case, Action.SIGN, above)

        to = Facts(handler_id=city[Role.HANDLER].id)

        with pytest.raises(InvalidError) as refused:
            take(session, case, Action.ASSIGN, above, facts=to)

    assert set(refused.value.fields) == {"handler_id"}
    with city.db() as session:
        assert session.get_one(Case, case.id).handler_id == above.id


def test_an_officer_of_privacy_reads_no_number_of_a_confidential_complaint(city: City) -> None:
    with city.db.begin() as session:
        secret = a_secret_complaint(session)
        citizen = session.scalars(select(CaseIdentity.citizen_id)).one()

        assert privacy.open_cases_of(session, [citizen]) == [secret.number]
        assert privacy.named_open_cases_of(session, [citizen]) == []


def test_without_a_name_there_is_nothing_to_reveal(city: City) -> None:
    with city.db.begin() as session:
        case = a_case(session)

        with pytest.raises(NotFoundError):
            reveal(session, case, WHY, actor=city[Role.CLERK], ip="", now=MONDAY_9AM)


def test_an_open_name_is_shown_as_before(city: City) -> None:
    assert city[Role.CLERK].may(Permission.CONTACT_REVEAL)
    with city.db.begin() as session:
        case = a_complaint(
            session, person=citizens.Person(name="夔示例", phone=PHONE), is_anonymous=False
        )

        assert reveal(session, case, WHY, actor=city[Role.CLERK], ip="", now=MONDAY_9AM)
        assert case.number == queries.get_case(session, case.id, city[Role.CLERK]).number


@pytest.mark.parametrize("kind", [CaseKind.TIP, CaseKind.HELP])
def test_whoever_wants_to_stay_unnamed_is_sealed_away_or_the_matter_is_confidential(
    city: City, kind: CaseKind
) -> None:
    with city.db.begin() as session:
        case = a_case(session, kind=kind, person=WHO, is_anonymous=False, is_identity_secret=True)

    is_tip = kind is CaseKind.TIP
    assert (case.is_identity_secret, case.is_confidential) == (is_tip, not is_tip)
    assert (case.citizen_id is None) is is_tip
