"""The table facilities are found in by words, and how it follows the register.

Derived from names, places and plates; nothing else is kept here, and nobody writes it by hand.
"""

from typing import Final

from sqlalchemy import Connection, String, delete, event, insert, inspect
from sqlalchemy.orm import Mapped, Mapper, mapped_column

from app.facilities.models import Asset
from app.facilities.rules.wording import LONGEST_WORD, words_of
from app.kernel.db import Model

# Compared sign by sign, so that those that begin alike lie side by side.
_WORD: Final = String(LONGEST_WORD).with_variant(String(LONGEST_WORD, collation="C"), "postgresql")


class AssetWord(Model):
    """A word some facility is found by (`rules.wording`), along the codes, which never change.

    Like a search index, so no foreign key is paid for.
    """

    __tablename__ = "asset_words"
    __table_args__ = {"sqlite_with_rowid": False}  # noqa: RUF012  # SQLAlchemy's own name

    word: Mapped[str] = mapped_column(_WORD, primary_key=True)
    code: Mapped[str] = mapped_column(String(16), primary_key=True)


@event.listens_for(Asset, "after_insert")
@event.listens_for(Asset, "after_update")
def _words_change(_: Mapper[Asset], connection: Connection, asset: Asset) -> None:
    now = words_of(asset.name, asset.place, asset.plate or "")
    before = words_of(*(_before(asset, name) for name in ("name", "place", "plate")))
    if gone := before - now:
        connection.execute(
            delete(AssetWord).where(AssetWord.code == asset.code, AssetWord.word.in_(gone))
        )
    _write(connection, asset.code, now - before)


def _before(asset: Asset, name: str) -> str:
    """What the row said before it was written; nothing where there was none."""
    history = inspect(asset).attrs[name].history
    (said,) = history.deleted or history.unchanged or ("",)
    return said or ""


def _write(connection: Connection, code: str, words: frozenset[str]) -> None:
    if words:
        rows = [{"word": word, "code": code} for word in sorted(words)]
        connection.execute(insert(AssetWord), rows)
