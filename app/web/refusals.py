"""A refusal's sentences in the reader's language, their places filled.

For pages that show a refused form again; what has no places may stay a msgid.
"""

from app.kernel.errors import InvalidError
from app.web import i18n


def said(refusal: InvalidError) -> dict[str, str]:
    """What is wrong, by field; under "" where it concerns no single one."""
    fields = refusal.fields or {"": refusal.msgid}
    return {name: i18n.gettext(words, **refusal.params) for name, words in fields.items()}
