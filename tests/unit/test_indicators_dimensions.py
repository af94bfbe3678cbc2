"""The dimensions of figures: their order, their Chinese names, what follows from what, and which groups there should be."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest
from indicators_helpers import DAYS, SCHOOLS, A, B, C, day, table

from analysis.indicators import dimensions
from analysis.reference.tables import tables_file


@pytest.mark.parametrize(
    ("name", "values", "ordered"),
    [
        ("subject", ["书法", "劳动", "数学", "语文", "语文"], ["语文", "数学", "劳动", "书法"]),
        ("class", ["10", "2", "甲", "1"], ["1", "2", "10", "甲"]),
        ("grade", [9, 3, 1], [1, 3, 9]),
        ("week", [10, 9, 9], [9, 10]),
        ("wave", ["2026-06", "2025-12"], ["2025-12", "2026-06"]),
        ("kind", ["x", 2, "3", 3.5], [2, "3", 3.5, "x"]),  # numbers before words
        ("stage", ["junior", "nine_year", "primary"], ["primary", "junior", "nine_year"]),
        ("field", ["劳", "德"], ["德", "劳"]),
    ],
)
def test_values_come_in_the_order_in_which_people_list_them(name: str, values: Any, ordered: Any) -> None:
    assert dimensions.natural(name, values) == ordered


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("school", A, "甲小"),
        ("school", "2199", "2199"),
        ("week", 5, "第5周"),
        ("class", "2", "2班"),
        ("class", "实验班", "实验班"),
        ("risk", "A", "A级"),
        ("risk", "未评", "未评"),
        ("year", 2026, "2026年"),
        ("period", "2026-03", "2026年3月"),
        ("period", "2026-11", "2026年11月"),
        ("period", "2026-2027", "2026-2027"),
        ("wave", "2026-03", "2026-03"),
        ("grade", 3, "三年级"),
        ("weekday", 7, "周日"),
        ("grade", 10, "10"),
        ("list", "black", "黑名单"),
        ("subject", "语文", "语文"),
    ],
)
def test_a_value_has_its_chinese_name(name: str, value: Any, said: str) -> None:
    assert dimensions.label(name, value, {A: "甲小"}) == said


def test_grades_and_weekdays_are_numbered_from_one() -> None:
    assert (min(dimensions.GRADES), max(dimensions.GRADES), dimensions.GRADES[1]) == (1, 9, "一年级")
    assert (min(dimensions.WEEKDAYS), max(dimensions.WEEKDAYS), dimensions.WEEKDAYS[1]) == (1, 7, "周一")


# -- what follows from grade, date and school ------------------------------------------------------------------------

COUNTED = table(
    "school grade date n", (B, 7, day(9), 1), (A, 2, day(3), 2), (A, 3, day(7), 4), (A, 6, day(2), 8)
).astype({"grade": "int64"})


def derived(*names: str, rows: pd.DataFrame = COUNTED) -> pd.DataFrame:
    return dimensions.derive(rows, names, DAYS, SCHOOLS)


def test_weeks_and_weekdays_are_those_of_the_calendar_and_other_days_fall_out() -> None:
    found = derived("week", "weekday")
    assert found[["n", "week", "weekday"]].to_numpy().tolist() == [[1, 2, 1], [2, 1, 2], [8, 1, 1]]
    assert list(derived("weekday").columns) == [*COUNTED.columns, "weekday"] and len(derived("weekday")) == 3
    assert list(derived("week").columns) == [*COUNTED.columns, "week"]


def test_bands_and_stages_follow_from_the_grade_and_days_stay() -> None:
    found = derived("grade_band", "stage", "school")
    assert found["grade_band"].tolist() == ["junior", "lower", "middle", "middle"]
    assert found["stage"].tolist() == ["junior", "primary", "primary", "primary"]
    assert list(derived().columns) == list(derived("grade").columns) == list(COUNTED.columns)
    assert "stage" not in derived("grade_band").columns and "grade_band" not in derived("stage").columns


def test_a_stage_without_grades_is_that_of_the_school() -> None:
    rows = COUNTED.drop(columns="grade")
    assert derived("stage", rows=rows)["stage"].tolist() == ["nine_year", "primary", "primary", "primary"]
    assert derived("stage", rows=rows.assign(school="x"))["stage"].isna().all()
    assert "stage" not in derived("school", rows=rows).columns


def test_what_is_there_stays_as_it_is() -> None:
    rows = COUNTED.assign(week=40, stage="x", grade_band="y", weekday=9)
    pd.testing.assert_frame_equal(derived("week", "weekday", "stage", "grade_band", rows=rows), rows)


# -- which groups there should be ------------------------------------------------------------------------------------

SEEN = table(
    "school grade class subject date",
    (A, 1, "2", "数学", day(2)),
    (A, 1, "1", "语文", day(2)),
    (B, 7, "1", "语文", day(3)),
    (B, 7, "1", "", day(3)),
    (B, 7, "1", None, day(3)),
).astype({"grade": "int64"})
UNGRADED = SEEN.drop(columns=["grade", "class"])


def groups(*by: str, seen: pd.DataFrame = SEEN, grades: tuple[int, ...] = ()) -> list[Any]:
    found = dimensions.levels(by, SCHOOLS, DAYS, seen, grades)
    return [group[0] for group in found] if len(by) == 1 else found


def test_schools_grades_bands_stages_and_days_come_from_the_register_and_the_calendar() -> None:
    assert dimensions.levels((), SCHOOLS, DAYS, SEEN, ()) == [()]
    assert groups("school") == [A, B, C] and groups("grade") == [1, 2, 3, 4, 5, 6, 7, 8, 9]
    assert groups("grade_band") == ["lower", "middle", "junior"] and groups("stage") == ["primary", "junior"]
    assert groups("week") == [1, 2] and groups("weekday") == [1, 2, 3, 4, 5]
    assert (
        groups("field") == list("德智体美劳")
        and groups("plan") == ["service", "fund"]
        and len(groups("component")) == 7
    )


def test_only_schools_that_teach_the_grades_of_an_indicator_are_among_them() -> None:
    assert groups("school", grades=(1, 2)) == [A, B] and groups("school", grades=(8,)) == [B, C]
    assert groups("grade", grades=(2, 8)) == [2, 8] and groups("grade_band", grades=(2, 8)) == ["lower", "junior"]
    assert groups("stage", grades=(8,)) == ["junior"]
    assert groups("grade_band", seen=UNGRADED, grades=(7, 8)) == ["junior"]


def test_without_grades_the_stage_is_that_of_the_school() -> None:
    assert groups("stage", seen=UNGRADED) == ["primary", "junior", "nine_year"]
    assert groups("school", "stage", seen=UNGRADED)[:3] == [(A, "primary"), (A, "junior"), (A, "nine_year")]


def test_a_school_is_paired_with_its_own_grades_and_a_grade_with_its_own_band() -> None:
    assert groups("school", "grade") == [
        *((A, g) for g in range(1, 7)),
        *((B, g) for g in range(1, 10)),
        *((C, g) for g in (7, 8, 9)),
    ]
    bands = groups("grade", "grade_band", "stage")
    assert bands[:3] == [(1, "lower", "primary"), (2, "lower", "primary"), (3, "middle", "primary")]
    assert bands[-3:] == [(g, "junior", "junior") for g in (7, 8, 9)] and len(bands) == 9
    assert groups("school", "stage") == [(A, "primary"), (B, "primary"), (B, "junior"), (C, "junior")]
    assert groups("school", "grade_band", grades=(6, 7)) == [(A, "middle"), (B, "middle"), (B, "junior"), (C, "junior")]


def test_other_dimensions_are_those_observed() -> None:
    assert groups("subject") == ["语文", "数学"] and groups("provider") == []
    assert groups("class", seen=SEEN.assign(grade=1)) == ["1", "2"]


def test_a_class_or_a_subject_is_paired_with_where_it_is() -> None:
    assert groups("school", "grade", "class") == [(A, 1, "1"), (A, 1, "2"), (B, 7, "1")]
    assert groups("class", "weekday")[:2] == [("1", 1), ("1", 2)] and len(groups("class", "weekday")) == 10
    assert groups("grade", "subject") == [(1, "语文"), (1, "数学"), (7, "语文")]
    assert groups("grade", "subject", seen=SEEN[["grade", "subject"]]) == groups("grade", "subject")
    assert len(groups("subject", "week")) == 4  # weeks that the rows do not tell: every subject in each
    assert groups("school", "subject", seen=UNGRADED) == [(A, "语文"), (A, "数学"), (B, "语文")]


@pytest.mark.parametrize(
    ("told", "possible"),
    [
        ({"school": A, "subject": "语文"}, True),
        ({"school": "none"}, True),
        ({"grade": 6}, True),
        ({"grade": 10}, False),
        ({"school": A, "grade": 7}, False),
        ({"school": C, "grade": 7, "grade_band": "junior", "stage": "junior"}, True),
        ({"grade": 7, "grade_band": "middle"}, False),
        ({"grade": 7, "stage": "primary"}, False),
        ({"school": C, "grade_band": "middle"}, False),
        ({"school": C, "stage": "primary"}, False),
        ({"school": B, "stage": "primary"}, True),
    ],
)
def test_what_can_be_of_a_register(told: dict[str, Any], possible: bool) -> None:
    taught = [(A, 6), (B, 6), (B, 7), (C, 7)]
    assert dimensions._possible(told, taught) is possible


def test_a_choice_of_a_table_that_is_only_declared_has_its_words_and_its_order(tmp_path, monkeypatch) -> None:
    """用餐方式: 食堂 before 盒饭, as the dictionary of tables has them; what it does not know keeps its code."""
    file = tmp_path / "tables.toml"
    file.write_text(
        'version = "1"\n[[table]]\nname = "meals"\nlabel = "用餐"\nkey = ["school"]\ncolumns = [\n'
        '{ name = "school", type = "school" },\n'
        '{ name = "plan_kind", label = "用餐方式", type = "choice", values = { hall = ["食堂"], box = ["盒饭", "配餐"], own = [] } },\n]\n',
        encoding="utf-8",
    )
    monkeypatch.setattr(dimensions, "tables_file", lambda: tables_file(file))
    assert dimensions.name_of("plan_kind") == "用餐方式"
    assert [dimensions.label("plan_kind", value, {}) for value in ("hall", "box", "own", "other")] == [
        "食堂", "盒饭", "own", "other",
    ]  # fmt: skip
    assert dimensions.natural("plan_kind", ["own", "other", "box", "hall"]) == ["hall", "box", "own", "other"]
    assert (dimensions.name_of("grade"), dimensions.name_of("nothing")) == ("年级", "nothing")
