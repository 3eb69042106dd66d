"""How one value is made from its columns."""

from datetime import UTC, datetime, time
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.imports.rules import Taking, Timing, UnfitError, coordinate, instant

SHANGHAI = ZoneInfo("Asia/Shanghai")
NEW_YORK = ZoneInfo("America/New_York")
OPENED = datetime(2026, 1, 5, 2, 0, tzinfo=UTC)


def test_columns_are_joined_without_the_empty_ones_and_with_their_labels() -> None:
    taking = Taking(
        columns=("a", "b", "c"), join="; ", labels={"c": "C: "}, empty=frozenset({"无"})
    )

    said = taking.text({"a": " one  two ", "b": "无", "c": "three"})

    assert said == "one two; C: three"


def test_a_table_a_default_and_a_pass_through() -> None:
    cells = {"a": "x"}

    assert Taking(columns=("a",), table={"x": "y"}).text(cells) == "y"
    assert Taking(columns=("a",), default="z").text(cells) == "z"
    assert Taking(columns=("a",), table={"q": "y"}, default="*").text(cells) == "x"
    with pytest.raises(UnfitError, match="does not know"):
        Taking(columns=("a",), table={"q": "y"}).text(cells)


def test_a_condition_makes_a_value_missing() -> None:
    taking = Taking(columns=("lon",), unless=("placeholder", "1"))

    assert taking.text({"lon": "1.5", "placeholder": "1"}) == ""
    assert taking.text({"lon": "1.5", "placeholder": "0"}) == "1.5"


@given(st.text(max_size=60), st.integers(1, 40))
def test_a_cut_text_is_never_longer_than_told(text: str, cut: int) -> None:
    assert len(Taking(columns=("a",), cut=cut).text({"a": text})) <= cut


@pytest.mark.parametrize(
    ("timing", "said", "zone", "expected"),
    [
        (Timing("t"), "2026-01-05 10:00:00", SHANGHAI, OPENED),
        (Timing("t"), "2026-01-05T02:00:00Z", SHANGHAI, OPENED),
        (Timing("t", "%d.%m.%Y %H.%M"), "05.01.2026 10.00", SHANGHAI, OPENED),
        (Timing("t", at=time(10)), "2026-01-05", SHANGHAI, OPENED),
        (Timing(days_after="t"), "0", SHANGHAI, OPENED),
        # In the hour that comes twice the first one counts; in the one that never comes,
        # the time goes on as if the clocks had not been changed.
        (Timing("t"), "2025-11-02 01:30:00", NEW_YORK, datetime(2025, 11, 2, 5, 30, tzinfo=UTC)),
        (Timing("t"), "2025-03-09 02:30:00", NEW_YORK, datetime(2025, 3, 9, 7, 30, tzinfo=UTC)),
    ],
)
def test_instants(timing: Timing, said: str, zone: ZoneInfo, expected: datetime) -> None:
    assert instant(timing, {"t": said}, zone, OPENED) == expected


@pytest.mark.parametrize("said", ["-1", "2.5", "drei", "1e9"])
def test_days_that_are_none_are_refused(said: str) -> None:
    with pytest.raises(UnfitError):
        instant(Timing(days_after="t"), {"t": said}, SHANGHAI, OPENED)


def test_degrees() -> None:
    assert coordinate("c", "119.12345678", limit=180) == Decimal("119.123457")
    assert coordinate("c", "", limit=180) is None
    for wrong in ("NaN", "inf", "181", "x"):
        with pytest.raises(UnfitError):
            coordinate("c", wrong, limit=180)
