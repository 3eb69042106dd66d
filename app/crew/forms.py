"""What a phone or a plain form sends from the spot.

Hints of a phone (time, position) are never a reason to refuse; what a person typed wrong is.
"""

from decimal import Decimal
from typing import Annotated, ClassVar, Final

from pydantic import BaseModel, Field

from app.cases.kinds import Action
from app.cases.rules.repairing import PhotoStage
from app.kernel.messages import mark
from app.web.forms import RawForm

MOST_USED: Final = 3  # rows for materials on a form
_Amount = Annotated[Decimal, Field(gt=0, le=99999, decimal_places=2)]
_AMOUNT: Final = mark("Enter how much was used, such as 2 or 1.5.")


class ActForm(BaseModel):
    """One thing done at the spot; `client_id` is made where it was done."""

    SENTENCES: ClassVar = {
        "hours": mark("Enter hours such as 1.5, at most 200."),
        "cost": mark("Enter an amount in yuan such as 120 or 88.50."),
        "amount_1": _AMOUNT,
        "amount_2": _AMOUNT,
        "amount_3": _AMOUNT,
    }

    client_id: Annotated[str, Field(pattern=r"^[A-Za-z0-9_-]{8,64}$")]
    action: Action
    version: int = 0
    note: Annotated[str, Field(max_length=5000, title=mark("Note"))] = ""
    stage: PhotoStage | None = None
    claimed_time: str = ""
    lon: str = ""
    lat: str = ""
    hours: Annotated[Decimal, Field(ge=0, le=200, decimal_places=2)] | None = None
    cost: Annotated[Decimal, Field(ge=0, le=9_999_999, decimal_places=2)] | None = None
    material_1: int | None = None
    amount_1: _Amount | None = None
    material_2: int | None = None
    amount_2: _Amount | None = None
    material_3: int | None = None
    amount_3: _Amount | None = None

    def used(self) -> tuple[tuple[int, Decimal], ...]:
        """Materials with how much of each; a row without one of the two counts as empty."""
        pairs = (
            (self.material_1, self.amount_1),
            (self.material_2, self.amount_2),
            (self.material_3, self.amount_3),
        )
        return tuple((item, much) for item, much in pairs if item is not None and much is not None)

    def half_used(self) -> dict[str, str]:
        """Rows where only one of the two was filled in, by the field that lacks."""
        pairs = (
            (self.material_1, self.amount_1),
            (self.material_2, self.amount_2),
            (self.material_3, self.amount_3),
        )
        lacking: dict[str, str] = {}
        for row, (item, much) in enumerate(pairs, 1):
            if item is None and much is not None:
                lacking[f"material_{row}"] = mark("Choose the material.")
            elif item is not None and much is None:
                lacking[f"amount_{row}"] = _AMOUNT
        return lacking

    @property
    def cents(self) -> int | None:
        """The cost in cents."""
        return None if self.cost is None else int(self.cost * 100)


class Notes(BaseModel):
    """What the phone read from one photo before it took its notes away."""

    photo_time: str = ""
    photo_lon: str = ""
    photo_lat: str = ""

    @classmethod
    def of(cls, form: RawForm) -> "Notes":
        return cls(**{name: form.text(name) for name in cls.model_fields})
