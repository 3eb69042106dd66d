"""Faces of an application's page: papers to judge, under review, decided, and its applicant's."""

from functools import partial

from sqlalchemy.orm import Session

from app.accounts.rules import Actor, Role
from app.cases import service as cases
from app.cases.kinds import Action, Channel
from app.cases.models import Case
from app.cases.queries import public_token
from app.cases.rules import Facts, StepInput, staff
from app.citizens.service import Person
from app.kernel.vault import vault_of
from app.service_items import queries as items
from app.service_requests import service
from app.service_requests.queries import paper_rows
from app.service_requests.rules import Judged, Verdict
from app.service_requests.service import NewApplication
from tests.browser.faces.face import Face
from tests.browser.looking import Look
from tests.browser.town import Town

_CODE = "990100-SCJ-001"
_SAID = Facts(outcome_basis="《食品安全法》第三十五条", remedies="六十日内申请行政复议。")


def _step(town: Town, session: Session, case: Case, action: Action, actor: Actor) -> None:
    facts = _SAID if action is Action.REFUSE else Facts()
    text = "经审查，场所不符合条件。" if action is Action.REFUSE else ""
    given = StepInput(action, case.version, text=text, facts=facts)
    cases.take_step(session, case, given, doer=staff(actor), now=town.edge.now())


def _applied(town: Town, steps: tuple[Action, ...]) -> tuple[str, str]:
    """A new application, as far as these steps lead; its number and its applicant's token."""
    clerk, now = town.actor(Role.CLERK), town.edge.now()
    with town.writing() as session:
        version = items.version_on(session, _CODE, now.date())
        new = NewApplication(version.id, Channel.WINDOW, person=Person("测试申请", "17900004499"))
        case = service.open_application(session, new, doer=staff(clerk), now=now)
        if steps:
            papers = [Judged(row.key, Verdict.OK) for row in paper_rows(session, case.id)]
            service.judge(session, case, papers, actor=clerk, now=now)
        for action in steps:
            handler = town.staffing.handler_of(case.unit_id) or clerk
            who = {Action.ADMIT: clerk, Action.REFUSE: town.actor(Role.SUPERVISOR)}
            _step(town, session, case, action, who.get(action, handler))
        return case.number, public_token(vault_of(session), case)


def _page(look: Look, town: Town, *, steps: tuple[Action, ...]) -> None:
    number, _token = _applied(town, steps)
    look.goto(f"/cases/{number}")


def _own(look: Look, town: Town) -> None:
    _number, token = _applied(town, _REFUSED)
    look.goto(f"/c/{token}")


_REVIEWED = (Action.ADMIT, Action.START_REVIEW)
_REFUSED = (*_REVIEWED, Action.REFUSE)

APPLICATIONS = (
    Face("application-received", Role.CLERK, partial(_page, steps=())),
    Face("application-reviewing", Role.SUPERVISOR, partial(_page, steps=_REVIEWED)),
    Face("application-decided", Role.CLERK, partial(_page, steps=_REFUSED)),
    Face("application-own", None, _own),
)
