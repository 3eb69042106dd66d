"""The process that improves the order of one crew's day with OR-Tools, and nothing else.

Reads minutes on its standard input and answers with an order on its standard output. It stops
after a number of solutions, not of seconds, so that the same day gives the same order.
"""

import json
import sys
from typing import Any, Final

from ortools.constraint_solver import (  # type: ignore[import-untyped]  # ships no types
    pywrapcp,
    routing_enums_pb2,
)

_SOLUTIONS: Final = 30  # with twice or three times as many no day we tried became better
_SECONDS: Final = 8  # only against a day that never ends
_HORIZON: Final = 100_000


def main() -> None:
    """Answer one puzzle."""
    json.dump(improved(json.load(sys.stdin)), sys.stdout)


def improved(order: dict[str, Any]) -> list[int]:
    """The places in the best order found from the one given; an empty list if there is none."""
    travel: list[list[int]] = order["travel"]
    service: list[int] = [0, *order["service"], 0]
    end = len(travel)  # a place nobody drives to: the day may end anywhere
    manager = pywrapcp.RoutingIndexManager(end + 1, 1, [0], [end])
    routing = pywrapcp.RoutingModel(manager)

    def driving(one: int, other: int) -> int:
        a, b = int(manager.IndexToNode(one)), int(manager.IndexToNode(other))
        return 0 if b == end else travel[a][b]

    def passing(one: int, other: int) -> int:
        return service[int(manager.IndexToNode(one))] + driving(one, other)

    routing.SetArcCostEvaluatorOfAllVehicles(routing.RegisterTransitCallback(driving))
    routing.AddDimension(
        routing.RegisterTransitCallback(passing),
        0,  # nobody waits: every repair can begin at once
        _HORIZON,
        True,  # the day begins now
        "time",
    )
    time = routing.GetDimensionOrDie("time")
    for place, due in enumerate(order["due"], start=1):
        if due is not None:
            index = manager.NodeToIndex(place)
            time.SetCumulVarSoftUpperBound(index, max(due, 0), order["late"])
    wanted = pywrapcp.DefaultRoutingSearchParameters()
    search = routing_enums_pb2.LocalSearchMetaheuristic
    wanted.local_search_metaheuristic = search.GUIDED_LOCAL_SEARCH
    wanted.solution_limit = _SOLUTIONS
    wanted.time_limit.seconds = _SECONDS
    routing.CloseModelWithParameters(wanted)
    first = routing.ReadAssignmentFromRoutes([order["begin"]], True)
    found = routing.SolveFromAssignmentWithParameters(first, wanted)
    return _places(manager, routing, found) if found else []


def _places(
    manager: pywrapcp.RoutingIndexManager,
    routing: pywrapcp.RoutingModel,
    found: pywrapcp.Assignment,
) -> list[int]:
    places = []
    index = found.Value(routing.NextVar(routing.Start(0)))
    while not routing.IsEnd(index):
        places.append(manager.IndexToNode(index))
        index = found.Value(routing.NextVar(index))
    return places


if __name__ == "__main__":
    main()
