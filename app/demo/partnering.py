"""The key of a program in the demo city, which is no secret: with it anybody can try Open311.

Exists in a demo city only; docs/open311.md shows what to do with it.
"""

from datetime import datetime
from typing import Final

from sqlalchemy.orm import Session

from app.partners import service
from app.partners.rules import KeyTerms, Right

KEY: Final = "cwk_only-for-the-demo-city"
_NAME: Final = "演示程序（密钥公开，仅供试用）"


def found(session: Session, *, now: datetime) -> None:
    """Give the demonstration's program its key."""
    service.make(session, KeyTerms(_NAME, frozenset(Right)), now=now, sample=KEY)
