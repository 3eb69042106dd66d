"""What a service item may say, and what is taken for an answer to its questions."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.calendars.rules import LimitUnit
from app.catalogue.rules import Named
from app.citizens.rules.identity import check_sign
from app.service_items.rules import (
    Condition,
    FieldType,
    Handling,
    ItemKind,
    Option,
    Span,
    check_answers,
    check_content,
    is_catch_all,
    needed,
    within,
)
from app.service_items.rules.columns import WORDS, place_of
from app.service_items.rules.comparing import Change, changes
from app.service_items.rules.written import (
    item_row,
    material_row,
    plain,
    question_row,
    read_item,
    spoken,
)
from tests.service_items.builders import TODAY, a_content, a_material, a_question, days, who

AGENT = Condition("who", ("agent",))


def due(start: date, limit: Span) -> date:
    """Rulebook §0 with plain weeks: the last day of a limit that starts on a day at nine."""
    if limit.unit is LimitUnit.WORK_DAY:
        day, left = start, limit.value
        while left:
            day += timedelta(days=1)
            left -= day.weekday() < 5
        return day
    days_on = limit.value if limit.unit is LimitUnit.DAY else (limit.value + 8) // 24
    day = start + timedelta(days=days_on)
    while limit.unit is LimitUnit.DAY and day.weekday() >= 5:
        day += timedelta(days=1)
    return day


@given(
    st.dates(date(2026, 1, 1), date(2026, 12, 31)),
    st.sampled_from([LimitUnit.DAY, LimitUnit.WORK_DAY, LimitUnit.HOUR]),
    st.sampled_from([LimitUnit.DAY, LimitUnit.WORK_DAY]),
    st.integers(1, 60),
    st.integers(1, 60),
)
def test_a_promise_that_is_accepted_never_ends_after_the_laws_limit(
    start: date, promised: LimitUnit, legal: LimitUnit, short: int, long: int
) -> None:
    promise, law = Span(promised, short), Span(legal, long)

    if within(promise, law):
        assert due(start, promise) <= due(start, law)


@pytest.mark.parametrize(
    ("promised", "legal", "is_refused"),
    [
        (days(20), days(20), False),
        (days(21), days(20), True),
        (days(20, LimitUnit.DAY), days(20), False),
        (days(20), days(20, LimitUnit.DAY), True),  # four weeks against twenty days
        (days(48, LimitUnit.HOUR), days(2), False),
        (days(49, LimitUnit.HOUR), days(2), True),
        (days(4, LimitUnit.WORK_HOUR), days(1), True),
        (days(1), days(8, LimitUnit.WORK_HOUR), True),
        (days(0), days(20), True),
    ],
)
def test_the_promised_limit_is_held_against_the_legal_one(
    promised: Span, legal: Span, *, is_refused: bool
) -> None:
    content = replace(a_content(), promised=promised, legal=legal)

    assert ("promised_value" in check_content(content)) == is_refused


@pytest.mark.parametrize(
    ("kind", "is_joint", "longest"),
    [(ItemKind.PERMIT, False, 20), (ItemKind.PERMIT, True, 45), (ItemKind.GRANT, True, 45)],
)
def test_without_a_limit_of_its_own_the_promise_is_held_against_the_laws(
    kind: ItemKind, *, is_joint: bool, longest: int
) -> None:
    content = replace(a_content(), kind=kind, is_joint=is_joint, legal=None)

    assert check_content(replace(content, promised=days(longest))) == {}
    assert set(check_content(replace(content, promised=days(longest + 1)))) == {"promised_value"}


def test_what_is_done_while_one_waits_promises_no_days() -> None:
    instant = a_content(handling=Handling.INSTANT)

    assert check_content(instant) == {}
    assert "promised_value" in check_content(replace(instant, promised=days(1)))


@pytest.mark.parametrize(
    "name",
    [
        "其他材料",
        "其它有关证明材料",
        "法律、法规规定的其他文件",
        "身份证、户口簿等材料",
        "相关材料",
        "审批机关要求的材料",
        "Any other relevant documents",
        "Supporting documents",
        "Passport etc.",
    ],
)
def test_nobody_is_asked_for_whatever_else_there_may_be(name: str) -> None:
    refused = a_content(materials=(a_material(name),))

    assert is_catch_all(name)
    assert set(check_content(refused)) == {"materials.1.name"}


@pytest.mark.parametrize(
    "name", ["居民户口簿", "其他共有人同意书", "使用土地的证明文件", "Mother's passport"]
)
def test_a_paper_with_a_name_of_its_own_may_be_asked_for(name: str) -> None:
    assert not is_catch_all(name)


def test_conditions_follow_questions_that_stand_before_and_have_given_answers() -> None:
    open_ended = a_question(key="free")
    later = a_question(key="later", condition=Condition("who", ("agent",)))

    assert check_content(a_content(questions=(who(), later))) == {}
    assert set(check_content(a_content(questions=(later, who())))) == {"questions.1.condition"}
    for condition in (
        Condition("free", ("x",)),
        Condition("who", ("nobody",)),
        Condition("else", ("x",)),
    ):
        content = a_content(
            questions=(who(), open_ended), materials=(a_material(condition=condition),)
        )
        assert set(check_content(content)) == {"materials.1.condition"}


def test_every_flaw_of_a_version_is_named_at_its_place() -> None:
    content = a_content(
        name="",
        materials=(a_material(may_defer=True), a_material(key="Big Key")),
        questions=(
            a_question(FieldType.CHOICE, key="one", options=(Option("a", Named("甲")),)),
            a_question(key="one", in_guide=True, least="x"),
            replace(who("two"), options=(Option("a", Named("甲")), Option("a", Named("乙")))),
            a_question(FieldType.NUMBER, key="three", options=who().options),
        ),
    )

    assert set(check_content(replace(content, deliveries=(), visits=10))) == {
        "name",
        "deliveries",
        "visits",
        "materials.1.may_defer",
        "materials.2.key",
        "questions.1.options",
        "questions.2.key",
        "questions.2.in_guide",
        "questions.2.least",
        "questions.3.options",
        "questions.4.options",
    }


@pytest.mark.parametrize(
    ("question", "typed", "kept"),
    [
        (a_question(most="4"), " 四个字吧 ", "四个字吧"),
        (a_question(most="4"), "五个字的话", None),
        (a_question(least="3"), "二字", None),
        (a_question(FieldType.NUMBER, least="1", most="20"), "１２", "12"),
        (a_question(FieldType.NUMBER, least="1", most="20"), "20.5", None),
        (a_question(FieldType.NUMBER), "1e9", None),
        (a_question(FieldType.NUMBER), "1,200.50", "1200.50"),
        (a_question(FieldType.DATE, most="today"), "2026年3月2日", "2026-03-02"),
        (a_question(FieldType.DATE, most="today"), "2026-03-03", None),
        (a_question(FieldType.DATE, least="2026-01-01"), "20251231", None),
        (a_question(FieldType.DATE), "2026-02-30", None),
        (who(), "agent", "agent"),
        (who(), "nobody", None),
        (a_question(FieldType.MULTI, options=who().options), ["agent", "self"], ["self", "agent"]),
        (a_question(FieldType.MULTI, options=who().options), ["agent", "x"], None),
        (a_question(FieldType.YES_NO), "no", False),
        (a_question(FieldType.YES_NO), "maybe", None),
        (a_question(FieldType.ID_NUMBER), "99010119490307001x", None),
        (a_question(FieldType.PHONE), "179 0000 0001", "17900000001"),
        (a_question(FieldType.PHONE), "12", None),
        (a_question(), "  ", None),
    ],
)
def test_an_answer_is_kept_in_one_spelling_or_refused_with_a_sentence(
    question: object, typed: object, kept: object
) -> None:
    checked = check_answers([question], {question.key: typed}, today=TODAY)  # type: ignore[attr-defined,list-item,dict-item]  # a table of mixed kinds

    assert list(checked.answers.values()) == ([] if kept is None else [kept])
    assert bool(checked.errors) == (kept is None)


def test_an_identity_number_is_checked_by_its_last_sign() -> None:
    ask = a_question(FieldType.ID_NUMBER)
    digits = "99010119490307007"
    last = check_sign(digits)
    other = "1" if last != "1" else "2"

    right = check_answers([ask], {"more": f"{digits[:6]} {digits[6:]}{last.lower()}"}, today=TODAY)
    wrong = check_answers([ask], {"more": digits + other}, today=TODAY)

    assert (right.errors, right.answers) == ({}, {"more": digits + last})
    assert set(wrong.errors) == {"more"}


def test_a_question_that_does_not_apply_is_not_asked_and_its_answer_dropped() -> None:
    name = a_question(key="name", condition=AGENT)

    own = check_answers([who(), name], {"who": "self", "name": "示例甲"}, today=TODAY)
    missing = check_answers([who(), name], {"who": "agent"}, today=TODAY)

    assert (own.answers, own.errors) == ({"who": "self"}, {})
    assert set(missing.errors) == {"name"}


@pytest.mark.parametrize("is_required", [True, False])
def test_only_what_must_be_answered_may_not_stay_empty(*, is_required: bool) -> None:
    checked = check_answers([a_question(is_required=is_required)], {}, today=TODAY)

    assert bool(checked.errors) == is_required


def test_papers_follow_the_answers_and_shared_ones_are_not_asked_for() -> None:
    always = a_material("申请表", key="form")
    shared = a_material("营业执照", key="licence", is_shared=True)
    agents = a_material(condition=AGENT)

    def keys(answer: str) -> list[str]:
        return [m.key for m in needed((always, shared, agents), {"who": answer})]

    assert keys("self") == ["form"]
    assert keys("agent") == ["form", "authority"]


@pytest.mark.parametrize("to_cell", [plain, lambda value: str(spoken(value))])
def test_an_item_written_into_cells_is_read_back_as_it_was(to_cell: object) -> None:
    content = a_content(
        materials=(a_material(condition=AGENT, may_defer=True), a_material("表", key="b")),
        questions=(who(), a_question(FieldType.DATE, least="today", is_required=False)),
        may_defer=True,
    )

    def cells(row: dict[str, object]) -> dict[str, str]:
        return {name: to_cell(value) for name, value in row.items()}  # type: ignore[operator]  # one of two functions

    read = read_item(
        {"code": "990100-scj-900", "basic_code": "SL-900", **cells(item_row(content))},
        [cells(material_row(one)) for one in content.materials],
        [cells(question_row(one)) for one in content.questions],
    )

    assert (read.errors, read.code) == ({}, "990100-SCJ-900")
    assert read.content == content


@pytest.mark.parametrize(
    ("field", "place"),
    [
        ("promised_value", "承诺时限"),
        ("materials.2.name", "材料 2：材料名称"),
        ("questions.1.options", "问题 1：选项"),
        ("materials", "materials"),
        ("file", "file"),
    ],
)
def test_a_flaw_is_placed_by_the_heading_of_its_column(field: str, place: str) -> None:
    assert place_of(field) == place


def test_every_word_of_a_file_has_its_own_chinese_word() -> None:
    for words, chinese in WORDS.items():
        assert set(chinese) == set(words)
        assert len(set(chinese.values())) == len(chinese)


def test_two_versions_are_compared_field_by_field_with_their_papers() -> None:
    form, old, new = (a_material(name, key=key) for name, key in
                      (("申请表", "form"), ("照片", "photo"), ("保险单", "policy")))  # fmt: skip
    before = a_content(materials=(form, old), promised=Span(LimitUnit.WORK_DAY, 5))
    after = replace(
        before, promised=Span(LimitUnit.WORK_DAY, 3), materials=(replace(form, copies=2), new)
    )

    found = changes(before, after)

    assert found[0] == Change("", "promised_value", "承诺时限", "5", "3")
    assert Change("申请表", "copies", "份数", "1", "2") in found
    assert {one.part for one in found} == {"", "申请表", "照片", "保险单"}
    assert {(one.before, one.after) for one in found if one.field == "name"} == {
        ("照片", ""),
        ("", "保险单"),
    }
    assert changes(after, after) == ()
