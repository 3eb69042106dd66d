"""Imports every module that declares a table, so that Alembic and tests see the whole schema.

Finds them by name (`models` in a feature, anything in the kernel); holds no table itself.
"""

from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from pkgutil import iter_modules

from sqlalchemy import MetaData

from app.kernel.db import Model

_APP = Path(__file__).parent


def _modules() -> list[str]:
    kernel = [f"app.kernel.{module.name}" for module in iter_modules([str(_APP / "kernel")])]
    features = [
        f"app.{package.name}.models"
        for package in iter_modules([str(_APP)])
        if package.ispkg and find_spec(f"app.{package.name}.models")
    ]
    return kernel + features


for _name in _modules():
    import_module(_name)

metadata: MetaData = Model.metadata
