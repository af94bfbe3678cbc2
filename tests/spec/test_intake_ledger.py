"""What intake does with a ledger, told in small tables that whoever keeps one can read."""

import pytest
from handed_in import LEDGER, SCHOOL, hand_in, ledger_row, reasons, write_xlsx

from analysis.intake.reception import receive
from analysis.snapshots import Store

PLAIN = ("班级", "日期", "学科", "是否书面", "预计时长（分钟）")


def minutes(outcome):
    frame = outcome.snapshot.frame("homework")
    return dict(zip(frame["subject"], frame["minutes"], strict=True))


def workbook(tmp_path, sheets, merged=None, name="作业台账.xlsx"):
    return receive([write_xlsx(tmp_path / name, sheets, merged)], Store(tmp_path / "store"))


def test_title_and_sheet_name_give_school_term_and_grade(tmp_path):
    rows = [
        ["澄湖区第一小学2025—2026学年第二学期作业台账"],
        ["填报日期：2026年7月3日"],
        list(PLAIN),
        ["1班", "2026年3月9日", "语文", "是", 20],
    ]
    outcome = workbook(tmp_path, {"三年级": rows}, {"三年级": ["A1:E1"]})
    row = outcome.snapshot.frame("homework").iloc[0]
    assert (row["school"], row["term"], row["grade"], row["class"]) == ("2199000001", "2025-2026-2", 3, "1")


def test_two_line_header_merged_classes_subtotals_and_signature(tmp_path):
    rows = [
        ["学校", "年级", "班级", "日期", "作业内容", "", "", "过程"],
        ["", "", "", "", "学科", "书面", "时长", "公示日期"],
        ["区一小", "三年级", "1班", "2026.3.9", "语文", "是", "20", "2026.3.9"],
        ["区一小", "三年级", "", "2026.3.9", "数学", "是", "25", "2026.3.9"],
        ["小计", "", "", "", "", "", "45", ""],
        ["区一小", "三年级", "2班", "2026.3.9", "语文", "否", "/", "2026.3.9"],
        ["合计", "", "", "", "", "", "45", ""],
        ["填表人：（签字）"],
    ]
    merged = ["A1:A2", "B1:B2", "C1:C2", "D1:D2", "E1:G1", "C3:C4"]
    outcome = workbook(tmp_path, {"2025-2026学年第二学期": rows}, {"2025-2026学年第二学期": merged})
    frame = outcome.snapshot.frame("homework")
    assert list(zip(frame["class"], frame["subject"], strict=True)) == [("1", "数学"), ("1", "语文"), ("2", "语文")]
    assert outcome.sheets[0].rows_read == 3
    told = {entry["reason"]: entry["rows"] for entry in outcome.warnings}
    assert told["是小计或合计行，不作数据"] == [5, 7]
    assert told["是备注或签名行，不作数据"] == [8]


def test_headers_that_differ_by_brackets_blanks_and_width(tmp_path):
    rows = [["学　校", "学期", "年级", "班 级", "日期", "科目", "是否书面", "预计用时(分钟)"], ledger_row()]
    outcome = hand_in(tmp_path, rows)
    assert outcome.sheets[0].table == "homework"
    assert minutes(outcome) == {"语文": 20}


def test_a_header_in_hours_and_cells_in_their_own_unit(tmp_path):
    rows = [["时长（小时）" if name == "时长" else name for name in LEDGER], ledger_row(时长="0.5"),
            ledger_row(学科="数学", 时长="25分钟"), ledger_row(学科="英语", 时长="半小时")]  # fmt: skip
    assert minutes(hand_in(tmp_path, rows)) == {"语文": 30, "数学": 25, "英语": 30}


def test_one_school_under_three_names(tmp_path):
    names = ("澄湖区第一小学", "澄湖一小", "2199000001")
    rows = [list(LEDGER), *(ledger_row(学校=name, 班级=f"{n}班") for n, name in enumerate(names, start=1))]
    outcome = hand_in(tmp_path, rows)
    assert set(outcome.snapshot.frame("homework")["school"]) == {"2199000001"}
    assert len(outcome.snapshot.frame("homework")) == 3


def test_a_register_that_was_handed_in_adds_names(tmp_path):
    (tmp_path / "交来").mkdir()
    register = [["学校代码", "学校名称", "学段", "起始年级", "终止年级", "其他名称"],
                ["2199000101", "新城小学", "小学", "1", "6", "新小、城小"]]  # fmt: skip
    write_xlsx(tmp_path / "交来" / "学校名册.xlsx", {"名册": register})
    ledger = [list(LEDGER), ledger_row(学校="新小"), ledger_row(学校="老小", 学科="数学")]
    write_xlsx(tmp_path / "交来" / "台账.xlsx", {"台账": ledger})
    outcome = receive([tmp_path / "交来"], Store(tmp_path / "store"))
    assert outcome.snapshot.frame("homework")["school"].tolist() == ["2199000101"]
    assert "2199000101" in set(outcome.snapshot.frame("schools")["school"])
    assert list(reasons(outcome)) == [3]


@pytest.mark.parametrize(
    ("cells", "reason"),
    [
        ({"时长": "-20"}, "时长为负数"),
        ({"时长": "见黑板"}, "读不出分钟数"),
        ({"时长": ""}, "书面作业没有时长"),
        ({"年级": "0"}, "年级应为一至九年级"),
        ({"年级": "八年级"}, "该校没有这个年级"),
        ({"日期": "2026-02-24"}, "日期不在本学期内"),
        ({"日期": "2026-04-11"}, "不是上学日"),
        ({"学科": "奥数"}, "没有这个学科"),
        ({"学校": "望山小学"}, "学校名册中没有这所学校"),
        ({"班级": ""}, "没有填班级"),
        ({"是否书面": "也许"}, "读不出是或否"),
    ],
)
def test_a_faulty_row_is_put_aside_with_its_reason_and_the_others_are_kept(tmp_path, cells, reason):
    outcome = hand_in(tmp_path, [list(LEDGER), ledger_row(学科="数学"), ledger_row(**cells)])
    assert reason in reasons(outcome)[3]
    assert list(reasons(outcome)) == [3]
    sheet = outcome.sheets[0]
    assert (sheet.rows_read, sheet.rows_accepted, sheet.rows_quarantined) == (2, 1, 1)


def test_a_make_up_saturday_is_a_school_day(tmp_path):
    assert hand_in(tmp_path, [list(LEDGER), ledger_row(日期="2026-05-09")]).sheets[0].rows_accepted == 1


def test_the_same_row_twice_counts_once(tmp_path):
    outcome = hand_in(
        tmp_path, [list(LEDGER), ledger_row(), ledger_row(学校="区一小", 日期="2026年3月9日"), ledger_row()]
    )
    sheet = outcome.sheets[0]
    assert (sheet.rows_read, sheet.rows_accepted, sheet.duplicates) == (3, 3, 2)
    assert len(outcome.snapshot.frame("homework")) == 1


def test_two_rows_that_contradict_each_other_are_both_put_aside(tmp_path):
    outcome = hand_in(tmp_path, [list(LEDGER), ledger_row(), ledger_row(时长="30"), ledger_row(学科="数学")])
    assert set(reasons(outcome)) == {2, 3}
    assert "第 3 行" in reasons(outcome)[2][0]
    assert "时长" in reasons(outcome)[2][0]
    assert minutes(outcome) == {"数学": 20}


def test_a_ledger_without_the_written_column_counts_as_written_and_says_so(tmp_path):
    rows = [
        [name for name in LEDGER if name != "是否书面"],
        [SCHOOL, "2025-2026-2", "三", "1", "2026-03-09", "语文", "20"],
    ]
    outcome = hand_in(tmp_path, rows)
    assert outcome.snapshot.frame("homework")["written"].tolist() == [True]
    assert any("没有“是否书面”列" in entry["message"] for entry in outcome.warnings)


def test_the_term_follows_from_the_date_where_nothing_names_it(tmp_path):
    rows = [[name for name in LEDGER if name != "学期"],
            [SCHOOL, "三", "1", "2026-03-09", "语文", "是", "20"], [SCHOOL, "三", "1", "2026-02-24", "语文", "是", "20"]]  # fmt: skip
    outcome = hand_in(tmp_path, rows)
    assert outcome.snapshot.frame("homework")["term"].tolist() == ["2025-2026-2"]
    assert reasons(outcome) == {3: ["没有写明学期"]}


def test_funds_in_two_units_and_their_checks(tmp_path):
    header = ["学校", "批次", "核定金额（万元）", "拨付金额", "核定日期", "拨付日期"]
    rows = [
        ["澄湖区2025—2026学年第二学期课后服务经费"],
        header,
        ["第一小学", "第一批", "3.2", "32000", "2026-03-01", "2026-04-01"],
        ["湖滨小学", "第一批", "3.2", "3.2", "2026-03-01", "2026-04-01"],
        ["青岭小学", "第一批", "1.1", "11000", "2026-03-01", "2026-02-01"],
    ]
    outcome = hand_in(tmp_path, rows, "课后服务经费.csv")
    frame = outcome.snapshot.frame("funds")
    assert (frame["granted"].tolist(), frame["paid"].tolist()) == ([32000], [32000])
    assert reasons(outcome) == {4: ["拨付与核定相差千倍以上，像是元与万元混用"], 5: ["拨付日期早于核定日期"]}


def test_more_children_than_the_class_has_is_kept_with_a_warning(tmp_path):
    folder = tmp_path / "交来"
    folder.mkdir()
    title = ["澄湖区第一小学2025—2026学年第二学期"]
    write_xlsx(folder / "在校学生.xlsx", {"学生": [title, ["年级", "班级", "学生数"], ["三", "1", 30]]})
    daily = [title, ["年级", "班级", "日期", "应参加人数", "实际参加人数"], ["三", "1", "2026-03-09", 33, 31]]
    write_xlsx(folder / "日报.xlsx", {"日报": daily})
    outcome = receive([folder], Store(tmp_path / "store"))
    assert outcome.quarantined == 0
    assert any("应参加人数多于该班在校学生数" in entry["reason"] for entry in outcome.warnings)


def test_a_check_that_needs_an_absent_table_is_said_not_to_have_been_made(tmp_path):
    rows = [["学校", "学期", "课程", "星期", "领域", "容量", "报名人数", "提供方"],
            [SCHOOL, "2025-2026-2", "合唱", "周二", "美", "20", "18", "T01"]]  # fmt: skip
    outcome = hand_in(tmp_path, rows, "课程菜单.csv")
    assert any("没有提供方" in entry["message"] and "未核对" in entry["message"] for entry in outcome.warnings)


def test_a_new_table_needs_nothing_but_its_entry_in_the_dictionary(tmp_path, monkeypatch):
    """A table nobody has programmed: declared in the dictionary, it is recognised, typed, checked and stored."""
    from analysis.house import path
    from analysis.intake import dictionary

    entry = """
[[table]]
name = "canteen"
label = "食堂用餐"
key = ["term", "school", "meal"]
columns = [{ name = "term" }, { name = "school" }, { name = "meal", label = "餐次", type = "text" },
           { name = "diners", label = "用餐人数", type = "integer", min = 0, required = true }]
checks = [{ id = "within", columns = ["diners"], needs = ["enrolment"], reason = "用餐人数多于学生数", remedy = "请核对",
            test = "diners <= (select sum(pupils) from enrolment e where e.school = this.school)" }]
"""
    entry = entry.replace('核对",\n            test', '核对", test')
    file = tmp_path / "tables.toml"
    file.write_text(path("data", "reference", "tables.toml").read_text(encoding="utf-8") + entry, encoding="utf-8")
    known = dictionary.read(file)
    monkeypatch.setattr(dictionary, "read", lambda: known)
    folder = tmp_path / "交来"
    folder.mkdir()
    title = ["2025—2026学年第二学期"]
    write_xlsx(
        folder / "用餐.xlsx",
        {"用餐": [title, ["学校", "餐次", "用餐人数"], [SCHOOL, "午餐", 20], [SCHOOL, "晚餐", 400]]},
    )
    write_xlsx(folder / "学生.xlsx", {"学生": [title, ["学校", "年级", "班级", "学生数"], [SCHOOL, "三", "1", 30]]})
    outcome = receive([folder], Store(tmp_path / "store"))
    assert outcome.snapshot.frame("canteen")[["meal", "diners"]].values.tolist() == [["午餐", 20]]
    assert reasons(outcome) == {4: ["用餐人数多于学生数"]}
