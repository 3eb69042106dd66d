"""What the page of a complaint says of whom it is about, before and after it was accepted."""

import pytest
from sqlalchemy import select

from app.accounts.rules import Role
from app.cases.kinds import Action, Finding, Status
from app.cases.models import Case
from app.cases.queries import public_token
from app.cases.rules import Facts
from app.catalogue.rules import CaseKind
from app.kernel.vault import vault_of
from tests.cases.walking import take
from tests.complaints.walking import a_complaint, found, replied
from tests.desk.stepping import Enter
from tests.support.city import City
from tests.support.pages import PageClient

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.mark.parametrize(
    ("status", "said"),
    [(Status.SUBMITTED, "受理时填写"), (Status.INVESTIGATING, "受理时没有写明投诉对象")],
)
def test_a_subject_nobody_named_is_promised_only_until_acceptance(
    person: Enter, city: City, number: str, status: Status, said: str
) -> None:
    with city.db.begin() as session:
        case = session.scalars(select(Case)).one()
        case.kind, case.status = CaseKind.COMPLAINT, status

    page = person(Role.SUPERVISOR).get(f"/cases/{number}")

    assert said in page.text


def test_a_finding_is_read_apart_from_the_reply_and_a_reply_sent_back_is_not_waiting(
    person: Enter, city: City, pages: PageClient
) -> None:
    with city.db.begin() as session:
        case = found(session, city, a_complaint(session), Finding.NOT_UPHELD)
        own = f"/c/{public_token(vault_of(session), case)}"
    before = pages.get(own)
    with city.db.begin() as session:
        case = session.get_one(Case, case.id)
        replied(session, city, case)
        number = case.number
    after = pages.get(own)
    with city.db.begin() as session:
        case = session.get_one(Case, case.id)
        take(session, case, Action.REWORK, city[Role.REVIEWER], note="再核", facts=Facts())

    read = person(Role.HANDLER).get(f"/cases/{number}")

    assert "调查认定" not in before.text
    assert "调查认定" in after.text
    assert "尚未审核" not in read.text
    assert "已退回，待重写" in read.text
