"""Turns a template and values into a PDF, in a process of its own for each sheet.

A template can reach no file and no network, takes seconds at most, and never sees a session;
values reach it as data beside the source, so what somebody typed cannot become code.
"""

import json
import os
import re
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from importlib.util import find_spec
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import BoundedSemaphore, Lock
from typing import Any, Final

from app.kernel.errors import UnavailableError
from app.kernel.messages import mark

# Fonts with Chinese letters, best for official papers first.
CHINESE: Final = (
    "Noto Serif CJK SC",
    "Source Han Serif SC",
    "Source Han Serif CN",
    "Noto Sans CJK SC",
    "Source Han Sans SC",
    "Source Han Sans CN",
    "SimSun",
    "FangSong",
    "WenQuanYi Micro Hei",
    "WenQuanYi Zen Hei",
    "Droid Sans Fallback",
)
MAIN: Final = "main.typ"
HOUSE: Final = "house.typ"
_CHILD: Final = Path(__file__).with_name("child.py")
_HOUSE_FILE: Final = Path(__file__).parents[1] / "data" / HOUSE
_SECONDS: Final = 20
_AT_ONCE: Final = 2
_PLACE: Final = re.compile(r"─ .*?([\w.]+\.typ):(\d+):(\d+)")
# A place on this server, which is nobody's business.
_WHERE_IT_LOOKED: Final = re.compile(r" \(searched at [^)]*\)")
# What only the stricter form of a file that is kept complains about.
_NO_LETTER: Final = ("could not be displayed", "contains the codepoint")
# A proxy that is not there: no template fetches packages.
_NOWHERE: Final = "http://127.0.0.1:9"


@dataclass(frozen=True, slots=True)
class Sheet:
    """What is to be printed: a source, what the system knows, the values, and the QR picture."""

    source: str
    facts: Mapping[str, Any]
    values: Mapping[str, Any]
    qr: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Printed:
    """A PDF. `lacks_letters` says that no font has some sign of it: there is an empty box."""

    pdf: bytes
    lacks_letters: bool = False


@dataclass(frozen=True, slots=True)
class Fault:
    """Why a template does not print; line 0 where no place is known. `words` are typst's own."""

    words: str
    line: int = 0
    column: int = 0


class Press:
    """Prints sheets, two at a time in this process at most."""

    def __init__(self, wanted: Sequence[str] = CHINESE, *, seconds: float = _SECONDS) -> None:
        self._wanted = wanted
        self._seconds = seconds
        self._turns = BoundedSemaphore(_AT_ONCE)
        self._lock = Lock()
        self._families: tuple[str, ...] = ()

    def fonts(self) -> tuple[str, ...]:
        """The Chinese fonts of this machine; looked for until one is there.

        Raises:
            UnavailableError: there is none, or typst is not installed.
        """
        if find_spec("typst") is None:
            raise UnavailableError(
                mark(
                    "Documents cannot be printed: the program typst is missing. Ask the "
                    "administrator to install civicwindow[pdf]."
                )
            )
        with self._lock:
            if not self._families:
                self._families = tuple(self._look())
        if not self._families:
            raise UnavailableError(
                mark(
                    "Documents cannot be printed: this server has no Chinese font. Ask the "
                    "administrator to install the package fonts-noto-cjk or fonts-wqy-microhei."
                )
            )
        return self._families

    def press(self, sheet: Sheet) -> Printed | Fault:
        """Print one sheet, or say what is wrong with its template.

        The same sheet gives the same bytes on the same machine.

        Raises:
            UnavailableError: as for `fonts`.
        """
        fonts = self.fonts()
        first = self._compile(sheet, fonts, archival=True)
        if isinstance(first, Fault) and any(words in first.words for words in _NO_LETTER):
            second = self._compile(sheet, fonts, archival=False)
            if isinstance(second, Printed):
                return Printed(second.pdf, lacks_letters=True)
        return first

    def _look(self) -> Sequence[str]:
        with TemporaryDirectory(prefix="press-") as folder:
            said = self._run({"fonts": list(self._wanted)}, folder, _SECONDS)
        return list(json.loads(said)["families"]) if said else []

    def _compile(self, sheet: Sheet, fonts: Sequence[str], *, archival: bool) -> Printed | Fault:
        with TemporaryDirectory(prefix="press-") as folder:
            main = Path(folder, MAIN)
            main.write_text(sheet.source, encoding="utf-8")
            Path(folder, HOUSE).write_bytes(_HOUSE_FILE.read_bytes())
            order = {
                "main": str(main),
                "inputs": {
                    "doc": _json(sheet.facts),
                    "values": _json(sheet.values),
                    "fonts": _json(list(fonts)),
                    "qr": sheet.qr,
                },
                "root": folder,
                "timestamp": int(sheet.at.timestamp()),
                "archival": archival,
            }
            said = self._run(order, folder, self._seconds)
        if said is None:
            return Fault("it takes too long or too much room")
        return Printed(said) if said.startswith(b"%PDF") else _fault(json.loads(said))

    def _run(self, order: Mapping[str, object], folder: str, seconds: float) -> bytes | None:
        """What the child says; None where it did not come to an end."""
        surroundings = {
            **{name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ},
            **dict.fromkeys(("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"), _NOWHERE),
        }
        with self._turns:
            try:
                done = subprocess.run(  # noqa: S603  # our own program, no words of others
                    [sys.executable, "-I", str(_CHILD)],
                    input=_json(order).encode(),
                    capture_output=True,
                    timeout=seconds,
                    cwd=folder,
                    env=surroundings,
                    check=False,
                )
            except subprocess.TimeoutExpired:
                return None
        return done.stdout if done.returncode == 0 and done.stdout else None


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)


def _fault(said: Mapping[str, str]) -> Fault:
    """Where in the template it is: the innermost place in what the administrator wrote."""
    places = [
        (int(line), int(column) + 1)
        for name, line, column in _PLACE.findall(said["fault"])
        if name == MAIN
    ]
    words = _WHERE_IT_LOOKED.sub("", said["message"])
    return Fault(words, *(places[0] if places else (0, 0)))
