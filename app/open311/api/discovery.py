"""What can be asked here and what can be reported: discovery, services, one service's questions.

Read by anybody, without a key.
"""

import hashlib
from datetime import datetime
from typing import Final

from fastapi import APIRouter, Request
from fastapi.responses import Response
from sqlalchemy.orm import Session

from app.facilities import queries as facilities
from app.kernel.messages import mark
from app.open311 import queries, service
from app.open311.answering import BASE, reply
from app.open311.api.spelling import spelling_of
from app.open311.asked import AskedDep
from app.open311.doors import check_jurisdiction
from app.open311.rules import definitions
from app.open311.rules.shapes import Fields, Format, Listed, spell
from app.settings import Settings
from app.web.deps import Edge, EdgeDep

# Clients compare the string.
_SPECIFICATION: Final = "http://wiki.open311.org/GeoReport_v2"
_FORMATS: Final = ("text/xml", "application/json")
_CONTACT: Final = mark("%(city)s, telephone %(hotline)s")
_KEY_SERVICE: Final = mark("Keys are given out by the administration of %(city)s: %(hotline)s")
router = APIRouter(prefix=BASE, include_in_schema=False)


@router.get("/discovery.{form}")
def discover(request: Request, edge: EdgeDep, form: Format, asked: AskedDep) -> Response:
    """Where this is, since when its services are what they are, and how to get a key."""
    with edge.reading() as session:
        check_jurisdiction(session, asked.sent, edge.settings)
        digest = _digest(session)
        known = queries.find_changeset(session)
        since = known.changed_at if known and known.digest == digest else None
    changed_at = since or _changed(edge, digest)
    return reply(request, form, "discovery", _discovery(request, edge.settings, changed_at))


@router.get("/services.{form}")
def list_services(request: Request, edge: EdgeDep, form: Format, asked: AskedDep) -> Response:
    """What can be reported: the types of facilities open to the public."""
    to = spelling_of(request)
    with edge.reading() as session:
        check_jurisdiction(session, asked.sent, edge.settings)
        types = facilities.types_for_report(session)
    return reply(request, form, "services", definitions.services(types, to.language))


@router.get("/services/{service_code}.{form}")
def show_service(
    request: Request, edge: EdgeDep, service_code: str, form: Format, asked: AskedDep
) -> Response:
    """One service with the questions it asks."""
    to = spelling_of(request)
    with edge.reading() as session:
        check_jurisdiction(session, asked.sent, edge.settings)
        kind = service.get_service(session, service_code)
    return reply(
        request, form, "service_definition", definitions.definition(kind, to.language, to.say)
    )


def _digest(session: Session) -> str:
    """Stands for all services with all their questions, in all languages."""
    types = facilities.types_for_report(session)
    pieces = hashlib.sha256()
    for language in ("zh", "en"):
        pieces.update(spell(Format.JSON, "", definitions.services(types, language)))
        for kind in types:
            pieces.update(spell(Format.JSON, "", definitions.definition(kind, language, str)))
    return pieces.hexdigest()


def _changed(edge: Edge, digest: str) -> datetime:
    with edge.writing() as session:
        return service.keep_changeset(session, digest, now=edge.now())


def _discovery(request: Request, settings: Settings, changed_at: datetime) -> Fields:
    to = spelling_of(request)
    city = settings.city_name_en if to.language.startswith("en") else settings.city_name
    changeset = to.at(changed_at)
    endpoints = [
        {
            "specification": _SPECIFICATION,
            "url": f"{to.base_url}{BASE}",
            "changeset": changeset,
            "type": kind,
            "formats": Listed("format", _FORMATS),
        }
        # One address for both: several clients look for one of them only.
        for kind in ("production", "test")
    ]
    return {
        "changeset": changeset,
        "contact": to.say(_CONTACT) % {"city": city, "hotline": settings.hotline},
        "key_service": to.say(_KEY_SERVICE) % {"city": city, "hotline": settings.hotline},
        "endpoints": Listed("endpoint", endpoints),
    }
