"""Stacked bars: of what a whole is made."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from matplotlib.axes import Axes

from analysis.indicators.dimensions import name_of
from analysis.indicators.extremes import extreme
from analysis.indicators.statistic import Statistic, Statistics
from analysis.presentation import wording
from analysis.presentation.charts import theme
from analysis.presentation.charts.canvas import canvas
from analysis.presentation.charts.frame import framed
from analysis.presentation.charts.names import dimension_label, dimension_value
from analysis.presentation.content import Run, figure_run, words
from analysis.presentation.references import UNKNOWN

OTHERS = "其他"


def stacked(
    name: str,
    statistics: Statistics,
    *,
    parts: str,
    title: str = "",
    subtitle: str = "",
    only: str = "",
    **refs: object,
) -> None:
    """Draw one bar a group, divided into its parts; the four largest parts by name, the rest together.

    Parameters
    ----------
    name, title, subtitle, only, **refs
        As in `points`.
    statistics
        Shares by two dimensions (bars and parts) or by one (a single bar).
    parts
        The dimension whose values are the parts, such as ``subject``.
    """
    frame = framed(name, statistics, only)
    if frame is None:
        return
    bars_by = next((dimension for dimension in statistics.by if dimension != parts), "")
    bars: dict[Any, dict[str, float]] = {}
    names: dict[Any, str] = {}
    for raw, item in zip(statistics, frame.items, strict=True):
        bar = dimension_value(raw, bars_by) if bars_by else ""
        names.setdefault(bar, dimension_label(raw, bars_by) if bars_by else "")
        bars.setdefault(bar, {})[dimension_label(raw, parts)] = wording.scaled(item, item.value) or 0.0
    ordered = dict(sorted(bars.items(), key=lambda pair: pair[0])) if bars_by != "school" else bars
    kept = _largest(bars)
    heading = frame.title(title, {"it": statistics, **refs}, _finding(frame.items, parts, statistics.by))
    below = frame.title(subtitle, {"it": statistics, **refs}, wording.drawn(frame.items, "条内为各部分所占比例"))
    hidden = frame.edition.public and bars_by == "school"
    with canvas(name, 16 + 7.0 * len(bars)) as sheet:
        _draw(sheet.ax, ordered, kept, ["" if hidden else names[bar] for bar in ordered])
        frame.put(sheet, heading, below, "堆积条形图")


def _largest(bars: dict[object, dict[str, float]]) -> list[str]:
    totals: dict[str, float] = {}
    for bar in bars.values():
        for part, value in bar.items():
            totals[part] = totals.get(part, 0.0) + value
    ranked = sorted(totals, key=lambda part: -totals[part])
    return ranked if len(ranked) <= len(theme.SERIES) else ranked[: len(theme.SERIES) - 1]


def _finding(items: Sequence[Statistic], parts: str, by: Sequence[str]) -> list[Run]:
    """Return which part is the greatest of every bar, if one is in all of them; else what is drawn."""
    bars: dict[Any, list[Statistic]] = {}
    for item in items:
        if item.known:
            bars.setdefault(tuple(dimension_value(item, each) for each in by if each != parts), []).append(item)
    greatest = [extreme(bar, "highest", independent=False) for bar in bars.values()]
    names = {dimension_label(item, parts) for found in greatest for item in found}
    if not bars:
        return [words(UNKNOWN)]
    if len(names) == 1 and all(greatest):
        first = greatest[0][0]
        where = "、".join(f"各{wording.AMONG.get(each) or name_of(each)}" for each in by if each != parts)
        return [figure_run(first.label, first, "label"), words(f"：{where}{'都是' if where else ''}{names.pop()}最大")]
    return wording.subject(items[0], by)


def _draw(ax: Axes, bars: dict[object, dict[str, float]], kept: Sequence[str], names: Sequence[str]) -> None:
    first = next(iter(bars.values()))
    late = [
        part for part in (*kept, OTHERS) if first.get(part, 0.0) < 5
    ]  # named below the last bar instead of above the first
    whole = {bar: sum(values.values()) or 1.0 for bar, values in bars.items()}
    for place, (bar, values) in enumerate(bars.items()):
        shares = [values.get(part, 0.0) for part in kept]
        rest = whole[bar] - sum(shares)
        series = [*zip(kept, shares, theme.SERIES, theme.HATCHES, strict=False)]
        if rest > 0.05:
            series.append((OTHERS, rest, theme.SERIES[-1], theme.HATCHES[-1]))
        left = 0.0
        for part, share, colour, hatch in series:
            ax.barh(place, share, left=left, height=0.72, color=colour, hatch=hatch, edgecolor="white", linewidth=0.8)
            if share >= 7:
                dark = colour in theme.SERIES[:2]
                ax.text(
                    left + share / 2,
                    place,
                    f"{share:.0f}%",
                    ha="center",
                    va="center",
                    fontsize=theme.SMALL,
                    color="white" if dark else theme.INK,
                    bbox=None if dark or not hatch else {"facecolor": colour, "edgecolor": "none", "pad": 0.8},
                )
            if (place == 0 or (part in late and place == len(bars) - 1)) and share >= 5:
                above = place == 0 and part not in late
                at = (left + share / 2, place - 0.45 if above else place + 0.45)
                ax.text(*at, part, ha="center", va="bottom" if above else "top", fontsize=theme.SMALL)
            left += share
    ax.set_yticks(range(len(bars)), names)
    ax.set_ylim(len(bars) - (0.1 if late else 0.5), -0.9)
    ax.set_xlim(0, max(whole.values()))
    ax.xaxis.set_visible(False)
    for side in ax.spines.values():
        side.set_visible(False)
