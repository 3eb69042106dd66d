"""Where a matter should go, and what is said when nobody can be named."""

import pytest

from app.catalogue.rules import (
    DirectoryRule,
    Named,
    Place,
    Proposal,
    UnitFacts,
    covers,
    propose,
    revised,
)
from app.departments.rules import UnitKind
from tests.catalogue.builders import a_line, unit_facts

WATER, DISTRICT, STREET, CREW_OWNER = 1, 2, 3, 4
UNITS = {
    WATER: unit_facts(WATER, kind=UnitKind.ENTERPRISE),
    DISTRICT: unit_facts(DISTRICT, kind=UnitKind.DISTRICT, region_code="990101"),
    STREET: unit_facts(STREET, kind=UnitKind.STREET, region_code="990101001", path="/2/3/"),
    CREW_OWNER: unit_facts(CREW_OWNER, path="/1/4/"),
}


def where(
    *lines: DirectoryRule,
    units: dict[int, UnitFacts] | None = None,
    place: str = "990101001",
    accused: str = "",
) -> Proposal:
    return propose(
        lines,
        units or UNITS,
        category=Named("停水", "No water"),
        category_path=(3, 31),
        place=Place(place, Named("柳岸街道", "Liu'an Street")),
        accused_path=accused,
    )


def test_the_first_line_that_fits_names_the_unit_and_says_why() -> None:
    proposal = where(
        a_line(1, category_id=9, unit_id=DISTRICT),
        a_line(2, category_id=3, unit_id=WATER),
        a_line(3, unit_id=STREET),
    )

    assert (proposal.unit_id, proposal.rule_id) == (WATER, 20)
    assert proposal.why.msgid % proposal.why.params_in("en") == (
        "Directory line 2: No water in Liu'an Street is the duty of Unit 1."
    )
    assert proposal.why.params_in("zh-CN")["unit"] == "单位1"
    assert proposal.basis == "三定方案"
    assert proposal.alert is None


def test_later_lines_and_the_district_are_offered_beside_it() -> None:
    proposal = where(a_line(1, unit_id=WATER), a_line(2, unit_id=STREET), a_line(3, unit_id=WATER))

    assert [other.unit_id for other in proposal.alternatives] == [STREET, DISTRICT]


@pytest.mark.parametrize("region_code", ["", "9901", "990100", "990101", "990101001"])
def test_a_line_holds_for_everything_inside_its_region(region_code: str) -> None:
    assert where(a_line(region_code=region_code)).unit_id == WATER


@pytest.mark.parametrize("region_code", ["990102", "990101002", "990200", "990101001001"])
def test_a_line_for_another_region_does_not_fit(region_code: str) -> None:
    assert where(a_line(region_code=region_code)).rule_id is None


def test_without_a_line_the_government_of_the_district_takes_it() -> None:
    proposal = where(a_line(category_id=9))

    assert (proposal.unit_id, proposal.rule_id, proposal.alert) == (DISTRICT, None, None)
    assert "the government of the district takes it" in proposal.why.msgid


def test_a_district_hears_of_what_its_street_is_given() -> None:
    assert where(a_line(unit_id=STREET)).copy_to == (DISTRICT,)
    assert where(a_line(unit_id=WATER)).copy_to == ()


def test_a_closed_unit_leads_to_no_proposal_but_to_an_alert_and_the_next_best() -> None:
    units = {**UNITS, WATER: unit_facts(WATER, is_active=False)}

    proposal = where(a_line(1, unit_id=WATER), a_line(2, unit_id=STREET), units=units)

    assert (proposal.unit_id, proposal.rule_id) == (None, None)
    assert proposal.alert == proposal.why
    assert "which is closed" in proposal.why.msgid
    assert [other.unit_id for other in proposal.alternatives] == [STREET, DISTRICT]


@pytest.mark.parametrize("place", ["", "990199001"])
def test_a_place_without_a_district_leads_to_no_proposal_but_to_an_alert(place: str) -> None:
    proposal = where(a_line(category_id=9), place=place)

    assert proposal.unit_id is None
    assert proposal.alert is not None
    assert proposal.alternatives == ()


def test_a_closed_district_takes_nothing() -> None:
    units = {DISTRICT: unit_facts(DISTRICT, kind=UnitKind.DISTRICT, is_active=False)}

    assert where(units=units).unit_id is None


@pytest.mark.parametrize("charged", [WATER, CREW_OWNER])
def test_a_matter_about_a_unit_goes_neither_to_it_nor_below_it(charged: int) -> None:
    proposal = where(
        a_line(1, unit_id=charged), a_line(2, unit_id=CREW_OWNER), a_line(3, unit_id=STREET),
        accused="/1/",
    )  # fmt: skip

    assert proposal.unit_id is None
    assert "the matter is about it" in proposal.why.msgid
    assert [other.unit_id for other in proposal.alternatives] == [STREET, DISTRICT]


def test_a_matter_about_the_district_is_not_given_to_it_by_place() -> None:
    proposal = where(accused="/2/")

    assert (proposal.unit_id, proposal.alternatives) == (None, ())


@pytest.mark.parametrize(
    ("region", "place", "held"),
    [
        ("", "", True),
        ("", "990101", True),
        ("990100", "990101001", True),
        ("990100", "990200", False),
        ("990101", "990101001001", True),
        ("990101", "9901", False),
    ],
)
def test_a_region_holds_what_its_code_begins(region: str, place: str, *, held: bool) -> None:
    assert covers(region, place) is held


def test_a_line_tried_in_its_place_or_before_another_counts_as_it_would_then() -> None:
    first, second = a_line(1, unit_id=WATER), a_line(2, unit_id=STREET)
    changed = DirectoryRule(second.id, 0, None, "", DISTRICT, "")
    new = DirectoryRule(0, 0, None, "", CREW_OWNER, "")

    in_place = revised([first, second], changed)
    before = revised([first, second], new, before_id=second.id)
    last = revised([first, second], new)

    assert [(rule.line, rule.unit_id) for rule in in_place] == [(1, WATER), (2, DISTRICT)]
    assert [(rule.line, rule.unit_id) for rule in before] == [
        (1, WATER),
        (2, CREW_OWNER),
        (3, STREET),
    ]
    assert [rule.unit_id for rule in last] == [WATER, STREET, CREW_OWNER]
