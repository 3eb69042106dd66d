"""What a browser sends in a form: fields and files, cleaned, its token already verified.

Reads the body in the event loop, so that handlers stay synchronous; stores nothing.
"""

import unicodedata
from collections.abc import AsyncIterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Annotated, Any, Final, Generic, TypeVar, get_args, get_origin

from fastapi import Depends, Request
from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails
from starlette.datastructures import FormData, UploadFile
from starlette.exceptions import HTTPException

from app.kernel.errors import ForbiddenError, InvalidError
from app.kernel.messages import mark
from app.kernel.text import clean, whole_number
from app.settings import Settings
from app.web.security import CSRF_FIELD, csrf_holds

MAX_FIELDS: Final = 400
_MOST_FILES: Final = 100  # far more than is taken: "too many" is said beside the field
_LARGEST: Final = 2**63 - 1  # a key in either database
T = TypeVar("T", bound=BaseModel)
_TOO_LARGE: Final = mark("What you sent is too large.")
_UNREADABLE: Final = mark("This could not be understood.")


class FormExpiredError(ForbiddenError):
    """The form was not made for this browser, or its session has changed since."""

    code = "form_expired"


class TooLargeError(InvalidError):
    """More was sent than this address accepts."""

    code = "too_large"


@dataclass(frozen=True, slots=True)
class RawForm:
    """The fields of one submitted form; `labels` grows when a model is parsed from it."""

    values: dict[str, str] = field(default_factory=dict)
    lists: dict[str, list[str]] = field(default_factory=dict)
    uploads: dict[str, tuple[UploadFile, ...]] = field(default_factory=dict)
    labels: dict[str, str] = field(default_factory=dict)

    def text(self, name: str) -> str:
        """The one value of a field, or nothing."""
        return self.values.get(name, "")

    def files(self, name: str) -> tuple[UploadFile, ...]:
        """The files really chosen for a field; an empty chooser counts as none."""
        return self.uploads.get(name, ())


@dataclass(frozen=True, slots=True)
class Parsed(Generic[T]):
    """Either a value or the sentences to show; what was typed is kept in both cases."""

    value: T | None
    errors: dict[str, str]
    values: dict[str, str]


async def _checked(request: Request) -> AsyncIterator[RawForm]:
    """The form of this request.

    Raises:
        FormExpiredError: the token is missing or belongs to another browser.
        TooLargeError: a field or the whole form is larger than allowed.
    """
    settings: Settings = request.app.state.settings
    data = await _body(request, settings)
    try:
        raw = _sorted_out(data)
        request.state.typed = raw
        token = data.get(CSRF_FIELD)
        if not isinstance(token, str) or not csrf_holds(request, token):
            raise FormExpiredError(mark("This form was open for too long or in another window."))
        yield raw
    finally:
        await data.close()


FormDep = Annotated[RawForm, Depends(_checked)]


async def _body(request: Request, settings: Settings) -> FormData:
    is_multipart = request.headers.get("content-type", "").startswith("multipart/")
    limit = settings.max_upload_bytes if is_multipart else settings.max_form_bytes
    length = request.headers.get("content-length", "")
    said = whole_number(length)
    if length.isdecimal() and (said is None or said > limit):
        await _drain(request)
        raise TooLargeError(_TOO_LARGE)
    try:
        return await request.form(
            max_files=_MOST_FILES,
            max_fields=MAX_FIELDS,
            max_part_size=settings.max_form_bytes,
        )
    except HTTPException as error:
        await _drain(request)
        is_large = any(word in error.detail for word in ("exceeded", "Too many"))
        raise TooLargeError(_TOO_LARGE) if is_large else InvalidError(_UNREADABLE) from error


async def _drain(request: Request) -> None:
    # Unread, the rest would make browsers show "connection reset" instead of our page.
    with suppress(RuntimeError):  # it has been read to its end already
        async for _ in request.stream():
            pass


def _sorted_out(data: FormData) -> RawForm:
    raw = RawForm()
    uploads: dict[str, list[UploadFile]] = {}
    for name, value in data.multi_items():
        if isinstance(value, UploadFile):
            if value.filename:  # chosen; whether anything is in it is said by whoever reads it
                uploads.setdefault(name, []).append(value)
        elif name != CSRF_FIELD:
            # A password is taken as it is: cleaning would change it.
            text = value if "password" in name else clean(value)
            raw.values.setdefault(name, text)
            raw.lists.setdefault(name, []).append(text)
    raw.uploads.update({name: tuple(files) for name, files in uploads.items()})
    return raw


def parse(model: type[T], raw: RawForm) -> Parsed[T]:
    """Read a form into a model, or say per field what is wrong.

    A field left empty counts as not sent. Sentences: a `ValueError` raised in a
    validator speaks for itself (a marked msgid); else the model's `SENTENCES`
    for that field; else a general one for the kind of mistake.
    """
    data: dict[str, Any] = {}
    for name, info in model.model_fields.items():
        key = info.alias or name
        if info.title:
            raw.labels[key] = info.title
        if get_origin(info.annotation) in {list, tuple, set, frozenset}:
            data[key] = [value for value in raw.lists.get(key, []) if value]
        elif raw.text(key):
            data[key] = _plain(raw.text(key), info.annotation)
    try:
        value = model.model_validate(data)
    except ValidationError as error:
        own: Mapping[str, str] = getattr(model, "SENTENCES", {})
        errors: dict[str, str] = {}
        for detail in error.errors(include_url=False, include_input=False):
            name = str(detail["loc"][0]) if detail["loc"] else ""
            errors.setdefault(name, _sentence(detail, own.get(name)))
        return Parsed(None, errors, raw.values)
    errors = _too_large_in(value)
    return Parsed(None if errors else value, errors, raw.values)


def _too_large_in(value: BaseModel) -> dict[str, str]:
    # Python counts without end, databases do not.
    return {
        name: _GENERAL["less_than"]
        for name, number in value
        if isinstance(number, int) and abs(number) > _LARGEST
    }


def _plain(text: str, annotation: object) -> str:
    # Chinese keyboards type full-width digits; words stay as they were written.
    is_words = annotation is str or str in get_args(annotation)
    return text if is_words else unicodedata.normalize("NFKC", text)


_GENERAL: Final = {
    "missing": mark("Fill this in."),
    "too_short": mark("Choose at least one."),
    "string_too_short": mark("Write a little more."),
    "string_too_long": mark("This is too long. Shorten it."),
    "too_long": mark("These are too many."),
    "enum": mark("Choose one of the answers offered."),
    "literal_error": mark("Choose one of the answers offered."),
    "bool_parsing": mark("Choose one of the answers offered."),
    "int_parsing": mark("Enter a whole number."),
    "int_from_float": mark("Enter a whole number."),
    "float_parsing": mark("Enter a number."),
    "decimal_parsing": mark("Enter a number."),
    "greater_than": mark("This number is too small."),
    "greater_than_equal": mark("This number is too small."),
    "less_than": mark("This number is too large."),
    "less_than_equal": mark("This number is too large."),
    "date_from_datetime_parsing": mark("Enter a date such as 2026-03-15."),
    "date_parsing": mark("Enter a date such as 2026-03-15."),
    "time_parsing": mark("Enter a time such as 09:30."),
    "datetime_parsing": mark("Enter a date and a time such as 2026-03-15 09:30."),
    "datetime_from_date_parsing": mark("Enter a date and a time such as 2026-03-15 09:30."),
}


def _sentence(detail: ErrorDetails, own: str | None) -> str:
    if detail["type"] == "value_error":
        return str(detail["ctx"]["error"])
    return own or _GENERAL.get(detail["type"], mark("This does not look right."))
