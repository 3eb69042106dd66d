"""What a citizen reads about a repair: plain sentences for its states and the lines of its history.

Beside those of `words`; only what repairs have besides other matters.
"""

from collections.abc import Mapping
from typing import Final

from app.cases.kinds import Action, Status
from app.kernel.messages import mark
from app.portal.application_words import StateWords

STATES: Final[Mapping[Status, StateWords]] = {
    Status.REPORTED: StateWords(
        mark("We have received it"),
        mark("Next: somebody looks at it and files it for repair."),
    ),
    Status.VERIFIED: StateWords(
        mark("Filed for repair"),
        mark("Next: it goes to the unit that looks after it."),
    ),
    Status.SIGNED: StateWords(
        mark("A crew has it"),
        mark("Next: the crew sets out."),
    ),
    Status.ON_WAY: StateWords(
        mark("The crew is on its way"),
        mark("Next: the crew arrives and makes the place safe first."),
    ),
    Status.ON_SITE: StateWords(
        mark("The crew is on site"),
        mark("Next: it is repaired."),
    ),
    Status.REPAIRED: StateWords(
        mark("Repaired"),
        mark("Next: somebody else than the crew checks it."),
    ),
    Status.CHECKED: StateWords(
        mark("Repaired and checked"),
        mark("Next: the report is closed."),
    ),
    Status.NOT_FILED: StateWords(
        mark("It is not repaired on this report"),
        mark("The reason is below. If you have new facts, report it once more."),
    ),
}

LINES: Final[Mapping[Action, str]] = {
    Action.FILE: mark("It was filed for repair"),
    Action.NOT_FILE: mark("It is not repaired on this report"),
    Action.COORDINATE: mark("Nobody owns it: the district sees to it"),
    Action.ASSIGN_CREW: mark("A crew has it"),
    Action.GRAB: mark("A crew took it on"),
    Action.HAND_BACK: mark("Another crew will take it on"),
    Action.SET_OUT: mark("The crew set out"),
    Action.ARRIVE: mark("The crew arrived"),
    Action.SECURE: mark("The place was made safe"),
    Action.FIX: mark("It was repaired"),
    Action.CHECK: mark("Somebody else checked the repair"),
    Action.LEND: mark("A contractor sees to it"),
}
