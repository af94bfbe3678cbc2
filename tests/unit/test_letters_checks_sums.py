"""Sums, rises and shares of a sentence: both sides of each limit, worked out by hand."""

from __future__ import annotations

import pytest

from analysis.letters.checker import check


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("全区机构14家（甲类5家，乙类9家）。", [("note", True, "5 + 9 = 14")]),
        ("全区机构14家（甲类5家，乙类8家）。", [("error", False, "相差 1")]),
        ("全区机构14家（甲类5家，乙类10家）。", [("error", False, "相差 1")]),
        # 15 % of 100 is 15: at the limit it is doubtful, one beyond it is a list that is not complete
        ("全区机构100家，其中甲类50家、乙类35家。", [("error", False, "相差 15")]),
        ("全区机构100家，其中甲类50家、乙类34家。", [("note", False, "相差 16")]),
        # a small whole: a gap of two is near, of three is not
        ("全区机构10家，其中甲类5家、乙类3家。", [("error", False, "相差 2")]),
        ("全区机构10家，其中甲类5家、乙类2家。", [("note", False, "相差 3")]),
        ("甲类5家、乙类9家、丙类2家，共16家。", [("note", True, "5 + 9 + 2 = 16")]),
        ("甲类5家、乙类9家、丙类2家，共17家。", [("error", False, "相差 1")]),
        ("30+50+40=120。", [("note", True, "30 + 50 + 40 = 120")]),
        ("安排30分钟+50分钟+40分钟=120分钟。", [("note", True, "30 + 50 + 40 = 120")]),
        ("安排30分钟+50分钟+40分钟=121分钟。", [("error", False, "与所写 121 不符")]),
        # three whole shares carry 3 x 0.5 of rounding
        ("满意60%，一般30%，不满意10%。", [("note", True, "= 100%")]),
        ("满意60%，一般30%，不满意9%。", [("note", True, "= 99%")]),
        ("满意60%，一般30%，不满意8%。", [("error", False, "= 98%")]),
        ("满意60%，一般30%，不满意11%。", [("note", True, "= 101%")]),
        ("满意60%，一般30%，不满意12%。", [("error", False, "= 102%")]),
        ("由45件增加到60件，增加15件。", [("note", True, "相符")]),
        ("由45件增加到60件，增加16件。", [("error", False, "变化应为15")]),
        ("由60件减少到45件，减少25%。", [("note", True, "相符")]),
        ("由60件减少到45件，减少26%。", [("error", False, "变化应为25%")]),
        # 7 of 8 is 87.5 %: 88 and 87 are both half a point away, 89 is not; 15 points off is still an error
        ("8所中7所，占88%。", [("note", True, "7 ÷ 8 = 88%")]),
        ("8所中7所，占89%。", [("error", False, "7 ÷ 8 = 87.5%")]),
        ("8所中4所，占65%。", [("error", False, "4 ÷ 8 = 50.0%")]),
        ("8所中4所，占66%。", [("warning", False, "4 ÷ 8 = 50.0%")]),
    ],
)
def test_sum_of_a_sentence(text, expected, tmp_path):
    file = tmp_path / "sentence.txt"
    file.write_text(text, encoding="utf-8")
    found = [item for item in check(file) if item.kind == "sum"]
    assert [(item.severity, item.holds) for item in found] == [(severity, holds) for severity, holds, _ in expected]
    assert all(words in item.message for item, (_, _, words) in zip(found, expected, strict=True))
