"""What the page of a complaint says of whom it is about, before and after it was accepted."""

import pytest
from sqlalchemy import select

from app.accounts.rules import Role
from app.cases.kinds import Status
from app.cases.models import Case
from app.catalogue.rules import CaseKind
from tests.desk.stepping import Enter
from tests.support.city import City

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
