"""What ratings tell the features above them; published inside the same transaction."""

from dataclasses import dataclass
from datetime import datetime

from app.cases.models import Case
from app.ratings.models import Rating


@dataclass(frozen=True, slots=True)
class CaseRated:
    """A citizen has said how satisfied they are."""

    case: Case
    rating: Rating
    at: datetime
