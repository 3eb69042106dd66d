"""Builders for service items; every argument has a harmless default."""

from datetime import UTC, date, datetime

from sqlalchemy.orm import Session

from app.calendars.rules import LimitUnit
from app.catalogue.rules import Named
from app.service_items import queries, service
from app.service_items.rules import (
    Condition,
    Content,
    FieldType,
    Handling,
    ItemKind,
    Material,
    Option,
    Question,
    Span,
)
from app.service_items.service import Edit

NOW = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
TODAY = date(2026, 3, 2)
LONG_AGO = date(2026, 1, 1)
CODE = "990100-SCJ-900"
SYSTEM = Edit(now=NOW, actor=None)


def days(value: int, unit: LimitUnit = LimitUnit.WORK_DAY) -> Span:
    return Span(unit, value)


def who(key: str = "who") -> Question:
    options = (Option("self", Named("本人")), Option("agent", Named("代办人")))
    return Question(key, FieldType.CHOICE, Named("谁来办理？"), options=options, in_guide=True)


def a_question(
    type_: FieldType = FieldType.TEXT,
    *,
    key: str = "more",
    least: str = "",
    most: str = "",
    is_required: bool = True,
    condition: Condition | None = None,
    options: tuple[Option, ...] = (),
    in_guide: bool = False,
) -> Question:
    return Question(
        key,
        type_,
        Named("还有什么？"),
        least=least,
        most=most,
        is_required=is_required,
        condition=condition,
        options=options,
        in_guide=in_guide,
    )


def a_material(
    name: str = "授权委托书",
    *,
    key: str = "authority",
    condition: Condition | None = None,
    is_shared: bool = False,
    may_defer: bool = False,
) -> Material:
    return Material(key, Named(name), condition=condition, is_shared=is_shared, may_defer=may_defer)


def a_content(
    *,
    name: str = "食品摊点登记",
    handling: Handling = Handling.PROMISED,
    promised: Span | None = None,
    legal: Span | None = None,
    materials: tuple[Material, ...] = (),
    questions: tuple[Question, ...] = (),
    unit_code: str = "",
    may_defer: bool = False,
    fee: str = "",
) -> Content:
    return Content(
        name=Named(name),
        kind=ItemKind.PERMIT,
        authority=Named("市场监管局"),
        legal_basis="示例条例第一条",
        accepting_conditions="有固定摊位。",
        handling=handling,
        promised=promised or (days(5) if handling is Handling.PROMISED else days(0)),
        legal=legal or days(20),
        materials=materials,
        questions=questions,
        unit_code=unit_code,
        may_defer=may_defer,
        fee=fee,
    )


def an_item(
    session: Session,
    content: Content | None = None,
    *,
    code: str = CODE,
    valid_from: date = LONG_AGO,
    valid_to: date | None = None,
) -> int:
    """An item with one published version; gives the version's key."""
    version_id = service.add_item(
        session, content or a_content(), code=code, basic_code="SL-900", edit=SYSTEM
    )
    publish(session, version_id, valid_from, valid_to)
    return version_id


def publish(
    session: Session,
    version_id: int,
    valid_from: date,
    valid_to: date | None = None,
    *,
    today: date = TODAY,
) -> None:
    service.publish(
        session,
        version_id,
        valid_from=valid_from,
        valid_to=valid_to,
        today=today,
        lock=queries.get_version(session, version_id).lock,
        edit=SYSTEM,
    )
