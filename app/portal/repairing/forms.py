"""What the forms of a repair report may contain; every sentence given back stands here.

Checks form only; what depends on the register, the types or the city's ground the pages check.
"""

from typing import ClassVar, Final

from pydantic import BaseModel, Field, field_validator

from app.kernel.messages import mark
from app.kernel.text import clean_line, digits
from app.portal.rules import MAX_BODY, MAX_PLACE

TOO_LONG: Final = mark("This is too long. Shorten it to 5,000 characters.")
NOWHERE_NAMED: Final = mark(
    "Say where it is: choose the district or street, set the pin, or give the number on the plate."
)
UNKNOWN_FACILITY: Final = mark(
    "We have no facility with this number. Check it on the plate, or leave it empty and say where "
    "it is."
)
NOT_A_NUMBER: Final = mark("Degrees are numbers such as 36.1234.")
CHOOSE_TYPE: Final = mark("Choose what is broken.")
CHOOSE_FORM: Final = mark("Choose how it is broken.")
CHOOSE_DANGER: Final = mark("Tick what is dangerous, or that nothing of it is the case.")
FEW_WORDS: Final = mark("Describe in a few words what is broken.")


class RepairPlaceForm(BaseModel):
    """Where it is, in any of the ways a person can say it."""

    SENTENCES: ClassVar[dict[str, str]] = {
        "place": mark("The description of the place is too long. Shorten it."),
        "facility": UNKNOWN_FACILITY,
        "lat": NOT_A_NUMBER,
        "lon": NOT_A_NUMBER,
    }

    facility: str = Field("", title=mark("Number on the plate"), max_length=40)
    region: str = Field("", title=mark("District or street"), max_length=12)
    place: str = Field("", title=mark("Place"), max_length=MAX_PLACE)
    lat: float | None = Field(None, title=mark("Latitude"))
    lon: float | None = Field(None, title=mark("Longitude"))

    @field_validator("place")
    @classmethod
    def _one_line(cls, value: str) -> str:
        return clean_line(value)

    @field_validator("lat", "lon", mode="before")
    @classmethod
    def _degrees(cls, value: object) -> object:
        return digits(str(value)).replace(",", ".").rstrip("°").strip()


class MoreForm(BaseModel):
    """What else there is to say."""

    body: str = Field("", title=mark("Details"))

    @field_validator("body")
    @classmethod
    def _not_endless(cls, value: str) -> str:
        if len(value) > MAX_BODY:
            raise ValueError(TOO_LONG)
        return value
