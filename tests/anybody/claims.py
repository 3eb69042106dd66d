"""What people write into a step's form: facts that fit, facts that do not, and gaps."""

from datetime import date, timedelta
from random import Random

from app.cases.kinds import (
    CallbackResult,
    DeclineReason,
    Finding,
    NotPossible,
    Outcome,
    PauseGround,
    SubjectKind,
)
from app.cases.rules import Facts, Proof
from app.catalogue.rules import Urgency
from tests.support.city import CENTRE, DISTRICT_CODE, ROOT, WATER, WORKS

NOWHERE = 99
_UNITS = (WORKS, WORKS, WORKS, WATER, CENTRE, ROOT, NOWHERE)


def claims(chance: Random, *, category_id: int, people: int, master: str, today: date) -> Facts:
    """All facts of a form at once, most of them right; a step takes those it asks for."""
    if chance.random() < 0.05:  # now and then a form comes empty
        return Facts()
    return Facts(
        category_id=chance.choice([category_id, category_id, category_id, 999]),
        urgency=chance.choice(list(Urgency)),
        region_code=chance.choice([DISTRICT_CODE, DISTRICT_CODE, "", "990199"]),
        unit_id=chance.choice(_UNITS),
        suggested_unit_id=chance.choice(_UNITS),
        evidence="三定方案第六条",
        handler_id=chance.randint(1, people),
        decline_reason=chance.choice(list(DeclineReason)),
        refer_to="110",
        outcome=chance.choice(list(Outcome)),
        outcome_reason=chance.choice([None, *NotPossible]),
        outcome_basis="示例条例第八条",
        amount=chance.choice([-1, 1, 2, 5, 30]),
        until=today + timedelta(days=chance.randint(-2, 40)),
        ground=chance.choice(list(PauseGround)),
        document_no="示例〔2026〕1 号",
        callback_result=chance.choice(list(CallbackResult)),
        master=master,
        accused_unit_id=chance.choice([None, None, None, WORKS, WATER, ROOT]),
        accused_staff=chance.choice(["", "", "", "handler", "nobody"]),
        subject_kind=chance.choice(list(SubjectKind)),
        subject_name="示例窗口",
        finding=chance.choice(list(Finding)),
    )


def proofs(chance: Random) -> Proof:
    """A statement, a reason why something lacks, both or nothing."""
    return Proof(
        statement=chance.choice(["", "已现场核实"]), lacking=chance.choice(["", "当事人未留照片"])
    )
