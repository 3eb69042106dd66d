"""The catalogue's decisions, gathered under one name.

Pure: works on plain values, reads neither database nor clock.
"""

from app.catalogue.rules.directory import (
    Alternative,
    DirectoryRule,
    Place,
    Proposal,
    UnitFacts,
    fitting,
    propose,
    revised,
)
from app.catalogue.rules.limits import (
    CLOCK_KINDS,
    COMMON_PROFILE,
    RETURN_WINDOW,
    ChosenLimit,
    Gap,
    LimitQuestion,
    LimitRow,
    choose,
    gaps,
)
from app.catalogue.rules.picking import CategoryEntry, find
from app.catalogue.rules.replies import (
    REPLY_VARIABLES,
    SAMPLE_VALUES,
    check_reply,
    render_reply,
    variables_in,
)
from app.catalogue.rules.vocabulary import (
    BasisLevel,
    CaseKind,
    Explanation,
    Named,
    ReplyPurpose,
    Urgency,
    covers,
)

__all__ = [
    "CLOCK_KINDS",
    "COMMON_PROFILE",
    "REPLY_VARIABLES",
    "RETURN_WINDOW",
    "SAMPLE_VALUES",
    "Alternative",
    "BasisLevel",
    "CaseKind",
    "CategoryEntry",
    "ChosenLimit",
    "DirectoryRule",
    "Explanation",
    "Gap",
    "LimitQuestion",
    "LimitRow",
    "Named",
    "Place",
    "Proposal",
    "ReplyPurpose",
    "UnitFacts",
    "Urgency",
    "check_reply",
    "choose",
    "covers",
    "find",
    "fitting",
    "gaps",
    "propose",
    "render_reply",
    "revised",
    "variables_in",
]
