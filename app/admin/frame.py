"""What every administration page has: the ways at its side, and forms that come back with words.

Each page module adds its own line to `SECTIONS`; nobody sees a way they may not go.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final, TypeVar

from fastapi import Request
from fastapi.responses import Response
from pydantic import BaseModel

from app.accounts.deps import Visit, Work
from app.accounts.rules import Actor, Permission
from app.kernel.errors import ForbiddenError, InvalidError
from app.kernel.messages import mark
from app.web.forms import Parsed, RawForm, parse
from app.web.templating import render, see_other
from app.web.ui import Way, locale_of

Form = TypeVar("Form", bound=BaseModel)


@dataclass(frozen=True, slots=True)
class Section:
    """One part of the administration and what opens it."""

    label: str
    href: str
    needs: Permission
    purpose: str


SECTIONS: Final = (
    Section(
        mark("Units"),
        "/admin/units",
        Permission.UNIT_MANAGE,
        mark("Bureaus, streets, halls, crews"),
    ),
    Section(
        mark("Calendar"),
        "/admin/calendar",
        Permission.CALENDAR_MANAGE,
        mark("Working days, holidays, opening hours"),
    ),
    Section(
        mark("Queues"),
        "/admin/queues",
        Permission.UNIT_MANAGE,
        mark("Halls that give numbers: services, counters, rules of calling"),
    ),
    Section(
        mark("Catalogue"),
        "/admin/catalogue",
        Permission.CATALOGUE_MANAGE,
        mark("Categories, dispatch, time limits, reply texts"),
    ),
    Section(
        mark("Document templates"),
        "/admin/documents",
        Permission.CATALOGUE_MANAGE,
        mark("How receipts, notices and decisions look on paper"),
    ),
    Section(
        mark("Service items"),
        "/admin/items",
        Permission.CATALOGUE_MANAGE,
        mark("What can be applied for: limits, papers, questions, versions"),
    ),
    Section(
        mark("Types of facilities"),
        "/admin/facilities",
        Permission.CATALOGUE_MANAGE,
        mark("What can be broken: dangers, limits, photos; register and inspections"),
    ),
    Section(
        mark("Signals of many people"),
        "/admin/signals",
        Permission.CATALOGUE_MANAGE,
        mark("From how many people on, which words are grave, who is told of red"),
    ),
    Section(
        mark("Levels of supervision"),
        "/admin/levels",
        Permission.CATALOGUE_MANAGE,
        mark("Reminders, overdue notices, supervision orders: when, to whom, how long"),
    ),
    Section(
        mark("Messages to citizens"),
        "/admin/notices",
        Permission.SETTINGS_MANAGE,
        mark("What did not arrive, the words of notices, quiet hours"),
    ),
    Section(
        mark("Background work"),
        "/admin/background",
        Permission.SETTINGS_MANAGE,
        mark("Who watches deadlines and sends messages, and what could not be done"),
    ),
    Section(
        mark("Accounts"),
        "/admin/staff",
        Permission.ACCOUNT_MANAGE,
        mark("Open and close accounts, appoint, reset passwords"),
    ),
    Section(
        mark("Roles"),
        "/admin/roles",
        Permission.ACCOUNT_MANAGE,
        mark("What each role may do and who holds it"),
    ),
    Section(
        mark("Security"),
        "/admin/security",
        Permission.SECURITY_MANAGE,
        mark("Who is signed in, whose sign-in is blocked"),
    ),
    Section(
        mark("Keys of programs"),
        "/admin/partners",
        Permission.SECURITY_MANAGE,
        mark("Programs of other cities that bring in reports: rights, limits, use"),
    ),
    Section(
        mark("Looks at citizens"),
        "/admin/access",
        Permission.SECURITY_MANAGE,
        mark("Who had citizens' data shown in clear, and what is unusual in it"),
    ),
    Section(
        mark("Audit log"),
        "/admin/audit",
        Permission.AUDIT_READ,
        mark("Who did what, and whether the log is whole"),
    ),
)


def sections_of(actor: Actor) -> list[Section]:
    """The sections open to this person.

    Raises:
        ForbiddenError: none is; they administer nothing.
    """
    found = [section for section in SECTIONS if actor.may(section.needs)]
    if not found:
        raise ForbiddenError(mark("Your role does not include this."))
    return found


def show(
    request: Request, actor: Actor, page: str, context: Mapping[str, object], *, status: int = 200
) -> Response:
    """An administration page with its ways at the side."""
    path = request.url.path
    ways = [
        Way(s.label, s.href, path == s.href or path.startswith(f"{s.href}/"))
        for s in sections_of(actor)
    ]
    return render(request, page, {"sections": ways, **context}, status=status)


def language_of(request: Request) -> str:
    """The reader's language as names ask for it."""
    return locale_of(request).tag


def tried(visit: Visit, do: Callable[[Work], object]) -> dict[str, str]:
    """Do it in one transaction; the sentences by field if what was typed is refused."""
    try:
        with visit.writing() as work:
            do(work)
    except InvalidError as error:
        return error.fields or {"": error.msgid}
    return {}


def tried_form(
    visit: Visit, parsed: Parsed[Form], do: Callable[[Work, Form], object]
) -> dict[str, str]:
    """Do what was typed in one transaction; the sentences by field if anything is refused."""
    if parsed.value is None:
        return parsed.errors
    value = parsed.value
    return tried(visit, lambda work: do(work, value))


def sent(
    visit: Visit,
    form: RawForm,
    model: type[Form],
    do: Callable[[Work, Form], object],
    *,
    back: Callable[[Mapping[str, str], Mapping[str, str]], Response],
    to: str,
) -> Response:
    """What a sent form is answered with: the way on, or its page with the words and errors."""
    parsed = parse(model, form)
    errors = tried_form(visit, parsed, do)
    return back(parsed.values, errors) if errors else see_other(to)


class VersionForm(BaseModel):
    """A button that acts on what was seen."""

    version: int


def version_of(form: RawForm) -> int:
    """The version the person saw; one that fits nothing when it is missing."""
    parsed = parse(VersionForm, form)
    return parsed.value.version if parsed.value else -1
