"""Page rendering: strict names, escaped output, one way to answer.

Templates compute nothing; a page receives one context and the frame called `ui`.
"""

import re
from collections.abc import Hashable, Mapping
from contextvars import ContextVar
from dataclasses import fields, is_dataclass
from datetime import date, datetime
from functools import cache, lru_cache
from typing import Any

from fastapi import Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from jinja2.runtime import Macro
from markupsafe import Markup, escape

from app.paths import template_dir
from app.web import i18n, ui
from app.web.assets import asset
from app.web.words import script_words

_ui: ContextVar[ui.Ui] = ContextVar("ui")
# Of the signs that mean nothing anywhere, so that no text holds them.
_OPENS, _CLOSES, _CHOICE = "\ue000", "\ue001", "="
_HOLE = re.compile(f"{_OPENS}(.*?){_CLOSES}")


class _Frame:
    """Stands for the `ui` of the page being rendered, so that imported macros see it too."""

    def __getattr__(self, name: str) -> object:
        return getattr(_ui.get(), name)


def _local_dt(at: datetime) -> str:
    return ui.written_time(at, _ui.get().zone)


def _local_date(day: date) -> str:
    if isinstance(day, datetime):
        return _local_dt(day)[:10]
    return ui.written_date(day)


def _local_time(at: datetime) -> str:
    return _local_dt(at)[11:]


def _number(value: float, digits: int = 0) -> str:
    return f"{value:,.{digits}f}"


def _percent(share: float | None, digits: int = 1) -> str:
    """A share of 0 to 1; a dash where there is nothing to divide by."""
    return "–" if share is None else f"{share * 100:.{digits}f}%"


def _kept(macro: Macro, *given: object) -> Markup:
    """What the macro makes of these values, drawn once per language and then remembered.

    For lines of lists that many people look at again and again; only for macros that
    say nothing about the reader and carry no token.
    """
    return _drawn(i18n.spoken(), macro, tuple(map(_frozen, given)))


def _frozen(given: object) -> Hashable:
    return tuple(given) if isinstance(given, list) else given


def hole(name: str) -> str:
    """Stands in something drawn once for what differs each time; `filled` puts it in."""
    return f"{_OPENS}{name}{_CLOSES}"


def _filled(drawn: Markup, values: Mapping[str, object], **more: object) -> Markup:
    """What was drawn with holes, with these values in them, escaped as everywhere.

    Raises:
        KeyError: a hole has no value.
    """
    known = {**values, **more}
    first, *rest = _cut(drawn)
    parts = [first]
    for name, text in zip(rest[::2], rest[1::2], strict=True):
        if name.startswith(_CHOICE):
            parts.append(_choosing(Markup(text), known[name[1:]]))  # noqa: S704  # drawn by a macro
        else:
            parts += (escape(known[name]) if name else "", text)
    return Markup("".join(parts))  # noqa: S704  # each escaped above, or drawn by a macro


@lru_cache(maxsize=512)
def _cut(drawn: str) -> tuple[str, ...]:
    return tuple(_HOLE.split(str(drawn)))


def _choosing(options: Markup, value: object) -> Markup:
    """The same options with the one of this value chosen."""
    if str(value).startswith(_OPENS):  # which one is said when the hole is filled
        name = str(value)[1:-1]
        return Markup(hole(_CHOICE + name)) + options + Markup(hole(""))  # noqa: S704  # ours
    plain = f'<option value="{escape(value)}">'
    chosen = f"{plain[:-1]} selected>"
    return Markup(str.replace(options, plain, chosen, 1))  # noqa: S704  # was markup, stays markup


@lru_cache(maxsize=2048)
def _drawn(_locale: i18n.Locale, macro: Macro, given: tuple[Hashable, ...]) -> Markup:
    return Markup(macro(*given))  # noqa: S704  # a macro escapes what it prints


@cache
def environment(*, auto_reload: bool = False) -> Environment:
    """The one Jinja environment of a process."""
    env = Environment(
        loader=FileSystemLoader(template_dir()),
        extensions=["jinja2.ext.i18n"],
        undefined=StrictUndefined,
        autoescape=True,
        auto_reload=auto_reload,
        trim_blocks=True,
        lstrip_blocks=True,
        cache_size=-1,
    )
    env.policies["ext.i18n.trimmed"] = True
    env.globals.update(
        ui=_Frame(),
        _=i18n.gettext,
        gettext=i18n.gettext,
        ngettext=i18n.ngettext,
        asset=asset,
        choosing=_choosing,
        filled=_filled,
        hole=hole,
        kept=_kept,
        local_dt=_local_dt,
        local_date=_local_date,
        local_time=_local_time,
        number=_number,
        percent=_percent,
        script_words=script_words,
    )
    return env


def render(request: Request, page: str, context: object = None, *, status: int = 200) -> Response:
    """A whole page, or only its `_main.html` when the browser asked for a part.

    `context` is a dataclass (its fields become the names the page sees) or a mapping.
    """
    is_part = "hx-request" in request.headers
    name = f"{page}/_main.html" if is_part else f"{page}.html"
    response = HTMLResponse(render_text(request, name, context), status)
    response.headers["Vary"] = "HX-Request, Cookie, Accept-Language"
    return response


def render_text(request: Request, template: str, context: object = None) -> str:
    """One template as text, in the reader's language."""
    frame = ui.ui_of(request)
    i18n.speak(frame.locale)
    token = _ui.set(frame)
    try:
        env = environment(auto_reload=request.app.state.settings.debug)
        return env.get_template(template).render(_names(context))
    finally:
        _ui.reset(token)


def _names(context: object) -> Mapping[str, Any]:
    if context is None:
        return {}
    if is_dataclass(context):
        return {part.name: getattr(context, part.name) for part in fields(context)}
    if isinstance(context, Mapping):
        return context
    msg = f"a page takes a dataclass or a mapping, not {type(context).__name__}"
    raise TypeError(msg)


def see_other(url: object) -> Response:
    """After a successful POST: go and look."""
    return RedirectResponse(str(url), status_code=303)
