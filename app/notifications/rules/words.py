"""The words of notices: which there are, what may stand in them, how they are filled and counted.

Pure. A text is edited with places in braces, such as {number}; the sentences of the house
are marked in code with %(number)s and mean the same.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from typing import Any, Final

from app.cases.workflows import notices
from app.kernel.messages import mark

ARRIVED: Final = mark("Your matter %(number)s has arrived. You can follow it on its page.")
# A confidential matter may lie with a unit whose very name, or step, would give it away.
NEWS: Final = mark("There is news about your matter %(number)s. Please read it on its page.")
INVITATION: Final = mark("How satisfied are you with matter %(number)s? Please tell us.")

LINK: Final = "link"
LONGEST: Final = 500
MOST_PARTS: Final = 5
_MARKED: Final = re.compile(r"%\((\w+)\)[sd]")
_PLACE: Final = re.compile(r"\{([^{}]*)\}")
# GSM 03.38, the letters a short message packs 160 to a part; anything else halves it.
_GSM: Final = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡"
    "ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
_GSM_TWICE: Final = frozenset("^{}\\[~]|€")


@dataclass(frozen=True, slots=True)
class Parts:
    """How long a short message is: its signs as the network counts them, and its parts."""

    signs: int
    parts: int


@cache
def kinds() -> Mapping[str, str]:
    """Every notice whose words can be edited: its code, and the sentence of the house."""
    own = {"arrived": ARRIVED, "news": NEWS, "invitation": INVITATION}
    steps = {
        name.lower(): words
        for name, words in vars(notices).items()
        if name.isupper() and isinstance(words, str)
    }
    return own | steps


@cache
def code_of(msgid: str) -> str:
    """The code of the notice with this sentence; a digest for one whose words cannot be edited."""
    named = {words: code for code, words in kinds().items()}
    return named.get(msgid) or sha256(msgid.encode()).hexdigest()[:16]


def in_braces(words: str) -> str:
    """A sentence of the house as it is edited."""
    return _MARKED.sub(r"{\1}", words)


def places_in(words: str) -> set[str]:
    """The places of a text in braces."""
    return set(_PLACE.findall(words))


def allowed_in(code: str) -> frozenset[str]:
    """What may stand in this notice: what its own sentence knows, and the way to the page."""
    return frozenset(_MARKED.findall(kinds()[code])) | {LINK}


def flaw_of(code: str, words: str) -> str:
    """What is wrong with an edited text, as a sentence; "" if nothing is."""
    known = allowed_in(code)
    if not words.strip():
        return mark("Please write the text.")
    if len(words) > LONGEST:
        return mark("This text is too long. At most 500 characters.")
    if places_in(words) - known or re.search(r"[{}]", _PLACE.sub("", words)):
        return mark("Something in braces is not known here. Use only the places listed.")
    if "number" in known and "number" not in places_in(words):
        return mark("The number is missing: the citizen must know which matter is meant.")
    return ""


def filled(words: str, values: Mapping[str, Any]) -> str:
    """The text with its places filled, all but the link's; one without a value stays empty."""
    return _PLACE.sub(
        lambda found: found[0] if found[1] == LINK else str(values.get(found[1], "")), words
    )


def with_link(words: str, link: str) -> str:
    """The text with the way to the page: where it says so, or at its end."""
    if LINK in places_in(words):
        return words.replace("{" + LINK + "}", link)
    return f"{words} {link}".strip()


def parts_of(text: str) -> Parts:
    """How many parts a short message takes: 70 or 67 signs each, 160 or 153 without Chinese.

    Source: 3GPP TS 23.038 and 23.040.
    """
    if all(sign in _GSM or sign in _GSM_TWICE for sign in text):
        signs, alone, together = len(text) + sum(s in _GSM_TWICE for s in text), 160, 153
    else:
        signs, alone, together = len(text.encode("utf-16-le")) // 2, 70, 67
    return Parts(signs, 1 if signs <= alone else -(-signs // together))
