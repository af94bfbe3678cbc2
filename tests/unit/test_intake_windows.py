"""A date that its table cannot hold is put aside: nothing leaves a figure because a year was mistyped."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from handed_in import hand_in, reasons

from analysis.house import UserError
from analysis.indicators import Study
from analysis.intake import dictionary, windows
from analysis.intake.dictionary_command import page
from analysis.snapshots import Store

TERM, SCHOOL = "2025-2026-2", "澄湖区第一小学"
ROWS: dict[str, dict[str, str]] = {
    "homework": {"学期": TERM, "学校": SCHOOL, "年级": "三年级", "班级": "1班", "日期": "2026-03-09", "学科": "语文", "是否书面": "是",
                 "时长": "20", "公示日期": "2026-03-09", "批改反馈日期": "2026-03-10"},
    "homework_control": {"学期": TERM, "学校": SCHOOL, "管理环节": "总量控制", "落实日期": "2026-03-09"},
    "attendance": {"学期": TERM, "学校": SCHOOL, "年级": "三年级", "班级": "1班", "日期": "2026-03-09", "学籍辅号": "G2026001", "到": "是"},
    "service_daily": {"学期": TERM, "学校": SCHOOL, "年级": "三年级", "班级": "1班", "日期": "2026-03-09", "应参加人数": "40", "实际参加人数": "30"},
    "providers": {"提供方编号": "T01", "名称": "甲", "资质起": "2025-01-01", "资质止": "2027-12-31"},
    "plans": {"学期": TERM, "学校": SCHOOL, "方案种类": "服务方案", "版本": "1", "提交日期": "2026-03-09"},
    "funds": {"学期": TERM, "学校": SCHOOL, "批次": "第一批", "申请金额": "10", "核定金额": "10", "拨付金额": "10", "应付日期": "2026-04-30",
              "核定日期": "2026-03-30", "拨付日期": "2026-04-20"},
    "relief": {"学期": TERM, "学校": SCHOOL, "措施": "云教研", "实施日期": "2026-03-09", "涉及教师数": "9"},
    "platform": {"学期": TERM, "学校": SCHOOL, "期间": "2026-03", "填报项": "台账班级日数", "填报截止": "2026-04-05",
                 "上报时间": "2026-04-02 13:44", "上报值": "9"},
    "supervision": {"编号": "督〔2026〕1号", "发出日期": "2026-03-09", "方式": "函询", "对象": "甲", "整改期限": "2026-03-24", "办结日期": "2026-03-20"},
    "outreach": {"学期": TERM, "学校": SCHOOL, "渠道": "公众号", "日期": "2026-03-09", "覆盖户数": "9"},
    "institutions": {"机构编号": "M01", "机构名称": "甲", "类别": "非学科", "主管部门": "区体育局", "状态": "正常", "起": "2020-05-06", "止": "2026-03-31"},
    "notices": {"机构编号": "M01", "文书种类": "停训通知", "送达日期": "2021-09-06"},
    "lists": {"机构编号": "M01", "名单": "白名单", "列入日期": "2026-01-15", "移出日期": "2026-05-20"},
    "inspections": {"轮次": "第1轮", "机构编号": "M01", "检查日期": "2026-03-18", "检查结果": "限期整改", "整改期限": "2026-04-08",
                    "整改完成日期": "2026-04-01", "公示日期": "2026-04-03"},
    "deposits": {"机构编号": "M01", "档次": "一档", "应缴金额": "100000", "账户余额": "100000", "三方协议日期": "2020-04-24", "开办日期": "2020-05-06"},
    "contracts": {"合同编号": "K1", "机构编号": "M01", "签订日期": "2026-03-19", "金额": "900", "课时": "17", "起": "2026-03-23", "止": "2026-04-26"},
}  # fmt: skip
OLD = {("institutions", "起"), ("deposits", "开办日期")}
"""What may have been in 2011."""
KEYS = {
    "relief": "措施",
    "supervision": "编号",
    "inspections": "轮次",
    "institutions": "机构编号",
    "providers": "提供方编号",
}
"""What tells a row from the good one, where the order of two dates is checked after repeats."""
TIMES = {("platform", "reported_at")}
KNOWN = dictionary.read()


def _dates() -> list[tuple[str, str]]:
    """Return every date of every table that a row may tell, by table and the header used here."""
    found = []
    for table in KNOWN.tables:
        for column in table.columns:
            if (column.type == "date" or (table.name, column.name) in TIMES) and not table.survey:
                (header,) = [word for word in ROWS[table.name] if word in (column.label, *column.aliases)]
                found.append((table.name, header))
    return found


def _put_aside(folder: Path, name: str, *others: dict[str, str]) -> list[bool]:
    """Hand in a row of a table, and the same with some cells replaced; tell which are put aside."""
    rows = [{header: other.get(header, cell) for header, cell in ROWS[name].items()} for other in others]
    outcome = hand_in(
        folder, [list(ROWS[name]), *(list(row.values()) for row in rows)], f"{KNOWN.table(name).names[0]}.csv"
    )
    found = reasons(outcome)
    return [number in found for number in range(2, len(rows) + 2)]


@pytest.mark.parametrize("name", ROWS)
def test_a_mistyped_year_is_put_aside_and_a_good_row_is_not(tmp_path: Path, name: str) -> None:
    mine = [header for table, header in _dates() if table == name]
    spoilt = [{header: year + ROWS[name][header][4:]} for header in mine for year in ("2011", "2062")]
    spoilt = [
        cell for cell in spoilt if not any((name, header) in OLD and day < "2012" for header, day in cell.items())
    ]
    of_their_own = KEYS.get(name)
    spoilt = [{**cell, of_their_own: f"甲{n}"} if of_their_own else cell for n, cell in enumerate(spoilt)]
    assert mine
    assert _put_aside(tmp_path, name, {}, *spoilt) == [False, *([True] * len(spoilt))]


@pytest.mark.parametrize(("name", "header"), sorted(OLD))
def test_what_may_be_as_old_is_taken_in(tmp_path: Path, name: str, header: str) -> None:
    assert _put_aside(tmp_path, name, {header: "2011-05-06"}) == [False]


@pytest.mark.parametrize(
    ("name", "headers"),
    [("supervision", ["发出日期"]), ("inspections", ["检查日期"]), ("contracts", ["签订日期"]), ("plans", ["提交日期"]),
     ("funds", ["应付日期", "核定日期", "拨付日期"]), ("lists", ["移出日期"]), ("platform", ["填报截止", "上报时间"]), ("homework", ["公示日期"])],
)  # fmt: skip
def test_a_year_mistyped_by_one_is_put_aside(tmp_path: Path, name: str, headers: list[str]) -> None:
    early = [{header: f"{int(ROWS[name][header][:4]) - 1}{ROWS[name][header][4:]}"} for header in headers]
    assert _put_aside(tmp_path, name, *early) == [True] * len(headers)


@pytest.mark.parametrize(
    ("day", "said"),
    [("2025-09-01", "应在 2025-09-02 至"), ("2025-09-02", ""), ("2026-07-01", ""), ("2027-01-04", "至 2026-")],
)
def test_a_sheet_whose_title_names_a_term_holds_half_a_year_around_it(tmp_path: Path, day: str, said: str) -> None:
    """The term is that of 2 March to 3 July 2026."""
    row = {**ROWS["supervision"], "发出日期": day, "整改期限": "", "办结日期": "", "编号": "1"}
    rows = [["2025—2026学年第二学期督查台账", *[""] * 5], list(row), list(row.values())]
    found = reasons(hand_in(tmp_path, rows, "督查台账.csv")).get(3, [])
    assert [said in each for each in found] == ([True] if said else [])


def test_a_year_that_is_not_that_of_the_number_or_the_round_is_put_aside(tmp_path: Path) -> None:
    """No deadline or day of publication beside it tells that 2025 is wrong."""
    alone = {"整改期限": "", "办结日期": ""}
    days = [
        {**alone, "编号": f"督〔2026〕{n}号", "发出日期": day} for n, day in enumerate(("2025-12-31", "2026-01-01"))
    ]
    assert _put_aside(tmp_path / "1", "supervision", *days) == [True, False]
    alone |= {"整改完成日期": "", "公示日期": "", "检查结果": "合格"}
    days = [{**alone, "轮次": f"2026-0{n}第1轮", "检查日期": day} for n, day in enumerate(("2025-12-31", "2026-01-01"))]
    assert _put_aside(tmp_path / "2", "inspections", *days) == [True, False]


@pytest.mark.parametrize("name", [name for name in ROWS if "学期" in ROWS[name]])
def test_a_term_that_is_not_declared_is_put_aside(tmp_path: Path, name: str) -> None:
    assert _put_aside(tmp_path, name, {}, {"学期": "2062-2063-2"}) == [False, True]


def test_a_term_that_is_not_that_of_the_title_is_put_aside_and_is_unknown_in_both(tmp_path: Path) -> None:
    """Else a batch that was never paid could be sent to a term that nobody looks at."""
    row = {**ROWS["funds"], "学期": "2025-2026-1"}
    rows = [["2025—2026学年第二学期课后服务经费", *[""] * 8], list(row), list(row.values())]
    outcome = hand_in(tmp_path, rows, "课后服务经费.csv")
    assert reasons(outcome) == {3: ["与标题所写的学期（2025-2026-2）不同"]}
    assert outcome.snapshot.refused()["term"].tolist() == [TERM]


def test_the_message_says_between_which_days(tmp_path: Path) -> None:
    row = {**ROWS["supervision"], "整改期限": "2062-03-24"}
    outcome = hand_in(tmp_path, [list(row), list(row.values())], "督查台账.csv")
    (line,) = outcome.snapshot.quarantine().to_dict("records")
    assert (line["file"], line["row"], line["column"], line["value"]) == ("督查台账.csv", 2, "整改期限", "2062-03-24")
    assert line["reason"] == "应在 2026-03-09 至 2027-03-09 之间"
    assert line["suggestion"] == "请核对年、月、日，并与“日期”对照"


def test_the_other_date_of_a_row_is_not_blamed_for_a_wrong_one(tmp_path: Path) -> None:
    row = {**ROWS["supervision"], "发出日期": "2011-03-09"}
    outcome = hand_in(tmp_path, [list(row), list(row.values())], "督查台账.csv")
    assert list(outcome.snapshot.quarantine()["column"]) == ["日期"]


def test_a_closing_day_of_2062_leaves_the_action_unknown(tmp_path: Path) -> None:
    """Of three actions one is closed and one open; the third may be either: 1 of 3 at the least, 2 of 3 at the most."""
    rows = [{**ROWS["supervision"], "编号": str(n)} for n in range(3)]
    rows[1]["办结日期"], rows[2]["发出日期"] = "", "2062-03-09"
    hand_in(tmp_path, [list(rows[0]), *(list(row.values()) for row in rows)], "督查台账.csv")
    study = Study(district="990101", term=TERM, as_of="2026-07-20", store=Store(tmp_path / "store"))
    closed = study.measure("supervision.closed")
    assert (closed.numerator, closed.denominator, closed.unknown) == (1, 2, 1)
    assert closed.bounds == pytest.approx((1 / 3, 2 / 3))


TERMS = [("1", date(2025, 9, 1), date(2026, 1, 23)), ("2", date(2026, 3, 2), date(2026, 7, 3))]


@pytest.mark.parametrize(
    ("told", "today", "day"),
    [
        ({"1"}, date(2025, 12, 1), date(2026, 3, 1)),  # the day before the next term
        ({"1"}, date(2026, 5, 1), date(2026, 5, 1)),
        ({"1", "2"}, date(2026, 5, 1), date(2026, 9, 3)),  # no later term is declared: two months of holidays
        (set(), date(2026, 5, 1), date(2026, 9, 3)),
    ],
)
def test_the_day_of_the_hand_in(told: set[str], today: date, day: date) -> None:
    assert windows.handed_in(told, TERMS, today) == day
    assert windows.handed_in(told, [], today) == today


def test_bounds_without_a_meaning_are_refused(tmp_path: Path) -> None:
    file = tmp_path / "tables.toml"
    for bound in ("term.begin", "2026-13-01", "other", "handed + 2 weeks"):
        file.write_text(
            f'version = "1"\n[[table]]\nname = "x"\nlabel = "甲"\nkey = ["a"]\n'
            f'columns = [{{ name = "a", type = "date", earliest = ["{bound}"] }}, {{ name = "other", type = "text" }}]\n',
            encoding="utf-8",
        )
        with pytest.raises(UserError, match=f"看不懂时间界限“{bound[:6]}"):
            dictionary.read(file)


def test_the_page_of_the_dictionary_tells_the_windows() -> None:
    told = page(KNOWN, ())
    assert "不早于2021-07-24、学期首日前6个月；不晚于学期末日后6个月、报送之日" in told
    assert "不早于“日期”；不晚于“日期”后1年" in told
