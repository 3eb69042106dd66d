"""Who did something, as far as a log needs to know it.

A value only, so that rules may build one without touching the database.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Author:
    """`id` is None for the machine itself; `role` lists the roles held, comma-separated."""

    id: int | None
    role: str
    ip: str = ""


MACHINE = Author(None, "system")
