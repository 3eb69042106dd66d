"""Every column of the schema that holds a sealed value or a digest, so that none is forgotten.

A new binary column is named here, or a test fails: what is sealed is bound to words made of
its own row, and must be sealed anew when the keys change.
"""

from collections.abc import Mapping
from typing import Final

# Column → what its values are bound to, with names of columns of the same row in braces.
SEALED: Final[Mapping[str, str]] = {
    "citizens.name": "citizens.name|{place}",
    "citizens.reading": "citizens.reading|{place}",
    "identifiers.value": "identifiers.value|{place}",
    "contacts.value": "contacts.value|{place}",
    "contacts.parts": "contacts.parts|{place}",
    "citizen_notes.text": "citizen_notes.text|{place}",
    "citizen_merges.name": "citizens.name|{place}",  # goes back to the row it came from
    "citizen_merges.reading": "citizens.reading|{place}",
    "drafts.data": "drafts.data|{owner}|{form}",
    "case_applications.answers": "case_applications.answers|{place}",
    "repairs.answers": "repairs.answers|{place_key}",
    "interactions.summary": "interactions.summary|{place}",
    "incoming_calls.number": "incoming_calls.number|{place}",
    "promises.text": "promises.text|{place}",
    "data_requests.text": "data_requests.text|{place}",
    "data_requests.answer": "data_requests.answer|{place}",
    "data_requests.extension": "data_requests.extension|{place}",
    "data_requests.package_key": "data_requests.package_key|{place}",
    "notice_ledger.address": "notice_ledger.address|{place}",
    "notice_ledger.words": "notice_ledger.words|{place}",
    "documents.content": "documents.content|{place}",
    "exports.file_key": "exports.file_key|{ref}",
    "contact_codes.value": "contact_codes.value|{place}",
    "first_questions.words": "first_questions.words|{place}",
    "first_questions.reach": "first_questions.reach|{place}",
    "first_questions.answer": "first_questions.answer|{place}",
    "first_questions.note": "first_questions.note|{place}",
    "shift_handovers.note": "shift_handovers.note|{place}",
    "queue_contacts.value": "queue_contacts.value|{place}",
    "watchers.address": "watchers.address|{place}",
    "queue_contacts.name": "queue_contacts.name|{place}",
    "people_list_parts.rows": "people_list_parts.rows|{place}",
    "people_list_parts.rejects": "people_list_parts.rejects|{place}",
}

# Keyed digests to find values by; made anew together with the sealed value of their row.
INDEXES: Final = frozenset(
    {
        "identifiers.exact_index",
        "contacts.exact_index",
        "contacts.tail_index",
        "citizens.tokens",
    }
)

# Digests that stay: seals of chains, and what tokens in people's hands are compared with.
# The key of the latter does not change with a rotation (`Keyring.derive`).
LASTING: Final = frozenset(
    {
        "audit_seals.digest",
        "cases.token_digest",
        "cases.event_seal",
        "case_events.text_digest",
        "case_events.seal",
        "case_texts.salt",
        "citizen_sessions.token_digest",
        "contact_codes.ref_digest",
        "contact_codes.code_digest",
        "contractor_links.bound",
        "contractor_links.digest",
        "documents.token_digest",
        "incoming_calls.call_digest",
        "queue_tickets.token_digest",
        "queue_bookings.code_digest",
        "queue_bookings.token_digest",
        "queue_contacts.digest",
        "partner_keys.digest",
        "ratings.device",
        "rate_counters.bucket",
        "spent_proofs.digest",
        "staff_sessions.token_digest",
        "known_devices.token_digest",
        "sign_in_failures.name_digest",
        "sign_in_failures.source_digest",
        "tombstones.digest",
        "watchers.token_digest",
        "watchers.who",
    }
)
