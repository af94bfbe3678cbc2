"""A school compared with the rest of its district, grade by grade: are its classes others than any classes would be?

Another question than that of `analysis.statistics.process`: there a school's classes are given, here they are a draw. A
school differs only if it does so by more than classes of one grade differ anyway, and weeks. The difference is that of the
ratios of each grade, weighted with the school's own base in the grades; written as a sum over classes, Σ a_c · r_c with
Σ a_c = 0 in every grade. Its variance has two parts::

    V = s² · Σ a_c²  +  V(Σ_w Σ_c (a_c / den_c) · (num_cw − r_c · den_cw))

s² is the mean square of the class ratios after the schools and the grades have been taken out (an additive model over all
schools that teach the grades compared), so that it can be told where a school has one class a grade; a school that does
better in one grade and worse in another adds to it. The second part is that of the weeks (EWC, as for a process); what
strikes all schools alike cancels in it. A class's own day-to-day noise is in both parts: the sum errs on the careful side.
The degrees of freedom are Satterthwaite's (1946). Shares have at least the variance of Fisher's test of two counts.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import special

from analysis.house.arrays import Bools, Floats, Ints, summed
from analysis.statistics.process import residuals, total_variance


@dataclass(frozen=True)
class Contrast:
    """A school's difference from the rest.

    Parameters
    ----------
    difference
        Ratio of the school less that of the rest, in the unit of the ratio.
    se, df, p
        Standard error, degrees of freedom, two-sided p value of no difference; None where classes are too few to tell.
    base
        The school's own denominator in the grades compared.
    classes, others
        Classes of the school, and other schools, in these grades.
    """

    difference: float
    se: float | None
    df: float | None
    p: float | None
    base: float
    classes: int
    others: int


def contrast(
    school: Ints,
    grade: Ints,
    unit: Ints,
    week: Ints | None,
    top: Floats,
    bottom: Floats,
    *,
    of: int,
    share: bool,
) -> Contrast | None:
    """Compare one school with all others.

    Parameters
    ----------
    school, grade, unit, week
        (rows,) numbers from 0 of school, grade, class (over all schools) and week in order of time; no weeks for
        what was asked once.
    top, bottom
        (rows,) numerator and denominator; one row is one class-day (or the smallest cell there is).
    of
        Number of the school.
    share
        Whether the ratio is a share (0–1).

    Returns
    -------
    Contrast or None
        None without data, or where no other school has data for a grade of the school.
    """
    own = school == of
    there = bottom > 0
    compared = np.intersect1d(grade[own & there], grade[~own & there])
    kept = there & np.isin(grade, compared)
    if not kept.any():
        return None
    school, grade, top, bottom = school[kept], grade[kept], top[kept], bottom[kept]
    grade = np.unique(grade, return_inverse=True)[1]
    _, first, unit = np.unique(unit[kept], return_index=True, return_inverse=True)
    of_school, of_grade = school[first], grade[first]
    base = summed(unit, bottom)
    ratio = summed(unit, top) / base
    mine = of_school == of
    a = _weights(mine, of_grade, base)
    mean_square, df_class = _between_classes(of_school, of_grade, ratio)
    parts, freedoms = [mean_square * float((a**2).sum())], [df_class]
    if week is not None:
        scaled = residuals(unit, top, bottom) * (a / base)[unit]
        variance, df_week = total_variance(np.zeros(len(unit), dtype=int), week[kept], scaled, 1)
        parts, freedoms = [*parts, float(variance[0])], [*freedoms, float(df_week[0])]
    difference = float((a * ratio).sum())
    counts = float(base[mine].sum()), int(mine.sum()), len(np.unique(of_school)) - 1
    if min(freedoms) < 2:
        return Contrast(difference, None, None, None, *counts)
    variance_ = sum(parts)
    df = variance_**2 / sum(v**2 / f for v, f in zip(parts, freedoms, strict=True)) if variance_ > 0 else min(freedoms)
    if share:
        variance_ = max(variance_, _of_two_counts(school == of, top, bottom))
    se = float(np.sqrt(variance_))
    p = float(2 * special.stdtr(df, -abs(difference) / se)) if se > 0 else float(abs(difference) < 1e-12)
    return Contrast(difference, se, float(df), p, *counts)


def _weights(mine: Bools, grade: Ints, base: Floats) -> Floats:
    """Return the factor of each class's ratio in the grade-standardised difference."""
    of_school, of_rest = np.bincount(grade, base * mine), np.bincount(grade, base * ~mine)
    within = base / np.where(mine, of_school[grade], -of_rest[grade])
    weights: Floats = within * (of_school / of_school.sum())[grade]
    return weights


def _between_classes(school: Ints, grade: Ints, ratio: Floats) -> tuple[float, float]:
    """Return the mean square of class ratios around an additive model of school and grade, and its degrees of freedom."""
    columns = [one == level for one in (school, grade) for level in np.unique(one)]
    model = np.column_stack(columns).astype(float)
    fitted, _, rank, _ = np.linalg.lstsq(model, ratio, rcond=None)
    df = float(len(ratio) - rank)
    return float(((ratio - model @ fitted) ** 2).sum()) / max(df, 1.0), df


def _of_two_counts(mine: Bools, top: Floats, bottom: Floats) -> float:
    """Return the least variance of a difference of two shares, were all class-days alike, with one more for it and one against."""
    cell = float((bottom**2).sum() / bottom.sum())
    whole = float(bottom.sum())
    p = (float(top.sum()) + cell) / (whole + 2 * cell)
    return p * (1 - p) * cell * (1 / float(bottom[mine].sum()) + 1 / float(bottom[~mine].sum()))
