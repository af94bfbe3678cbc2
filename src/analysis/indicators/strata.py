"""Means over strata of schools, for a region or a nation where schools carry weights (a sample, or unequal sizes)."""

from __future__ import annotations

import narwhals as nw
import pandas as pd

from analysis.indicators.engine import Lazy
from analysis.statistics.design import SurveyDesign


def school_sums(ledger: Lazy) -> Lazy:
    """Return the minutes of each school's homework and the rows that tell them.

    Parameters
    ----------
    ledger
        Columns ``school``, ``minutes`` (missing where unknown; such rows do not count).

    Returns
    -------
    narwhals.LazyFrame
        ``school``, ``minutes``, ``rows`` (whole numbers): a nation's ledger becomes one row a school.
    """
    rows = ledger.select("school", "minutes", nw.col("minutes").alias("rows"))
    return rows.group_by("school").agg(nw.col("minutes").sum(), nw.col("rows").count())


def stratum_means(sums: pd.DataFrame, schools: pd.DataFrame) -> pd.DataFrame:
    """Return the weighted mean of minutes in each stratum with its standard error between schools.

    Parameters
    ----------
    sums
        ``school``, ``minutes``, ``rows`` as `school_sums` counts them.
    schools
        ``school``, ``stratum``, ``weight`` (how many schools one stands for).

    Returns
    -------
    pandas.DataFrame
        Indexed by stratum: ``value se lower upper df n`` (n: schools), the ratio of weighted totals with schools as
        clusters (Särndal, Swensson & Wretman 1992, eq. 5.6.10).
    """
    joined = sums.merge(schools[["school", "stratum", "weight"]], on="school")
    joined = joined[joined["rows"] > 0].astype({"minutes": "float64", "rows": "float64"})
    design = SurveyDesign(joined, strata="stratum", clusters="school", weights="weight", single_psu="adjust")
    table: pd.DataFrame = design.ratio("minutes", "rows", by="stratum")
    table.attrs.clear()  # the covariance cannot be written to a file
    return table
