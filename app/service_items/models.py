"""Tables of service items: the item, its versions, their materials and questions.

A published version is never changed but for its last day: applications keep its key.
"""

from datetime import date, datetime
from typing import Any, Final

from sqlalchemy import Connection, ForeignKey, String, Text, UniqueConstraint, event, text
from sqlalchemy.orm import Mapped, Mapper, mapped_column, object_session

from app.calendars.rules import LimitUnit
from app.kernel import revisions
from app.kernel.db import BigInt, JsonDict, Key, Model, Ref, StringList
from app.service_items.rules import FieldType, Handling, ItemKind, PaperForm, Source

ITEMS: Final = "service_items"  # the name of the items among the things processes keep
_NO_TEXT: Final = text("''")  # as every database reads it back


class ServiceItem(Model):
    """One service item (事项); what it says stands in its versions.

    `code` is the implementation code (实施编码) of this body, `basic_code` that of the
    national or local catalogue (基本编码), which several bodies may share.
    """

    __tablename__ = "service_items"

    id: Mapped[Key]
    code: Mapped[str] = mapped_column(String(48), unique=True)
    basic_code: Mapped[str] = mapped_column(String(48), index=True)
    is_sample: Mapped[bool] = mapped_column(default=False)
    is_active: Mapped[bool] = mapped_column(default=True)
    version: Mapped[int] = mapped_column()

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012  # SQLAlchemy's own name


class ServiceItemVersion(Model):
    """What an item says from one day to another; without `valid_from` it is a draft.

    `legal_value` is empty where the law sets no limit; `promised_value` is nought for what
    is done while the citizen waits.
    """

    __tablename__ = "service_item_versions"
    __table_args__ = (UniqueConstraint("item_id", "number"),)

    id: Mapped[Key]
    item_id: Mapped[Ref] = mapped_column(ForeignKey("service_items.id"))
    number: Mapped[int]
    valid_from: Mapped[date | None] = mapped_column(default=None)
    valid_to: Mapped[date | None] = mapped_column(default=None)
    published_at: Mapped[datetime | None] = mapped_column(default=None)
    published_by: Mapped[int | None] = mapped_column(BigInt, default=None)
    name: Mapped[str] = mapped_column(String(120))
    name_en: Mapped[str] = mapped_column(String(240), default="")
    initials: Mapped[str] = mapped_column(String(120), default="")
    pinyin: Mapped[str] = mapped_column(String(800), default="")
    kind: Mapped[ItemKind]
    unit_id: Mapped[int | None] = mapped_column(
        BigInt, ForeignKey("units.id"), index=True, default=None
    )
    authority: Mapped[str] = mapped_column(String(120))
    authority_en: Mapped[str] = mapped_column(String(240), default="")
    summary: Mapped[str] = mapped_column(Text, default="")
    summary_en: Mapped[str] = mapped_column(Text, default="")
    result: Mapped[str] = mapped_column(String(120), default="")
    result_en: Mapped[str] = mapped_column(String(240), default="")
    legal_basis: Mapped[str] = mapped_column(Text)
    accepting_conditions: Mapped[str] = mapped_column(Text)
    handling: Mapped[Handling]
    legal_unit: Mapped[LimitUnit | None] = mapped_column(default=None)
    legal_value: Mapped[int | None] = mapped_column(default=None)
    promised_unit: Mapped[LimitUnit]
    promised_value: Mapped[int] = mapped_column(default=0)
    procedures: Mapped[list[str]] = mapped_column(StringList, default=list)
    fee: Mapped[str] = mapped_column(Text, default="")
    deliveries: Mapped[list[str]] = mapped_column(StringList, default=list)
    visits: Mapped[int] = mapped_column(default=1)
    may_defer: Mapped[bool] = mapped_column(default=False)
    may_promise: Mapped[bool] = mapped_column(default=False)
    is_joint: Mapped[bool] = mapped_column(default=False)
    place: Mapped[str] = mapped_column(String(200), default="")
    phone: Mapped[str] = mapped_column(String(40), default="")
    version: Mapped[int] = mapped_column()

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012  # SQLAlchemy's own name


class ServiceMaterial(Model):
    """A paper a version asks for; `condition` says in which cases.

    `file` is the SHA-256 of a filled-in example in the store, if there is one.
    """

    __tablename__ = "service_materials"
    __table_args__ = (UniqueConstraint("version_id", "key"),)

    id: Mapped[Key]
    version_id: Mapped[Ref] = mapped_column(ForeignKey("service_item_versions.id"))
    position: Mapped[int]
    key: Mapped[str] = mapped_column(String(32))
    name: Mapped[str] = mapped_column(String(200))
    name_en: Mapped[str] = mapped_column(String(200), default="")
    source: Mapped[Source]
    form: Mapped[PaperForm]
    copies: Mapped[int] = mapped_column(default=1)
    may_defer: Mapped[bool] = mapped_column(default=False)
    is_shared: Mapped[bool] = mapped_column(default=False)
    note: Mapped[str] = mapped_column(Text, default="")
    note_en: Mapped[str] = mapped_column(Text, default="")
    sample: Mapped[str] = mapped_column(Text, default="")
    file: Mapped[str] = mapped_column(String(64), default="", server_default=_NO_TEXT)
    file_type: Mapped[str] = mapped_column(String(40), default="", server_default=_NO_TEXT)
    condition: Mapped[JsonDict | None] = mapped_column(default=None)


class ServiceQuestion(Model):
    """An extra question of a version; `options` are pairs of a short name and its words."""

    __tablename__ = "service_questions"
    __table_args__ = (UniqueConstraint("version_id", "key"),)

    id: Mapped[Key]
    version_id: Mapped[Ref] = mapped_column(ForeignKey("service_item_versions.id"))
    position: Mapped[int]
    key: Mapped[str] = mapped_column(String(32))
    type: Mapped[FieldType]
    label: Mapped[str] = mapped_column(String(200))
    label_en: Mapped[str] = mapped_column(String(200), default="")
    hint: Mapped[str] = mapped_column(Text, default="")
    hint_en: Mapped[str] = mapped_column(Text, default="")
    is_required: Mapped[bool] = mapped_column(default=True)
    in_guide: Mapped[bool] = mapped_column(default=False)
    options: Mapped[list[dict[str, Any]]] = mapped_column(StringList, default=list)
    condition: Mapped[JsonDict | None] = mapped_column(default=None)
    least: Mapped[str] = mapped_column(String(20), default="")
    most: Mapped[str] = mapped_column(String(20), default="")


@event.listens_for(ServiceItem, "after_insert")
@event.listens_for(ServiceItem, "after_update")
@event.listens_for(ServiceItemVersion, "after_insert")
@event.listens_for(ServiceItemVersion, "after_update")
@event.listens_for(ServiceItemVersion, "after_delete")
def _items_changed(
    _: Mapper[Any], connection: Connection, row: ServiceItem | ServiceItemVersion
) -> None:
    revisions.renew(connection, ITEMS)
    if (session := object_session(row)) is not None:
        revisions.forget(session)
