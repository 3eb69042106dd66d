"""What can be done about the rights of a person, each deed in the module of its name."""

from app.privacy.service.asking import open_request, requests_of, withdraw_request, words_of
from app.privacy.service.consents import (
    OUTREACH,
    PUBLICATION,
    SURVEY,
    ConsentState,
    consent_of,
    consents_of,
    give,
    history_of,
    needs_guardian,
    withdraw,
)

__all__ = [
    "OUTREACH",
    "PUBLICATION",
    "SURVEY",
    "ConsentState",
    "consent_of",
    "consents_of",
    "give",
    "history_of",
    "needs_guardian",
    "open_request",
    "requests_of",
    "withdraw",
    "withdraw_request",
    "words_of",
]
