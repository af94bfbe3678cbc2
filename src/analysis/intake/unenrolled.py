"""Classes that there are, by what else was handed in, and of which the enrolment has no row.

A class that nobody counted is unknown, not absent: a figure whose base is the enrolment must not gain by its rows being
left out. What is known of such classes, without the enrolment:

1. a class that another table of the term tells is there (a slip in one cell is not: see `SURE`), and so is one that
   the enrolment of an earlier term of the same school year has;
2. a grade that the register says a school teaches has classes: as many as the school's largest grade, if the grade is seen
   at all; `LARGEST_GRADE`, if nothing else tells of it. This holds where the enrolment is `meant_whole`.

A row of the enrolment with 0 pupils says that a class is no more; one that other tables of the term tell of is unknown.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

import pandas as pd
import pyarrow as pa

from analysis.text.numerals import written

CLASS = ["school", "grade", "class"]
LARGEST_GRADE = 10
"""Classes that a grade of which nothing is known is taken to have: those of the largest junior school that is planned (30)."""
SURE = 5
"""Rows (days, answers) that must tell of a class in a grade whose other classes are enrolled, before it is one that there is."""


def unenrolled(register: pd.DataFrame, enrolled: pd.DataFrame, seen: Mapping[str, pd.DataFrame], earlier: pd.DataFrame, *, whole: bool = True) -> pd.DataFrame:  # fmt: skip
    """Return the classes without a row of the enrolment.

    Parameters
    ----------
    register
        ``school, first_grade, last_grade`` of the schools looked at.
    enrolled
        ``school, grade, class, pupils`` of the term.
    seen
        By table: ``school, grade, class, rows`` of the term, rows that were put aside for want of such a class among them.
    earlier
        ``school, grade, class`` of earlier terms of the school year.
    whole
        Whether the grades of the register are held against the enrolment (`meant_whole`).

    Returns
    -------
    pandas.DataFrame
        ``school, grade, class`` (missing where only the grade is known), ``rows`` (how many classes), ``seen`` (the tables
        that tell of it, joined by ``、``); ordered by school, grade, class.
    """
    there = enrolled[enrolled["pupils"] > 0]
    known, told = _keys(there), _keys(enrolled)
    grades = {key[:2] for key in known}
    found: dict[tuple[str, int, str], list[str]] = {}
    for table, rows in seen.items():
        sums = rows.dropna(subset=CLASS).groupby(CLASS)["rows"].sum()
        for place, number in zip(sums.index.tolist(), sums.tolist(), strict=True):
            key = (str(place[0]), int(place[1]), str(place[2]))
            if key not in known and (number >= SURE or key[:2] not in grades):
                found.setdefault(key, []).append(table)
    for key in _keys(earlier) - told:
        found.setdefault(key, []).append("enrolment")
    largest = {school: int(rows.groupby("grade")["class"].nunique().max()) for school, rows in pd.concat([there[CLASS], pd.DataFrame(list(found), columns=CLASS)]).groupby("school")}  # fmt: skip
    lines: list[tuple[str, int, str | None, int, str]] = [
        (*key, 1, "、".join(dict.fromkeys(tables))) for key, tables in found.items()
    ]
    taught = {key[:2] for key in told}
    if not whole:
        register = register.iloc[:0]
    for school, first, last in register[["school", "first_grade", "last_grade"]].itertuples(index=False, name=None):
        for grade in range(int(first), int(last) + 1):
            own = sum(key[:2] == (school, grade) for key in found)
            if (school, grade) in taught:
                continue
            more = largest[school] - own if own else max(LARGEST_GRADE, largest.get(school, 0))
            lines += [(school, grade, None, more, "")] if more > 0 else []
    frame = pd.DataFrame(lines, columns=[*CLASS, "rows", "seen"])
    frame = frame.astype({"school": "object", "grade": "int64", "class": "object", "rows": "int64"})
    return frame.sort_values(CLASS, ignore_index=True)


def meant_whole(register: pd.DataFrame, enrolled: pd.DataFrame) -> bool:
    """Whether the enrolment of a district is one that should tell of every grade: it has half the grades of some school, or nothing.

    One of a few grades is a beginning; what other tables tell of is held against it all the same.
    """
    grades = enrolled.groupby("school")["grade"].nunique()
    due = (register["last_grade"] - register["first_grade"] + 1).set_axis(register["school"])
    return not len(enrolled) or bool((2 * grades >= due.reindex(grades.index)).any())


def of_term(every: pd.DataFrame, term: str) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return the rows of the enrolment of a term, and those of earlier terms of its school year."""
    earlier = (every["term"] < term) & (every["term"].astype(str).str[:9] == term[:9])
    return every[every["term"] == term], every[earlier]


def _keys(rows: pd.DataFrame) -> set[tuple[str, int, str]]:
    return {(str(school), int(grade), str(name)) for school, grade, name in rows[CLASS].dropna().itertuples(index=False, name=None)}  # fmt: skip


def sentences(
    tables: Mapping[str, pa.Table],
    aside: Mapping[str, pd.DataFrame],
    terms: Sequence[tuple[str, date, date]],
    wanted: set[str],
    labels: Mapping[str, str],
) -> list[str]:
    """Name the classes without a row of the enrolment, one sentence a school and grade (a school of which nothing is told once).

    Parameters
    ----------
    tables
        All tables of an intake.
    aside
        By table: the rows that were put aside for want of such a class (``term, school, grade, class``).
    terms
        All terms with their first and last days.
    wanted
        The terms that something was handed in for.
    labels
        Names of the tables, for people.
    """
    register, every = tables["schools"].to_pandas(), tables["enrolment"].to_pandas()
    names = dict(zip(register["school"], register["short_name"].fillna(register["name"]), strict=True))
    found = []
    for number, (term, start, _) in enumerate(terms):
        if term not in wanted:
            continue
        own, earlier = of_term(every, term)
        if own.empty:
            found.append(f"没有{term}学期的在校学生数，各校班级数与学生数按不明计")
            continue
        until = terms[number + 1][1] if number + 1 < len(terms) else date.max
        seen = {name: _seen(tables[name], name, term, start, until) for name in labels if name in tables and name != "enrolment"}  # fmt: skip
        for name, rows in aside.items():
            mine = rows[rows["term"] == term].assign(rows=1)
            seen[name] = pd.concat([seen[name], mine]) if name in seen and len(mine) else seen.get(name, mine)
        lacking = unenrolled(register, own, seen, earlier, whole=meant_whole(register, own))
        for school, rows in lacking.groupby("school", sort=True):
            who = names.get(school, school)
            if (rows["seen"] == "").all() and school not in set(own["school"]):
                found.append(f"{who}在学校名册中，在校学生表（{term}）没有这所学校，班级数与学生数按不明计")
                continue
            for grade in sorted(set(rows["grade"].tolist())):
                part = rows[rows["grade"] == grade]
                classes = [f"{each}班" for each in part["class"].dropna()]
                where = dict.fromkeys(labels[each] for told in part["seen"] for each in told.split("、") if each)
                told = f"在{'、'.join(where)}中有记录" if where else "在学校名册中有这个年级"
                found.append(f"{who}{written(int(grade))}年级{'、'.join(classes)}{told}，在校学生表（{term}）没有，学生数按不明计")  # fmt: skip
    return found


def _seen(table: pa.Table, name: str, term: str, start: date, until: date) -> pd.DataFrame:
    """Return how many days (answers) of a term tell of each class: `CLASS`, ``rows``."""
    days = "respondent" if name == "survey" else "date"
    if not table.num_rows or not {*CLASS, days} <= set(table.column_names):
        return pd.DataFrame(columns=[*CLASS, "rows"])
    columns = [*CLASS, days, "submitted_on" if name == "survey" else "term"]
    once = table.select(columns).group_by(columns).aggregate([]).to_pandas()
    if name == "survey":
        once = once[(once["submitted_on"] >= start) & (once["submitted_on"] < until)]
    else:
        once = once[once["term"] == term]
    found: pd.DataFrame = once.dropna(subset=CLASS).assign(rows=1)[[*CLASS, "rows"]]
    return found
