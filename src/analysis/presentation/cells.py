"""The cells of a table: bare numbers under a unit in the header, intervals, verdicts, marks for what is not shown."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

from analysis.house.text import number, percent
from analysis.indicators.statistic import Statistic, Statistics
from analysis.presentation.content import Run, figure_run, literal_run, words
from analysis.presentation.edition import Edition
from analysis.presentation.references import Literal, Unknown, interval_words, rule_value, statistic_part
from analysis.presentation.sentences import composed
from analysis.presentation.verdicts import judged
from analysis.rules import Rule
from analysis.statistics.verdict import WORDS

NO_DATA = "—"
HIDDEN = "…"


@dataclass(frozen=True, slots=True)
class Column:
    """A column: the figures of the groups, and which part of them stands in it.

    Parameters
    ----------
    figures
        One Statistic for each group.
    part
        Part of the Statistic (`references.statistic_part`); ``value`` by default, or ``verdict``.
    total
        The figure of all groups together, for the closing row.
    rule
        The rule of a ``verdict`` column.
    at_least
        Whether that is a lower limit.
    """

    figures: Statistics
    part: str = "value"
    total: Statistic | None = None
    rule: Rule | None = None
    at_least: bool = True


def column(
    figures: Statistics,
    part: str = "value",
    total: Statistic | None = None,
    *,
    rule: Rule | None = None,
    at_least: bool = True,
) -> Column:
    """Return a column of a table; ``column(items, "verdict", rule=target)`` tells what the data say of each figure."""
    return Column(figures, part, total, rule, at_least)


def bare(item: Statistic, number_of: float | None) -> str:
    """Write a number of a Statistic's unit without the unit, which stands in the column's header."""
    if number_of is None:
        return HIDDEN if item.estimate.status == "suppressed" else NO_DATA
    if item.unit == "%":
        return percent(number_of, item.decimals, item.rounding).removesuffix("%")
    return number(number_of, item.decimals, item.rounding)


def figure_cells(item: Statistic) -> list[Run]:
    """Return value, interval and base of a figure (already protected) as cells, each with its unit."""
    if item.estimate.status == "suppressed":
        return [figure_run(HIDDEN, item, part) | {"suppressed": True} for part in ("value", "interval", "base")]
    return [
        figure_run(item.text, item) | {"value": item.value},
        figure_run(_interval(item), item, "interval"),
        figure_run(item.base_text, item, "base"),
    ]


def _interval(item: Statistic) -> str:
    """Write an interval, or why there is none: too few clusters, or a full count that has none."""
    if item.estimate.lower is not None and item.estimate.upper is not None:
        return interval_words(item)
    return NO_DATA if not item.known else "样本过少" if item.estimate.status == "too few" else "不适用"


def _bare_interval(item: Statistic) -> str:
    return item.interval_text.replace(item.unit, "") if item.unit else item.interval_text


def unit_of(each: Column) -> str:
    """Return the unit that a column's header gets, ``""`` for words."""
    example = next(iter(each.figures), each.total)
    if example is None:
        return ""
    if each.part in ("value", "interval", "lower", "upper"):
        return example.unit
    return example.base_unit.removeprefix("个") if each.part in ("base", "numerator", "denominator", "rest") else ""


def cell(item: Statistic | None, column: Column, edition: Edition) -> Run:
    """Return the cell of a figure (already protected) in a column, as a run with its exact value."""
    part = column.part
    if item is None:
        return words(NO_DATA)
    hidden = item.estimate.status == "suppressed"
    if hidden:
        return figure_run(HIDDEN, item, part) | {"suppressed": True}
    if part == "verdict":
        if not item.known or column.rule is None:
            return words(NO_DATA)
        if column.rule.id not in edition.rules:
            edition.rules.append(column.rule.id)
        found = judged(item, column.rule, at_least=column.at_least).judgement
        return figure_run(WORDS[found], item, part)  # type: ignore[index]
    if part in ("value", "lower", "upper"):
        exact = getattr(item.estimate, part)
        return figure_run(bare(item, exact), item, part) | {"value": exact}
    if part == "interval":
        low, high = item.estimate.lower, item.estimate.upper
        text = _interval(item) if low is None or high is None else _bare_interval(item)
        return figure_run(text, item, part)
    if part == "base":
        text = NO_DATA if item.base is None else number(item.base)
        return figure_run(text, item, part) | ({} if item.base is None else {"value": item.base})
    try:
        runs = statistic_part(item, part, edition)
    except Unknown:
        return figure_run(NO_DATA, item, part)
    return runs[0] if runs else words(NO_DATA)


def free_cell(value: Any, edition: Edition) -> Run:
    """Return the cell of a frame: a Statistic, a literal, a rule, or words without numbers."""
    if isinstance(value, Statistic):
        item = edition.shown([value])[0]
        if item.estimate.status == "suppressed":
            return figure_run(HIDDEN, item) | {"suppressed": True}
        return figure_run(item.text, item) | {"value": item.value}
    if isinstance(value, Literal):
        return literal_run(value.text, value.kind)
    if isinstance(value, Rule):
        return literal_run(rule_value(value), "rule")
    if value is None or value == "" or (isinstance(value, float) and math.isnan(value)):
        return words(NO_DATA)
    return composed(str(value), {}, edition)[0]


def marks(rows: list[dict[str, Any]]) -> list[list[Run]]:
    """Return the notes that explain the marks used in a table."""
    cells = [cell for row in rows for cell in row["cells"]]
    notes = []
    if any(cell["text"] == NO_DATA for cell in cells):
        notes.append([words(f"“{NO_DATA}”表示数据不足。")])
    if any(cell.get("suppressed") for cell in cells):
        notes.append([words(f"“{HIDDEN}”表示为保护个人信息不显示。")])
    return notes
