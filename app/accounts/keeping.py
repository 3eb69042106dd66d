"""Carries what somebody typed through the sign-in page when their session had ended.

Travels in the browser's own form, so nothing unsaved is stored on the server.
"""

import json
from typing import Final

from fastapi import Request

from app.web.forms import RawForm
from app.web.given_back import GivenBack, TypedField, given_back
from app.web.preferences import safe_back

FIELD: Final = "kept"
_MAX_FIELDS: Final = 400


def kept_from(request: Request) -> GivenBack | None:
    """What this request sent, if it sent anything a person would miss."""
    kept = given_back(request)
    return None if kept is None or kept.is_empty else kept


def pack(kept: GivenBack | None) -> str:
    """One hidden field that holds it all."""
    if kept is None:
        return ""
    fields = [[f.name, f.label, f.value, f.is_long] for f in kept.fields]
    packed = {"url": kept.url, "fields": fields, "carried": kept.carried, "files": kept.files}
    return json.dumps(packed, ensure_ascii=False)


def unpack(form: RawForm) -> GivenBack | None:
    """What `pack` made; None when there is nothing, or somebody tampered with it.

    It comes from the browser and goes back to it alone, escaped, with a form
    that needs this browser's token: tampering reaches nobody else.
    """
    try:
        packed = json.loads(form.text(FIELD) or "null")
        if packed is None:
            return None
        return GivenBack(
            url=safe_back(str(packed["url"])),
            fields=tuple(
                TypedField(str(name), str(label), str(value), bool(is_long))
                for name, label, value, is_long in packed["fields"][:_MAX_FIELDS]
            ),
            carried=tuple((str(n), str(v)) for n, v in packed["carried"][:_MAX_FIELDS]),
            files=tuple(str(name) for name in packed["files"][:_MAX_FIELDS]),
        )
    except (ValueError, KeyError, TypeError, RecursionError):
        return None
