"""What administrators decide about notices: the words of each, quiet hours, limits, signature.

Words are published as new versions and never rewritten: what was sent was sent under the
version of its time.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from app.kernel import audit
from app.kernel.authors import Author
from app.kernel.errors import ConflictError, InvalidError, NotFoundError
from app.kernel.messages import mark
from app.kernel.writing import write
from app.notifications.models import NoticePolicy, NoticeTemplate
from app.notifications.queries import sending, texts
from app.notifications.rules import words
from app.notifications.rules.deciding import Policy

LONGEST_SIGNATURE = 40
_MOST_A_DAY = 100


@dataclass(frozen=True, slots=True)
class Draft:
    """New words by language; an empty text gives the notice back to the house's sentence.

    `seen` is the newest version the editor had before them, 0 for none.
    """

    words: Mapping[str, str]
    seen: int


def publish(session: Session, code: str, draft: Draft, *, by: Author, now: datetime) -> None:
    """Let these words hold from now on, in each language in which they differ.

    Raises:
        NotFoundError: there is no such notice.
        InvalidError: a text cannot be sent so; one sentence for each language.
        ConflictError: somebody published others meanwhile.
    """
    check(code, draft.words)
    if texts.newest_id(session, code) != draft.seen:
        raise ConflictError(mark("Somebody has published other words meanwhile."))
    for locale, text in draft.words.items():
        former = sending.template_at(session, code, locale, at=now)
        if text.strip() == (former.words if former else ""):
            continue
        new = NoticeTemplate(
            code=code,
            locale=locale,
            words=text.strip(),
            published_at=now,
            published_by_id=by.id,
        )
        write(session, new)
        audit.note(session, by, "notice_text:publish", ("notice_text", new.id), at=now)


def check(code: str, given: Mapping[str, str]) -> None:
    """Refuse words that cannot be sent.

    Raises:
        NotFoundError: there is no such notice.
        InvalidError: one sentence for each language that is wrong.
    """
    if code not in words.kinds():
        raise NotFoundError(mark("There is no such notice."))
    flaws = {
        f"words_{locale[:2]}": flaw
        for locale, text in given.items()
        if text.strip() and (flaw := words.flaw_of(code, text))
    }
    if flaws:
        raise InvalidError(mark("This text cannot be sent."), fields=flaws)


def decide_policy(
    session: Session, policy: Policy, *, version: int, by: Author, now: datetime
) -> None:
    """Change when and how often citizens may be written to; holds for what still waits, too.

    Raises:
        InvalidError: a number or a signature no message can have.
        ConflictError: somebody changed it meanwhile.
    """
    _check_policy(policy)
    row = sending.find_policy(session)
    if (row.version if row else 0) != version:
        raise ConflictError(mark("Somebody has changed this meanwhile."))
    row = row or NoticePolicy(id=sending.POLICY)
    row.quiet_from, row.quiet_until = policy.quiet.begins, policy.quiet.ends
    row.most_a_day, row.only_verified = policy.most_a_day, policy.only_verified
    row.signature, row.signature_en = policy.signature, policy.signature_en
    session.add(row)
    session.flush()
    audit.note(session, by, "notice_policy:change", ("notice_policy", row.id), at=now)


def _check_policy(policy: Policy) -> None:
    flaws = {}
    if not 1 <= policy.most_a_day <= _MOST_A_DAY:
        flaws["most_a_day"] = mark("Please give a number from 1 to 100.")
    for name in ("signature", "signature_en"):
        if len(getattr(policy, name)) > LONGEST_SIGNATURE:
            flaws[name] = mark("At most 40 characters.")
    if flaws:
        raise InvalidError(mark("This cannot be saved so."), fields=flaws)
