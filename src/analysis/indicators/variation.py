"""How much of the difference between class-days lies between schools, between classes of a school, and from day to day.

The components of variance of a nested layout (school, class within school, day within class), after the average of each
grade has been taken out; estimated from sums of squares (Searle, Casella & McCulloch 1992, chapter 5, unbalanced data),
negative ones set to 0. They need only the histogram of loads by class.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from scipy import special

from analysis.indicators import dimensions, measuring
from analysis.indicators.catalogue import Entry
from analysis.indicators.estimation import LEVEL
from analysis.indicators.load import load
from analysis.indicators.registry import Figure, direct
from analysis.statistics.estimate import Estimate

if TYPE_CHECKING:
    from analysis.indicators.study import Study

DIMENSIONS = ("stage", "grade_band", "grade", "week", "weekday")


def components(rows: pd.DataFrame) -> dict[str, float] | None:
    """Return the components of variance of counted loads.

    Parameters
    ----------
    rows
        ``school, grade, class, total`` (minutes), ``class_days`` (how many).

    Returns
    -------
    dict or None
        ``school``, ``class``, ``day`` (variances in minutes²), ``n`` (class-days), ``schools``, ``classes``, and for the
        interval ``f`` (mean square of schools over that of classes), ``df_schools``, ``df_classes``, ``size`` (class-days
        behind a school's mean, as the expectation of its mean square weighs them). None with fewer than two schools, or
        where no school has two classes, or no class two days.
    """
    rows = rows.sort_values(["school", "grade", "class", "total"])  # sums of floats in one order on every engine
    weights = rows["class_days"].to_numpy(dtype=float)
    grade = rows["grade"].to_numpy()
    values = rows["total"].to_numpy(dtype=float)
    for each in np.unique(grade):
        own = grade == each
        values = np.where(own, values - np.average(values[own], weights=weights[own]), values)
    school = rows.groupby("school", sort=True).ngroup().to_numpy()
    cluster = rows.groupby(["school", "grade", "class"], sort=True).ngroup().to_numpy()
    days, squares = np.bincount(cluster, weights), np.bincount(cluster, weights * values**2)
    means = np.bincount(cluster, weights * values) / days
    of_school = np.zeros(len(days), dtype=int)
    of_school[cluster] = school
    in_school = np.bincount(of_school, days)
    school_means = np.bincount(of_school, days * means) / in_school
    n, a, b = days.sum(), len(in_school), len(days)
    if a < 2 or b <= a or n <= b:
        return None
    total = float((in_school * school_means).sum() / n)
    ms_school = float((in_school * (school_means - total) ** 2).sum()) / (a - 1)
    ms_class = float((days * (means - school_means[of_school]) ** 2).sum()) / (b - a)
    ms_day = float((squares - days * means**2).sum()) / (n - b)
    within = (np.bincount(of_school, days**2) / in_school).sum()
    size_class = (n - within) / (b - a)
    size_class_of_school = (within - (days**2).sum() / n) / (a - 1)
    size_school = (n - (in_school**2).sum() / n) / (a - 1)
    day = ms_day
    of_class = max((ms_class - day) / size_class, 0.0)
    between = max((ms_school - day - size_class_of_school * of_class) / size_school, 0.0)
    expected = day + size_class_of_school * of_class
    return {
        "school": between, "class": of_class, "day": day, "n": n, "schools": a, "classes": b,
        "f": ms_school / expected if expected > 0 else 0.0, "df_schools": a - 1, "df_classes": b - a,
        "size": size_school, "expected": expected,
    }  # fmt: skip


def share_of(found: dict[str, float] | None, part: str) -> Estimate:
    """Return one component's share of the whole variation, with limits for that of schools.

    The limits are those of the ratio of two mean squares (F), the other components taken as known (Searle, Casella &
    McCulloch 1992, section 3.6, for the one-way layout).
    """
    if found is None:
        return Estimate(None)
    whole = found["school"] + found["class"] + found["day"]
    n = round(found["n"])
    if whole <= 0:
        return Estimate(0.0, n=n, status="too few")
    value = found[part] / whole
    if part != "school" or found["df_schools"] < 2:
        return Estimate(value, n=n, method="anova", status="ok" if part != "school" else "too few")
    tail = (1 - LEVEL) / 2
    limits = []
    for quantile in (1 - tail, tail):
        ratio = found["f"] / special.fdtri(found["df_schools"], found["df_classes"], quantile)
        between = max((ratio - 1) * found["expected"] / found["size"], 0.0)
        limits.append(between / (between + found["class"] + found["day"]) if found["class"] + found["day"] > 0 else 1.0)
    return Estimate(value, None, limits[0], limits[1], LEVEL, n, found["df_schools"], method="anova F")


@direct("homework.between_schools", dimensions=DIMENSIONS)
def between_schools(study: Study, entry: Entry, by: tuple[str, ...], where: measuring.Where) -> list[Figure]:
    """Share of the variation of class-day loads that lies between schools."""
    return _figures(study, by, where, "school")


@direct("homework.between_classes", dimensions=DIMENSIONS)
def between_classes(study: Study, entry: Entry, by: tuple[str, ...], where: measuring.Where) -> list[Figure]:
    """Share of the variation of class-day loads that lies between the classes of a school."""
    return _figures(study, by, where, "class")


def _figures(study: Study, by: tuple[str, ...], where: measuring.Where, part: str) -> list[Figure]:
    rows = measuring.narrowed(measuring.counted(study, load, dict.fromkeys((*by, *where))), where)
    known = rows[rows["gap"] == 0] if len(rows) else rows
    groups: list[tuple[Any, pd.DataFrame]] = [((), known)]
    if by:
        groups = list(known.groupby(list(by), sort=True))
    found = []
    for name, own in groups:
        parts = components(own) if len(own) else None
        group = dict(zip(by, (each.item() if hasattr(each, "item") else each for each in name), strict=True))
        estimate = share_of(parts, part)
        schools, classes = own["school"].nunique(), len(own[["school", "grade", "class"]].drop_duplicates())
        base = int(own["class_days"].sum())
        found.append(Figure(group, estimate, base=base, schools=schools, classes=classes))
    return sorted(found, key=lambda figure: [dimensions.place(name, figure.group[name]) for name in by])
