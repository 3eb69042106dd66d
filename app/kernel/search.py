"""Full-text search for Chinese on both databases, over words cut by `kernel/text`.

Finds ids among those a given select allows and knows no feature's tables; encrypted fields
must never be put in. Order is newest first: ranking a common word costs a hundred times more.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice
from typing import Any, Final

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Connection,
    Executable,
    Select,
    bindparam,
    column,
    func,
    literal,
    literal_column,
    select,
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
    """One page of ids, newest first; the count goes no further than `most` and one ("1000+")."""

    ids: tuple[int, ...] = ()
    total_capped: int = 0
    refused: str | None = None
    most: int = CAP

    @property
    def is_capped(self) -> bool:
        """Whether there are more than `most` hits and nobody counted on."""
        return self.total_capped > self.most


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
    most: int = CAP,
) -> SearchResult:
    """The newest `limit` cases of `base` that hold every word of the query.

    `base` selects the ids the actor may see, as its first column. `over` is the text
    that was put in, as an SQL expression: pairs of characters alone would also find
    路灯…灯坏 for 路灯坏, so words of three and more are looked up in it again. For the
    next page pass the last id as `before_id`. Counting goes on to `most`: where every hit
    costs a look at its row, a page need not pay for a thousand of them.

    A query without any word of two characters is refused: `refused` is the sentence.
    """
    terms = Terms.of(query)
    if not terms.tokens:
        return SearchResult(refused=TOO_SHORT)
    asked = {"words": terms.asked(is_sqlite=_is_sqlite(session.connection())), "size": limit}
    asked |= {f"word{i}": _like(word) for i, word in enumerate(terms.recheck)}
    if before_id is not None:
        asked["before"] = before_id
    kinds = tuple(_has_case(word) for word in terms.recheck) if over is not None else ()
    shape = _Shape(base, over, kinds, most, pages_on=before_id is not None)
    if _is_sqlite(session.connection()):
        return _on_sqlite(session, shape, asked, limit)
    return _on_postgres(session, shape, asked)


@dataclass(frozen=True, slots=True)
class _Shape:
    """What tells one search's statements from another's; the words themselves are bound."""

    base: Select[Any]
    over: ColumnElement[str] | None
    kinds: tuple[bool, ...]  # of each word looked up again: whether it has capital letters
    most: int
    pages_on: bool

    @property
    def key(self) -> ColumnElement[int]:
        return self.base.selected_columns[0]

    def recheck(self) -> list[ColumnElement[bool]]:
        """Each word as it is written, where the index knows only pairs of characters."""
        over = literal("") if self.over is None else self.over
        return [
            (over.ilike if has_case else over.like)(bindparam(f"word{i}"), escape="/")
            for i, has_case in enumerate(self.kinds)
        ]

    def before(self) -> list[ColumnElement[bool]]:
        return [self.key < bindparam("before", type_=BigInteger())] if self.pages_on else []


def _on_sqlite(session: Session, shape: _Shape, asked: dict[str, Any], limit: int) -> SearchResult:
    """The page by going down the index, which is in order; a count only where there is more."""
    page, count = _sqlite_statements(shape)
    ids = tuple(row[0] for row in rows(session, page, **asked))
    if len(ids) < limit and not shape.pages_on:
        return SearchResult(ids, len(ids), most=shape.most)
    ((total,),) = rows(session, count, **asked)
    return SearchResult(ids, total, most=shape.most)


def _on_postgres(session: Session, shape: _Shape, asked: dict[str, Any]) -> SearchResult:
    """Through the index first, up to the cap; of a word found more often, down the keys."""
    rare, common = _postgres_statements(shape)
    # A plan for any word would treat a rare one and a common one alike.
    rows(session, _CUSTOM_PLANS)
    found = rows(session, rare, **asked)
    total = found[0].total if found else 0
    if total > shape.most:
        found = rows(session, common, **asked)
    ids = (row[0] for row in found if row[0] < asked.get("before", row[0] + 1))
    return SearchResult(tuple(islice(ids, asked["size"])), total, most=shape.most)


_CUSTOM_PLANS: Final = text("SELECT set_config('plan_cache_mode', 'force_custom_plan', true)")


@lru_cache(maxsize=256)  # people search all day with the same rights
def _sqlite_statements(shape: _Shape) -> tuple[Executable, Executable]:
    matching = text(f"{TABLE} MATCH :words").bindparams(bindparam("words"))
    found = shape.base.where(_fts.c.rowid == shape.key, matching, *shape.recheck())
    page = found.where(*shape.before()).order_by(_fts.c.rowid.desc()).limit(bindparam("size"))
    some: Select[Any] = found.with_only_columns(literal_column("1")).limit(shape.most + 1)
    return page, select(func.count()).select_from(some.subquery())


@lru_cache(maxsize=256)
def _postgres_statements(shape: _Shape) -> tuple[Executable, Executable]:
    matching = text(f"{TABLE}.words @@ CAST(:words AS tsquery)").bindparams(bindparam("words"))
    found = shape.base.where(_tsv.c.case_id == shape.key, matching, *shape.recheck())
    hits = found.limit(shape.most + 1).cte("hits").prefix_with("MATERIALIZED")
    key = hits.c[0]
    total = select(func.count()).select_from(hits).scalar_subquery().label("total")
    newest = select(key, total).order_by(key.desc())
    if not shape.pages_on:  # or the page asked for may begin further down
        newest = newest.limit(bindparam("size"))
    # Behind OFFSET 0 the words are looked at row by row, newest first, until the page is full.
    said: Select[Any] = select(literal_column("1")).where(_tsv.c.case_id == shape.key, matching)
    walk = shape.base.where(said.offset(literal_column("0")).exists(), *shape.recheck())
    page = walk.where(*shape.before()).order_by(shape.key.desc()).limit(bindparam("size"))
    return newest, page


@dataclass(frozen=True, slots=True)
class Terms:
    """A query as an index sees it, and the words the index alone cannot be trusted with."""

    tokens: tuple[str, ...]
    recheck: tuple[str, ...]

    @classmethod
    def of(cls, query: str) -> "Terms":
        spoken = words(query)[:MAX_WORDS]
        wanted: dict[str, None] = {}
        for word in spoken:
            # A lone Chinese character is in the index only where it stands alone.
            wanted.update(dict.fromkeys(t for t in tokens(word) if len(t) > 1 or t.isascii()))
        if all(len(token) == 1 for token in wanted):
            return cls((), ())
        return cls(tuple(wanted), tuple(word for word in spoken if tokens(word) != [word]))

    def written_in(self, over: ColumnElement[str]) -> list[ColumnElement[bool]]:
        """That `over` holds each word as it is written, where pairs of characters may deceive."""
        return [
            (over.ilike if _has_case(word) else over.like)(_like(word), escape="/")
            for word in self.recheck
        ]

    def asked(self, *, is_sqlite: bool) -> str:
        """The words as this database's index is asked for them."""
        if is_sqlite:
            return " AND ".join(f'"{token}"' for token in self.tokens)
        return " & ".join(_quoted(token) for token in self.tokens)


def _has_case(word: str) -> bool:
    return fold(word) != word.upper()


def _like(word: str) -> str:
    for sign in ("/", "%", "_"):
        word = word.replace(sign, f"/{sign}")
    return f"%{word}%"


def _fts_document(found: list[str]) -> str:
    return " ".join(found)


def _tsvector(found: list[str]) -> str:
    return " ".join(_quoted(token) for token in found)


def _quoted(token: str) -> str:
    # Tokens are letters and digits; doubled all the same, should that ever change.
    return "'" + token.replace("\\", "\\\\").replace("'", "''") + "'"


def _is_sqlite(connection: Connection) -> bool:
    return connection.dialect.name == "sqlite"
