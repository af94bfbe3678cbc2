"""What a public edition may say: the policy as named constants, and one question asked of each figure."""

from __future__ import annotations

from analysis.indicators.statistic import Statistic
from analysis.reference.settings import SMALLEST_CELL, settings

SMALL_GROUP = 30
"""A group below this size is small: a share near 0 % or 100 % in it would tell of nearly everyone in it."""

NEAR_CERTAIN = 0.05
"""How near to 0 or 1 a share must be for that."""

INSTITUTIONS = (
    "所",
    "项",
    "批次",
    "类别",
    "模式",
    "方案",
    "措施",
    "课程",
    "门",
    "名额",
    "元",
    "家",
    "件",
    "份合同",
    "组成单位",
)
"""Units of bases that count institutions, papers or money, not people or their days: shown whatever their number."""

UNNAMED = "一所学校"
"""What a public edition calls a school that it does not name."""

REASONS = {
    "small cell": "人数或次数过少",
    "small group": "小群体中的比例接近全有或全无",
    "complement": "与已公布的数相减可推出被隐去的数",
}
"""Why a figure is hidden, as the page says it."""


def threshold() -> int:
    """Return the smallest cell that a public edition shows: `SMALLEST_CELL`, or more if the settings say so."""
    return settings().disclosure.threshold


def of_institutions(statistic: Statistic) -> bool:
    """Tell whether a figure counts institutions, papers or money, not people or their days."""
    return statistic.base_unit.removeprefix("个").startswith(INSTITUTIONS)


def unsafe(statistic: Statistic, smallest: int = SMALLEST_CELL) -> str:
    """Return why a figure must not stand in a public edition: a key of `REASONS`, or ``""`` if it may.

    Parameters
    ----------
    statistic
        A figure; one without a value is safe, there is nothing to tell.
    smallest
        The smallest cell shown.

    Notes
    -----
    1. Figures about institutions (base counted in a unit of `INSTITUTIONS`) are safe.
    2. A base from 1 to `smallest` − 1 is a small cell; so is a count in that range (a figure in the
       unit of its base, such as class-days).
    3. A share within `NEAR_CERTAIN` of 0 or 1 in a group smaller than `SMALL_GROUP` tells of its single members.
    """
    if not statistic.known or of_institutions(statistic):
        return ""
    if statistic.base is not None and 0 < statistic.base < smallest:
        return "small cell"
    value = statistic.value
    if value is None:
        return ""
    if statistic.unit != "%":
        return "small cell" if statistic.unit == statistic.base_unit and 0 < value < smallest else ""
    group = statistic.denominator if statistic.denominator is not None else statistic.base
    if group is not None and group < SMALL_GROUP and not NEAR_CERTAIN < value < 1 - NEAR_CERTAIN:
        return "small group"
    return ""
