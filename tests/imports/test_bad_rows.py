"""Rows and files that are wrong: refused with row, column and reason, the others go in."""

from pathlib import Path

import pytest
from sqlalchemy import func, select, update

from app.cases.models import Case, CaseEvent
from app.catalogue.models import TimeLimit
from app.catalogue.rules import CaseKind
from app.imports.reading import Form, UnreadableError, open_table
from tests.imports.support import Town, a_row, as_csv, as_xlsx, letters, packed

ODD = {
    "no id": ({"no": " "}, "no", "The row has no id."),
    "long id": ({"no": "9" * 65}, "no", "65 characters; at most 64 fit here."),
    "unknown kind": ({"kind": "闲聊"}, "kind", "The mapping does not know the value “闲聊”."),
    "no text": ({"words": " \u200b "}, "words", "The text is empty."),
    "no opening": ({"came": ""}, "came", "The time of opening is missing."),
    "no time": ({"came": "昨天"}, "came", "“昨天” is not a time of the form iso."),
    "future": ({"came": "2031-01-01"}, "came", "2030-12-31 lies in the future."),
    "long ago": ({"came": "1901-01-01"}, "came", "1900-12-31 lies before 1990."),
    "negative": (
        {"answered": "2026-01-05 09:59:59"},
        "answered",
        "2026-01-05 lies before the opening: a negative time.",
    ),
    "answer without time": ({"answered": ""}, "answer", "There is a reply, but no time of it."),
    "no number": ({"lon": "东经"}, "lon", "“东经” is not a number of degrees."),
    "off the globe": ({"lat": "91"}, "lat", "91 degrees do not exist."),
    "long place": ({"street": "路" * 201}, "street", "201 characters; at most 200 fit here."),
}


def test_each_wrong_row_is_refused_in_words_and_the_others_go_in(town: Town) -> None:
    odd = [a_row(number, **given) for number, (given, _, _) in enumerate(ODD.values(), start=1)]

    report = town.take(as_csv([a_row(98), *odd, a_row(99)]))

    assert (report.new, report.refused) == (2, len(ODD))
    assert [(row, column, reason) for row, _, column, reason in town.refused()] == [
        (str(number), column, reason)
        for number, (_, column, reason) in enumerate(ODD.values(), start=3)
    ]


def test_all_that_is_wrong_with_a_row_is_said_at_once(town: Town) -> None:
    row = a_row(came="?", kind="?", lon="?", words="")

    report = town.take(as_csv([row]))

    assert report.refused == 1
    assert {column for _, _, column, _ in town.refused()} == {"came", "kind", "lon", "words"}


def test_an_id_that_comes_twice_is_taken_once_across_batches_and_runs(town: Town) -> None:
    rows = [a_row(number) for number in range(1, 503)]
    content = as_csv([*rows, a_row(3, title="重复")])

    first, second = town.take(content), town.take(content)

    assert (first.new, first.refused) == (502, 1)
    assert (second.new, second.known, second.refused) == (0, 502, 1)
    assert town.refused() == [("504", "L-3", "no", "The same id stands in row 4 already.")]
    assert town.cases()["L-3"].title == "路灯不亮"


def test_broken_lines_of_csv_are_refused_and_the_rest_is_read(town: Town) -> None:
    good = as_csv([a_row(1), a_row(2)]).decode()
    head, one, two = good.splitlines(keepends=True)
    content = head + one + "a,b\r\n\r\n" + 'L-7,"求助"x,' + "\r\n" + two

    report = town.take(content.encode())

    assert (report.new, report.refused) == (2, 2)
    assert [(row, reason.split(":")[0]) for row, _, _, reason in town.refused()] == [
        ("3", "The row has 2 fields, the header 10."),
        ("5", "Broken CSV near line 5"),
    ]


def test_a_quotation_mark_that_is_never_closed_is_said_so(town: Town) -> None:
    content = as_csv([a_row(1)]) + 'L-2,"求助,…\r\nL-3,投诉\r\n'.encode()

    report = town.take(content)

    assert (report.new, report.refused) == (1, 1)
    assert "unexpected end of data" in town.refused()[0][3]


def test_a_few_damaged_bytes_cost_one_row_only(town: Town) -> None:
    content = as_csv([a_row(number) for number in range(1, 41)])
    spoiled = content.replace(b"L-7," + "求助".encode(), b"L-7,\xff\xfe", 1)

    report = town.take(spoiled)

    assert (report.new, report.refused) == (39, 1)
    assert town.refused() == [("8", "", "kind", "Some bytes are damaged: they fit no character.")]


def test_control_characters_are_left_out(town: Town) -> None:
    row = a_row(title="路灯\x00不\x08亮\u202e", words="第一行\x0b第二行，路灯不亮")

    town.take(as_csv([row]))

    case = town.cases()["L-1"]
    assert case.title == "路灯不亮"
    assert case.body == "第一行\n第二行，路灯不亮"


def test_a_unit_nobody_knows_is_a_reason(town: Town) -> None:
    mapping = letters('unit = { column = "street" }')

    report = town.take(as_csv([a_row(1, street="WORKS"), a_row(2, street="NIEMAND")]), mapping)

    assert (report.new, report.refused) == (1, 1)
    assert town.refused()[0][2:] == ("street", "There is no unit with the code “NIEMAND”.")


def test_a_category_nobody_knows_is_a_reason(town: Town) -> None:
    mapping = letters('category = { column = "street" }\nplace = { value = "" }')

    town.take(as_csv([a_row(street="9999")]), mapping)

    assert town.refused()[0][2:] == ("street", "The catalogue has no category “9999”.")


def test_states_and_times_must_agree(town: Town) -> None:
    mapping = letters(
        'status = { column = "kind", table = { "完" = "closed", "办" = "handling" } }\n'
        'kind = { value = "help" }\nclosed = { column = "street" }\nplace = { value = "" }'
    )
    rows = [
        a_row(1, kind="完", street="", answer="", answered=""),
        a_row(2, kind="办", street="2026-01-08"),
        a_row(3, kind="完", street="2026-01-06"),
        a_row(4, kind="办", street=""),
    ]

    town.take(as_csv(rows), mapping)

    assert [reason for _, _, _, reason in town.refused()] == [
        "It is closed, but no time of that is given.",
        "It has a time of closing, but is handling.",
        "It was closed before the reply.",
    ]
    assert set(town.cases()) == {"L-4"}


def test_a_row_the_database_refuses_takes_no_other_with_it(town: Town) -> None:
    with town.db.begin() as session:
        only_complaints = update(TimeLimit).values(case_kind=CaseKind.COMPLAINT)
        session.execute(only_complaints.where(TimeLimit.clock_kind == "resolve"))

    report = town.take(
        as_csv([a_row(1, kind="投诉"), a_row(2, kind="求助"), a_row(3, kind="投诉")])
    )

    assert (report.new, report.refused) == (2, 1)
    assert town.refused()[0][:2] == ("3", "L-2")
    assert "No time limit is set" in town.refused()[0][3]
    with town.db() as session:
        assert session.scalar(select(func.count()).select_from(CaseEvent)) == 4
        assert session.scalar(select(func.count()).select_from(Case)) == 2


def test_rejects_of_an_earlier_run_are_gone_when_nothing_is_refused(town: Town) -> None:
    town.take(as_csv([a_row(kind="?")]))

    town.take(as_csv([a_row()]))

    assert not town.rejects.exists()


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "no header row"),
        ("编号,题目\n1,路灯\n".encode(), "needs the column"),
        (as_csv([a_row()]).replace(b"title", b"words"), "exactly once"),
        (packed(as_csv([a_row()]))[:-20], "cannot be read"),
        (as_xlsx([a_row()])[:-300], "workbook cannot be read"),
        (b"\x81 \xff " * 50, "neither UTF-8 nor GB18030"),
    ],
    ids=["empty", "other columns", "a column twice", "cut gzip", "cut workbook", "no text"],
)
def test_a_file_that_is_none_is_refused_as_a_whole(
    tmp_path: Path, content: bytes, words: str
) -> None:
    file = tmp_path / "data"
    file.write_bytes(content)

    with pytest.raises(UnreadableError, match=words), open_table(file, Form()) as table:
        table.require(letters().needs)
