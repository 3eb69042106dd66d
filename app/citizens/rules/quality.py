"""What may be wrong with what we hold of a citizen, and when two rows may be one person: words.

The words are stored; their labels stand with the pages.
"""

from enum import StrEnum


class CandidateState(StrEnum):
    """What people decided about two rows that look alike."""

    OPEN = "open"
    DISMISSED = "dismissed"
    MERGED = "merged"


class Reason(StrEnum):
    """Why two rows may be one person. Codes only: they are stored beside no name and no number."""

    SAME_NUMBER = "same_number"
    SAME_NAME = "same_name"
    SIMILAR_NAME = "similar_name"
    SAME_PHONE = "same_phone"
    SAME_EMAIL = "same_email"
    SAME_ADDRESS = "same_address"
    SAME_BIRTH_YEAR = "same_birth_year"
    RARE_NAME = "rare_name"  # few people here have it, so that it says something by itself


class IssueKind(StrEnum):
    """What is to be put right."""

    NO_NAME = "no_name"
    NO_CONTACT = "no_contact"
    UNVERIFIED = "unverified"  # neither a document nor a contact was ever checked
    FAILED_CONTACT = "failed_contact"  # a message did not arrive
    STALE_CONTACT = "stale_contact"  # nothing was confirmed for long
    TWO_NUMBERS = "two_numbers"  # two resident numbers at one person
    BIRTH_YEAR = "birth_year"  # the year noted is not the one of the document
    WRONG_KIND = "wrong_kind"  # a person's document at an organisation, or the reverse
