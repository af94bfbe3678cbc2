"""A unit in a header, a title or a remark is applied when it is clear; otherwise the sheet is put aside."""

import pytest
from handed_in import LEDGER, hand_in, ledger_row, reasons

from analysis.intake import units


@pytest.mark.parametrize(
    ("header", "kind", "scale"),
    [
        ("时长（小时）", "minutes", 60), ("预计时长（时）", "minutes", 60), ("作业时长（以小时计）", "minutes", 60),
        ("时长(单位：小时)", "minutes", 60), ("时长/小时", "minutes", 60), ("时长:小时", "minutes", 60), ("时长：小时", "minutes", 60),
        ("时长（h）", "minutes", 60), ("时长（小时数）", "minutes", 60), ("时长-时", "minutes", 60), ("时长（分钟）", "minutes", 1),
        ("时长（分）", "minutes", 1), ("时长/min", "minutes", 1), ("时长（分钟，不含课间）", "minutes", 1), ("时长", "minutes", None),
        ("用时", "minutes", None), ("作业时长（每天）", "minutes", None), ("金额（万元）", "money", 1e4), ("金额/千元", "money", 1e3),
        ("金额（元）", "money", 1), ("金额（万）", "money", 1e4), ("金额/万", "money", 1e4), ("金额（以万元为单位）", "money", 1e4), ("金额（亿元）", "money", 1e8), ("核定金额", "money", None),
    ],
)  # fmt: skip
def test_units_of_headers(header, kind, scale):
    assert units.of_header(header, kind) == scale


@pytest.mark.parametrize(
    "header", ["时长（秒）", "时长（课时）", "时长（节）", "时长（小时或分钟）", "时长（小时）/分钟"]
)
def test_units_of_headers_that_are_unclear(header):
    with pytest.raises(units.Unclear):
        units.of_header(header, "minutes")


@pytest.mark.parametrize(
    ("texts", "kind", "scale"),
    [
        (["单位：小时"], "minutes", 60), (["时长单位：小时"], "minutes", 60), (["第一小学作业时长（小时）统计表"], "minutes", 60),
        (["注：时长单位为小时"], "minutes", 60), (["本表以小时计"], "minutes", 60), (["（单位：小时）"], "minutes", 60),
        (["单位：万元、小时"], "money", 1e4), (["金额单位：万元", "时长单位：小时"], "minutes", 60), (["单位： 万元  填表人：教务处"], "money", 1e4),
        (["单位：时光小学"], "minutes", None), (["单位：元宝小学"], "money", None), (["作业统计（周）"], "minutes", None),
        (["填报单位：第一小学"], "money", None), (["单位：分钟"], "minutes", 1), (["时间：2026年3月"], "minutes", None),
    ],
)  # fmt: skip
def test_units_of_titles(texts, kind, scale):
    assert units.of_texts(texts, kind) == scale


MONEY_ASIDE = [
    "2025年课后服务经费　万元", "本表金额单位一律为千元", "万元", "经费_万元", "经费（美元）", "单位：%", "经费（％）", "以10元计",
    "拨付万元数", "经费　万 元",
]  # fmt: skip
MINUTES_ASIDE = [
    "时长均以刻钟计", "作业时长　小时", "时长：秒", "时长（课时）", "时长单位为刻钟", "单位：课时", "时长以1小时为单位", "用时 钟头",
    "时长以百分比计",
]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "kind"), [(text, "money") for text in MONEY_ASIDE] + [(text, "minutes") for text in MINUTES_ASIDE]
)
def test_a_unit_in_a_title_that_is_not_stated_as_one_or_is_no_such_unit_is_unclear(text, kind):
    with pytest.raises(units.Unclear):
        units.of_texts([text], kind)


@pytest.mark.parametrize(
    ("text", "kind", "scale"),
    [
        ("金额：万元", "money", 1e4), ("金额均为万元", "money", 1e4), ("经费按万元计", "money", 1e4), ("（单位　万元）", "money", 1e4),
        ("金额以百元计", "money", 100), ("2025年课后服务经费（元）", "money", 1), ("金额单位：人民币万元", "money", 1e4),
        ("50万元以上项目经费", "money", None), ("500万元专项经费", "money", None), ("单元作业", "money", None),
        ("时长均为小时", "minutes", 60), ("作业统计 以 小时 计", "minutes", 60), ("时长：小时", "minutes", 60),
        ("每周课时", "minutes", None), ("课后服务3小时", "minutes", None), ("两小时课后服务", "minutes", None), ("按日填报", "minutes", None),
        ("以周为单位统计", "minutes", None), ("小时候的作业", "minutes", None), ("24小时制", "minutes", None),
    ],
)  # fmt: skip
def test_a_unit_stated_without_brackets_is_applied_and_ordinary_words_are_none(text, kind, scale):
    assert units.of_texts([text], kind) == scale


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("单位：%", "%"),
        ("（百人）", "百人"),
        ("单位：万人", "万人"),
        ("以万人次计", "万人次"),
        ("学生数（人）", ""),
        ("按户计", ""),
        ("百人计划", ""),
    ],
)
def test_things_that_are_not_counted_one_by_one(text, said):
    assert units.not_single([text]) == said


@pytest.mark.parametrize(
    ("above", "below"),
    [("2026年课后服务经费　万元", ""), ("课后服务经费", "以上数额，万元"), ("课后服务经费 （万元）", "单位：元")],
)
def test_money_in_an_unclear_unit_is_put_aside(tmp_path, above, below):
    header = ["学期", "学校", "批次", "核定金额", "拨付金额"]
    rows = [[above, *[""] * 4], header, ["2025-2026-2", "第一小学", "一", "5", "5"], [below, *[""] * 4]]
    outcome = hand_in(tmp_path, rows, "课后服务经费.csv")
    assert "funds" not in outcome.snapshot.tables
    assert any("单位" in reason for reason in reasons(outcome)[3])


@pytest.mark.parametrize("unit", ["刻钟", "%"])
def test_a_line_of_other_units_below_the_header_puts_the_sheet_aside(tmp_path, unit):
    outcome = hand_in(tmp_path, [list(LEDGER), [*[""] * 7, unit], ledger_row(时长="3")])
    assert any(f"单位写作“{unit}”" in reason for reason in reasons(outcome)[3])


def test_people_in_per_cent_are_no_people(tmp_path):
    header = ["学期", "学校", "年级", "班级", "日期", "应参加人数", "实际参加人数"]
    row = ["2025-2026-2", "第一小学", "三年级", "1班", "2026-03-09", "100", "94"]
    outcome = hand_in(tmp_path, [["课后服务日报（单位：%）", *[""] * 6], header, row], "课后服务日报.csv")
    assert "单位写作“%”" in reasons(outcome)[3][0]


def test_two_units_in_the_titles_are_unclear():
    with pytest.raises(units.Unclear):
        units.of_texts(["单位：小时", "时长（分钟）"], "minutes")


@pytest.mark.parametrize(
    "header", ["时长（小时）", "预计时长（时）", "作业时长（以小时计）", "时长/小时", "时长:小时", "用时（单位：小时）"]
)
def test_hours_in_the_header_become_minutes(tmp_path, header):
    names = [header if name == "时长" else name for name in LEDGER]
    outcome = hand_in(tmp_path, [names, ledger_row(时长="0.5"), ledger_row(学科="数学", 时长="1")])
    assert outcome.snapshot.frame("homework")["minutes"].tolist() == [60, 30]


@pytest.mark.parametrize("title", ["时长单位：小时", "单位：小时", "作业时长（小时）"])
def test_hours_in_the_title_become_minutes(tmp_path, title):
    rows = [[title, *[""] * 7], list(LEDGER), ledger_row(时长="0.5"), ledger_row(学科="数学", 时长="40分钟")]
    assert hand_in(tmp_path, rows).snapshot.frame("homework")["minutes"].tolist() == [40, 30]


def test_a_unit_in_a_remark_below_counts_like_one_in_the_title(tmp_path):
    rows = [list(LEDGER), ledger_row(时长="0.5"), ["注：时长单位为小时", *[""] * 7]]
    assert hand_in(tmp_path, rows).snapshot.frame("homework")["minutes"].tolist() == [30]


@pytest.mark.parametrize("unit", ["小时", "（小时）", "单位：小时", "h"])
def test_a_line_of_units_below_the_header_counts_too(tmp_path, unit):
    rows = [list(LEDGER), [*[""] * 7, unit], ledger_row(时长="1"), ledger_row(学科="数学", 时长="0.5")]
    outcome = hand_in(tmp_path, rows)
    assert outcome.snapshot.frame("homework")["minutes"].tolist() == [30, 60]
    assert (outcome.sheets[0].rows_read, outcome.quarantined) == (2, 0)


def test_a_line_of_units_that_contradicts_the_header_puts_the_sheet_aside(tmp_path):
    names = ["时长（分钟）" if name == "时长" else name for name in LEDGER]
    outcome = hand_in(tmp_path, [names, [*[""] * 7, "小时"], ledger_row(时长="1")])
    assert "写了两种单位" in reasons(outcome)[3][0]


def test_a_unit_that_is_unclear_puts_the_sheet_aside(tmp_path):
    names = ["时长（课时）" if name == "时长" else name for name in LEDGER]
    outcome = hand_in(tmp_path, [names, ledger_row(时长="1"), ledger_row(学科="数学", 时长="2")])
    assert outcome.sheets[0].rows_quarantined == 2
    assert any("课时" in reason for reason in reasons(outcome)[2])
    assert outcome.snapshot.refused()[["school", "grade", "class", "rows"]].values.tolist() == [
        ["2199000001", 3, "1", 1],
        ["2199000001", 3, "1", 1],
    ]


@pytest.mark.parametrize("text", ["0.5", "50%", "0.0208", "0.020833333333333332"])
def test_a_fraction_is_no_number_of_minutes(tmp_path, text):
    outcome = hand_in(tmp_path, [list(LEDGER), ledger_row(时长=text), ledger_row(学科="数学", 时长="5")])
    assert list(reasons(outcome)) == ([2] if text != "0.5" else [2, 3])


def test_whole_hours_among_fractions_of_hours_are_not_taken_for_minutes(tmp_path):
    rows = [list(LEDGER), *(ledger_row(学科=name, 时长=text) for name, text in
            {"语文": "1.5", "数学": "1", "英语": "2", "科学": "40分钟", "美术": "0", "音乐": "60"}.items())]  # fmt: skip
    outcome = hand_in(tmp_path, rows)
    assert sorted(reasons(outcome)) == [2, 3, 4]
    assert "没有写明单位" in reasons(outcome)[3][0]


def test_pupils_in_hundreds_are_not_read_as_pupils(tmp_path):
    rows = [["学校", "学期", "年级", "班级", "学生数（百人）"], ["第一小学", "2025-2026-2", "三年级", "1班", "40"]]
    outcome = hand_in(tmp_path, rows, "在校学生.csv")
    assert "单位写作“百人”" in reasons(outcome)[2][0]


@pytest.mark.parametrize(
    ("wording", "scale"),
    [
        ("每天做作业多少小时？", 60),
        ("每天做作业多少分钟？", 1),
        ("每天多久（小时或分钟）？", None),
        ("每天多久？", None),
    ],
)
def test_the_unit_that_a_question_names(wording, scale):
    assert units.of_question(wording) == scale
