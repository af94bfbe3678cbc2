"""Fields of two dimensions: grades × weekdays, and the calendar of a term (weeks × weekdays)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
import seaborn
from matplotlib.axes import Axes
from matplotlib.collections import PolyCollection
from matplotlib.colors import LinearSegmentedColormap

from analysis.house.text import rounded
from analysis.indicators.catalogue import describe
from analysis.indicators.statistic import Statistic, Statistics
from analysis.presentation import wording
from analysis.presentation.cells import bare
from analysis.presentation.charts import theme
from analysis.presentation.charts.canvas import canvas
from analysis.presentation.charts.frame import framed
from analysis.presentation.charts.names import dimension_label, dimension_value, school_name
from analysis.presentation.content import Refs, figure_run, words
from analysis.rules import Rule

SHADES = LinearSegmentedColormap.from_list("shuangjian", ["#f4f7f9", "#b5cfe0", "#5b93ba", "#173f5f"])


def heat(
    name: str,
    statistics: Statistics,
    *,
    title: str = "",
    subtitle: str = "",
    rule: Rule | None = None,
    only: str = "",
    **refs: object,
) -> None:
    """Draw figures of two dimensions as shaded fields with their numbers: the first dimension down, the second across.

    Parameters
    ----------
    name, title, subtitle, only, **refs
        As in `points`.
    statistics
        Figures by two dimensions, such as ``("grade", "weekday")``.
    rule
        Fields beyond the rule have a strong frame (above a cap; below a target).
    """
    down, across = statistics.by
    _grid(name, statistics, down, across, title, subtitle, rule, only, refs, "行列色块图", 6.0)


def calendar(
    name: str,
    statistics: Statistics,
    *,
    title: str = "",
    subtitle: str = "",
    rule: Rule | None = None,
    only: str = "",
    **refs: object,
) -> None:
    """Draw a term as a calendar: weeks down, weekdays across; days without a value (holidays) stay empty.

    Parameters are those of `heat`; the figures are by ``week`` and ``weekday``.
    """
    _grid(name, statistics, "week", "weekday", title, subtitle, rule, only, refs, "学期日历色块图（周×星期）", 4.6)


def _grid(
    name: str,
    statistics: Statistics,
    down: str,
    across: str,
    title: str,
    subtitle: str,
    rule: Rule | None,
    only: str,
    refs: Refs,
    kind: str,
    step_mm: float,
) -> None:
    frame = framed(name, statistics, only)
    if frame is None:
        return
    if "school" in (down, across) and (frame.edition.public or frame.edition.school):
        said = [
            words("各校的"),
            figure_run(frame.items[0].label, frame.items[0], "label"),
            words("只在区级内部版列出。"),
        ]
        frame.edition.put("paragraph", role="note", runs=said)
        return
    rows, columns = _axis(statistics, down), _axis(statistics, across)
    heading = frame.title(
        title, {"it": statistics, **refs}, wording.finding(frame.items, frame.edition, by=statistics.by)
    )
    marks = (
        "，粗框为超出规定" if rule is not None and not _target(rule) else "，粗框为未达目标" if rule is not None else ""
    )
    unit = wording.unit_label(frame.items)
    better = describe(frame.items[0].indicator).direction == "higher"  # what needs a look is dark
    shades = "颜色越深数值越小" if better else "颜色越深数值越大"
    marks += "，“—”为没有数据" if down != "week" and any(not item.known for item in frame.items) else ""
    below = frame.title(
        subtitle,
        {"it": statistics, **refs},
        [*wording.drawn(frame.items, shades), words(f"（{unit}）{marks}")],
    )
    with canvas(name, 14 + step_mm * len(rows)) as sheet:
        _draw(sheet.ax, list(zip(statistics, frame.items, strict=True)), down, across, rows, columns, rule, better)
        frame.put(sheet, heading, below, kind, rule=rule)


def _axis(statistics: Statistics, dimension: str) -> dict[Any, str]:
    """Return the values of a dimension in natural order, with their names."""
    named: dict[Any, str] = {}
    for raw in statistics:
        value = dimension_value(raw, dimension)
        named.setdefault(
            value, school_name(raw, statistics.by) if dimension == "school" else dimension_label(raw, dimension)
        )
    return (
        named if dimension in ("school", "subject", "item") else dict(sorted(named.items(), key=lambda pair: pair[0]))
    )


def _target(rule: Rule) -> bool:
    return rule.id.endswith("target") or rule.id.startswith("service")


def _draw(
    ax: Axes,
    pairs: Sequence[tuple[Statistic, Statistic]],
    down: str,
    across: str,
    rows: dict[Any, str],
    columns: dict[Any, str],
    rule: Rule | None,
    better: bool,
) -> None:
    cells = pd.DataFrame(index=list(rows), columns=list(columns), dtype=float)
    for raw, item in pairs:
        value = wording.scaled(item, item.value)
        cells.loc[dimension_value(raw, down), dimension_value(raw, across)] = np.nan if value is None else value
    low, high = float(np.nanmin(cells)), float(np.nanmax(cells))
    high = high if high > low else low + 1
    shades = SHADES.reversed() if better else SHADES
    seaborn.heatmap(
        cells, vmin=low, vmax=high, cmap=shades, cbar=False, linewidths=2, xticklabels=False, yticklabels=False, ax=ax
    )
    down_at, across_at = ({value: place for place, value in enumerate(axis)} for axis in (rows, columns))
    inside: dict[str, Any] = {"ha": "center", "va": "center", "in_layout": False}  # nothing to make room for
    beyond: list[tuple[float, float]] = []
    for raw, item in pairs:
        y, x = down_at[dimension_value(raw, down)] + 0.5, across_at[dimension_value(raw, across)] + 0.5
        value = wording.scaled(item, item.value)
        if value is None:
            if item.estimate.status == "suppressed" or down != "week":  # days without a value are holidays: empty
                sign = "…" if item.estimate.status == "suppressed" else "—"
                ax.text(x, y, sign, color=theme.MUTED, **inside)
            continue
        ink = "white" if _dark(shades((value - low) / (high - low))) else theme.INK
        ax.text(x, y, bare(item, item.value), color=ink, fontsize=theme.SMALL, **inside)
        printed = float(rounded(value, item.decimals, item.rounding))
        if rule is not None and (
            (printed < wording.rule_at(rule)) if _target(rule) else (printed > wording.rule_at(rule))
        ):
            beyond.append((x, y))
    ax.add_collection(_frames(beyond))
    ax.set_axis_off()  # names are set as they stand: an axis with its ticks takes several times as long
    for y, said in enumerate(rows.values()):
        ax.text(-0.06, y + 0.5, said, ha="right", va="center", fontsize=theme.SMALL)
    for x, said in enumerate(columns.values()):
        ax.text(x + 0.5, -0.12, said, ha="center", va="bottom", fontsize=theme.SMALL)


def _frames(centres: Sequence[tuple[float, float]]) -> PolyCollection:
    """Return strong frames inside the fields around their centres."""
    corners = [[(x - 0.46, y - 0.44), (x + 0.46, y - 0.44), (x + 0.46, y + 0.44), (x - 0.46, y + 0.44)]
               for x, y in centres]  # fmt: skip
    return PolyCollection(corners, facecolors="none", edgecolors=theme.ACCENT, linewidths=1.6, zorder=2.5)


def _dark(shade: tuple[float, float, float, float]) -> bool:
    """Tell whether white stands out better from a shade than ink does (contrast as WCAG 2.1 defines it)."""
    light = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in shade[:3]]
    luminance = 0.2126 * light[0] + 0.7152 * light[1] + 0.0722 * light[2]
    return 1.05 / (luminance + 0.05) > (luminance + 0.05) / 0.072
