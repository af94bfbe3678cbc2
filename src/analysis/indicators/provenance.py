"""Which figures a study of this process has computed: no other may be shown.

A `Statistic` is a plain value that anyone can write down. What measures, counts or compares seals what it made here; a
document asks before it shows one. The whole figure is sealed: indicator, scope, group and its label, unit, window, value,
bounds, interval, counts, rule. A copy that was altered anywhere is another figure, and nobody made it.

Only modules of this package seal. Python hides nothing from who writes in the same process, so this stops mistakes and
shortcuts; what stops a forger is `shuangjian verify`, which computes every figure of a packet again from the snapshot
(`analysis.running.recomputation`).
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterable

from analysis.house import UserError
from analysis.house.content import Json, digest
from analysis.indicators.catalogue import entries
from analysis.indicators.statistic import OWN, Statistic

_OF_DOCUMENTS = ("reporting.", "register.")  # counts of what was handed in, and of registers of letters
DERIVED = (".groups", ".difference", ".held", ".rest", ".missing", ".margin", ".base")
"""How many groups are so; a school less the rest of the district; what some groups hold of all exceptions; the rest without
them; what is missing behind several figures; how great that may be for a limit to be kept; on how much they rest."""
_PACKAGE = os.path.join(os.path.dirname(os.path.dirname(__file__)), "")
_MADE: set[Statistic] = set()
_WRITTEN: set[str] = set()


def declared(indicator: str) -> bool:
    """Tell whether an id is one that a page may show: of the catalogue, derived from one, a count, or marked as own."""
    if indicator.startswith((OWN, *_OF_DOCUMENTS)):
        return True
    head = next((indicator.removesuffix(end) for end in DERIVED if indicator.endswith(end)), indicator)
    return head in entries()


def address(item: Statistic) -> str:
    """Return what a figure is of within its document: indicator, school and group, as JSON."""
    return json.dumps([item.indicator, item.scope.school, dict(item.scope.group)], ensure_ascii=False, default=int)


def keep(items: Iterable[Statistic]) -> None:
    """Seal figures as computed; for the modules of this package that compute them.

    Raises
    ------
    UserError
        If the caller is a notebook or any other code outside the package.
    """
    if not sys._getframe(1).f_code.co_filename.startswith(_PACKAGE):
        raise UserError(
            "统计量只能由本程序从快照算出，不能自行登记；目录中的指标请用 study.measure(…) 取得，"
            "自己的指标请用 analysis.indicators.own_figure(…)。"
        )
    _MADE.update(items)


def need(item: Statistic) -> None:
    """Make sure that a figure was computed in this process.

    Raises
    ------
    UserError
        If it was not: typed in, or changed by hand after it was measured.
    """
    if item not in _MADE or not declared(item.indicator):
        raise UserError(
            f"“{item.label}”（{item.indicator}，{item.group_label or '全部'}，{item.text}）不是由数据算出的统计量，不能发布；"
            "目录中的指标请用 study.measure(…) 取得并原样引用，自己的指标请用 analysis.indicators.own_figure(…) 由快照算出。"
        )


def written(item: Statistic) -> Json:
    """Return a computed figure as content carries it (see `need`); `is_written` knows it again."""
    need(item)
    plain = item.as_dict()
    _WRITTEN.add(digest(plain))
    return plain


def is_written(plain: Json) -> bool:
    """Tell whether content carries a figure as it was computed."""
    return digest(plain) in _WRITTEN
