"""A row that is put aside leaves behind what is known of its key: a figure can say what it lacks."""

import datetime as dt

import pandas as pd
import pytest
from handed_in import BAD, LEDGER, csv_bytes, hand_in, ledger_row, mend

from analysis.intake.reception import receive
from analysis.snapshots import Store
from analysis.snapshots.snapshot import REFUSED
from analysis.snapshots.verification import verify

FIRST = {"table": "homework", "term": "2025-2026-2", "school": "2199000001", "grade": 3, "class": "1"}


def refused(outcome):
    """Return the lines without what is missing, dates as dates, in a fixed order."""
    lines = []
    for line in outcome.snapshot.refused().to_dict("records"):
        line = {name: value for name, value in line.items() if not pd.isna(value)}
        if "date" in line:
            line["date"] = line["date"].date()
        lines.append(line)
    return sorted(lines, key=str)


def test_what_is_known_of_each_row_and_how_many_share_it(tmp_path):
    day = dt.date(2026, 3, 9)
    outcome = hand_in(tmp_path, BAD)
    assert refused(outcome) == sorted(
        [
            {**FIRST, "date": day, "subject": "数学", "rows": 1},
            {**FIRST, "subject": "英语", "rows": 1},  # 11 April is no school day: whose row it is is not known
            {**FIRST, "date": day, "subject": "科学", "rows": 2},  # two rows in conflict
        ],
        key=str,
    )
    assert tuple(outcome.snapshot.refused().columns) == REFUSED
    assert verify(Store(tmp_path / "store"), outcome.snapshot) == []


@pytest.mark.parametrize(
    ("spoilt", "missing"),
    [
        ({"时长": "很久"}, set()),
        ({"时长": "-5", "是否书面": "也许"}, set()),
        ({"学科": "奥数"}, {"subject"}),
        ({"年级": "十二年级"}, {"grade"}),
        ({"年级": "八年级"}, {"grade"}),  # the school has no such grade
        ({"日期": "3月"}, {"date"}),
        ({"日期": "3月", "时长": ""}, {"date"}),
        ({"学校": "望山小学"}, {"school"}),
        ({"学期": "？", "学校": "望山小学"}, {"term", "school"}),
    ],
)
def test_cells_that_are_good_are_kept_when_another_is_bad(tmp_path, spoilt, missing):
    outcome = hand_in(tmp_path, [list(LEDGER), ledger_row(**spoilt)], name="台账.csv")
    whole = {**FIRST, "date": dt.date(2026, 3, 9), "subject": "语文", "rows": 1}
    assert refused(outcome) == [{name: value for name, value in whole.items() if name not in missing}]


def test_title_and_file_name_tell_what_a_bad_cell_does_not(tmp_path):
    rows = [
        ["澄湖区第一小学三年级作业台账", *[""] * 7],
        list(LEDGER),
        ledger_row(学校="望山小学", 年级="？", 日期="？"),
    ]
    assert refused(hand_in(tmp_path, rows)) == [
        {"table": "homework", "term": "2025-2026-2", "school": "2199000001", "grade": 3, "class": "1",
         "subject": "语文", "rows": 1}
    ]  # fmt: skip


def test_another_date_column_does_not_take_the_date_away(tmp_path):
    header = [*LEDGER, "批改反馈日期"]
    outcome = hand_in(tmp_path, [header, [*ledger_row(), "2026-03-01"], [*ledger_row(学科="数学"), "明天"]])
    assert [line["date"] for line in refused(outcome)] == [dt.date(2026, 3, 9)] * 2


def test_a_pupil_is_known_by_a_hash_only(tmp_path):
    rows = [
        ["学校", "学期", "年级", "班级", "日期", "学籍辅号", "到"],
        ["第一小学", "2025-2026-2", "一年级", "1班", "2026-03-09", "G2026001", "看情况"],
    ]
    (line,) = refused(hand_in(tmp_path, rows, name="课后服务考勤.csv"))
    assert line["pupil"].startswith("p")
    assert "G2026001" not in str(line)
    assert (line["table"], line["date"]) == ("attendance", dt.date(2026, 3, 9))


def test_mending_takes_rows_out_and_the_parents_others_stay(tmp_path):
    first = hand_in(tmp_path, BAD)
    store = Store(tmp_path / "store")
    mended = mend(first, tmp_path / "待更正.xlsx", {("数学", "=1+1"): {"时长": "20"}})
    second = receive([mended], store, onto=first.snapshot.id)
    assert [line["subject"] for line in refused(second)] == ["科学", "英语"]
    by_key = tmp_path / "更正.csv"
    by_key.write_bytes(csv_bytes([list(LEDGER), ledger_row(学科="科学")]))
    third = receive([by_key], store, onto=second.snapshot.id)
    assert [line["subject"] for line in refused(third)] == ["英语"]


def test_a_snapshot_with_nothing_put_aside_has_none(tmp_path):
    outcome = hand_in(tmp_path, [list(LEDGER), ledger_row()])
    assert "refused" not in outcome.snapshot.tables
    assert outcome.snapshot.refused().empty


def test_a_school_reads_its_own(tmp_path):
    rows = [list(LEDGER), ledger_row(时长="？"), ledger_row(学校="湖滨小学", 时长="？"), ledger_row(学校="？")]
    snapshot = hand_in(tmp_path, rows).snapshot
    assert snapshot.frame("refused", school="2199000002")["school"].tolist() == ["2199000002"]
    assert len(snapshot.refused()) == 3


def test_a_corrected_file_of_the_same_name_takes_out_the_row_in_its_place(tmp_path):
    bad = [
        list(LEDGER),
        ledger_row(日期="三月某日"),
        ledger_row(学科="数学", 学校="？"),
        ledger_row(学科="英语", 班级="？"),
    ]
    first = hand_in(tmp_path, bad)
    assert len(refused(first)) == 3
    good = [list(LEDGER), ledger_row(), ledger_row(学科="数学", 学校="？"), ledger_row(学科="科学")]
    second = hand_in(tmp_path, good, onto=first.snapshot.id)
    # The first row is mended, the second still wrong; in the third place stands another row than before.
    assert [line["subject"] for line in refused(second)] == ["数学", "英语"]
    assert len(second.snapshot.quarantine()) == 2


def test_a_day_that_is_not_of_the_rows_own_term_leaves_both_open(tmp_path):
    """Else a heavy day's rows could be sent to a term that nobody looks at. Where all rows name one term, it is that."""
    other = ledger_row(学科="数学", 学期="2025-2026-1")
    left = {name: value for name, value in FIRST.items() if name != "term"}
    assert refused(hand_in(tmp_path / "1", [list(LEDGER), ledger_row(), other])) == [
        {**left, "subject": "数学", "rows": 1}
    ]
    assert refused(hand_in(tmp_path / "2", [list(LEDGER), other])) == [
        {**FIRST, "term": "2025-2026-1", "subject": "数学", "rows": 1}
    ]


def test_a_class_that_five_rows_tell_of_may_be_one_that_the_enrolment_lacks(tmp_path):
    """Four are slips: then it is not known which class they are of."""
    enrolled = tmp_path / "在校学生.csv"
    enrolled.write_bytes(csv_bytes([["学校", "学期", "年级", "班级", "学生数"], [*ledger_row()[:4], "40"]]))
    days = ["2026-03-09", "2026-03-10", "2026-03-11", "2026-03-12", "2026-03-13"]
    for number in (4, 5):
        ledger = tmp_path / "作业台账.csv"
        rows = [ledger_row(日期=day, 公示日期="", 批改反馈日期="", 班级="7班") for day in days[:number]]
        ledger.write_bytes(csv_bytes([list(LEDGER), ledger_row(), *rows]))
        outcome = receive([enrolled, ledger], Store(tmp_path / str(number)))
        assert [row.get("class") for row in refused(outcome)] == [{4: None, 5: "7"}[number]] * number
        assert any("三年级7班在作业台账中有记录" in entry["message"] for entry in outcome.warnings) == (number == 5)


@pytest.mark.parametrize("name", ["99班", "见黑板"])
def test_a_class_that_is_not_enrolled_is_no_class_of_its_own(tmp_path, name):
    """Else a day's homework could be put on a class that nobody looks at, and the true class-day would be lighter."""
    enrolled = tmp_path / "在校学生.csv"
    enrolled.write_bytes(csv_bytes([["学校", "学期", "年级", "班级", "学生数"], [*ledger_row()[:4], "40"]]))
    ledger = tmp_path / "作业台账.csv"
    ledger.write_bytes(
        csv_bytes([list(LEDGER), ledger_row(), ledger_row(学科="数学", 班级=name), ledger_row(年级="四年级")])
    )
    outcome = receive([enrolled, ledger], Store(tmp_path / "store"))
    day = dt.date(2026, 3, 9)
    known = {name: value for name, value in FIRST.items() if name != "class"}
    assert refused(outcome) == [{**known, "date": day, "subject": "数学", "rows": 1}]
    assert list(outcome.snapshot.quarantine()["reason"]) == ["在校学生表中没有这个班"]
