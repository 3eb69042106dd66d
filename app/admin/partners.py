"""Pages for the keys of partners' programs: give one out, change what it reaches, revoke it.

A key is shown once, on the page that answers its making; afterwards nobody can read it again.
"""

from collections.abc import Mapping
from functools import partial
from typing import Annotated, ClassVar, Final

from fastapi import APIRouter, Request
from fastapi.responses import Response
from pydantic import BaseModel, Field

from app.accounts.deps import Visit, VisitDep, Work
from app.accounts.rules import Permission
from app.admin.frame import sent, show, tried_form, version_of
from app.facilities import queries as facilities
from app.kernel.errors import InvalidError
from app.kernel.messages import mark
from app.partners import queries, service
from app.partners.models import PartnerKey
from app.partners.rules import USUAL_AN_HOUR, KeyTerms, Right, codes_in
from app.web.forms import FormDep, parse
from app.web.templating import see_other

_PAGE: Final = "/admin/partners"
_RIGHTS: Final = (
    (Right.READ, mark("Read back whole what it brought in itself, before it is released")),
    (Right.CREATE, mark("Bring in reports")),
    (Right.UPDATE, mark("Add updates to reports")),
)
router = APIRouter(prefix=_PAGE)


class KeyForm(BaseModel):
    """What is typed about a key."""

    SENTENCES: ClassVar = {"hourly": mark("Enter a number from 1 to 100,000.")}

    name: Annotated[str, Field(max_length=200, title=mark("Program"))] = ""
    may_read: bool = False
    may_create: bool = False
    may_update: bool = False
    codes: Annotated[str, Field(max_length=4000, title=mark("Only for these services"))] = ""
    hourly: int = USUAL_AN_HOUR
    version: int = 0

    def terms(self) -> KeyTerms:
        """The form as the service takes it."""
        held = {
            Right.READ: self.may_read,
            Right.CREATE: self.may_create,
            Right.UPDATE: self.may_update,
        }
        rights = frozenset(right for right, is_held in held.items() if is_held)
        return KeyTerms(self.name.strip(), rights, codes_in(self.codes), self.hourly)


@router.get("")
def show_list(request: Request, visit: VisitDep) -> Response:
    """All keys, those in use first."""
    with visit.reading() as work:
        work.actor.require(Permission.SECURITY_MANAGE)
        context = {"keys": queries.list_keys(work.session)}
        return show(request, work.actor, "admin/partners", context)


@router.get("/new")
def show_new(request: Request, visit: VisitDep) -> Response:
    """An empty form."""
    values = {"may_create": "true", "may_update": "true", "hourly": str(USUAL_AN_HOUR)}
    return _form(request, visit, None, values, {})


@router.post("")
def give_out(request: Request, visit: VisitDep, form: FormDep) -> Response:
    """Give a key out and show it, once."""
    parsed = parse(KeyForm, form)
    made: list[tuple[str, str]] = []

    def do(work: Work, value: KeyForm) -> None:
        terms = _checked(work, value)
        key, secret = service.give_out(
            work.session, terms, actor=work.actor, by=work.author, now=work.now
        )
        made.append((key.name, secret))

    errors = tried_form(visit, parsed, do)
    if errors:
        return _form(request, visit, None, parsed.values, errors)
    with visit.reading() as work:
        context = {"name": made[0][0], "secret": made[0][1]}
        return show(request, work.actor, "admin/partner_key", context)


@router.get("/{key_id}")
def show_one(request: Request, visit: VisitDep, key_id: int) -> Response:
    """One key, to be changed or revoked."""
    return _form(request, visit, key_id, None, {})


@router.post("/{key_id}")
def change(request: Request, visit: VisitDep, key_id: int, form: FormDep) -> Response:
    """Change what a key reaches."""

    def do(work: Work, value: KeyForm) -> None:
        service.change(
            work.session,
            key_id,
            _checked(work, value),
            seen=value.version,
            actor=work.actor,
            by=work.author,
            now=work.now,
        )

    back = partial(_form, request, visit, key_id)
    return sent(visit, form, KeyForm, do, back=back, to=_PAGE)


@router.post("/{key_id}/revoke")
def revoke(visit: VisitDep, key_id: int, form: FormDep) -> Response:
    """Let nobody in with this key any more."""
    with visit.writing() as work:
        service.revoke(
            work.session,
            key_id,
            seen=version_of(form),
            actor=work.actor,
            by=work.author,
            now=work.now,
        )
    return see_other(_PAGE)


def _checked(work: Work, value: KeyForm) -> KeyTerms:
    terms = value.terms()
    wrong = terms.problems()
    known = {one.code for one in facilities.list_types(work.session)}
    if not set(terms.codes) <= known:
        wrong["codes"] = mark(
            "One of these services does not exist. Write their codes, such as 0120."
        )
    if wrong:
        raise InvalidError(fields=wrong)
    return terms


def _form(
    request: Request,
    visit: Visit,
    key_id: int | None,
    typed: Mapping[str, str] | None,
    errors: Mapping[str, str],
) -> Response:
    with visit.reading() as work:
        work.actor.require(Permission.SECURITY_MANAGE)
        key = queries.get_key(work.session, key_id) if key_id is not None else None
        context = {
            "key": key,
            "rights": [(f"may_{right}", words) for right, words in _RIGHTS],
            "values": typed if typed is not None or key is None else _values(key),
            "errors": errors,
        }
        status = 422 if errors else 200
        return show(request, work.actor, "admin/partner_form", context, status=status)


def _values(key: PartnerKey) -> dict[str, str]:
    held = {f"may_{right}": "true" for right in key.terms.rights}
    return {"name": key.name, "codes": " ".join(key.codes), "hourly": str(key.hourly), **held}
