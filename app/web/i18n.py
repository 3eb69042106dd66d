"""Which language a person reads, and the sentences in it.

Message ids are the English sentences; Chinese comes from the compiled catalogue, which must exist.
"""

from collections.abc import Mapping
from contextvars import ContextVar
from enum import StrEnum
from functools import cache, lru_cache
from gettext import GNUTranslations, NullTranslations
from pathlib import Path
from typing import Final

from babel import negotiate_locale
from markupsafe import escape

from app.paths import translations_dir

COOKIE: Final = "lang"


class Locale(StrEnum):
    """The languages of the screens, named as gettext names them."""

    ZH = "zh_CN"
    EN = "en"

    @property
    def tag(self) -> str:
        """As HTML and HTTP name it."""
        return "zh-CN" if self is Locale.ZH else "en"


class CatalogueMissingError(RuntimeError):
    """The compiled translations are not there."""

    def __init__(self, path: Path) -> None:
        super().__init__(
            f"The Chinese texts are missing: {path} does not exist. "
            "Run `python tools/translations.py compile` (or `make run`, which does it)."
        )


@cache
def catalogue(locale: Locale) -> NullTranslations:
    """The sentences of one language; English needs none.

    Raises:
        CatalogueMissingError: the file was never compiled.
    """
    if locale is Locale.EN:
        return NullTranslations()
    return read_catalogue(translations_dir() / locale / "LC_MESSAGES" / "messages.mo")


def read_catalogue(path: Path) -> GNUTranslations:
    """One compiled file.

    Raises:
        CatalogueMissingError: it is not there.
    """
    if not path.is_file():
        raise CatalogueMissingError(path)
    with path.open("rb") as file:
        return GNUTranslations(file)


_current: ContextVar[Locale] = ContextVar("locale", default=Locale.ZH)


def speak(locale: Locale) -> None:
    """Use this language for the rest of the present context (a request or a job)."""
    _current.set(locale)


def spoken() -> Locale:
    """The language of the present context."""
    return _current.get()


def gettext(msgid: str, /, **params: object) -> str:
    """The sentence in the present language, its `%(name)s` places filled."""
    return _filled(catalogue(_current.get()).gettext(msgid), params) if msgid else ""


def ngettext(singular: str, plural: str, num: int, /, **params: object) -> str:
    """The sentence for this number of things; `%(num)s` is the number itself."""
    text = catalogue(_current.get()).ngettext(singular, plural, num)
    return _filled(text, {"num": num, **params})


def _filled(text: str, params: Mapping[str, object]) -> str:
    if not params:
        return text
    if any(hasattr(value, "__html__") for value in params.values()):
        return escape(text) % params  # a link inside a sentence; the sentence itself is not markup
    return text % params


@lru_cache(maxsize=512)
def chosen(cookie: str | None, accept_language: str) -> Locale:
    """The language asked for: the cookie, else the browser's wish, else Chinese."""
    if cookie in {"zh", "en"}:
        return Locale.ZH if cookie == "zh" else Locale.EN
    wishes = [part.split(";")[0].strip().replace("-", "_") for part in accept_language.split(",")]
    primary = [wish.split("_")[0] for wish in wishes if wish]
    return Locale.EN if negotiate_locale(primary, ["zh", "en"]) == "en" else Locale.ZH
