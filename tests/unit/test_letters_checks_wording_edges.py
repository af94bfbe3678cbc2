"""Absolute words, shares, rises, personal data and the parts of a reply, at the edges: which clause, which number, which line."""

from __future__ import annotations

import pytest
from letters_helpers import said, told

from analysis.letters.checks import absolutes, changes, parts, personal, shares
from analysis.letters.findings import preceding

LONG = "根据上级部署和本区实际情况有关科室作了梳理核对"
HUNDRED = "“100%”没有写明基数（应有多少、已有多少、截至何日）；请补上，四舍五入成100%的不能写100%。"


def bare(word: str) -> list[tuple[str, str]]:
    return [("warning", f"“{word}”是绝对化表述，句中没有基数；请写明“应…所，已…所”，或改用据实的说法。")]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        # 均为 of simulated data claims nothing; of others, and elsewhere in the sentence, it does.
        ("校名均为虚构。", []),
        ("校名为虚构，作业均为手写。", bare("均")),
        ("校名为虚构：作业均为手写。", bare("均")),
        ("作业均为手写，校名为虚构。", bare("均")),
        ("作业均已按虚构校名公示。", bare("均")),
        # 按, 折 … of the clause tell a scale, not a claim; those of other clauses do not.
        ("按100%折算。", []),
        ("100%折算，甲。", []),
        ("按标准：100%公示。", [("error", HUNDRED)]),
        ("按标准，100%公示。", [("error", HUNDRED)]),
        ("；100%公示，按标准。", [("error", HUNDRED)]),
        ("按；甲按100%公示。", []),
        ("100%公示，甲，按标准。", [("error", HUNDRED)]),
        # Up to eight characters before it: a full mark, an interval.
        ("满分甲乙丙丁戊己100%。", [("holds", "“100%”所在句写明了基数；是否属实可用 --against 与数据核对。")]),
        ("满分甲乙丙丁戊己庚100%。", [("error", HUNDRED)]),
        # A plan up to the last semicolon; another one's plan does not excuse it.
        ("甲将整改；作业全部公示。", bare("全部")),
        ("甲；将作业全部公示。", []),
        ("将整改；甲；作业全部公示。", bare("全部")),
        # A count in the sentence before counts where the clause points at it.
        ("共8所学校。其作业全部公示。", []),
        ("共8所学校。作业全部公示。", bare("全部")),
        ("共8所学校。作业全部公示，其他如常。", bare("全部")),
        ("共8所学校。这是说明，作业全部公示。", bare("全部")),
        ("共8所学校。说明。其作业全部公示。", bare("全部")),
        # Two is a count, one is not.
        ("2所学校全部公示。", []),
        ("1所学校全部公示。", bare("全部")),
        ("您提出作业全部公示。课程全部公示。", bare("全部")),
    ],
)
def test_absolute_words(text, expected):
    assert said(absolutes, text) == expected


def unsaid(shares_told: str, *missing: str) -> list[tuple[str, str]]:
    severity = "error" if missing[0].startswith("答卷数") else "warning"
    return [(severity, f"比例{shares_told}没有写明{'、'.join(missing)}，请补上，或注明见附表。")]


BASE = "分母（基数）"
OPINION = ("答卷数（基数）", "量表与口径", "调查轮次或日期")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        # The first share decides whether the sentence plans or tells.
        ("确保参与率90%，合格率94%。", []),
        ("参与率90%，确保合格率94%。", unsaid("90%、94%", BASE)),
        ("确保质量，参与率90%，合格率94%。", unsaid("90%、94%", BASE)),
        ("，参与率90%，合格率94%。", unsaid("90%、94%", BASE)),
        # A change is no share, however many blanks stand before it.
        ("参与率提高了约 5%。", []),
        ("参与率提高了约          5%。", []),
        ("参与率提高甲5%。", unsaid("5%", BASE)),
        # The base may stand in the paragraph or the one before; of opinions only where it tells of the survey.
        ("本区应报8所，已报8所。参与率为94%。", []),
        ("本区应报8所，已报8所。家长满意率为94%。", unsaid("94%", *OPINION)),
        ("问卷应交800份，实交700份。家长满意率为94%。", unsaid("94%", *OPINION[1:])),
        ("本区应报8所，已报8所。\n参与率为94%。", []),
        ("本区应报8所，已报8所。\n说明。\n参与率为94%。", unsaid("94%", BASE)),
    ],
)
def test_shares_and_their_base(text, expected):
    assert said(shares, text) == expected


def test_a_finding_of_shares_stands_on_the_line_of_the_first():
    assert [line for line, *_ in told(shares, f"说明。\n{LONG}参与率90%，{LONG}\n{LONG}合格率94%。")] == [2]


def ratio(part: int, whole: int, made: str, written: str) -> list[tuple[str, str]]:
    if made == written:
        return [("holds", f"{part} ÷ {whole} = {written}%，相符。")]
    return [("error", f"{part} ÷ {whole} = {made}%，文中写{written}%；请核对分子、分母与比例。")]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        # Two counts and a share, in this order, wherever they begin.
        ("8所中7所，占89%。", ratio(7, 8, "87.5", "89")),
        ("7所，占89%，8所。", []),
        ("占89%，8所中7所。", []),
        ("9所，8所中7所，占89%，6所。", ratio(7, 8, "87.5", "89")),
        ("8所中7所，占89%以上。", []),
        ("8所中7所，占约89%。", []),
        ("8所中7所，占比为        89%。", ratio(7, 8, "87.5", "89")),
        # The smaller one is the part; equal ones make a hundred.
        ("7所占8所的89%，占89%。", []),
        ("7所在8所中，占89%。", ratio(7, 8, "87.5", "89")),
        ("8所中8所，占100%。", ratio(8, 8, "100", "100")),
        ("8所中8所，占99%。", ratio(8, 8, "100.0", "99")),
        # Half a unit of the last digit: 1 of 8 is 12.5 %.
        ("8所中1所，占12%。", ratio(1, 8, "12", "12")),
        ("8所中1所，占13%。", ratio(1, 8, "13", "13")),
        ("8所中1所，占14%。", ratio(1, 8, "12.5", "14")),
        ("8所中1所，占12.5%。", ratio(1, 8, "12.5", "12.5")),
        ("8所中1所，占12.4%。", ratio(1, 8, "12.50", "12.4")),
    ],
)
def test_a_share_of_two_counts(text, expected):
    assert said(changes, text) == expected


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("由8件增加到9件，增加13%。", "由8到9，变化13%，相符。"),
        ("由8件增加到9件，增加12%。", "由8到9，变化12%，相符。"),
        ("由8件增加到9件，增加14%。", "由8到9，变化应为12%，文中写14%；请核对。"),  # half to even, as written
        ("由8件增加到9件，增加12.4%。", "由8到9，变化应为12.5%，文中写12.4%；请核对。"),
        ("由8件增加到9件，增加12.40%。", "由8到9，变化应为12.5%，文中写12.4%；请核对。"),
        ("由7件增加到9件，增加28.56%。", "由7到9，变化应为28.57%，文中写28.56%；请核对。"),
        ("由8件减少到6件，减少30%。", "由8到6，变化应为25%，文中写30%；请核对。"),
    ],
)
def test_a_rise_in_per_cent(text, message):
    assert [told for _, told in said(changes, text)] == [message]


HOME = ("error", "含住址；请删去，代表、学生与家长的住址不得写入答复。")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        # Six characters before an address may say that it is an office's.
        ("校址：城区某街12号楼3单元402室。", []),
        ("校址（甲乙）城区某街12号楼3单元402室。", []),
        ("校址（甲乙丙）城区某街12号楼3单元402室。", [HOME]),
        ("办公：现住城区某街。", []),
        ("地址：城区某街12号楼3单元402室。", [HOME]),
        # That excuses no other kind of data.
        ("办公：微信号：wxid_abc12345。", [("error", "含微信号、QQ号或昵称；请删去。")]),
    ],
)
def test_an_address_of_an_office_is_no_home(text, expected):
    assert said(personal, text) == expected


def test_what_lacks_is_told_at_the_first_line_with_its_first_thirty_characters():
    text = f"\n{'关于建议的答复' * 5}\n说明。"
    assert {(line, words) for line, _, words, _ in told(parts, text)} == {(2, f"{('关于建议的答复' * 5)[:30]}…")}
    assert {(line, words) for line, _, words, _ in told(parts, "说明。")} == {(1, "说明。")}
    assert [(line, words) for line, _, words, _ in told(parts, "")] == [(0, "")]


def test_the_characters_before_an_offset():
    assert (preceding("甲乙丙", 2, 1), preceding("甲乙丙", 2, 5), preceding("甲乙丙", 0, 5)) == ("乙", "甲乙", "")
    assert preceding("甲" + "乙" * 40 + "丙", 41) == "乙" * 40
