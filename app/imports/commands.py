"""The commands under `civicwindow import`: read their words, say what came of it.

The work stands in `running`; this only opens the file, the mapping and the database.
"""

from collections.abc import Callable
from pathlib import Path
from typing import Annotated

import typer

from app.imports import items
from app.imports.mapping import Mapping, load_mapping, shipped
from app.imports.people import command as people
from app.imports.reading import Form, open_table
from app.imports.reporting import Progress, Rejects
from app.imports.running import Import
from app.imports.saying import check_ready, plainly, rejects_beside
from app.web.deps import Edge


def commands(open_edge: Callable[[], Edge]) -> typer.Typer:
    """The commands under `import`; `open_edge` is called when one of them runs."""
    group = typer.Typer(no_args_is_help=True, help="Take over data of other systems.")

    @group.command()
    def maps() -> None:
        """List the mappings that come with the program."""
        for name in shipped():
            typer.echo(f"{name:24}{load_mapping(name).about}")

    @group.command()
    def cases(
        file: Annotated[Path, typer.Argument(help="CSV or XLSX, also packed with gzip")],
        map_: Annotated[str, typer.Option("--map", help="a TOML file, or a shipped mapping")],
        rejects: Annotated[
            Path | None, typer.Option(help="where refused rows are written down")
        ] = None,
    ) -> None:
        """Take over matters with their times, replies and clocks; safe to run again."""
        with plainly():
            mapping = load_mapping(map_)
            import_file(open_edge(), file, mapping, rejects or rejects_beside(file))

    people.add_to(group, open_edge)
    items.add_to(group, open_edge)
    return group


def import_file(edge: Edge, file: Path, mapping: Mapping, rejects_path: Path) -> None:
    """Take a file over and print the result.

    Raises:
        UnreadableError: the file cannot be read, or is not what the mapping says.
        DomainError: the database refuses or is gone.
    """
    check_ready(edge, file, rejects_path)
    form = Form(mapping.encoding, mapping.delimiter, mapping.sheet)
    with open_table(file, form) as table, Rejects(rejects_path) as rejects:
        report = Import(edge, mapping, rejects).run(table, Progress())
    typer.echo(report.sentence())
    if report.refused:
        typer.echo(f"Refused rows, each with its reason: {rejects_path}")
