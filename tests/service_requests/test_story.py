"""Applications from the window to the file."""

from app.accounts.rules import Role
from app.cases.kinds import Action, Status
from app.cases.rules import Facts
from app.service_items.rules import Delivery
from app.service_requests.service import hand_out
from tests.service_requests.applying import INSTANT, an_item, applied, reviewed, step
from tests.support.city import City


def test_from_the_window_to_the_file(city: City) -> None:
    with city.db.begin() as session:
        case = applied(session, city, an_item(session, city))
        assert case.status is Status.RECEIVED
        reviewed(session, city, case)
        step(session, case, Action.GRANT, city[Role.UNIT_HEAD], text="准予许可。")
        step(session, case, Action.ISSUE, city[Role.HANDLER])
        facts = Facts(delivery=Delivery.POST, tracking_no="EX0001")
        step(session, case, Action.DELIVER, city[Role.CLERK], facts=facts)
        assert case.status is Status.DELIVERED


def test_at_once(city: City) -> None:
    with city.db.begin() as session:
        case = applied(session, city, an_item(session, city, INSTANT))
        step(session, case, Action.DECIDE_AT_ONCE, city[Role.CLERK])
        hand_out(
            session,
            case.id,
            case.version,
            Delivery.WINDOW,
            actor=city[Role.CLERK],
            now=case.opened_at,
        )
        assert case.status is Status.CLOSED
