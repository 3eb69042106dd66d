"""What programs post, row by row as the contract has it (design/open311.md, parts A and B)."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta

import pytest
from sqlalchemy import bindparam, select

from app.cases.models import Attachment
from app.facilities.models import FacilityType
from app.settings import Settings
from tests.open311.town import (
    ASSET,
    BASE,
    FORMATS,
    HOLE,
    LAMP,
    NAME,
    PERSON,
    Town,
    a_report,
    descriptions,
    read,
)
from tests.support.city import DISTRICT_CODE
from tests.support.clock import StoppedClock
from tests.web.papers import picture

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)

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

    ticked = town.post("requests.json", body)
    written = town.post("requests.json", a_report(description="灯杆边有人触电了"))

    assert danger["call"][0]["number"] in ticked.json()[0]["service_notice"]
    assert "119, 120" in written.json()[0]["service_notice"]


def test_a_key_posts_as_often_as_an_hour_allows(town: Town, clock: StoppedClock) -> None:
    statuses = [town.post("requests.xml", a_report(), key="once").status_code for _ in range(2)]
    clock.advance(timedelta(hours=1))
    statuses.append(town.post("requests.xml", a_report(), key="once").status_code)

    assert statuses == [200, 403, 200]
