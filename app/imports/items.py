"""The commands for service items: take them over from a file, give them out, add the samples.

The work stands in `service_items`; this opens files and says what came of them.
"""

from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Final

import typer

from app.catalogue.service import Edit
from app.imports.saying import plainly, stop
from app.kernel.errors import InvalidError
from app.service_items import books, queries, service
from app.service_items.rules.written import ReadItem
from app.service_items.service import Fate, Outcome
from app.web.deps import Edge
from app.web.ui import local, zone_of

_MOST_SHOWN: Final = 50


def add_to(group: typer.Typer, open_edge: Callable[[], Edge]) -> None:
    """Put the commands under `import`; `open_edge` is called when one of them runs."""

    @group.command("service-items")
    def service_items(
        file: Annotated[Path, typer.Argument(help="JSON or XLSX, as it is given out")],
        preview: Annotated[bool, typer.Option(help="say what would happen, write nothing")] = False,  # noqa: FBT002  # an option of a command
    ) -> None:
        """Take over service items; what differs becomes a new version; safe to run again."""
        with plainly():
            edge = open_edge()
            items = _read(file)
            now = edge.now()
            today = local(now, zone_of(edge.settings.zone)).date()
            if preview:
                with edge.reading() as session:
                    _say(service.foresee(session, items, today=today))
                return
            with edge.writing() as session:
                outcomes = service.take_over(
                    session, items, today=today, edit=Edit(now=now, actor=None, note=file.name)
                )
        _say(outcomes)

    @group.command("sample-items")
    def sample_items() -> None:
        """Add the sample service items of the project, marked as such, to look at or rewrite."""
        with plainly():
            edge = open_edge()
            with edge.writing() as session:
                added = service.seed(session, now=edge.now())
        typer.echo(f"{added} sample items added.")


def give_out(edge: Edge, file: Path) -> None:
    """Write all items in their newest published versions into a file; XLSX by its name."""
    with plainly():
        with edge.reading() as session:
            versions = queries.newest_versions(session)
        if file.suffix.lower() == ".xlsx":
            file.write_bytes(books.write_book(versions))
        else:
            file.write_text(service.written(versions), encoding="utf-8")
    typer.echo(f"{len(versions)} items written to {file}.")


def _read(file: Path) -> list[ReadItem]:
    try:
        return service.read_document(books.read_file(file.read_bytes()))
    except InvalidError as error:
        stop(" ".join(error.said.values()))


def _say(outcomes: list[Outcome]) -> None:
    counts = {fate: sum(1 for one in outcomes if one.fate is fate) for fate in Fate}
    typer.echo(", ".join(f"{number} {fate}" for fate, number in counts.items()))
    refused = [one for one in outcomes if one.fate is Fate.REFUSED]
    for one in refused[:_MOST_SHOWN]:
        reasons = "; ".join(f"{field}: {text}" for field, text in (one.errors or {}).items())
        typer.echo(f"{one.number:>6}  {one.code}  {reasons}")
    if len(refused) > _MOST_SHOWN:
        typer.echo(f"… and {len(refused) - _MOST_SHOWN} more.")
