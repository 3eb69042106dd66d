"""Faces of the register of facilities, of their types, and of inspections."""

from app.accounts.rules import Role
from tests.browser.faces.face import Face, first_of

FACILITIES = (
    Face("facility", Role.SUPERVISOR, first_of("/facilities?q=路灯", "/facilities/99")),
    Face("inspection-plan", Role.SUPERVISOR, "/inspections/plans/new"),
)
