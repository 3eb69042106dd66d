"""Imports every module that declares a table, so that Alembic and tests see the whole schema.

Finds them by name (what ends in `models` in a feature, anything in the kernel); holds no table.
"""

from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules

from sqlalchemy import MetaData

from app.kernel.db import Model

_APP = Path(__file__).parent


def _modules() -> list[str]:
    kernel = [f"app.kernel.{module.name}" for module in iter_modules([str(_APP / "kernel")])]
    features = [
        f"app.{package.name}.{module.name}"
        for package in iter_modules([str(_APP)])
        if package.ispkg
        for module in iter_modules([str(_APP / package.name)])
        if module.name.endswith("models")
    ]
    return kernel + features


for _name in _modules():
    import_module(_name)

metadata: MetaData = Model.metadata
