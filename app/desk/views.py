"""The chips of the workbench: the lists somebody works through.

A chip is a named filter for the people it concerns; how any filter is written
as an address stands with the filter itself.
"""

from dataclasses import dataclass, replace
from typing import Final

from app.accounts.rules import Actor, Permission
from app.cases.kinds import Status
from app.cases.queries.addresses import from_query, to_query
from app.cases.queries.lists import Filter, LampState
from app.kernel.messages import mark

__all__ = ["CHIPS", "Chip", "chip_for", "chips_for", "filter_of", "from_query", "to_query"]


@dataclass(frozen=True, slots=True)
class Chip:
    """A list somebody works through; shown to whoever holds one of the rights."""

    key: str
    label: str
    needs: tuple[Permission, ...]
    wanted: Filter
    is_mine: bool = False


_P = Permission
# What a unit works on itself; a complaint is investigated where an order is handled.
IN_HAND: Final = (
    Status.HANDLING,
    Status.WAITING_CITIZEN,
    Status.INVESTIGATING,
    Status.MEASURES,
    Status.SIGNED,
    Status.ON_WAY,
    Status.ON_SITE,
)
_REVIEWED: Final = (Status.ADMITTED, Status.REVIEWING, Status.SPECIAL_PROCEDURE)
CHIPS: Final = (
    Chip("mine", mark("Mine"), (_P.CASE_HANDLE,), Filter(), is_mine=True),
    Chip("accept", mark("To accept"), (_P.CASE_ACCEPT,), Filter(states=(Status.SUBMITTED,))),
    Chip("file", mark("Repairs to file"), (_P.REPAIR_FILE,), Filter(states=(Status.REPORTED,))),
    Chip(
        "check",
        mark("Repairs to check"),
        (_P.REPAIR_CHECK,),
        Filter(states=(Status.REPAIRED, Status.CHECKED)),
    ),
    Chip(
        "dispatch",
        mark("To dispatch"),
        (_P.CASE_DISPATCH,),
        Filter(states=(Status.ACCEPTED, Status.VERIFIED)),
    ),
    Chip("sign", mark("To sign for"), (_P.CASE_SIGN,), Filter(states=(Status.DISPATCHED,))),
    Chip(
        "handle",
        mark("In hand"),
        (_P.CASE_HANDLE,),
        Filter(states=(*IN_HAND, Status.SUSPENDED)),
    ),
    Chip(
        "received",
        mark("Applications received"),
        (_P.CASE_ACCEPT,),
        Filter(states=(Status.RECEIVED, Status.CORRECTING)),
    ),
    Chip(
        "applications",
        mark("Applications to review"),
        (_P.CASE_HANDLE, _P.CASE_CONCLUDE),
        Filter(states=_REVIEWED),
    ),
    Chip(
        "hand_out",
        mark("To hand out"),
        (_P.CASE_ACCEPT,),
        Filter(states=(Status.DECIDED, Status.ISSUING)),
    ),
    Chip("returns", mark("Returns"), (_P.CASE_DISPATCH,), Filter(states=(Status.RETURNING,))),
    Chip(
        "decide",
        mark("To decide"),
        (_P.CASE_APPROVE,),
        Filter(is_pending=True, states=(*IN_HAND, Status.REVIEWING)),
    ),
    Chip(
        "conclude",
        mark("Findings to confirm"),
        (_P.CASE_CONCLUDE,),
        Filter(states=(Status.CONCLUDING,)),
    ),
    Chip(
        "recheck",
        mark("To check for the unit above"),
        (_P.CASE_SUPERVISE,),
        Filter(states=(Status.RECHECKING,)),
    ),
    # Asked for more than 15 days after the end: the matter is closed until somebody decides.
    Chip(
        "reopen",
        mark("Asked to reopen"),
        (_P.CASE_SUPERVISE,),
        Filter(is_open=False, is_pending=True),
    ),
    Chip("rule", mark("To rule"), (_P.CASE_RULE,), Filter(states=(Status.ADJUDICATING,))),
    Chip(
        "urges",
        mark("Urge unanswered"),
        (_P.CASE_HANDLE, _P.CASE_ACCEPT, _P.CASE_SUPERVISE),
        Filter(urge_waits=True),
    ),
    Chip("urged", mark("Urged"), (_P.CASE_SUPERVISE,), Filter(was_urged=True)),
    Chip("review", mark("To review"), (_P.CASE_REVIEW,), Filter(states=(Status.REPLIED,))),
    Chip(
        "callback", mark("To call back"), (_P.CASE_CALLBACK,), Filter(states=(Status.CALLING_BACK,))
    ),
    Chip("soon", mark("Step due soon"), (_P.CASE_READ,), Filter(step_lamp=LampState.WARN)),
    Chip("late", mark("Step overdue"), (_P.CASE_READ,), Filter(step_lamp=LampState.BAD)),
    Chip("open", mark("All open"), (_P.CASE_READ,), Filter()),
    Chip("ended", mark("Ended matters"), (_P.CASE_READ,), Filter(is_open=False)),
)
_BY_KEY: Final = {chip.key: chip for chip in CHIPS}


def chips_for(actor: Actor) -> tuple[Chip, ...]:
    """The chips that concern this person."""
    return tuple(chip for chip in CHIPS if any(map(actor.may, chip.needs)))


def chip_for(actor: Actor, key: str) -> Chip | None:
    """The chip with this key; without a key the first that concerns the person.

    None for an unknown key, and for one that is not theirs.
    """
    own = chips_for(actor)
    if not key:
        return own[0] if own else None
    chip = _BY_KEY.get(key)
    return chip if chip in own else None


def filter_of(chip: Chip, actor: Actor) -> Filter:
    """The chip's filter, for this person."""
    return replace(chip.wanted, handler_id=actor.id) if chip.is_mine else chip.wanted
