"""One plain sentence for whatever can go wrong on somebody's machine.

For commands only; pages have the table of `web/errors`.
"""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import NoReturn

import typer
from alembic.util import CommandError
from pydantic import ValidationError
from sqlalchemy.exc import DBAPIError

from app.kernel.errors import DomainError, InvalidError
from app.web.i18n import CatalogueMissingError


class TroubleError(Exception):
    """Something a person at the command line can mend; the message says what and how."""


def stop(sentence: str) -> NoReturn:
    """Say the sentence and leave with exit code 1."""
    typer.echo(sentence, err=True)
    sys.exit(1)


@contextmanager
def plainly() -> Iterator[None]:
    """Turn every trouble a person can mend into one sentence and exit code 1."""
    try:
        yield
    except InvalidError as error:
        stop(f"{error} {'; '.join(f'{name}: {said}' for name, said in error.fields.items())}")
    except (TroubleError, DomainError, CatalogueMissingError) as error:
        stop(str(error))
    except ValidationError as error:
        stop(_about_settings(error))
    except CommandError as error:
        stop(f"The database was made by another version of Civic Window: {error}.")
    except DBAPIError as error:
        stop(f"The database does not answer: {_first_line(error.orig or error)}")
    except OSError as error:
        stop(f"{error.filename or 'The system'}: {error.strerror or error}.")


def _about_settings(error: ValidationError) -> str:
    first = error.errors()[0]
    name = "_".join(str(part) for part in first["loc"]).upper()
    return f"The setting CIVICWINDOW_{name} is not usable: {first['msg']}."


def _first_line(error: BaseException) -> str:
    lines = str(error).strip().splitlines()
    return lines[0].rstrip(".") + "." if lines else "no reason given."
