"""Names as a clerk writes them: one spelling, nothing that is no name, no sign taken away.

A rare character in a name is that name, so no character is exchanged for a likelier one.
"""

import re
import unicodedata
from typing import Final

from app.citizens.rules.kinds import PartyKind
from app.kernel.errors import InvalidError
from app.kernel.messages import mark
from app.kernel.text import clean_line

LONGEST: Final[dict[PartyKind, int]] = {PartyKind.PERSON: 60, PartyKind.ORGANISATION: 120}
DOT: Final = "·"  # U+00B7, as identity cards print it: 阿卜杜拉·买买提
_DOTS: Final = re.compile(r"\s*[·•‧∙⋅・･᛫●˙⸱]+\s*")
_HAN: Final = "\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff\ue000-\uf8ff"
_POINT_IN_HAN: Final = re.compile(rf"(?<=[{_HAN}])\s*[.．。﹒]\s*(?=[{_HAN}])")
_BLANK_IN_HAN: Final = re.compile(rf"(?<=[{_HAN}{DOT}])\s+(?=[{_HAN}{DOT}])")
_FULL_WIDTH: Final = {0xFF01 + at: 0x21 + at for at in range(94)}
# A number in the name's field was meant for another one.
_NUMBER: Final = re.compile(r"\d{5}")
_PLAIN: Final = frozenset(" .-'’,()（）")
_IN_ORGANISATIONS: Final = frozenset(" .-'’,()（）&/、《》“”\"+#:：@!!")
_SELECTOR: Final = "\ufe0f"  # asks for a picture
# Letters, marks on them, 〇, and what old systems kept rare characters under.
_OF_NAMES: Final = ("L", "M", "Nl", "Co")


def read_name(text: str, kind: PartyKind = PartyKind.PERSON) -> str:
    """The name in its one spelling.

    Raises:
        InvalidError: there is none, it is too long, or it holds what no name holds.
    """
    name = spelt(text)
    if not name:
        raise InvalidError(mark("Fill this in."))
    if len(name) > LONGEST[kind]:
        raise InvalidError(mark("This is too long. Shorten it."))
    if _NUMBER.search(name) and kind is PartyKind.PERSON:
        raise InvalidError(mark("This looks like a number. Put it in the field it belongs to."))
    if not all(_may_stand(sign, kind) for sign in name):
        raise InvalidError(
            mark("A name holds no pictures or signs. Write it as the document does.")
        )
    if not any(unicodedata.category(sign).startswith(_OF_NAMES) for sign in name):
        raise InvalidError(mark("A name has at least one letter or character."))
    return name


def spelt(text: str) -> str:
    """Blanks, dots and full-width letters in one spelling; every character kept."""
    line = clean_line(text).translate(_FULL_WIDTH).replace("\u3000", " ").replace(_SELECTOR, "")
    line = _DOTS.sub(DOT, _POINT_IN_HAN.sub(DOT, line))
    return _BLANK_IN_HAN.sub("", line).strip(f" {DOT}")


def key_of(name: str) -> str:
    """By what two spellings of a name count as the same: no case, no blanks, no dots."""
    folded = unicodedata.normalize("NFKC", spelt(name)).casefold()
    return "".join(sign for sign in folded if sign.isalnum()) or folded


def _may_stand(sign: str, kind: PartyKind) -> bool:
    category = unicodedata.category(sign)
    if category.startswith(_OF_NAMES) or category == "Nd" or sign == DOT:
        return True
    return sign in (_PLAIN if kind is PartyKind.PERSON else _IN_ORGANISATIONS)
