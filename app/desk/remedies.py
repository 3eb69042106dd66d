"""What a refusal says of objecting to it, as the unit that decides has written it down.

A text of the catalogue, its places filled; whoever decides may change it before it goes out.
"""

from collections.abc import Mapping

from sqlalchemy.orm import Session

from app.catalogue import queries as catalogue
from app.catalogue.queries.shelf import ReplyTextView
from app.catalogue.rules import ReplyPurpose, render_reply
from app.kernel.errors import InvalidError


def remedies_for(session: Session, unit_path: str, places: Mapping[str, str]) -> str:
    """The text of the nearest unit on the path, else the one for everybody; "" without any."""
    line = [int(part) for part in unit_path.split("/") if part]
    texts = catalogue.list_reply_texts(session, purpose=ReplyPurpose.REMEDIES, unit_path=unit_path)

    def nearness(text: ReplyTextView) -> int:
        return line.index(text.unit_id) if text.unit_id in line else -1

    found = max(texts, key=nearness, default=None)
    if found is None:
        return ""
    try:
        return render_reply(found.body, places)
    except InvalidError:  # this matter has no value for one of its places
        return ""
