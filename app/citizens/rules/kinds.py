"""The words the citizens package stores: kinds of party, document, contact, ground, mark.

Labels in both languages live with the pages; nothing here is shown as it stands.
"""

import re
from enum import StrEnum
from typing import Final

_DIGITS: Final = 9
_NUMBER: Final = re.compile(rf"[Cc](\d{{{_DIGITS},12}})")


class PartyKind(StrEnum):
    """Who asks: a natural person 自然人, or an organisation 法人或其他组织."""

    PERSON = "person"
    ORGANISATION = "organisation"


class CitizenState(StrEnum):
    """What may be done with the row; `MERGED` points to the one it became part of."""

    ACTIVE = "active"
    MERGED = "merged"
    RESTRICTED = "restricted"  # 个人信息保护法 art. 47: only stored and secured
    ANONYMISED = "anonymised"


class IdentifierKind(StrEnum):
    """A document or number that says who somebody is (rulebook §8)."""

    RESIDENT_ID = "resident_id"  # 公民身份号码, GB 11643
    HMT_RESIDENCE = "hmt_residence"  # 港澳台居民居住证, 81/82/83
    FOREIGN_PERMANENT = "foreign_permanent"  # 外国人永久居留身份证, 2023 form
    FOREIGN_PERMANENT_OLD = "foreign_permanent_old"  # three letters, twelve digits
    PASSPORT = "passport"
    HM_PERMIT = "hm_permit"  # 港澳居民来往内地通行证
    TW_PERMIT = "tw_permit"  # 台湾居民来往大陆通行证
    USCC = "uscc"  # 统一社会信用代码, GB 32100
    OTHER = "other"


class ContactKind(StrEnum):
    """A way to reach a citizen."""

    MOBILE = "mobile"
    LANDLINE = "landline"
    EMAIL = "email"
    ADDRESS = "address"


class Ground(StrEnum):
    """On what somebody acts for another: Civil Code arts. 23, 61, 161–165."""

    AGENT = "agent"  # 委托代理人, 代办人
    GUARDIAN = "guardian"  # 监护人
    LEGAL_REPRESENTATIVE = "legal_representative"  # 法定代表人
    CONTACT_PERSON = "contact_person"  # 单位联系人


class MarkKind(StrEnum):
    """Why somebody is served with special care."""

    SENIOR = "senior"  # 65+, also told by the birth year
    DISABLED = "disabled"
    MINOR = "minor"  # under 14: sensitive by law (个人信息保护法 art. 28)
    PREGNANT = "pregnant"
    VETERAN = "veteran"
    LOW_INCOME = "low_income"
    LANGUAGE = "language"  # needs an interpreter or sign language
    SAFETY = "safety"  # staff take care: earlier threats


class Visibility(StrEnum):
    """Who of the staff reads a tag or a note."""

    UNIT = "unit"
    EVERYONE = "everyone"

    def is_open_to(self, reader_unit_id: int, *, unit_id: int) -> bool:
        """Whether somebody of one unit reads what another wrote down."""
        return self is Visibility.EVERYONE or reader_unit_id == unit_id


def number_of(citizen_id: int) -> str:
    """The number staff see and type: `C000001234`. Tells nothing about the person."""
    return f"C{citizen_id:0{_DIGITS}d}"


def read_number(typed: str) -> int | None:
    """The citizen a typed number stands for; None where it is no such number."""
    found = _NUMBER.fullmatch(typed.strip())
    return int(found[1]) if found else None
