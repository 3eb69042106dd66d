"""A file taken over whole: rows, history, clocks, search, and what a second run does."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.accounts.rules import Actor, Role
from app.cases.kinds import Action, Channel, PauseGround, Status
from app.cases.models import Case, CaseAccess, CaseEvent, CaseText
from app.cases.queries import get_by_token, public_token, visible_to
from app.cases.rules import NO_FACTS, Facts, StepInput
from app.cases.service import take_step_as_staff
from app.cases.service.recording import check_chain, text_digest
from app.catalogue.rules import CaseKind, Urgency
from app.departments.models import Unit
from app.kernel import search
from app.kernel.audit import AuditEntry
from app.kernel.errors import ConflictError
from app.kernel.vault import vault_of
from app.repairs.models import Repair
from app.sla.models import Clock
from app.sla.rules import ClockKind
from tests.imports.support import Town, a_row, as_csv, as_xlsx, letters, packed
from tests.support.city import CENTRE, a_case
from tests.support.clock import MONDAY_9AM


def _events(session: Session, case: Case) -> list[CaseEvent]:
    wanted = select(CaseEvent).where(CaseEvent.case_id == case.id).order_by(CaseEvent.seq)
    return list(session.scalars(wanted))


def _clocks(session: Session) -> list[Clock]:
    return list(session.scalars(select(Clock).order_by(Clock.id)))


def test_a_matter_keeps_its_times_and_words(town: Town) -> None:
    report = town.take(as_csv([a_row()]))

    case = town.cases()["L-1"]
    assert (report.new, report.known, report.refused) == (1, 0, 0)
    assert (case.kind, case.channel, case.status) == (
        CaseKind.HELP,
        Channel.LETTER,
        Status.CLOSED,
    )
    assert case.opened_at == datetime(2026, 1, 5, 2, 0, tzinfo=UTC)
    answered = datetime(2026, 1, 7, 8, 30, tzinfo=UTC)
    assert {case.replied_at, case.first_response_at, case.reply_approved_at} == {answered}
    assert case.closed_at == answered
    assert case.reply_text == "已更换灯泡，现已恢复照明。"
    assert (case.lon, case.lat) == (Decimal("119.301234"), Decimal("26.081234"))
    assert case.number.startswith("RX99010120260105")
    assert case.version == 1


def test_its_history_is_sealed_and_holds_the_reply(town: Town) -> None:
    town.take(as_csv([a_row()]))

    with town.db() as session:
        case = session.scalars(select(Case)).one()
        events = _events(session, case)
        words = session.get_one(CaseText, events[1].id)
    assert [event.action for event in events] == [Action.OPEN, Action.IMPORT_REPLY]
    assert [event.to_status for event in events] == [Status.SUBMITTED, Status.CLOSED]
    assert check_chain(events) is None
    assert (case.event_seq, case.event_seal) == (2, events[-1].seal)
    assert words.public_text == case.reply_text
    assert events[1].text_digest == text_digest(words.salt, words.public_text, "")


def test_its_clock_stands_as_if_it_had_run_here(town: Town) -> None:
    slow = a_row(2, answered="2026-02-20 09:00:00")

    town.take(as_csv([a_row(), slow]))

    with town.db() as session:
        first, second = _clocks(session)
    cases = town.cases()
    assert first.limit_code == "grades.resolve.normal"
    assert first.opened_at == cases["L-1"].opened_at
    assert first.met_at == cases["L-1"].replied_at
    assert first.due_at == cases["L-1"].due_at == datetime(2026, 1, 12, 15, 59, 59, tzinfo=UTC)
    assert (cases["L-1"].on_time, cases["L-2"].on_time) == (True, False)
    assert second.due_at is not None
    assert second.met_at is not None
    assert second.met_at > second.due_at


def test_a_matter_without_a_reply_comes_in_open_and_its_clock_runs(town: Town) -> None:
    town.take(as_csv([a_row(answer="", answered="")]))

    case = town.cases()["L-1"]
    with town.db() as session:
        clock = _clocks(session)[0]
        events = _events(session, case)
    assert (case.status, case.closed_at) == (Status.SUBMITTED, None)
    assert clock.is_open
    assert (case.next_clock, case.next_due_at, case.sort_at) == (
        "resolve",
        clock.due_at,
        clock.due_at,
    )
    assert [event.action for event in events] == [Action.OPEN]


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_an_open_repair_with_words_of_danger_rings_and_keeps_its_limit(town: Town) -> None:
    told, open_end = "路灯杆漏电，有人触电了", {"answer": "", "answered": ""}
    rows = [a_row(1, words=told, **open_end), a_row(2, **open_end), a_row(3, words=told)]

    town.take(as_csv(rows), letters('kind = { value = "repair" }'))

    cases = town.cases()
    with town.db() as session:
        (row,) = session.scalars(select(Repair))
        resolve = next(
            one
            for one in _clocks(session)
            if (one.subject_id, one.kind) == (cases["L-1"].id, ClockKind.RESOLVE)
        )
    assert (row.case_id, row.is_danger) == (cases["L-1"].id, True)
    assert cases["L-1"].urgency is Urgency.URGENT
    assert cases["L-1"].due_at == cases["L-2"].due_at == resolve.due_at


def test_it_is_found_by_search_by_token_and_by_the_unit_that_took_it_in(town: Town) -> None:
    town.take(as_csv([a_row()]))

    with town.db() as session:
        case = session.scalars(select(Case)).one()
        found = search.search_ids(session, "连续三晚", base=select(Case.id), limit=5)
        by_token = get_by_token(session, public_token(vault_of(session), case))
        access = session.scalars(select(CaseAccess)).one()
    assert found.ids == (case.id,)
    assert by_token.id == case.id
    assert (access.unit_id, access.from_at) == (CENTRE, case.opened_at)


def test_numbers_go_on_where_those_of_our_own_matters_ended(town: Town) -> None:
    with town.db.begin() as session:
        own = a_case(session, now=datetime(2026, 1, 5, 1, 0, tzinfo=UTC))

    town.take(as_csv([a_row(1), a_row(2)]))

    numbers = {case.number for case in town.cases().values()} | {own.number}
    assert len(numbers) == 3
    with town.db.begin() as session:
        later = a_case(session, now=datetime(2026, 1, 5, 9, 0, tzinfo=UTC))
        assert later.number not in numbers
        assert later.id > own.id


def test_a_second_run_takes_nothing_over_and_says_so(town: Town) -> None:
    content = as_csv([a_row(number) for number in range(1, 8)])
    town.take(content)

    again = town.take(content)

    assert (again.new, again.known) == (0, 7)
    assert "Nothing new" in again.sentence()
    with town.db() as session:
        assert session.scalar(select(func.count()).select_from(Case)) == 7
        assert session.scalar(select(func.count()).select_from(CaseEvent)) == 14
        notes = session.scalars(select(AuditEntry).where(AuditEntry.action == "import:cases")).all()
    assert [note.details["new"] for note in notes] == [7]


def test_new_rows_of_a_longer_file_are_added(town: Town) -> None:
    town.take(as_csv([a_row(1), a_row(2)]))

    report = town.take(as_csv([a_row(number) for number in range(1, 6)]))

    assert (report.new, report.known) == (3, 2)


def test_the_same_key_of_another_source_is_another_matter(town: Town) -> None:
    town.take(as_csv([a_row()]))

    report = town.take(as_csv([a_row()]), letters('source = "other"'))

    assert report.new == 1


def test_every_form_of_file_gives_the_same_matters(town: Town) -> None:
    rows = [a_row(1), a_row(2, title="“求助”，井盖\n丢失")]
    contents = {
        "bom": as_csv(rows, encoding="utf-8-sig"),
        "gb18030": as_csv(rows, encoding="gb18030"),
        "utf16": as_csv(rows, encoding="utf-16"),
        "gz": packed(as_csv(rows)),
        "xlsx": as_xlsx(rows),
        "xlsx.gz": packed(as_xlsx(rows)),
    }

    reports = {
        form: town.take(content, letters(f'source = "{form}"'))
        for form, content in contents.items()
    }

    with town.db() as session:
        taken = session.scalars(select(Case)).all()
    told = {(case.source, case.source_id, case.title, case.opened_at) for case in taken}
    opened = datetime(2026, 1, 5, 2, 0, tzinfo=UTC)
    assert {form: (r.new, r.refused) for form, r in reports.items()} == dict.fromkeys(
        contents, (2, 0)
    )
    assert told == {
        (form, key, title, opened)
        for form in contents
        for key, title in (("L-1", "路灯不亮"), ("L-2", "“求助”，井盖 丢失"))
    }


def test_a_workbook_with_real_dates_and_numbers_needs_no_format(town: Town) -> None:
    row = a_row(
        no=17, came=datetime(2026, 1, 5, 10, 0), answered=datetime(2026, 1, 7, 16, 30), lon=119.5
    )

    town.take(as_xlsx([row]), letters('opened = { column = "came", format = "%d/%m/%Y" }'))

    case = town.cases()["17"]
    assert case.opened_at == datetime(2026, 1, 5, 2, 0, tzinfo=UTC)
    assert case.lon == Decimal("119.5")


def test_titles_and_replies_are_masked_and_the_text_is_kept(town: Town) -> None:
    row = a_row(
        title="请回电 17900001234", words="我的电话 17900001234", answer="已致电 17900001234"
    )

    town.take(as_csv([row]))

    case = town.cases()["L-1"]
    assert "17900001234" not in case.title + case.reply_text
    assert "17900001234" in case.body


def test_units_that_are_missing_are_founded_under_the_import_root(town: Town) -> None:
    mapping = letters(
        'unit = { column = "street", default = "*",'
        ' create_under = { code = "OLD", name = "旧系统" },'
        ' names = { "北街" = ["北街办", "North"] } }'
    )

    town.take(
        as_csv([a_row(1, street="北街"), a_row(2, street=""), a_row(3, street="北街")]), mapping
    )

    cases = town.cases()
    with town.db() as session:
        units = {unit.id: unit for unit in session.scalars(select(Unit))}
    root, street = units[cases["L-2"].unit_id], units[cases["L-1"].unit_id]
    assert (root.code, root.name) == ("OLD", "旧系统")
    assert (street.name, street.name_en, street.parent_id) == ("北街办", "North", root.id)
    assert cases["L-3"].unit_id == street.id


def test_a_target_of_the_file_stands_in_place_of_our_limits(town: Town) -> None:
    mapping = letters(
        'due = { column = "street" }\nplace = { value = "" }\n'
        'clock = { limits = "given", basis = "旧系统的期限" }'
    )
    rows = [a_row(1, street="2026-01-06 12:00:00"), a_row(2, street="")]

    town.take(as_csv(rows), mapping)

    cases = town.cases()
    with town.db() as session:
        clock = _clocks(session)
    assert [one.subject_id for one in clock] == [cases["L-1"].id]
    assert (clock[0].limit_code, clock[0].basis_text) == ("given", "旧系统的期限")
    assert clock[0].due_at == datetime(2026, 1, 6, 4, 0, tzinfo=UTC)
    assert (cases["L-1"].on_time, cases["L-2"].on_time) == (False, None)


def test_days_to_the_reply_count_from_the_opening_in_the_files_own_zone(town: Town) -> None:
    mapping = letters(
        'zone = "America/New_York"\nopened = { column = "came", format = "%Y-%m-%d" }\n'
        'replied = { days_after = "answered", at = 12:00:00 }'
    )

    town.take(as_csv([a_row(came="2025-11-01", answered="2")]), mapping)

    case = town.cases()["L-1"]
    assert case.opened_at == datetime(2025, 11, 1, 4, 0, tzinfo=UTC)
    # Two days later the clocks of New York have been put back.
    assert case.replied_at == datetime(2025, 11, 3, 17, 0, tzinfo=UTC)


def test_reply_and_closing_at_different_times_are_two_lines(town: Town) -> None:
    mapping = letters('closed = { column = "street" }\nplace = { value = "" }')

    town.take(as_csv([a_row(street="2026-01-09 09:00:00")]), mapping)

    with town.db() as session:
        events = _events(session, session.scalars(select(Case)).one())
    assert [event.action for event in events] == [Action.OPEN, Action.IMPORT_REPLY, Action.CLOSE]
    assert [event.to_status for event in events][1:] == [Status.REPLIED, Status.CLOSED]
    assert check_chain(events) is None


def test_words_without_a_time_can_be_kept_as_a_note(town: Town) -> None:
    row = a_row(answered="")

    town.take(as_csv([row]), letters('untimed_reply = "note"'))

    case = town.cases()["L-1"]
    with town.db() as session:
        event = _events(session, case)[0]
        words = session.get_one(CaseText, event.id)
    assert (case.status, case.reply_text) == (Status.SUBMITTED, "")
    assert (words.public_text, words.internal_text) == ("", "已更换灯泡，现已恢复照明。")


def test_staff_go_on_with_a_matter_that_came_in_open(town: Town) -> None:
    town.take(as_csv([a_row(answer="", answered="")]))
    clerk = town.city[Role.CLERK]

    with town.db.begin() as session:
        case = session.scalars(visible_to(clerk)).one()
        facts = Facts(category_id=case.category_id, region_code="990101")
        accept = StepInput(Action.ACCEPT, case.version, facts=facts)
        take_step_as_staff(session, case.id, accept, actor=clerk, now=MONDAY_9AM)

    with town.db() as session:
        events = _events(session, session.scalars(select(Case)).one())
    assert [event.action for event in events] == [Action.OPEN, Action.ACCEPT]
    assert check_chain(events) is None


def test_a_matter_without_any_clock_can_be_suspended_but_not_extended(town: Town) -> None:
    state = 'status = { value = "handling" }\nclock = { limits = "none" }'
    town.take(
        as_csv([a_row(answer="", answered="", unit="WORKS")]),
        letters(f'{state}\nunit = {{ column = "unit" }}'),
    )
    handler, head = town.city[Role.HANDLER], town.city[Role.UNIT_HEAD]
    reason = Facts(
        ground=PauseGround.SEASONAL_WORK, until=date(2026, 4, 1), document_no="示例〔2026〕1 号"
    )
    more = Facts(amount=3, evidence="热线办法第 15 条")

    with town.db.begin() as session:
        case = session.scalars(visible_to(handler)).one()
        _step(session, case, Action.REQUEST_EXTENSION, handler, more)
    with pytest.raises(ConflictError, match="no time limit"), town.db.begin() as session:
        _step(session, session.get_one(Case, case.id), Action.APPROVE_EXTENSION, head)
    with town.db.begin() as session:
        case = session.get_one(Case, case.id)
        _step(session, case, Action.REFUSE_EXTENSION, head)
        _step(session, case, Action.REQUEST_SUSPENSION, handler, reason)
        _step(session, case, Action.APPROVE_SUSPENSION, town.city[Role.SUPERVISOR], reason)

    assert case.status is Status.SUSPENDED


def _step(
    session: Session, case: Case, action: Action, actor: Actor, facts: Facts = NO_FACTS
) -> None:
    session.flush()
    given = StepInput(action, case.version, note="示例理由", text="示例说明", facts=facts)
    take_step_as_staff(session, case.id, given, actor=actor, now=MONDAY_9AM)
