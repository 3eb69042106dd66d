"""What a preview of a template is filled with: nobody's words, every name of the kind.

Pure. Long on purpose, so that a template is seen with more than one line.
"""

from datetime import date, datetime, timedelta
from typing import Final

from app.documents.rules.entries import DICTIONARY, Entry, Row, Shape, Value
from app.documents.rules.kinds import LETTERS, DocumentKind

_SAMPLES: Final = {
    "refused": "不予许可",
    "revoked": "SAMPLE-JD-2026-00001",
    "applicant": "样例有限公司",
    "agent": "样某某",
    "item": "食品经营许可（新办）",
    "item_code": "SAMPLE-0001",
    "window": "3 号窗口",
    "limit": "承诺 5 个工作日（法定 20 个工作日）",
    "name": "营业执照复印件",
    "copies": "1",
    "note": "齐全",
    "defect": "复印件看不清注册号",
    "remedy": "重新复印，加盖公章",
    "number": "SAMPLE20260302000001",
    "due": "2026年3月9日",
    "value": "12",
    "what": "等待申请人补正材料",
}
_WORDS: Final = "第一段：这里是样例文字，用来看清一段较长的内容在纸上怎样换行。\n第二段：样例文字。"


def sample_of(kind: DocumentKind, *, now: datetime) -> dict[str, Value]:
    """A value for every name of this kind."""
    return {entry.name: _value(entry, now) for entry in DICTIONARY[kind]}


def sample_facts(kind: DocumentKind, *, year: int) -> dict[str, str]:
    """What the system would know of such a document."""
    return {
        "number": f"SAMPLE-{LETTERS[kind]}-{year}-00001",
        "unit": "某市政务服务中心",
        "phone": "0000-0000000",
        "case_number": "SAMPLE20260302000001",
        "query_code": "K7MQ 2XHP",
        "seal_code": "AAAA-BBBB-CCCC",
    }


def _value(entry: Entry, now: datetime) -> Value:
    match entry.shape:
        case Shape.DAY:
            return _in_five_days(now)
        case Shape.INSTANT:
            return now
        case Shape.WORDS:
            return _WORDS
        case Shape.ROWS:
            row: Row = {name: _SAMPLES.get(name, "样例") for name in entry.columns}
            return [row, row]
        case Shape.LINE:
            return _SAMPLES.get(entry.name, "样例")


def _in_five_days(now: datetime) -> date:
    return (now + timedelta(days=5)).date()
