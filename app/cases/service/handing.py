"""Handing a matter over inside the unit: it stays with the first until the next accepts (首问负责).

Who may be asked follows from the unit; what each step leaves in the history is an id.
"""

from collections.abc import Mapping
from typing import Final

from app.cases.kinds import Action
from app.cases.rules import Field, given_fact
from app.cases.service import claims
from app.cases.service.confiding import confide
from app.cases.service.deeds import Deed, Effect, Payload
from app.kernel.errors import InvalidError
from app.kernel.messages import mark


def _hand_over(deed: Deed) -> Payload:
    next_id = given_fact(deed.given.facts.handler_id)
    if next_id == deed.case.handler_id:
        raise InvalidError(
            fields={Field.HANDLER: mark("This person has the matter already. Choose another.")}
        )
    claims.handler(deed.session, deed.case, next_id)
    deed.case.handing_to_id = next_id
    return {"handing_to_id": next_id}


def _accept(deed: Deed) -> Payload:
    before = deed.case.handler_id
    next_id = given_fact(deed.case.handing_to_id)
    deed.case.handler_id = next_id
    deed.case.handing_to_id = None
    why = str(deed.given.action)
    confide(deed.session, deed.case, next_id, reason=why, doer=deed.doer, now=deed.now)
    return {"handler_id": next_id, "from_id": before}


def _refuse(deed: Deed) -> Payload:
    deed.case.handing_to_id = None
    return {"handler_id": deed.case.handler_id}


EFFECTS: Final[Mapping[Action, Effect]] = {
    Action.HAND_OVER: _hand_over,
    Action.ACCEPT_HAND_OVER: _accept,
    Action.REFUSE_HAND_OVER: _refuse,
}
