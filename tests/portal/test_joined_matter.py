"""A citizen whose matter was joined with that of others, and one who is about to report it too."""

import pytest
from sqlalchemy import select

from app.accounts.rules import Role
from app.cases.kinds import Action, Status
from app.cases.queries import public_token
from app.catalogue.rules import CaseKind
from app.kernel.outbox import Message
from app.kernel.vault import vault_of
from tests.cases.joining import accepted, join
from tests.portal import walking
from tests.support.city import City, a_case
from tests.support.pages import PageClient

pytestmark = pytest.mark.usefixtures("city")


def joined(city: City, token: str) -> tuple[str, str]:
    """The matter of this token led by another's; gives the tokens of the leading one and it."""
    with city.db.begin() as session:
        case = walking.case_of(session, token)
        master = a_case(session)
        join(session, city, case, master)
        return public_token(vault_of(session), master), token


def test_what_comes_of_the_leading_matter_is_read_on_the_own_page(
    pages: PageClient, city: City
) -> None:
    leading, own = joined(city, walking.reported(pages))
    walking.to_replied(city, leading, reply="路灯已修好，可拨 17900009999。")
    walking.staff_takes(city, leading, Action.APPROVE_REPLY, Role.REVIEWER)

    page = pages.get(f"/c/{own}")

    assert "路灯已修好" in page.text
    assert "17900009999" not in page.text
    assert "同一诉求" in page.text


def test_each_is_told_in_the_words_of_the_step_with_their_own_number(
    pages: PageClient, city: City
) -> None:
    leading, own = joined(city, walking.reported(pages))
    walking.to_handling(city, leading)

    with city.db() as session:
        number = walking.case_of(session, own).number
        told = session.scalars(select(Message).order_by(Message.id)).all()
    about_own = [message for message in told if message.params.get("number") == number]

    assert any("has taken on" in message.msgid for message in about_own)


def test_mine_is_different_reaches_the_desk(pages: PageClient, city: City) -> None:
    _leading, own = joined(city, walking.reported(pages))
    form = pages.get(f"/c/{own}").form(field="different")

    empty = pages.submit(form)
    done = pages.submit(empty.form(field="different"), different="我说的是 12 号后院的灯")

    assert empty.status == 422
    assert "您的说明已收到" in done.text
    with city.db() as session:
        case = walking.case_of(session, own)
        assert case.status is Status.MERGED


def test_a_like_matter_is_shown_before_the_check_without_anything_of_its_citizen(
    pages: PageClient, city: City
) -> None:
    with city.db.begin() as session:
        here = {"region_code": "990101", "place": "样板路 12 号", "body": walking.TEXT}
        known = accepted(session, city, **here).number

    page = walking.past_contact(pages)
    checked = pages.submit(page.form(action="/report/alike"))

    assert page.url.endswith("/report/alike")
    assert known not in page.text
    assert "12 号" not in page.text
    assert checked.url.endswith("/report/check")


@pytest.mark.parametrize("hidden", ["confidential", "complaint"])
def test_what_is_nobodys_business_is_never_shown(
    pages: PageClient, city: City, hidden: str
) -> None:
    with city.db.begin() as session:
        case = a_case(session, region_code="990101", place="样板路 12 号", body=walking.TEXT)
        if hidden == "confidential":
            case.is_confidential = True
        else:
            case.kind = CaseKind.COMPLAINT

    page = walking.past_contact(pages)

    assert page.url.endswith("/report/check")


def test_words_nobody_has_read_yet_are_not_published(pages: PageClient, city: City) -> None:
    with city.db.begin() as session:
        a_case(session, region_code="990101", place="样板路 12 号", body=walking.TEXT, title="某某")

    page = walking.past_contact(pages)

    assert page.url.endswith("/report/alike")
    assert "某某" not in page.text


def test_with_nothing_like_it_the_check_comes_at_once(pages: PageClient) -> None:
    assert walking.past_contact(pages).url.endswith("/report/check")
