"""Reads a table from CSV or a workbook, packed with gzip or not, row by row as text.

Knows nothing of matters. A row that cannot be read is handed on as such and never lost.
"""

import codecs
import csv
import gzip
import io
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import IO, Final, Protocol, Self, TypeAlias

from python_calamine import CalamineError, CalamineWorkbook

from app.imports.rules import Cells, UnfitError

_GZIP: Final = b"\x1f\x8b"
_WORKBOOKS: Final = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")  # XLSX and the older XLS
_UTF_16: Final = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_CHUNK: Final = 1 << 20
_LONGEST_CELL: Final = 10_000_000
# Bytes that fit no encoding come through as halves of surrogate pairs.
_BROKEN: Final = re.compile("[\udc80-\udcff]")
_MOST_BROKEN: Final = 0.02  # of the signs beyond ASCII: more means another encoding
_SHOWN: Final = 12

NumberedRow: TypeAlias = tuple[int, Cells | UnfitError]
_RawRow: TypeAlias = tuple[int, list[str] | UnfitError]


class UnreadableError(Exception):
    """The file as a whole cannot be read; the message says why."""


class _Raw(Protocol):
    def rows(self) -> Iterator[_RawRow]: ...
    def share(self) -> float: ...
    def close(self) -> None: ...


@dataclass(frozen=True, slots=True)
class Form:
    """How the file is written, as far as its mapping says."""

    encoding: str = "auto"
    delimiter: str = ","
    sheet: str = ""


class OpenTable:
    """An open file: its header, its rows numbered as a spreadsheet does, and how far we are."""

    def __init__(self, raw: _Raw) -> None:
        self._raw = raw
        self._rows = raw.rows()
        _, head = next(self._rows, (0, []))
        if isinstance(head, UnfitError) or not head:
            self.close()
            msg = "The file has no header row."
            raise UnreadableError(msg)
        self.header = [name.strip().lstrip("\ufeff") for name in head]

    def require(self, columns: Sequence[str]) -> None:
        """See that the header has these columns, each once.

        Raises:
            UnreadableError: it has not; the message lists both.
        """
        missing = [name for name in columns if self.header.count(name) != 1]
        if missing:
            there = ", ".join(self.header[:_SHOWN]) + (" …" if len(self.header) > _SHOWN else "")
            msg = (
                f"The mapping needs the column(s) {', '.join(missing)} exactly once. "
                f"The file has: {there}."
            )
            raise UnreadableError(msg)

    def rows(self) -> Iterator[NumberedRow]:
        """Every row that is not empty, by column name; the header is row 1."""
        width = len(self.header)
        for number, cells in self._rows:
            if isinstance(cells, UnfitError):
                yield number, cells
            elif not any(cells):
                continue
            elif len(cells) != width:
                reason = f"The row has {len(cells)} fields, the header {width}."
                yield number, UnfitError("", reason)
            elif _BROKEN.search("".join(cells)):
                broken = next(i for i, cell in enumerate(cells) if _BROKEN.search(cell))
                reason = "Some bytes are damaged: they fit no character."
                yield number, UnfitError(self.header[broken], reason)
            else:
                yield number, dict(zip(self.header, cells, strict=True))

    def share(self) -> float:
        """How much of the file has been read, from 0 to 1."""
        return self._raw.share()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the file."""
        self._raw.close()


class _CsvRows:
    def __init__(self, path: Path, encoding: str, delimiter: str) -> None:
        self._file = path.open("rb")
        self._size = max(1, path.stat().st_size)
        self._delimiter = delimiter
        self._lines = io.TextIOWrapper(
            _unpacked(self._file), encoding, errors="surrogateescape", newline=""
        )

    def rows(self) -> Iterator[_RawRow]:
        csv.field_size_limit(_LONGEST_CELL)
        # Strict: a stray quotation mark must not swallow rows without a word.
        reader = csv.reader(self._lines, delimiter=self._delimiter, strict=True)
        number = 0
        while True:
            number += 1
            try:
                yield number, next(reader)
            except StopIteration:
                return
            except csv.Error as error:
                reason = f"Broken CSV near line {reader.line_num}: {error}."
                yield number, UnfitError("", reason)

    def share(self) -> float:
        return min(1.0, self._file.tell() / self._size)

    def close(self) -> None:
        self._lines.close()
        self._file.close()


class _SheetRows:
    def __init__(self, path: Path, sheet: str) -> None:
        with path.open("rb") as file:
            content = io.BytesIO(_unpacked(file).read())
        try:
            book = CalamineWorkbook.from_filelike(content)
            names = book.sheet_names
            if sheet and sheet not in names:
                msg = f"The workbook has no sheet “{sheet}”, only: {', '.join(names)}."
                raise UnreadableError(msg)
            self._sheet = book.get_sheet_by_name(sheet or names[0])
        except CalamineError as error:
            msg = f"The workbook cannot be read: {error}."
            raise UnreadableError(msg) from None
        self._done = 0

    def rows(self) -> Iterator[_RawRow]:
        for number, values in enumerate(self._sheet.iter_rows(), start=1):
            self._done = number
            yield number, [_spelt(value) for value in values]

    def share(self) -> float:
        return min(1.0, self._done / max(1, self._sheet.total_height))

    def close(self) -> None:
        """Nothing is open: the workbook was read whole."""


def open_table(path: Path, form: Form) -> OpenTable:
    """Open the file, finding out by itself what it is.

    Raises:
        UnreadableError: it is damaged, or in no encoding we know.
    """
    try:
        with path.open("rb") as file:
            start = _unpacked(file).read(4)
        if start.startswith(_WORKBOOKS):
            return OpenTable(_SheetRows(path, form.sheet))
        encoding = form.encoding if form.encoding != "auto" else _encoding_of(path, start)
        return OpenTable(_CsvRows(path, encoding, form.delimiter))
    except (OSError, EOFError) as error:
        msg = f"The file cannot be read: {error}."
        raise UnreadableError(msg) from None


def _unpacked(file: IO[bytes]) -> IO[bytes]:
    packed = file.read(2) == _GZIP
    file.seek(0)
    return gzip.GzipFile(fileobj=file) if packed else file  # type: ignore[return-value]  # reads like any file


def _encoding_of(path: Path, start: bytes) -> str:
    if start.startswith(_UTF_16):
        return "utf-16"
    for encoding in ("utf-8-sig", "gb18030"):
        if _broken_share(path, encoding) <= _MOST_BROKEN:
            return encoding
    msg = "The file is neither UTF-8 nor GB18030. Save it as UTF-8, or name its encoding."
    raise UnreadableError(msg)


def _broken_share(path: Path, encoding: str) -> float:
    decoder = codecs.getincrementaldecoder(encoding)("surrogateescape")
    broken, beyond = 0, 0
    with path.open("rb") as file:
        content = _unpacked(file)
        while chunk := content.read(_CHUNK):
            text = decoder.decode(chunk)
            if not text.isascii():
                broken += len(_BROKEN.findall(text))
                beyond += len(text) - len(text.encode("ascii", "ignore"))
    return broken / beyond if beyond else 0.0


def _spelt(value: object) -> str:
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, datetime):
        return value.isoformat(sep=" ")
    if isinstance(value, date):
        return value.isoformat()
    return "" if value is None else str(value)
