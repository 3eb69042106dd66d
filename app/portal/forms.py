"""What the portal's forms may contain; every sentence a visitor gets back stands here.

Checks form only; what depends on the catalogue or the list of places is checked by the pages.
"""

from decimal import Decimal, InvalidOperation
from typing import Annotated, ClassVar, Final, Literal

from pydantic import BaseModel, BeforeValidator, Field, ValidationInfo, field_validator

from app.cases.kinds import SubjectKind
from app.catalogue.rules import CaseKind
from app.kernel.messages import mark
from app.kernel.text import clean_line, phone
from app.portal.rules import MAX_BODY, MAX_NAME, MAX_PLACE, MAX_SUBJECT, MIN_BODY, is_phone

TOO_LONG: Final = mark("This is too long. Shorten it to 5,000 characters.")
_PLACES: Final = Decimal("0.000001")


def _coordinate(value: object, limit: int) -> str:
    # Hidden fields of the map: nonsense in them is dropped, nobody could correct it.
    try:
        number = Decimal(str(value))
    except InvalidOperation:
        return ""
    return str(number.quantize(_PLACES)) if number.is_finite() and abs(number) <= limit else ""


def _latitude(value: object) -> str:
    return _coordinate(value, 90)


def _longitude(value: object) -> str:
    return _coordinate(value, 180)


class PlaceForm(BaseModel):
    """Where it is."""

    SENTENCES: ClassVar[dict[str, str]] = {
        "region": mark("Choose the district or street, or that it is not about one place."),
        "place": mark("The description of the place is too long. Shorten it."),
    }

    region: str = Field(title=mark("District or street"), min_length=1, max_length=12)
    place: str = Field("", title=mark("Place"), max_length=MAX_PLACE)
    lat: Annotated[str, BeforeValidator(_latitude)] = ""
    lon: Annotated[str, BeforeValidator(_longitude)] = ""

    @field_validator("place")
    @classmethod
    def _one_line(cls, value: str) -> str:
        return clean_line(value)


class DetailsForm(BaseModel):
    """What happened, in the visitor's words; a complaint may say what it is about."""

    SENTENCES: ClassVar[dict[str, str]] = {
        "kind": mark("Choose what you would like."),
        "body": mark("Describe the matter in at least a few words."),
        "subject_name": mark("The name is too long. Shorten it."),
    }

    kind: CaseKind = Field(title=mark("What you would like"))
    body: str = Field(title=mark("Details"), min_length=MIN_BODY)
    subject_kind: SubjectKind | None = Field(None, title=mark("What the complaint is about"))
    subject_name: str = Field("", title=mark("Its name, if you know it"), max_length=MAX_SUBJECT)

    @field_validator("body")
    @classmethod
    def _not_endless(cls, value: str) -> str:
        if len(value) > MAX_BODY:
            raise ValueError(TOO_LONG)
        return value


class ContactForm(BaseModel):
    """How to reach the visitor, or that they wish not to be known."""

    SENTENCES: ClassVar[dict[str, str]] = {
        "name": mark("The name is too long. Shorten it."),
    }

    anonymous: Literal["yes", "no", "secret"] = Field("no", title=mark("Your name"))
    name: str = Field("", title=mark("Name"), max_length=MAX_NAME, validate_default=True)
    phone: str = Field("", title=mark("Phone number"), validate_default=True)

    @field_validator("name")
    @classmethod
    def _named(cls, value: str, info: ValidationInfo) -> str:
        value = clean_line(value)
        if not value and info.data.get("anonymous") != "yes":
            raise ValueError(mark("Enter your name, so that we know whom to ask for."))
        return value

    @field_validator("phone")
    @classmethod
    def _reachable(cls, value: str, info: ValidationInfo) -> str:
        if info.data.get("anonymous") == "yes":
            return value
        if not value:
            raise ValueError(mark("Enter a phone number at which we can reach you."))
        number = phone(value)
        if not is_phone(number):
            raise ValueError(
                mark("Enter a mobile number with 11 digits, or a landline with its area code.")
            )
        return number


class TrackForm(BaseModel):
    """Number and code of a slip."""

    SENTENCES: ClassVar[dict[str, str]] = {
        "number": mark("Enter the number from your slip; it begins with RX."),
        "code": mark("Enter the query code from your slip; it has 8 signs."),
    }

    number: str = Field(title=mark("Number of the matter"), max_length=60)
    code: str = Field(title=mark("Query code"), max_length=30)


class _Words(BaseModel):
    @field_validator("*")
    @classmethod
    def _not_endless(cls, value: object) -> object:
        if isinstance(value, str) and len(value) > MAX_BODY:
            raise ValueError(TOO_LONG)
        return value


class MoreForm(_Words):
    """A supplement; files may take the place of words."""

    more: str = Field("", title=mark("What you want to add"))


class AnswerForm(_Words):
    """The answer to a question from staff."""

    SENTENCES: ClassVar[dict[str, str]] = {"answer": mark("Write your answer.")}

    answer: str = Field(title=mark("Your answer"))


class HearingForm(BaseModel):
    """Why an applicant wants to be heard."""

    hearing: Annotated[
        str, Field(min_length=1, max_length=2000, title=mark("Why you want to be heard"))
    ]


class PapersForm(_Words):
    """What an applicant hands in of what lacked."""

    SENTENCES: ClassVar[dict[str, str]] = {"papers": mark("Write what you are handing in.")}

    papers: str = Field(title=mark("What you are handing in"))


class ReopenForm(_Words):
    """Why the matter is not settled."""

    SENTENCES: ClassVar[dict[str, str]] = {"why": mark("Say what is not settled yet.")}

    why: str = Field(title=mark("What is not settled yet"))


class RecheckForm(_Words):
    """Why the finding on a complaint is not accepted."""

    SENTENCES: ClassVar[dict[str, str]] = {"objection": mark("Say what you do not agree with.")}

    objection: str = Field(title=mark("What you do not agree with"))


class DifferentForm(_Words):
    """Why a joined matter is another one."""

    SENTENCES: ClassVar[dict[str, str]] = {"different": mark("Say in what yours is different.")}

    different: str = Field(title=mark("In what yours is different"))


class WithdrawForm(_Words):
    """Why it is withdrawn; nobody has to say."""

    reason: str = Field("", title=mark("Reason"))
