"""Sheets whose header cannot be trusted are put aside with the true reason: nothing is dropped or misread in silence."""

import pytest
from handed_in import LEDGER, hand_in, ledger_row, reasons, write_xlsx

from analysis.intake.layouts import spoken
from analysis.intake.reception import receive
from analysis.snapshots import Store

FUNDS = ["学校", "学期", "批次", "申请金额", "核定金额", "拨付金额"]
PAID = ["第一小学", "2025-2026-2", "第一批", "30000", "32000", "32000"]


def one(outcome, row):
    """Return the one reason for which a row was put aside."""
    (reason,) = reasons(outcome)[row]
    return reason


def test_two_columns_of_one_name_put_the_sheet_aside(tmp_path):
    outcome = hand_in(tmp_path, [[*LEDGER, "时长"], [*ledger_row(), "20"], [*ledger_row(学科="数学"), "60"]])
    assert outcome.sheets[0].rows_quarantined == 2
    assert one(outcome, 3) == "H 列与 I 列都是“时长”而内容不同，不知以哪一列为准"


@pytest.mark.parametrize("other", [["20", "20"], ["", ""]])
def test_two_columns_of_one_name_that_agree_do_not(tmp_path, other):
    rows = [[*LEDGER, "时长"], [*ledger_row(), other[0]], [*ledger_row(学科="数学"), other[1]]]
    assert hand_in(tmp_path, rows).sheets[0].rows_accepted == 2


def test_one_name_with_two_units_is_one_name(tmp_path):
    header = [*(("时长（分钟）" if name == "时长" else name) for name in LEDGER), "时长（小时）"]
    assert "都是“时长”" in one(hand_in(tmp_path, [header, [*ledger_row(), "0.5"]]), 2)


def test_two_other_names_for_one_measure_put_the_sheet_aside_too(tmp_path):
    names = ["预计时长" if name == "时长" else name for name in LEDGER]
    outcome = hand_in(tmp_path, [[*names, "完成时间"], [*ledger_row(), "80"]])
    assert one(outcome, 2) == "H 列“预计时长”与 I 列“完成时间”都是“时长”而内容不同，不知以哪一列为准"


def test_beside_the_label_itself_another_name_is_passed_over_and_told(tmp_path):
    outcome = hand_in(tmp_path, [[*LEDGER, "预计时长"], [*ledger_row(), "80"]])
    assert outcome.snapshot.frame("homework")["minutes"].tolist() == [20]
    assert any(entry["column"] == "预计时长" and "没有读入本列" in entry["reason"] for entry in outcome.warnings)


def test_two_tables_side_by_side(tmp_path):
    header = [*LEDGER, "", *LEDGER]
    outcome = hand_in(tmp_path, [header, [*ledger_row(), "", *ledger_row(年级="四年级", 学科="数学", 时长="80")]])
    assert outcome.sheets[0].rows_accepted == 0
    assert one(outcome, 2).startswith("像是左右并排的两张表（C 列与 L 列都是“年级”、F 列与 O 列都是“学科”")
    (line,) = outcome.snapshot.refused().to_dict("records")
    assert (line["school"], line["class"]) == ("2199000001", "1")
    assert line["grade"] != line["grade"]  # two grades stand in the row: neither is known to be its own


@pytest.mark.parametrize("header", ["已拨付金额", "拔付金额", "实际拨付金额（元）", "本期拨付"])
def test_a_measure_under_a_name_like_a_known_one_is_not_lost(tmp_path, header):
    outcome = hand_in(tmp_path, [[*FUNDS[:-1], header], PAID], "课后服务经费.csv")
    assert outcome.sheets[0].rows_accepted == 0
    assert f"“{header}”列像是“拨付金额”" in one(outcome, 2)


def test_other_columns_under_such_a_name_are_told(tmp_path):
    rows = [[*LEDGER, "作业公示日期情况", "备注", "时长说明"], [*ledger_row(), "已公示", "", "约20分钟"]]
    outcome = hand_in(tmp_path, rows)
    assert outcome.sheets[0].rows_accepted == 1
    told = [entry for entry in outcome.warnings if "没有这个写法" in entry["reason"]]
    assert [(entry["column"], "公示日期" in entry["reason"]) for entry in told] == [("作业公示日期情况", True)]


def test_a_second_header_of_another_order_ends_the_table(tmp_path):
    daily = ["学校", "学期", "年级", "班级", "日期", "应参加人数", "实际参加人数"]
    row = ["第一小学", "2025-2026-2", "三年级", "1班", "2026-03-09", "40", "30"]
    swapped = [*daily[:5], "实际参加人数", "应参加人数"]
    outcome = hand_in(tmp_path, [daily, row, swapped, [*row[:4], "2026-03-10", "30", "40"]], "日报.csv")
    assert outcome.sheets[0].rows_accepted == 1
    assert "第 3 行又是一个表头，与上面的不同，其下各行属于另一张表" in reasons(outcome)[4]


def test_a_second_table_under_a_title_of_its_own(tmp_path):
    header = ["班级", "日期", "学科", "时长"]
    title = "第一小学2025-2026学年第二学期{}年级作业台账"
    rows = [
        [title.format("三"), "", "", ""],
        header,
        ["1班", "2026-03-09", "语文", "20"],
        ["", "", "", ""],
        [title.format("四"), "", "", ""],
        header,
        ["1班", "2026-03-09", "语文", "60"],
    ]
    outcome = receive([write_xlsx(tmp_path / "作业台账.xlsx", {"台账": rows})], Store(tmp_path / "store"))
    assert outcome.snapshot.frame("homework")[["grade", "minutes"]].values.tolist() == [[3, 20]]
    assert "其下各行属于另一张表" in reasons(outcome)[7][0]
    lines = outcome.snapshot.refused()
    assert set(lines["grade"]) == {4}
    assert set(lines["school"]) == {"2199000001"}


@pytest.mark.parametrize("header", [["班级", "日期", "学科", "时长（小时）"], ["班级", "日期", "学科", "时长（课时）"]])
def test_a_second_header_in_another_unit_ends_the_table(tmp_path, header):
    first = ["班级", "日期", "学科", "时长（分钟）"]
    rows = [
        ["第一小学三年级", "", "", ""],
        first,
        ["1班", "2026-03-09", "语文", "20"],
        header,
        ["1班", "2026-03-10", "语文", "1"],
    ]
    outcome = hand_in(tmp_path, rows)
    assert outcome.snapshot.frame("homework")["minutes"].tolist() == [20]
    assert list(reasons(outcome)) == [5]


def test_rows_below_a_title_of_another_grade_are_not_read_as_the_first(tmp_path):
    rows = [["第一小学三年级", "", "", ""], ["班级", "日期", "学科", "时长"], ["1班", "2026-03-09", "语文", "20"],
            ["四年级", "", "", ""], ["1班", "2026-03-09", "数学", "60"], ["合计", "", "", "80"]]  # fmt: skip
    outcome = hand_in(tmp_path, rows)
    assert outcome.snapshot.frame("homework")[["grade", "subject"]].values.tolist() == [[3, "语文"]]
    assert "第 4 行写着“四年级”，其下各行属于另一张表" in reasons(outcome)[5]
    assert outcome.snapshot.refused()["grade"].tolist() == [4]


def test_a_title_that_says_the_same_again_ends_nothing(tmp_path):
    rows = [["第一小学三年级", "", "", ""], ["班级", "日期", "学科", "时长"], ["1班", "2026-03-09", "语文", "20"],
            ["第一小学三年级", "", "", ""], ["班级", "日期", "学科", "时长"], ["1班", "2026-03-09", "数学", "60"]]  # fmt: skip
    outcome = hand_in(tmp_path, rows)
    assert (outcome.sheets[0].rows_accepted, outcome.quarantined) == (2, 0)


def test_a_row_with_its_number_only_is_no_data(tmp_path):
    rows = [
        ["序号", *LEDGER],
        ["1", *ledger_row()],
        ["2", *[""] * len(LEDGER)],
        ["3", "", "", "", "", "", "", "", "20"],
    ]
    outcome = hand_in(tmp_path, rows)
    assert (outcome.sheets[0].rows_read, outcome.quarantined) == (2, 1)
    assert any(
        entry["reason"] == "是没有填表中各列的行，不作数据" and entry["rows"] == [3] for entry in outcome.warnings
    )


def test_a_header_repeated_on_each_page_is_no_second_table(tmp_path):
    rows = [list(LEDGER), ledger_row(), list(LEDGER), ledger_row(学科="数学")]
    outcome = hand_in(tmp_path, rows)
    assert (outcome.sheets[0].rows_accepted, outcome.sheets[0].rows_quarantined) == (2, 0)


def test_a_number_that_is_none_is_a_fault_of_its_cell(tmp_path):
    outcome = hand_in(tmp_path, [list(LEDGER), ledger_row(时长="e5"), ledger_row(学科="数学")])
    assert one(outcome, 2) == "读不出分钟数"
    assert outcome.sheets[0].rows_accepted == 1


FORMS = {
    "一科一列": ("三年级", [["湖滨小学三年级作业统计表"], ["日期", "班级", "语文", "数学"], ["2026-03-02", "1班", 15, 20]],
             "像是“作业台账”，但缺少“学科”列"),
    "一日一列": ("四1班", [["四年级1班 书面作业时长（分钟）"], ["学科", "3月2日", "3月3日"], ["语文", 10, 20]], "像是“作业台账”"),
    "点名表": ("二年级1班", [["湖滨小学课后服务考勤表 2026年3月"], ["序号", "姓名", "2日", "3日"], [1, "甲某", "√", "×"]],
            "像是“课后服务考勤”，但缺少"),
    "一周一行": ("Sheet", [["学校", "年级", "班级", "周次", "平均每天书面作业时长"], ["第一小学", "三年级", "1", "第1周", "35分钟"]],
             "像是“作业台账”，但缺少“日期”、“学科”列"),
}  # fmt: skip


@pytest.mark.parametrize("form", FORMS)
def test_a_form_that_cannot_be_read_is_called_by_its_name(tmp_path, form):
    sheet, rows, told = FORMS[form]
    outcome = receive([write_xlsx(tmp_path / "表.xlsx", {sheet: rows})], Store(tmp_path / "store"))
    assert outcome.snapshot is None
    assert any(told in entry["reason"] and "没有读入" in entry["reason"] for entry in outcome.warnings)


@pytest.mark.parametrize(
    ("title", "grade"),
    [
        ("三年级作业台账", "3"), ("初三年级作业", "9"), ("初中二年级", "8"), ("小学三年级", "3"), ("初二作业", "8"), ("七年级", "7"),
        ("2026年3年级", "3"), ("高三年级", None), ("高一年级", None), ("一至三年级", None), ("一、二年级", None), ("1-3年级", None),
        ("三年级、四年级", None), ("五到六年级", None), ("初中", None), ("2025—2026学年第二学期三年级", "3"),
    ],
)  # fmt: skip
def test_the_grade_that_a_title_names(title, grade):
    assert spoken((title,), {}).get("grade") == grade
