"""A refusal's sentences in the reader's language, their places filled.

For pages that show a refused form again; what has no places may stay a msgid.
"""

from fastapi import Request

from app.kernel.errors import InvalidError
from app.web import i18n
from app.web.ui import locale_of


def said(request: Request, refusal: InvalidError) -> dict[str, str]:
    """What is wrong, by field; under "" where it concerns no single one."""
    i18n.speak(locale_of(request))
    fields = refusal.fields or {"": refusal.msgid}
    return {name: i18n.gettext(words, **refusal.params) for name, words in fields.items()}
