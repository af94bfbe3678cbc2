"""Classes that other tables tell of and the enrolment does not: which they are, and how intake names them."""

from __future__ import annotations

from datetime import date, timedelta

import pandas as pd
import pyarrow as pa

from analysis.intake.unenrolled import LARGEST_GRADE, SURE, meant_whole, sentences, unenrolled

A, B = "2199000901", "2199000902"
TERM, BEFORE = "2025-2026-2", "2025-2026-1"


def table(columns: str, *rows: tuple) -> pd.DataFrame:
    return pd.DataFrame(list(rows), columns=columns.split())


REGISTER = table("school first_grade last_grade", (A, 1, 3))
NONE = table("school grade class")


def found(enrolled: list[tuple], seen: dict[str, pd.DataFrame], earlier: pd.DataFrame = NONE) -> list[tuple]:
    rows = unenrolled(REGISTER, table("school grade class pupils", *enrolled), seen, earlier)
    return list(rows.fillna("").itertuples(index=False, name=None))


def told(*rows: tuple) -> pd.DataFrame:
    return table("school grade class rows", *rows)


ALL = [(A, 1, "1", 30), (A, 1, "2", 30), (A, 2, "1", 30), (A, 3, "1", 30)]


def test_nothing_is_lacking_where_every_grade_and_class_is_enrolled() -> None:
    assert found(ALL, {"homework": told((A, 1, "1", 90))}) == []


def test_a_class_of_an_enrolled_grade_needs_more_than_a_slip() -> None:
    assert found(ALL, {"homework": told((A, 1, "3", SURE - 1))}) == []
    assert found(ALL, {"homework": told((A, 1, "3", SURE)), "survey": told((A, 1, "3", 30))}) == [(A, 1, "3", 1, "homework、survey")]  # fmt: skip


def test_a_grade_that_is_seen_has_as_many_classes_as_the_largest_one() -> None:
    """Grade 3 is taught and seen in one class, grade 1 has two classes: one more may be there."""
    assert found(ALL[:3], {"survey": told((A, 3, "1", 1))}) == [(A, 3, "1", 1, "survey"), (A, 3, "", 1, "")]


def test_a_grade_that_nothing_tells_of_may_be_the_largest_that_is_planned() -> None:
    assert found(ALL[:3], {}) == [(A, 3, "", LARGEST_GRADE, "")]
    assert found([], {}) == [(A, grade, "", LARGEST_GRADE, "") for grade in (1, 2, 3)]
    many = [(A, grade, str(n), 30) for grade in (1, 2) for n in range(LARGEST_GRADE + 2)]
    assert found(many, {}) == [(A, 3, "", LARGEST_GRADE + 2, "")]


def test_the_register_is_held_against_an_enrolment_that_is_meant_whole() -> None:
    """A teaches three grades: an enrolment with one of them is a beginning, one with two, or with nothing at all, is not."""
    one, two = (table("school grade class pupils", *rows) for rows in (ALL[:2], ALL[:3]))
    assert [meant_whole(REGISTER, rows) for rows in (one, two, one[:0])] == [False, True, True]
    assert unenrolled(REGISTER, one, {}, NONE, whole=False).empty
    seen = unenrolled(REGISTER, one, {"survey": told((A, 3, "1", 1))}, NONE, whole=False)
    assert seen[["grade", "class"]].to_numpy().tolist() == [[3, "1"]]


def test_a_class_of_nobody_is_no_more_unless_it_is_seen() -> None:
    gone = [*ALL[:3], (A, 3, "1", 0)]
    earlier = table("school grade class", (A, 3, "1"), (A, 1, "3"))
    assert found(gone, {}, earlier) == [(A, 1, "3", 1, "enrolment")]
    assert found(gone, {"attendance": told((A, 3, "1", 2))}) == [(A, 3, "1", 1, "attendance")]


def test_intake_names_each_grade_once_with_where_it_was_seen_and_a_school_of_which_nothing_is_told() -> None:
    start = date(2026, 3, 2)
    days = [start + timedelta(days=n) for n in range(SURE)]
    homework = table("term school grade class date", *((TERM, A, 3, room, day) for room in "12" for day in days))
    survey = table(
        "school grade class respondent submitted_on", (A, 3, "1", "x", start), (A, 1, "9", "y", date(2026, 1, 5))
    )
    register = table(
        "school name short_name first_grade last_grade", (A, "甲小学", "甲小", 1, 3), (B, "乙小学", None, 1, 2)
    )
    enrolled = table("term school grade class pupils", *((TERM, *row) for row in ALL[:3]), (BEFORE, B, 1, "1", 20))
    tables = {
        name: pa.Table.from_pandas(frame, preserve_index=False)
        for name, frame in {"homework": homework, "survey": survey, "schools": register, "enrolment": enrolled}.items()
    }
    aside = {"attendance": table("term school grade class", *[(TERM, A, 1, "3")] * SURE, (BEFORE, A, 2, "7"))}
    terms = [(BEFORE, date(2025, 9, 1), date(2026, 1, 20)), (TERM, start, date(2026, 7, 3))]
    labels = {"enrolment": "在校学生", "homework": "作业台账", "attendance": "考勤", "survey": "答卷"}
    assert sentences(tables, aside, terms, {TERM}, labels) == [
        f"甲小一年级3班在考勤中有记录，在校学生表（{TERM}）没有，学生数按不明计",
        f"甲小三年级1班、2班在作业台账、答卷中有记录，在校学生表（{TERM}）没有，学生数按不明计",
        f"乙小学一年级1班在在校学生中有记录，在校学生表（{TERM}）没有，学生数按不明计",
        f"乙小学二年级在学校名册中有这个年级，在校学生表（{TERM}）没有，学生数按不明计",
    ]
    nobody = {**tables, "enrolment": tables["enrolment"].slice(0, 0)}
    assert sentences(nobody, aside, terms, {TERM}, labels) == [
        f"没有{TERM}学期的在校学生数，各校班级数与学生数按不明计"
    ]
    without = {**tables, "enrolment": tables["enrolment"].slice(0, 3)}
    assert sentences(without, aside, terms, {TERM}, labels)[-1:] == [f"乙小学在学校名册中，在校学生表（{TERM}）没有这所学校，班级数与学生数按不明计"]  # fmt: skip
