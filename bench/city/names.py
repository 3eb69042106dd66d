"""People as they are spread in a large Chinese city: surnames, given names, telephones, documents.

Shares follow what is commonly published of surnames; telephones begin with 179 and documents
with regions 99, which nobody has.
"""

from bisect import bisect
from dataclasses import dataclass
from itertools import accumulate
from random import Random
from typing import Final

from app.citizens.rules import PartyKind
from app.citizens.rules.identity import check_sign, organisation_check_sign

# In a thousand people.
_SURNAMES: Final = (
    "王71 李70 张67 刘54 陈46 杨31 黄22 赵21 周19 吴19 徐17 孙15 胡13 朱13 高12 林11 何11 "
    "郭11 马10 罗9 梁8 宋8 郑8 谢7 韩7 唐7 冯6 于6 董6 肖6 程6 曹6 袁5 邓5 许5 傅5 沈5 "
    "曾5 彭5 吕5 苏4 卢4 蒋4 蔡4 贾4 丁4 魏4 薛4 叶4 阎4 余4 潘4 杜4 戴4 夏4 钟4 汪4 田4 "
    "任4 姜4 范4 方3 石3 姚3 谭3 廖3 邹3 熊3 金3 陆3 郝3 孔3 白3 崔3 康3 毛3 邱3 秦3 江3 "
    "史3 顾3 侯3 邵3 孟3 龙3 万3 段3 雷3 钱3 汤3 尹3 黎2 易2 常2 武2 乔2 贺2 赖2 龚2 文2 "
    "单1 解1 仇1 区1 查1 欧阳1 翟1 覃1 向1 牛1 葛1 严1 殷1"
)
_GIVEN: Final = (
    "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀霞平刚桂英华玉兰红梅建国春燕文志海东晓峰辉鹏飞龙波斌宁鑫浩"
    "亮成健俊帆帅旭博宇欣雨涵梓轩子诗怡佳琪嘉乐思雪婷慧颖倩莉萍云凤珍莲香月琴清林松柏山川江河江永"
    "庆福祥德义仁礼信忠孝安康宏运昌盛振兴少卿家豪天翔一鸣若曦梦瑶紫萱可心语嫣皓泽沐宸奕辰浩然"
)
_PLACES: Final = "示例样板模范演示虚拟假设"
_TRADES: Final = ("物业管理", "餐饮", "建筑工程", "信息科技", "商贸", "运输", "教育咨询", "医药")
_FORMS: Final = ("有限公司", "有限责任公司", "股份有限公司", "合作社", "中心")
_ORGANISATIONS: Final = 0.05
_TWO_GIVEN: Final = 0.75  # of given names have two characters


@dataclass(frozen=True, slots=True)
class Someone:
    """A party that nobody is."""

    name: str
    phone: str
    document: str
    birth_year: int | None
    kind: PartyKind = PartyKind.PERSON


class Names:
    """Invents one party after the other, by the dice it is given."""

    def __init__(self, chance: Random) -> None:
        self._chance = chance
        entries = _SURNAMES.split()
        self._surnames = [entry.rstrip("0123456789") for entry in entries]
        shares = (int(entry.lstrip("".join(self._surnames))) for entry in entries)
        self._shares = list(accumulate(shares))
        self._given = list(dict.fromkeys(_GIVEN))
        self._weights = list(accumulate(1 / (rank + 6) for rank in range(len(self._given))))

    def someone(self, n: int) -> Someone:
        """Number `n` of them; no two have the same document."""
        phone = f"179{self._chance.randrange(10**8):08d}"
        if self._chance.random() < _ORGANISATIONS:
            return self._organisation(n, phone)
        year = 1935 + int(self._chance.triangular(0, 85, 50))
        seventeen = f"99{n // 1000 % 10_000:04d}{year}{n % 12 + 1:02d}15{n % 1000:03d}"
        has_two = self._chance.random() < _TWO_GIVEN
        given = self._one_given() + (self._one_given() if has_two else "")
        surname = self._surnames[bisect(self._shares, self._chance.random() * self._shares[-1])]
        return Someone(surname + given, phone, seventeen + check_sign(seventeen), year)

    def _organisation(self, n: int, phone: str) -> Someone:
        chance = self._chance
        own = "".join(chance.choice(self._given) for _ in range(2))
        place = chance.choice([_PLACES[at : at + 2] for at in range(0, len(_PLACES), 2)])
        name = f"{place}市{own}{chance.choice(_TRADES)}{chance.choice(_FORMS)}"
        seventeen = f"91990101{n:09d}"
        number = seventeen + organisation_check_sign(seventeen)
        return Someone(name, phone, number, None, PartyKind.ORGANISATION)

    def _one_given(self) -> str:
        return self._given[bisect(self._weights, self._chance.random() * self._weights[-1])]
