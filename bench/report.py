"""Prints what was measured, and whether it is what was aimed at.

Words only; nothing is judged good or bad beyond a mark beside the aim.
"""

from collections.abc import Iterator, Sequence
from typing import Final

from bench.measuring import Figures, Result

GROWTH_AIM: Final = 1.3
MEMORY_AIM: Final = 220
_HEAD: Final = (
    f"{'':10}{'req/s':>8}{'p50 ms':>9}{'p95 ms':>9}{'CPU ms':>9}{'x bare':>8}{'aim':>6}"
    f"{'SQL':>6}{'DB ms':>8}"
)


def table(result: Result) -> Iterator[str]:
    """One city, line by line."""
    yield ""
    yield f"{result.title}, {result.cases:,} matters"
    yield _HEAD
    yield from map(_line, result.figures)
    yield from (f"{name:10}not there" for name in result.absent)
    worker = f", worker {result.worker_mb:.0f} MB" if result.worker_mb else ""
    mark = _mark(within=result.largest_mb <= MEMORY_AIM)
    yield f"largest web process {result.largest_mb:.0f} MB (aim {MEMORY_AIM} {mark}){worker}"


def growth(results: Sequence[Result]) -> Iterator[str]:
    """The largest city against the smallest of the same kind."""
    for title in dict.fromkeys(result.title for result in results):
        cities = sorted((r for r in results if r.title == title), key=lambda r: r.cases)
        small, large = cities[0], cities[-1]
        if small is large:
            continue
        yield ""
        yield f"{title}: {large.cases:,} against {small.cases:,} matters (aim {GROWTH_AIM})"
        before = {figures.name: figures for figures in small.figures}
        for now in large.figures:
            # By the ratio to bare: the machine may have been busier at one of the two.
            if now.name in before and now.name != "bare":
                times = now.ratio / before[now.name].ratio
                database = _times(now.database_ms, before[now.name].database_ms)
                mark = _mark(within=times <= GROWTH_AIM)
                yield f"{now.name:10}{times:8.2f} {mark}{database}"


def _line(one: Figures) -> str:
    is_bare = one.statements is None
    aim = f"{'':6}" if is_bare else f"{one.aim:4.0f} {_mark(within=one.ratio <= one.aim)}"
    counted = "" if one.statements is None else str(one.statements)
    database = f"{one.database_ms:8.2f}" if one.database_ms else f"{'':8}"
    return (
        f"{one.name:10}{one.per_second:8.0f}{one.p50_ms:9.1f}{one.p95_ms:9.1f}{one.cpu_ms:9.2f}"
        f"{one.ratio:8.1f}{aim}{counted:>6}{database}"
    )


def _times(now: float, before: float) -> str:
    return f"   (database server {now / before:.2f})" if now and before else ""


def _mark(*, within: bool) -> str:
    return "✓" if within else "✗"
