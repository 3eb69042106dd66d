"""Walks a visitor takes through the report, page by page, without script."""

from io import BytesIO

from PIL import Image
from sqlalchemy.orm import Session

from app.accounts.rules import Role
from app.cases import service
from app.cases.kinds import Action, CallbackResult, Outcome
from app.cases.models import Case
from app.cases.queries import get_by_token, public_token, query_code
from app.cases.rules import Facts, StepInput
from app.kernel.vault import vault_of
from tests.support.city import WORKS, City, first_category
from tests.support.clock import MONDAY_9AM
from tests.support.pages import Page, PageClient

TEXT = "样板路 12 号门口的路灯连续三晚不亮，老人出门看不清。"
PHONE = "17900001234"


def a_photo(colour: str = "red", *, with_position: bool = False) -> bytes:
    """A small JPEG, if wished with 39°6′ N 83°12′ E in its notes."""
    data, notes = BytesIO(), Image.Exif()
    if with_position:
        notes.get_ifd(0x8825).update({1: "N", 2: (39.0, 6.0, 0.0), 3: "E", 4: (83.0, 12.0, 0.0)})
    Image.new("RGB", (40, 30), colour).save(data, "JPEG", exif=notes)
    return data.getvalue()


def to_what(pages: PageClient, *, region: str = "990101", place: str = "样板路 12 号") -> Page:
    form = pages.get("/report").form(field="region")
    return pages.submit(form, region=region, place=place)


def to_details(pages: PageClient, *, group: str = "01", category: int = 0) -> Page:
    to_what(pages)
    form = pages.get(f"/report/what?group={group}").form(field="category")
    return pages.submit(form, press="next", category=form_value(form.element, category))


def form_value(element: object, position: int) -> str:
    """The value of the radio at this position."""
    radios = element.all("input", type="radio")  # type: ignore[attr-defined]  # an Element of the tree
    return str(radios[position].attrs["value"])


def to_contact(pages: PageClient, *, body: str = TEXT, category: int = 0) -> Page:
    form = to_details(pages, category=category).form(field="body")
    return pages.submit(form, press="next", body=body)


def past_contact(pages: PageClient, *, body: str = TEXT, phone: str = PHONE) -> Page:
    """The page after the contact: the check, or first what may be the same matter."""
    form = to_contact(pages, body=body).form(field="phone")
    return pages.submit(form, anonymous="no", name="测试甲", phone=phone)


def to_check(pages: PageClient, *, body: str = TEXT, phone: str = PHONE) -> Page:
    page = past_contact(pages, body=body, phone=phone)
    if page.url.endswith("/report/alike"):
        page = pages.submit(page.form(action="/report/alike"))
    return page


def send(pages: PageClient, page: Page) -> Page:
    return pages.submit(page.form(field="idempotency"), press="")


def reported(pages: PageClient) -> str:
    """Report a matter; the token of its own page."""
    slip = send(pages, to_check(pages))
    return slip.url.split("/")[2]


def token_of(session: Session, case: Case) -> str:
    return public_token(vault_of(session), case)


def code_of(session: Session, case: Case) -> str:
    return query_code(vault_of(session), case)


def staff_takes(
    city: City,
    token: str,
    action: Action,
    role: Role,
    *,
    text: str = "",
    note: str = "",
    **facts: object,
) -> None:
    """One step by a member of staff on the case of this token."""
    with city.db.begin() as session:
        case = case_of(session, token)
        given = StepInput(
            action,
            case.version,
            note=note,
            text=text,
            facts=Facts(**facts),  # type: ignore[arg-type]  # checked by Facts
        )
        service.take_step_as_staff(session, case.id, given, actor=city[role], now=MONDAY_9AM)


def case_of(session: Session, token: str) -> Case:
    return get_by_token(session, token)


def to_handling(city: City, token: str) -> None:
    """Accepted, dispatched, signed."""
    with city.db() as session:
        category = first_category(session)
    staff_takes(city, token, Action.ACCEPT, Role.CLERK, category_id=category)
    staff_takes(city, token, Action.DISPATCH, Role.DISPATCHER, unit_id=WORKS)
    staff_takes(city, token, Action.SIGN, Role.HANDLER)


def to_replied(city: City, token: str, reply: str = "路灯已经修好。") -> None:
    to_handling(city, token)
    staff_takes(city, token, Action.REPLY, Role.HANDLER, text=reply, outcome=Outcome.RESOLVED)


def to_closed(city: City, token: str) -> None:
    to_replied(city, token)
    staff_takes(city, token, Action.APPROVE_REPLY, Role.REVIEWER)
    solved = CallbackResult.SOLVED
    staff_takes(city, token, Action.CLOSE, Role.REVIEWER, callback_result=solved)
