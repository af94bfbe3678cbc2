"""Points with intervals: how groups compare, as far as the data tell."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from matplotlib.axes import Axes

from analysis.indicators.extremes import FEW
from analysis.indicators.statistic import Statistic, Statistics
from analysis.presentation import wording
from analysis.presentation.charts import theme
from analysis.presentation.charts.axes import widened
from analysis.presentation.charts.canvas import canvas
from analysis.presentation.charts.frame import framed
from analysis.presentation.content import Run, words
from analysis.presentation.edition import Edition
from analysis.rules import Rule

MOST_ROWS = 45
CLEAR = {"facecolor": "white", "edgecolor": "none", "pad": 0.6}


def points(
    name: str,
    statistics: Statistics,
    *,
    title: str = "",
    subtitle: str = "",
    rule: Rule | None = None,
    reference: Statistic | None = None,
    order: str = "",
    only: str = "",
    **refs: object,
) -> None:
    """Draw one point with its interval for each group.

    Parameters
    ----------
    name
        Short name in Latin letters.
    statistics
        One figure a group. Groups without a value stand at the foot, marked.
    title
        The finding, a template as in `say` (``it`` refers to the figures); by default made from the data.
    subtitle
        What is drawn; by default made from the figures' label.
    rule
        A rule to draw as a labelled line.
    reference
        The figure of the whole, drawn as a broken line.
    order
        ``value`` or ``natural``; by default schools by value, everything else in natural order.
    only
        ``district`` or ``school``: drawn only in editions of that kind.
    **refs
        Further references of title and subtitle.
    """
    frame = framed(name, statistics, only)
    if frame is None:
        return
    edition = frame.edition
    whole = edition.shown([reference])[0] if reference is not None else None
    raw = list(zip(statistics, frame.items, strict=True))
    by_value = order == "value" or (not order and "school" in statistics.by)
    if by_value:
        raw.sort(key=lambda pair: (not pair[1].known, -(pair[1].value or 0.0)))
    shown = [pair[1] for pair in raw[:MOST_ROWS]]
    names = wording.labels(shown, edition)
    heading = frame.title(title, {"it": statistics, **refs}, wording.finding(shown, edition, whole, by=statistics.by))
    below = frame.title(
        subtitle,
        {"it": statistics, **refs},
        wording.drawn(shown, "点为数值" if shown[0].nature == "count" else "点为估计值", whole),
    )
    interval = wording.level_words(shown)
    below += [] if subtitle else _comma(interval)
    with canvas(name, 15 + 4.9 * len(shown)) as sheet:
        _draw(sheet.ax, shown, names, wording.own(shown, edition))
        _reference_lines(sheet.ax, shown, rule, whole, edition)
        frame.put(sheet, heading, below, "点与区间图", rule=rule, also=[whole])


def panels(
    name: str,
    columns: Mapping[str, Statistics],
    *,
    title: str = "",
    subtitle: str = "",
    rules: Mapping[str, Rule] | None = None,
    references: Mapping[str, Statistic] | None = None,
    notes: Sequence[str] = (),
    only: str = "",
    **refs: object,
) -> None:
    """Draw several indicators of the same groups side by side, the groups in the same order in each field.

    Parameters
    ----------
    name, title, subtitle, only, **refs
        As in `points`; the title is by default that of the first field.
    columns
        Heading of a field → figures of the same groups, at most three. Schools stand in order of the first field. A field
        without a single known figure is left out.
    rules, references
        Heading → rule, figure of the whole.
    notes
        Templates of sentences below the chart; one whose figures have no value is left out.
    """
    columns = {head: each for head, each in columns.items() if any(item.known for item in each)} or columns
    leading = next(iter(columns.values()))
    frame = framed(name, [item for figures in columns.values() for item in figures], only)
    if frame is None:
        return
    edition, size = frame.edition, len(leading)
    fields = {head: frame.items[at * size : (at + 1) * size] for at, head in enumerate(columns)}
    wholes = {head: edition.shown([item])[0] for head, item in (references or {}).items() if head in columns}
    first = next(iter(fields.values()))
    order = list(range(size))
    if edition.school and "school" in leading.by:
        order = [place for place in order if any(items[place].known for items in fields.values())]
        size = len(order)
    if "school" in leading.by:
        order.sort(key=lambda place: (not first[place].known, -(first[place].value or 0.0)))
    ordered = {head: [items[place] for place in order] for head, items in fields.items()}
    lead = next(iter(ordered))
    heading = frame.title(
        title, {"it": leading, **refs}, wording.finding(ordered[lead], edition, wholes.get(lead), by=leading.by)
    )
    below = frame.title(subtitle, {"it": leading, **refs}, [words("点为数值"), *_comma(wording.level_words(first))])
    with canvas(
        name, (14 + 3.3 * size) if edition.school else (17 + 4.9 * size), columns=len(fields), sharey=True
    ) as sheet:
        for ax, (head, items) in zip(sheet.axes, ordered.items(), strict=True):
            _draw(ax, items, wording.labels(items, edition), wording.own(items, edition))
            _reference_lines(ax, items, (rules or {}).get(head), wholes.get(head), edition)
            ax.set_title(head, loc="left", fontweight="bold", pad=12)
            ax.locator_params(axis="x", nbins=4)
        said = [runs for note in notes if (runs := frame.title(note, refs, []))]
        judged = [rule for head, rule in (rules or {}).items() if head in columns]
        sheet.literals.extend(literal for each in judged for literal in wording.declared((), (), each))
        frame.put(sheet, heading, below, f"点与区间图，分{'、'.join(columns)}各栏", also=wholes.values(), notes=said)


def _comma(runs: Sequence[Run]) -> list[Run]:
    return [words("，"), *runs] if runs else []


def _draw(ax: Axes, items: Sequence[Statistic], names: Sequence[str], mine: Statistic | None) -> None:
    for place, item in enumerate(reversed(items)):
        value = wording.scaled(item, item.value)
        if not item.known or value is None:
            why = "…" if item.estimate.status == "suppressed" else "无数据"
            ax.text(0.02, place, why, transform=ax.get_yaxis_transform(), va="center", color=theme.MUTED)
            continue
        strong = mine is None or item is mine
        colour = theme.MAIN if strong else theme.MUTED
        low, high = (wording.scaled(item, number) for number in (item.estimate.lower, item.estimate.upper))
        if low is not None and high is not None:
            ax.plot([low, high], [place, place], color=colour, linewidth=1.6 if strong else 1.0, zorder=2)
        hollow = low is None and (
            item.nature != "count" or item.estimate.status == "too few"
        )  # a count needs no limits
        ax.plot(
            value,
            place,
            marker="o" if strong else "s",
            markersize=5.5 if strong else 4,
            color=colour,
            markerfacecolor="white" if hollow else colour,
            zorder=3,
        )
        if names[len(items) - 1 - place] or mine is None:
            ax.text(1.01, place, item.text, transform=ax.get_yaxis_transform(), va="center", fontsize=theme.SMALL)
    ax.set_ylim(-0.7, len(items) - 0.4)
    ax.set_yticks(range(len(items)), list(reversed(names)))
    ax.spines["left"].set_visible(False)
    ax.grid(axis="x")
    unit = wording.unit_label(items)
    ax.xaxis.set_major_formatter(lambda tick, _: f"{tick:g}%" if unit == "%" else f"{tick:g}")
    ax.set_xlabel("" if unit == "%" else unit)
    ax.margins(x=0.06)
    widened(ax.xaxis, unit, few=any(item.known and (item.base or FEW) < FEW for item in items))


def _reference_lines(
    ax: Axes, items: Sequence[Statistic], rule: Rule | None, whole: Statistic | None, edition: Edition
) -> None:
    top = ax.get_xaxis_transform()
    if whole is not None and whole.value is not None and whole.known:
        at = whole.value * (100 if whole.unit == "%" else 1)
        ax.set_ylim(bottom=-1.6)  # room for its name below the last point
        ax.axvline(at, color=theme.INK, linewidth=0.9, linestyle=(0, (4, 3)), zorder=1)
        ax.text(
            at,
            0.01,
            f"{wording.whole_name(whole, edition)}{whole.text}",
            transform=top,
            ha="center",
            va="bottom",
            fontsize=theme.SMALL,
            bbox=CLEAR,
        )
    if rule is not None:
        at = wording.rule_at(rule)
        ax.axvline(at, color=theme.ACCENT, linewidth=1.1, zorder=1)
        ax.text(
            at,
            1.01,
            wording.rule_words(rule),
            transform=top,
            ha="center",
            va="bottom",
            color=theme.ACCENT,
            fontsize=theme.SMALL,
        )
