"""What a new house starts with: the extras it may offer, sample rules of retention.

No notice: its text is the city's own, and nobody else may publish it.
"""

from sqlalchemy.orm import Session

from app.privacy.service import consents, retention


def seed(session: Session) -> None:
    """Write what is missing; what exists is left as it is."""
    consents.seed(session)
    retention.seed(session)
