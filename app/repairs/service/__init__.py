"""One function for each thing a person can do with a repair. Callers own the transaction."""

from app.repairs.service.arriving import take_in_open
from app.repairs.service.assigning import assign_crew, grab
from app.repairs.service.field import act
from app.repairs.service.lending import Lent, lend_link, revoke_link
from app.repairs.service.opening import NewRepair, open_repair
from app.repairs.service.pooling import may_take, take_from_pool

__all__ = [
    "Lent",
    "NewRepair",
    "act",
    "assign_crew",
    "grab",
    "lend_link",
    "may_take",
    "open_repair",
    "revoke_link",
    "take_from_pool",
    "take_in_open",
]
