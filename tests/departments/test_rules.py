"""What a unit is called, and what it is called after."""

import pytest

from app.departments.rules import place_name


@pytest.mark.parametrize(
    ("unit", "place"),
    [
        ("青禾区人民政府", "青禾区"),
        ("槐荫路街道办事处", "槐荫路街道"),
        ("南塘镇", "南塘镇"),
        ("Qinghe District Government", "Qinghe District"),
        ("", ""),
    ],
)
def test_a_place_is_called_without_its_government(unit: str, place: str) -> None:
    assert place_name(unit) == place
