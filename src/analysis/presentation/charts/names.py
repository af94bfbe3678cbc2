"""Names and values of the single dimensions of a figure's group, for the axes of charts."""

from __future__ import annotations

from analysis.indicators.dimensions import label
from analysis.indicators.statistic import Statistic


def dimension_label(item: Statistic, dimension: str) -> str:
    """Return the name of one dimension of a figure's group: 三年级 of 三年级周三."""
    group = dict(item.scope.group)
    if dimension not in group or dimension == "item":
        return item.group_label
    return label(dimension, group[dimension], {})


def school_name(item: Statistic, by: tuple[str, ...]) -> str:
    """Return a school's name from the label of a figure by school and one more dimension: 第一小学三年级 → 第一小学."""
    name = item.group_label
    for dimension in by:
        if dimension != "school":
            name = name.replace(label(dimension, dict(item.scope.group).get(dimension), {}), "")
    return name.strip("·、 ") or item.group_label


def dimension_value(item: Statistic, dimension: str) -> object:
    """Return the raw value of one dimension of a figure's group."""
    return item.scope.school if dimension == "school" else dict(item.scope.group).get(dimension)
