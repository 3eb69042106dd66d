"""The columns service items have in files, their Chinese headings and the words of their cells.

A fixed form of exchange: it does not change with the reader's language.
"""

from collections.abc import Mapping
from enum import StrEnum
from typing import Final

from app.calendars.rules import LimitUnit
from app.service_items.rules.vocabulary import (
    Delivery,
    FieldType,
    Handling,
    ItemKind,
    PaperForm,
    Procedure,
    Source,
)

ITEMS_SHEET: Final = "事项"
MATERIALS_SHEET: Final = "材料"
QUESTIONS_SHEET: Final = "问题"

ITEM_COLUMNS: Final[Mapping[str, str]] = {
    "code": "实施编码",
    "basic_code": "基本编码",
    "name": "事项名称",
    "name_en": "事项英文名称",
    "kind": "事项类型",
    "unit_code": "办理单位代码",
    "authority": "实施机构",
    "authority_en": "实施机构英文名称",
    "summary": "一句话说明",
    "summary_en": "英文说明",
    "result": "办理结果",
    "result_en": "办理结果英文名称",
    "legal_basis": "设定依据",
    "accepting_conditions": "受理条件",
    "handling": "办件类型",
    "legal_value": "法定时限",
    "legal_unit": "法定时限单位",
    "promised_value": "承诺时限",
    "promised_unit": "承诺时限单位",
    "procedures": "特别程序",
    "fee": "收费",
    "deliveries": "送达方式",
    "visits": "到现场次数",
    "may_defer": "可容缺受理",
    "may_promise": "可告知承诺",
    "is_joint": "联合办理",
    "place": "办理地点",
    "phone": "咨询电话",
    "valid_from": "生效日期",
    "valid_to": "失效日期",
}
MATERIAL_COLUMNS: Final[Mapping[str, str]] = {
    "code": "实施编码",
    "key": "材料代号",
    "name": "材料名称",
    "name_en": "材料英文名称",
    "source": "材料来源",
    "form": "材料形式",
    "copies": "份数",
    "may_defer": "可容缺",
    "is_shared": "共享获取",
    "note": "填报须知",
    "note_en": "英文须知",
    "sample": "示范文本",
    "condition": "适用情形",
}
QUESTION_COLUMNS: Final[Mapping[str, str]] = {
    "code": "实施编码",
    "key": "问题代号",
    "type": "答案类型",
    "label": "问题",
    "label_en": "英文问题",
    "hint": "提示",
    "hint_en": "英文提示",
    "is_required": "必填",
    "in_guide": "指南中提问",
    "options": "选项",
    "condition": "适用情形",
    "least": "下限",
    "most": "上限",
}
YES_WORD: Final = "是"
NO_WORD: Final = "否"
TODAY_WORD: Final = "今天"

WORDS: Final[Mapping[type[StrEnum], Mapping[StrEnum, str]]] = {
    ItemKind: {
        ItemKind.PERMIT: "行政许可",
        ItemKind.GRANT: "行政给付",
        ItemKind.CONFIRMATION: "行政确认",
        ItemKind.RULING: "行政裁决",
        ItemKind.REWARD: "行政奖励",
        ItemKind.OTHER: "其他行政权力",
        ItemKind.PUBLIC_SERVICE: "公共服务",
    },
    Handling: {Handling.INSTANT: "即办件", Handling.PROMISED: "承诺件"},
    Delivery: {
        Delivery.WINDOW: "窗口领取",
        Delivery.POST: "邮寄送达",
        Delivery.ONLINE: "网上送达",
    },
    Procedure: {
        Procedure.HEARING: "听证",
        Procedure.TENDER: "招标",
        Procedure.AUCTION: "拍卖",
        Procedure.INSPECTION: "检验",
        Procedure.TESTING: "检测",
        Procedure.QUARANTINE: "检疫",
        Procedure.APPRAISAL: "鉴定",
        Procedure.EXPERT_REVIEW: "专家评审",
    },
    Source: {
        Source.APPLICANT: "申请人自备",
        Source.GOVERNMENT: "政府部门核发",
        Source.OTHER_BODY: "其他机构出具",
    },
    PaperForm: {
        PaperForm.ORIGINAL: "原件",
        PaperForm.COPY: "复印件",
        PaperForm.BOTH: "原件和复印件",
        PaperForm.ELECTRONIC: "电子件",
    },
    FieldType: {
        FieldType.TEXT: "文字",
        FieldType.NUMBER: "数字",
        FieldType.DATE: "日期",
        FieldType.CHOICE: "单选",
        FieldType.MULTI: "多选",
        FieldType.YES_NO: "是否",
        FieldType.ID_NUMBER: "身份证号",
        FieldType.PHONE: "电话",
    },
    LimitUnit: {
        LimitUnit.HOUR: "小时",
        LimitUnit.WORK_HOUR: "工作小时",
        LimitUnit.DAY: "自然日",
        LimitUnit.WORK_DAY: "工作日",
    },
}

_PARTS: Final[Mapping[str, tuple[str, Mapping[str, str]]]] = {
    "materials": (MATERIALS_SHEET, MATERIAL_COLUMNS),
    "questions": (QUESTIONS_SHEET, QUESTION_COLUMNS),
}


def place_of(field: str) -> str:
    """Where a field stands for a Chinese reader: `materials.2.name` as 材料 2：材料名称."""
    part, _, rest = field.partition(".")
    if part not in _PARTS or not rest:
        return ITEM_COLUMNS.get(field, field)
    number, _, name = rest.partition(".")
    sheet, columns = _PARTS[part]
    return f"{sheet} {number}：{columns.get(name, name)}"
