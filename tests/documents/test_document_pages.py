"""Documents on the matter's page, the public page that verifies them, their templates."""

import hashlib
from dataclasses import replace

import pytest
from sqlalchemy import select, update

from app.accounts.rules import Role
from app.desk.shift import service as shifts
from app.desk.shift.service import Leaving
from app.documents import jobs, queries
from app.documents.models import Document, DocumentCopy, DocumentSeries, DocumentTemplate
from app.documents.rules import DocumentKind
from app.documents.service import issuing, templates
from app.keeping.documents import DocumentsReport, check_documents
from app.kernel.audit import AuditEntry
from app.kernel.errors import NotFoundError
from app.kernel.files import FileStore
from app.kernel.vault import vault_of
from app.privacy.rules import TombstoneGround
from app.privacy.service import erasing
from app.settings import Settings
from tests.desk.stepping import Enter
from tests.documents import reading
from tests.documents.papers import RECEIPT, a_receipt
from tests.queueing.halls import a_hall
from tests.support.city import City, Db, a_case
from tests.support.clock import MONDAY_9AM
from tests.support.pages import PageClient

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
NUMBER = "C12345-SJ-2026-00001"


def a_document(town: City) -> tuple[str, int, str]:
    """The number of a matter, the key of its receipt, and the token on the paper."""
    with town.db.begin() as session:
        case = a_case(session)
        document = a_receipt(session, town, case=case)
        return case.number, document.id, issuing.token_of(vault_of(session).signer, document)


def test_the_pdf_is_made_once_kept_with_its_hash_and_every_opening_is_logged(
    person: Enter, town: City, settings: Settings
) -> None:
    number, key, _ = a_document(town)
    clerk = person(Role.CLERK)

    link = clerk.get(f"/cases/{number}").tree
    first, again = (clerk.http.get(f"/documents/{key}/copies/1") for _ in range(2))

    assert NUMBER in link.text
    assert first.content == again.content
    assert first.headers["content-disposition"] == f'inline; filename="{NUMBER}-1.pdf"'
    assert f"编号：{NUMBER}" in reading.Paper.of(first.content).text
    with town.db() as session:
        stored = session.scalars(select(DocumentCopy.sha256)).one()
        opened = session.scalars(select(AuditEntry).where(AuditEntry.action == "document:opened"))
        assert stored == hashlib.sha256(first.content).hexdigest()
        assert FileStore(settings.data_dir / "files").read(stored) == first.content
        assert len(opened.all()) == 2


def test_a_document_of_a_matter_somebody_may_not_see_is_not_there(
    person: Enter, town: City
) -> None:
    _, key, _ = a_document(town)
    crew = person(Role.CREW)

    assert crew.http.get(f"/documents/{key}/copies/1").status_code == 404
    assert crew.http.get("/documents/99/copies/1").status_code == 404


def test_the_printer_was_offline_and_the_slip_is_printed_again_marked_and_counted(
    person: Enter, town: City
) -> None:
    number, key, _ = a_document(town)
    clerk = person(Role.CLERK)

    form = clerk.get(f"/cases/{number}").form(action=f"/documents/{key}/copies")
    answer = clerk.http.post(form.action, data=form.values() | {"paper": ["roll"]})
    again = clerk.http.get(answer.headers["location"])

    paper = reading.Paper.of(again.content)
    assert "重打第2次打印" in paper.text
    assert paper.width == 80
    assert "打印 2 次" in clerk.get(f"/cases/{number}").text
    with town.db() as session:
        assert [copy.made_by for copy in queries.copies_of(session, key)] == [
            town[Role.CLERK].id
        ] * 2


def test_a_void_document_needs_a_reason_says_so_and_is_not_printed_again(
    person: Enter, town: City
) -> None:
    number, key, token = a_document(town)
    manager = person(Role.MANAGER)

    form = manager.get(f"/cases/{number}").form(action=f"/documents/{key}/void")
    refused = manager.submit(form)
    done = manager.submit(refused.form(action=f"/documents/{key}/void"), reason="日期写错")

    assert refused.status == 422
    assert "请写明作废原因" in refused.text
    assert "作废原因：日期写错" in done.text
    assert "这份文书已作废" in manager.get(f"/verify/{token}").text
    csrf = form.values()["csrf"]
    assert manager.http.post(f"/documents/{key}/copies", data={"csrf": csrf}).status_code == 422
    assert not person(Role.CLERK).get(f"/cases/{number}").tree.all("form[action$=void]")


def test_whoever_holds_the_paper_learns_that_it_is_genuine_and_no_name(
    pages: PageClient, town: City
) -> None:
    _, _, token = a_document(town)
    with town.db() as session:
        code = session.scalars(select(Document.seal_code)).one()

    scanned = pages.get(f"/verify/{token}")
    typed = pages.submit(pages.get("/verify").form(field="code"), number=NUMBER, code=code.lower())
    wrong = pages.submit(pages.get("/verify").form(field="code"), number=NUMBER, code="AAAA-BBBB")
    unknown = pages.get(f"/verify/{token[:-1]}a")
    empty = pages.submit(pages.get("/verify").form(field="code"))

    assert scanned.heading == typed.heading == "这份文书真实有效。"
    assert all(words in scanned.text for words in (NUMBER, "收件回执", "12345 中心", code))
    assert str(RECEIPT["applicant"]) not in scanned.html
    assert scanned.headers["referrer-policy"] == "no-referrer"
    assert (wrong.status, unknown.status) == (422, 404)
    assert "没有这个编号和校验码" in wrong.text
    assert wrong.form(field="code").values()["number"] == [NUMBER]
    assert all(words in empty.text for words in ("请填写文书上的编号", "请填写二维码旁的校验码"))


def test_a_template_that_does_not_print_is_refused_at_its_place_and_kept_as_typed(
    person: Enter, town: City
) -> None:
    admin = person(Role.ADMIN)
    form = admin.get("/admin/documents/receipt").form(field="source")
    broken = form.values()["source"][0] + "\n#given.nothing"

    page = admin.submit(form, source=broken)
    foreign = admin.submit(form, source='#import "@preview/cetz:0.3.0": *')

    assert (page.status, foreign.status) == (422, 422)
    line = broken.strip().replace("\r", "").count("\n") + 1
    assert f"第 {line} 行第 8 列：用了这种文书没有的值" in page.text
    assert page.form(field="source").values()["source"][0].endswith("#given.nothing")
    assert "第 1 行" in foreign.text
    with town.db() as session:
        assert session.scalars(select(DocumentTemplate)).all() == []


def test_a_published_template_holds_for_new_documents_and_the_old_keep_theirs(
    person: Enter, town: City
) -> None:
    _, key, _ = a_document(town)
    admin, clerk = person(Role.ADMIN), person(Role.CLERK)
    form = admin.get("/admin/documents/receipt").form(field="source")
    source = form.values()["source"][0].replace('title: "收件回执"', 'title: "收件凭证"')

    sample = admin.http.post(f"{form.action}/preview", data=form.values() | {"source": [source]})
    done = admin.submit(form, source=source)
    with town.db.begin() as session:
        newer = a_receipt(session, town).id
    with town.db() as session:
        held = [session.get_one(Document, each).template_id for each in (key, newer)]
        was, now = (session.get_one(DocumentTemplate, each).source for each in held)

    assert "样张仅供预览" in reading.Paper.of(sample.content).text
    assert "已修改" in done.text
    assert "收件凭证" in now
    assert "收件凭证" not in was
    assert "收件回执" in reading.Paper.of(clerk.http.get(f"/documents/{key}/copies/1").content).text


def test_only_who_keeps_the_catalogue_sees_templates(person: Enter) -> None:
    clerk = person(Role.CLERK)

    assert clerk.http.get("/admin/documents").status_code == 403
    assert person(Role.ADMIN).get("/admin/documents/no_such_kind").status == 404


def test_what_nobody_opened_is_printed_in_the_background_and_goes_with_the_matter(
    town: City, settings: Settings
) -> None:
    a_document(town)
    jobs.wire(settings)
    store = FileStore(settings.data_dir / "files")

    with town.db.begin() as session:
        orders = jobs.WAITING.prepare(session, {}, MONDAY_9AM)
    made = jobs.WAITING.go(orders)
    with town.db.begin() as session:
        jobs.WAITING.settle(session, {}, made, MONDAY_9AM)
    with town.db.begin() as session:
        copy = session.scalars(select(DocumentCopy)).one()
        document = session.scalars(select(Document)).one()
        kept = copy.sha256 or ""
        assert store.path(kept).is_file()
        assert jobs.WAITING.prepare(session, {}, MONDAY_9AM) is None
        order = erasing.Order(TombstoneGround.REQUEST, town[Role.PRIVACY].author())
        erasing.erase_case(session, document.case_id or 0, order, now=MONDAY_9AM)
    with town.db() as session:
        gone = session.scalars(select(Document)).one()
        assert (gone.number, gone.content) == (NUMBER, None)
        assert queries.files_known(session, [kept]) == set()


def test_a_shift_is_left_with_a_numbered_sheet_the_next_one_may_open_too(db: Db) -> None:
    hall = a_hall(db)
    first, second, _ = hall.clerks
    with hall.db.begin() as session:
        hall.sits(session, 0, 1, now=MONDAY_9AM)
        leaving = Leaving(to_id=second.id, note="不印在交接单上")
        made = shifts.hand_over(session, first, leaving, now=MONDAY_9AM)

        sheet = queries.get_document(session, made.document_id or 0, second)
        content = issuing.content_of(session, sheet)

        assert sheet.number.endswith("-JJ-2026-00001")
        assert content is not None
        assert content.values["counter"] == "1 号窗口"
        assert "不印在交接单上" not in str(content)
        with pytest.raises(NotFoundError):
            queries.get_document(session, sheet.id, replace(second, id=0, appointments=()))


def test_a_newer_shipped_template_takes_the_place_of_an_older_one(town: City) -> None:
    with town.db.begin() as session:
        old = DocumentTemplate(
            kind=DocumentKind.RECEIPT, version=1, source="old", shipped="0" * 64, made_at=MONDAY_9AM
        )
        session.add(old)
        session.flush()

        held = templates.in_force(session, DocumentKind.RECEIPT, now=MONDAY_9AM)

        assert (held.version, held.source) == (2, templates.shipped_source(DocumentKind.RECEIPT))


def test_a_check_sees_a_lost_document_changed_words_and_a_changed_file(
    person: Enter, town: City, settings: Settings
) -> None:
    store = FileStore(settings.data_dir / "files")
    _, key, _ = a_document(town)
    person(Role.CLERK).http.get(f"/documents/{key}/copies/1")
    with town.db() as session:
        assert check_documents(session, store) == DocumentsReport(documents=1, files=1)

    with town.db.begin() as session:
        copy = session.scalars(select(DocumentCopy)).one()
        store.path(copy.sha256 or "").write_bytes(b"%PDF another")
        session.get_one(Document, key).seal_code = "AAAA-BBBB-CCCC"
        session.execute(update(DocumentSeries).values(last=DocumentSeries.last + 1))

    with town.db() as session:
        found = check_documents(session, store).wrong
    assert len(found) == 3
    assert any("2 numbers were given out, 1 documents are there" in each for each in found)
    assert any("its words or its check code were changed" in each for each in found)
    assert any("its file is gone or was changed" in each for each in found)
