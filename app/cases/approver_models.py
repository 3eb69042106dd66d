"""Who decides which request, where the house has changed what is laid down (`rules.levels`).

Data, not code: an administrator changes a line, and only requests made afterwards feel it.
"""

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from app.cases.kinds import ApproverLevel
from app.kernel.db import Key, Model


class ApprovalRule(Model):
    """One line that was changed; `code` says which. Its kind and place stay as laid down."""

    __tablename__ = "approval_rules"

    id: Mapped[Key]
    code: Mapped[str] = mapped_column(String(24), unique=True)
    most_nth: Mapped[int | None] = mapped_column(default=None)
    most_days: Mapped[int | None] = mapped_column(default=None)
    level: Mapped[ApproverLevel]
    basis_text: Mapped[str] = mapped_column(String(300))
    is_sample: Mapped[bool] = mapped_column(default=False)
    version: Mapped[int] = mapped_column()

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012  # SQLAlchemy's own name
