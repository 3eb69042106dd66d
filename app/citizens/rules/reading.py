"""How names are read: surnames by their own readings, characters of two readings by both.

The small table of readings knows one reading a character; what names need beyond it stands
here by hand. A party's own `reading` goes before all of this.
"""

from collections.abc import Iterator
from itertools import islice, product
from typing import Final

from app.kernel.readings import reading_of

MOST_READINGS: Final = 6  # of one name; rare characters multiply

# The surname's reading first, then the one people type by mistake.
_SURNAMES_BY_HAND: Final = """
单 shan/dan, 仇 qiu/chou, 解 xie/jie, 曾 zeng/ceng, 区 ou/qu, 查 zha/cha, 朴 piao/pu, 任 ren,
盖 ge/gai, 乐 yue/le, 种 chong/zhong, 召 shao/zhao, 折 she/zhe, 员 yun/yuan, 逄 pang,
翟 zhai/di, 燕 yan, 华 hua, 纪 ji, 那 na/nuo, 宁 ning, 覃 qin/tan, 冼 xian, 缪 miao/mou,
黑 he/hei, 佴 nai/er, 过 guo, 秘 bi/mi, 晁 chao, 郇 xun/huan, 隗 wei/kui, 阚 kan/han,
句 gou/ju, 瞿 qu, 厍 she, 祭 zhai/ji, 繁 po/fan, 褚 chu, 盛 sheng/cheng, 谌 chen/shen,
柏 bai/bo, 俞 yu/shu, 牟 mou/mu, 幺 yao, 么 yao, 洗 xian/xi, 撒 sa, 阙 que, 谷 gu/yu,
车 che/ju, 石 shi, 薄 bo/bao, 卜 bu, 应 ying, 殷 yin, 尹 yin, 沈 shen, 贾 jia/gu, 令 ling,
万 wan/mo, 尉 wei/yu, 长 zhang/chang, 重 chong/zhong, 都 du/dou, 宿 su/xiu, 适 kuo/shi,
郄 qie/xi, 乜 nie/mie, 仉 zhang, 亓 qi, 妫 gui, 麴 qu, 鞠 ju, 曲 qu, 褶 zhe, 相 xiang, 哈 ha,
系 xi/ji, 莘 shen/xin, 郗 xi/chi, 炅 gui/jiong, 生 sheng, 行 xing/hang, 角 jue/jiao, 叶 ye,
钭 tou/dou, 逯 lu, 璩 qu, 笪 da, 蒯 kuai, 佘 she, 佟 tong, 訾 zi, 昝 zan, 郏 jia, 夔 kui,
阮 ruan, 冯 feng, 洪 hong, 臧 zang, 强 qiang/jiang, 藏 zang/cang, 呙 guo, 危 wei, 亢 kang,
可 ke, 甄 zhen, 干 gan, 于 yu, 余 yu, 佚 yi, 敖 ao, 率 lv/shuai, 弗 fu, 费 fei/bi
"""
_COMPOUND_BY_HAND: Final = """
欧阳 ou yang, 太史 tai shi, 端木 duan mu, 上官 shang guan, 司马 si ma, 东方 dong fang,
独孤 du gu, 南宫 nan gong, 万俟 mo qi, 闻人 wen ren, 夏侯 xia hou, 诸葛 zhu ge, 尉迟 yu chi,
公羊 gong yang, 赫连 he lian, 澹台 tan tai, 皇甫 huang fu, 宗政 zong zheng, 濮阳 pu yang,
公冶 gong ye, 太叔 tai shu, 申屠 shen tu, 公孙 gong sun, 慕容 mu rong, 仲孙 zhong sun,
钟离 zhong li, 长孙 zhang sun, 宇文 yu wen, 司徒 si tu, 鲜于 xian yu, 司空 si kong,
闾丘 lv qiu, 亓官 qi guan, 司寇 si kou, 子车 zi ju, 颛孙 zhuan sun, 巫马 wu ma, 公西 gong xi,
漆雕 qi diao, 乐正 yue zheng, 壤驷 rang si, 拓跋 tuo ba, 夹谷 jia gu, 轩辕 xuan yuan,
令狐 ling hu, 段干 duan gan, 百里 bai li, 呼延 hu yan, 东郭 dong guo, 南门 nan men,
羊舌 yang she, 微生 wei sheng, 梁丘 liang qiu, 左丘 zuo qiu, 东门 dong men, 西门 xi men,
第五 di wu, 单于 chan yu, 公良 gong liang, 尔朱 er zhu, 叱罗 chi luo, 完颜 wan yan
"""
# Inside a name; the likeliest first.
_GIVEN_BY_HAND: Final = """
乐 le/yue, 行 xing/hang, 长 chang/zhang, 茜 qian/xi, 晟 sheng/cheng, 重 zhong/chong,
朝 chao/zhao, 单 dan/shan, 曾 zeng/ceng, 都 du/dou, 藏 cang/zang, 柏 bai/bo, 薄 bo/bao,
露 lu, 禅 chan/shan, 仔 zi/zai, 莎 sha/suo, 娜 na/nuo, 卡 ka/qia, 车 che/ju, 颉 jie/xie,
厦 xia/sha, 员 yuan/yun, 桔 ju/jie, 伽 jia/qie/ga, 炅 jiong/gui, 奇 qi, 少 shao, 种 zhong,
和 he, 得 de, 的 di/de, 了 le/liao, 地 di, 着 zhe/zhu, 大 da, 强 qiang/jiang, 臭 chou/xiu,
参 shen/can, 省 sheng/xing, 盛 sheng/cheng, 尉 wei/yu, 宿 su, 殷 yin, 洗 xian/xi, 夏 xia,
贾 jia/gu, 弹 tan/dan, 调 tiao/diao, 降 xiang/jiang, 陆 lu, 琢 zhuo/zuo, 著 zhu, 识 shi,
珲 hui/hun, 浣 huan, 澄 cheng/deng, 鲜 xian, 量 liang, 翟 zhai/di, 阚 kan, 覃 qin/tan,
牟 mou/mu, 拓 tuo/ta, 石 shi, 提 ti/di, 漂 piao, 凭 ping, 畜 xu/chu, 蔚 wei/yu, 攒 zan/cuan,
芫 yan/yuan, 苔 tai, 氏 shi, 巷 xiang/hang, 铅 qian, 濮 pu, 亨 heng, 圳 zhen, 绿 lv,
会 hui/kuai, 系 xi, 厘 li, 校 xiao/jiao, 角 jiao/jue, 便 bian/pian, 率 shuai/lv, 葛 ge,
佛 fo/fu, 甄 zhen, 莞 wan/guan, 菀 wan/yuan, 琛 chen, 曦 xi, 翯 he, 旸 yang, 瑄 xuan,
珩 heng, 甯 ning, 玙 yu, 卜 bu/bo, 仇 qiu/chou
"""


def _entries(by_hand: str) -> Iterator[tuple[str, str]]:
    for entry in by_hand.split(","):
        signs, _, readings = entry.strip().partition(" ")
        yield signs, readings


_SURNAMES: Final = {sign: tuple(said.split("/")) for sign, said in _entries(_SURNAMES_BY_HAND)}
_COMPOUND: Final = {signs: tuple(said.split()) for signs, said in _entries(_COMPOUND_BY_HAND)}
_BEGUN: Final = {
    first: tuple(said[0] for signs, said in _COMPOUND.items() if signs[0] == first)
    for first in {signs[0] for signs in _COMPOUND}
}
_GIVEN: Final = {sign: tuple(said.split("/")) for sign, said in _entries(_GIVEN_BY_HAND)}


def surname_length(signs: str) -> int:
    """How many characters of a Chinese name are the surname."""
    return 2 if signs[:2] in _COMPOUND else 1


def readings_of(signs: str, *, is_head: bool = True) -> list[tuple[str, ...]]:
    """Every plausible reading of these characters, one syllable each, likeliest first.

    `is_head`: a name begins here, so that the first character is read as a surname.
    A character without a known reading counts as an empty syllable.
    """
    choices: list[tuple[str, ...]] = []
    if is_head and signs:
        compound = _COMPOUND.get(signs[:2], ())
        choices = [(part,) for part in compound] or [_surname(signs)]
    choices += [_given(sign) for sign in signs[len(choices) :]]
    return list(islice(product(*choices), MOST_READINGS))


def _surname(signs: str) -> tuple[str, ...]:
    known = _SURNAMES.get(signs[0]) or _given(signs[0])
    # Alone, it may be the beginning of a compound surname that is read otherwise: 单, 单于.
    begun = _BEGUN.get(signs, ())
    return tuple(dict.fromkeys((*known, *begun)))


def _given(sign: str) -> tuple[str, ...]:
    return _GIVEN.get(sign) or (reading_of(sign),)
