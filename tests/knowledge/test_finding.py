"""Articles are found by words, by a whole question, by pinyin and by initials; the best first."""

import pytest

from app.knowledge.rules import Index, find, findable, index_of

CARD, BABY, LIGHT = 1, 2, 3
GENERAL, LIGHTING = 10, 11


@pytest.fixture(scope="module")
def index() -> Index:
    return index_of(
        [
            findable(
                CARD,
                "K0001",
                title="身份证丢了怎么补办？",
                keywords="遗失 挂失",
                text="带户口簿到派出所户籍窗口申请补领。",
                initials="sfzdlzmbb,ys,gs",
                pinyin="shen fen zheng diu le zen me bu ban,yi shi,gua shi",
                categories=[GENERAL],
            ),
            findable(
                BABY,
                "K0002",
                title="新生儿怎么上户口？",
                keywords="出生登记",
                text="带出生医学证明到派出所登记。",
                initials="xsezmshk,csdj",
                pinyin="xin sheng er zen me shang hu kou,chu sheng deng ji",
                categories=[GENERAL],
            ),
            findable(
                LIGHT,
                "K0003",
                title="路灯不亮报给谁？ Street light",
                keywords="灯坏了",
                text="请说清路名和灯杆编号。",
                initials="ldblbgs,dhl",
                pinyin="lu deng bu liang bao gei shui,deng huai le",
                categories=[LIGHTING],
            ),
        ]
    )


@pytest.mark.parametrize(
    ("typed", "first"),
    [
        ("身份证", CARD),
        ("我的身份证丢了，人在外地，请问应该怎么办？", CARD),
        ("sfz", CARD),
        ("shenfen", CARD),
        ("fenzheng", CARD),
        ("hukou", BABY),
        ("csdj", BABY),
        ("户口簿", CARD),  # stands in an answer alone
        ("ＳＦＺ补办", CARD),
        ("k0003", LIGHT),
        ("street", LIGHT),
        ("灯", LIGHT),
    ],
)
def test_what_somebody_types_finds_the_article(index: Index, typed: str, first: int) -> None:
    assert find(index, typed)[0] == first


@pytest.mark.parametrize("typed", ["怎么办", "请问 你好", "彩票", "enzheng", "zz", "，。！"])
def test_what_says_nothing_of_a_subject_finds_nothing(index: Index, typed: str) -> None:
    assert find(index, typed) == []


def test_without_words_the_articles_of_the_category_are_offered(index: Index) -> None:
    assert find(index, " ", near=[LIGHTING]) == [LIGHT]
    assert find(index, "", near=[]) == []


def test_of_two_that_fit_the_one_of_the_category_comes_first(index: Index) -> None:
    twins = index_of([index.entries[0], index.entries[1]])

    assert find(twins, "派出所", near=[GENERAL]) == [CARD, BABY]
    assert find(index, "登记", limit=1) == [BABY]
