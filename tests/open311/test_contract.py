"""What programs read (design/open311.md, part A and the traps of part B), in both formats."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from app.facilities.models import FacilityType
from app.publishing.service import Release
from tests.open311.town import (
    BASE,
    FORMATS,
    HOLE,
    LAMP,
    NAME,
    PERSON,
    STAMP,
    Town,
    a_report,
    read,
    texts,
)
from tests.support.clock import MONDAY_9AM, StoppedClock

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)

CORE = [
    *("service_request_id", "status", "status_notes", "service_name", "service_code"),
    *("description", "agency_responsible", "service_notice", "requested_datetime"),
    *("updated_datetime", "address", "address_id", "zipcode", "lat", "long", "media_url"),
]


def test_discovery_names_two_endpoints_and_changes_with_the_services(
    town: Town, clock: StoppedClock
) -> None:
    seen = {ending: read(town.get(f"discovery.{ending}")) for ending in FORMATS}
    clock.advance(timedelta(hours=1))
    same = read(town.get("discovery.json"))
    with town.city.db.begin() as session:
        kind = session.scalars(select(FacilityType).where(FacilityType.code == LAMP)).one()
        kind.questions = []
    changed = read(town.get("discovery.json"))

    found = seen["json"]
    assert texts(found) == seen["xml"]
    assert set(found) == {"changeset", "contact", "key_service", "endpoints"}
    assert all(found.values())
    assert [one["type"] for one in found["endpoints"]] == ["production", "test"]
    for one in found["endpoints"]:
        assert one["specification"] == "http://wiki.open311.org/GeoReport_v2"
        assert one["url"].endswith(BASE)
        assert one["formats"] == ["text/xml", "application/json"]
        assert STAMP.fullmatch(one["changeset"])
    assert same["changeset"] == found["changeset"]
    assert changed["changeset"] > found["changeset"]


def test_services_are_types_of_facilities_with_names_of_their_own(town: Town) -> None:
    as_xml, services = (read(town.get(f"services.{ending}")) for ending in FORMATS)
    english = town.http.get(f"{BASE}/services.json", headers={"Accept-Language": "en"}).json()

    assert texts(services) == as_xml
    assert len(services) > 20
    assert [*services[0]] == [
        *("service_code", "service_name", "description", "metadata", "type", "keywords", "group"),
    ]
    assert len({one["service_name"] for one in services}) == len(services)
    assert all(NAME.fullmatch(one["service_code"]) for one in services)
    assert {one["type"] for one in services} == {"realtime"}
    assert {type(one["metadata"]) for one in services} == {bool}
    reserved = {"private", "inactive", "staff", "waste_only"}
    assert not any(reserved & set((one["keywords"] or "").split(",")) for one in services)
    assert "Street lamp" in {one["service_name"] for one in english}


def test_a_definition_asks_the_questions_of_its_type_in_order(town: Town) -> None:
    as_xml, found = (read(town.get(f"services/{HOLE}.{ending}")) for ending in FORMATS)

    attributes = {one["code"]: one for one in found["attributes"]}
    assert texts(found) == as_xml
    assert found["service_code"] == HOLE
    assert [one["order"] for one in found["attributes"]] == [*range(1, len(attributes) + 1)]
    assert all(NAME.fullmatch(code) for code in attributes)
    assert {code: one["datatype"] for code, one in attributes.items()} == {
        "form": "multivaluelist",
        "size": "singlevaluelist",
        "risk": "multivaluelist",
        "depth": "number",
        "since": "datetime",
        "wet": "singlevaluelist",
        "how": "text",
        "smell": "string",
        **({"asset": "string"} if "asset" in attributes else {}),
    }
    assert [code for code, one in attributes.items() if one["required"]] == ["size"]
    assert attributes["size"]["values"] == [
        {"key": "s", "name": "小"},
        {"key": "l", "name": "大"},
    ]
    assert "values" not in attributes["depth"]
    assert all("datatype_description" in one and one["variable"] for one in attributes.values())


@pytest.mark.parametrize("ending", FORMATS)
def test_what_is_not_there_is_said_in_the_format_of_the_address(town: Town, ending: str) -> None:
    addresses = {
        f"{BASE}/services/nothing.{ending}": 404,
        f"{BASE}/requests/nothing.{ending}": 404,
        f"{BASE}/tokens/nothing.{ending}": 404,
        f"{BASE}/nothing.{ending}": 404,
        f"{BASE}/nothing/at/all.{ending}": 404,
        f"/open311/v1/services.{ending}": 404,
        f"{BASE}/services.{ending}?jurisdiction_id=elsewhere": 404,
        f"{BASE}/discovery.{ending}?jurisdiction_id=elsewhere": 404,
        f"{BASE}/requests.{ending}?start_date=soon": 400,
        f"{BASE}/requests.{ending}?start_date=2026-01-01&end_date=2026-04-30": 400,
        f"{BASE}/requests.{ending}?status=sleeping": 400,
        f"{BASE}/requests.{ending}?page=x": 400,
        f"{BASE}/servicerequestupdates.{ending}?start_date=2026-01-01": 400,
    }
    wrong = []
    for address, status in addresses.items():
        answer = town.http.get(address, headers={"Accept": "text/html"})
        said = read(answer)
        if answer.status_code != status or [one["code"] for one in said] != [str(status)]:
            wrong.append((address, answer.status_code, answer.text))
    assert wrong == []


def test_other_endings_other_methods_and_slashes_are_no_pages_either(town: Town) -> None:
    ask = town.http.request

    for path in ("services.html", "services", "services.xml/", "", "/", "requests/a.b.txt"):
        answer = ask("GET", f"{BASE}/{path}", headers={"Accept": "application/json"})
        assert (path, answer.status_code) == (path, 404)
        assert read(answer)[0]["code"] == "404"
    for method, path in (
        ("PUT", "requests.json"),
        ("DELETE", "requests/a.xml"),
        ("POST", "services.json"),
    ):
        answer = ask(method, f"{BASE}/{path}")
        assert (method, answer.status_code) == (method, 400)
        assert read(answer)[0]["code"] == "400"
    assert ask("POST", f"{BASE}/nothing.json").status_code == 404


def test_reading_is_open_to_pages_of_other_sites_and_posting_is_not(town: Town) -> None:
    got = town.get("requests.json")
    head = town.http.head(f"{BASE}/services.xml")
    asked = town.http.options(f"{BASE}/requests.json")
    posted = town.post("requests.json", a_report())

    assert got.headers["access-control-allow-origin"] == "*"
    assert (head.status_code, head.content) == (200, b"")
    assert asked.status_code == 200
    assert asked.headers["access-control-allow-methods"] == "GET, HEAD"
    assert "POST" in asked.headers["allow"]
    assert "access-control-allow-origin" not in posted.headers


def test_a_request_is_found_at_once_without_its_words_and_whole_once_released(town: Town) -> None:
    name = town.report(address_string="样板路 12 号", **PERSON)
    fresh = {ending: read(town.get(f"requests/{name}.{ending}")) for ending in FORMATS}
    own = town.get(f"requests/{name}.json", api_key=town.keys["all"]).json()
    others = town.get(f"requests/{name}.json", api_key=town.keys["reader"]).json()
    listed = town.get("requests.json").json()
    asked = town.get("requests.json", service_request_id=name).json()
    town.release(name)
    shown = {ending: read(town.get(f"requests/{name}.{ending}")) for ending in FORMATS}

    (one,) = fresh["json"]
    assert [*one] == CORE
    assert texts(fresh["json"]) == fresh["xml"]
    assert (one["service_request_id"], one["status"], one["service_code"]) == (name, "open", HOLE)
    assert [one[each] for each in ("description", "address", "lat", "long")] == [None] * 4
    assert own[0]["description"] == "路中间有坑\n约半米宽"
    assert (own[0]["lat"], own[0]["long"]) == (31.230416, 121.473701)
    assert others == asked == [one]
    assert listed == []
    (two,) = shown["json"]
    assert texts(shown["json"]) == shown["xml"]
    assert [each for each in two if each != "expected_datetime"] == CORE
    assert two["description"] == "路中间有坑\n约半米宽"
    assert two["address"] == "样板路 **号"
    assert STAMP.fullmatch(two["requested_datetime"])
    assert two["updated_datetime"] >= two["requested_datetime"]


def test_a_list_is_filtered_paged_and_capped(town: Town, clock: StoppedClock) -> None:
    clock.at = MONDAY_9AM - timedelta(days=100)
    old = town.report()
    names = []
    for hour in range(3):
        clock.at = MONDAY_9AM + timedelta(hours=hour)
        names.append(town.report(**({"service_code": LAMP} if hour == 1 else {})))
    for name in (old, *names):
        town.release(name, now=clock.at)
    first, lamp, last = names

    def found(*query: tuple[str, Any]) -> list[str]:
        answer = town.get("requests.json", **dict(query))
        assert answer.status_code == 200, answer.text
        return [one["service_request_id"] for one in answer.json()]

    assert found() == [last, lamp, first]
    assert found(("start_date", "2025-11-01T00:00:00Z")) == [old]
    assert found(("end_date", "2025-12-31T00:00:00Z")) == [old]
    assert found(("start_date", "2026-03-02T10:00:00 08:00")) == [last, lamp]
    exactly = "2026-03-02T10:00:00+08:00"
    assert found(("start_date", exactly), ("end_date", exactly)) == [lamp]
    assert found(("service_request_id", f"{old},nothing"), ("status", "closed")) == [old]
    assert found(("service_request_id", [first, last])) == [last, first]
    assert found(("service_request_id", "nothing")) == []
    assert found(("service_request_id", ""), ("status", "")) == [last, lamp, first]
    assert found(("service_code", LAMP)) == [lamp]
    assert found(("service_code", [LAMP, HOLE])) == [last, lamp, first]
    assert found(("service_code", f"{LAMP},nothing")) == [lamp]
    assert found(("service_code", "nothing")) == []
    assert found(("status", "open")) == found(("status", "open,closed")) == [last, lamp, first]
    assert found(("status", "closed")) == []
    assert found(("page_size", 2)) == found(("page_size", 2), ("page", 0)) == [last, lamp]
    assert found(("page_size", 2), ("page", 2)) == [first]
    assert found(("page_size", 2), ("page", 3)) == []
    assert found(("updated_after", "2026-03-03T00:00:00Z")) == []
    assert found(("updated_before", "2026-03-03T00:00:00Z")) == [last, lamp, first]
    assert found(("bbox", "1,2,3,4"), ("q", "x"), ("callback", "f"), ("api_key", "no")) == [
        last, lamp, first,
    ]  # fmt: skip
    bare = town.http.get(f"{BASE}/requests.json?start_date&end_date&status=&service_code")
    assert len(bare.json()) == 3


def test_extensions_add_and_change_nothing_of_the_standard(town: Town) -> None:
    name = town.report()
    town.release(name, Release("坑洼", words="路中间有坑", answer="明天上午修。"))

    plain, extended = (
        read(town.get(f"requests/{name}.json", **more)) for more in ({}, {"extensions": "true"})
    )
    as_xml = read(town.get(f"requests/{name}.xml", extensions="true"))

    assert plain[0] == {k: v for k, v in extended[0].items() if k in plain[0]}
    assert plain[0]["status_notes"] == "明天上午修。"
    assert extended[0]["extended_attributes"] == {"title": "坑洼", "photos": []}
    assert [one["type"] for one in extended[0]["notes"]] == ["submitted", "activity"]
    assert texts(extended) == as_xml
