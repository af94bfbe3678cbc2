"""How much of the difference between class-days lies between schools, between classes of a school, and from day to day.

The components of a mixed model fitted by REML (`analysis.statistics.components`): grades are fixed; schools, classes within
schools, and days (what all classes of the district share on a day) are random; the rest is each class's own day. Grades
in which every class-day has the same load (no written homework in grades 1 and 2) hold no variation and are left out.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from analysis.indicators import dimensions, measuring
from analysis.indicators.catalogue import Entry
from analysis.indicators.estimation import LEVEL, scalar
from analysis.indicators.load import load
from analysis.indicators.memo import once
from analysis.indicators.registry import Figure, direct
from analysis.indicators.statistic import Group, Where
from analysis.statistics.components import Components, fit, products
from analysis.statistics.estimate import Estimate

if TYPE_CHECKING:
    from analysis.indicators.study import Study

DIMENSIONS = ("stage", "grade_band", "grade", "week", "weekday")
CLASS = ["school", "grade", "class"]


def varying(rows: pd.DataFrame) -> pd.DataFrame:
    """Return the rows of the grades whose class-days do not all have the same load, in one order on every engine."""
    rows = rows.sort_values([*CLASS, "date"])
    same = rows.groupby("grade")["total"].transform("nunique") == 1
    return rows[~same]


def components(rows: pd.DataFrame) -> Components | None:
    """Return the components of variance of the loads of class-days.

    Parameters
    ----------
    rows
        ``school, grade, class, date, total`` (minutes), one row a class-day, of grades that vary.

    Returns
    -------
    Components or None
        Of the factors ``school``, ``class``, ``day``, and ``rest`` (minutes²). None with fewer than two schools, fewer
        than two class-days a class on average (as on a single day), as many schools as classes, or where classes and
        days explain every load to the minute (no rest, no likelihood).
    """
    schools, classes = rows["school"].nunique(), rows[CLASS].drop_duplicates()
    if schools < 2 or len(classes) <= schools or len(rows) < 2 * len(classes):
        return None
    total = rows["total"].to_numpy(dtype=float)
    grades = np.unique(rows["grade"].to_numpy())
    fixed = np.column_stack([rows["grade"].to_numpy() == grade for grade in grades]).astype(float)
    random = {
        "school": rows.groupby("school", sort=True).ngroup().to_numpy(),
        "class": rows.groupby(CLASS, sort=True).ngroup().to_numpy(),
        "day": rows.groupby("date", sort=True).ngroup().to_numpy(),
    }
    levels = [random[name][:, None] == np.unique(random[name]) for name in ("class", "day")]
    both = np.column_stack(levels).astype(float)
    if np.abs(total - both @ np.linalg.lstsq(both, total, rcond=None)[0]).max() < 1e-6:
        return None
    return fit(products(total, fixed, random))


@direct("homework.between_schools", dimensions=DIMENSIONS)
def between_schools(study: Study, entry: Entry, by: tuple[str, ...], where: Where) -> list[Figure]:
    """Share of the variation of class-day loads that lies between schools."""
    return _figures(study, entry, by, where, "school")


@direct("homework.between_classes", dimensions=DIMENSIONS)
def between_classes(study: Study, entry: Entry, by: tuple[str, ...], where: Where) -> list[Figure]:
    """Share of the variation of class-day loads that lies between the classes of a school."""
    return _figures(study, entry, by, where, "class")


def _figures(study: Study, entry: Entry, by: tuple[str, ...], where: Where, part: str) -> list[Figure]:
    place = ("variation", by, repr(sorted(where.items())))
    kept = once(study._kept, place, lambda: _fitted(study, entry, by, where))  # one fit serves both shares
    found = [_figure(group, own, fitted, part) for group, own, fitted in kept]
    return sorted(found, key=lambda figure: [dimensions.place(name, figure.group[name]) for name in by])


def _fitted(
    study: Study, entry: Entry, by: tuple[str, ...], where: Where
) -> list[tuple[Group, pd.DataFrame, Components | None]]:
    rows = measuring.narrowed(measuring.counted(study, load, dict.fromkeys((*by, *where)), dated=True), where)
    rows = rows[rows["grade"].isin(entry.grades)] if entry.grades else rows
    known = varying(rows[rows["gap"] == 0]) if len(rows) else rows
    groups: list[tuple[Any, pd.DataFrame]] = list(known.groupby(list(by), sort=True)) if by else [((), known)]
    return [
        (dict(zip(by, map(scalar, name), strict=True)), own, components(own) if len(own) else None)
        for name, own in groups
    ]


def _figure(group: Group, rows: pd.DataFrame, fitted: Components | None, part: str) -> Figure:
    if fitted is None:
        estimate = Estimate(None, status="no data")
    else:
        limits = fitted.share_limits(part, LEVEL)
        estimate = Estimate(fitted.share(part), None, *limits, LEVEL, len(rows), method="reml profile")
    classes = len(rows[CLASS].drop_duplicates()) if len(rows) else 0
    schools = rows["school"].nunique() if len(rows) else 0
    return Figure(group, estimate, base=len(rows), schools=schools, classes=classes)
