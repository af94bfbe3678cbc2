"""Terms, days, districts, schools, phrases and rows: each slip is told with line, place and remedy."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from analysis.house import UserError
from analysis.intake import questionnaires
from analysis.reference.calendar import calendar_file, terms_file
from analysis.reference.districts import districts_file
from analysis.reference.files import every, refuse_slips, slips
from analysis.reference.indicators import indicators_file
from analysis.reference.phrases import phrases
from analysis.reference.rows import rows
from analysis.reference.schools import schools_file
from analysis.reference.tables import tables_file
from analysis.reference.vocabulary import Audience

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    shutil.copytree(ROOT / "data" / "reference", tmp_path / "data" / "reference")
    (tmp_path / "notebooks").mkdir()
    monkeypatch.setenv("SHUANGJIAN_HOME", str(tmp_path))
    return tmp_path / "data" / "reference"


def misspell(place: Path, name: str, right: str, wrong: str) -> None:
    text = (place / name).read_text(encoding="utf-8")
    assert right in text
    (place / name).write_text(text.replace(right, wrong, 1), encoding="utf-8")


READERS: dict[str, Callable[[], object]] = {
    "terms.toml": terms_file,
    "calendar.toml": calendar_file,
    "districts.toml": districts_file,
    "schools.toml": schools_file,
    "phrases.toml": phrases,
    "rows.toml": rows,
    "indicators.toml": indicators_file,
    "tables.toml": tables_file,
}
DATE = "应为日期（如 2026-04-10，不加引号），读到"


@pytest.mark.parametrize(
    ("name", "right", "wrong", "told"),
    [
        ("terms.toml", "start = 2021-03-01", "strat = 2021-03-01", "term 第1条：不认识“strat”；是否应为“start”？"),
        ("terms.toml", "start = 2021-03-01", 'start = "2021-03-01"', f"term 第1条 start：{DATE} '2021-03-01'；请改正。"),
        ("terms.toml", "start = 2021-03-01\n", "", "term 第1条 start：缺少这一项；请补上。"),
        ("terms.toml", "end = 2021-07-09", "end = 2021-02-09", "term 第1条 end：end（2021-02-09）早于 start（2021-03-01）；请改正。"),
        ("terms.toml", '"2024-2025-2"', '"2024-2025-1"', "term 第3条 term：学期“2024-2025-1”登记了两次；请合并为一条。"),
        ("terms.toml", "[[term]]", "[[tern]]", "不认识“tern”；是否应为“term”？"),
        ("calendar.toml", "to = 2025-10-08", "until = 2025-10-08", "holiday 第1条：不认识“until”；"),
        ("calendar.toml", "to = 2025-10-08\n", "", "应写 date（一天），或写 from 与 to（几天，含首尾），二者择一；请改正。"),
        ("calendar.toml", "to = 2025-10-08", "to = 2025-09-08", "to（2025-09-08）早于 from（2025-10-01）；请改正。"),
        ("calendar.toml", "weekday = 2", "weekday = 8", "makeup 第1条 weekday：应不大于7，读到 8；请改正。"),
        ("calendar.toml", "date = 2025-09-28", 'date = "9月28日"', f"makeup 第1条 date：{DATE} '9月28日'；请改正。"),
        ("calendar.toml", "\n[[makeup]]", "\n[[mackup]]", "不认识“mackup”；是否应为“makeup”？"),
        ("districts.toml", "simulated = true", 'simulated = "yes"', "district 第1条 simulated：应为true 或 false，读到 'yes'；请改正。"),
        ("districts.toml", '"990101"', '"99010"', "district 第1条 district：“99010”的写法不对；区代码应为六位数字，请改正。"),
        ("districts.toml", "short_name", "shortname", "district 第1条：不认识“shortname”；是否应为“short_name”？"),
        ("schools.toml", 'stage = "primary"', 'stage = "primry"', "school 第1条 stage：不能是“primry”；是否应为“primary”？"),
        ("schools.toml", "first_grade = 1", 'first_grade = "1"', "school 第1条 first_grade：应为整数（不加引号），读到 '1'；请改正。"),
        ("schools.toml", "last_grade = 6", "last_grade = 10", "school 第1条 last_grade：应不大于9，读到 10；请改正。"),
        ("schools.toml", "last_grade = 6", "last_grade = 0", "school 第1条 last_grade：应不小于1，读到 0；请改正。"),
        ("schools.toml", 'name = "澄湖区第一小学"\n', "", "school 第1条 name：缺少这一项；请补上。"),
        ("schools.toml", '"2199000002"', '"2199000001"', "school 第2条 school：学校代码“2199000001”登记了两次；请改其中一个。"),
        ("schools.toml", '"2199000001"', '"219900001"', "school 第1条 school：“219900001”的写法不对；学校代码应为十位数字，请改正。"),
        ("phrases.toml", "[all]", "[al]", "不认识“al”；是否应为“all”？"),
        ("phrases.toml", '"作业达标率"', "3", "indicators.homework.within_cap 第3条：应为文字（加引号），读到 3；请改正。"),
        ("phrases.toml", "(?:每所|各校", "(?:(每所|各校", "all.service.plans 第1条：“"),
        ("rows.toml", 'id = "S2"', 'id = "S1"', "row 第2条 id：编号“S1”登记了两次；请改其中一个。"),
        ("rows.toml", 'what = "作业台账", tables', 'what = "作业台账", table', "row 第1条：不认识“table”；是否应为“tables”？"),
        ("tables.toml", 'label = "学校名册"', 'lable = "学校名册"', "table 第1条：不认识“lable”；是否应为“label”？"),
        ("tables.toml", 'type = "code", pattern', 'typ = "code", pattern', "table 第1条 columns 第1条：不认识“typ”；是否应为“type”？"),
        ("tables.toml", 'type = "code", pattern', 'type = "cod", pattern', "table 第1条 columns 第1条 type：不能是“cod”；是否应为“code”？"),
        ("tables.toml", 'label = "简称", type = "text"', 'label = "简称"', "table 第1条 columns 第3条：表 schools 的“short_name”列没有写 type；请补上。"),
        ("tables.toml", 'key = ["school"]', 'key = ["shcool"]', "table 第1条 key 第1条：表 schools 没有“shcool”列；是否应为“school”？"),
        ("tables.toml", '"in_term", "school_day"', '"in_trem", "school_day"', "没有名为“in_trem”的共用核对；是否应为“in_term”？"),
        ("tables.toml", 'name = "enrolment"', 'name = "schools"', "table 第2条 name：表 schools 写了两次；请合并为一张表。"),
        ("tables.toml", '{ name = "name", label = "学校名称"', '{ name = "school", label = "学校名称"', "表 schools 的“school”列写了两次；请改其中一个。"),
        ("tables.toml", 'personal = "hash"', 'personal = "hsah"', "personal：不能是“hsah”；是否应为“hash”？"),
        ("indicators.toml", 'base_unit = "个班级日"', 'base_unt = "个班级日"', "indicators.homework.within_cap：不认识“base_unt”；是否应为“base_unit”？"),
        ("indicators.toml", 'direction = "higher"', 'direction = "hihger"', "homework.within_cap.direction：不能是“hihger”；是否应为“higher”？"),
        ("indicators.toml", "decimals = 1", "decimals = -1", "homework.within_cap.decimals：应不小于0，读到 -1；请改正。"),
        ("indicators.toml", "grades = [1, 2]", "grades = [0, 2]", "homework.written_low_grades.grades 第1条：应不小于1，读到 0；请改正。"),
        ("indicators.toml", 'whole_by = { subject = "任一学科" }', "whole_by = { subject = 1 }", "whole_by 第1条 第2条：应为文字（加引号），读到 1；请改正。"),
        ("indicators.toml", '"homework.within_cap"', '"within_cap"', "indicators.within_cap：指标名应为“组.名”两段（如 homework.within_cap），读到“within_cap”；请改正。"),
    ],
)  # fmt: skip
def test_a_slip_is_told_with_its_place(place: Path, name: str, right: str, wrong: str, told: str) -> None:
    READERS[name]()
    misspell(place, name, right, wrong)
    with pytest.raises(UserError) as slip:
        READERS[name]()
    assert slip.value.message.startswith(f"“data/reference/{name}”") and told in slip.value.message
    assert any(told in line for line in slips())


def test_grades_go_upwards(place: Path) -> None:
    misspell(place, "schools.toml", "first_grade = 1\nlast_grade = 6", "first_grade = 6\nlast_grade = 1")
    with pytest.raises(UserError, match="last_grade（1）低于 first_grade（6）"):
        schools_file()


def test_the_shipped_files_are_right(place: Path) -> None:
    assert slips() == []
    assert {file.name for file, _ in every()} >= {*READERS, "rules.toml", "settings.toml", "replies.toml"}


@pytest.mark.parametrize(
    ("name", "right", "wrong", "at"),
    [
        ("schools.toml", 'district = "990101"', 'district = "990102"', "第12行，school 第1条 district"),
        ("settings.toml", 'district = "990101"', 'district = "990110"', "第3行，bureau.district"),
        ("terms.toml", "end = 2021-07-09", 'end = 2021-07-09\ndistrict = "990102"', "第9行，term 第1条 district"),
        ("calendar.toml", "weekday = 2", 'weekday = 2\ndistrict = "990102"', "第17行，makeup 第1条 district"),
    ],
)
def test_a_district_that_is_not_registered(place: Path, name: str, right: str, wrong: str, at: str) -> None:
    misspell(place, name, right, wrong)
    [line] = slips()
    assert line.startswith(f"“data/reference/{name}”{at}：data/reference/districts.toml 中没有区代码“9901")
    assert line.endswith("”；是否应为“990101”？")


def test_a_table_that_no_indicator_can_be_computed_from(place: Path) -> None:
    misspell(place, "indicators.toml", 'tables = ["homework"]', 'tables = ["homewrok"]')
    [line] = slips()
    assert line.startswith("“data/reference/indicators.toml”第21行，indicators.homework.within_cap.tables 第1条：")
    assert line.endswith("data/reference/tables.toml 中没有表“homewrok”；是否应为“homework”？")


def test_a_rule_that_no_indicator_can_be_judged_by(place: Path) -> None:
    misspell(place, "indicators.toml", 'rule = "homework.cap"', 'rule = "homework.cpa"')
    [line] = slips()
    assert line.startswith("“data/reference/indicators.toml”第20行，indicators.homework.within_cap.rule：")
    assert line.endswith("data/reference/rules.toml 中没有规定“homework.cpa”；是否应为“homework.cap”？")


@pytest.mark.parametrize(
    ("right", "wrong", "told"),
    [
        ("asked_if = {", "asked_i = {", "第7条：不认识“asked_i”；是否应为“asked_if”？"),
        ("score = [5, 4, 3, 2, 1]", "score = [5, 4, 3, 2]", "第4条 score：第 4 题的 score 应与 options 一一对应（5 个）。"),
        ("number = 2\n", "number = 1\n", "第2条 number：第 1 题写了两次；请改其中一个的题号。"),
        ("to = 2025-12-21", "to = 2025-12-01", "waves 第1条 to：to（2025-12-01）早于 from（2025-12-08）；请改正。"),
        ('"一年级", "二年级"', '"一年级", "一年级"', "第2条 options 第2条：第 2 题的选项“一年级”写了两次；请改正。"),
        ('role = "parent"', 'role = "parents"', "role：不能是“parents”；是否应为“parent”？"),
    ],
)  # fmt: skip
def test_a_slip_in_a_questionnaire_is_told_and_stops_no_intake(place: Path, right: str, wrong: str, told: str) -> None:
    misspell(place / "questionnaires", "parent-satisfaction.toml", right, wrong)
    known, lines = questionnaires.load()
    assert [form.role for form in known] == ["student"] and told in lines[0]
    assert any(told in line for line in slips())
    refuse_slips()


def test_an_audience_that_is_added_to_the_vocabulary_is_protected_and_named_everywhere() -> None:
    """What is done for an audience hangs on what the vocabulary says of it, not on its word."""
    assert [word.protected for word in Audience] == [False, True] and Audience.of("public") is Audience.PUBLIC
    with pytest.raises(ValueError, match="unknown audience 'press'"):
        Audience.of("press")
    compared = re.compile(r"""[!=]= ?["'](?:internal|public)["']|["'](?:internal|public)["'] ?(?:[!=]=|in\b)""")
    files = [*(ROOT / "src").rglob("*.py"), *(ROOT / "src").rglob("*.json")]
    found = [file.name for file in files if compared.search(file.read_text(encoding="utf-8"))]
    assert found == []
