"""What a person may ask about the data held of them, how a request stands, why one is refused.

Pure. Rights are those of 个人信息保护法 arts. 44–50 and 网络数据安全管理条例 art. 23 (rulebook §7).
"""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final

SUBJECT: Final = "data_request"  # what its clock belongs to
MAX_TEXT: Final = 2000
_DIGITS: Final = 6
# [S] how long a package made for somebody lies ready to be handed over.
PACKAGE_DAYS: Final = 30
CHILD_AGE: Final = 14  # 个人信息保护法 art. 31


class RequestKind(StrEnum):
    """What is asked."""

    ACCESS = "access"  # 查阅, art. 45
    COPY = "copy"  # 复制, art. 45
    CORRECTION = "correction"  # 更正、补充, art. 46
    DELETION = "deletion"  # 删除, art. 47
    RESTRICTION = "restriction"  # 限制处理, art. 44
    EXPLANATION = "explanation"  # 解释说明, art. 48
    ACCOUNT_CLOSE = "account_close"  # 注销账号, 网络数据安全管理条例 art. 23


class RequestStatus(StrEnum):
    """How far a request has come."""

    OPEN = "open"
    PROPOSED = "proposed"  # an erasure waits for a second person
    DONE = "done"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"


class RefusalGround(StrEnum):
    """Why a request may be refused; every refusal names one, and the way to complain."""

    NOT_IDENTIFIED = "not_identified"
    LAW_KEEPS = "law_keeps"  # art. 47: a law or regulation prescribes longer keeping
    LEGAL_HOLD = "legal_hold"
    STILL_NEEDED = "still_needed"  # the purpose has not ended
    RIGHTS_OF_OTHERS = "rights_of_others"
    NOT_HELD = "not_held"
    SECRECY = "secrecy"  # arts. 18, 35: the law orders secrecy


class IdentityProof(StrEnum):
    """How it was made sure that the person asking is the person meant."""

    DOCUMENT = "document"  # an identity document seen at the window
    CODE = "code"  # a one-time code to a number or address on file
    CALLBACK = "callback"  # called back at the number on file
    AUTHORITY = "authority"  # a guardian's or agent's paper seen


class Told(StrEnum):
    """How somebody who asked learns of the answer."""

    MESSAGE = "message"  # a text message or an e-mail, sent by the house itself
    LETTER = "letter"  # printed and posted
    COUNTER = "counter"  # told in person at the window
    PHONE = "phone"
    UNREACHABLE = "unreachable"  # nobody knows a way; tried, and written down


# What a person at the desk may write down; a message writes itself down.
BY_HAND: Final = (Told.LETTER, Told.COUNTER, Told.PHONE, Told.UNREACHABLE)


class Source(StrEnum):
    """By what way a request or a consent reached us."""

    PORTAL = "portal"
    COUNTER = "counter"
    PHONE = "phone"
    LETTER = "letter"


def ground_in(language: str, chinese: str, english: str) -> str:
    """A ground in the language of the reader; Chinese where nobody wrote it in English."""
    return chinese if language.startswith("zh") else english or chinese


@dataclass(frozen=True, slots=True)
class AnswerLimit:
    """How many working days an answer may take, and how many an extension may add."""

    work_days: int
    more_days: int
    basis_text: str
    is_sample: bool
    basis_text_en: str = ""

    def basis(self, language: str) -> str:
        """The ground in the language of the reader; Chinese where nobody wrote it in English."""
        return ground_in(language, self.basis_text, self.basis_text_en)


# [S] rulebook §7: the law says 及时 only; the city sets its own on the page of limits.
SAMPLE_LIMIT: Final = AnswerLimit(
    15,
    15,
    "系统示例值，法律只要求“及时”，请按本市规定修改",
    is_sample=True,
    basis_text_en="Sample value of the system; the law says no more than “in time”, set your own",
)
LIVING: Final = frozenset({RequestStatus.OPEN, RequestStatus.PROPOSED})
# What cannot be taken back needs two people.
ERASING: Final = frozenset({RequestKind.DELETION, RequestKind.ACCOUNT_CLOSE})
# What is answered with a package of everything held.
PACKAGED: Final = frozenset({RequestKind.ACCESS, RequestKind.COPY})


def number_of_request(request_id: int) -> str:
    """What people call a request: `R000123`."""
    return f"R{request_id:0{_DIGITS}d}"


def may_be_under_14(birth_year: int | None, today: date) -> bool:
    """Whether somebody born in that year could still be under 14; only the year is known.

    Source: 个人信息保护法 arts. 28 and 31. In the year of the 14th birthday the answer is yes.
    """
    return birth_year is not None and today.year - birth_year <= CHILD_AGE
