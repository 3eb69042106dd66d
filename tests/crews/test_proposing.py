"""Who is proposed for a repair: every combination of what a crew can be, and who comes first."""

from dataclasses import replace
from datetime import timedelta
from itertools import product
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.catalogue.rules import Named
from app.catalogue.rules.vocabulary import Explanation
from app.crews.rules.proposing import Crew, Job, Proposal, propose
from tests.support.clock import MONDAY_9AM as NOW

LAMP = Job(
    "0120", Named("路灯", "street lamp"), "990101001", (83.0, 39.0), NOW + timedelta(hours=8)
)
ABLE = Crew(1, ("0120",), ("990101",), at=(83.0, 39.0))
SKILLS = {"none": ("0206",), "class": ("01",), "type": ("0120",)}
AREAS = {"in": ("990101",), "out": ("990102",), "anywhere": ()}


def said(crew: Crew, job: Job = LAMP) -> list[str]:
    """The reasons for or against one crew, as English sentences."""
    proposal = propose(job, [crew], now=NOW)
    return [one.msgid % one.params_in("en") for one in the_one(proposal)]


def the_one(proposal: Proposal) -> tuple[Explanation, ...]:
    """The reasons of the only crew."""
    found = [one.reasons for one in proposal.candidates]
    return [*found, *(one.reasons for one in proposal.passed_over)][0]


@pytest.mark.parametrize("danger", [False, True])
def test_a_crew_goes_if_it_can_is_there_and_has_room_and_an_emergency_overrides_all_but_two(
    danger: bool,  # noqa: FBT001  # the case of the test
) -> None:
    job = replace(LAMP, is_emergency=danger)
    both = (False, True)
    for skill, area, shift, online, full, ending in product(SKILLS, AREAS, both, both, both, both):
        crew = Crew(
            1, SKILLS[skill], AREAS[area], is_on_shift=shift, is_online=online,
            taken=8 if full else 2, capacity=8, is_ending=ending,
        )  # fmt: skip

        proposal = propose(job, [crew], now=NOW)

        there = shift or online
        can = skill != "none" and there and not ending
        fits = can and (danger or (area != "out" and not full))
        assert bool(proposal.candidates) is fits
        assert bool(proposal.passed_over) is not fits
        assert (proposal.for_head is None) is fits
        wrong = (skill == "none") + (not there) + ending
        wrong += 0 if danger else (area == "out") + full
        assert len(the_one(proposal)) == (wrong or 5)


def test_the_reasons_are_sentences_with_figures() -> None:
    crew = replace(ABLE, taken=7, capacity=10, at=(83.0139, 39.0))

    assert said(crew) == [
        "repairs street lamp",
        "its area",
        "on line",
        "takes 3 more today",
        "1.2 km away",
    ]


@pytest.mark.parametrize(
    ("crew", "job", "sentence"),
    [
        (replace(ABLE, at=(83.001, 39.0)), LAMP, "90 m away"),
        (replace(ABLE, at=None, stops=((83.02, 39.0), (83.001, 39.0))), LAMP, "90 m from its way"),
        (replace(ABLE, at=None, stops=((83.02, 39.0),)), LAMP, "1.7 km from its way"),
        (replace(ABLE, at=None), LAMP, "where it is is not known"),
        (ABLE, replace(LAMP, at=None), "the place has no position on the map"),
        (replace(ABLE, is_online=False), LAMP, "on shift, not on line"),
        (replace(ABLE, is_on_shift=False), LAMP, "off shift, but on line"),
        (replace(ABLE, ahead=600), LAMP, "would probably come after the limit"),
        (replace(ABLE, taken=8), LAMP, "full today: 8 of 8"),
        (replace(ABLE, areas=("990104",)), LAMP, "another area"),
        (replace(ABLE, is_ending=True), LAMP, "is being closed"),
        (replace(ABLE, is_online=False, is_on_shift=False), LAMP, "not on shift"),
        (replace(ABLE, skills=("0206",)), LAMP, "does not repair street lamp"),
        (
            replace(ABLE, areas=("990104",)),
            replace(LAMP, is_emergency=True),
            "not its area, but this cannot wait",
        ),
        (
            replace(ABLE, taken=9),
            replace(LAMP, is_emergency=True),
            "full today, but this cannot wait",
        ),
        (
            replace(ABLE, is_online=False, is_on_shift=False),
            replace(LAMP, is_emergency=True),
            "neither on shift nor on line",
        ),
    ],
)
def test_each_circumstance_has_its_own_words(crew: Crew, job: Job, sentence: str) -> None:
    assert sentence in said(crew, job)


@pytest.mark.parametrize(
    ("better", "worse"),
    [
        (ABLE, replace(ABLE, at=(83.05, 39.0))),  # nearer
        (ABLE, replace(ABLE, taken=5)),  # with more room
        (ABLE, replace(ABLE, is_online=False)),  # on line
        (ABLE, replace(ABLE, skills=("01",))),  # a specialist
        (ABLE, replace(ABLE, ahead=120)),  # with less in hand
        (replace(ABLE, at=(83.05, 39.0)), replace(ABLE, ahead=600)),  # in time, though further
    ],
)
def test_the_better_crew_comes_first_whatever_their_keys(better: Crew, worse: Crew) -> None:
    for first, second in ((1, 2), (2, 1)):
        crews = [replace(better, id=first), replace(worse, id=second)]

        proposal = propose(LAMP, crews, now=NOW)

        assert [one.crew_id for one in proposal.candidates] == [first, second]


def test_an_emergency_does_not_wait_for_what_is_in_hand() -> None:
    busy = replace(ABLE, ahead=600)

    (one,) = propose(replace(LAMP, is_emergency=True), [busy], now=NOW).candidates

    assert one.minutes == 0


def test_a_unit_without_crews_leaves_it_to_its_head_and_says_so() -> None:
    none, nobody = propose(LAMP, [], now=NOW), propose(LAMP, [replace(ABLE, skills=())], now=NOW)

    assert none.for_head is not None
    assert nobody.for_head is not None
    assert "no crew" in none.for_head.msgid
    assert "No crew can go now" in nobody.for_head.msgid


CREWS = st.lists(
    st.builds(
        Crew,
        id=st.integers(1, 99),
        skills=st.sampled_from(list(SKILLS.values())),
        areas=st.sampled_from(list(AREAS.values())),
        is_on_shift=st.booleans(),
        is_online=st.booleans(),
        taken=st.integers(0, 12),
        ahead=st.integers(0, 400),
        at=st.none() | st.tuples(st.floats(82.9, 83.1), st.floats(38.9, 39.1)),
    ),
    unique_by=lambda crew: crew.id,
    max_size=8,
)


@given(crews=CREWS, danger=st.booleans(), shuffled=st.randoms())
def test_every_crew_is_named_once_and_the_order_asked_in_changes_nothing(
    crews: list[Crew],
    danger: bool,  # noqa: FBT001  # drawn
    shuffled: Random,
) -> None:
    job = replace(LAMP, is_emergency=danger)
    other = list(crews)
    shuffled.shuffle(other)

    one, two = propose(job, crews, now=NOW), propose(job, other, now=NOW)

    named = [c.crew_id for c in one.candidates] + [c.crew_id for c in one.passed_over]
    assert sorted(named) == sorted(crew.id for crew in crews)
    assert [c.crew_id for c in one.candidates] == [c.crew_id for c in two.candidates]
    assert [c.cost for c in one.candidates] == sorted(c.cost for c in one.candidates)
    assert (one.for_head is not None) is (not one.candidates)
