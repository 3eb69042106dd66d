"""A clerk's forms about a citizen: registered, changed, part by part; nothing typed is lost."""

from collections.abc import Callable
from typing import Any

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session, sessionmaker

from app.accounts.rules import Role
from app.citizens.models import Citizen, Contact
from app.citizens.rules import CitizenState, number_of
from tests.citizens.bare import a_citizen
from tests.citizens.parties import a_code, a_number, seen_by
from tests.support.city import City, a_city
from tests.support.pages import PASSWORD_HASH, Page, PageClient

Enter = Callable[[Role], PageClient]


@pytest.fixture
def city(app: FastAPI, db: sessionmaker[Session]) -> City:
    return a_city(db, password_hash=PASSWORD_HASH, vault=app.state.edge.vault)


@pytest.fixture
def clerk(client: TestClient, city: City) -> PageClient:
    client.headers["accept-language"] = "en"
    pages = PageClient(client)
    pages.sign_in(city[Role.CLERK].username)
    return pages


@pytest.fixture
def number(city: City) -> str:
    with city.db.begin() as session:
        return number_of(a_citizen(session, "林示例", phone="17900001111"))


def registering(clerk: PageClient, **typed: Any) -> Page:  # noqa: ANN401  # text or a list
    return clerk.submit(clerk.get("/citizens/new").form(field="document"), **typed)


def added(clerk: PageClient, number: str, part: str, **typed: Any) -> Page:  # noqa: ANN401  # as above
    page = clerk.get(f"/citizens/{number}/edit")
    return clerk.submit(page.form(action=f"/parts/{part}", button="Add"), **typed)


def pressed(clerk: PageClient, number: str, deed: str) -> Page:
    return clerk.submit(clerk.get(f"/citizens/{number}/edit").form(action=f"/{deed}"))


def count(city: City) -> int:
    with city.db() as session:
        return session.scalar(select(func.count()).select_from(Citizen)) or 0


def test_a_whole_party_is_registered_from_one_form(clerk: PageClient, city: City) -> None:
    firm = registering(clerk, kind="organisation", name="示例样板有限公司", document=a_code())
    firm_number = firm.url.rsplit("/", 1)[1]

    done = registering(
        clerk,
        name="阿卜杜拉 • 示例",
        document=f"{a_number('19500307')[:6]} {a_number('19500307')[6:]}",
        document_seen="true",
        phone="１７９ ００００ １１１１",
        phone2="010-88888888-12",
        email="lin@example.org",
        address="示例市样板区光明街道幸福路12号",
        preferred_channel="mobile",
        preferred_times="晚上",
        marks=["disabled", "veteran"],
        basis="残疾人证",
        principal=firm_number,
        ground="legal_representative",
        tags="常来，听力弱",
        note="请大声说话。",
    )

    assert done.status == 200
    with city.db() as session:
        seen = seen_by(city, session, 2, clear=True)
    assert seen.name == "阿卜杜拉·示例"
    assert {c.value for c in seen.contacts} == {
        "17900001111",
        "01088888888转12",
        "lin@example.org",
        "示例市样板区光明街道幸福路12号",
    }
    assert seen.identities[0].verified_at is not None
    assert {m.kind.value for m in seen.marks} == {"senior", "disabled", "veteran"}
    assert seen.acts_for[0].name == "示例样板有限公司"
    assert [t.word for t in seen.tags] == ["听力弱", "常来"]
    assert seen.notes[0].text == "请大声说话。"


def test_everything_typed_comes_back_with_a_sentence_at_each_field(
    clerk: PageClient, city: City
) -> None:
    typed: dict[str, str | list[str]] = {
        "name": "张三😀",
        "document": a_number()[:-1] + "0",
        "phone": "88888888",
        "email": "x",
        "birth_year": "2200",
        "marks": ["pregnant"],
        "note": "留着",
    }

    back = registering(clerk, **typed)

    assert back.status == 422
    kept = back.form(field="document").values()
    assert {name: kept[name] for name in typed} == {
        name: value if isinstance(value, list) else [value] for name, value in typed.items()
    }
    for sentence in ("no pictures", "last sign", "area code", "name@example.org", "such as 1956"):
        assert sentence in back.text
    assert count(city) == 0


def test_who_is_known_under_the_document_is_offered(clerk: PageClient, city: City) -> None:
    first = registering(clerk, name="林示例", document=a_number())

    second = registering(clerk, name="林另例", document=a_number())

    assert second.status == 422
    assert first.url in second.links.values()
    assert second.form(field="document").values()["name"] == ["林另例"]
    assert count(city) == 1


def test_who_is_much_like_somebody_known_is_held_up_once(clerk: PageClient, city: City) -> None:
    first = registering(clerk, name="林示例", phone="17900001111")

    held = registering(clerk, name="林示例", phone="179 0000 1111", tags="常来")
    kept = count(city)
    done = clerk.submit(held.form(field="is_new"), is_new="true")

    assert (held.status, kept, count(city)) == (422, 1, 2)
    assert first.url in held.links.values()
    assert "same telephone" in held.text
    assert done.url != first.url


def test_a_family_that_shares_a_telephone_is_not_held_up(clerk: PageClient, city: City) -> None:
    for name in ("林示例", "王样板"):
        assert registering(clerk, name=name, phone="17900001111").status == 200

    assert count(city) == 2


def test_a_scanned_document_alone_already_tells_who_is_known(clerk: PageClient) -> None:
    first = registering(clerk, name="林示例", document=a_number())

    scanned = registering(clerk, document=a_number())

    assert scanned.status == 422
    assert first.url in scanned.links.values()


@pytest.mark.parametrize(
    ("field", "typed", "says"),
    [
        ("principal", "C000000099", "Enter the citizen"),
        ("tags", "长" * 31, "too long"),
        ("valid_until", "gestern", "Enter a date"),
    ],
)
def test_what_surrounds_a_party_is_checked_too(
    clerk: PageClient, city: City, field: str, typed: str, says: str
) -> None:
    back = registering(clerk, name="林示例", **{field: typed})

    assert (back.status, count(city)) == (422, 0)
    assert says in back.text
    assert back.form(field="document").values()[field] == [typed]


def test_a_double_press_registers_one_party(clerk: PageClient, city: City) -> None:
    form = clerk.get("/citizens/new").form(field="document")

    pages = [clerk.submit(form, name="林示例") for _ in range(2)]

    assert pages[0].url == pages[1].url
    assert count(city) == 1


def test_a_half_filled_form_is_there_again_and_can_be_thrown_away(clerk: PageClient) -> None:
    form = clerk.get("/citizens/new").form(field="document")
    clerk.post("/desk/drafts/citizen", form.values() | {"name": ["林示例"]})

    kept = clerk.get("/citizens/new")
    fresh = clerk.submit(kept.form(action="/discard"))

    assert kept.form(field="document").values()["name"] == ["林示例"]
    assert fresh.form(field="document").values()["name"] == [""]


def test_the_page_to_change_somebody_shows_nothing_in_clear(clerk: PageClient, number: str) -> None:
    page = clerk.get(f"/citizens/{number}/edit")

    assert "林*例" in page.text
    assert "179****1111" in page.text
    assert "林示例" not in page.html
    assert "17900001111" not in page.html


def test_an_empty_name_stays_and_wishes_are_kept(
    clerk: PageClient, city: City, number: str
) -> None:
    form = clerk.get(f"/citizens/{number}/edit").form(field="preferred_times")

    clerk.submit(form, birth_year="1950", preferred_times="上午", do_not_contact="true")

    with city.db() as session:
        seen = seen_by(city, session, 1, clear=True)
    assert (seen.name, seen.preferred_times, seen.do_not_contact) == ("林示例", "上午", True)
    page = clerk.get(f"/citizens/{number}/edit")
    assert page.form(field="preferred_times").values()["do_not_contact"] == ["true"]
    clerk.submit(page.form(field="preferred_times"), do_not_contact=[])
    with city.db() as session:
        assert not seen_by(city, session, 1).do_not_contact


def test_a_stale_form_is_refused_with_both_texts(
    clerk: PageClient, city: City, number: str
) -> None:
    stale = clerk.get(f"/citizens/{number}/edit")
    clerk.submit(stale.form(field="preferred_times"), preferred_times="上午")

    refused = clerk.submit(stale.form(field="preferred_times"), preferred_times="下午")
    part = clerk.submit(stale.form(action="/parts/tags", button="Add"), word="常来")

    assert (refused.status, part.status) == (409, 409)
    assert "上午" in refused.text
    assert "下午" in refused.html
    with city.db() as session:
        assert seen_by(city, session, 1).preferred_times == "上午"
    again = clerk.submit(refused.form(field="preferred_times"))
    assert again.status == 200
    with city.db() as session:
        assert seen_by(city, session, 1).preferred_times == "下午"


@pytest.mark.parametrize(
    ("part", "typed", "shown"),
    [
        ("contacts", {"contact_kind": "email", "contact": "b@example.org"}, "b***@example.org"),
        ("contacts", {"contact": "010 8888 8888"}, "010-****8888"),
        ("documents", {"document": "E00000001"}, "E0*****01"),
        ("marks", {"mark": "veteran", "basis": "优待证"}, "优待证"),
        ("tags", {"word": "常来"}, "常来"),
        ("notes", {"text": "请大声说话。"}, "请大声说话。"),
    ],
)
def test_each_part_takes_something_in_and_lets_it_go_again(
    clerk: PageClient, number: str, part: str, typed: dict[str, str], shown: str
) -> None:
    with_it = added(clerk, number, part, **typed)
    form = next(
        f
        for f in with_it.forms
        if f"/parts/{part}/" in f.action and f.action.endswith(("/end", "/remove"))
    )

    without = clerk.submit(form)

    assert (with_it.status, without.status) == (200, 200)
    assert shown in with_it.text
    assert without.text.count(shown) < with_it.text.count(shown)


@pytest.mark.parametrize(
    ("part", "typed", "says"),
    [
        ("contacts", {"contact": "1790000"}, "11 digits"),
        ("documents", {"document": "110"}, "no number of a document"),
        ("acting", {"principal": "C000000001"}, "Nobody acts for themselves"),
        ("tags", {"word": "17900001111"}, "looks like a number"),
        ("notes", {"text": ""}, "Fill this in"),
    ],
)
def test_a_part_that_cannot_be_so_comes_back_as_it_was_typed(
    clerk: PageClient, number: str, part: str, typed: dict[str, str], says: str
) -> None:
    back = added(clerk, number, part, **typed)

    assert back.status == 422
    assert says in back.text
    kept = back.form(action=f"/parts/{part}", button="Add").values()
    assert {name: kept[name] for name in typed} == {n: [v] for n, v in typed.items()}


def test_a_contact_is_preferred_verified_and_marked_as_not_reached(
    clerk: PageClient, city: City, number: str
) -> None:
    for deed in ("prefer", "verify", "confirm", "fail"):
        assert pressed(clerk, number, deed).status == 200

    with city.db() as session:
        contact = session.scalars(select(Contact)).one()
        assert contact.is_preferred
        assert None not in (contact.verified_at, contact.confirmed_at, contact.failed_at)


def test_a_merged_number_leads_to_who_it_became(clerk: PageClient, city: City, number: str) -> None:
    with city.db.begin() as session:
        other = a_citizen(session, state=CitizenState.MERGED, merged_into_id=1)

    assert clerk.get(f"/citizens/{number_of(other)}/edit").url == f"/citizens/{number}/edit"


def test_of_somebody_restricted_nothing_can_be_changed(
    clerk: PageClient, city: City, number: str
) -> None:
    before = clerk.get(f"/citizens/{number}/edit")
    with city.db.begin() as session:
        session.get_one(Citizen, 1).state = CitizenState.RESTRICTED

    after = clerk.get(f"/citizens/{number}/edit")
    refused = clerk.submit(before.form(field="preferred_times"))

    assert "restricted" in after.text
    assert "179****1111" not in after.html
    assert refused.status == 403


@pytest.mark.parametrize("path", ["/citizens/new", "/citizens/C000000001/edit"])
def test_who_may_only_read_does_not_change(
    client: TestClient, city: City, number: str, path: str
) -> None:
    pages = PageClient(client)
    pages.sign_in(city[Role.REVIEWER].username)

    assert number == "C000000001"
    assert pages.get(path).status == 403


@pytest.mark.parametrize("path", ["parts/nothing", "parts/contacts/1/burn", "parts/tags/9/end"])
def test_an_address_that_means_nothing_is_a_plain_404(
    clerk: PageClient, number: str, path: str
) -> None:
    form = clerk.get(f"/citizens/{number}/edit").form(action="/parts/tags", button="Add")

    assert clerk.post(f"/citizens/{number}/{path}", form.values()).status == 404
