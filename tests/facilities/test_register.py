"""The register: sixteen digits, positions that can be, files that come in whole or not at all."""

from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session, sessionmaker

from app.accounts.rules import Actor, Grant, Role, Scope
from app.catalogue.service import Edit
from app.facilities import files, queries, service
from app.facilities.models import Asset
from app.facilities.queries import listing
from app.facilities.rules.register import draft_of
from app.facilities.rules.rows import asset_row
from app.facilities.service import Datum, Fate, Reading
from app.kernel import geo
from app.kernel.errors import ConflictError, ForbiddenError, InvalidError
from tests.catalogue.builders import NOW, TODAY
from tests.facilities.builders import CITY, SYSTEM, found, put_asset

HEAD = "编码,牌号,类型,名称,位置,区划,经度,纬度,权属单位,状态,建成日期,备注\n"
READING = Reading(CITY, TODAY)
WRONG: tuple[tuple[dict[str, Any], str, str], ...] = (
    ({"lon": 0.0, "lat": 0.0}, "lon", geo.NOWHERE),
    ({"lon": 39.06, "lat": 83.04}, "lon", geo.SWAPPED),
    ({"lon": 116.4, "lat": 39.9}, "lon", geo.OUTSIDE),
    ({"lon": 83.0}, "lon", "both"),
    ({"code": "9901010101000001"}, "code", "another type"),
    ({"code": "9901020120000001"}, "code", "another district"),
    ({"code": "12345"}, "code", "16 digits"),
    ({"place": ""}, "place", "where it is"),
    ({"type_code": "E0101", "code": "9901010101000001"}, "type", "happens"),
    ({"region_code": "123456"}, "region_code", "no such district"),
)


def test_a_lamp_gets_the_next_code_and_is_found_by_code_plate_and_place(
    db: sessionmaker[Session],
) -> None:
    with db.begin() as session:
        lighting = found(session)
        first = put_asset(
            session, plate="ld-0001", lon=83.0414, lat=39.0621, owner_unit_id=lighting.id
        )
        second = put_asset(session, place="稻香大道路口", lon=83.0424, lat=39.0621)
        codes = first.code, second.code

    with db() as session:
        near = queries.assets_near(session, 83.0415, 39.0621, 30)
        listed = queries.list_assets(session, queries.AssetFilter(text="稻香"))
        assert codes == ("9901010120000001", "9901010120000002")
        assert queries.find_asset(session, "990101 0120 000001") == queries.find_asset(
            session, "ＬＤ-0001"
        )
        assert [one.code for one in near] == [codes[0]]
        assert [one.code for one in listed.items] == [codes[1]]


FINDABLE: tuple[dict[str, Any], ...] = (
    {"name": "东一号井", "place": "稻香大道 12 号门前", "plate": "JG-001"},
    {"name": "", "place": "稻花路香樟街口", "plate": "jg-0012"},
    {"name": "东二号井", "place": "槐荫路 12 号", "plate": "100234567"},
    {"name": "", "place": "Renmin Lu 5"},
)
ASKED: tuple[tuple[str, tuple[int, ...]], ...] = (
    ("", (1, 2, 3, 4)),
    ("9901010120", (1, 2, 3, 4)),
    ("990101-0120-000003", (3,)),
    ("100234", (3,)),  # digits no code begins with are the beginning of a plate
    ("路灯", (1, 2, 3, 4)),
    ("稻香", (1,)),
    ("稻香大道", (1,)),
    ("香樟 稻花", (2,)),
    ("号井", (1, 3)),
    ("12 号井", (1, 3)),
    ("RENMIN", (4,)),
    ("jg-001", (1,)),
    ("ＪＧ-0012", (2,)),
    ("JG-0", (1, 2)),  # no plate is that: the beginning of some
    ("稻道", ()),
    ("100%", ()),
    ("井", ()),
)


def test_facilities_are_found_by_code_type_words_and_the_beginning_of_a_plate(
    db: sessionmaker[Session],
) -> None:
    with db.begin() as session:
        found(session)
        codes = [put_asset(session, **one).code for one in FINDABLE]

    with db() as session:
        wanted = [(queries.AssetFilter(text=text), numbers) for text, numbers in ASKED]
        shown = [queries.list_assets(session, one).items for one, _ in wanted]
        written = [list(queries.all_assets(session, one)) for one, _ in wanted]

    expected = [[codes[number - 1] for number in numbers] for _, numbers in wanted]
    assert [[one.code for one in each] for each in shown] == expected
    assert written == shown


def test_a_facility_is_found_by_what_it_is_called_now_page_by_page(
    db: sessionmaker[Session], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(listing, "PAGE", 2)
    wanted = queries.AssetFilter(text="稻香", type_code="0120")
    with db.begin() as session:
        found(session)
        renamed = put_asset(session, place="槐荫路口").id
        for n in range(3):
            put_asset(session, place=f"稻香大道 {n} 号")
        moved = replace(draft_of(queries.assets_of(session, [renamed])[renamed]), place="稻香里")
        own: dict[str, Any] = {"version": 1, "bounds": CITY, "today": TODAY, "edit": SYSTEM}
        service.change_asset(session, renamed, moved, **own)

    with db() as session:
        first = queries.list_assets(session, wanted)
        second = queries.list_assets(session, wanted, cursor=first.next_cursor)
        back = queries.list_assets(session, wanted, cursor=second.prev_cursor)
        gone = queries.list_assets(session, queries.AssetFilter(text="槐荫"))

    assert [one.place for one in first.items][:2] == ["稻香里", "稻香大道 0 号"]
    assert (len(first.items), len(second.items), second.next_cursor) == (2, 2, None)
    assert back.items == first.items
    assert gone.items == []


def test_what_cannot_stand_in_the_register_is_said_beside_its_field(
    db: sessionmaker[Session],
) -> None:
    with db.begin() as session:
        found(session)

        said = [_refusal(session, field, **given) for given, field, _ in WRONG]

    assert [
        (field, sentence in text) for (_, field, sentence), text in zip(WRONG, said, strict=True)
    ] == [(field, True) for _, field, _ in WRONG]


def test_a_change_needs_the_state_one_saw_and_a_unit_of_ones_own(
    db: sessionmaker[Session],
) -> None:
    with db.begin() as session:
        lighting = found(session)
        asset_id = put_asset(session, owner_unit_id=lighting.id).id
        head = Grant(Role.UNIT_HEAD, lighting.id, lighting.path, "990100", Scope.SUBTREE)
        actor = Actor(7, "head", "灯", lighting.id, lighting.path, "990100", (head,))
        elsewhere = replace(actor, appointments=(replace(head, unit_id=999, unit_path="/999/"),))

    with db.begin() as session:
        seen = queries.assets_of(session, [asset_id])[asset_id]
        moved = replace(draft_of(seen), place="槐荫路 3 号门前")
        own: dict[str, Any] = {"version": seen.version, "bounds": CITY, "today": TODAY}
        service.change_asset(session, asset_id, moved, edit=Edit(NOW, actor), **own)
        with pytest.raises(ConflictError):
            service.change_asset(session, asset_id, moved, edit=Edit(NOW, actor), **own)
        with pytest.raises(ForbiddenError):
            service.change_asset(session, asset_id, moved, edit=Edit(NOW, elsewhere), **own)

    with db() as session:
        assert queries.assets_of(session, [asset_id])[asset_id].place == "槐荫路 3 号门前"


def test_a_file_comes_in_whole_or_not_at_all_and_a_second_time_changes_nothing(
    db: sessionmaker[Session],
) -> None:
    good = "9901010120000007,LD-7,路灯,,槐荫路 7 号,990101,83.0414,39.0621,LIGHT,在用,2020-05-01,\n"
    plate_only = ",LD-8,0120,,槐荫路 8 号,990101,83.0415,39.0622,,,,\n"
    swapped = "9901010120000009,LD-9,路灯,,槐荫路 9 号,990101,39.0621,83.0416,,,,\n"
    bad = (
        ",LD-10,飞船,,某处,990101,0,0,,,,\n"
        "9901010120000007,LD-11,路灯,,重复,990101,83.0414,39.0621,,,,\n"
    )
    with db.begin() as session:
        found(session)

    with db.begin() as session:
        everything = _rows(HEAD + good + plate_only + swapped + bad)
        foreseen = service.foresee(session, everything, READING, edit=SYSTEM)
        with pytest.raises(InvalidError):
            service.take_over(session, everything, READING, edit=SYSTEM)
        none = session.scalar(select(func.count()).select_from(Asset))

    assert [(one.number, one.fate) for one in foreseen] == [
        (2, Fate.NEW), (3, Fate.NEW), (4, Fate.REFUSED), (5, Fate.REFUSED), (6, Fate.REFUSED),
    ]  # fmt: skip
    assert foreseen[2].is_swapped
    assert foreseen[2].errors == {"lon": "Latitude and longitude look swapped."}
    assert {"type", "lon"} <= foreseen[3].errors.keys()
    assert foreseen[4].errors["code"] == "This code stands twice in the file."
    assert none == 0

    sound = _rows(HEAD + good + plate_only + swapped)
    turned = replace(READING, turn=True)
    with db.begin() as session:
        first = service.take_over(session, sound, turned, edit=SYSTEM)
    with db.begin() as session:
        again = service.take_over(session, sound, turned, edit=SYSTEM)
        corrected = queries.find_asset(session, "LD-9")
        given = queries.find_asset(session, "LD-8")

    assert {one.fate for one in first} == {Fate.NEW}
    assert {one.fate for one in again} == {Fate.SAME}
    assert corrected is not None
    assert corrected.point == (83.0416, 39.0621)
    assert given is not None
    assert given.code == "9901010120000001"


def test_what_is_given_out_is_taken_back_unchanged_and_a_geojson_says_the_same(
    db: sessionmaker[Session],
) -> None:
    with db.begin() as session:
        found(session)
        put_asset(session, plate="LD-1", name="=1+1", lon=83.0414, lat=39.0621)

    with db() as session:
        asset = queries.find_asset(session, "LD-1")
        assert asset is not None
        text = "".join(files.written([asset_row(asset, type_code="0120", owner="")]))
        rows = files.read_file(text.encode())
        rows[0]["name"] = rows[0]["name"].removeprefix("'")
        back = service.foresee(session, rows, READING, edit=SYSTEM)
        shifted = geo.wgs84_to_gcj02(83.0414, 39.0621)
        feature = (
            '{"type":"FeatureCollection","features":[{"type":"Feature","properties":'
            f'{{"plate":"LD-1"}},"geometry":{{"type":"Point","coordinates":[{shifted.lon},'
            f"{shifted.lat}]}}}}]}}"
        )
        reading = replace(READING, datum=Datum.GCJ02)
        drawn = service.foresee(session, files.read_file(feature.encode()), reading, edit=SYSTEM)
        assert "'=1+1" in text
        assert [one.fate for one in (*back, *drawn)] == [Fate.SAME, Fate.SAME]


@pytest.mark.parametrize("content", [b"\x00\xff\xfe\x00", b"a,b\n1,2\n", b"{}", b'"a,b\n'])
def test_a_file_that_is_none_is_refused_with_a_sentence(content: bytes) -> None:
    with pytest.raises(InvalidError) as refused:
        files.read_file(content)

    assert refused.value.fields["file"]


def _refusal(session: Session, field: str, **given: Any) -> str:  # noqa: ANN401  # fields of a draft
    with pytest.raises(InvalidError) as refused:
        put_asset(session, **given)
    return refused.value.fields[field]


def _rows(text: str) -> list[dict[str, str]]:
    return files.read_file(text.encode())
