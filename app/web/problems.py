"""What an error page says: what happened, what is kept, what to do next.

One row per kind of trouble; the sentences are msgids. Decides no status by itself.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from app.kernel.messages import mark
from app.web.given_back import GivenBack


@dataclass(frozen=True, slots=True)
class Advice:
    """The words around one kind of trouble."""

    title: str
    advice: str


@dataclass(frozen=True, slots=True)
class Problem:
    """One error page."""

    status: int
    code: str
    title: str
    sentence: str
    advice: str
    params: Mapping[str, object] = field(default_factory=dict)
    fields: Mapping[str, str] = field(default_factory=dict)
    stored: Mapping[str, str] = field(default_factory=dict)
    kept: GivenBack | None = None
    request_id: str = ""


ADVICE: Final[Mapping[str, Advice]] = {
    "not_found": Advice(
        mark("This page was not found"),
        mark(
            "Check the address or the number for typing errors. "
            "Somebody else's matter, or one you may not see, also looks like this."
        ),
    ),
    "not_allowed": Advice(
        mark("This cannot be done here"),
        mark("Go back to the page before and use its buttons."),
    ),
    "forbidden": Advice(
        mark("You may not do this"),
        mark("If your work needs it, ask your unit's administrator for the right role."),
    ),
    "form_expired": Advice(
        mark("Please send it once more"),
        mark("Look over what you wrote below, then press the button again."),
    ),
    "conflict": Advice(
        mark("Somebody else was faster"),
        mark(
            "Compare what is stored now with what you wrote. "
            "Nothing has been overwritten and nothing of yours is lost."
        ),
    ),
    "invalid": Advice(
        mark("Something needs to be changed"),
        mark("Change it below and send it again."),
    ),
    "too_large": Advice(
        mark("That is too much at once"),
        mark(
            "Nothing was saved. Go back in your browser: what you wrote should still be there. "
            "Shorten it or choose smaller files, then send it again."
        ),
    ),
    "too_many": Advice(
        mark("Please wait a little"),
        mark("Many messages came from here in a short time. Try again later, or call us."),
    ),
    "my_sign_in_needed": Advice(
        mark("You have been away for a while"),
        mark(
            "Open “My page” in another window and sign in with a new code. "
            "Then come back here and send it again: what you wrote is below."
        ),
    ),
    "unavailable": Advice(
        mark("Not saved yet: please try again"),
        mark("Wait a moment, then press the button again. If it is urgent, call us."),
    ),
    "broken": Advice(
        mark("Something went wrong on our side"),
        mark(
            "It has been noted. Try again; if it happens twice, call us and give the number below."
        ),
    ),
}
GENERAL: Final = ADVICE["invalid"]
