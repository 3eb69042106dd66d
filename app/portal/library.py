"""The lists the portal ships: emergency numbers, notices of a demo city.

Read once per process; nothing here is about a place.
"""

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final

_DATA: Final = Path(__file__).parent / "data"


@dataclass(frozen=True, slots=True)
class EmergencyNumber:
    """A number that is answered at once, in both languages."""

    number: str
    name: str
    name_en: str

    def within(self, language: str) -> str:
        """Whose number it is, for a reader of `language`."""
        return self.name_en if language.startswith("en") else self.name


@cache
def _emergencies() -> dict[str, Any]:
    data: dict[str, Any] = json.loads((_DATA / "emergencies.json").read_text("utf-8"))
    return data


@cache
def emergency_numbers() -> tuple[EmergencyNumber, ...]:
    """110, 119, 120, 122 with what they are for."""
    return tuple(EmergencyNumber(**row) for row in _emergencies()["numbers"])


@cache
def shipped_notices() -> tuple[dict[str, str], ...]:
    """What a demo city announces while nobody has written anything."""
    rows: list[dict[str, str]] = json.loads((_DATA / "notices.json").read_text("utf-8"))
    return tuple(rows)
