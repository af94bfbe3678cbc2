"""Sums: where a list of parts ends, which total is meant, how near is near, and what a finding quotes."""

from __future__ import annotations

import pytest
from letters_helpers import said, told

from analysis.letters.checks import sums


def adds(terms: str, total: str) -> tuple[str, str]:
    return "holds", f"{terms} = {total}，与总数相符。"


def fails(terms: str, made: str, total: str, gap: str) -> tuple[str, str]:
    return "error", f"各项相加为 {terms} = {made}，与所写总数 {total} 相差 {gap}；请核对总数与各项。"


def short(terms: str, made: str, total: str, gap: str) -> tuple[str, str]:
    return "note", f"各项相加为 {terms} = {made}，与所写总数 {total} 相差 {gap}；所列只是其中一部分，如已列全请核对。"


def plus(terms: str, made: str, stated: str) -> tuple[str, str]:
    if made == stated:
        return "holds", f"{terms} = {made}，相符。"
    return "error", f"{terms} = {made}，与所写 {stated} 不符；请核对。"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        # 其中 and the list behind 共 are the same list: it is told once.
        ("共14家，其中甲类5家、乙类8家。", [fails("5 + 8", "13", "14", "1")]),
        ("全区机构14家（甲类5家、乙类8家）：丙类3家、丁类9家。", [fails("5 + 8", "13", "14", "1")]),
        # A total closes a list: what follows it is no part.
        ("机构14家（甲类5家、乙类8家，共13家，丙类1家）。", [fails("5 + 8", "13", "14", "1")]),
        # Parts of one total are not taken as those of the next.
        ("机构14家（甲类5家、乙类9家），丙类3家，共17家。", [adds("5 + 9", "14"), adds("14 + 3", "17")]),
        ("甲类5家、乙类9家，共甲乙丙丁14家。", [adds("5 + 9", "14")]),
        ("甲类5家、乙类9家，共甲乙丙丁戊14家。", []),
        ("共同体甲类5家、乙类9家，共同14家。", []),
        ("合计5家、乙类9家。", []),
        ("乙类9家，合计5家。", []),
        ("甲类5家、乙类9家，共 14家。", [adds("5 + 9", "14")]),
        ("甲类5家、乙类9家，共14家左右。", []),
        # A list ends at the bracket, the full stop or the semicolon; of a colon at the full stop alone.
        ("机构14家（甲类5家、乙类9家），丙类3家。", [adds("5 + 9", "14")]),
        ("机构14家，其中甲类5家、乙类8家；丙类1家。", [fails("5 + 8", "13", "14", "1")]),
        ("机构14家情况：甲类5家、乙类8家；丙类1家。", [adds("5 + 8 + 1", "14")]),
        ("共14家，甲类5家、乙类8家；丙类1家。", [fails("5 + 8", "13", "14", "1")]),
        # The first part alone is no sum.
        ("机构14家，其中甲类14家、乙类3家。", [fails("14 + 3", "17", "14", "3")]),
        ("机构14家，其中甲类14家、乙类0家。", [adds("14 + 0", "14")]),
        ("机构14家，其中甲类5家、乙类8家、丙类1家、丁类2家。", [adds("5 + 8 + 1", "14")]),
    ],
)
def test_where_a_list_ends(text, expected):
    assert said(sums, text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        # Parts of different kinds overlap, by however little; of one kind they do not.
        ("教师100人，其中女教师60人、党员41人。", []),
        ("教师100人，其中女教师60人、男教师41人。", [fails("60 + 41", "101", "100", "1")]),
        ("教师100人，其中小学女教师60人、初中女教师41人。", [fails("60 + 41", "101", "100", "1")]),
        ("教师100人，其中女教师60人、女党员41人。", []),
        ("教师100人，其中男教师30人、女教师40人、女党员31人。", []),
        ("教师100人，其中女60人、女41人。", [fails("60 + 41", "101", "100", "1")]),
        ("用时10.5分钟，其中学生6分钟、小学5分钟。", []),
        # Too little is never an overlap.
        ("教师100人，其中女教师60人、党员39人。", [fails("60 + 39", "99", "100", "1")]),
        ("用时10.5分钟，其中学生6分钟、小学4分钟。", [fails("6 + 4", "10", "10.5", "0.5")]),
        ("用时10.5分钟（学生6分钟、小学4分钟等）。", [short("6 + 4", "10", "10.5", "0.5")]),
        ("用时10分钟（学生6分钟、小学4.5分钟等）。", []),
        ("用时10分钟（学生6分钟、学生4.5分钟等）。", [fails("6 + 4.5", "10.5", "10", "0.5")]),
        # What the whole counts (小学) is no kind of a part (公办) behind it, but it is one of a part before it.
        ("小学10所，其中公办8所、公办3所。", [fails("8 + 3", "11", "10", "1")]),
        ("小学8所、公办3所，共10所。", []),
    ],
)
def test_parts_of_different_kinds_may_overlap(text, expected):
    assert said(sums, text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        # 5+2 is a name of a service, and what follows it is read.
        ("推行5+2模式，安排30+50=81。", [plus("30 + 50", "80", "81")]),
        ("推行 5 + 2 模式，每天7分钟。", []),
        # A sum without a total says nothing, and the next one is read.
        ("甲5+9，安排30+50=81。", [plus("30 + 50", "80", "81")]),
        # Of several totals the nearest one counts; terms are no totals.
        ("每天120分钟，其中30+50+40，共125分钟。", [plus("30 + 50 + 40", "120", "120")]),
        ("每天30分钟+50分钟+40分钟，每天共125分钟。", [plus("30 + 50 + 40", "120", "125")]),
        ("时长30分钟+50分钟，时长为81分钟。", [plus("30 + 50", "80", "81")]),
        ("时长30分钟+50分钟，甲81分钟。", []),
        ("时长30分钟+50分钟，每日 81分钟。", [plus("30 + 50", "80", "81")]),
        ("时长30分钟+50分钟，合甲81分钟。", []),
        ("甲类5家+9家，共甲乙丙丁15家。", [plus("5 + 9", "14", "15")]),
        ("甲类5家+9家，共甲乙丙丁戊15家。", []),
        ("甲类5家+9个，合计15个。", [plus("5 + 9", "14", "15")]),
        ("甲类5所+9所，合计15家。", [plus("5 + 9", "14", "15")]),
        ("甲类5人+9人，合计15名。", []),
        # Numbers in groups of three digits are one number.
        ("投入1,230+500=1,730。", [plus("1230 + 500", "1730", "1730")]),
        ("投入1,230+500=1,731。", [plus("1230 + 500", "1730", "1731")]),
        ("投入1,230人+500人，共1,731人。", [plus("1230 + 500", "1730", "1731")]),
        ("安排30 ＋ 50 ＝ 81。", [plus("30 + 50", "80", "81")]),
        ("安排30+50+N=81。", []),
    ],
)
def test_plus_signs(text, expected):
    assert [one for one in said(sums, text) if "相加为" not in one[1]] == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        # Half a unit of the last digit of each: 0.5 + 0.5 + 0.05 = 1.05.
        ("满意60%，一般30%，不满意11.0%。", ("holds", "60% + 30% + 11% = 101%，在四舍五入的误差之内合为100%。")),
        ("满意60%，一般30%，不满意11.1%。", ("error", "60% + 30% + 11.1% = 101.1%，各类答案应合为100%；请核对。")),
        ("满意60%，一般30%，不满意8.9%。", ("error", "60% + 30% + 8.9% = 98.9%，各类答案应合为100%；请核对。")),
    ],
)
def test_answers_add_up_to_a_hundred_but_for_rounding(text, expected):
    assert said(sums, text) == [expected]


@pytest.mark.parametrize("sign", ["占", "是"])
def test_all_shares_but_one_must_be_called_so(sign):
    text = f"甲占60%，{'乙' * 8}{sign}20%，{'丙' * 8}是12%。"
    assert said(sums, text) == (
        [("error", "60% + 20% + 12% = 92%，各类答案应合为100%；请核对。")] if sign == "占" else []
    )


LONG = "根据上级部署和本区实际情况有关科室作了梳理核对"


def test_a_finding_stands_on_the_line_of_its_first_number():
    lines = f"{LONG}满意60%，{LONG}\n{LONG}一般30%，{LONG}\n{LONG}不满意8%。"
    assert [line for line, *_ in told(sums, f"说明。\n{lines}")] == [2]
    lines = f"{LONG}机构14家，其中{LONG}\n{LONG}甲类5家、乙类8家。"
    assert [line for line, *_ in told(sums, f"说明。\n{lines}")] == [2]


def test_a_sum_of_plus_signs_is_quoted_with_its_result():
    # 24 characters of room before it; 12 behind it for what is stated, and 24 of room.
    ((_, _, words, _),) = told(sums, f"{'子' * 30}30+50=81{'丑' * 40}。")
    assert words == f"…{'子' * 24}30+50=81{'丑' * 33}…"
