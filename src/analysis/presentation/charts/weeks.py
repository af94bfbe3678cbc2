"""Lines over the weeks of a term, with the limits of their usual movement: has something changed, or is it the usual up and down?"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

import numpy as np
import pandas as pd
import seaborn
from matplotlib.axes import Axes
from matplotlib.ticker import MaxNLocator

from analysis.indicators.statistic import Statistic, Statistics
from analysis.presentation import wording
from analysis.presentation.charts import theme
from analysis.presentation.charts.axes import widened
from analysis.presentation.charts.canvas import canvas
from analysis.presentation.charts.frame import framed
from analysis.presentation.content import Run, figure_run, joined, literal_run, words
from analysis.presentation.edition import Edition
from analysis.presentation.references import UNKNOWN
from analysis.rules import Rule

MOST_PANELS = 9
MOST_WEEKS = 6
"""Weeks that a title names one by one."""


def weeks(
    name: str,
    statistics: Statistics,
    *,
    title: str = "",
    subtitle: str = "",
    limits: pd.DataFrame | None = None,
    rules: Mapping[Any, Rule] | None = None,
    rule: Rule | None = None,
    only: str = "",
    **refs: object,
) -> None:
    """Draw a course over the term, one small field for each group.

    Parameters
    ----------
    name
        Short name in Latin letters.
    statistics
        Figures by ``week``, or by week and one more dimension (a field each, at most nine).
    title, subtitle
        Templates as in `say`; by default made from the data (the weeks outside the limits, or the range).
    limits
        Control limits as `Study.monitor` gives them, one row a week: ``week, smoothed, centre, lower, upper, signal``;
        with a second dimension also a column of its name. Shares are 0–1.
    rules
        Group → rule, where the fields have different rules.
    rule
        One rule for all fields.
    only
        ``district`` or ``school``.
    **refs
        Further references of title and subtitle.
    """
    frame = framed(name, statistics, only)
    if frame is None:
        return
    other = next((dimension for dimension in statistics.by if dimension != "week"), "")
    panels = _panels(frame.items, other)
    signals = _signals(limits)
    heading = frame.title(
        title, {"it": statistics, **refs}, _finding(frame.items, signals, limits is not None, statistics.by)
    )
    what = "实线为每周数值"
    if limits is not None:
        what += ("，点划线为平滑值" if _smooth(limits) else "") + "，灰带为通常的起伏范围，圈出的周在范围以外"
    makeup = _makeup(frame.edition, frame.items)
    what += "，方点为含调休上课日的周" if makeup else ""
    below = frame.title(subtitle, {"it": statistics, **refs}, wording.drawn(frame.items, what))
    across = min(len(panels), 3)
    down = math.ceil(len(panels) / across)
    with canvas(name, 12 + 40 * down if down > 1 else 56, rows=down, columns=across, sharex=True, sharey=True) as sheet:
        for ax, (key, items) in zip(sheet.axes, panels.items(), strict=False):
            judged = (rules or {}).get(key, rule)
            _draw(ax, items, _limits_of(limits, other, key), judged, next(iter(items)).unit == "%", makeup)
            if other:
                ax.set_title(_panel_name(items[0], other), loc="left", fontweight="bold")
        for ax in sheet.axes[len(panels) :]:
            ax.set_axis_off()
        sheet.axes[0].set_ylabel("" if panels[next(iter(panels))][0].unit == "%" else frame.items[0].unit)
        for ax in sheet.axes[-across:]:
            ax.set_xlabel("教学周")
        judged_rules = [each for each in (*(rules or {}).values(), rule) if each is not None]
        sheet.literals.extend(wording.declared((), (), each)[0] for each in judged_rules)
        frame.put(sheet, heading, below, "按教学周的折线图", rule=rule)


def _panels(items: Sequence[Statistic], other: str) -> dict[object, list[Statistic]]:
    panels: dict[object, list[Statistic]] = {}
    for item in items:
        key = (item.scope.school or dict(item.scope.group).get(other)) if other else ""
        panels.setdefault(key, []).append(item)
    return dict(list(panels.items())[:MOST_PANELS])


def _panel_name(item: Statistic, other: str) -> str:
    """Return the name of a field: the group's label without the week's."""
    from analysis.presentation.charts.names import dimension_label

    return dimension_label(item, other)


def _week(item: Statistic) -> int:
    return int(dict(item.scope.group)["week"])


def _draw(
    ax: Axes,
    items: Sequence[Statistic],
    limits: pd.DataFrame | None,
    rule: Rule | None,
    share: bool,
    makeup: Sequence[int],
) -> None:
    known = [item for item in items if item.known]
    factor = 100 if share else 1
    at = [_week(item) for item in known]
    values = [float(item.value or 0.0) * factor for item in known]
    line = partial(seaborn.lineplot, estimator=None, errorbar=None, ax=ax)
    if limits is not None and len(limits):
        band = [_numbers(limits, column) * factor for column in ("lower", "upper", "centre")]
        ax.fill_between(
            limits["week"], band[0], band[1], color=theme.PALE, alpha=0.6, linewidth=0, step="mid", zorder=0
        )
        line(x=limits["week"], y=band[2], color=theme.MUTED, linewidth=0.8, linestyle="--", zorder=1)
        smoothed = _numbers(limits, "smoothed") * factor
        if _smooth(limits):
            line(x=limits["week"], y=smoothed, color=theme.INK, linewidth=1.1, linestyle="-.", zorder=2)
    line(x=at, y=values, color=theme.MAIN, marker="o", markersize=3, markeredgecolor=theme.MAIN, zorder=3)
    odd = [(week, value) for week, value in zip(at, values, strict=True) if week in makeup]
    ax.plot([week for week, _ in odd], [value for _, value in odd], "s", color=theme.MAIN, markersize=5, zorder=3)
    if limits is not None and len(limits):
        outside = limits["signal"].to_numpy(bool)
        marked = list(zip(limits["week"].to_numpy()[outside], smoothed[outside], strict=True))
        ax.plot([m[0] for m in marked], [m[1] for m in marked], "o", markersize=9, color=theme.ACCENT, fillstyle="none")
    if rule is not None:
        level = wording.rule_at(rule)
        ax.axhline(level, color=theme.ACCENT, linewidth=1.1)
        ax.text(
            1.0,
            level,
            wording.rule_words(rule),
            transform=ax.get_yaxis_transform(),
            ha="right",
            va="bottom",
            color=theme.ACCENT,
            fontsize=theme.SMALL,
        )
    ax.set(xlabel="", ylabel="")
    ax.yaxis.set_major_formatter(lambda tick, _: f"{tick:g}%" if share else f"{tick:g}")
    widened(ax.yaxis, "%" if share else "")
    ax.xaxis.set_major_locator(MaxNLocator(integer=True))
    ax.grid(axis="y")


def _numbers(limits: pd.DataFrame, column: str) -> np.ndarray:
    return limits[column].to_numpy(dtype=float, na_value=np.nan)


def _smooth(limits: pd.DataFrame) -> bool:
    """Tell whether a series is smoothed: then the limits are those of the smoothed one."""
    return not np.allclose(_numbers(limits, "smoothed"), _numbers(limits, "value"), equal_nan=True)


def _limits_of(limits: pd.DataFrame | None, other: str, key: object) -> pd.DataFrame | None:
    return limits[limits[other] == key] if limits is not None and other in limits else limits


def _signals(limits: pd.DataFrame | None) -> dict[str, list[int]]:
    """Return the weeks above and those below the limits."""
    if limits is None or limits.empty:
        return {}
    outside = limits[limits["signal"].astype(bool)]
    above = _numbers(outside, "smoothed") > _numbers(outside, "upper")
    found = {"高于": outside.loc[above, "week"], "低于": outside.loc[~above, "week"]}
    return {word: sorted({int(week) for week in weeks}) for word, weeks in found.items() if len(weeks)}


def _makeup(edition: Edition, items: Sequence[Statistic]) -> list[int]:
    """Return the weeks shown that hold a school day in place of another (调休上课)."""
    if edition.study is None:
        return []
    days = edition.study.days
    held = {int(week) for week in days.loc[days["makeup"].astype(bool), "week"]}
    return sorted(held & {_week(item) for item in items if item.known})


def _finding(
    items: Sequence[Statistic], signals: Mapping[str, Sequence[int]], limited: bool, by: Sequence[str]
) -> list[Run]:
    known = [item for item in items if item.known]
    if not known:
        return [words(UNKNOWN)]
    label = figure_run(known[0].label, known[0], "label")
    if not limited:
        return wording.subject(known[0], by)
    if not signals:
        return [label, words("各周都在通常的起伏范围内，没有可指认的变化")]
    said = [
        [
            literal_run(_told_weeks(weeks), "date"),
            words(f"{word}通常的起伏范围"),
        ]
        for word, weeks in signals.items()
    ]
    return [label, words("："), *joined(said, "，")]


def _told_weeks(weeks: Sequence[int]) -> str:
    """Write weeks: 第3、5周, of many the first."""
    return f"第{'、'.join(map(str, weeks[:MOST_WEEKS]))}{'周' if len(weeks) <= MOST_WEEKS else '等周'}"
