"""Full-text search for Chinese on both databases, over words cut by `kernel/text`.

Finds ids among those a given select allows and knows no feature's tables; encrypted fields
must never be put in. Order is newest first: ranking a common word costs a hundred times more.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import (
    ColumnElement,
    Connection,
    Select,
    and_,
    column,
    literal_column,
    table,
    text,
)
from sqlalchemy.orm import Session

from app.kernel.db import rows
from app.kernel.messages import mark
from app.kernel.text import fold, tokens, words

CAP: Final = 1000
MAX_WORDS: Final = 16
TABLE: Final = "case_search"
TOO_SHORT: Final = mark("Type at least two characters to search.")

# FTS5 keeps our tokens beside its index (about 0.5 KB a case): the contentless kind must be
# told a row's old words to forget them, and answers a wrong telling with a broken index.
_SQLITE_DDL = (
    f"CREATE VIRTUAL TABLE {TABLE} USING fts5(words, detail=none, columnsize=0, tokenize='ascii')",
)
_PG_DDL = (
    f"CREATE TABLE {TABLE} (case_id bigint PRIMARY KEY, words tsvector NOT NULL)",
    f"CREATE INDEX ix_{TABLE}_words ON {TABLE} USING gin (words)",
)
_fts = table(TABLE, column("rowid"), column("words"))
_tsv = table(TABLE, column("case_id"), column("words"))


@dataclass(frozen=True, slots=True)
class SearchResult:
    """One page of ids, newest first; the count goes no further than 1001 ("1000+")."""

    ids: tuple[int, ...] = ()
    total_capped: int = 0
    refused: str | None = None

    @property
    def is_capped(self) -> bool:
        """Whether there are more than `total_capped - 1` hits and nobody counted on."""
        return self.total_capped > CAP


def create_index(connection: Connection) -> None:
    """Create the index's tables; to be called from a migration."""
    for statement in _SQLITE_DDL if _is_sqlite(connection) else _PG_DDL:
        connection.exec_driver_sql(statement)


def drop_index(connection: Connection) -> None:
    """Remove the index with all its words."""
    connection.exec_driver_sql(f"DROP TABLE {TABLE}")


def put(session: Session, case_id: int, content: str) -> None:
    """Find this case by this text from now on, and no longer by what was put before."""
    put_many(session, [(case_id, content)])


def put_many(session: Session, rows: Iterable[tuple[int, str]]) -> None:
    """As `put`, for the many rows of an import in one statement."""
    connection = session.connection()
    is_sqlite = _is_sqlite(connection)
    spell = _fts_document if is_sqlite else _tsvector
    values = [{"id": case_id, "words": spell(tokens(content))} for case_id, content in rows]
    if values:
        connection.execute(_SQLITE_PUT if is_sqlite else _PG_PUT, values)


_SQLITE_PUT = text(f"INSERT OR REPLACE INTO {TABLE} (rowid, words) VALUES (:id, :words)")  # noqa: S608  # a constant
_PG_PUT = text(
    f"INSERT INTO {TABLE} (case_id, words) VALUES (:id, CAST(:words AS tsvector)) "  # noqa: S608  # a constant
    "ON CONFLICT (case_id) DO UPDATE SET words = excluded.words"
)


def remove(session: Session, case_id: int) -> None:
    """Find this case no longer."""
    key = "rowid" if _is_sqlite(session.connection()) else "case_id"
    session.execute(text(f"DELETE FROM {TABLE} WHERE {key} = :id"), {"id": case_id})  # noqa: S608  # constants


def search_ids(
    session: Session,
    query: str,
    *,
    base: Select[Any],
    limit: int,
    over: ColumnElement[str] | None = None,
    before_id: int | None = None,
) -> SearchResult:
    """The newest `limit` cases of `base` that hold every word of the query.

    `base` selects the ids the actor may see, as its first column. `over` is the text
    that was put in, as an SQL expression: pairs of characters alone would also find
    路灯…灯坏 for 路灯坏, so words of three and more are looked up in it again. For the
    next page pass the last id as `before_id`.

    A query without any word of two characters is refused: `refused` is the sentence.
    """
    terms = _Terms.of(query)
    if not terms.tokens:
        return SearchResult(refused=TOO_SHORT)
    is_sqlite = _is_sqlite(session.connection())
    key: ColumnElement[int] = base.selected_columns[0]
    found = base.where(_matches(key, terms, is_sqlite=is_sqlite))
    if over is not None:
        found = found.where(*(_contains(over, word) for word in terms.recheck))
    if not is_sqlite:
        # A plan for any word would treat a rare one and a common one alike.
        session.execute(text("SET LOCAL plan_cache_mode = force_custom_plan"))

    ids = [row[0] for row in rows(session, found.limit(CAP + 1))]
    if len(ids) <= CAP:
        newest = sorted((one for one in ids if before_id is None or one < before_id), reverse=True)
        return SearchResult(tuple(newest[:limit]), len(ids))

    walk = found.where(key < before_id) if before_id is not None else found
    order = _fts.c.rowid if is_sqlite else key
    page = walk.order_by(order.desc()).limit(limit)
    return SearchResult(_walk(session, page, is_sqlite=is_sqlite), len(ids))


_WALK_SETTINGS = ("enable_bitmapscan", "enable_seqscan", "enable_hashjoin")


def _walk(session: Session, page: Select[Any], *, is_sqlite: bool) -> tuple[int, ...]:
    """The page by going down the keys, not by sorting a hundred thousand hits."""
    if is_sqlite:
        return tuple(session.scalars(page))
    for setting in _WALK_SETTINGS:
        session.execute(text(f"SET LOCAL {setting} = off"))
    ids = tuple(session.scalars(page))
    for setting in _WALK_SETTINGS:
        session.execute(text(f"SET LOCAL {setting} TO DEFAULT"))
    return ids


@dataclass(frozen=True, slots=True)
class _Terms:
    """A query as the index sees it, and the words the index alone cannot be trusted with."""

    tokens: tuple[str, ...]
    recheck: tuple[str, ...]

    @classmethod
    def of(cls, query: str) -> "_Terms":
        spoken = words(query)[:MAX_WORDS]
        wanted: dict[str, None] = {}
        for word in spoken:
            # A lone Chinese character is in the index only where it stands alone.
            wanted.update(dict.fromkeys(t for t in tokens(word) if len(t) > 1 or t.isascii()))
        if all(len(token) == 1 for token in wanted):
            return cls((), ())
        return cls(tuple(wanted), tuple(word for word in spoken if tokens(word) != [word]))


def _matches(key: ColumnElement[int], terms: _Terms, *, is_sqlite: bool) -> ColumnElement[bool]:
    if is_sqlite:
        query = " AND ".join(f'"{token}"' for token in terms.tokens)
        return and_(_fts.c.rowid == key, literal_column(TABLE).op("MATCH")(query))
    query = " & ".join(_quoted(token) for token in terms.tokens)
    return and_(
        _tsv.c.case_id == key,
        text("case_search.words @@ CAST(:words AS tsquery)").bindparams(words=query),
    )


def _contains(over: ColumnElement[str], word: str) -> ColumnElement[bool]:
    if fold(word) == word.upper():  # has no case
        return over.contains(word, autoescape=True)
    return over.icontains(word, autoescape=True)


def _fts_document(found: list[str]) -> str:
    return " ".join(found)


def _tsvector(found: list[str]) -> str:
    return " ".join(_quoted(token) for token in found)


def _quoted(token: str) -> str:
    # Tokens are letters and digits; doubled all the same, should that ever change.
    return "'" + token.replace("\\", "\\\\").replace("'", "''") + "'"


def _is_sqlite(connection: Connection) -> bool:
    return connection.dialect.name == "sqlite"
