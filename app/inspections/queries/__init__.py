"""Every question asked about inspections and repeated failures. Reads only."""

from app.inspections.queries.repeats import (
    AssetRepair,
    Repeated,
    repairs_of,
    repeated_assets,
    repeated_of,
    repeated_types,
)
from app.inspections.queries.rounds import (
    AssetCheck,
    PlanView,
    RoundView,
    StopView,
    checks_of,
    count_missed,
    done_rounds,
    get_plan,
    get_round,
    list_plans,
    named_assets,
    open_rounds,
    stops_of,
)

__all__ = [
    "AssetCheck",
    "AssetRepair",
    "PlanView",
    "Repeated",
    "RoundView",
    "StopView",
    "checks_of",
    "count_missed",
    "done_rounds",
    "get_plan",
    "get_round",
    "list_plans",
    "named_assets",
    "open_rounds",
    "repairs_of",
    "repeated_assets",
    "repeated_of",
    "repeated_types",
    "stops_of",
]
