"""What can be done with numbers and counters, each deed in the module of its subject."""

from app.queueing.service.calling import (
    Called,
    Onward,
    call_next,
    finish,
    pass_over,
    recall,
    serve,
    transfer,
)
from app.queueing.service.counters import (
    pause,
    require_seat,
    resume,
    sign_off,
    sign_on,
    where_of,
)
from app.queueing.service.taking import (
    NewTicket,
    come_back,
    get_by_token,
    link,
    opens_at,
    take,
    token_of,
)

__all__ = [
    "Called",
    "NewTicket",
    "Onward",
    "call_next",
    "come_back",
    "finish",
    "get_by_token",
    "link",
    "opens_at",
    "pass_over",
    "pause",
    "recall",
    "require_seat",
    "resume",
    "serve",
    "sign_off",
    "sign_on",
    "take",
    "token_of",
    "transfer",
    "where_of",
]
