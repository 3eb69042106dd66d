"""A report sent again under the same Idempotency-Key is one report: an extension of ours."""

import pytest
from httpx2 import Response
from sqlalchemy import func, select

from app.open311.models import GeoRequest
from tests.open311.town import BASE, Town, a_report, descriptions, read, texts
from tests.web.papers import picture

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


def sent(
    town: Town, name: str, form: str = "json", *, key: str = "all", photo: bytes = b"", **body: str
) -> Response:
    fields = {"api_key": town.keys[key], **a_report(**body)}
    files = {"media": ("x.jpg", photo, "image/jpeg")} if photo else None
    headers = {"Idempotency-Key": name} if name else {}
    return town.http.post(f"{BASE}/requests.{form}", data=fields, files=files, headers=headers)


def count(town: Town) -> int:
    with town.city.db() as session:
        return session.scalar(select(func.count()).select_from(GeoRequest)) or 0


def test_a_report_sent_again_under_its_name_gets_the_first_answer_and_is_one(town: Town) -> None:
    photo = picture()

    first = [sent(town, "app-7"), sent(town, "app-8", photo=photo)]
    again = [sent(town, "app-7"), sent(town, "app-8", photo=photo)]
    in_xml = sent(town, "app-7", "xml")

    assert [one.status_code for one in first] == [200, 200]
    assert [read(one) for one in again] == [read(one) for one in first]
    assert [{k: v for k, v in one.items() if v} for one in read(in_xml)] == [
        {k: v for k, v in one.items() if v} for one in texts(read(first[0]))
    ]
    assert count(town) == 2


def test_a_name_is_one_reports_and_one_partners(town: Town) -> None:
    (known,) = read(sent(town, "app-7"))

    other = sent(town, "app-7", description="另一个坑")
    with_photo = sent(town, "app-7", photo=picture())
    long = sent(town, "n" * 201)
    partner = sent(town, "app-7", key="once")
    nameless = [sent(town, ""), sent(town, "")]

    assert [one.status_code for one in (other, with_photo, long)] == [400, 400, 400]
    assert "Idempotency-Key" in descriptions(other)
    ids = {known["service_request_id"]}
    ids |= {read(one)[0]["service_request_id"] for one in (partner, *nameless)}
    assert len(ids) == count(town) == 4
