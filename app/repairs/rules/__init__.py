"""What people at the spot send and get back, which steps are theirs, what a link allows."""

from app.cases.rules.repairing import NO_WORK, STAGE_OF, PhotoStage, Work
from app.repairs.rules.acting import FIELD_ACTIONS, LENT_ACTIONS, Answer, FieldAction, Kept
from app.repairs.rules.amounts import counted, plain
from app.repairs.rules.danger import told_of, urgency_with
from app.repairs.rules.emergency import WAITING, Emergency, emergencies
from app.repairs.rules.filing import is_filed_by_rule, words_of
from app.repairs.rules.photos import missing_photo

__all__ = [
    "FIELD_ACTIONS",
    "LENT_ACTIONS",
    "NO_WORK",
    "STAGE_OF",
    "WAITING",
    "Answer",
    "Emergency",
    "FieldAction",
    "Kept",
    "PhotoStage",
    "Work",
    "counted",
    "emergencies",
    "is_filed_by_rule",
    "missing_photo",
    "plain",
    "told_of",
    "urgency_with",
    "words_of",
]
