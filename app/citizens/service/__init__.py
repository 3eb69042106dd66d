"""What can be done with citizens, each deed in the module of its name."""

from app.citizens.service.reading import (
    Person,
    ids_by_phone,
    ids_by_phone_tail,
    name_of,
    person_of,
)
from app.citizens.service.registering import register

__all__ = [
    "Person",
    "ids_by_phone",
    "ids_by_phone_tail",
    "name_of",
    "person_of",
    "register",
]
