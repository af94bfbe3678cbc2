"""Document numbers and titles, at the edges: which year and which word is meant, how alike two titles are."""

from __future__ import annotations

import pytest
from letters_helpers import said, told

from analysis.letters.checks import documents
from analysis.letters.documents import Documents
from analysis.reference.documents import Document

UNKNOWN = "文件登记册中没有“{}”；请核对文号，或在 data/reference/documents.toml 登记。"
STRANGE = "文号的年份{}不合常理；请核对。"


@pytest.fixture
def register(monkeypatch):
    """Let the register hold one document, of a title."""

    def registered(title: str) -> None:
        item = Document(number="甲教发〔2021〕8号", title=title)
        monkeypatch.setattr(documents, "documents", lambda: Documents((item,), {item.number: item}))

    return registered


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("甲乙发〔2100〕8号。", [("warning", UNKNOWN.format("甲乙发〔2100〕8号"))]),
        ("甲乙发〔2101〕8号。", [("error", STRANGE.format(2101))]),
        ("甲乙发〔9999〕8号。", [("error", STRANGE.format(9999))]),
        ("甲乙发〔2023〕8号。\n2023年9月1日", [("warning", UNKNOWN.format("甲乙发〔2023〕8号"))]),
        ("甲乙发〔2024〕8号。\n2023年9月1日", [("error", "文号的年份2024晚于落款年份2023年；请核对。")]),
        ("甲乙发〔1948〕8号。\n2023年9月1日", [("error", STRANGE.format(1948))]),
        ("甲乙发〔2101〕8号。\n2023年9月1日", [("error", STRANGE.format(2101))]),
        # What was made known under an older document is no slip.
        ("2022年根据有关要求印发甲乙发〔2023〕8号。", [("warning", UNKNOWN.format("甲乙发〔2023〕8号"))]),
        (
            "2022年按有关要求印发甲乙发〔2023〕8号。",
            [
                ("warning", UNKNOWN.format("甲乙发〔2023〕8号")),
                ("warning", "文中说2022年印发，文号的年份却是2023；请核对。"),
            ],
        ),
    ],
)
def test_the_year_of_a_number(text, expected):
    assert said(documents, text) == expected


def slips(*which: str) -> list[tuple[str, str]]:
    told = f"文号写法不规范：{'；'.join(which)}；应写作“甲乙〔2021〕8号”。"
    return [("error", told), ("warning", UNKNOWN.format("甲乙〔2021〕8号"))]


LACKING, BRACKETS = "发文顺序号后缺“号”字", "年份应加六角括号〔〕，文中用了“【】”"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        # Without 号 it is a number in 〔〕, or behind a word that ends as an organ's word does.
        ("甲乙〔2021〕8。", slips(LACKING)),
        ("甲乙【2021】8。", []),
        ("甲发乙【2021】8。", []),
        ("甲乙【2021】8号。", slips(BRACKETS)),
        # 年 inside the brackets alone is a slip.
        ("说明如下，甲乙〔2021年〕8号。", slips("括号内只写年份数字，不写“年”")),
        ("说明如下，甲乙〔2021〕8号于2022年印发。", [("warning", UNKNOWN.format("甲乙〔2021〕8号"))]),
    ],
)
def test_what_is_a_number(text, expected):
    assert said(documents, text) == expected


@pytest.mark.parametrize(
    ("written", "same"),
    [
        ("甲乙丙丁戊己庚辛壬癸", True),
        ("乙丙丁戊己庚", True),  # a part of the title
        ("关于印发甲乙丙丁戊己庚辛壬癸实施办法的通知", True),  # more than the title
        ("甲乙丙丁戊己庚辛壬子", True),  # 9 of 10 characters: 0.9
        ("甲乙丙丁戊己庚辛子丑", False),  # 8 of 10: 0.8
        ("子丑寅卯辰巳", False),
    ],
)
def test_a_number_stands_beside_its_own_title(register, written, same):
    register("甲乙丙丁戊己庚辛壬癸")
    ((severity, _),) = said(documents, f"按照《{written}》（甲教发〔2021〕8号）办理。")
    assert severity == ("holds" if same else "error")


@pytest.mark.parametrize(("equal", "same"), [(41, True), (40, False)])
def test_titles_alike_by_82_per_cent_are_one(register, equal, same):
    own = "".join(chr(0x4E00 + step) for step in range(50))
    register(own)
    other = own[:equal] + "".join(chr(0x6000 + step) for step in range(50 - equal))  # 2 x 41 / 100
    ((severity, _),) = said(documents, f"按照《{other}》（甲教发〔2021〕8号）办理。")
    assert severity == ("holds" if same else "error")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (f"《甲《乙》{'丑' * 20}》。", f"《甲《乙》{'丑' * 11}…"),
        (f"子子子《甲《乙》{'丑' * 20}》。", f"…子子《甲《乙》{'丑' * 11}…"),
        # Without an end: from the first one that is open.
        (f"《甲》、《乙{'丑' * 30}。", f"…》、《乙{'丑' * 20}…"),
    ],
)
def test_brackets_of_titles_are_quoted_from_the_first_that_is_open(text, words):
    assert [quoted for _, _, quoted, _ in told(documents, text)] == [words]


def test_two_brackets_without_an_end_are_told_from_the_first():
    first, second = f"说明{'子' * 20}《甲{'丑' * 20}", f"{'寅' * 20}《乙{'卯' * 30}。"
    assert told(documents, f"{first}\n{second}") == [
        (2, "warning", f"…子子《甲{'丑' * 20}{second[:34]}…", "书名号里再用书名号时，里层应改用单书名号〈〉。"),
        (1, "error", f"…子子《甲{'丑' * 20}…", "书名号不成对：“《”没有收尾；请补上“》”。"),
    ]


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("《甲》》《乙》。", 1),
        ("《甲《乙》丙》丁》。", 2),
        ("《甲《乙》。\n丙》。", 3),
    ],
)
def test_each_bracket_without_its_other_is_told(text, count):
    assert len(said(documents, text)) == count


TWO = "同一题名前后写了两个发文机关：第1行作“{}”，此处作“{}”；请核对。"


@pytest.mark.parametrize(
    ("first", "second", "expected"),
    [
        ("教育部", "财政部", [("error", TWO.format("教育部", "财政部"))]),
        ("教育部", "教育部办公厅", []),
        ("教育部办公厅", "教育部", []),
        ("", "教育部", []),
        ("教育部", "", []),
    ],
)
def test_one_title_has_one_issuer(first, second, expected):
    text = f"{first}《课后服务工作方案》。\n{second}《课后服务工作方案》。"
    assert said(documents, text) == expected
