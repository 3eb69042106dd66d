"""Makes the files that were ordered, and deletes them when their time is up.

A file is made outside any writing transaction, so that nobody waits for it; its rows
are read in one, so that they fit together. Job payloads hold the key of the row only.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any, Final

from sqlalchemy import Row
from sqlalchemy.orm import Session

from app.accounts.rules import Actor
from app.accounts.service.actors import find_actor
from app.exports import queries, service
from app.exports.models import Export
from app.exports.rules import MOST_ROWS, MOST_TRIES, UNFINISHED, ExportState, Format
from app.exports.sources import Ask, Source, get_source
from app.exports.storing import store_of
from app.exports.writing import table
from app.kernel import jobs
from app.kernel.errors import DomainError, InvalidError
from app.kernel.jobs import Errand, Payload
from app.kernel.messages import mark
from app.kernel.sealed_files import FileKey, new_key
from app.kernel.vault import vault_of
from app.web import i18n
from app.web.deps import Edge
from app.web.ui import local, zone_of

FORGET: Final = "exports:forget"
_BATCH: Final = 500
_TELL_EVERY: Final = 5_000  # rows
_OTHER: Final = mark("The file could not be made. Order it once more, or tell the administrator.")
_LEFT: Final = mark("The person who ordered it has left.")
_FULL: Final = mark("There is no room left for files. Tell the administrator.")
_TOO_MANY: Final = mark("These are more rows than one sheet can hold. Narrow the list.")


@dataclass(frozen=True, slots=True)
class Made:
    """The file lies ready."""

    rows: int
    size: int


@dataclass(frozen=True, slots=True)
class Task:
    """One file to be made, with everything that was read of its row."""

    export_id: int
    ref: str
    source: Source
    ask: Ask
    format: Format
    key: FileKey


_wired: list[Edge] = []


def wire(edge: Edge) -> None:
    """Say by what way a worker of this process reads; called once at start by the wiring."""
    _wired[:] = [edge]


def _prepare(session: Session, payload: Payload, now: datetime) -> Task | None:
    export = session.get(Export, payload["export"], with_for_update=True)
    if export is None or export.state not in UNFINISHED:
        return None
    zone = zone_of(_wired[-1].settings.zone)
    actor = find_actor(session, export.staff_id, today=local(now, zone).date())
    refusal = _refusal(export, actor)
    if actor is None or refusal:
        _settle(session, payload, refusal, now)
        return None
    sealed, key = new_key(vault_of(session).cipher, aad=service.key_aad(export.ref))
    export.begin(sealed)
    session.flush()
    say = partial(_said, i18n.Locale(export.locale))
    ask = Ask(actor, export.params, export.is_clear, now, zone, say)
    return Task(export.id, export.ref, get_source(export.source), ask, export.format, key)


def _said(locale: i18n.Locale, msgid: str) -> str:
    return i18n.catalogue(locale).gettext(msgid) if msgid else ""


def _refusal(export: Export, actor: Actor | None) -> str:
    if export.tries >= MOST_TRIES:
        return _OTHER
    if actor is None:
        return _LEFT
    try:
        service.require(actor, get_source(export.source), is_clear=export.is_clear)
    except DomainError as error:
        return error.msgid
    return ""


def _go(task: Task) -> Made | str:
    edge = _wired[-1]
    store = store_of(edge)
    headings = [task.ask.say(heading) for heading in task.source.columns]
    try:
        with (
            store.writing(task.ref, task.key) as sink,
            table(task.format, sink, headings) as sheet,
            edge.reading() as session,
        ):
            done = 0
            for batch in _batches(session, task):
                sheet.add(task.source.cells(session, task.ask, batch))
                done = _counted(edge, task, done, len(batch))
    except DomainError as error:
        return error.msgid
    except OSError:
        return _FULL
    return Made(done, store.size(task.ref))


def _batches(session: Session, task: Task) -> Iterator[list[Row[*tuple[Any, ...]]]]:
    statement = task.source.statement(session, task.ask)
    streamed = session.connection().execute(statement, execution_options={"yield_per": _BATCH})
    for batch in streamed.partitions():
        yield list(batch)


def _counted(edge: Edge, task: Task, before: int, more: int) -> int:
    """How many rows now; said to who waits, and to the other workers, every few thousand.

    Raises:
        InvalidError: one sheet holds no more.
    """
    now_done = before + more
    if now_done > MOST_ROWS:
        raise InvalidError(_TOO_MANY)
    if now_done // _TELL_EVERY > before // _TELL_EVERY:
        with edge.writing() as session:
            session.get_one(Export, task.export_id).rows_done = now_done
            jobs.keep(session, service.job_name(task.export_id), now=edge.now())
    return now_done


def _settle(session: Session, payload: Payload, made: Made | str, now: datetime) -> None:
    export = session.get_one(Export, payload["export"], with_for_update=True)
    if isinstance(made, Made) and export.file_key is None:
        export.give_up(_OTHER)  # somebody in it was erased meanwhile: nobody can read it
    elif isinstance(made, Made):
        export.deliver(rows=made.rows, size=made.size, now=now)
    else:
        export.give_up(made)
    service.note_end(session, export, now=now)


# What goes into the table of jobs under `service.JOB`.
MAKE: Final = Errand(_prepare, _go, _settle)


def forget(session: Session, _payload: Payload, /, *, now: datetime) -> None:
    """Delete the files whose time is up, and their keys."""
    store = store_of(_wired[-1])
    for export in queries.list_ended(session, now=now):
        if export.state is not ExportState.EXPIRED:
            store.remove(export.ref)
            service.expire(session, export, now=now)
