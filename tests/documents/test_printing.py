"""PDFs are read back: words, number, paper; what somebody typed is never a command."""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from app.documents.pressing import CHINESE, Fault, Press, Printed, Sheet
from app.documents.rules import PAPERS, DocumentKind, Paper, fitted
from app.documents.rules.samples import sample_facts, sample_of
from app.documents.service.printing import PRESS
from app.documents.service.templates import shipped_source
from app.kernel.errors import UnavailableError
from tests.documents import reading
from tests.support.clock import MONDAY_9AM

HALL = ZoneInfo("Asia/Shanghai")
# Words that would be commands, if words could be.
NASTY = '#panic("x") *粗体* $x^2$ #read("/etc/passwd") \\ </text> 钱样本 ' + "长词" + "w" * 90
SIZES = {Paper.A4: (210, 297), Paper.A5: (148, 210)}


def a_sheet(
    kind: DocumentKind,
    paper: Paper,
    *,
    source: str = "",
    copy: int = 1,
    now: datetime = MONDAY_9AM,
    **values: Any,  # noqa: ANN401  # whatever the kind takes
) -> Sheet:
    facts = sample_facts(kind, year=2026) | {
        "issued_on": "2026年3月2日",
        "paper": str(paper),
        "copy": copy,
        "printed_at": "2026年3月2日 09:05",
        "sample": False,
        "address": "https://hall.invalid/verify/aaaa",
        "page": "hall.invalid/verify",
        "hotline": "12345",
    }
    fit = fitted(kind, {**sample_of(kind, now=now), **values}, zone=HALL)
    qr = "<svg xmlns='http://www.w3.org/2000/svg' width='9' height='9'><path d='M0 0h5v5z'/></svg>"
    return Sheet(source or shipped_source(kind), facts, fit, qr, now)


def printed(sheet: Sheet) -> bytes:
    done = PRESS.press(sheet)
    assert isinstance(done, Printed), done
    assert not done.lacks_letters
    return done.pdf


@pytest.mark.parametrize("kind", DocumentKind)
def test_every_kind_prints_with_its_number_its_check_code_and_chinese_letters(
    kind: DocumentKind,
) -> None:
    usual = PAPERS[kind][0]

    paper = reading.Paper.of(printed(a_sheet(kind, usual)))

    assert (paper.width, paper.height) == SIZES[usual]
    assert f"编号：{sample_facts(kind, year=2026)['number']}" in paper.text
    assert "校验码AAAA-BBBB-CCCC" in paper.text
    assert "某市政务服务中心" in paper.text


def test_a_receipt_on_the_roll_is_eighty_millimetres_wide_and_one_page_long() -> None:
    materials = [{"name": f"第 {n} 份材料", "copies": 1, "note": ""} for n in range(60)]

    sheet = a_sheet(DocumentKind.RECEIPT, Paper.ROLL, materials=materials)
    paper = reading.Paper.of(printed(sheet))

    assert (paper.width, paper.pages) == (80, 1)
    assert "样例有限公司" not in paper.text  # a slip names nobody
    assert "60.第59份材料，1" in paper.text


def test_what_somebody_typed_stands_on_the_paper_as_it_was_typed() -> None:
    rows = [{"name": NASTY, "copies": NASTY, "note": NASTY}]

    sheet = a_sheet(
        DocumentKind.RECEIPT, Paper.A4, applicant=NASTY, remarks=NASTY, item=NASTY, materials=rows
    )
    # Where a long word may be broken stands a sign nobody sees.
    text = reading.Paper.of(printed(sheet)).text.replace("\u200b", "")

    assert text.count("".join(NASTY.split())) >= 3


def test_a_reprint_says_so_with_its_count_and_when() -> None:
    text = reading.Paper.of(printed(a_sheet(DocumentKind.NOTICE, Paper.A4, copy=3))).text

    assert "重打第3次打印2026年3月2日09:05" in text
    assert "重打" not in reading.Paper.of(printed(a_sheet(DocumentKind.NOTICE, Paper.A4))).text


def test_the_same_sheet_is_the_same_file_and_one_that_may_be_kept() -> None:
    first, second = (printed(a_sheet(DocumentKind.DELIVERY, Paper.A5)) for _ in range(2))

    assert first == second
    # ISO 19005-2, level A: tagged, with everything it needs inside.
    assert b"<pdfaid:part>2</pdfaid:part>" in first
    assert b"<pdfaid:conformance>A</pdfaid:conformance>" in first


@pytest.mark.parametrize(
    ("source", "line", "column"),
    [
        ('#import "house.typ": *\n#let x = (1', 2, 10),
        ('#import "house.typ": *\n\n#given.nobody', 3, 8),
        ('#read("/etc/passwd")', 1, 7),
        ('#read("../../../etc/passwd")', 1, 7),
        ('#image("/etc/passwd")', 1, 8),
    ],
)
def test_a_template_that_does_not_print_names_the_place_and_reaches_no_file(
    source: str, line: int, column: int
) -> None:
    fault = PRESS.press(a_sheet(DocumentKind.RECEIPT, Paper.A5, source=source))

    assert isinstance(fault, Fault)
    assert (fault.line, fault.column) == (line, column)
    assert "press-" not in fault.words


def test_a_template_without_an_end_is_stopped() -> None:
    endless = "#{for a in range(9000) {for b in range(9000) {for c in range(9000) {}}}}"

    fault = Press(CHINESE, seconds=0.5).press(
        a_sheet(DocumentKind.RECEIPT, Paper.A5, source=endless)
    )

    assert isinstance(fault, Fault)
    assert "too long" in fault.words


def test_a_sign_no_font_has_does_not_keep_the_counter_from_printing() -> None:
    done = PRESS.press(a_sheet(DocumentKind.RECEIPT, Paper.A5, item="钱\ue123样本"))

    assert isinstance(done, Printed)
    assert done.lacks_letters


def test_without_a_chinese_font_one_sentence_says_what_to_install() -> None:
    press = Press(("No Such Font",))

    with pytest.raises(UnavailableError, match="fonts-wqy-microhei"):
        press.press(a_sheet(DocumentKind.RECEIPT, Paper.A5))
