"""Where data of a person lie, and what becomes of them when they are erased: one line a table.

Pure: names only. A test reads the schema and fails for any table or column of text that
stands in no line, so that a new table cannot be forgotten.
"""

from collections.abc import Mapping
from typing import Final

from app.privacy.rules.holding import Fate, Holding, Owner
from app.privacy.rules.house import HOUSE_TABLES

# Which matters a person tied to their own page is shown to nobody but them.
ONLY_TO_THEM: Final = frozenset({"linked_cases", "case_identities"})
# In place of columns: the rows are our own work, and nothing of them is copied.
WHOLE: Final = "*"


def _gone(table: str, owner: Owner, *vias: str, withheld: str = "") -> list[Holding]:
    hidden = frozenset(withheld.split())
    return [Holding(table, owner, via, Fate.DELETE, withheld=hidden) for via in vias]


def _blank(
    table: str,
    owner: Owner,
    via: str,
    blank: Mapping[str, object],
    *,
    withheld: str = "",
    theirs: str = "",
    **kept: str,
) -> Holding:
    hidden = frozenset(withheld.split())
    return Holding(table, owner, via, Fate.BLANK, blank, kept, withheld=hidden, theirs=theirs)


def _kept(
    table: str, why: str, owner: Owner | None = None, via: str = "", *, withheld: str = ""
) -> Holding:
    return Holding(table, owner, via, Fate.KEEP, why=why, withheld=frozenset(withheld.split()))


_CITIZEN, _CASE, _TALK = Owner.CITIZEN, Owner.CASE, Owner.TALK
_IDS: Final = "ids, dates and words of ours only"
_OURS: Final = "about the house and its staff, not about citizens"
_PLACE: Final = "random; what a sealed value was bound to"
_LAW: Final = "written once; kept by 互联网政务应用安全管理规定 art. 20"
_ITEM: Final = "what the item applied for is called; the same for everybody"
_PAPER: Final = {"key": _ITEM, "name": _ITEM, "name_en": _ITEM}
_VERIFIED: Final = "names nobody; by it the paper in somebody's hands is still verified"
_ORDER: Final = {"reason": "", "demand": ""}

# In this order: what is found over another row goes before that row loses its way.
HOLDINGS: Final[tuple[Holding, ...]] = (
    # A matter
    *_gone("case_texts", _CASE, "event_id>case_events.id.case_id", withheld="internal_text salt"),
    *_gone("rating_words", _CASE, "rating_id>ratings.id.case_id"),
    *_gone(
        "published_photos",
        _CASE,
        "publication_id>publications.id.case_id",
        "attachment_id>attachments.id.case_id",
        withheld="sha256",
    ),
    *_gone("published_updates", _CASE, "publication_id>publications.id.case_id"),
    *_gone("published_updates", _CASE, "event_id>case_events.id.case_id", withheld=WHOLE),
    *_gone("publications", _CASE, "case_id", withheld="released_by revoked_by"),
    *_gone("repair_photos", _CASE, "case_id", "attachment_id>attachments.id.case_id"),
    *_gone("client_actions", _CASE, "case_id", withheld=WHOLE),
    *_gone("contractor_links", _CASE, "case_id", withheld=WHOLE),
    *_gone("attachments", _CASE, "case_id", withheld="sha256"),
    *_gone("open311_requests", _CASE, "case_id", withheld="key_id"),
    *_gone("open311_updates", _CASE, "case_id", withheld="key_id"),
    *_gone("linked_cases", _CASE, "case_id"),
    *_gone("watchers", _CASE, "case_id", withheld=WHOLE),
    *_gone("signal_marks", _CASE, "case_id", withheld=WHOLE),
    *_gone("case_identities", _CASE, "case_id"),
    *_gone("case_inquiries", _CASE, "case_id", withheld="words with_whom written_by"),
    _blank("case_complaints", _CASE, "case_id", {"subject_name": ""}),
    _blank("case_confidants", _CASE, "case_id", {"reason": ""}, withheld="reason staff_id"),
    _blank("inspection_checks", _CASE, "case_id", {"note": ""}, withheld=WHOLE, result=_IDS),
    _blank("case_measures", _CASE, "case_id", {"what": "", "proof": ""}, withheld="what proof"),
    *_gone("promises", _CASE, "case_id"),
    *_gone("notice_ledger", _CASE, "message_id>messages.id.subject"),
    _blank(
        "case_approvals",
        _CASE,
        "case_id",
        {"reason": "", "decision_note": "", "document_no": "", "evidence": ""},
        withheld="reason decision_note document_no evidence",
        level_basis="the rule that says who decides",
    ),
    _blank(
        "case_applications",
        _CASE,
        "case_id",
        {"answers": None, "remedies": "", "refer_to": "", "tracking_no": ""},
        withheld="agent_id decided_by",
        item_name=_ITEM,
        procedures=_ITEM,
        place=_PLACE,
    ),
    _blank("case_applications", _CITIZEN, "agent_id", {"agent_id": None}, withheld=WHOLE),
    _blank("application_papers", _CASE, "case_id", {"reason": ""}, withheld="judged_by", **_PAPER),
    _blank(
        "repairs",
        _CASE,
        "case_id",
        {"answers": None, "contractor": ""},
        withheld="answers",
        dangers=_IDS,
        place_key=_PLACE,
    ),
    _kept("material_uses", "what was used for it, by nobody", _CASE, "case_id"),
    _kept("stock_changes", "the book of the stock, written once", _CASE, "case_id", withheld=WHOLE),
    _kept("case_limits", "numbers of the law and of the item applied for", _CASE, "case_id"),
    _blank(
        "documents",
        _CASE,
        "case_id",
        {"content": None},
        withheld="token_digest seal_code end_reason",
        number=_VERIFIED,
        place=_PLACE,
        seal_code="a keyed digest; says nothing without the paper",
        token_digest=_VERIFIED,
        end_reason=_OURS,
    ),
    _blank(
        "document_copies",
        _CASE,
        "document_id>documents.id.case_id",
        {"sha256": None},
        withheld="sha256 made_by",
    ),
    _blank("clock_pauses", _CASE, "clock_id>clocks.id.subject", {"reason": ""}, document_no=_OURS),
    _blank(
        "clock_extensions", _CASE, "clock_id>clocks.id.subject", {"reason": ""}, document_no=_OURS
    ),
    _blank(
        "messages",
        _CASE,
        "subject",
        {"params": {}},
        ref="random; the message's name outside",
        subject_type=_IDS,
        msgid="a sentence of ours without values",
        locale=_IDS,
        trouble="a technical word",
    ),
    _blank(
        "interactions",
        _CASE,
        "id>interaction_cases.interaction_id.case_id",
        {"summary": None},
        theirs="citizen_id",
        ref="random",
        place=_PLACE,
    ),
    _blank("privacy_notices_seen", _CASE, "case_id", {"citizen_id": None}),
    _blank("legal_holds", _CASE, "case_id", {"reason": ""}, withheld="reason"),
    _blank("supervision_orders", _CASE, "case_id", _ORDER, withheld="reason demand", number=_IDS),
    _kept("supervision_acts", _IDS, _CASE, "event_id>case_events.id.case_id"),
    _kept("reminders", _IDS, _CASE, "case_id", withheld=WHOLE),
    _kept("bulk_rows", _IDS, _CASE, "case_id", withheld=WHOLE),
    _kept("interaction_cases", _IDS, _CASE, "case_id"),
    _kept("case_access", _IDS, _CASE, "case_id"),
    _kept("retention_items", _IDS, _CASE, "case_id"),
    _kept("retention_items", _IDS, _CITIZEN, "citizen_id"),
    _kept("ratings", "the score; `device` is a digest that names nobody", _CASE, "case_id"),
    _kept("callbacks", _IDS + "; what was said lies with the history", _CASE, "case_id"),
    _kept("callback_tries", _IDS, _CASE, "callback_id>callbacks.id.case_id", withheld="by_id"),
    _kept("sample_checks", _IDS, _CASE, "case_id", withheld=WHOLE),
    _kept("tasks", _IDS + "; its words lie with the history", _CASE, "case_id"),
    _kept("case_events", "payload without personal data, sealed in a chain", _CASE, "case_id"),
    _kept("case_merges", "which matter followed which; no words", _CASE, "follower_id"),
    _kept("signal_cases", _IDS, _CASE, "case_id", withheld=WHOLE),
    _kept("case_accused", "which unit a complaint is about; our own staff", _CASE, "case_id"),
    _kept(
        "case_recusals",
        "written once; why somebody of our own staff stepped back",
        _CASE,
        "case_id",
        withheld="reason staff_id ordered_by",
    ),
    _kept("clocks", "dates and the limit's words", _CASE, "subject"),
    _kept("clock_breaches", _IDS, _CASE, "clock_id>clocks.id.subject"),
    _blank(
        "cases",
        _CASE,
        "id",
        {
            "title": "",
            "body": "",
            "place": "",
            "lon": None,
            "lat": None,
            "cell": None,
            "reply_text": "",
            "outcome_basis": "",
            "citizen_id": None,
            "token_digest": None,
        },
        withheld="token_digest token_generation event_seal cell",
        number="the matter's name in every statistic and tombstone",
        category_name="the catalogue's word",
        region_code="the street or community at most",
        crs=_IDS,
        next_clock=_IDS,
        proofs="kinds of evidence the category asks for",
        source="keeps an import from bringing the matter back",
        source_id="keeps an import from bringing the matter back",
        event_seal="proves the history whole",
    ),
    # A conversation that belongs to no person and to no matter
    *_gone("promises", _TALK, "interaction_id"),
    _blank(
        "incoming_calls",
        _TALK,
        "interaction_id",
        {"number": None},
        place=_PLACE,
        call_digest="the telephone system's own name of a call, as a digest",
    ),
    _blank("interactions", _TALK, "id", {"summary": None}, ref="random", place=_PLACE),
    _kept("retention_items", _IDS, _TALK, "talk_id"),
    # A person
    *_gone("promises", _CITIZEN, "citizen_id", "interaction_id>interactions.id.citizen_id"),
    _blank(
        "incoming_calls",
        _CITIZEN,
        "interaction_id>interactions.id.citizen_id",
        {"number": None},
        place=_PLACE,
        call_digest="the telephone system's own name of a call, as a digest",
    ),
    _blank(
        "interactions",
        _CITIZEN,
        "citizen_id",
        {"summary": None, "citizen_id": None},
        ref="random",
        place=_PLACE,
    ),
    _blank(
        "queue_tickets",
        _CITIZEN,
        "citizen_id",
        {"citizen_id": None, "token_digest": None, "talk_ref": ""},
        withheld="token_digest talk_ref",
        prefix="a letter of the hall's services",
    ),
    *_gone("identifiers", _CITIZEN, "citizen_id", withheld="exact_index"),
    *_gone("contacts", _CITIZEN, "citizen_id", withheld="exact_index tail_index"),
    *_gone("contact_codes", _CITIZEN, "citizen_id", withheld="code_digest ref_digest"),
    *_gone("citizen_session_people", _CITIZEN, "citizen_id"),
    *_gone("citizen_marks", _CITIZEN, "citizen_id"),
    *_gone("citizen_tags", _CITIZEN, "citizen_id"),
    *_gone("citizen_notes", _CITIZEN, "citizen_id"),
    *_gone("quality_issues", _CITIZEN, "citizen_id"),
    *_gone("duplicate_candidates", _CITIZEN, "a_id", "b_id"),
    *_gone("representations", _CITIZEN, "principal_id", "agent_id"),
    *_gone("linked_cases", _CITIZEN, "citizen_id"),
    *_gone("watchers", _CITIZEN, "citizen_id", withheld="who token_digest"),
    *_gone("notice_ledger", _CITIZEN, "citizen_id"),
    *_gone("case_identities", _CITIZEN, "citizen_id"),
    *_gone("caller_warnings", _CITIZEN, "citizen_id"),
    *_gone("caller_limits", _CITIZEN, "citizen_id"),
    *_gone(
        "citizen_merge_moves",
        _CITIZEN,
        "merge_id>citizen_merges.id.survivor_id",
        "merge_id>citizen_merges.id.merged_id",
    ),
    *(
        _blank(
            "citizen_merges",
            _CITIZEN,
            via,
            {"name": None, "reading": None, "reason": "", "undo_reason": "", "is_final": True},
            place=_PLACE,
        )
        for via in ("survivor_id", "merged_id")
    ),
    _blank(
        "messages",
        _CITIZEN,
        "subject",
        {"params": {}},
        ref="random; the message's name outside",
        subject_type=_IDS,
        msgid="a sentence of ours without values",
        locale=_IDS,
        trouble="a technical word",
    ),
    _blank(
        "data_requests",
        _CITIZEN,
        "citizen_id",
        {"text": None, "answer": None, "extension": None, "package_key": None},
        withheld="package_key package_name",
        place=_PLACE,
        package_name="random; without its key the file cannot be read",
    ),
    _blank("privacy_notices_seen", _CITIZEN, "citizen_id", {"citizen_id": None}),
    _blank("legal_holds", _CITIZEN, "citizen_id", {"reason": ""}, withheld="reason"),
    _kept(
        "citizen_sources",
        "keeps an import from bringing the person back; leads nowhere without the other system",
        _CITIZEN,
        "citizen_id",
    ),
    _kept(
        "consents",
        "written once; ids and kinds, proof that we acted lawfully",
        _CITIZEN,
        "citizen_id",
    ),
    _blank(
        "citizens",
        _CITIZEN,
        "id",
        {
            "name": None,
            "reading": None,
            "birth_year": None,
            "preferred_channel": None,
            "preferred_times": "",
            "do_not_contact": True,
            "state": "anonymised",
        },
        withheld="tokens",
        place=_PLACE,
        language="the language of our letters, nobody's own words",
        tokens="rewritten by the index of names, which forgets whoever has no name",
    ),
    # What belongs to nobody in particular
    _kept("tombstones", "written once; the register of what was erased"),
    _kept("citizen_tokens", "digests; the index of names takes them away itself"),
    _kept("drafts", "those of a matter are deleted with it; the rest within 60 days"),
    _kept("exports", "the row names what was asked for; the key of the file is taken away"),
    _kept("people_lists", "headings and counts of an uploaded list"),
    _kept("people_list_parts", "sealed rows of an uploaded list; the import forgets them itself"),
    _kept("sent_forms", "ids, for two days"),
    _kept("jobs", "payloads hold ids, gone when the job is done"),
    _kept(
        "citizen_accesses",
        f"who looked and why, masked; {_LAW}",
        _CITIZEN,
        "citizen_id",
        withheld="staff_id ip",
    ),
    _kept("audit_entries", f"who looked and who did what, ids only; {_LAW}"),
    _kept("audit_seals", _LAW),
    _kept("signals", "how many people wrote about one place; notes are of our own staff"),
    _kept("article_remarks", "what readers say of our own articles, masked; nobody knows whose"),
    _kept("staff_entries", "what our own staff were told; a matter by its number only"),
    _kept("first_questions", "sealed words of a question; forgotten half a year after the answer"),
    _kept("first_question_moves", "written once; who of our own staff handed on what"),
    _kept("shift_handovers", "what our own staff left to each other; a note of theirs, sealed"),
    _kept("shift_items", "random names and numbers of what was left open"),
    _kept("queue_contacts", "a number left for one visit; the queue forgets it after the day"),
    _kept("queue_bookings", "which window was booked; whose, no longer than the day lasts"),
    _kept("queue_ratings", "the score of a visit, under a number of a day"),
    _kept("queue_events", "written once; when which number was called to which counter"),
    _kept("citizen_sessions", "a digest of a token, gone within the day"),
    *(_kept(table, _OURS) for table in HOUSE_TABLES),
)


def of_owner(owner: Owner) -> tuple[Holding, ...]:
    """The lines of one kind of owner, in the order they must be worked off."""
    return tuple(line for line in HOLDINGS if line.owner is owner)
