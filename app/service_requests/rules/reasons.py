"""Ready words for what is wrong with a paper; the clerk may add their own.

Kept as data, in the language of the notice and in English.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from app.catalogue.rules import Named
from app.service_requests.rules.papers import LONGEST_REASON, Verdict

_BETWEEN = "；"


@dataclass(frozen=True, slots=True)
class Reason:
    """One phrase: what it belongs to, its short name, its words."""

    verdict: Verdict
    code: str
    words: Named


@cache
def reasons() -> Sequence[Reason]:
    """All phrases in their order."""
    text = files("app.service_requests.data").joinpath("reasons.json").read_text(encoding="utf-8")
    return tuple(
        Reason(Verdict(one["verdict"]), one["code"], Named(one["zh"], one["en"]))
        for one in json.loads(text)
    )


def reason_text(codes: Sequence[str], words: str) -> str:
    """What the applicant reads: the phrases chosen, then what was added; no unknown codes."""
    known = {one.code: one.words.zh for one in reasons()}
    parts = [known[code] for code in codes if code in known]
    return _BETWEEN.join([*parts, *filter(None, [words.strip()])])[:LONGEST_REASON]
