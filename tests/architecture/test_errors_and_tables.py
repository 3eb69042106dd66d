"""Every refusal has a code and a status; tables and forms keep what the architecture promises."""

from collections.abc import Iterator
from typing import TypeVar

import pytest
from pydantic import BaseModel
from sqlalchemy import Column as TableColumn
from sqlalchemy import DateTime, MetaData, String, Table
from sqlalchemy.orm import configure_mappers

from app.kernel.db import Model
from app.kernel.errors import DomainError
from app.tables import metadata
from app.web.errors import status_of

T = TypeVar("T")
_FEWEST_ERRORS, _FEWEST_TABLES, _FEWEST_FORMS = 8, 30, 3
# What is never taken from a request: who did it, whose it is, when, and what state it is in (§9).
_NEVER_ASKED = {"actor", "actor_id", "owner", "owner_id", "created_by", "updated_by", "now"}


def descendants(cls: type[T]) -> Iterator[type[T]]:
    for sub in cls.__subclasses__():
        if sub.__module__.startswith("app."):
            yield sub
        yield from descendants(sub)


def test_every_refusal_has_a_code_of_its_own_words_and_a_status() -> None:
    errors = list(descendants(DomainError))

    statuses = {error.code: status_of(error.__new__(error)) for error in errors}

    assert len(errors) > _FEWEST_ERRORS
    assert all(400 <= status < 600 for status in statuses.values()), statuses
    assert all(code == code.lower() and code.replace("_", "").isalpha() for code in statuses)


def test_an_error_that_forgot_its_status_is_seen() -> None:
    class Stray(Exception):  # noqa: N818  # it is no refusal of ours
        code = "stray"

    with pytest.raises(StopIteration):
        status_of(Stray())  # type: ignore[arg-type]  # the planted mistake


def naive_instants(tables: MetaData) -> list[str]:
    return [
        str(column)
        for table in tables.sorted_tables
        for column in table.columns
        if isinstance(column.type, DateTime)
    ]


def test_every_instant_is_an_aware_one() -> None:
    planted = MetaData()
    Table("planted", planted, TableColumn("at", DateTime()), TableColumn("name", String(3)))

    assert len(metadata.tables) > _FEWEST_TABLES
    assert naive_instants(metadata) == []
    assert naive_instants(planted) == ["planted.at"]


def test_no_relationship_loads_by_itself() -> None:
    configure_mappers()

    lazy = {
        str(relation)
        for mapper in Model.registry.mappers
        for relation in mapper.relationships
        if relation.lazy != "raise"
    }

    assert lazy == set()


def taken_from_the_request(form: type[BaseModel]) -> set[str]:
    names = set(form.model_fields)
    return names & _NEVER_ASKED | {name for name in names if name.endswith("_at")}


def test_no_form_asks_who_did_it_or_when() -> None:
    class Planted(BaseModel):
        title: str
        actor_id: int
        closed_at: str

    forms = list(descendants(BaseModel))

    assert len(forms) > _FEWEST_FORMS
    assert {form.__name__: taken for form in forms if (taken := taken_from_the_request(form))} == {}
    assert taken_from_the_request(Planted) == {"actor_id", "closed_at"}
