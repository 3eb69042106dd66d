"""Service items out of a house and into another: JSON, XLSX, the shipped samples."""

import io
import json
from dataclasses import replace

import pytest
from python_calamine import CalamineWorkbook
from sqlalchemy.orm import Session, sessionmaker

from app.kernel.errors import InvalidError
from app.service_items import books, queries, service
from app.service_items.rules import ItemKind, check_content
from app.service_items.service import Fate
from tests.service_items.builders import NOW, SYSTEM, TODAY, a_content, a_material, an_item, who

Db = sessionmaker[Session]
ONE_DATABASE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@ONE_DATABASE
def test_forty_samples_of_many_bodies_are_shipped_and_come_back_from_either_file(db: Db) -> None:
    with db.begin() as session:
        added = service.seed(session, now=NOW)
        again = service.seed(session, now=NOW)
        versions = queries.newest_versions(session)
        files = [
            books.read_file(service.written(versions).encode()),
            books.read_file(books.write_book(versions)),
        ]
        fates = {
            outcome.fate
            for text in files
            for outcome in service.take_over(
                session, service.read_document(text), today=TODAY, edit=SYSTEM
            )
        }

    assert (added, again) == (40, 0)
    assert fates == {Fate.SAME}
    assert all(version.is_sample for version in versions)
    assert all(check_content(version.content) == {} for version in versions)
    assert {version.content.kind for version in versions} == set(ItemKind)
    assert len({version.content.authority.zh for version in versions}) >= 8
    assert all(version.content.name.en for version in versions)


def test_a_file_adds_changes_keeps_and_refuses_each_with_its_reason(db: Db) -> None:
    with db.begin() as session:
        an_item(session)
        [kept] = service.read_document(service.written(queries.newest_versions(session)))
    tomorrow = TODAY.replace(day=3)
    costly = replace(kept, content=replace(kept.content, fee="10 元"))
    vague = a_content(materials=(a_material("其他材料"),))
    items = [
        kept,
        replace(costly, code="990100-SCJ-901", valid_from=None),
        replace(costly, code="990100-SCJ-902", content=vague),
        replace(kept, code="990100-SCJ-901"),
    ]

    with db.begin() as session:
        foreseen = service.foresee(session, items, today=TODAY)
        before = queries.keys_by_code(session)
        done = service.take_over(session, items, today=TODAY, edit=SYSTEM)
        late = service.take_over(session, [costly], today=TODAY, edit=SYSTEM)
        changed = replace(costly, valid_from=tomorrow)
        [later] = service.take_over(session, [changed], today=TODAY, edit=SYSTEM)

    with db() as session:
        assert foreseen == done
        assert [one.fate for one in done] == [Fate.SAME, Fate.NEW, Fate.REFUSED, Fate.REFUSED]
        assert set(done[2].errors or {}) == {"materials.1.name"}
        assert set(done[3].errors or {}) == {"code"}
        assert set(before) == {kept.code}
        assert set(late[0].errors or {}) == {"valid_from"}
        assert later.fate is Fate.CHANGED
        assert queries.version_on(session, kept.code, tomorrow).content.fee == "10 元"
        assert queries.version_on(session, kept.code, TODAY).content.fee == ""
        assert [draft.code for draft in queries.list_drafts(session)] == ["990100-SCJ-901"]


@ONE_DATABASE
def test_no_text_of_a_workbook_becomes_a_formula(db: Db) -> None:
    with db.begin() as session:
        an_item(session, a_content(name='=HYPERLINK("x")', questions=(who(),)))
        book = books.write_book(queries.newest_versions(session))

    sheets = CalamineWorkbook.from_filelike(io.BytesIO(book))
    assert sheets.sheet_names == ["事项", "材料", "问题"]
    rows = sheets.get_sheet_by_name("事项").to_python()
    assert rows[1][rows[0].index("事项名称")] == '=HYPERLINK("x")'
    assert b"<f>" not in book


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\xff\xfe",
        b"[]",
        b'{"items": []}',
        b"PK\x03\x04broken",
        b'{"format": "x", "items": []}',
    ],
)
def test_a_file_that_is_none_is_refused_in_one_sentence(content: bytes) -> None:
    with pytest.raises(InvalidError) as refused:
        service.read_document(books.read_file(content))

    assert set(refused.value.fields) == {"file"}


def test_a_cell_nobody_understands_is_named_and_the_rest_is_read() -> None:
    row = {
        "code": "990100-A-1",
        "kind": "许可证",
        "visits": "一次",
        "may_defer": "大概",
        "procedures": "听证、占卜",
        "valid_from": "昨天",
        "legal_value": 20,
        "materials": [{"key": "a", "name": "表", "condition": "谁都要"}],
    }
    text = json.dumps({"format": "civicwindow-service-items", "items": [row]})

    [item] = service.read_document(text)

    assert set(item.errors) == {
        "kind",
        "visits",
        "may_defer",
        "procedures",
        "valid_from",
        "materials.1.condition",
    }
    assert item.content.legal is not None
    assert item.content.legal.value == 20
