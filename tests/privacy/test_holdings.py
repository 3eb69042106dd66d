"""No table and no column of text escapes erasing: each is erased, or says why it stays."""

from sqlalchemy import Column, MetaData, String, Table

from app.privacy.queries.holdings import columns_of_text
from app.privacy.rules.holdings import HOLDINGS, Fate, Holding
from app.tables import metadata

OWNERS = {"citizens.id", "cases.id"}


def lines_of(table: Table) -> list[Holding]:
    return [line for line in HOLDINGS if line.table == table.name]


def forgotten(table: Table) -> list[str]:
    """What of this table no line speaks about."""
    lines = lines_of(table)
    if not lines:
        return [table.name]
    if any(line.fate is Fate.DELETE or line.why for line in lines):
        return []
    said = {name for line in lines for name in (*line.blank, *line.kept)}
    return [f"{table.name}.{name}" for name in columns_of_text(table) if name not in said]


def test_every_table_and_every_column_of_text_is_spoken_for() -> None:
    gaps = [gap for table in metadata.sorted_tables for gap in forgotten(table)]

    assert len(metadata.tables) > 50
    assert gaps == []


def test_every_way_to_a_person_or_a_matter_is_followed() -> None:
    missing = [
        f"{table.name}.{column.name}"
        for table in metadata.sorted_tables
        for column in table.columns
        if any(key.target_fullname in OWNERS for key in column.foreign_keys)
        and not _is_followed(table, column)
    ]

    assert missing == []


def _is_followed(table: Table, column: Column[object]) -> bool:
    lines = lines_of(table)
    return any(
        line.via == column.name or column.name in line.blank or line.fate is Fate.DELETE or line.why
        for line in lines
    ) or f"{table.name}.{column.name}" in {"cases.master_id", "citizens.merged_into_id"}


def test_lines_name_only_what_exists() -> None:
    wrong = []
    for line in HOLDINGS:
        table = metadata.tables.get(line.table)
        if table is None:
            wrong.append(line.table)
            continue
        named = {*line.blank, *line.kept, *line.withheld}
        if line.owner and ">" not in line.via and line.via != "subject":
            named.add(line.via)
        wrong += [f"{line.table}.{name}" for name in named if name not in table.columns]

    assert wrong == []


def test_whatever_is_kept_says_why() -> None:
    silent = [
        line.table
        for line in HOLDINGS
        if (line.fate is Fate.KEEP and not line.why) or not all(line.kept.values())
    ]

    assert silent == []


def test_a_planted_table_is_seen() -> None:
    planted = Table("diaries", MetaData(), Column("words", String(20)))
    half = Table("messages", MetaData(), Column("confession", String(20)))

    assert forgotten(planted) == ["diaries"]
    assert forgotten(half) == ["messages.confession"]
