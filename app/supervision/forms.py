"""What the forms of supervision send, checked for type; what is missing the service says."""

from typing import Annotated, Final

from pydantic import BaseModel, Field

from app.kernel.messages import mark
from app.supervision.rules.orders import Act

LONGEST: Final = 2000
_Words = Annotated[str, Field(max_length=LONGEST)]


class IssueForm(BaseModel):
    """A new order."""

    case: Annotated[str, Field(max_length=40, title=mark("Number of the matter"))] = ""
    level_id: Annotated[int | None, Field(title=mark("Supervision level"))] = None
    reason: Annotated[_Words, Field(title=mark("Reason"))] = ""
    demand: Annotated[_Words, Field(title=mark("What the unit is to do"))] = ""


class ActForm(BaseModel):
    """One act on an order."""

    act: Act
    version: int
    words: Annotated[_Words, Field(title=mark("In words"))] = ""
