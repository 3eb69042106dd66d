"""What the forms of my page may contain, and the sentences they are given back with."""

from typing import Annotated, ClassVar, Literal

from pydantic import BaseModel, Field, field_validator

from app.citizens.rules import ContactKind
from app.kernel.messages import mark
from app.kernel.text import clean_line
from app.mypage.rules import read_code, read_contact
from app.portal.rules import MAX_NAME

NO_CONTACT = mark("Enter a mobile number with 11 digits, or an e-mail address.")


class ContactForm(BaseModel):
    """A mobile number or an e-mail address."""

    SENTENCES: ClassVar[dict[str, str]] = {"contact": NO_CONTACT}

    contact: str = Field(title=mark("Mobile number or e-mail address"), max_length=300)

    @field_validator("contact")
    @classmethod
    def _readable(cls, value: str) -> str:
        if read_contact(value) is None:
            raise ValueError(NO_CONTACT)
        return value

    @property
    def read(self) -> tuple[ContactKind, str]:
        """The kind and the one spelling; checked when the form was read."""
        found = read_contact(self.contact)
        if found is None:
            raise ValueError(NO_CONTACT)
        return found


class CodeForm(BaseModel):
    """Six digits."""

    SENTENCES: ClassVar[dict[str, str]] = {"code": mark("Enter the six digits of the message.")}

    code: str = Field(title=mark("The six digits"), max_length=40)

    @field_validator("code")
    @classmethod
    def _six(cls, value: str) -> str:
        digits = read_code(value)
        if not digits:
            raise ValueError(mark("Enter the six digits of the message."))
        return digits


class NameForm(BaseModel):
    """Who of those with this number it is."""

    SENTENCES: ClassVar[dict[str, str]] = {
        "name": mark("Enter your name, or the last four signs of your identity number."),
    }

    name: str = Field(title=mark("Name"), min_length=1, max_length=MAX_NAME)


class LinkForm(BaseModel):
    """Number and query code of a slip."""

    SENTENCES: ClassVar[dict[str, str]] = {
        "number": mark("Enter the number from your slip; it begins with RX."),
        "code": mark("Enter the query code from your slip; it has 8 signs."),
    }

    number: str = Field(title=mark("Number of the matter"), max_length=60)
    code: str = Field(title=mark("Query code"), max_length=30)


class WishesForm(BaseModel):
    """By what way, when, and in which language somebody wishes to be reached."""

    SENTENCES: ClassVar[dict[str, str]] = {
        "times": mark("This is too long. Shorten it."),
    }

    channel: Literal["", "mobile", "landline", "email", "address"] = Field(
        "", title=mark("I would like to be reached by")
    )
    times: Annotated[str, Field(title=mark("At these times"), max_length=60)] = ""
    language: Annotated[str, Field(title=mark("Language"), max_length=12)] = "zh-CN"

    @field_validator("times")
    @classmethod
    def _one_line(cls, value: str) -> str:
        return clean_line(value)
