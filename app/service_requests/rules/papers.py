"""The papers of an application: what is found of each, and what follows for the whole.

Only papers the item's version lists are ever asked for (rulebook §3); what the house obtains
itself is not among them.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final

from app.kernel.errors import InvalidError
from app.kernel.messages import mark
from app.service_items.rules import Answers, ItemVersion, Material, needed

LONGEST_REASON: Final = 500
MOST_COPIES: Final = 99


class Verdict(StrEnum):
    """What was found of one paper."""

    OPEN = "open"  # nobody has looked yet
    OK = "ok"
    LACKING = "lacking"
    DEFECT = "defect"
    PROMISED = "promised"  # 容缺: it follows later


SETTLED: Final = frozenset({Verdict.OK, Verdict.PROMISED})
NOT_HANDED_IN: Final = "未提交"


@dataclass(frozen=True, slots=True)
class Judged:
    """A verdict on the paper with this key: why, how many came, until when it may follow."""

    key: str
    verdict: Verdict
    reason: str = ""
    copies: int | None = None
    until: date | None = None


@dataclass(frozen=True, slots=True)
class Paper:
    """A paper as it stands: what was asked for, and what was found."""

    key: str
    name: str
    may_defer: bool
    verdict: Verdict
    reason: str = ""
    until: date | None = None


def papers_of(item: ItemVersion, answers: Answers) -> tuple[Material, ...]:
    """The papers this application needs: of the version, by its answers, none of our own."""
    return needed(item.content.materials, answers)


def check_judged(
    asked: Mapping[str, Paper], judged: Sequence[Judged], *, today: date, latest: date
) -> None:
    """Refuse verdicts that say too little, or promise what the item does not let follow.

    `latest` is the last day papers may follow; errors are called `papers.KEY`.

    Raises:
        InvalidError: one sentence for each paper.
    """
    wrong: dict[str, str] = {}
    for one in judged:
        paper = asked.get(one.key)
        sentence = _why_not(paper, one, today=today, latest=latest)
        if sentence:
            wrong[f"papers.{one.key}"] = sentence
    if wrong:
        raise InvalidError(fields=wrong)


def _why_not(paper: Paper | None, one: Judged, *, today: date, latest: date) -> str:
    if paper is None:
        return mark("This item does not ask for such a paper.")
    if one.verdict is Verdict.DEFECT and not one.reason.strip():
        return mark("Say what is wrong with this paper.")
    if len(one.reason) > LONGEST_REASON:
        return mark("This is too long.")
    if one.copies is not None and not 0 <= one.copies <= MOST_COPIES:
        return mark("Enter how many copies came, up to 99.")
    return _why_no_promise(paper, one, today=today, latest=latest)


def _why_no_promise(paper: Paper, one: Judged, *, today: date, latest: date) -> str:
    if one.verdict is not Verdict.PROMISED:
        return ""
    if not paper.may_defer:
        return mark("This paper cannot follow later; it has to be there.")
    if one.until is None:
        return mark("Enter the day until which it follows.")
    if not today < one.until <= latest:
        return mark("It has to follow after today and before the limit ends.")
    return ""


def count_open(papers: Iterable[Paper]) -> int:
    """How many papers stand against acceptance: lacking, wrong or not looked at."""
    return sum(paper.verdict not in SETTLED for paper in papers)


def count_promised(papers: Iterable[Paper]) -> int:
    """How many are to follow."""
    return sum(paper.verdict is Verdict.PROMISED for paper in papers)


def promise_ends(papers: Iterable[Paper]) -> date | None:
    """The first day on which a promised paper is due; None where none is promised."""
    days = [paper.until for paper in papers if paper.verdict is Verdict.PROMISED and paper.until]
    return min(days, default=None)


def tell_defects(papers: Iterable[Paper]) -> str:
    """All that lacks, in one numbered list, as the applicant reads it (一次性告知).

    A paper nobody has looked at is told as not handed in: the notice is given once and names
    everything.
    """
    wrong = [paper for paper in papers if paper.verdict not in SETTLED]
    return "\n".join(
        f"{number}. {paper.name}：{paper.reason or NOT_HANDED_IN}"
        for number, paper in enumerate(wrong, start=1)
    )
