"""Pages for the security administrator: who looks at citizens in clear, and what is unusual in it.

Shows staff, times, reasons and numbers of citizens; never what was seen.
"""

from datetime import timedelta
from itertools import zip_longest
from typing import Annotated, Any, Final

from fastapi import APIRouter, Request
from fastapi.responses import Response
from pydantic import BaseModel, Field
from sqlalchemy import Row

from app.accounts.deps import VisitDep, Work
from app.accounts.rules import Permission
from app.admin.frame import show, tried
from app.cases.queries.getting import numbers_of
from app.citizens.queries import accesses
from app.citizens.queries.accesses import AccessFilter, Looks
from app.citizens.rules import number_of
from app.citizens.rules.access import OTHER, WINDOWS, AccessField, Oddity
from app.citizens.service import revealing
from app.kernel.messages import mark
from app.web.forms import FormDep, RawForm, parse
from app.web.i18n import Locale
from app.web.templating import see_other
from app.web.ui import locale_of

router = APIRouter(prefix="/admin/access")

_DEFAULT_WINDOW: Final = 7
_MOST_REASONS: Final = 30
_LONGEST_REASON: Final = 60
ODDITIES: Final = {
    Oddity.MANY: mark("Most on one day"),
    Oddity.OUT_OF_HOURS: mark("Out of hours"),
    Oddity.OWN_SURNAME: mark("Own surname"),
    Oddity.NO_CASE: mark("No open matter"),
}
FIELDS: Final = {
    AccessField.NAME: mark("Name"),
    AccessField.CONTACT: mark("Contact"),
    AccessField.DOCUMENT: mark("Documents"),
    AccessField.EVERYTHING: mark("Everything"),
}


class Query(BaseModel):
    """What the address of the page asks for."""

    days: int = _DEFAULT_WINDOW
    staff: int | None = None
    why: Oddity | None = None


class LimitsForm(BaseModel):
    """From how many on looking counts as unusual."""

    many: Annotated[int, Field(ge=0, le=10_000)]
    out_of_hours: Annotated[int, Field(ge=0, le=10_000)]
    own_surname: Annotated[int, Field(ge=0, le=10_000)]
    no_case: Annotated[int, Field(ge=0, le=10_000)]


@router.get("")
def overview(request: Request, visit: VisitDep) -> Response:
    """Everybody who looked, whoever is furthest from the ordinary first."""
    return _overview(request, visit, {}, {})


@router.get("/rows")
def single(request: Request, visit: VisitDep, at: str = "") -> Response:
    """The single looks behind a figure, newest first."""
    asked = _query(request)
    with visit.reading() as work:
        work.actor.require(Permission.SECURITY_MANAGE)
        wanted = AccessFilter(work.now - timedelta(days=asked.days), asked.staff, asked.why)
        page = accesses.list_accesses(work.session, wanted, cursor=at or None)
        names = _names(request, work)
        cases = numbers_of(work.session, [row.case_id for row in page.items if row.case_id])
        context = {
            "days": asked.days,
            "why": ODDITIES.get(asked.why, "") if asked.why else "",
            "rows": [_told(row, names, cases) for row in page.items],
            "query": _address(asked),
            "next": page.next_cursor,
            "previous": page.prev_cursor,
        }
    return show(request, work.actor, "admin/access_rows", context)


@router.post("/limits")
def set_limits(request: Request, visit: VisitDep, form: FormDep) -> Response:
    """From how many on looking counts as unusual."""
    parsed = parse(LimitsForm, form)
    if parsed.value is None:
        return _overview(request, visit, parsed.values, parsed.errors)
    given = {Oddity(name): most for name, most in parsed.value.model_dump().items()}
    with visit.writing() as work:
        revealing.set_limits(work.session, given, actor=work.actor)
    return see_other("/admin/access")


@router.post("/reasons")
def set_reasons(request: Request, visit: VisitDep, form: FormDep) -> Response:
    """Which reasons may be chosen."""
    lines = _reason_lines(form.text("reasons"), form.text("reasons_en"))
    longest = max((len(word) for line in lines for word in line), default=0)
    if not lines or len(lines) > _MOST_REASONS or longest > _LONGEST_REASON:
        wrong = {"reasons": mark("Write one reason a line, at most 30, each up to 60 characters.")}
        return _overview(request, visit, form.values, wrong)
    errors = tried(visit, lambda work: _offer(work, lines))
    return _overview(request, visit, form.values, errors) if errors else see_other("/admin/access")


def _offer(work: Work, lines: list[tuple[str, str]]) -> None:
    revealing.offer_reasons(work.session, lines, actor=work.actor)


def _overview(
    request: Request, visit: VisitDep, values: dict[str, str], errors: dict[str, str]
) -> Response:
    days = _query(request).days
    with visit.reading() as work:
        work.actor.require(Permission.SECURITY_MANAGE)
        looks = accesses.looks_of_everybody(work.session, since=work.now - timedelta(days=days))
        limits = accesses.limits(work.session)
        offered = accesses.reasons_offered(work.session)
        kept = {str(oddity): str(most) for oddity, most in limits.items()}
        own = [(name, name_en) for code, name, name_en in offered if code != OTHER]
        kept["reasons"] = "\n".join(name for name, _ in own)
        kept["reasons_en"] = "\n".join(name_en for _, name_en in own)
        context = {
            "days": days,
            "windows": [(n, f"/admin/access?days={n}", n == days) for n in WINDOWS],
            "oddities": list(ODDITIES.items()),
            "looks": [_line(one, days) for one in looks],
            "values": kept | values,
            "errors": errors,
        }
    return show(request, work.actor, "admin/access", context, status=422 if errors else 200)


def _line(one: Looks, days: int) -> dict[str, Any]:
    rows = f"/admin/access/rows?days={days}&staff={one.staff_id}"
    return {
        "name": one.name,
        "username": one.username,
        "total": one.total,
        "href": rows,
        "figures": [
            (
                one.figures[oddity],
                rows if oddity is Oddity.MANY else f"{rows}&why={oddity}",
                oddity in one.unusual,
            )
            for oddity in ODDITIES
        ],
        "is_unusual": bool(one.unusual),
    }


def _told(
    row: Row[*tuple[Any, ...]], names: dict[str, str], cases: dict[int, str]
) -> dict[str, Any]:
    flags = {
        Oddity.OUT_OF_HOURS: row.is_out_of_hours,
        Oddity.OWN_SURNAME: row.is_own_surname,
        Oddity.NO_CASE: row.is_without_case,
    }
    return {
        "at": row.at,
        "name": row.display_name,
        "username": row.username,
        "citizen": number_of(row.citizen_id),
        "case": cases.get(row.case_id, ""),
        "field": FIELDS[row.field],
        "reason": row.reason or names.get(row.reason_code, row.reason_code),
        "ip": row.ip,
        "odd": [ODDITIES[oddity] for oddity, is_so in flags.items() if is_so],
    }


def _names(request: Request, work: Work) -> dict[str, str]:
    english = locale_of(request) is Locale.EN
    return {
        code: name_en if english and name_en else name
        for code, name, name_en in accesses.all_reasons(work.session)
    }


def _query(request: Request) -> Query:
    raw = RawForm({name: request.query_params.get(name, "") for name in Query.model_fields})
    asked = parse(Query, raw).value or Query()
    return asked if asked.days in WINDOWS else asked.model_copy(update={"days": _DEFAULT_WINDOW})


def _address(asked: Query) -> str:
    known = asked.model_dump(exclude_none=True)
    return "&".join(f"{name}={value}" for name, value in known.items())


def _reason_lines(names: str, english: str) -> list[tuple[str, str]]:
    """Chinese and English name of each reason, one a line in the same order."""
    pairs = zip_longest(names.splitlines(), english.splitlines(), fillvalue="")
    return list({zh.strip(): en.strip() for zh, en in pairs if zh.strip()}.items())
