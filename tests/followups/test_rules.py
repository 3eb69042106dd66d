"""When is called again, when given up, who is drawn, who may check, which wording is marked."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.cases.kinds import CallbackResult, NotPossible, Outcome
from app.cases.rules import (
    Facts,
    Proof,
    check_callback,
    check_outcome,
    check_points,
    check_proof,
    lacking_proofs,
)
from app.catalogue.rules import (
    FollowUps,
    Named,
    ProofKind,
    ReviewKind,
    ReviewPoint,
    cites_rule,
    evasive_in,
    marked,
    points_for,
)
from app.followups.rules import (
    InvolvedError,
    Month,
    Tried,
    check_silent,
    check_try,
    check_uninvolved,
    digest_of,
    draw,
    is_silent,
    may_give_up,
    month_before,
    next_try,
)
from app.kernel.errors import InvalidError

NOW = datetime(2026, 3, 2, 1, tzinfo=UTC)
HALL = ZoneInfo("Asia/Shanghai")
HOW = FollowUps(attempts=3, wait_hours=4, share=10)
CHECK = ReviewPoint(1, "answers", ReviewKind.CHECK, Named("逐项答复"))
LAW = ReviewPoint(2, "law", ReviewKind.REFUSAL, Named("引用依据"))
SOON = ReviewPoint(3, "soon", ReviewKind.PHRASE, Named("尽快", "as soon as possible"))
SOONER = ReviewPoint(4, "sooner", ReviewKind.PHRASE, Named("尽快研究"))
ALL = (CHECK, LAW, SOON, SOONER)


def test_a_try_comes_only_after_the_hours_the_rule_asks_for() -> None:
    tried = Tried(1, NOW)

    with pytest.raises(InvalidError):
        check_try(tried, HOW, NOW + timedelta(hours=3, minutes=59))
    check_try(tried, HOW, NOW + timedelta(hours=4))
    check_try(Tried(), HOW, NOW)

    assert next_try(tried, HOW, NOW) == NOW + timedelta(hours=4)


@pytest.mark.parametrize("attempts", [0, 2, 3, 4])
def test_not_reached_needs_every_try_the_rule_asks_for(attempts: int) -> None:
    tried, may = Tried(attempts, NOW), attempts >= HOW.attempts

    assert may_give_up(tried, HOW) is may
    if may:
        check_silent(CallbackResult.UNREACHABLE, tried, HOW)
    else:
        with pytest.raises(InvalidError):
            check_silent(CallbackResult.UNREACHABLE, tried, HOW)


@pytest.mark.parametrize("result", [r for r in CallbackResult if r != "unreachable"])
def test_whoever_was_reached_needs_no_tries(result: CallbackResult) -> None:
    check_silent(result, Tried(), HOW)


@pytest.mark.parametrize("result", list(CallbackResult))
def test_silence_is_never_an_answer(result: CallbackResult) -> None:
    said = {CallbackResult.SOLVED, CallbackResult.PARTLY, CallbackResult.NOT_SOLVED}

    assert is_silent(str(result)) is (result not in said)


@pytest.mark.parametrize("result", list(CallbackResult))
@pytest.mark.parametrize("outcome", [*Outcome, None])
@pytest.mark.parametrize("round_no", [1, 2])
@pytest.mark.parametrize("note", ["", "已向市民说明"])
def test_what_is_not_solved_closes_only_once_redone_and_never_to_be_had(
    result: CallbackResult, outcome: Outcome | None, round_no: int, note: str
) -> None:
    settled = outcome in (Outcome.EXPLAINED, Outcome.NOT_POSSIBLE)
    was_redone = round_no > 1
    may = result is not CallbackResult.NOT_SOLVED or bool(was_redone and settled and note)

    if may:
        check_callback(result, round_no=round_no, outcome=outcome, note=note)
    else:
        with pytest.raises(InvalidError):
            check_callback(result, round_no=round_no, outcome=outcome, note=note)


@pytest.mark.parametrize("outcome", [*Outcome, None])
@pytest.mark.parametrize("reason", [*NotPossible, None])
def test_only_what_is_not_possible_needs_its_reason(
    outcome: Outcome | None, reason: NotPossible | None
) -> None:
    lacks = check_outcome(Facts(outcome=outcome, outcome_reason=reason))

    assert bool(lacks) is (outcome is Outcome.NOT_POSSIBLE and reason is None)


@given(
    needed=st.sets(st.sampled_from(ProofKind)),
    before=st.frozensets(st.sampled_from(ProofKind)),
    files=st.sets(st.sampled_from([ProofKind.PHOTO, ProofKind.DOCUMENT])),
    statement=st.sampled_from(["", " ", "已付清"]),
)
def test_what_lacks_is_what_is_needed_and_was_never_given(
    needed: set[ProofKind], before: frozenset[ProofKind], files: set[ProofKind], statement: str
) -> None:
    proof = Proof(tuple((kind, 1) for kind in files), statement)

    lacking = set(lacking_proofs([str(kind) for kind in needed], before, proof))

    said = {ProofKind.STATEMENT} if statement.strip() else set()
    assert lacking == needed - before - files - said


def test_missing_evidence_is_named_field_by_field_unless_a_reason_is_given() -> None:
    lacking = (ProofKind.PHOTO, ProofKind.STATEMENT)

    with pytest.raises(InvalidError) as refused:
        check_proof(lacking, Proof())
    check_proof(lacking, Proof(lacking="夜间作业"))

    assert set(refused.value.fields) == {"proof_photo", "proof_statement"}


def test_every_point_is_ticked_before_a_reply_goes_out() -> None:
    asked = points_for(ALL, is_refusal=True)

    with pytest.raises(InvalidError):
        check_points(asked, ["answers"])
    check_points(asked, ["answers", "law", "unknown"])

    assert [point.code for point in asked] == ["answers", "law"]
    assert points_for(ALL, is_refusal=False) == (CHECK,)


def test_evasive_wording_is_marked_where_it_stands_and_nothing_is_lost() -> None:
    text = "我们将尽快研究，并尽快答复。"

    pieces = marked(text, ALL)

    assert "".join(piece.text for piece in pieces) == text
    assert [piece.text for piece in pieces if piece.is_evasive] == ["尽快研究", "尽快"]
    assert evasive_in(text, ALL) == ("尽快研究", "尽快")
    assert evasive_in("As Soon As Possible", ALL) == ("As Soon As Possible",)
    assert evasive_in("明天上午修好。", ALL) == ()


@given(st.text(alphabet="尽快研究好，asonp 。", max_size=40))
def test_marking_never_changes_a_text(text: str) -> None:
    assert "".join(piece.text for piece in marked(text, ALL)) == text


@pytest.mark.parametrize("text", ["依据《物业管理条例》第三十五条", "按第12条办理"])
def test_a_citation_of_a_rule_is_seen(text: str) -> None:
    assert cites_rule(text)


@pytest.mark.parametrize("text", ["按有关规定办理", "第三次上门", ""])
def test_no_citation_is_seen_where_there_is_none(text: str) -> None:
    assert not cites_rule(text)


@given(keys=st.sets(st.integers(1, 10_000), max_size=60), share=st.integers(0, 100))
def test_the_same_draw_comes_out_whoever_draws(keys: set[int], share: int) -> None:
    once = draw(sorted(keys), share=share, seed="2026-02")
    again = draw(sorted(keys, reverse=True), share=share, seed="2026-02")

    assert once == again
    assert set(once) <= keys
    assert len(once) == -(-len(keys) * share // 100)


def test_another_month_draws_others() -> None:
    keys = list(range(1, 201))

    assert draw(keys, share=10, seed="2026-01") != draw(keys, share=10, seed="2026-02")
    assert digest_of(keys) == digest_of(reversed(keys)) != digest_of(keys[1:])


@pytest.mark.parametrize(
    ("now", "name"),
    [
        (datetime(2026, 3, 1, 0, tzinfo=HALL), "2026-02"),
        (datetime(2026, 2, 28, 23, 59, tzinfo=HALL), "2026-01"),
        (datetime(2026, 1, 15, tzinfo=HALL), "2025-12"),
        (datetime(2026, 2, 28, 16, 1, tzinfo=UTC), "2026-02"),  # after midnight in the hall
    ],
)
def test_the_month_that_is_over_is_told_by_the_clock_of_the_hall(now: datetime, name: str) -> None:
    assert month_before(now, HALL).name == name


def test_a_month_ends_where_the_next_begins() -> None:
    december = Month(2025, 12)

    assert december.following == Month(2026, 1)
    assert december.starts(HALL) == datetime(2025, 12, 1, tzinfo=HALL)


def test_nobody_checks_what_they_worked_on() -> None:
    check_uninvolved(4, [1, 2, 3])

    with pytest.raises(InvolvedError):
        check_uninvolved(3, [1, 2, 3])
