"""Tables of a matter: the case, its history, who saw it, requests, files and drafts.

Columns and the few methods that guard them; everything else is the service's.
"""

from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import (
    ForeignKey,
    Index,
    LargeBinary,
    Numeric,
    String,
    Text,
    UniqueConstraint,
    false,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from app.cases.kinds import (
    AccessRole,
    Action,
    ApprovalKind,
    ApproverLevel,
    CallbackResult,
    Channel,
    DeclineReason,
    DoerKind,
    NotPossible,
    Outcome,
    PauseGround,
    Status,
)
from app.cases.rules import Step
from app.catalogue.rules import CaseKind, Urgency
from app.kernel.db import BigInt, JsonDict, Key, Model, Ref, StringList
from app.service_items.rules import Procedure

_NO_TEXT = text("''")
_OPEN = text("closed_at IS NULL")
_APPLICATIONS = text("kind = 'service_request' AND accepted_at IS NOT NULL")
# As written here a query must say it too, or SQLite does not see that the index holds enough.
INCIDENTS = text("action IN ('request_return', 'rule', 'rework', 'breach', 'urge', 'supervise')")
# The same: what lies near is asked with these words.
OPEN_AND_PLACED = text("closed_at IS NULL AND cell IS NOT NULL")
_REPAIR_TAIL = ("category_id", "unit_id", "cell", "is_confidential", "kind", "id")
_LAMP = ("is_paused", "is_provisional", "due_at", "warn_at", "on_time", "closed_at")
_COUNTED = ("unit_id", "is_confidential", "opened_at")
_JUDGED = ("unit_id", "is_confidential", "on_time", "closed_at", "is_paused", "is_provisional")


def _dated_index(name: str, date: str, *columns: str) -> Index:
    # Only rows that have the date: through an index that holds the empty ones too, SQLite
    # finds all open matters and sorts them, instead of reading them as the list wants them.
    # The columns behind let a board count from the index alone; rows are wide.
    dated = text(f"{date} IS NOT NULL")
    return Index(name, *columns, postgresql_where=dated, sqlite_where=dated)


def _repair_index(name: str, date: str, *columns: str) -> Index:
    # A board of a million repairs counts from the index alone; see `_dated_index`.
    dated = "" if date == "opened_at" else f" AND {date} IS NOT NULL"
    where = text(f"kind = 'repair'{dated}")
    columns = (date, *columns, *_REPAIR_TAIL)
    return Index(name, *columns, postgresql_where=where, sqlite_where=where)


def _open_index(name: str, *columns: str) -> Index:
    # Lists of what is in hand must not grow with history.
    return Index(name, *columns, postgresql_where=_OPEN, sqlite_where=_OPEN)


class Case(Model):
    """One matter of one citizen, from intake to its end.

    `status` changes only through `move`. `version` counts what people did to the
    case: a form carries the one it was drawn from, and an older one is a conflict
    instead of a lost update. What the system writes by itself (a limit crossed) does
    not count, or every screen would be stale a minute later; `row_version` guards the
    row against two transactions at once. Category, limits and unit are
    copied here, so that the catalogue may change without touching the case.
    `due_at`, `warn_at`, `is_paused` and `is_provisional` mirror the clock that
    counts for the citizen (resolve); `next_*` mirror the most pressing clock.
    """

    __tablename__ = "cases"
    __table_args__ = (
        _open_index("ix_cases_open_sort", "sort_at", "id"),
        _open_index("ix_cases_open_unit", "unit_id", "sort_at", "id", *_LAMP, "is_confidential"),
        _open_index("ix_cases_open_handler", "handler_id", "sort_at", "id"),
        _open_index("ix_cases_open_status", "status", "sort_at", "id"),
        _open_index("ix_cases_open_citizen", "citizen_id", "sort_at", "id"),
        _dated_index("ix_cases_handing_to", "handing_to_id", "handing_to_id", "sort_at", "id"),
        _open_index("ix_cases_open_alike", "category_id", "region_code", "id"),
        Index("ix_cases_citizen_opened", "citizen_id", "opened_at", "id"),
        Index("ix_cases_unit_opened", "unit_id", "opened_at"),
        _dated_index("ix_cases_unit_closed", "closed_at", "unit_id", "closed_at"),
        Index("ix_cases_opened", "opened_at", "id", "unit_id", "is_confidential"),
        _dated_index("ix_cases_closed", "closed_at", "closed_at", "id", *_COUNTED, "status"),
        _dated_index("ix_cases_responded", "first_response_at", "first_response_at", *_COUNTED),
        _dated_index("ix_cases_due", "due_at", "due_at", *_JUDGED),
        _dated_index("ix_cases_urged", "urge_open_at", "urge_open_at", "unit_id"),
        _dated_index("ix_cases_cell", "cell", "cell", "id"),
        Index(
            "ix_cases_open_cell",
            "cell",
            "category_id",
            "id",
            postgresql_where=OPEN_AND_PLACED,
            sqlite_where=OPEN_AND_PLACED,
        ),
        Index(
            "ix_cases_application_accepted",
            "accepted_at",
            "id",
            postgresql_where=_APPLICATIONS,
            sqlite_where=_APPLICATIONS,
        ),
        _repair_index("ix_cases_repair_opened", "opened_at", "first_response_at"),
        _repair_index("ix_cases_repair_closed", "closed_at", "status", "opened_at"),
        _repair_index(
            "ix_cases_repair_due", "due_at", "on_time", "closed_at", "is_paused", "is_provisional"
        ),
        UniqueConstraint("source", "source_id"),
    )

    id: Mapped[Key]
    number: Mapped[str] = mapped_column(String(40), unique=True)
    token_generation: Mapped[int] = mapped_column(default=1)
    token_digest: Mapped[bytes | None] = mapped_column(LargeBinary(16), unique=True, default=None)
    kind: Mapped[CaseKind]
    category_id: Mapped[int | None] = mapped_column(
        BigInt, ForeignKey("categories.id"), index=True, default=None
    )
    category_name: Mapped[str] = mapped_column(String(130), default="")
    title: Mapped[str] = mapped_column(String(200))
    body: Mapped[str] = mapped_column(Text)
    place: Mapped[str] = mapped_column(String(200), default="")
    region_code: Mapped[str] = mapped_column(String(12), default="")
    lon: Mapped[Decimal | None] = mapped_column(Numeric(9, 6), default=None)
    lat: Mapped[Decimal | None] = mapped_column(Numeric(9, 6), default=None)
    crs: Mapped[str] = mapped_column(String(12), default="EPSG:4490")
    # `kernel.geo.cell_of` the two above: what lies near is found by it.
    cell: Mapped[int | None] = mapped_column(BigInt, default=None)
    channel: Mapped[Channel]
    citizen_id: Mapped[int | None] = mapped_column(BigInt, ForeignKey("citizens.id"), default=None)
    is_anonymous: Mapped[bool] = mapped_column(default=False)
    is_confidential: Mapped[bool] = mapped_column(default=False)
    is_identity_secret: Mapped[bool] = mapped_column(default=False, server_default=false())
    urgency: Mapped[Urgency] = mapped_column(default=Urgency.NORMAL)
    unit_id: Mapped[int] = mapped_column(BigInt, ForeignKey("units.id"))
    handler_id: Mapped[int | None] = mapped_column(BigInt, ForeignKey("staff.id"), default=None)
    # Who was asked to take it over; until they accept, `handler_id` keeps it (首问负责).
    handing_to_id: Mapped[int | None] = mapped_column(BigInt, default=None)
    status: Mapped[Status] = mapped_column(default=Status.SUBMITTED)
    master_id: Mapped[int | None] = mapped_column(
        BigInt, ForeignKey("cases.id"), index=True, default=None
    )
    return_barred: Mapped[bool] = mapped_column(default=False)
    return_count: Mapped[int] = mapped_column(default=0)
    returns_until: Mapped[datetime | None] = mapped_column(default=None)
    round: Mapped[int] = mapped_column(default=1)
    opened_at: Mapped[datetime]
    accepted_at: Mapped[datetime | None] = mapped_column(default=None)
    first_response_at: Mapped[datetime | None] = mapped_column(default=None)
    replied_at: Mapped[datetime | None] = mapped_column(default=None)
    replied_by: Mapped[int | None] = mapped_column(BigInt, default=None)
    closed_at: Mapped[datetime | None] = mapped_column(default=None)
    due_at: Mapped[datetime | None] = mapped_column(default=None)
    warn_at: Mapped[datetime | None] = mapped_column(default=None)
    next_clock: Mapped[str] = mapped_column(String(24), default="")
    next_due_at: Mapped[datetime | None] = mapped_column(default=None)
    next_warn_at: Mapped[datetime | None] = mapped_column(default=None)
    sort_at: Mapped[datetime]
    is_paused: Mapped[bool] = mapped_column(default=False)
    is_provisional: Mapped[bool] = mapped_column(default=False)
    on_time: Mapped[bool | None] = mapped_column(default=None)
    outcome: Mapped[Outcome | None] = mapped_column(default=None)
    outcome_reason: Mapped[NotPossible | None] = mapped_column(default=None)
    outcome_basis: Mapped[str] = mapped_column(String(300), default="", server_default=_NO_TEXT)
    proofs: Mapped[list[str]] = mapped_column(StringList, default=list, server_default="[]")
    decline_reason: Mapped[DeclineReason | None] = mapped_column(default=None)
    callback_result: Mapped[CallbackResult | None] = mapped_column(default=None)
    is_drawn: Mapped[bool] = mapped_column(default=False, server_default=false())
    urge_count: Mapped[int] = mapped_column(default=0)
    urged_at: Mapped[datetime | None] = mapped_column(default=None)  # the last that was passed on
    urge_open_at: Mapped[datetime | None] = mapped_column(default=None)  # since when unanswered
    reply_text: Mapped[str] = mapped_column(Text, default="")
    reply_approved_at: Mapped[datetime | None] = mapped_column(default=None)
    source: Mapped[str | None] = mapped_column(String(40), default=None)
    source_id: Mapped[str | None] = mapped_column(String(64), default=None)
    event_seq: Mapped[int] = mapped_column(default=0)
    event_seal: Mapped[bytes] = mapped_column(LargeBinary(32), default=b"")
    version: Mapped[int] = mapped_column(default=1)
    row_version: Mapped[int] = mapped_column()

    __mapper_args__ = {"version_id_col": row_version}  # noqa: RUF012  # SQLAlchemy's own name

    def move(self, step: Step) -> None:
        """Take the state the step leads to."""
        self.status = step.target


class CaseEvent(Model):
    """One line of a case's history: written once, sealed to the line before, never changed."""

    __tablename__ = "case_events"
    __table_args__ = (
        UniqueConstraint("case_id", "seq"),
        Index("ix_case_events_at", "at"),
        # What boards count by what happened; all other lines stay out of it.
        Index(
            "ix_case_events_incidents",
            "action",
            "at",
            "case_id",
            postgresql_where=INCIDENTS,
            sqlite_where=INCIDENTS,
        ),
    )

    id: Mapped[Key]
    case_id: Mapped[Ref] = mapped_column(ForeignKey("cases.id", ondelete="RESTRICT"))
    seq: Mapped[int]
    at: Mapped[datetime]
    actor_kind: Mapped[DoerKind]
    actor_id: Mapped[int | None] = mapped_column(BigInt, default=None)
    unit_id: Mapped[int | None] = mapped_column(BigInt, default=None)
    action: Mapped[Action]
    from_status: Mapped[Status | None] = mapped_column(default=None)
    to_status: Mapped[Status | None] = mapped_column(default=None)
    is_public: Mapped[bool] = mapped_column(default=True)
    payload: Mapped[JsonDict] = mapped_column(default=dict)
    text_digest: Mapped[bytes | None] = mapped_column(LargeBinary(32), default=None)
    seal: Mapped[bytes] = mapped_column(LargeBinary(32))


class CaseText(Model):
    """The words of an event, apart so that retention can erase them and the chain stays whole.

    `salt` makes the digest in the event unguessable once the words are gone.
    """

    __tablename__ = "case_texts"

    event_id: Mapped[int] = mapped_column(BigInt, ForeignKey("case_events.id"), primary_key=True)
    salt: Mapped[bytes] = mapped_column(LargeBinary(16))
    public_text: Mapped[str] = mapped_column(Text, default="")
    internal_text: Mapped[str] = mapped_column(Text, default="")


class CaseAccess(Model):
    """Which unit saw the case, in which part, from when to when."""

    __tablename__ = "case_access"
    __table_args__ = (
        Index("ix_case_access_unit_case", "unit_id", "case_id"),
        Index("ix_case_access_case", "case_id"),
    )

    id: Mapped[Key]
    case_id: Mapped[Ref] = mapped_column(ForeignKey("cases.id"))
    unit_id: Mapped[Ref] = mapped_column(ForeignKey("units.id"))
    role: Mapped[AccessRole]
    from_at: Mapped[datetime]
    to_at: Mapped[datetime | None] = mapped_column(default=None)


class CaseAccused(Model):
    """Whom a complaint or tip is about: a unit, or one of its people.

    Neither they nor anybody under the unit sees the matter (rulebook §2.3.6, 信访条例 secrecy).
    """

    __tablename__ = "case_accused"

    case_id: Mapped[int] = mapped_column(BigInt, ForeignKey("cases.id"), primary_key=True)
    unit_id: Mapped[Ref] = mapped_column(ForeignKey("units.id"), index=True)
    staff_id: Mapped[int | None] = mapped_column(
        BigInt, ForeignKey("staff.id"), index=True, default=None
    )
    named_at: Mapped[datetime]
    named_by: Mapped[int | None] = mapped_column(BigInt, default=None)


class Approval(Model):
    """A request somebody else decides: return, extension, suspension, termination, reopening."""

    __tablename__ = "case_approvals"
    __table_args__ = (
        Index(
            "uq_case_approvals_pending",
            "case_id",
            unique=True,
            postgresql_where=text("decided_at IS NULL"),
            sqlite_where=text("decided_at IS NULL"),
        ),
        Index("ix_case_approvals_case", "case_id"),
    )

    id: Mapped[Key]
    case_id: Mapped[Ref] = mapped_column(ForeignKey("cases.id"))
    kind: Mapped[ApprovalKind]
    # Copied from the lines that held on the day of the request, with their ground.
    level: Mapped[ApproverLevel] = mapped_column(
        default=ApproverLevel.UNIT, server_default=text("'unit'")
    )
    level_basis: Mapped[str] = mapped_column(String(300), default="", server_default=_NO_TEXT)
    requested_at: Mapped[datetime]
    requested_by: Mapped[int | None] = mapped_column(BigInt, default=None)
    reason: Mapped[str] = mapped_column(Text)
    evidence: Mapped[str] = mapped_column(String(300), default="")
    amount: Mapped[int | None] = mapped_column(default=None)  # days of the clock's own kind
    until_on: Mapped[date | None] = mapped_column(default=None)
    ground: Mapped[PauseGround | None] = mapped_column(default=None)
    procedure: Mapped[Procedure | None] = mapped_column(default=None)
    document_no: Mapped[str] = mapped_column(String(60), default="")
    suggested_unit_id: Mapped[int | None] = mapped_column(
        BigInt, ForeignKey("units.id"), default=None
    )
    decided_at: Mapped[datetime | None] = mapped_column(default=None)
    decided_by: Mapped[int | None] = mapped_column(BigInt, default=None)
    was_granted: Mapped[bool | None] = mapped_column(default=None)
    decision_note: Mapped[str] = mapped_column(Text, default="")


class Attachment(Model):
    """A file of a case or of a draft: re-encoded, named by its content, public or internal."""

    __tablename__ = "attachments"

    id: Mapped[Key]
    case_id: Mapped[int | None] = mapped_column(
        BigInt, ForeignKey("cases.id"), index=True, default=None
    )
    draft_id: Mapped[int | None] = mapped_column(
        BigInt, ForeignKey("drafts.id", ondelete="SET NULL"), index=True, default=None
    )
    event_id: Mapped[int | None] = mapped_column(
        BigInt, ForeignKey("case_events.id"), index=True, default=None
    )
    sha256: Mapped[str] = mapped_column(String(64), index=True)
    content_type: Mapped[str] = mapped_column(String(40))
    size: Mapped[int]
    width: Mapped[int | None] = mapped_column(default=None)
    height: Mapped[int | None] = mapped_column(default=None)
    by_kind: Mapped[DoerKind]
    by_id: Mapped[int | None] = mapped_column(BigInt, default=None)
    at: Mapped[datetime]
    is_public: Mapped[bool] = mapped_column(default=False)  # the citizen of the case may see it
    # Belongs to an investigation file: not with the matter's other files, and not for all.
    is_sealed: Mapped[bool] = mapped_column(default=False, server_default=false())
    # The key of the paper of an application it is a scan of; files of other matters have none.
    paper: Mapped[str | None] = mapped_column(String(32), default=None)


class Draft(Model):
    """What somebody was typing: encrypted whole, one per owner and form, outlives the session.

    `owner` is `staff:ID` or `visitor:DIGEST`; `form` names the form and its subject.
    """

    __tablename__ = "drafts"
    __table_args__ = (UniqueConstraint("owner", "form"), Index("ix_drafts_saved_at", "saved_at"))

    id: Mapped[Key]
    owner: Mapped[str] = mapped_column(String(80))
    form: Mapped[str] = mapped_column(String(60))
    data: Mapped[bytes] = mapped_column(LargeBinary)
    saved_at: Mapped[datetime]
