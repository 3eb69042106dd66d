"""Finds the order of a crew's day: by an optimiser in a process of its own, or by our own search.

Sees minutes between places only, no matter and nobody. The optimiser (OR-Tools) is an extra:
where it is missing, fails or takes too long, the simple order is used, and the answer says which.
"""

import json
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path
from threading import BoundedSemaphore
from typing import Final

from app.crews.rules.routing import LATE_WEIGHT, Method, Puzzle, simple_order

_CHILD: Final = Path(__file__).with_name("child.py")
_SECONDS: Final = 10
_WORTH_ASKING: Final = 3  # of two stops our own search has tried every order
_turns: Final = BoundedSemaphore(2)


def is_installed() -> bool:
    """Whether the optimiser is there (`civicwindow[routes]`)."""
    return find_spec("ortools") is not None


def solve(puzzle: Puzzle) -> tuple[list[int], Method]:
    """The best order found, never worse than the simple one, and which of the two made it."""
    simple = simple_order(puzzle)
    if len(simple) < _WORTH_ASKING or not is_installed():
        return simple, Method.SIMPLE
    found = _asked(puzzle, simple)
    if found is None or sorted(found) != sorted(simple):
        return simple, Method.SIMPLE
    best = found if puzzle.cost(found) < puzzle.cost(simple) else simple
    return best, Method.OPTIMISED


def _asked(puzzle: Puzzle, begin: list[int]) -> list[int] | None:
    """What the child says; None where it did not come to an end."""
    order = {
        "travel": puzzle.travel,
        "service": puzzle.service,
        "due": puzzle.due,
        "late": LATE_WEIGHT,
        "begin": begin,
    }
    with _turns:
        try:
            done = subprocess.run(  # noqa: S603  # our own program, numbers only
                [sys.executable, "-I", str(_CHILD)],
                input=json.dumps(order).encode(),
                capture_output=True,
                timeout=_SECONDS,
                check=False,
            )
        except subprocess.TimeoutExpired:
            return None
    if done.returncode != 0 or not done.stdout:
        return None
    found: list[int] = json.loads(done.stdout)
    return found
