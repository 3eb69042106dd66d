"""A reply proves what it says, carries its outcome, and goes out point by point."""

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts.rules import Role
from app.cases.kinds import Action, NotPossible, Outcome, Status
from app.cases.models import Case, CaseEvent
from app.cases.queries.proofs import evidence_of, find_sent_back
from app.cases.rules import Facts, Proof
from app.catalogue import queries as catalogue
from app.catalogue import service as catalogue_service
from app.catalogue.models import Category, ReviewItem
from app.catalogue.rules import FollowUps, ProofKind, ReviewKind
from app.catalogue.service import Edit, ReviewDraft
from app.kernel.errors import ConflictError, ForbiddenError, InvalidError
from tests.followups.town import LAMPS, NO_PROOF, WAGES, approve, in_hand, reply, take
from tests.support.city import City
from tests.support.clock import MONDAY_9AM

BY_MACHINE = Edit(now=MONDAY_9AM, actor=None)
PHOTO = Proof(files=((ProofKind.PHOTO, 1),))


def refuse(session: Session, city: City, case: Case, facts: Facts, text: str) -> None:
    proof = Proof(lacking=NO_PROOF)
    take(session, city, case, Action.REPLY, Role.HANDLER, text=text, facts=facts, proof=proof)


def test_a_reply_without_its_evidence_is_refused_field_by_field(city: City) -> None:
    with city.db.begin() as session:
        case = in_hand(session, city, WAGES)

        with pytest.raises(InvalidError) as refused:
            reply(session, city, case, proof=Proof(statement=" "))

        assert set(refused.value.fields) == {"proof_document", "proof_statement"}
        assert case.status is Status.HANDLING


def test_evidence_is_kept_inside_and_a_missing_one_with_its_reason(city: City) -> None:
    with city.db.begin() as session:
        case = in_hand(session, city, WAGES)

        reply(session, city, case, proof=Proof(statement="工资已结清。", lacking="收条在区里。"))

        (line,) = evidence_of(session, case.id, 1)
        event = session.get_one(CaseEvent, line.event_id)
        assert line.kinds == (ProofKind.STATEMENT,)
        assert line.lacking == (ProofKind.DOCUMENT,)
        assert "收条在区里。" in line.words
        assert not event.is_public


def test_a_reply_that_came_back_need_not_be_proved_twice(city: City) -> None:
    with city.db.begin() as session:
        case = reply(session, city, in_hand(session, city), proof=PHOTO)
        failed = ("who_when",)
        take(session, city, case, Action.RETURN_REPLY, Role.REVIEWER, note="写明", points=failed)

        reply(session, city, case, proof=Proof(statement=""))

        assert case.status is Status.REPLIED


def test_what_the_category_asks_later_does_not_reach_a_matter_that_runs(city: City) -> None:
    with city.db.begin() as session:
        case = in_hand(session, city)
        category = catalogue.get_category_by_code(session, LAMPS)
        row = session.get_one(Category, category.id)
        draft = catalogue_service.CategoryDraft(
            code=row.code,
            name=row.name,
            kinds=category.kinds,
            proofs=(ProofKind.DOCUMENT, ProofKind.STATEMENT),
        )

        catalogue_service.change_category(
            session, row.id, draft, version=row.version, edit=BY_MACHINE
        )

        assert case.proofs == ["photo"]
        assert catalogue.get_category(session, row.id).proofs == draft.proofs


def test_not_possible_needs_its_reason_and_keeps_it(city: City) -> None:
    with city.db.begin() as session:
        case = in_hand(session, city)

        with pytest.raises(InvalidError) as refused:
            reply(session, city, case, outcome=Outcome.NOT_POSSIBLE)
        facts = Facts(
            outcome=Outcome.NOT_POSSIBLE,
            outcome_reason=NotPossible.LAW,
            outcome_basis="《城市道路管理条例》第二十七条",
        )
        proof = Proof(lacking=NO_PROOF)
        take(
            session, city, case, Action.REPLY, Role.HANDLER, text="办不到", facts=facts, proof=proof
        )

        assert set(refused.value.fields) == {"outcome_reason"}
        assert (case.outcome, case.outcome_reason) == (Outcome.NOT_POSSIBLE, NotPossible.LAW)
        assert _last(session, Action.REPLY).payload["reason"] == "law"


def test_a_reply_goes_out_only_with_every_point_ticked(city: City) -> None:
    with city.db.begin() as session:
        case = reply(session, city, in_hand(session, city))

        with pytest.raises(InvalidError):
            take(session, city, case, Action.APPROVE_REPLY, Role.REVIEWER, points=("answers",))
        approve(session, city, case)

        assert case.status is Status.CALLING_BACK
        assert _last(session, Action.APPROVE_REPLY).payload["points"] == [
            "answers",
            "who_when",
            "plain",
            "proof",
        ]


def test_where_nothing_could_be_done_the_law_is_a_point_too(city: City) -> None:
    with city.db.begin() as session:
        case = in_hand(session, city)
        facts = Facts(outcome=Outcome.NOT_POSSIBLE, outcome_reason=NotPossible.CIVIL)
        proof = Proof(lacking=NO_PROOF)
        take(
            session,
            city,
            case,
            Action.REPLY,
            Role.HANDLER,
            text="属民事纠纷",
            facts=facts,
            proof=proof,
        )

        approve(session, city, case)

        assert "law" in _last(session, Action.APPROVE_REPLY).payload["points"]


def test_a_reply_comes_back_with_the_points_it_failed_by(city: City) -> None:
    with city.db.begin() as session:
        case = reply(session, city, in_hand(session, city))

        with pytest.raises(InvalidError):
            take(session, city, case, Action.RETURN_REPLY, Role.REVIEWER, note="重写")
        failed = ("plain",)
        take(session, city, case, Action.RETURN_REPLY, Role.REVIEWER, note="重写", points=failed)

        back = find_sent_back(session, case.id)
        assert back is not None
        assert (back.failed, back.words) == (("plain",), "重写")


def test_without_a_checklist_nothing_is_asked(city: City) -> None:
    with city.db.begin() as session:
        for item in session.scalars(select(ReviewItem)).all():
            catalogue_service.set_review_item_active(
                session, item.id, is_active=False, version=item.version, edit=BY_MACHINE
            )
        case = reply(session, city, in_hand(session, city))

        take(session, city, case, Action.APPROVE_REPLY, Role.REVIEWER)

        assert case.status is Status.CALLING_BACK


def test_an_item_is_edited_with_versions_and_is_a_sample_no_more(city: City) -> None:
    with city.db.begin() as session:
        item = session.scalars(select(ReviewItem).where(ReviewItem.code == "p.soon")).one()
        draft = ReviewDraft("p.soon", ReviewKind.PHRASE, "抓紧", "promptly")

        catalogue_service.change_review_item(
            session, item.id, draft, version=item.version, edit=BY_MACHINE
        )

        assert (item.name, item.is_sample) == ("抓紧", False)
        with pytest.raises(ConflictError):
            catalogue_service.change_review_item(
                session, item.id, draft, version=1, edit=BY_MACHINE
            )


@pytest.mark.parametrize(
    ("wanted", "field"),
    [
        (FollowUps(attempts=0), "attempts"),
        (FollowUps(wait_hours=73), "wait_hours"),
        (FollowUps(share=101), "share"),
    ],
)
def test_numbers_out_of_bounds_are_refused(city: City, wanted: FollowUps, field: str) -> None:
    with city.db.begin() as session, pytest.raises(InvalidError) as refused:
        catalogue_service.set_follow_ups(session, wanted, edit=BY_MACHINE)

    assert set(refused.value.fields) == {field}


def test_only_who_keeps_the_catalogue_sets_the_numbers(city: City) -> None:
    edit = Edit(now=MONDAY_9AM, actor=city[Role.REVIEWER])

    with city.db.begin() as session, pytest.raises(ForbiddenError):
        catalogue_service.set_follow_ups(session, FollowUps(), edit=edit)


def test_the_shipped_samples_come_once(city: City) -> None:
    with city.db.begin() as session:
        added = catalogue_service.seed_closing(session, now=MONDAY_9AM)

        assert added == 0
        assert all(session.scalars(select(ReviewItem.is_sample)))


def _last(session: Session, action: Action) -> CaseEvent:
    wanted = select(CaseEvent).where(CaseEvent.action == action).order_by(CaseEvent.id.desc())
    return session.scalars(wanted.limit(1)).one()
