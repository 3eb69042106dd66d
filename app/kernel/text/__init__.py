"""What is done to text people typed: cleaned, cut into search words, masked.

Pure functions; Chinese readings (pinyin) are apart in `kernel/pinyin.py` because they load slowly.
"""

from app.kernel.text.cleaning import (
    clean,
    clean_line,
    digits,
    identifier,
    phone,
    whole_number,
)
from app.kernel.text.fields import (
    MASK,
    mask_address,
    mask_email,
    mask_id,
    mask_name,
    mask_phone,
    surname,
)
from app.kernel.text.masking import mask_free_text
from app.kernel.text.words import bigrams, fold, tokens, words

__all__ = [
    "MASK",
    "bigrams",
    "clean",
    "clean_line",
    "digits",
    "fold",
    "identifier",
    "mask_address",
    "mask_email",
    "mask_free_text",
    "mask_id",
    "mask_name",
    "mask_phone",
    "phone",
    "surname",
    "tokens",
    "whole_number",
    "words",
]
