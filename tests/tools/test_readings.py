"""The small table of readings is what its tool would write."""

from tools import readings


def test_the_table_is_not_stale() -> None:
    assert readings.TABLE.read_text(encoding="utf-8") == readings.text()
