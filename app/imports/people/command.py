"""The command `civicwindow import citizens`: reads its words, says what came of it.

The work stands in `running`; this only opens the file, the mapping and the database.
"""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import typer

from app.citizens.rules import number_of
from app.imports.people.fates import Existing
from app.imports.people.mapping import CitizenMapping, load_citizens
from app.imports.people.running import CitizenImport
from app.imports.reading import open_table
from app.imports.reporting import Progress, Rejects
from app.imports.saying import check_ready, plainly, rejects_beside
from app.web.deps import Edge


def add_to(group: typer.Typer, open_edge: Callable[[], Edge]) -> None:
    """Put the command under `import`; `open_edge` is called when it runs."""

    @group.command()
    def citizens(
        file: Annotated[Path, typer.Argument(help="CSV or XLSX, also packed with gzip")],
        map_: Annotated[str, typer.Option("--map", help="a TOML file")],
        existing: Annotated[
            Existing, typer.Option(help="what to do about documents known already")
        ] = Existing.UPDATE,
        preview: Annotated[bool, typer.Option(help="say what would happen, write nothing")] = False,  # noqa: FBT002  # an option of a command
        rejects: Annotated[
            Path | None, typer.Option(help="where refused rows are written down")
        ] = None,
    ) -> None:
        """Take over people and organisations; safe to run again."""
        with plainly():
            mapping = load_citizens(map_)
            run = _Run(open_edge(), file, mapping, existing, rejects or rejects_beside(file))
            check_ready(run.edge, file, run.rejects)
            if preview:
                run.preview()
            else:
                run.go()


@dataclass(frozen=True, slots=True)
class _Run:
    edge: Edge
    file: Path
    mapping: CitizenMapping
    existing: Existing
    rejects: Path

    def preview(self) -> None:
        """Print what would become of the first rows, without a person's data."""
        with open_table(self.file, self.mapping.form) as table:
            outcomes = CitizenImport(self.edge, self.mapping, self.existing).preview(table)
        for outcome in outcomes:
            about = [number_of(each) for each in outcome.taken.citizen_ids]
            reasons = [f"{p.column}: {p.reason}" for p in outcome.taken.problems]
            said = "; ".join([*about, *reasons])
            typer.echo(f"{outcome.number:>6}  {outcome.taken.fate:8}  {said}")

    def go(self) -> None:
        """Take the file over and print the result."""
        run = CitizenImport(self.edge, self.mapping, self.existing)
        with open_table(self.file, self.mapping.form) as table, Rejects(self.rejects) as rejects:
            report = run.run(table, Progress(), rejects)
        typer.echo(report.sentence())
        if report.refused:
            typer.echo(f"Refused rows, each with its reason: {self.rejects}")
