"""What somebody with a lent link sends from the spot: a step, words, materials, time and cost.

Rows of materials hold something of the stock, where that was allowed, or their own words.
"""

from collections.abc import Iterator
from decimal import Decimal
from typing import Annotated, ClassVar, Final

from pydantic import BaseModel, Field

from app.cases.kinds import Action
from app.cases.rules.repairing import Brought
from app.kernel.messages import mark

MOST_USED: Final = 3  # rows for materials on the form
MOST_WORDS: Final = 1000
_AMOUNT: Final = mark("Enter how much was used, such as 2 or 1.5.")
_Amount = Annotated[Decimal, Field(gt=0, le=99999, decimal_places=2)]
_Name = Annotated[str, Field(max_length=80, title=mark("Material"))]
_Measure = Annotated[str, Field(max_length=16, title=mark("Counted in"))]
_Row = tuple[int, int | None, str, Decimal | None, str]


class JobForm(BaseModel):
    """One step at the spot, with words, materials, time and cost; photos come beside it."""

    SENTENCES: ClassVar = {
        "hours": mark("Enter hours such as 1.5, at most 200."),
        "cost": mark("Enter an amount in yuan such as 120 or 88.50."),
        "amount_1": _AMOUNT,
        "amount_2": _AMOUNT,
        "amount_3": _AMOUNT,
    }

    action: Action
    client_id: Annotated[str, Field(min_length=16, max_length=64)]
    note: Annotated[str, Field(max_length=MOST_WORDS, title=mark("Note"))] = ""
    hours: Annotated[Decimal, Field(ge=0, le=200, decimal_places=2)] | None = None
    cost: Annotated[Decimal, Field(ge=0, le=9_999_999, decimal_places=2)] | None = None
    material_1: int | None = None
    own_1: _Name = ""
    amount_1: _Amount | None = None
    measure_1: _Measure = ""
    material_2: int | None = None
    own_2: _Name = ""
    amount_2: _Amount | None = None
    measure_2: _Measure = ""
    material_3: int | None = None
    own_3: _Name = ""
    amount_3: _Amount | None = None
    measure_3: _Measure = ""

    def used(self) -> tuple[tuple[int, Decimal], ...]:
        """What was taken from the stock, with how much of each."""
        return tuple((item, much) for _, item, _, much, _ in self._rows() if item and much)

    def brought(self) -> tuple[Brought, ...]:
        """What they had with them."""
        return tuple(
            Brought(own.strip(), measure.strip(), much)
            for _, _, own, much, measure in self._rows()
            if own.strip() and much
        )

    def half_told(self) -> dict[str, str]:
        """Rows that cannot be understood, by the field to put right."""
        wrong: dict[str, str] = {}
        for n, item, own, much, _ in self._rows():
            if item and own.strip():
                wrong[f"own_{n}"] = mark("Choose it from the list or write it down, not both.")
            elif much and not (item or own.strip()):
                wrong[f"own_{n}"] = mark("Name the material.")
            elif (item or own.strip()) and not much:
                wrong[f"amount_{n}"] = _AMOUNT
        return wrong

    def _rows(self) -> Iterator[_Row]:
        yield 1, self.material_1, self.own_1, self.amount_1, self.measure_1
        yield 2, self.material_2, self.own_2, self.amount_2, self.measure_2
        yield 3, self.material_3, self.own_3, self.amount_3, self.measure_3
