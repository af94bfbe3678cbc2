"""What rows do not say themselves: a term that follows from the date, a grade that the class name carries."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa

from analysis.intake.cells import Setting
from analysis.intake.classes import ClassName, class_name
from analysis.intake.faults import Fault
from analysis.intake.values import coded

if TYPE_CHECKING:
    from analysis.intake.rows import Part


def complete(
    part: Part, columns: dict[str, Any], codes: list[np.ndarray], texts: list[list[str]], setting: Setting
) -> None:
    """Fill in what follows from the row itself; what is then still missing, or contradicts itself, is a fault.

    No column of a table's key is ever left empty in a row without a fault.
    """
    names = {column.name for column in part.table.columns}
    if "term" in names:
        _term(part, columns, setting)
    if {"grade", "class"} <= names and "class" in part.layout.columns:
        place = part.layout.columns["class"]
        _grade(part, columns, codes[place][part.positions], [class_name(word) for word in texts[place]])
    for column in part.table.columns:
        if not column.required or column.name in part.layout.columns or column.personal == "drop":
            continue
        empty = np.flatnonzero(columns[column.name].is_null().to_numpy(zero_copy_only=False))
        where = "列、表名、标题或文件名" if column.name in ("term", "school", "grade") else "列"
        part.faults += [
            Fault(int(position), column.label, "", f"没有写明{column.label}", f"请在{where}中写明{column.label}")
            for position in empty
        ]


def _term(part: Part, columns: dict[str, Any], setting: Setting) -> None:
    size = len(part.positions)
    if not size or columns["term"].null_count < size or "term" in part.layout.columns:
        return
    dates = next((c.name for c in part.table.columns if c.type == "date" and c.name in part.layout.columns), None)
    if dates is not None:
        encoded = columns[dates].dictionary_encode()
        found = [setting.term_of(day) if isinstance(day, date) else None for day in encoded.dictionary.to_pylist()]
        codes = encoded.indices.fill_null(len(found)).to_numpy(zero_copy_only=False)
        columns["term"] = coded(codes, [*found, None], pa.string())


def _grade(part: Part, columns: dict[str, Any], codes: np.ndarray, names: list[ClassName | None]) -> None:
    """Take the grade from the class name where nothing else tells it; hold it against the grade where something does."""
    said = np.array([name.grade or 0 if name else 0 for name in names] or [0])[codes]
    grade = columns["grade"].fill_null(0).to_numpy(zero_copy_only=False).copy()
    if "grade" not in part.layout.columns:
        grade = np.where(grade == 0, said, grade)
        columns["grade"] = pa.array(grade, pa.int64(), mask=grade == 0)
    for code in np.unique(codes[grade > 0]):
        name = names[code]
        if name is None or (name.grade is None and name.entered is None):
            continue
        for position in np.flatnonzero((codes == code) & (grade > 0)):
            own = int(grade[position])
            entered = _year(columns["term"], int(position)) - name.entered + 1 if name.entered else None
            if name.agrees(own) and (entered is None or own in (entered, entered + 6)):
                continue
            told = f"{name.grade}年级" if name.grade else f"{name.entered}级"
            reason = f"班名写的是{told}，与年级（{own}年级）不符"
            label = part.table.column("class").label
            part.faults.append(Fault(int(position), label, "", reason, "请核对年级与班级"))


def _year(terms: pa.Array, position: int) -> int:
    """Return the year in which the school year of a row's term begins; 0 if the term is not known."""
    term = terms[position].as_py()
    return int(term[:4]) if term else 0
