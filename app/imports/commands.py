"""The command `civicwindow import cases`: reads its words, says what came of it.

The work stands in `running`; this only opens the file, the mapping and the database.
"""

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Final

import typer
from sqlalchemy import inspect

from app.cases.models import Case
from app.imports.mapping import Mapping, MappingError, load_mapping, shipped
from app.imports.reading import Form, UnreadableError, open_table
from app.imports.reporting import Progress, Rejects
from app.imports.running import Import
from app.kernel.errors import DomainError
from app.web.deps import Edge

_NOT_MIGRATED: Final = "The database has no tables yet. Run `civicwindow migrate` first."


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
        try:
            mapping = load_mapping(map_)
            import_file(open_edge(), file, mapping, rejects or _rejects_beside(file))
        except (MappingError, UnreadableError) as error:
            _stop(str(error))
        except OSError as error:
            _stop(f"{error.filename}: {error.strerror}.")
        except DomainError as error:
            _stop(f"{error} What was taken over stays; run the same command again to go on.")

    return group


def import_file(edge: Edge, file: Path, mapping: Mapping, rejects_path: Path) -> None:
    """Take a file over and print the result.

    Raises:
        UnreadableError: the file cannot be read, or is not what the mapping says.
        DomainError: the database refuses or is gone.
    """
    if not inspect(edge.engine).has_table(Case.__tablename__):
        _stop(_NOT_MIGRATED)
    if rejects_path.exists() and rejects_path.samefile(file):
        _stop("The rejects file would overwrite the data. Name another with --rejects.")
    form = Form(mapping.encoding, mapping.delimiter, mapping.sheet)
    with open_table(file, form) as table, Rejects(rejects_path) as rejects:
        report = Import(edge, mapping, rejects).run(table, Progress())
    typer.echo(report.sentence())
    if report.refused:
        typer.echo(f"Refused rows, each with its reason: {rejects_path}")


def _rejects_beside(file: Path) -> Path:
    # In the folder of whoever runs it: the data's own may be read-only.
    return Path(f"{file.name.split('.')[0]}.rejects.csv")


def _stop(sentence: str) -> None:
    typer.echo(sentence, err=True)
    sys.exit(1)
