"""How documents of applications say limits, procedures and ways, in the language they are in.

Documents are Chinese whatever the screen's language (行政许可法 art. 32: written, with date).
"""

from collections.abc import Mapping
from typing import Final

from app.calendars.rules import LimitUnit
from app.cases.kinds import NotAdmitted
from app.service_items.rules import Delivery, ItemKind, ItemVersion, Procedure, Span
from app.service_requests.rules.dates import LEGAL, limits_of

_UNITS: Final[Mapping[LimitUnit, str]] = {
    LimitUnit.HOUR: "小时",
    LimitUnit.WORK_HOUR: "工作小时",
    LimitUnit.DAY: "日",
    LimitUnit.WORK_DAY: "个工作日",
}
PROCEDURES: Final[Mapping[Procedure, str]] = {
    Procedure.HEARING: "听证",
    Procedure.TENDER: "招标",
    Procedure.AUCTION: "拍卖",
    Procedure.INSPECTION: "检验",
    Procedure.TESTING: "检测",
    Procedure.QUARANTINE: "检疫",
    Procedure.APPRAISAL: "鉴定",
    Procedure.EXPERT_REVIEW: "专家评审",
}
WAYS: Final[Mapping[Delivery, str]] = {
    Delivery.WINDOW: "窗口领取",
    Delivery.POST: "邮寄送达",
    Delivery.ONLINE: "网上送达",
}
REASONS: Final[Mapping[NotAdmitted, str]] = {
    NotAdmitted.NO_PERMIT_NEEDED: "申请事项依法不需要办理",
    NotAdmitted.WRONG_AUTHORITY: "申请事项依法不属于本机关职权范围",
    NotAdmitted.NOT_CORRECTED: "未按要求补正申请材料",
    NotAdmitted.BARRED: "依法暂不得提出该项申请",
}
NOT_PERMITTED: Final = "不予许可"
_NOT_GRANTED: Final[Mapping[ItemKind, str]] = {
    ItemKind.PERMIT: NOT_PERMITTED,
    ItemKind.GRANT: "不予给付",
    ItemKind.CONFIRMATION: "不予确认",
    ItemKind.REWARD: "不予奖励",
}
RECEIPT_BASIS: Final = "《中华人民共和国行政许可法》第三十二条"
PAUSE_BASIS: Final = "《中华人民共和国行政许可法》第四十五条"
EXTENSION_BASIS: Final = "《中华人民共和国行政许可法》第四十二条"
CONSEQUENCE: Final = "逾期未补，视为撤回申请"
DEEMED: Final = "本机关未在五个工作日内告知需要补正的内容，依法自收到申请材料之日起视为受理。"


def refused_text(item: ItemVersion) -> str:
    """What a refusal is called: of a permit, a benefit, a confirmation; else 不予办理."""
    return _NOT_GRANTED.get(item.content.kind, "不予办理")


def limit_text(item: ItemVersion) -> str:
    """Both limits as documents print them: 承诺 10 个工作日，法定 20 个工作日."""
    content = item.content
    if content.promised.value == 0:
        return "即办"
    parts = [f"承诺 {_span(content.promised)}"]
    legal = limits_of(item).get(LEGAL)
    if legal is not None:
        parts.append(f"法定 {_span(Span(legal.unit, legal.value))}")
    return "，".join(parts)


def _span(span: Span) -> str:
    return f"{span.value} {_UNITS[span.unit]}"
