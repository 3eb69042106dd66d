"""No table and no column of text escapes erasing: each is erased, or says why it stays."""

from sqlalchemy import JSON, Column, Enum, LargeBinary, MetaData, String, Table

from app.keeping.sealed import INDEXES, LASTING, SEALED
from app.privacy.labels import TABLES
from app.privacy.rules.holding import Fate, Holding, Owner
from app.privacy.rules.holdings import HOLDINGS, WHOLE
from app.privacy.service.packaging import bound_to
from app.tables import metadata

OWNERS = {"citizens.id", "cases.id", "interactions.id"}
# Columns that need no way of their own, and why.
NO_WAY = {
    "cases.master_id": "the other matter has words of its own",
    "case_merges.master_id": "no words in these rows; they are found from the follower",
    "citizens.merged_into_id": "every row of one person is erased by itself",
    "interaction_cases.interaction_id": "ids only, kept with the matter",
}
# What points at an owner without a foreign key.
SOFT = {"citizen_id", "case_id", "interaction_id", "talk_id"}


def lines_of(table: Table) -> list[Holding]:
    return [line for line in HOLDINGS if line.table == table.name]


def columns_of_text(table: Table) -> list[str]:
    """The columns that can hold words or sealed values; a fixed list of values is none."""
    return [
        column.name
        for column in table.columns
        if isinstance(column.type, String | LargeBinary | JSON)
        and not isinstance(column.type, Enum)
    ]


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
    """By a line of its own: another column of the table may lead to somebody else."""
    return f"{table.name}.{column.name}" in NO_WAY or any(
        line.via.partition(">")[0] == column.name or column.name in line.blank
        for line in lines_of(table)
    )


def test_what_needs_no_way_is_still_there() -> None:
    columns = {
        f"{table.name}.{column.name}"
        for table in metadata.sorted_tables
        for column in table.columns
    }

    assert set(NO_WAY) <= columns


def test_what_points_at_somebody_without_a_key_is_spoken_for_too() -> None:
    missing = [
        f"{table.name}.{column.name}"
        for table in metadata.sorted_tables
        for column in table.columns
        if column.name in SOFT
        and not column.foreign_keys
        and not _is_followed(table, column)
        and not any(line.why for line in lines_of(table))
    ]

    assert missing == []


def test_every_subject_of_rows_that_can_be_about_anything_is_followed() -> None:
    ways = {
        table.name: {line.via for line in lines_of(table)}
        for table in metadata.sorted_tables
        if "subject_id" in table.columns
    }

    assert ways
    assert [name for name, found in ways.items() if "subject" not in found] == []


def test_whatever_is_copied_for_a_person_can_be_opened_or_is_named_as_left_out() -> None:
    unreadable = [
        f"{line.table}.{column.name}"
        for line in copied()
        for column in metadata.tables[line.table].columns
        if isinstance(column.type, LargeBinary)
        and column.name not in line.withheld
        and not _can_be_opened(line.table, column.name)
    ]

    assert unreadable == []


def _can_be_opened(table: str, column: str) -> bool:
    name = f"{table}.{column}"
    if name in LASTING | INDEXES:
        return True  # a digest: it says nothing, and is left out by itself
    return SEALED.get(name) == f"{bound_to(table, column)}|{{place}}"


def test_every_table_a_person_may_read_of_themselves_has_a_name_they_understand() -> None:
    assert sorted({line.table for line in copied()} - set(TABLES)) == []


def copied() -> list[Holding]:
    """The lines of which something is copied into a person's package."""
    return [
        line
        for line in HOLDINGS
        if line.owner in {Owner.CITIZEN, Owner.CASE} and WHOLE not in line.withheld
    ]


def test_lines_name_only_what_exists() -> None:
    wrong = []
    for line in HOLDINGS:
        table = metadata.tables.get(line.table)
        if table is None:
            wrong.append(line.table)
            continue
        named = {*line.blank, *line.kept, *line.withheld} - {WHOLE}
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
