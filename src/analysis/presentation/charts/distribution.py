"""The whole distribution: how many class-days have how many minutes, and where the rule stands."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd
import seaborn
from matplotlib.axes import Axes
from matplotlib.ticker import MaxNLocator

from analysis.indicators.statistic import Statistic, Statistics
from analysis.presentation import wording
from analysis.presentation.charts import theme
from analysis.presentation.charts.canvas import canvas
from analysis.presentation.charts.frame import framed
from analysis.presentation.content import Run, figure_run, joined, words
from analysis.rules import Rule

BIN = 5
"""Width of a bar in the unit of the axis."""


def distribution(
    name: str,
    histogram: pd.DataFrame,
    statistics: Statistics,
    *,
    value: str = "minutes",
    count: str = "class_days",
    panels: str = "",
    rules: Mapping[Any, Rule] | None = None,
    title: str = "",
    subtitle: str = "",
    width: int = BIN,
    only: str = "",
    **refs: object,
) -> None:
    """Draw histograms, one field a group, with a line for the rule; what lies beyond it is drawn darker and hatched.

    Parameters
    ----------
    name, title, subtitle, only, **refs
        As in `points`.
    histogram
        One row a value: `value`, `count` and, with several fields, the column `panels`.
    statistics
        The figures that the chart speaks of (one a field), such as the share within the rule; title and alt text are
        made from them. A field whose figure is hidden in this edition is not drawn.
    value, count
        Columns of the histogram.
    panels
        Column whose values are the fields.
    rules
        Field → rule; given, fields without one are left out.
    width
        Width of a bar.
    """
    frame = framed(name, statistics, only)
    if frame is None:
        return
    shown: dict[Any, Statistic] = {}
    for raw, item in zip(statistics, frame.items, strict=True):
        if item.known and (rules is None or dict(raw.scope.group).get(panels, "") in rules):
            shown[dict(raw.scope.group).get(panels, "")] = item
    fields = {key: _rows(histogram, panels, key) for key in shown}
    fields = {key: rows for key, rows in fields.items() if len(rows)}
    if not fields:
        return
    heading = frame.title(title, {"it": statistics, **refs}, _finding(list(shown.values())))
    drawn = "横轴为分钟，纵轴为班级日数" + ("，斜纹为超出规定的部分" if rules else "")
    below = frame.title(subtitle, {"it": statistics, **refs}, [words(drawn)])
    top = max(float(rows[value].max()) for rows in fields.values())
    edges = np.arange(0, math.ceil((top + 1) / width) * width + width, width, dtype=float)
    with canvas(name, 14 + 30 * len(fields), rows=len(fields)) as sheet:
        for ax, (key, rows) in zip(sheet.axes, fields.items(), strict=True):
            rule = (rules or {}).get(key)
            _draw(ax, rows[value].to_numpy(float), rows[count].to_numpy(float), edges, rule)
            ax.set_title(shown[key].group_label, loc="left", fontweight="bold")
            if rule is not None:
                sheet.literals.extend(wording.declared((), (), rule))
        sheet.axes[-1].set_xlabel("分钟")
        frame.put(sheet, heading, below, "直方图")


def _finding(items: Sequence[Statistic]) -> list[Run]:
    """Return a title that says what is drawn, with the share within the rule of each field."""
    label = figure_run(items[0].label, items[0], "label")
    each = joined([[figure_run(item.group_label, item, "group"), figure_run(item.text, item)] for item in items])
    return [words("每个班级日时长（分钟）的分布；"), label, words("："), *each]


def _rows(histogram: pd.DataFrame, panels: str, key: object) -> pd.DataFrame:
    return histogram[histogram[panels] == key] if panels else histogram


def _draw(ax: Axes, values: np.ndarray, counts: np.ndarray, edges: np.ndarray, rule: Rule | None) -> None:
    cap = math.inf if rule is None else rule.value
    within, beyond = values <= cap, values > cap
    for chosen, colour, hatch in ((within, theme.SERIES[1], ""), (beyond, theme.ACCENT, "////")):
        seaborn.histplot(
            x=values[chosen],
            weights=counts[chosen],
            bins=list(edges),
            shrink=0.92,
            color=colour,
            hatch=hatch,
            edgecolor="white",
            linewidth=0.4,
            alpha=1.0,
            ax=ax,
        )
    if rule is not None:
        ax.axvline(rule.value, color=theme.INK, linewidth=1.1)
        ax.text(
            rule.value,
            1.0,
            f" {wording.rule_words(rule)}",
            transform=ax.get_xaxis_transform(),
            va="top",
            fontsize=theme.SMALL,
        )
    ax.set_xlim(edges[0], edges[-1])
    ax.set(xlabel="", ylabel="班级日")
    ax.yaxis.set_major_formatter(lambda tick, _: f"{tick:,.0f}")
    ax.yaxis.set_major_locator(MaxNLocator(nbins=4, integer=True))
    ax.grid(axis="y")
