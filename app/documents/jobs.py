"""Makes the PDFs nobody has opened yet, so that each lies beside its matter soon after."""

from datetime import datetime
from typing import Final

import structlog
from sqlalchemy.orm import Session

from app.documents.service import printing
from app.documents.service.printing import House, Made, Order
from app.kernel.errors import UnavailableError
from app.kernel.files import store_in
from app.kernel.jobs import Errand, Payload
from app.settings import Settings

PRINT: Final = "documents:print"
_MOST_AT_ONCE: Final = 20  # some seconds; the rest waits for the next round

_log = structlog.get_logger("documents")
_wired: list[Settings] = []


def wire(settings: Settings) -> None:
    """Say where files lie and what links begin with; called once at start."""
    _wired[:] = [settings]


def _prepare(session: Session, _payload: Payload, _now: datetime) -> list[Order] | None:
    house = House(_wired[-1].base_url, _wired[-1].hotline)
    return printing.waiting(session, house=house, limit=_MOST_AT_ONCE) or None


def _go(orders: list[Order]) -> list[Made]:
    store = store_in(_wired[-1].data_dir)
    made = []
    for order in orders:
        try:
            made.append(printing.make(order, store))
        except UnavailableError as error:
            # Whoever opens the document reads why; the next round tries again.
            _log.warning("documents wait to be printed", why=error.msgid)
    return made


def _settle(session: Session, _payload: Payload, made: list[Made], now: datetime) -> None:
    for each in made:
        printing.settle(session, each, now=now)


WAITING: Final = Errand(_prepare, _go, _settle)
