"""What is true of service items without looking anything up, gathered under one name.

Pure: works on plain values, reads neither database nor clock.
"""

from app.service_items.rules.answering import applying, check_answers, needed, read_day
from app.service_items.rules.checking import (
    CODE,
    KEY,
    check_content,
    check_fields,
    check_limits,
    check_materials,
    check_questions,
    is_catch_all,
    within,
)
from app.service_items.rules.content import (
    NO,
    YES,
    Answer,
    Answers,
    Checked,
    Condition,
    Content,
    ItemVersion,
    Material,
    Option,
    Question,
    Span,
    holds_on,
)
from app.service_items.rules.finding import ItemEntry, find, in_force
from app.service_items.rules.vocabulary import (
    Delivery,
    FieldType,
    Handling,
    ItemKind,
    PaperForm,
    Procedure,
    Source,
)

__all__ = [
    "CODE",
    "KEY",
    "NO",
    "YES",
    "Answer",
    "Answers",
    "Checked",
    "Condition",
    "Content",
    "Delivery",
    "FieldType",
    "Handling",
    "ItemEntry",
    "ItemKind",
    "ItemVersion",
    "Material",
    "Option",
    "PaperForm",
    "Procedure",
    "Question",
    "Source",
    "Span",
    "applying",
    "check_answers",
    "check_content",
    "check_fields",
    "check_limits",
    "check_materials",
    "check_questions",
    "find",
    "holds_on",
    "in_force",
    "is_catch_all",
    "needed",
    "read_day",
    "within",
]
