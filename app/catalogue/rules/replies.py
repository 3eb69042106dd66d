"""Reply texts: which places they may hold and what a citizen would read.

Knows the variables, not the case they come from.
"""

import re
from collections.abc import Mapping
from typing import Final

from app.kernel.errors import InvalidError
from app.kernel.messages import mark

_PLACE: Final = re.compile(r"\{([^{}]*)\}")
_STRAY: Final = re.compile(r"[{}]")

# name -> what it stands for; the order is the order of the help beside the editor.
REPLY_VARIABLES: Final[Mapping[str, str]] = {
    "name": mark("How the citizen is addressed, masked"),
    "number": mark("Case number"),
    "title": mark("Title of the matter"),
    "category": mark("Category"),
    "place": mark("Place"),
    "unit": mark("Unit in charge"),
    "phone": mark("Telephone of the unit"),
    "due": mark("Day by which it must be done"),
    "today": mark("Today's date"),
}

# Shown in previews; a made-up matter in the demo city.
SAMPLE_VALUES: Final[Mapping[str, str]] = {
    "name": "王*",
    "number": "RX99010120260302000017",
    "title": "小区门口路灯连续多日不亮",
    "category": "路灯照明",
    "place": "青禾区槐荫路街道春晓社区",
    "unit": "示例市城市照明中心",
    "phone": "0000-6000042",
    "due": "2026年3月9日",
    "today": "2026年3月2日",
}


def variables_in(body: str) -> tuple[str, ...]:
    """The names between braces, each once, in order of appearance."""
    return tuple(dict.fromkeys(_PLACE.findall(body)))


def check_reply(body: str) -> None:
    """Refuse a text that could reach a citizen with a hole in it.

    Raises:
        InvalidError: an unknown variable, or a brace without its partner.
    """
    unknown = [name for name in variables_in(body) if name not in REPLY_VARIABLES]
    if unknown:
        raise InvalidError(
            mark("Unknown variable: %(name)s. Please use one of those listed."),
            fields={"body": mark("The text holds a variable that does not exist.")},
            name="{" + unknown[0] + "}",
        )
    if _STRAY.search(_PLACE.sub("", body)):
        sentence = mark("A brace has no partner. Variables look like {number}.")
        raise InvalidError(sentence, fields={"body": sentence})


def render_reply(body: str, values: Mapping[str, str]) -> str:
    """The text with its places filled; what is put in is never read as a place again.

    Raises:
        InvalidError: an unknown variable, or one that this matter has no value for.
    """
    check_reply(body)
    missing = [name for name in variables_in(body) if not values.get(name)]
    if missing:
        raise InvalidError(
            mark("This matter has nothing to put in for %(name)s."),
            fields={"body": mark("The text holds a variable this matter has no value for.")},
            name="{" + missing[0] + "}",
        )
    return _PLACE.sub(lambda place: values[place[1]], body)
