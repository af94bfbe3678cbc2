"""Funnel and rank intervals: which schools differ by more than chance, and how little their ranks are known."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd
import seaborn
from matplotlib.axes import Axes
from matplotlib.ticker import MaxNLocator

from analysis.indicators.satisfaction_schools import SchoolsApart
from analysis.indicators.statistic import Statistic, Statistics
from analysis.presentation import wording
from analysis.presentation.charts import theme
from analysis.presentation.charts.canvas import canvas
from analysis.presentation.charts.frame import framed
from analysis.presentation.content import Run, figure_run, literal_run, words
from analysis.presentation.edition import Edition
from analysis.presentation.references import UNKNOWN, counted
from analysis.rules import Rule

CHANCE = "偶然范围"
WIDENED = "计入平常差别"


def funnel(
    name: str,
    statistics: Statistics,
    apart: SchoolsApart,
    *,
    target: Statistic | None = None,
    rule: Rule | None = None,
    title: str = "",
    subtitle: str = "",
    only: str = "",
    **refs: object,
) -> None:
    """Draw each school's share against its number of answers, with the limits that chance alone would give.

    The limits widened for what these schools vary anyway are drawn apart: who lies within them only is not called
    like the others. Both are the outer ones (99.8 %).

    Parameters
    ----------
    name, title, subtitle, only, **refs
        As in `points`.
    statistics
        One share a group.
    apart
        The test whether the schools differ at all, which of them do, and the limits (`funnel_limits`).
    target
        The share of the whole: the funnel's axis.
    rule
        A rule to draw as a labelled line.
    """
    frame = framed(name, statistics, only)
    if frame is None:
        return
    edition = frame.edition
    whole = edition.shown([target])[0] if target is not None else None
    named = [item for item in statistics if item.known and item.scope.school in apart.apart]
    known = [item for item in frame.items if item.known and item.estimate.n]
    heading = frame.title(title, {"it": statistics, **refs}, _finding(frame.items, named, apart, edition))
    if not known or apart.limits.empty:  # a public edition does not say how many answers a school gave
        edition.put("paragraph", role="note", runs=[*heading, words("。")])
        return
    outside = {item.scope.school for item in named}
    what = "横轴为答卷数，虚线为只有偶然波动时的范围"
    what += "，点线为另计入各校平常差别后的范围" if apart.phi > 1 else ""
    below = frame.title(subtitle, {"it": statistics, **refs}, wording.drawn(known, what, whole))
    with canvas(name, 78) as sheet:
        ax = sheet.ax
        names: list[tuple[float, str, str]] = []
        sizes = apart.limits["n"].to_numpy(float)
        for limits, style, said in ((apart.limits, "--", CHANCE), (apart.widened, ":", WIDENED)):
            if said is WIDENED and apart.phi <= 1:
                continue  # nothing was added: both pairs are the same
            for side in ("lower", "upper"):
                line = limits[f"{side}_998"].to_numpy(float) * 100
                seaborn.lineplot(
                    x=sizes, y=line, estimator=None, color=theme.INK, linewidth=0.9, linestyle=style, ax=ax
                )
            names.append((float(limits["lower_998"].iloc[-1]) * 100, said, theme.INK))
        if whole is not None and whole.known:
            ax.axhline((whole.value or 0) * 100, color=theme.MUTED, linewidth=0.8)
            names.append(((whole.value or 0) * 100, f"全区{whole.text}", theme.INK))
        if rule is not None:
            ax.axhline(wording.rule_at(rule), color=theme.ACCENT, linewidth=1.1)
            names.append((wording.rule_at(rule), wording.rule_words(rule), theme.ACCENT))
        mine = wording.own(known, edition)
        for item, label in zip(known, wording.labels(known, edition), strict=True):
            strong = item.scope.school in outside or item is mine
            ax.plot(
                item.estimate.n,
                (item.value or 0) * 100,
                "D" if strong else "o",
                markersize=6 if strong else 4.5,
                color=theme.ACCENT if strong else theme.MAIN,
                zorder=3,
            )
            ax.annotate(
                label,
                (item.estimate.n, (item.value or 0) * 100),
                xytext=(5, 3),
                textcoords="offset points",
                fontsize=theme.SMALL,
                bbox={"facecolor": "white", "edgecolor": "none", "pad": 0.4, "alpha": 0.85},
            )
        ax.set(xlabel="答卷数", ylabel="")
        ax.yaxis.set_major_formatter(lambda tick, _: f"{tick:g}%")
        ax.set_xlim(0, sizes[-1] * 1.02)
        lowest = [*((item.value or 0) * 100 for item in known), *(at for at, _, _ in names)]
        bottom = max(0.0, min(lowest) - 4)
        ax.set_ylim(bottom, 100 if max((item.value or 0) for item in known) <= 1 else None)
        _name_lines(ax, names)
        frame.put(sheet, heading, below, "漏斗图", rule=rule, also=[whole])


def _name_lines(ax: Axes, names: Sequence[tuple[float, str, str]]) -> None:
    """Write the lines' names to the right of the field, in their order, none over another."""
    bottom, top = ax.get_ylim()
    step = (top - bottom) * 0.055
    last = -float("inf")
    for at, said, colour in sorted(names):
        last = max(at, last + step)
        place = ax.get_yaxis_transform()
        ax.text(1.01, last, said, transform=place, va="center", fontsize=theme.SMALL, color=colour)


def _finding(
    items: Sequence[Statistic], outside: Sequence[Statistic], apart: SchoolsApart, edition: Edition
) -> list[Run]:
    """Return what the test of homogeneity says, and where it says that schools differ, which of them."""
    known = [item for item in items if item.known]
    if not known:
        return [words(UNKNOWN)]
    label = figure_run(known[0].label, known[0], "label")
    if apart.homogeneity is None:
        return [label, words("：各校一览，没有可作的比较")]
    p = apart.homogeneity.p
    test = [words("（检验"), literal_run("p<0.001" if p < 0.001 else f"p={p:.3f}", "rule"), words("）")]
    if not apart.differ:
        return [label, words("：各校之间没有显出差别"), *test]
    start = [label, words("：各校差别超出偶然"), *test]
    if not outside:
        return [*start, words("，但分不出是哪几所")]
    if edition.public or edition.school:
        count = counted(edition.one_by_one(outside), known[0], "与全区的差别超出偶然的学校数")
        return [*start, words("，其中"), figure_run(count.text, count), words("学校与全区不同")]
    middle = sum((item.value or 0.0) * item.estimate.n for item in known) / sum(item.estimate.n for item in known)
    sides = {"高于": [item for item in outside if (item.value or 0.0) > middle]}
    sides["低于"] = [item for item in outside if item not in sides["高于"]]
    said = [f"，{'、'.join(item.group_label for item in side)}{word}全区" for word, side in sides.items() if side]
    return [*start, words("".join(said))]


def ranks(
    name: str,
    statistics: Statistics,
    ranking: pd.DataFrame,
    *,
    title: str = "",
    subtitle: str = "",
    only: str = "",
    **refs: object,
) -> None:
    """Draw the interval within which each group's rank lies.

    Parameters
    ----------
    name, title, subtitle, only, **refs
        As in `points`.
    statistics
        The figures that are ranked.
    ranking
        One row a group in the order of `statistics`: ``rank`` (expected), ``lower``, ``upper``.
    """
    frame = framed(name, statistics, only)
    if frame is None:
        return
    rows = [
        (item, row)
        for item, (_, row) in zip(frame.items, ranking.iterrows(), strict=True)
        if item.known and pd.notna(row["rank"])
    ]
    if not rows:
        label = figure_run(frame.items[0].label, frame.items[0], "label")
        frame.edition.put("paragraph", role="note", runs=[label, words("：不足以排出名次，不作图。")])
        return
    rows.sort(key=lambda pair: float(pair[1]["rank"]))
    items = [item for item, _ in rows]
    heading = frame.title(
        title, {"it": statistics, **refs}, [figure_run(items[0].label, items[0], "label"), words("：各校名次的区间")]
    )
    below = frame.title(subtitle, {"it": statistics, **refs}, [words("点为期望名次，线段为名次的区间")])
    mine = wording.own(items, frame.edition)
    with canvas(name, 14 + 5.2 * len(rows)) as sheet:
        ax = sheet.ax
        for place, (item, row) in enumerate(rows):
            strong = mine is None or item is mine
            colour = theme.MAIN if strong else theme.MUTED
            ax.plot([float(row["lower"]), float(row["upper"])], [place, place], color=colour, linewidth=1.6)
            ax.plot(float(row["rank"]), place, "o", color=colour, markersize=5)
        ax.set_yticks(range(len(rows)), wording.labels(items, frame.edition))
        ax.set_ylim(len(rows) - 0.4, -0.6)
        ax.xaxis.set_major_locator(MaxNLocator(integer=True))
        ax.set_xlabel("名次")
        ax.spines["left"].set_visible(False)
        ax.grid(axis="x")
        frame.put(sheet, heading, below, "名次区间图")
