"""The demo city's files: nothing in them can be real, and they fit each other."""

import json
import re
from importlib.resources import files
from itertools import pairwise
from typing import Any

from sqlalchemy.orm import Session, sessionmaker

from app.catalogue.queries import propose_unit, snapshot
from app.catalogue.service import seed, seed_directory
from app.departments.models import Unit
from app.departments.rules import UnitKind, is_region_code, is_unit_code, path_below
from tests.catalogue.builders import NOW

SLOTS = {"place", "time", "detail"}
REAL_PROVINCES = {str(code) for code in range(11, 83)}


def read(name: str) -> Any:  # noqa: ANN401  # a JSON document of our own
    return json.loads(files("app.demo.data").joinpath(name).read_text(encoding="utf-8"))


def shipped_categories() -> dict[str, Any]:
    text = files("app.catalogue.data").joinpath("categories.json").read_text(encoding="utf-8")
    first_level = json.loads(text)["categories"]
    return {entry["code"]: entry for first in first_level for entry in first["children"]}


def test_no_region_and_no_telephone_of_the_demo_city_can_be_real() -> None:
    for unit in read("city.json")["units"]:
        assert is_region_code(unit["region"])
        assert unit["region"][:2] not in REAL_PROVINCES
        assert unit["phone"].startswith("0000-"), "no area code begins with 00"


def test_units_stand_after_their_parents_and_have_two_names_and_a_kind() -> None:
    seen: set[str] = set()
    for unit in read("city.json")["units"]:
        assert unit["parent"] in seen or (not unit["parent"] and not seen)
        assert is_unit_code(unit["code"])
        assert unit["code"] not in seen
        assert all((unit["name"], unit["name_en"]))
        assert UnitKind(unit["kind"])
        seen.add(unit["code"])


def test_every_category_in_every_street_finds_a_unit(db: sessionmaker[Session]) -> None:
    city = read("city.json")
    with db.begin() as session:
        ids: dict[str, Unit] = {}
        for unit in city["units"]:
            parent = ids.get(unit["parent"])
            row = Unit(
                code=unit["code"],
                name=unit["name"],
                name_en=unit["name_en"],
                kind=UnitKind(unit["kind"]),
                parent_id=parent.id if parent else None,
                region_code=unit["region"],
            )
            session.add(row)
            session.flush()
            row.path = path_below(parent.path if parent else "", row.id)
            ids[row.code] = row
        seed(session, now=NOW)
        seed_directory(session, city["directory"], now=NOW)

    streets = [street["code"] for region in city["regions"] for street in region["streets"]]
    with db() as session:
        entries = [e for e in snapshot(session).categories.values() if e.parent_id is not None]
        for number, entry in enumerate(entries):
            proposal = propose_unit(session, entry.id, streets[number % len(streets)])
            assert proposal.rule_id is not None, entry.code
            assert proposal.alert is None, entry.code


def test_at_least_forty_categories_have_varied_letters_with_known_places_to_fill() -> None:
    letters = read("texts.json")["categories"]
    categories = shipped_categories()

    assert len(letters) >= 40
    for code, entry in letters.items():
        assert set(entry["kinds"]) <= set(categories[code]["kinds"]), code
        assert len(set(entry["bodies"])) >= 3, code
        assert all(entry["replies"].values()), code
        replies = [text for texts in entry["replies"].values() for text in texts]
        for text in [*entry["titles"], *entry["bodies"], *replies]:
            assert set(re.findall(r"\{(\w+)\}", text)) <= SLOTS, text


def test_remarks_exist_for_every_score() -> None:
    common = read("texts.json")["common"]

    assert set(common["ratings"]) == {"1", "2", "3", "4", "5"}
    assert all(words for words in common.values())


def test_each_district_has_one_closed_ring_around_its_label() -> None:
    features = read("districts.geojson")["features"]
    districts = {region["code"] for region in read("city.json")["regions"]}

    assert {feature["properties"]["code"] for feature in features} == districts
    for feature in features:
        (ring,) = feature["geometry"]["coordinates"]
        assert ring[0] == ring[-1]
        assert is_inside(feature["properties"]["label"], ring)


def is_inside(point: list[float], ring: list[list[float]]) -> bool:
    x, y = point
    crossings = [
        (x1, y1, x2, y2)
        for (x1, y1), (x2, y2) in pairwise(ring)
        if (y1 > y) != (y2 > y) and x < (x2 - x1) * (y - y1) / (y2 - y1) + x1
    ]
    return len(crossings) % 2 == 1
