"""Reads a PDF back as somebody holding it would: its words, its size, its pages."""

from dataclasses import dataclass
from typing import Self

import pypdfium2  # type: ignore[import-untyped]  # ships no types

_MM_PER_POINT = 25.4 / 72


@dataclass(frozen=True)
class Paper:
    """One printed document: the text of all pages without blanks, the first page's size in mm."""

    text: str
    width: int
    height: int
    pages: int

    @classmethod
    def of(cls, pdf: bytes) -> Self:
        document = pypdfium2.PdfDocument(pdf)
        try:
            said = []
            for number in range(len(document)):
                page = document[number]
                words = page.get_textpage()
                said.append(words.get_text_range())
                words.close()
                page.close()
            first = document[0]
            width, height = (round(length * _MM_PER_POINT) for length in first.get_size())
            first.close()
            return cls("".join("".join(said).split()), width, height, len(said))
        finally:
            document.close()
