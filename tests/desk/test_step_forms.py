"""The forms of steps are drawn once for many matters: each must still say what is its own."""

from app.accounts.rules import Role
from app.catalogue.rules import CaseKind
from tests.desk.stepping import Enter
from tests.support.city import City, a_case
from tests.support.pages import PageClient

OTHER = "井盖松动,车一过就响,请派人来看。"


def accepting(clerk: PageClient, number: str) -> dict[str, list[str]]:
    forms = clerk.get(f"/cases/{number}").forms
    return next(form for form in forms if form.values().get("action") == ["accept"]).values()


def test_the_same_step_asks_on_each_kind_of_matter_what_that_kind_needs(
    city: City, person: Enter
) -> None:
    with city.db.begin() as session:
        plain = a_case(session, kind=CaseKind.HELP).number
        complaint = a_case(session, kind=CaseKind.COMPLAINT).number
    clerk = person(Role.CLERK)

    first, other, again = (accepting(clerk, one) for one in (plain, complaint, plain))

    assert "accused_unit_id" not in first
    assert "accused_unit_id" in other
    assert first.keys() == again.keys()


def test_a_form_drawn_for_one_matter_carries_nothing_of_it_to_the_next(
    city: City, person: Enter, number: str
) -> None:
    with city.db.begin() as session:
        other = a_case(session, body=OTHER, title="井盖", place="界碑路 3 号").number
    clerk = person(Role.CLERK)

    clerk.get(f"/cases/{number}")
    page = clerk.get(f"/cases/{other}")

    assert number not in page.html
    assert "样板路" not in page.html
    assert all("\ue000" not in value for form in page.forms for value in str(form.values()))


def test_what_stands_in_a_form_cannot_break_out_of_it(city: City, person: Enter) -> None:
    with city.db.begin() as session:
        number = a_case(session, title='"><script>x</script>', place="</textarea><b>").number
    clerk = person(Role.CLERK)

    page = clerk.get(f"/cases/{number}")

    assert "<script>x" not in page.html
    assert "</textarea><b>" not in page.html
