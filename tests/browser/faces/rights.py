"""Pages of whoever is in charge of personal data."""

from typing import Final

from app.accounts.rules import Role
from tests.browser.faces.face import Face

RIGHTS: Final = (
    Face("privacy", Role.PRIVACY, "/privacy"),
    Face("privacy-ended", Role.PRIVACY, "/privacy/requests/ended"),
    Face("privacy-person", Role.PRIVACY, "/privacy/citizens/C000000001"),
    Face("privacy-retention", Role.PRIVACY, "/privacy/retention"),
    Face("privacy-dry-run", Role.PRIVACY, "/privacy/retention/dry-run"),
    Face("privacy-holds", Role.PRIVACY, "/privacy/holds"),
    Face("privacy-register", Role.PRIVACY, "/privacy/register"),
    Face("privacy-notices", Role.PRIVACY, "/privacy/notices"),
    Face("privacy-extras", Role.PRIVACY, "/privacy/extras"),
)
