"""Answers on a scale: the whole distribution, what counts as satisfied, and who did not really answer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from analysis.house import UserError
from analysis.house.arrays import Bools, Floats
from analysis.statistics.columns import Values, groups, numbers
from analysis.statistics.design import SurveyDesign


@dataclass(frozen=True)
class Scale:
    """A declared scale and the declared choice of what counts as satisfied.

    Parameters
    ----------
    labels
        Names of the steps, lowest first: step 1 is ``labels[0]``.
    satisfied
        Steps that count as satisfied (the top two of five, unless declared otherwise).
    """

    labels: tuple[str, ...] = ("非常不满意", "不满意", "一般", "满意", "非常满意")
    satisfied: tuple[int, ...] = (4, 5)

    def __post_init__(self) -> None:
        if not self.satisfied or not set(self.satisfied) < set(self.steps):
            raise UserError(
                f"“满意”应是 1 至 {len(self.labels)} 中的一部分分值，现为 {self.satisfied}；请改正量表声明。"
            )

    @property
    def steps(self) -> tuple[int, ...]:
        """The scores, 1 to the number of labels."""
        return tuple(range(1, len(self.labels) + 1))

    def top(self, scores: pd.Series | Floats) -> Floats:
        """Return 1.0 for satisfied, 0.0 for not, NaN for no answer.

        Raises
        ------
        UserError
            If a score lies off the scale, naming the row.
        """
        series = pd.Series(scores)
        values, name = numbers(pd.DataFrame(index=series.index), series, "分值")
        off = ~np.isnan(values) & ~np.isin(values, self.steps)
        if off.any():
            row = int(np.flatnonzero(off)[0])
            raise UserError(
                f"“{name}”列第 {row + 1} 行：读到“{values[row]:g}”，不在 1–{len(self.labels)} 的量表上；请改正或留空。"
            )
        return np.where(np.isnan(values), np.nan, np.isin(values, self.satisfied).astype(float))


def distribution(
    design: SurveyDesign,
    item: Values,
    scale: Scale,
    *,
    where: Values | None = None,
    by: object = None,
    level: float = 0.95,
) -> pd.DataFrame:
    """Return the share of every step of a scale, with intervals: ``step label`` and the columns of `proportion`.

    With `by` the group stands in the index; shares of a group add up to 1.
    """
    values, _ = numbers(design.frame, item)
    scale.top(values)
    split = by if by is not None else groups(design.frame, None).codes
    parts = []
    for step, label in zip(scale.steps, scale.labels, strict=True):
        answered = np.where(np.isnan(values), np.nan, (values == step).astype(float))
        table = design.proportion(answered, where=where, by=split, level=level)
        table.attrs = {}
        table.insert(0, "step", step)
        table.insert(1, "label", label)
        parts.append(table)
    result = pd.concat(parts)
    found: pd.DataFrame = result if by is not None else result.reset_index(drop=True)
    return found


def straight_lining(answers: pd.DataFrame, *, least: int = 5) -> Bools:
    """Tell who gave one and the same answer to every item (Kim, Dykema, Stevenson, Black & Moberg 2019: nondifferentiation).

    Parameters
    ----------
    answers
        (respondents, items) scores.
    least
        Fewest items answered for the pattern to mean anything.

    Returns
    -------
    numpy.ndarray
        Booleans. A straight line is a reason to look, not to delete: with content people it may be the truth.
    """
    scores = answers.to_numpy(dtype=float, na_value=np.nan)
    answered = (~np.isnan(scores)).sum(axis=1)
    low = np.where(np.isnan(scores), np.inf, scores).min(axis=1, initial=np.inf)
    high = np.where(np.isnan(scores), -np.inf, scores).max(axis=1, initial=-np.inf)
    found: Bools = (answered >= least) & (low == high)
    return found


def speeding(
    seconds: pd.Series | Floats | Sequence[float], items: int, *, least: float = 2.0, of_median: float = 0.3
) -> Bools:
    """Tell who answered faster than reading allows.

    Under two seconds an item (Huang, Curran, Keeney, Poposki & DeShon 2012), or under 30 % of the median time (Greszki,
    Meyer & Schoen 2015); unknown times are not fast.

    Parameters
    ----------
    seconds
        Time for the whole questionnaire.
    items
        Number of items in it.
    least
        Seconds an item takes at least.
    of_median
        Share of the median time that is too fast.
    """
    time = pd.to_numeric(pd.Series(seconds), errors="coerce").to_numpy(dtype=float, na_value=np.nan)
    known = time[~np.isnan(time)]
    if not len(known):
        return np.zeros(len(time), dtype=bool)
    limit = max(least * items, of_median * float(np.median(known)))
    found: Bools = np.nan_to_num(time, nan=np.inf) < limit
    return found
