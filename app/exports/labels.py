"""What people call the states and formats of an export."""

from collections.abc import Mapping
from typing import Final

from app.exports.rules import ExportState, Format
from app.kernel.messages import mark

STATES: Final[Mapping[ExportState, str]] = {
    ExportState.WAITING: mark("Waiting to be made"),
    ExportState.MAKING: mark("Being made"),
    ExportState.READY: mark("Ready"),
    ExportState.FAILED: mark("Not made"),
    ExportState.EXPIRED: mark("Deleted after a week"),
}
FORMATS: Final[Mapping[Format, str]] = {
    Format.XLSX: mark("XLSX, for Excel and WPS"),
    Format.CSV: mark("CSV, for other programs"),
}
