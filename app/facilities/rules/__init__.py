"""What facilities are, how their codes are made, and what is known of them."""

from app.facilities.rules.codes import (
    CATEGORY_MARK,
    LAST_SERIAL,
    AssetCode,
    category_code,
    class_of,
    family_of,
    is_type_code,
    read_code,
    stem,
)
from app.facilities.rules.content import (
    AssetView,
    Call,
    Danger,
    Form,
    Repeats,
    TypeView,
    danger_row,
    form_row,
    question_rows,
    read_danger,
    read_form,
    read_questions,
)
from app.facilities.rules.vocabulary import AssetState, Family

__all__ = [
    "CATEGORY_MARK",
    "LAST_SERIAL",
    "AssetCode",
    "AssetState",
    "AssetView",
    "Call",
    "Danger",
    "Family",
    "Form",
    "Repeats",
    "TypeView",
    "category_code",
    "class_of",
    "danger_row",
    "family_of",
    "form_row",
    "is_type_code",
    "question_rows",
    "read_code",
    "read_danger",
    "read_form",
    "read_questions",
    "stem",
]
