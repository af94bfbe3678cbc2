"""Whatever is misspelt in a reference file is refused in one Chinese line with its place and the nearest known word."""

from __future__ import annotations

from pathlib import Path

import pytest

from analysis.house import UserError
from analysis.reference.rules import rules_file
from analysis.reference.vocabulary import GradeBand, Stage

RIGHT = """[rules."homework.cap"]
label = "书面作业总量"
text = "不超过规定。"
document = "甲文件"
unit = "分钟"
values = [
  { value = 0, grade_band = "lower", from = 2021-04-08 },
  { value = 60, grade_band = "middle", from = 2021-04-08 },
]

[rules."service.end"]
label = "课后服务结束时间"
text = "不早于下班时间。"
document = "乙文件"
unit = "时刻"
sure = false
values = [{ value = "17:30", from = 2021-07-24, to = 2030-01-01, district = "990101" }]
"""


def read(tmp_path: Path, text: str) -> str:
    file = tmp_path / "rules.toml"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(UserError) as told:
        rules_file(file)
    return told.value.message.removeprefix(f"“{file}”")


def test_what_is_right_is_read_with_its_types(tmp_path: Path) -> None:
    file = tmp_path / "rules.toml"
    file.write_text(RIGHT, encoding="utf-8")
    cap, end = rules_file(file).values()
    assert [(one.value, one.grade_band) for one in cap.values] == [(0.0, GradeBand.LOWER), (60.0, GradeBand.MIDDLE)]
    assert end.values[0].value == 17 * 60 + 30 and end.values[0].district == "990101" and not end.sure


@pytest.mark.parametrize(
    ("wrong", "line"),
    [
        (
            ('grade_band = "middle"', 'grade_bnad = "middle"'),
            "第8行，rules.homework.cap.values 第2条：不认识“grade_bnad”；是否应为“grade_band”？",
        ),
        (
            ('grade_band = "middle"', 'grade_band = "midle"'),
            "第8行，rules.homework.cap.values 第2条 grade_band：不能是“midle”；是否应为“middle”？"
            "可用的有：lower、middle、junior。",
        ),
        (('unit = "分钟"', 'unti = "分钟"'), "第5行，rules.homework.cap：不认识“unti”；是否应为“unit”？"),
        (("value = 60, ", ""), "第8行，rules.homework.cap.values 第2条 value：缺少这一项；请补上。"),
        (("value = 60", "value = true"), "第8行，rules.homework.cap.values 第2条 value：应为数（不加引号），读到 true；请改正。"),
        (
            ('"17:30"', '"25:30"'),
            "第17行，rules.service.end.values 第1条 value：“25:30”不是数，也不是时刻（如 \"17:30\"）；请改正。",
        ),
        (
            ("from = 2021-07-24", 'from = "2021-07-24"'),
            "第17行，rules.service.end.values 第1条 from：应为日期（如 2026-04-10，不加引号），读到 '2021-07-24'；请改正。",
        ),
        (
            ("to = 2030-01-01", "to = 2020-01-01"),
            "第17行，rules.service.end.values 第1条：to（2020-01-01）早于 from（2021-07-24）；请改正。",
        ),
        (
            ('"990101"', '"9901"'),
            "第17行，rules.service.end.values 第1条 district：“9901”的写法不对；区代码应为六位数字，请改正。",
        ),
        (("sure = false", 'sure = "no"'), "第16行，rules.service.end.sure：应为true 或 false，读到 'no'；请改正。"),
    ],
)  # fmt: skip
def test_a_slip_is_told_with_its_place(tmp_path: Path, wrong: tuple[str, str], line: str) -> None:
    assert read(tmp_path, RIGHT.replace(*wrong)) == line


def test_words_have_their_chinese_names() -> None:
    assert Stage.labels() == {"primary": "小学", "junior": "初中", "nine_year": "九年一贯制学校"}
    assert [grade for band in GradeBand for grade in band.grades] == list(range(1, 10))
