"""Gives typed text back when it could not be saved, in a form that can be sent again.

Never holds passwords or tokens; files cannot be given back, so they are named.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from fastapi import Request

from app.kernel.messages import mark
from app.web.forms import RawForm

# Fields of forms all over the house, where no form model says what they are called.
_COMMON: Final = {
    "title": mark("Title"),
    "body": mark("Details"),
    "text": mark("Text"),
    "words": mark("Your words"),
    "note": mark("Note"),
    "reason": mark("Reason"),
    "reply": mark("Reply"),
    "answer": mark("Answer"),
    "public_text": mark("Text for the citizen"),
    "internal_text": mark("Internal text"),
    "place": mark("Place"),
    "name": mark("Name"),
    "phone": mark("Phone number"),
}
_NEVER: Final = re.compile(r"password|secret|otp|csrf|altcha|wait_token")
_PROSE: Final = re.compile(r"[\u3400-\u9fff]|\s")
_LONG: Final = 60


@dataclass(frozen=True, slots=True)
class TypedField:
    """One visible field of the form that is given back."""

    name: str
    label: str
    value: str
    is_long: bool


@dataclass(frozen=True, slots=True)
class GivenBack:
    """What was sent to `url`: fields to look over again, the rest carried along unseen."""

    url: str
    fields: tuple[TypedField, ...] = ()
    carried: tuple[tuple[str, str], ...] = ()
    files: tuple[str, ...] = ()

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing a person would miss."""
        return not self.fields and not self.files


def given_back(
    request: Request,
    *,
    fresh: Mapping[str, str] | None = None,
    without: frozenset[str] = frozenset(),
) -> GivenBack | None:
    """What this request sent, or nothing when it sent no form.

    `fresh` replaces carried values (the version now stored); `without` drops names.
    """
    raw = getattr(request.state, "typed", None)
    if not isinstance(raw, RawForm):
        return None
    fields: list[TypedField] = []
    carried: list[tuple[str, str]] = []
    for name, values in raw.lists.items():
        if name in without or _NEVER.search(name):
            continue
        label = raw.labels.get(name) or _COMMON.get(name, "")
        if fresh and name in fresh:
            carried.append((name, fresh[name]))
        elif len(values) == 1 and (label or _is_prose(values[0])):
            is_long = "\n" in values[0] or len(values[0]) > _LONG
            fields.append(TypedField(name, label, values[0], is_long))
        else:
            carried.extend((name, value) for value in values)
    names = [str(file.filename) for files in raw.uploads.values() for file in files]
    return GivenBack(_address(request), tuple(fields), tuple(carried), tuple(names))


def _is_prose(value: str) -> bool:
    return bool(_PROSE.search(value)) or len(value) > _LONG


def _address(request: Request) -> str:
    query = request.url.query
    return f"{request.url.path}?{query}" if query else request.url.path
