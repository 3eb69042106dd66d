"""The words service items (事项) are described in, after GB/T 39554 (rulebook §3).

Enumerations only; labels for people stand in `service_items.labels`.
"""

from enum import StrEnum


class ItemKind(StrEnum):
    """What sort of act of the administration it is (事项类型)."""

    PERMIT = "permit"  # 行政许可
    GRANT = "grant"  # 行政给付
    CONFIRMATION = "confirmation"  # 行政确认
    RULING = "ruling"  # 行政裁决
    REWARD = "reward"  # 行政奖励
    OTHER = "other"  # 其他行政权力
    PUBLIC_SERVICE = "public_service"  # 公共服务


class Handling(StrEnum):
    """Whether it is done while the citizen waits (即办件) or within a promised time (承诺件)."""

    INSTANT = "instant"
    PROMISED = "promised"


class Delivery(StrEnum):
    """How the result reaches the applicant (送达方式)."""

    WINDOW = "window"
    POST = "post"
    ONLINE = "online"


class Procedure(StrEnum):
    """Special procedures whose time is not counted in the limit (行政许可法 art. 45)."""

    HEARING = "hearing"  # 听证
    TENDER = "tender"  # 招标
    AUCTION = "auction"  # 拍卖
    INSPECTION = "inspection"  # 检验
    TESTING = "testing"  # 检测
    QUARANTINE = "quarantine"  # 检疫
    APPRAISAL = "appraisal"  # 鉴定
    EXPERT_REVIEW = "expert_review"  # 专家评审


class Source(StrEnum):
    """Who makes a material (材料来源)."""

    APPLICANT = "applicant"
    GOVERNMENT = "government"
    OTHER_BODY = "other_body"


class PaperForm(StrEnum):
    """In which form a material is handed in."""

    ORIGINAL = "original"
    COPY = "copy"
    BOTH = "both"  # the copy stays, the original is looked at
    ELECTRONIC = "electronic"


class FieldType(StrEnum):
    """What sort of answer an extra question takes."""

    TEXT = "text"
    NUMBER = "number"
    DATE = "date"
    CHOICE = "choice"
    MULTI = "multi"
    YES_NO = "yes_no"
    ID_NUMBER = "id_number"
    PHONE = "phone"

    @property
    def has_options(self) -> bool:
        """Whether the answer is one or several of a list."""
        return self in (FieldType.CHOICE, FieldType.MULTI)

    @property
    def is_closed(self) -> bool:
        """Whether every answer is known beforehand, so that something can depend on it."""
        return self.has_options or self is FieldType.YES_NO

    @property
    def is_personal(self) -> bool:
        """Whether the answer names a person by itself, and is kept and shown accordingly."""
        return self in (FieldType.ID_NUMBER, FieldType.PHONE)
