"""What answers that cannot be read, or cannot be placed, may do to a share or a mean of answers.

Unknown is a questionnaire that was put aside, an answer to the item that is none of its options, and, where a figure is of a
grade or class, an answer that does not tell its own. A bound is the value if all of these were at one end, each in the cell
(a grade of a school) that it is of; one whose cell is not known stands where it does most, as far as its school allows
(Manski 2003, chapter 1; cells weigh as much as their enrolment, as in the figure itself).
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import pandas as pd

from analysis.house.arrays import Floats
from analysis.indicators import satisfaction_survey as source
from analysis.indicators.refused import compatible
from analysis.indicators.statistic import Group, Where

if TYPE_CHECKING:
    from analysis.indicators.satisfaction import Question
    from analysis.indicators.study import Study

KEYS = ["school", "grade", "class"]
Cell = tuple[str, int]
_NOBODY = 1e-9


@dataclass(frozen=True)
class Open:
    """What a share leaves open beside the questionnaires that were put aside.

    Parameters
    ----------
    unread
        `KEYS` of the questionnaires that may be of either kind.
    ends
        (rows,) what each answer is worth at one end and at the other, NaN for those; None: the same at both.
    """

    unread: pd.DataFrame
    ends: tuple[Floats, Floats] | None = None


@dataclass
class Cells:
    """The cells of a group: what their answers add up to (each between 0 and 1), how many they are, what a cell weighs."""

    total: dict[Cell, float] = field(default_factory=dict)
    count: dict[Cell, float] = field(default_factory=dict)
    weight: dict[Cell, float] = field(default_factory=dict)

    def add(self, cell: Cell, total: float, count: float) -> None:
        """Add answers to a cell."""
        self.total[cell] = self.total.get(cell, 0.0) + total
        self.count[cell] = self.count.get(cell, 0.0) + count

    def least(self, fixed: dict[Cell, int], floating: list[tuple[int, list[Cell]]]) -> float | None:
        """Return the least weighted share: unknown answers are 0, those of no known cell stand where they lower it most."""
        total, count = dict(self.total), dict(self.count)
        for cell, number in fixed.items():
            total.setdefault(cell, 0.0)
            count[cell] = count.get(cell, 0.0) + number
        self._lent(total, count)
        for number, cells in floating:
            able = [cell for cell in cells if cell in count]
            for _ in range(number if able else 0):
                best = max(able, key=lambda cell: self._falls(cell, total, count))
                count[best] = 1.0 if count[best] < 1 else count[best] + 1
                total[best] = 0.0 if count[best] == 1.0 and total[best] <= _NOBODY else total[best]
        weighs = sum(self.weight[cell] for cell in count)
        return sum(self.weight[cell] * total[cell] / count[cell] for cell in count) / weighs if weighs else None

    def _lent(self, total: dict[Cell, float], count: dict[Cell, float]) -> None:
        """Give a cell without answers the share of its school's nearest one; a school without any is left out."""
        there = {cell for cell, number in count.items() if number > 0}
        for cell in self.weight:
            own = [other for other in there if other[0] == cell[0]]
            if cell in there or not own:
                continue
            near = min(own, key=lambda other: (abs(other[1] - cell[1]), other[1]))
            count[cell], total[cell] = _NOBODY, _NOBODY * total[near] / count[near]
        for cell in [cell for cell in count if count[cell] == 0]:
            del count[cell], total[cell]

    def _falls(self, cell: Cell, total: dict[Cell, float], count: dict[Cell, float]) -> float:
        number = count[cell]
        more = 0.0 if number < 1 else total[cell] / (number + 1)
        return self.weight[cell] * (total[cell] / number - more)


def refused(study: Study, survey: source.Survey) -> pd.DataFrame:
    """Return the questionnaires of a wave that were put aside: `KEYS` as far as known, ``rows``; a row of no wave may be of any."""
    rows = study.snapshot.refused()
    rows = rows[rows["table"] == "survey"]
    for name, told in (("role", survey.role), ("wave", survey.wave)):
        rows = rows[rows[name].isna() | (rows[name] == told)]
    schools = [study.scope.school] if study.scope.school else list(study.schools["school"])
    rows = rows[rows["school"].isna() | rows["school"].isin(schools)]
    return rows[[*KEYS, "rows"]].astype({"grade": "Int64", "rows": "int64"})


def without_place(answers: pd.DataFrame, names: Collection[str]) -> pd.Series[bool]:
    """Tell which answers do not tell their grade, or, where classes are told apart, their class."""
    unplaced = answers["grade"].isna()
    return unplaced | answers["class"].isna() if "class" in names else unplaced


def bounds(
    study: Study, asked: Question, values: Floats, told: Group, where: Where, unread: pd.DataFrame | None = None
) -> tuple[int, tuple[float, float] | None]:
    """Return how many answers of a group are unknown, and the least and the greatest weighted share.

    Parameters
    ----------
    study, asked
        The study, and the question asked.
    values
        (rows,) what each answer is worth, from 0 to 1; NaN where there is none.
    told, where
        The group; the narrowing.
    unread
        `KEYS` of what is unknown beside; default: the answers to the item that cannot be read.
    """
    survey = asked.survey
    narrowed = {name: value for name, value in {**where, **told}.items() if name in (*KEYS, "stage", "grade_band")}
    aside = refused(study, survey)
    unread = survey.unread[survey.unread["item"] == asked.item] if unread is None else unread
    lacking = pd.concat([aside, unread[KEYS].assign(rows=1)]) if len(unread) else aside
    lacking = lacking[compatible(lacking, narrowed, study.days)]
    answers = survey.answers[[*KEYS]].assign(value=values, rows=1)
    answers = answers[answers["value"].notna()]
    answers = answers[compatible(answers, narrowed, study.days)]
    placeless = without_place(answers, narrowed)
    if not len(lacking) and not placeless.any():
        return 0, None
    whole = source.enrolled_cells(survey.answers, survey.invited)
    cells, known = Cells(), answers[~placeless]
    for school, grade, value in known[["school", "grade", "value"]].itertuples(index=False, name=None):
        cells.add((school, int(grade)) if whole else ("", 0), float(value), 1)
    invited = survey.invited[compatible(survey.invited, {n: v for n, v in narrowed.items() if n != "class"}, study.days)] if len(survey.invited) else survey.invited  # fmt: skip
    cells.weight = {(school, int(grade)): float(number) for school, grade, number in invited[["school", "grade", "invited"]].itertuples(index=False, name=None)} if whole else {}  # fmt: skip
    for cell in {("", 0)} if not whole else set(cells.count):
        cells.weight.setdefault(cell, max(cells.count.get(cell, 1.0), 1.0))

    def placed(rows: pd.DataFrame) -> tuple[dict[Cell, int], list[tuple[int, list[Cell]]]]:
        fixed: dict[Cell, int] = {}
        floating: dict[object, int] = {}
        for school, grade, number in rows[["school", "grade", "rows"]].itertuples(index=False, name=None):
            cell = ("", 0) if not whole else None if pd.isna(school) or pd.isna(grade) else (str(school), int(grade))
            if cell in cells.weight:
                fixed[cell] = fixed.get(cell, 0) + int(number)
            else:
                place = None if pd.isna(school) else str(school)
                floating[place] = floating.get(place, 0) + int(number)
        return fixed, [(n, [c for c in cells.weight if place in (None, c[0])]) for place, n in floating.items()]

    loose = answers[placeless]
    ends = []
    for turned in (False, True):
        worth = 1 - loose["value"] if turned else loose["value"]
        fixed, floating = placed(pd.concat([lacking[[*KEYS, "rows"]], loose.loc[worth < 1, [*KEYS, "rows"]]]))
        if turned:
            cells.total = {cell: cells.count[cell] - total for cell, total in cells.total.items()}
        for number, able in floating:  # of a school none of whose answers can be placed: as good as one cell
            if able and not any(cell in cells.count or cell in fixed for cell in able):
                fixed[able[0]] = fixed.get(able[0], 0) + number
        ends.append(cells.least(fixed, floating))
    least, most = ends
    number = int(lacking["rows"].sum()) + int(placeless.sum())
    return number, None if least is None or most is None else (least, 1 - most)
