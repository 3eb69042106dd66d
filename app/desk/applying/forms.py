"""What the form of an application sends: its plain fields here, questions and papers by their keys.

Checked for type only; what is missing is said when the application is taken in.
"""

from collections.abc import Mapping, Sequence
from typing import Annotated, Final, Literal

from pydantic import BaseModel, Field

from app.kernel.messages import mark
from app.service_items.rules import Delivery, Question

QUESTION: Final = "q_"  # before the key of a question, in the names of fields
VERDICT: Final = "v_"
REASON: Final = "r_"
WORDS: Final = "n_"
UNTIL: Final = "u_"  # until when a paper may follow

_Short = Annotated[str, Field(max_length=120)]


class ApplyForm(BaseModel):
    """The plain fields of an application."""

    idempotency: str = ""
    talk: Annotated[str, Field(max_length=26)] = ""  # the conversation it is taken in during
    who: Annotated[str, Field(max_length=400, title=mark("Who applies"))] = ""
    citizen: Annotated[str, Field(max_length=20, title=mark("Who it is"))] = ""
    principal: Annotated[str, Field(max_length=20, title=mark("For whom"))] = ""
    other: Annotated[_Short, Field(title=mark("Number of whom they act for"))] = ""
    ground: Annotated[str, Field(max_length=40, title=mark("On what ground"))] = ""
    proof: Annotated[_Short, Field(title=mark("What proves it"))] = ""
    item: Annotated[_Short, Field(title=mark("Item"))] = ""
    version: Annotated[str, Field(max_length=20)] = ""  # of the item, as the page showed it
    again: bool = False
    on_promise: bool = False  # 告知承诺
    credit: Literal["", "clean", "bad"] = ""  # what the register of bad credit shows
    delivery: Delivery | None = None
    note: Annotated[str, Field(max_length=2000, title=mark("What the applicant adds"))] = ""


def answers_typed(
    lists: Mapping[str, Sequence[str]], questions: Sequence[Question]
) -> dict[str, Sequence[str]]:
    """What was typed into the fields of these questions, by the key of each."""
    return {one.key: lists.get(f"{QUESTION}{one.key}", ()) for one in questions}
