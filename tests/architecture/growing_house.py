"""One more row about the house itself: its texts, messages, records, levels and macros.

None of them needs a matter to be there.
"""

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts.models import Staff
from app.accounts.rules import Role
from app.cases.kinds import Action
from app.catalogue.models import Category, DispatchRule, ReplyText, ReviewItem
from app.catalogue.rules import ReplyPurpose, ReviewKind
from app.desk.models import BulkRun, Macro
from app.exports.models import Export
from app.exports.rules import Format
from app.facilities import service as facilities
from app.facilities.models import Asset, FacilityType
from app.inspections.models import InspectionPlan, InspectionRound
from app.inspections.rules import Rhythm
from app.kernel.audit import AuditEntry
from app.kernel.jobs import Job, JobStatus
from app.kernel.outbox import Channel, Message, MessageStatus
from app.knowledge.models import Article, ArticleRemark
from app.knowledge.rules import ArticleState, Verdict
from app.notifications.models import StaffEntry
from app.partners import service as partners
from app.partners.rules import KeyTerms, Right
from app.service_items import service as service_items
from app.supervision.models import SupervisionLevel
from tests.service_items.builders import SYSTEM, a_content, an_item
from tests.support.city import WORKS
from tests.support.clock import MONDAY_9AM


def reply(session: Session, n: int) -> None:
    purpose = next(iter(ReplyPurpose))
    session.add(ReplyText(code=f"r{n}", title="标题", body="正文", purpose=purpose))


def partner_key(session: Session, n: int) -> None:
    partners.make(session, KeyTerms(f"程序 {n}", frozenset(Right)), now=MONDAY_9AM)


def point(session: Session, n: int) -> None:
    session.add(ReviewItem(code=f"x{n}", kind=ReviewKind.CHECK, name="要求"))


def job(session: Session, n: int) -> None:
    session.add(Job(name=f"j{n}", payload={}, status=JobStatus.DEAD, run_at=MONDAY_9AM))


def message(session: Session, n: int) -> None:
    job(session, n)
    session.add(
        Message(
            ref=str(n),
            channel=Channel.SMS,
            contact_id=1,
            subject_type="case",
            subject_id=n + 1,
            msgid="",
            params={},
            locale="zh_CN",
            status=MessageStatus.UNKNOWN,
            created_at=MONDAY_9AM,
        )
    )


def audit(session: Session, n: int) -> None:
    session.add(
        AuditEntry(
            at=MONDAY_9AM, actor_id=n, role="", action="x", object_type="case", object_id=str(n)
        )
    )


def export(session: Session, n: int) -> None:
    supervisor = session.scalars(select(Staff.id).where(Staff.username == "supervisor")).one()
    session.add(
        Export(
            ref=f"export-{n}",
            source="cases",
            params={},
            format=Format.CSV,
            reason="月度报表",
            locale="zh_CN",
            staff_id=supervisor,
            created_at=MONDAY_9AM,
            expires_at=MONDAY_9AM,
        )
    )


def entry(session: Session, n: int) -> None:
    clerk = session.scalars(select(Staff.id).where(Staff.username == Role.CLERK.value)).one()
    session.add(StaffEntry(staff_id=clerk, msgid=f"n{n}", params={}, created_at=MONDAY_9AM))


def level(session: Session, n: int) -> None:
    session.add(SupervisionLevel(code=f"l{n}", position=n, name=f"级别{n}", name_en=f"Level {n}"))


def macro(session: Session, n: int) -> None:
    clerk = session.scalars(select(Staff.id).where(Staff.username == "clerk")).one()
    session.add(Macro(staff_id=clerk, name=f"宏{n}", action=Action.CONTACT))


def run(session: Session, _n: int) -> None:
    clerk = session.scalars(select(Staff.id).where(Staff.username == "clerk")).one()
    session.add(BulkRun(staff_id=clerk, created_at=MONDAY_9AM))


def category(session: Session, n: int) -> None:
    session.add(Category(code=f"N{n}", name=f"类别{n}"))


def service_item(session: Session, n: int) -> None:
    code = f"990100-N-{n:03}"
    if n % 2:
        an_item(session, code=code)
    else:
        service_items.add_item(session, a_content(), code=code, basic_code="SL-N", edit=SYSTEM)


def dispatch_rule(session: Session, n: int) -> None:
    session.add(DispatchRule(position=900 + n, unit_id=1))


def article(session: Session, n: int) -> Article:
    new = Article(
        code=f"A{n}",
        title=f"路灯不亮报给谁{n}",
        answer="报给我们。",
        state=ArticleState.IN_USE,
        unit_id=1,
        review_on=MONDAY_9AM.date(),
        changed_at=MONDAY_9AM,
    )
    session.add(new)
    return new


def remark(session: Session, n: int) -> None:
    about = article(session, n)
    session.flush()
    session.add(
        ArticleRemark(article_id=about.id, seen_version=1, verdict=Verdict.WRONG, at=MONDAY_9AM)
    )


def asset(session: Session, n: int) -> Asset:
    kind = session.scalar(select(FacilityType).where(FacilityType.code == "0120"))
    if kind is None:
        facilities.seed(session, now=MONDAY_9AM)
        return asset(session, n)
    added = Asset(
        code=f"9901010120{n + 1:06}",
        plate=f"LD-{n}",
        type_id=kind.id,
        place=f"样板路 {n} 号",
        region_code="990101",
        changed_at=MONDAY_9AM,
    )
    session.add(added)
    session.flush()
    return added


def inspection(session: Session, n: int) -> InspectionRound:
    day = MONDAY_9AM.date()
    plan = InspectionPlan(
        name=f"计划{n}", unit_id=WORKS, rhythm=Rhythm.MONTH, starts_on=day, next_on=day
    )
    session.add(plan)
    session.flush()
    made = InspectionRound(
        plan_id=plan.id, nominal_on=day, begins_on=day, due_on=day, unit_id=WORKS
    )
    session.add(made)
    session.flush()
    return made


def inspected(session: Session, n: int) -> None:
    inspection(session, n).finished_at = MONDAY_9AM
