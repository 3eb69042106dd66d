"""A few routes that do on purpose what real pages do by accident."""

from datetime import timedelta
from typing import Annotated, ClassVar

from fastapi import APIRouter, Request
from fastapi.responses import Response
from pydantic import BaseModel, Field, StringConstraints, field_validator
from sqlalchemy import select, text

from app.departments.models import Unit
from app.departments.rules import UnitKind
from app.kernel.errors import ConflictError, ForbiddenError, InvalidError, NotFoundError
from app.web.deps import EdgeDep
from app.web.errors import answer, problem_of
from app.web.forms import FormDep, parse
from app.web.given_back import GivenBack
from app.web.i18n import gettext
from app.web.models import RateCounter
from app.web.proof import ProofPage, admit
from app.web.ratelimit import Limit
from app.web.templating import render, see_other

router = APIRouter(prefix="/probe")

LIMIT = Limit("probe", timedelta(hours=1), free=2, most=6)


class ProbeForm(BaseModel):
    SENTENCES: ClassVar[dict[str, str]] = {"title": "Give it a title."}

    title: Annotated[str, StringConstraints(max_length=20)] = Field(title="Title")
    body: str = ""
    number: int = 0
    tags: list[str] = []

    @field_validator("body")
    @classmethod
    def _not_shouting(cls, value: str) -> str:
        if value == "!!!":
            msg = "Describe it in words."
            raise ValueError(msg)
        return value


@router.get("/form")
def show(request: Request) -> Response:
    return render(request, "shared/proof", ProofPage(GivenBack("/probe/form"), "", 1))


@router.get("/token/{token}")
def by_token(token: str) -> dict[str, str]:
    return {"token": token}


@router.get("/words")
async def words() -> str:
    """In the loop of the server itself, where nothing else chooses a language."""
    return gettext("Save")


@router.get("/number/{number}")
def by_number(number: int) -> dict[str, int]:
    return {"number": number}


@router.post("/form")
def save(request: Request, form: FormDep, edge: EdgeDep) -> Response:
    parsed = parse(ProbeForm, form)
    if parsed.value is None:
        error = InvalidError(fields=parsed.errors)
        return answer(request, problem_of(request, error))
    with edge.writing() as session:
        bucket = parsed.value.body.encode()[:16]
        session.add(RateCounter(bucket=bucket, ends_at=edge.now(), count=1))
    return see_other("/probe/form")


@router.post("/echo")
def echo(form: FormDep) -> dict[str, object]:
    names = [file.filename for file in form.files("photos")]
    return {"values": form.values, "lists": form.lists, "files": names}


@router.post("/refused/{kind}")
def refuse(kind: str, _form: FormDep) -> Response:
    errors = {
        "forbidden": ForbiddenError("Not yours."),
        "not_found": NotFoundError("No such thing."),
        "invalid": InvalidError("Not like this.", fields={"title": "Give it a title."}),
        "conflict": ConflictError(
            "Too late.", stored={"Reply": "what is stored"}, fresh={"version": "8"}
        ),
    }
    raise errors[kind]


@router.post("/look-and-write")
def write(form: FormDep, edge: EdgeDep) -> Response:
    with edge.reading() as session:
        session.scalars(select(RateCounter)).all()
    with edge.writing() as session:
        session.add(RateCounter(bucket=form.text("body").encode(), ends_at=edge.now(), count=1))
    return see_other("/probe/form")


@router.post("/broken")
def broken(form: FormDep) -> Response:
    msg = f"it broke over {form.text('body')}"
    raise ZeroDivisionError(msg)


@router.post("/uncommitted")
def fail_at_commit(_form: FormDep, edge: EdgeDep) -> Response:
    with edge.writing() as session:
        # SQLite then looks at the missing parent when it commits, not before.
        session.execute(text("PRAGMA defer_foreign_keys=ON"))
        session.add(Unit(code="X", name="X", kind=UnitKind.BUREAU, parent_id=999))
        return see_other("/probe/form")


@router.post("/door")
def knock(request: Request, form: FormDep, edge: EdgeDep) -> Response:
    with edge.writing() as session:
        if refusal := admit(request, session, form, LIMIT, now=edge.now()):
            return refusal
    return see_other("/probe/form")
