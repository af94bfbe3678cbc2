"""Whole small documents: how they begin, who reported, what a silent school gets, how they close."""

from dataclasses import replace
from pathlib import Path

import pytest
import small_district as small
from presentation_figures import text

from analysis.house import UserError
from analysis.indicators.comparison import compared
from analysis.presentation import (
    absence,
    all_within,
    begin,
    cause,
    close,
    every_at_least,
    judged,
    limit,
    limits,
    panels,
    peers,
    points,
    say,
    say_reporting,
    scorecard,
    table,
    tally,
    to_do,
)
from analysis.presentation.absence import owed
from analysis.presentation.edition import current
from analysis.presentation.units import units

SCHOOL_CODES = (small.NORTH, small.NINE, small.SILENT)
ROOT = Path(__file__).resolve().parents[2]
PARAMETERS = {
    "snapshot": "latest",
    "district": small.DISTRICT,
    "school": "",
    "term": small.TERM,
    "audience": "internal",
    "as_of": small.UNTIL.isoformat(),
}


@pytest.fixture(scope="module")
def house(tmp_path_factory):
    home = tmp_path_factory.mktemp("house")
    (home / "data").mkdir()
    (home / "notebooks").mkdir()
    (home / "data" / "reference").symlink_to(ROOT / "data" / "reference")
    small.store(home / "data" / "snapshots", homework=small.ledger())
    return home


@pytest.fixture(scope="module")
def full_house(tmp_path_factory):
    """Return a house where one school also sent a roll call, another the daily report."""
    home = tmp_path_factory.mktemp("full_house")
    (home / "data").mkdir()
    (home / "data" / "reference").symlink_to(ROOT / "data" / "reference")
    roll = small.attendance()
    keys = ["term", "school", "grade", "class", "date"]
    daily = roll.loc[roll["school"] == small.NINE, keys].drop_duplicates().assign(expected=30, joined=20)
    tables = {"homework": small.ledger(), "attendance": roll[roll["school"] == small.NORTH], "service_daily": daily}
    small.store(home / "data" / "snapshots", **tables)
    return home


@pytest.fixture
def full_document(full_house, monkeypatch):
    monkeypatch.setenv("SHUANGJIAN_HOME", str(full_house))

    def started(tables=("homework",), **changed):
        study = begin("作业报告", tables=tables, **(PARAMETERS | changed))
        return study, current()

    return started


@pytest.fixture
def document(house, monkeypatch):
    monkeypatch.setenv("SHUANGJIAN_HOME", str(house))

    def started(**changed):
        study = begin("作业报告", tables=("homework",), **(PARAMETERS | changed))
        return study, current()

    return started


def kinds(edition):
    return [made["kind"] for made in edition.objects]


def paragraphs(edition):
    return [text(made) for made in edition.objects if made["kind"] == "paragraph"]


def test_a_document_tells_its_scope_its_snapshot_and_that_it_is_simulated(document):
    study, edition = document()
    made = edition.objects[0]
    assert kinds(edition) == ["document"]
    assert (made["class"], made["language"], made["date"]) == ("report", "zh-CN", PARAMETERS["as_of"])
    assert made["snapshot"] == study.snapshot.id and made["slice"] == study.snapshot.slice(("homework",))
    assert made["simulated"] and "模拟" in made["mark"]


def test_a_school_that_reported_nothing_gets_a_page_that_says_so_and_nothing_after_it(document):
    study, edition = document(school=small.SILENT)
    assert edition.objects[0]["class"] == "page"
    assert kinds(edition)[-1] == "end"
    told = "".join(paragraphs(edition))
    assert "模拟未报小学" in told and "没有报送作业台账" in told and "快照" in told
    (expected,) = [made for made in edition.objects if made["kind"] == "table"]
    assert [cell["text"] for cell in expected["rows"][0]["cells"]][:2] == ["作业台账", "模拟未报小学"]
    before = len(edition.objects)
    share = study.measure("homework.within_cap")
    by_school = study.measure("homework.within_cap", by="school")
    say("{share}{share.interval}{top.group}", share=share, top=by_school.highest())
    points("nothing", by_school, reference=share)
    table("nothing", "无", {"达标率": by_school})
    scorecard("nothing", "无", [all_within(share)])
    say_reporting(study, ("homework",))
    close(study)
    assert len(edition.objects) == before


def test_a_school_that_reported_nothing_reads_of_all_that_it_owes_and_of_no_more(full_document):
    _, edition = full_document(school=small.SILENT)
    (expected,) = [made for made in edition.objects if made["kind"] == "table"]
    assert [row["cells"][0]["text"] for row in expected["rows"]] == ["作业台账", "课后服务考勤", "课后服务日报"]
    told = "".join(paragraphs(edition))
    assert "请在2026年4月17日前报送至" in told and "联系人" in told and "表样" in told


def test_a_school_that_reported_nothing_reads_which_figures_of_the_district_hold_it(full_document):
    _, edition = full_document(school=small.SILENT)
    told = "".join(paragraphs(edition))
    assert "在此之前，区级的占比、平均与合计不含该单位" in told  # a ledger waits for the school's rows
    assert "不含该单位，各项基数" not in told


def test_a_figure_that_counts_a_silent_school_is_named(full_document, monkeypatch):
    study, _ = full_document(school=small.SILENT)
    counted = replace(study.measure("homework.within_cap"), label="一校两案齐备率", denominator=1, numerator=0)
    counted = replace(counted, estimate=replace(counted.estimate, value=0.0, status="ok"))
    monkeypatch.setattr(absence, "_counted_all_the_same", lambda study, lacks: [counted])
    _, edition = full_document(school=small.SILENT)
    told = "".join(paragraphs(edition))
    assert "区级的一校两案齐备率按应报单位计算，含该单位，没有报送即计为没有；其余区级的占比" in told


def test_each_claim_that_fails_has_a_row_and_its_units_have_names(full_document, monkeypatch):
    study, edition = full_document()
    share = study.measure("homework.within_cap")
    claims = [all_within(share, "天天不超规定"), study.measure("homework.feedback_lag")]
    to_do(study, claims=claims, schools=False)
    rows = [[cell["text"] for cell in row["cells"]] for row in edition.objects[-1]["rows"]]
    assert [row[1] for row in rows] == ["班级日达标率：超出"]  # the bare figure claims nothing
    study, edition = full_document()
    to_do(study, cause(study, share, outside="超出规定时长"), claims=claims, schools=False)
    rows = [[cell["text"] for cell in row["cells"]] for row in edition.objects[-1]["rows"]]
    assert [row[1] for row in rows] == ["班级日达标率：超出规定时长"]  # told once
    named = units(study, share, breaches=False).split("、")
    by_school = {item.group_label: item for item in study.measure("homework.within_cap", by="school") if item.known}
    assert set(named) == {name for name, item in by_school.items() if item.numerator < item.denominator}


def test_the_daily_report_stands_in_for_the_roll_call(full_document):
    study, _ = full_document()
    assert owed(study, small.SILENT) == ("homework", "attendance", "service_daily")
    assert owed(study, small.NORTH) == () == owed(study, small.NINE)


def test_what_is_to_be_done_has_an_office_and_a_day(full_document):
    study, edition = full_document()
    to_do(study, cause(study, "homework.within_cap"))
    made = edition.objects[-1]
    rows = [[cell["text"] for cell in row["cells"]] for row in made["rows"]]
    assert rows[1] == [
        "未报", "未报：作业台账、课后服务考勤、课后服务日报", "3项", "办公室", "4月17日",
    ]  # fmt: skip
    share = study.measure("homework.within_cap")
    assert rows[0][1:] == ["班级日达标率：超出", rows[0][2], "教研室", "4月27日"]
    assert 0 < int(rows[0][2].removesuffix("个班级日").replace(",", "")) <= share.denominator - share.numerator


def test_what_no_school_handed_in_is_to_be_done_by_all(full_document):
    study, edition = full_document(tables=("homework", "survey"))
    to_do(study)
    rows = [[cell["text"] for cell in row["cells"]] for row in edition.objects[-1]["rows"]]
    assert [row[:3] for row in rows[:2]] == [
        ["各校", "未报：满意度问卷", "1项"],
        ["未报", "未报：作业台账、课后服务考勤、课后服务日报", "3项"],
    ]
    study, edition = full_document(tables=("homework", "survey"), school=small.NORTH)
    to_do(study)
    assert [cell["text"] for cell in edition.objects[-1]["rows"][0]["cells"]][:3] == ["本校", "未报：满意度问卷", "1项"]


def test_a_field_of_which_nothing_is_known_is_not_drawn_and_not_judged(full_document):
    study, edition = full_document(tables=("homework", "survey"))
    satisfied, target = study.measure("satisfaction.top2", by="school"), limit(study, "satisfaction.target")
    within = study.measure("homework.within_cap", by="school")
    panels("both", {"总体满意率": satisfied, "达标率": within}, rules={"总体满意率": target})
    made = edition.objects[-1]
    assert made["kind"] == "figure" and "达标率" in str(made) and "满意率" not in str(made) and "94%" not in str(made)
    scorecard("claims", "主要指标", [every_at_least(study.measure("satisfaction.top2", by="item"), target)])
    (row,) = edition.objects[-1]["rows"]
    assert [cell["text"] for cell in row["cells"]][::5] == ["满意率", "没有数据"]


def test_what_is_to_be_done_names_no_school_in_public(full_document):
    study, edition = full_document(audience="public")
    to_do(study, cause(study, "homework.within_cap"))
    rows = [[cell["text"] for cell in row["cells"]] for row in edition.objects[-1]["rows"]]
    assert rows[1][:3] == ["未报的学校", "有应报的材料没有报送", "1所"]
    assert not any(name in str(edition.objects[-1]) for name in ("北小", "九年学校", *SCHOOL_CODES))


def test_a_chart_of_schools_says_which_differ_from_the_rest_grade_by_grade(full_document):
    study, edition = full_document()
    points("by_school", study.measure("homework.within_cap", by="school"))
    found = {each.school: each.judgement for each in compared(study, ["homework.within_cap"])}
    title = "".join(run["text"] for run in edition.objects[-1]["title"])
    apart = [judgement for judgement in found.values() if judgement in ("higher", "lower")]
    assert "最高" not in title and ("其余学校" in title) is bool(apart) and "按同年级比" in title


def test_a_school_without_anything_to_do_is_told_so(full_document):
    study, edition = full_document(school=small.NORTH)
    to_do(study)
    assert paragraphs(edition)[-1] == "要处理的：没有发现。"


def test_a_public_edition_of_one_school_is_not_made(document):
    _, edition = document(school=small.NORTH, audience="public")
    assert kinds(edition)[-1] == "end"
    assert "公开版以全区为单位" in paragraphs(edition)[0]


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"audience": "friends"}, "audience"),
        ({"as_of": "2026年7月"}, "as_of"),
        ({"school": "2199999999"}, "2199999999"),
        ({"district": "110101"}, "110101"),
        ({"term": "1999-2000-1"}, "1999-2000-1"),
        ({"snapshot": "ffff"}, "ffff"),
    ],
)
def test_a_wrong_parameter_is_told_in_one_line_with_its_value(document, changed, words):
    with pytest.raises(UserError, match=words) as told:
        document(**changed)
    assert "\n" not in told.value.message


def test_codes_that_papermill_turned_into_numbers_are_understood(document):
    study, _ = document(district=int(small.DISTRICT), school=int(small.NORTH))
    assert study.scope.school == small.NORTH


def test_who_reported_is_told_by_name_inside_and_by_number_in_public(document):
    study, edition = document()
    say_reporting(study, ("homework",))
    assert paragraphs(edition)[-1] == "作业台账应报3所，已报2所；未报：未报，其数值不作推算。"
    study, edition = document(audience="public")
    say_reporting(study, ("homework",))
    assert paragraphs(edition)[-1] == "作业台账应报3所，已报2所；未报：1所学校，其数值不作推算。"


def test_a_primary_school_is_compared_with_the_same_grades_only(document):
    study, _ = document(school=small.NORTH)
    district = study.district
    assert peers(study, "homework.within_cap").base == sum(
        item.base
        for item in district.measure("homework.within_cap", by="grade")
        if dict(item.scope.group)["grade"] <= 6
    )
    beside = peers(study, "homework.within_cap", by="school")
    assert [item.group_label for item in beside] == ["北小", "九年", "未报"]
    assert peers(study.district, "homework.within_cap").base == district.measure("homework.within_cap").base


def test_limits_are_those_of_the_last_day(document):
    study, _ = document()
    assert limit(study, "homework.cap", grade=3).value == 60
    assert {key: each.value for key, each in limits(study, "homework.cap", "grade", (1, 6, 7)).items()} == {
        6: 60,
        7: 90,
    }


def test_a_scorecard_names_figure_base_requirement_and_verdict(document):
    study, edition = document()
    share = study.measure("homework.within_cap")
    claims = [
        all_within(share, "天天不超规定"),
        judged(
            study.measure("homework.mean_minutes", grade_band="middle"),
            limit(study, "homework.cap", grade=3),
            at_least=False,
        ),
        study.measure("homework.feedback_lag"),
        study.measure("service.plans", school=small.NORTH),
    ]
    scorecard("claims", "主要指标", claims)
    rows = [[cell["text"] for cell in row["cells"]] for row in edition.objects[-1]["rows"]]
    assert rows[0][0] == "班级日达标率" and rows[0][4] == "天天不超规定"
    assert rows[0][5] == ("未达到" if share.numerator < share.denominator else "尚不能定论")
    assert rows[1][4] == "不超过60分钟"
    assert rows[2][5] == "未设目标"
    say("{all}。", all=tally(claims))
    assert (
        paragraphs(edition)[-1]
        == (
            f"2项要求中，0项达到；没有达到的是班级日达标率（{share.text}，上下界{share.bounds_text}）；"
            f"尚不能定论的是小学中高年级平均作业时长（{claims[1].figure.text}，上下界{claims[1].figure.bounds_text}）。"  # of the silent school nothing is known
        )
    )


def test_a_document_closes_with_method_rules_with_their_dates_and_source(document):
    study, edition = document()
    share = study.measure("homework.within_cap")
    say("{share}", share=share)
    close(study)
    headings = [text(made) for made in edition.objects if made["kind"] == "heading"]
    assert headings == ["方法与口径", "适用规则", "数据来源"]
    tables = {made["name"]: made for made in edition.objects if made["kind"] == "table"}
    assert share.definition in str(tables["definitions"])
    rules = [[cell["text"] for cell in row["cells"]] for row in tables["rules"]["rows"]]
    assert ["书面作业总量（三至六年级）", "60分钟", "2021年4月8日起"] in [row[:3] for row in rules]
    assert study.snapshot.id[:12] in "".join(paragraphs(edition))


def test_a_school_is_told_the_rules_of_its_own_grades(document):
    study, edition = document(school=small.NORTH)
    say("{share}", share=study.measure("homework.within_cap"))
    close(study, brief=True, ends="school")
    told = "".join(paragraphs(edition))
    assert "三至六年级" in told and "初中" not in told
    assert kinds(edition)[-1] == "end"


def test_a_public_document_says_what_it_hid(document):
    study, edition = document(audience="public")
    say("{few}", few=study.measure("homework.over_cap_days", by="grade").highest(), otherwise="没有。")
    table("grades", "各年级", {"超标": study.measure("homework.over_cap_days", by=("grade", "weekday"))}, limit=60)
    close(study)
    cells = [
        cell for made in edition.objects if made["kind"] == "table" for row in made["rows"] for cell in row["cells"]
    ]
    assert any(cell.get("suppressed") for cell in cells)
    assert "为保护个人信息不显示" in paragraphs(edition)[-1]
