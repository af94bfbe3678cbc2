"""Which figures a study of this process has computed: no other may be published as an indicator's.

A `Statistic` is a plain value that anyone can write down. What measures, counts or compares keeps what it made here, by
all that makes a figure what it is: indicator, scope, estimate, counts, snapshot and slice. A document asks before it
shows one. Changes of the label alone (a peer's name) are no other figure.
"""

from __future__ import annotations

from collections.abc import Iterable

from analysis.house import UserError
from analysis.indicators.catalogue import entries
from analysis.indicators.statistic import Statistic

OWN = "own."
"""Prefix of a researcher's own indicators (`analysis.indicators.own`)."""

_OF_DOCUMENTS = ("reporting.", "register.")  # counts of what was handed in, and of registers of letters
_DERIVED = (".groups", ".difference", ".held", ".rest")
# How many groups are so; a school less the rest of the district; what some groups hold of all exceptions; the rest without them.
_COMPUTED: set[tuple[object, ...]] = set()


def declared(indicator: str) -> bool:
    """Tell whether an id is one that a page may show: of the catalogue, derived from one, a count, or marked as own."""
    if indicator.startswith((OWN, *_OF_DOCUMENTS)):
        return True
    head = next((indicator.removesuffix(end) for end in _DERIVED if indicator.endswith(end)), indicator)
    return head in entries()


def _core(item: Statistic) -> tuple[object, ...]:
    counts = (item.numerator, item.denominator, item.base, item.unknown, item.bounds)
    return item.indicator, item.scope, item.estimate, *counts, item.unit, item.snapshot, item.slice


def keep(items: Iterable[Statistic]) -> None:
    """Remember figures as computed; called by what computes them."""
    _COMPUTED.update(map(_core, items))


def need(item: Statistic) -> None:
    """Make sure that a figure was computed in this process.

    Raises
    ------
    UserError
        If it was not: typed in, or changed by hand after it was measured.
    """
    if _core(item) not in _COMPUTED or not declared(item.indicator):
        raise UserError(
            f"“{item.label}”（{item.indicator}，{item.text}）不是由数据算出的统计量，不能发布；"
            "目录中的指标请用 study.measure(…) 取得，自己的指标请用 analysis.indicators.own_figure(…) 由数据行算出。"
        )
