"""Chinese names of the values of a dimension, for axes."""

from __future__ import annotations

from typing import Any

from analysis.indicators.statistic import Statistic

GRADES = "一二三四五六七八九"
BANDS = {"lower": "一、二年级", "middle": "三至六年级", "junior": "七至九年级"}
STAGES = {"primary": "小学", "junior": "初中", "nine_year": "九年一贯制"}
ROLES = {"parent": "家长", "student": "学生"}


def value_name(dimension: str, value: Any) -> str:
    """Return the Chinese name of a value: grade 3 → 三年级, weekday 3 → 周三, week 5 → 第5周; others as they are."""
    if dimension == "grade" and str(value).isdigit() and 1 <= int(value) <= len(GRADES):
        return f"{GRADES[int(value) - 1]}年级"
    if dimension == "weekday" and str(value).isdigit() and 1 <= int(value) <= 7:
        return f"周{'一二三四五六日'[int(value) - 1]}"
    if dimension == "week":
        return f"第{value}周"
    named = {"grade_band": BANDS, "stage": STAGES, "role": ROLES}.get(dimension, {})
    return str(named.get(value, value))


def dimension_label(item: Statistic, dimension: str) -> str:
    """Return the name of one dimension of a figure's group."""
    value = dict(item.scope.group).get(dimension)
    if value is None:
        return item.group_label
    return value_name(dimension, value)


def school_name(item: Statistic, by: tuple[str, ...]) -> str:
    """Return a school's name from the label of a figure by school and one more dimension: 第一小学三年级 → 第一小学."""
    others = [dimension_label(item, dimension) for dimension in by if dimension != "school"]
    name = item.group_label
    for other in others:
        name = name.replace(other, "")
    return name.strip("·、 ") or item.group_label


def dimension_value(item: Statistic, dimension: str) -> Any:
    """Return the raw value of one dimension of a figure's group."""
    return item.scope.school if dimension == "school" else dict(item.scope.group).get(dimension)
