"""The contract (design/open311.md, part A and the traps of part B), row by row, in both formats."""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import bindparam, select

from app.cases.models import Attachment
from app.facilities.models import FacilityType
from app.publishing.service import Release
from app.settings import Settings
from tests.open311.town import (
    ASSET,
    BASE,
    HOLE,
    LAMP,
    PERSON,
    Town,
    a_report,
    descriptions,
    read,
    texts,
)
from tests.support.city import DISTRICT_CODE
from tests.support.clock import MONDAY_9AM, StoppedClock
from tests.web.papers import picture

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)

FORMATS = ("xml", "json")
STAMP = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:Z|[+-]\d\d:\d\d)")
NAME = re.compile(r"[A-Za-z0-9_-]+")
CORE = [
    *("service_request_id", "status", "status_notes", "service_name", "service_code"),
    *("description", "agency_responsible", "service_notice", "requested_datetime"),
    *("updated_datetime", "address", "address_id", "zipcode", "lat", "long", "media_url"),
]
_FILES = (
    select(Attachment.is_public, Attachment.content_type)
    .where(Attachment.case_id == bindparam("case_id"))
    .order_by(Attachment.id)
)
Body = Mapping[str, str | Sequence[str]]


@dataclass(frozen=True)
class Row:
    """One row of the contract: what is posted, and how it is answered."""

    says: str
    body: Body = field(default_factory=dict)
    status: int = 200
    names: str = ""
    query: str = ""
    key: str = "all"
    without: tuple[str, ...] = ()


POSTS = (
    Row("lat and long alone are enough"),
    Row("an address alone is enough", {"address_string": "样板路 12 号"}, without=("lat", "long")),
    Row("both are taken", {"address_string": "样板路 12 号"}),
    Row("an id of an address alone is not", {"address_id": "7"}, 400, without=("lat", "long")),
    Row("no place at all", {}, 400, "address_string", without=("lat", "long")),
    Row("one coordinate", {}, 400, "long", without=("long",)),
    Row("no number", {"lat": "north"}, 400, "lat"),
    Row("no such latitude", {"lat": "90.1"}, 400, "lat"),
    Row("no such longitude", {"long": "-180.1"}, 400, "long"),
    Row("the device did not know", {"lat": "0", "long": "0"}, 400, "lat"),
    Row("the two are swapped", {"lat": "121.473701", "long": "31.230416"}, 400, "lat"),
    Row("no key", {}, 403, key=""),
    Row("a wrong key", {"api_key": "cwk_wrong"}, 403, key=""),
    Row("an empty key", {"api_key": ""}, 403, key=""),
    Row("a key without this right", {}, 403, key="reader"),
    Row("a key for other services", {}, 403, key="lamps"),
    Row("no service", {}, 400, "service_code", without=("service_code",)),
    Row("an empty service", {"service_code": ""}, 400, "service_code"),
    Row("an unknown service", {"service_code": "nothing"}, 404),
    Row("a service of another spelling", {"service_code": " 0206x"}, 404),
    Row("another jurisdiction", {"jurisdiction_id": "elsewhere"}, 404),
    Row("another jurisdiction in the address", {}, 404, query="?jurisdiction_id=elsewhere"),
    Row("ours in the address", {}, query="?jurisdiction_id=990100"),
    Row("an empty jurisdiction is none", {"jurisdiction_id": ""}),
    Row("jurisdiction goes before the key", {"jurisdiction_id": "elsewhere"}, 404, key=""),
    Row("the key goes before the service", {"service_code": "nothing"}, 403, key=""),
    Row("4,000 characters", {"description": "路😀" * 2000}),
    Row("4,001 characters", {"description": "路" * 4001}, 400, "description"),
    Row("no words at all", {}, without=("description",)),
    Row("two letters", {"description": "坏了"}),
    Row("everything about a person is optional", dict(PERSON)),
    Row("what nobody knows is ignored", {"easting": "1", "attribute[nobody]": "1", "": "x"}),
    Row("a required answer is missing", {}, 400, "attribute[size]", without=("attribute[size]",)),
    Row("… or empty", {"attribute[size]": ""}, 400, "attribute[size]"),
    Row("an optional one is empty", {"attribute[depth]": ""}),
    Row("no such option", {"attribute[size]": "xx"}, 400, "attribute[size]"),
    Row("no number in an answer", {"attribute[depth]": "deep"}, 400, "attribute[depth]"),
    Row("a number out of bounds", {"attribute[depth]": "100"}, 400, "attribute[depth]"),
    Row("several with brackets", {"attribute[risk][]": ["bike", "car"]}),
    Row("several without", {"attribute[risk]": ["bike", "car"]}),
    Row("one of several", {"attribute[risk]": "bike"}),
    Row("one of several unknown", {"attribute[risk]": ["bike", "x"]}, 400, "attribute[risk]"),
    Row("a datetime as ISO 8601", {"attribute[since]": "2026-03-01T22:00:00+08:00"}),
    Row("no datetime", {"attribute[since]": "yesterday"}, 400, "attribute[since]"),
    Row("asked only if wet, so never demanded", {"attribute[wet]": "yes"}),
    Row("forms and dangers", {"attribute[form]": ["hole", "crash"]}),
    Row("an unknown form", {"attribute[form]": "x"}, 400, "attribute[form]"),
    Row("a facility", {"service_code": LAMP, "attribute[asset]": ASSET}, without=("lat", "long"),
        status=400, names="address_string"),
    Row("a facility and a place", {"service_code": LAMP, "attribute[asset]": ASSET}),
    Row("no such facility", {"service_code": LAMP, "attribute[asset]": "1"}, 400,
        "attribute[asset]"),
    Row("a link to a photo", {"media_url": "https://photos.example.invalid/1.jpg"}),
    Row("several links", {"media_url": ["https://a.example.invalid/1", "http://b.invalid/2"]}),
    Row("an empty link", {"media_url": ""}),
    Row("a script as a link", {"media_url": "javascript:alert(1)"}, 400, "media_url"),
    Row("a file as a link", {"media_url": "file:///etc/passwd"}, 400, "media_url"),
)  # fmt: skip


@pytest.mark.parametrize("ending", FORMATS)
def test_a_post_is_answered_as_the_contract_says(town: Town, ending: str) -> None:
    wrong = []
    for row in POSTS:
        body = {k: v for k, v in a_report().items() if k not in row.without} | dict(row.body)
        answer = town.post(f"requests.{ending}", body, query=row.query, key=row.key)

        said = read(answer)
        fits = answer.status_code == row.status
        if row.status == 200:
            fits &= isinstance(said, list) and len(said) == 1
            fits &= bool(NAME.fullmatch(said[0].get("service_request_id") or ""))
            fits &= "token" not in said[0]
        else:
            fits &= {error["code"] for error in said} == {str(row.status)}
            fits &= row.names in descriptions(answer)
        if not fits:
            wrong.append((row.says, answer.status_code, answer.text))
    assert wrong == []


def test_a_position_outside_the_city_is_refused_and_one_inside_tells_its_district(
    town: Town, settings: Settings
) -> None:
    ring = [[121.0, 31.0], [122.0, 31.0], [122.0, 32.0], [121.0, 32.0], [121.0, 31.0]]
    shape = {"type": "Polygon", "coordinates": [ring]}
    area = {"type": "Feature", "properties": {"code": DISTRICT_CODE}, "geometry": shape}
    file = settings.data_dir / "geo" / "districts.geojson"
    file.parent.mkdir(parents=True)
    file.write_text(json.dumps({"type": "FeatureCollection", "features": [area]}), "utf-8")

    inside = town.report()
    outside = town.post("requests.xml", a_report(lat="39.9", long="116.4"))

    with town.city.db() as session:
        assert town.case_of(session, inside).region_code == DISTRICT_CODE
    assert outside.status_code == 400
    assert "lat: " in descriptions(outside)


def test_all_that_is_wrong_is_said_at_once(town: Town) -> None:
    body = a_report(**{"attribute[size]": "xx", "attribute[depth]": "deep", "lat": "x"})

    answer = town.post("requests.json", body)

    assert answer.status_code == 400
    assert len(read(answer)) == 3
    assert "attribute[size]: " in descriptions(answer)


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


def test_bodies_are_read_however_programs_write_them(town: Town) -> None:
    key = town.keys["all"]
    raw = f"api_key={key}&service_code={HOLE}&lat=31.2&long=121.4&attribute[size]=s&description="
    forms = {"Content-Type": "application/x-www-form-urlencoded"}
    address = f"{BASE}/requests.json"

    bare = town.http.post(address, content=f"{raw}路灯坏了😀".encode(), headers=forms)
    fields = {**a_report(), "api_key": key}
    multi = town.http.post(address, data=fields, files={"nothing": ("", b"")})
    photo = {"photo1": ("1.jpg", picture(), "image/jpeg"), "media": ("2.png", picture("PNG"), "")}
    with_photos = town.http.post(address, data=fields, files=photo)
    no_photo, paper = (
        town.http.post(address, data=fields, files={"media": ("x.jpg", data, "image/jpeg")})
        for data in (b"<script>", b"%PDF-1.7 %%EOF")
    )
    as_json = town.http.post(address, json=fields)
    broken = town.http.post(
        address, content=b"--x", headers={"Content-Type": "multipart/form-data; boundary=y"}
    )

    assert [one.status_code for one in (bare, multi, with_photos)] == [200, 200, 200]
    assert (no_photo.status_code, paper.status_code) == (400, 400)
    assert (
        descriptions(no_photo)
        == descriptions(paper)
        == ("media: 只接收照片：JPEG、PNG、WebP 或 HEIC。")
    )
    assert as_json.status_code == 403  # no key in what we read
    assert broken.status_code in {400, 403}
    own = town.get(f"requests/{bare.json()[0]['service_request_id']}.json", api_key=key).json()
    assert own[0]["description"] == "路灯坏了😀"
    with town.city.db() as session:
        case = town.case_of(session, with_photos.json()[0]["service_request_id"])
        files = session.execute(_FILES, {"case_id": case.id}).all()
    assert [(row.is_public, row.content_type) for row in files] == [
        (True, "image/jpeg"),
        (True, "image/png"),
    ]


def test_where_somebody_is_in_danger_the_answer_says_whom_to_call(town: Town) -> None:
    with town.city.db() as session:
        kind = session.scalars(select(FacilityType).where(FacilityType.code == LAMP)).one()
        danger = next(one for one in kind.dangers if one.get("call"))
    body = a_report(service_code=LAMP, **{"attribute[form]": danger["key"]})

    answer = town.post("requests.json", body)

    assert danger["call"][0]["number"] in answer.json()[0]["service_notice"]


def test_a_key_posts_as_often_as_an_hour_allows(town: Town, clock: StoppedClock) -> None:
    statuses = [town.post("requests.xml", a_report(), key="once").status_code for _ in range(2)]
    clock.advance(timedelta(hours=1))
    statuses.append(town.post("requests.xml", a_report(), key="once").status_code)

    assert statuses == [200, 403, 200]
