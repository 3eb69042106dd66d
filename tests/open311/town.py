"""The town as programs of other cities see it: every sort of question, keys, what is released.

Speaks to it as such programs do: bodies and addresses are spelt out, answers read in both formats.
"""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from urllib.parse import urlencode
from xml.etree import ElementTree as ET

from fastapi import FastAPI
from fastapi.testclient import TestClient
from httpx2 import Response
from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from app.accounts.rules import Role
from app.cases.models import Case
from app.catalogue.rules import Named
from app.facilities import service as facilities
from app.facilities.models import Asset, FacilityType
from app.facilities.rules import AssetState, question_rows
from app.open311.models import GeoRequest
from app.partners import service as partners
from app.partners.rules import KeyTerms, Right
from app.publishing import queries as published
from app.publishing import service as publishing
from app.publishing.service import Release
from app.service_items.rules import FieldType, Question
from app.service_items.rules.content import Condition, Option
from tests.support.city import DISTRICT_CODE, City, a_city
from tests.support.clock import MONDAY_9AM
from tests.support.pages import PASSWORD_HASH

BASE = "/open311/v2"
FORMATS = ("xml", "json")
STAMP = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:Z|[+-]\d\d:\d\d)")
NAME = re.compile(r"[A-Za-z0-9_-]+")  # of services and requests
LAMP, HOLE, ASSET = "0120", "0206", "9901010120000001"
ALL = frozenset(Right)
SIZES = (Option("s", Named("小", "Small")), Option("l", Named("大", "Large")))
QUESTIONS = (
    Question("size", FieldType.CHOICE, Named("坑多大？", "How large?"), options=SIZES),
    Question(
        "risk",
        FieldType.MULTI,
        Named("谁受影响？", "Whom does it endanger?"),
        is_required=False,
        options=(Option("bike", Named("骑车人")), Option("car", Named("汽车"))),
    ),
    Question("depth", FieldType.NUMBER, Named("多深？"), is_required=False, least="1", most="99"),
    Question("since", FieldType.DATE, Named("从哪天起？"), is_required=False),
    Question("wet", FieldType.YES_NO, Named("有积水吗？"), is_required=False),
    Question("how", FieldType.TEXT, Named("补充"), is_required=False, most="400"),
    Question(
        "smell",
        FieldType.TEXT,
        Named("什么气味？"),
        condition=Condition("wet", ("yes",)),
    ),
)
# Of the person who reports; none of it may ever be read back.
PERSON = {
    "email": "zhouyibeta@example.invalid",
    "phone": "17900004321",
    "first_name": "试甲",
    "last_name": "欧阳",
    "device_id": "device-of-nobody",
    "account_id": "account-of-nobody",
}
SECRETS = (*PERSON.values(), "欧阳试甲")
Params = Mapping[str, str | Sequence[str]]


@dataclass
class Town:
    """The city, its programs' keys by name, and a client that is one of them."""

    city: City
    http: TestClient
    keys: dict[str, str] = field(default_factory=dict)

    def get(self, path: str, **params: str | Sequence[str]) -> Response:
        query = f"?{urlencode(params, doseq=True)}" if params else ""
        return self.http.get(f"{BASE}/{path}{query}")

    def post(self, path: str, body: Params, *, query: str = "", key: str = "all") -> Response:
        """As a form; the key is added unless `key` is empty."""
        sent = {"api_key": self.keys[key], **body} if key else dict(body)
        return self.http.post(
            f"{BASE}/{path}{query}",
            content=urlencode(sent, doseq=True),
            headers={"Content-Type": "application/x-www-form-urlencoded"},
        )

    def report(self, **body: str | Sequence[str]) -> str:
        """The id of a new report about a hole in the road."""
        answer = self.post("requests.json", {**a_report(), **body})
        assert answer.status_code == 200, answer.text
        found: str = answer.json()[0]["service_request_id"]
        return found

    def case_of(self, session: Session, request_id: str) -> Case:
        wanted = select(Case).join(GeoRequest, GeoRequest.case_id == Case.id)
        return session.scalars(wanted.where(GeoRequest.request_id == request_id)).one()

    def release(
        self, request_id: str, what: Release | None = None, *, now: datetime = MONDAY_9AM
    ) -> None:
        """A person shows the report to the public."""
        with self.city.db.begin() as session:
            case = self.case_of(session, request_id)
            known = published.find_publication(session, case.id)
            shown = what or Release(
                title="路面坑洼",
                words=case.body,
                place=case.place,
                version=known.version if known else 0,
            )
            publishing.release(session, case, shown, actor=self.city[Role.REVIEWER], now=now)


def a_town(app: FastAPI, http: TestClient) -> Town:
    """Found it, with a key for everything, one for reading, and one for lamps only."""
    sessions = sessionmaker(
        app.state.edge.engine.execution_options(writing=True), expire_on_commit=False
    )
    city = a_city(sessions, password_hash=PASSWORD_HASH, vault=app.state.edge.vault)
    town = Town(city, http)
    with city.db.begin() as session:
        facilities.seed(session, now=MONDAY_9AM)
        hole = session.scalars(select(FacilityType).where(FacilityType.code == HOLE)).one()
        hole.questions = question_rows(QUESTIONS)
        lamp = session.scalars(select(FacilityType.id).where(FacilityType.code == LAMP)).one()
        session.add(
            Asset(
                code=ASSET,
                type_id=lamp,
                place="样板路 12 号对面",
                region_code=DISTRICT_CODE,
                state=AssetState.IN_USE,
                changed_at=MONDAY_9AM,
            )
        )
        for name, terms in {
            "all": KeyTerms("示例市民应用", ALL),
            "reader": KeyTerms("只读程序", frozenset({Right.READ})),
            "lamps": KeyTerms("路灯程序", ALL, codes=(LAMP,)),
            "once": KeyTerms("每小时一次", ALL, hourly=1),
        }.items():
            town.keys[name] = partners.make(session, terms, now=MONDAY_9AM)[1]
    return town


def a_report(**changes: str | Sequence[str]) -> dict[str, str | Sequence[str]]:
    """What a program sends about a hole in the road."""
    return {
        "service_code": HOLE,
        "lat": "31.230416",
        "long": "121.473701",
        "description": "路中间有坑\n约半米宽",
        "attribute[size]": "s",
        **changes,
    }


def read(answer: Response) -> Any:  # noqa: ANN401  # what JSON may be
    """The answer in the JSON shape, whichever format it came in; strings for all leaves of XML."""
    kind = answer.headers["content-type"]
    if answer.request.url.path.endswith(".json"):
        assert kind == "application/json; charset=utf-8", kind
        return json.loads(answer.content)
    assert kind == "text/xml; charset=utf-8", kind
    assert answer.content.startswith(b'<?xml version="1.0" encoding="utf-8"?>')
    assert b"<!DOCTYPE" not in answer.content
    return spark(ET.fromstring(answer.content))  # noqa: S314  # our own answer


LISTS = {
    *("services", "attributes", "values", "service_requests", "errors", "endpoints", "formats"),
    *("service_request_updates", "notes", "photos"),
}


def spark(element: ET.Element) -> Any:  # noqa: ANN401  # what JSON may be
    """An element as the Spark mapping turns it into JSON."""
    assert not element.attrib
    assert "}" not in element.tag
    if element.tag in LISTS:
        return [spark(child) for child in element]
    if len(element):
        return {child.tag: spark(child) for child in element}
    return element.text


def texts(value: Any) -> Any:  # noqa: ANN401  # what JSON may be
    """JSON with its leaves as XML spells them, to be compared with `read` of XML."""
    if isinstance(value, list):
        return [texts(each) for each in value]
    if isinstance(value, dict):
        return {key: texts(each) for key, each in value.items()}
    if isinstance(value, bool):
        return "true" if value else "false"
    return f"{value:.6f}" if isinstance(value, float) else value if value is None else str(value)


def descriptions(answer: Response) -> str:
    """What went wrong, as an end user reads it."""
    return "\n".join(error["description"] for error in read(answer))


def leaks(text: str) -> Iterator[str]:
    """What of the person who reported stands in an answer."""
    yield from (secret for secret in SECRETS if secret in text)
    yield from re.findall(r"[\w.]+@[\w.]+|1[3-9]\d{9}", text)
