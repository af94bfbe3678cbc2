"""Schools that did not report: whether a figure, or its bounds, hold them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from analysis.house import UserError
from analysis.indicators.catalogue import entries
from analysis.indicators.provenance import DERIVED
from analysis.indicators.registry import bindings
from analysis.indicators.statistic import Statistic
from analysis.intake import dictionary

if TYPE_CHECKING:
    from analysis.indicators.study import Study

WITHOUT = "不含缺报"
"""What stands beside bounds that do not hold what the schools that did not report may have."""


def kept_by_schools(table: str) -> bool:
    """Tell whether a table is one that schools keep, each its own rows."""
    return any(
        each.name == table and any(c.name == "school" for c in each.columns) for each in dictionary.read().tables
    )


def alone(study: Study, id: str) -> Statistic | None:
    """Return the figure of a silent school alone, if it has one: then the district's counts it as lacking."""
    entry = entries().get(id)
    if entry is None or entry.kept_by == "district" or entry.interval == "time":
        return None  # a ledger kept by day knows no case without a row
    try:
        item = study.measure(id)
    except UserError:  # one that needs a group, or no single school has
        return None
    return item if isinstance(item, Statistic) and item.known and item.denominator else None


def counts_the_silent(study: Study, id: str) -> bool:
    """Tell whether a figure of the district holds the schools that did not report, as such that lack what is counted."""
    entry = entries().get(id)
    tables = [table for table in (entry.tables if entry else ()) if kept_by_schools(table) and table != "schools"]
    silent = [each.school for table in tables for each in study.district.reporting(table).missing]
    return bool(silent) and alone(study.at(silent[0]), id) is not None


def in_bounds(item: Statistic) -> bool:
    """Tell whether the bounds of a figure hold what the schools that did not report may have."""
    id = next((item.indicator.removesuffix(end) for end in DERIVED if item.indicator.endswith(end)), item.indicator)
    bound = bindings().get(id)
    return bound is not None and bound.unknown is not None and bound.unknown.silent


def left_out(item: Statistic, study: Study | None) -> str:
    """Return `WITHOUT` where schools did not report and neither a figure nor its bounds hold them; else ``""``."""
    if not item.missing or item.bounds is None or in_bounds(item):
        return ""
    return "" if study is not None and counts_the_silent(study, item.indicator) else WITHOUT
