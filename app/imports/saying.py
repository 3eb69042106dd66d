"""What every import command says when it cannot go on, and where its rejects go.

One sentence and exit code 1; no traceback for what a person can mend.
"""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final, NoReturn

import typer
from sqlalchemy import inspect

from app.cases.models import Case
from app.imports.mapping import MappingError
from app.imports.reading import UnreadableError
from app.kernel.errors import DomainError
from app.web.deps import Edge

_NOT_MIGRATED: Final = "The database has no tables yet. Run `civicwindow migrate` first."


def stop(sentence: str) -> NoReturn:
    """Say it and end."""
    typer.echo(sentence, err=True)
    sys.exit(1)


@contextmanager
def plainly() -> Iterator[None]:
    """Turn what a person can mend into one sentence."""
    try:
        yield
    except (MappingError, UnreadableError) as error:
        stop(str(error))
    except OSError as error:
        stop(f"{error.filename}: {error.strerror}.")
    except DomainError as error:
        stop(f"{error} What was taken over stays; run the same command again to go on.")


def check_ready(edge: Edge, file: Path, rejects: Path) -> None:
    """End at once where there are no tables, or the rejects would overwrite the data."""
    if not inspect(edge.engine).has_table(Case.__tablename__):
        stop(_NOT_MIGRATED)
    if rejects.exists() and rejects.samefile(file):
        stop("The rejects file would overwrite the data. Name another with --rejects.")


def rejects_beside(file: Path) -> Path:
    """The usual place of refused rows."""
    # In the folder of whoever runs it: the data's own may be read-only.
    return Path(f"{file.name.split('.')[0]}.rejects.csv")
