"""Where the sealed files of exports lie."""

from typing import Final

from app.kernel.sealed_files import SealedFiles
from app.web.deps import Edge

FOLDER: Final = "exports"


def store_of(edge: Edge) -> SealedFiles:
    """The folder of this installation; left out of backups, for its files live a week."""
    return SealedFiles(edge.settings.data_dir / FOLDER)
