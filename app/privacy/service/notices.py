"""The privacy notice: published in versions, shown before data are given, and that it was shown.

State organs tell, they do not ask leave (个人信息保护法 art. 35): going on is acknowledging.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Final

from sqlalchemy.orm import Session

from app.kernel import audit
from app.kernel.authors import Author
from app.kernel.errors import ConflictError, InvalidError
from app.kernel.messages import mark
from app.privacy import queries
from app.privacy.models import NoticeSeen, PrivacyNotice
from app.privacy.rules import (
    LANGUAGES,
    MAX_PART,
    MAX_TITLE,
    Dated,
    NoticeText,
    Part,
    Source,
    in_force,
)

_MISSING: Final = mark("The law asks for this part. Write it in Chinese at least.")
_TOO_LONG: Final = mark("This is too long. Shorten it.")
CHANGED: Final = mark("The privacy notice has changed meanwhile. Please read it again, then send.")


def text_of(notice: PrivacyNotice) -> NoticeText:
    """A stored notice as it is read."""
    parts = {part: notice.parts[part] for part in Part if part in notice.parts}
    return NoticeText(notice.title, parts)


def current(session: Session, *, now: datetime) -> PrivacyNotice | None:
    """The version in force, or None where the city has not published any yet."""
    versions = queries.notice_versions(session)
    found = in_force([Dated(*each) for each in versions], now)
    return queries.get_notice(session, found.version) if found else None


def version_in_force(session: Session, *, now: datetime) -> int:
    """The number of the version in force; 0 where there is none."""
    found = in_force([Dated(*each) for each in queries.notice_versions(session)], now)
    return found.version if found else 0


def check(text: NoticeText) -> dict[str, str]:
    """What keeps the text from being published, by field (`title_zh`, `handler_zh`, …)."""
    errors = {f"{part}_zh": _MISSING for part in text.missing}
    if not text.title.get("zh", "").strip():
        errors["title_zh"] = mark("Give the notice a title.")
    for language in LANGUAGES:
        if len(text.title.get(language, "")) > MAX_TITLE:
            errors[f"title_{language}"] = _TOO_LONG
        for part in Part:
            if len(text.parts.get(part, {}).get(language, "")) > MAX_PART:
                errors[f"{part}_{language}"] = _TOO_LONG
    return errors


def publish(
    session: Session,
    text: NoticeText,
    *,
    valid_from: datetime,
    seen: int,
    is_sample: bool = False,
    by: Author,
    now: datetime,
) -> PrivacyNotice:
    """Publish a text for good, as the version after `seen`, the highest the writer saw.

    Raises:
        InvalidError: a part is missing or too long, or it should have begun in the past.
        ConflictError: somebody else has published a version meanwhile.
    """
    errors = check(text)
    if valid_from < now:
        errors["valid_from"] = mark("A notice cannot begin in the past.")
    if errors:
        raise InvalidError(fields=errors)
    latest = max((version for version, _ in queries.notice_versions(session)), default=0)
    if latest != seen:
        raise ConflictError(mark("Somebody else has published a version meanwhile. Read it first."))
    notice = PrivacyNotice(
        version=latest + 1,
        valid_from=valid_from,
        title=dict(text.title),
        parts={str(part): dict(texts) for part, texts in text.parts.items()},
        is_sample=is_sample,
        published_at=now,
        published_by_id=by.id,
    )
    session.add(notice)
    session.flush()
    audit.note(
        session,
        by,
        "privacy:notice_published",
        ("privacy_notice", notice.id),
        at=now,
        details={"version": notice.version, "valid_from": valid_from.isoformat()},
    )
    return notice


def acknowledge(
    session: Session,
    version: int,
    *,
    case_id: int | None = None,
    citizen_id: int | None = None,
    source: Source = Source.PORTAL,
    now: datetime,
) -> None:
    """Write down that this version was shown before the data came; 0 where none was in force.

    Said again for the same matter it changes nothing.

    Raises:
        ConflictError: another version is in force now, so this one was not the right one.
    """
    notice = current(session, now=now)
    if (notice.version if notice else 0) != version:
        raise ConflictError(CHANGED)
    if notice is not None and not queries.was_noted(session, notice.id, case_id):
        session.add(
            NoticeSeen(
                notice_id=notice.id, case_id=case_id, citizen_id=citizen_id, source=source, at=now
            )
        )
        session.flush()


def has_seen(session: Session, citizen_id: int, *, now: datetime) -> bool:
    """Whether the citizen has been shown the version in force; True where there is none."""
    notice = current(session, now=now)
    if notice is None:
        return True
    who = queries.get_who(session, citizen_id)
    return queries.was_shown(session, notice.id, queries.family_of(session, who.id))


def read_parts(values: Mapping[str, str]) -> NoticeText:
    """A notice from the fields of its form: as `title_zh` or `handler_en`."""
    return NoticeText(
        {language: values.get(f"title_{language}", "").strip() for language in LANGUAGES},
        {
            part: {language: values.get(f"{part}_{language}", "").strip() for language in LANGUAGES}
            for part in Part
        },
    )
