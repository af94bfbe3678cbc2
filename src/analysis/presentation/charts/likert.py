"""Diverging bars for answers on a scale: satisfied to the right, dissatisfied to the left, the neutral answer apart."""

from __future__ import annotations

import pandas as pd
from matplotlib.axes import Axes

from analysis.indicators.statistic import Statistics
from analysis.presentation import wording
from analysis.presentation.charts import theme
from analysis.presentation.charts.canvas import canvas
from analysis.presentation.charts.frame import framed
from analysis.rules import Rule

GOOD = ("#3f88ba", "#173f5f")
BAD = ("#e8a063", "#a8480b")
ROOM = 10.0
"""Percentage points left for a share written beside its bar."""


def diverging(
    name: str,
    shares: pd.DataFrame,
    statistics: Statistics,
    *,
    neutral: str,
    title: str = "",
    subtitle: str = "",
    rule: Rule | None = None,
    only: str = "",
    **refs: object,
) -> None:
    """Draw the whole distribution of answers of each item as a diverging bar, the neutral answers in a field of their own.

    Parameters
    ----------
    name, title, subtitle, only, **refs
        As in `points`.
    shares
        One row an item in the order of `statistics`; columns are the answers from the best to the worst (their names are
        drawn), values shares 0–1.
    statistics
        The top-two share of each item, with interval: title and alt text are made from them, and the share is written
        at the bar. An item hidden in this edition is not drawn.
    neutral
        The column that is neither good nor bad.
    rule
        The target of the top-two share, named in the subtitle's alt text.
    """
    frame = framed(name, statistics, only)
    if frame is None:
        return
    kept = [place for place, item in enumerate(frame.items) if item.known]
    items = [frame.items[place] for place in kept]
    answers = list(shares.columns)
    middle = answers.index(neutral)
    good, bad = answers[:middle][::-1], answers[middle + 1 :]  # both from the centre outwards
    heading = frame.title(title, {"it": statistics, **refs}, wording.finding(items, frame.edition, by=statistics.by))
    below = frame.title(
        subtitle,
        {"it": statistics, **refs},
        wording.drawn(items, "右为满意，左为不满意，左右两端为各自合计，中立回答另列（同一比例）"),
    )
    rows = shares.iloc[kept] * 100
    left, right = _span(rows, good, bad)
    beside = max(float(rows[neutral].max()) * 1.2, 0.0) + ROOM
    widths = {"width_ratios": [right - left, beside]}  # one scale in both fields
    with canvas(name, 20 + 7.0 * len(items), columns=2, gridspec_kw=widths) as sheet:
        bars, apart = sheet.axes
        _diverge(bars, rows, good, bad)
        bars.set_xlim(left, right)
        bars.set_yticks(range(len(items)), [item.group_label for item in items])
        for place, item in enumerate(items):
            bars.text(
                1.0,
                place,
                item.text,
                transform=bars.get_yaxis_transform(),
                va="center",
                ha="left",
                fontsize=theme.SMALL,
            )
        apart.barh(range(len(items)), rows[neutral], height=0.7, color=theme.PALE, edgecolor=theme.MUTED, linewidth=0.4)
        for place, share in enumerate(rows[neutral]):
            apart.text(share, place, f" {share:.1f}%", va="center", fontsize=theme.SMALL)
        apart.set_xlim(0, beside)
        apart.set_title(str(neutral), fontsize=theme.SMALL)
        for ax in (bars, apart):
            ax.set_ylim(len(items) - 0.5, -0.6)
            ax.spines[["left", "bottom"]].set_visible(False)
            ax.xaxis.set_visible(False)
        apart.set_yticks([])
        frame.put(sheet, heading, below, "分向条形图", rule=rule)


def _span(rows: pd.DataFrame, good: list[str], bad: list[str]) -> tuple[float, float]:
    """Return where the field of the bars begins and ends, with room for the share of the dissatisfied."""
    worst = float(rows[bad].sum(axis=1).max()) if bad else 0.0
    best = float(rows[good].sum(axis=1).max()) if good else 0.0
    return -(worst + ROOM), best * 1.02


def _diverge(ax: Axes, rows: pd.DataFrame, good: list[str], bad: list[str]) -> None:
    for side, answers, colours in ((1, good, GOOD), (-1, bad, BAD)):
        at = pd.Series(0.0, index=rows.index)
        for place, answer in enumerate(answers):
            width = rows[answer]
            ax.barh(
                range(len(rows)),
                side * width,
                left=at,
                height=0.7,
                color=colours[min(place, len(colours) - 1)],
                edgecolor="white",
                linewidth=0.6,
                hatch="" if side > 0 else "////",
            )
            for row, (start, share) in enumerate(zip(at, width, strict=True)):
                if share >= 6:
                    ax.text(
                        start + side * share / 2,
                        row,
                        f"{share:.0f}%",
                        ha="center",
                        va="center",
                        color="white",
                        fontsize=theme.SMALL,
                    )
            first = float(at.iloc[0] + side * width.iloc[0] / 2)
            if abs(float(width.iloc[0])) >= 9:
                ax.text(first, -0.5, str(answer), ha="center", va="bottom", fontsize=theme.SMALL)
            at = at + side * width
    ax.axvline(0, color=theme.INK, linewidth=0.8)
    worst = rows[bad].sum(axis=1) if bad else pd.Series(0.0, index=rows.index)
    for row, share in enumerate(worst if bad else ()):
        ax.text(-share, row, f"{share:.1f}% ", ha="right", va="center", fontsize=theme.SMALL)
    if bad and float(worst.max()) < 18:
        ax.text(0, -0.5, "不满意 ", ha="right", va="bottom", fontsize=theme.SMALL)
