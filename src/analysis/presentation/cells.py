"""The cells of a table: bare numbers under a unit in the header, intervals, verdicts, marks for what is not shown."""

from __future__ import annotations

import math
from dataclasses import dataclass

from analysis.house.content import Json
from analysis.house.text import number, percent
from analysis.indicators.statistic import Scope, Statistic, Statistics
from analysis.presentation.content import Run, figure_run, literal_run, verdict_run, words
from analysis.presentation.edition import Edition, current, has_begun
from analysis.presentation.references import Literal, Unknown, inferred, interval_words, rule_value, statistic_part
from analysis.presentation.sentences import composed
from analysis.presentation.silent import WITHOUT, counts_the_silent, left_out
from analysis.presentation.verdicts import is_overall, judged, judged_together
from analysis.rules import Rule
from analysis.statistics.simultaneous import Direction, directions
from analysis.statistics.verdict import WORDS

NO_DATA = "—"
DIRECTIONS: dict[Direction, str] = {"up": "上升", "down": "下降", "not shown": "没有显出变化"}
HIDDEN = "…"


@dataclass(frozen=True, slots=True)
class Column:
    """A column: the figures of the groups, and which part of them stands in it.

    Parameters
    ----------
    figures
        One Statistic for each group.
    part
        Part of the Statistic (`references.statistic_part`); ``value`` by default, ``verdict``, ``direction`` of a change
        (up, down, or not shown), or ``possible`` (a share that is needed: words where it is more than all, or nothing).
        Verdicts and directions allow for how many figures the column compares (Holm).
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
    """Return value, interval or bounds, and base of a figure (already protected) as cells, each with its unit."""
    if item.estimate.status == "suppressed":
        return [figure_run(HIDDEN, item, part) | {"suppressed": True} for part in ("value", "interval", "base")]
    return [
        figure_run(item.compact_text, item) | {"value": item.value},
        figure_run(_interval(item), item, "bounds" if item.nature == "count" else "interval"),
        figure_run(item.base_text, item, "base"),
    ]


def _interval(item: Statistic) -> str:
    """Write the interval of what is inferred, the bounds of a count, or why there are none."""
    if not item.known:
        return NO_DATA
    if inferred(item):
        return interval_words(item)
    if item.nature != "count":
        return "答卷过少" if item.estimate.status == "too few" else "不适用"
    study = current().study if has_begun() else None
    if item.bounds is not None:
        without = left_out(item, study)
        ends = item.bounds_text if item.bounds_text != item.compact_text or not without else ""
        return "，".join(filter(None, [ends, without]))
    if item.missing:
        return "未报计为没有" if study is not None and counts_the_silent(study, item.indicator) else WITHOUT
    return "不含待更正" if item.unknown else "无缺报"


def _bare(text: str, item: Statistic) -> str:
    return text.replace(item.unit, "") if item.unit else text


def _possible(item: Statistic) -> str:
    """Write a share that is needed; one of more than all cannot be reached, one of nothing is reached already."""
    if item.value is None:
        return NO_DATA
    return "全数也达不到" if item.value > 1 else "已经达到" if item.value == 0 else item.text


def unit_of(each: Column) -> str:
    """Return the unit that a column's header gets, ``""`` for words and where the cells tell it."""
    example = next(iter(each.figures), each.total)
    if example is None:
        return ""
    if in_words(each):
        return ""
    if each.part in ("value", "interval", "lower", "upper"):
        return example.unit
    return example.base_unit.removeprefix("个") if each.part in ("base", "numerator", "denominator", "rest") else ""


def in_words(each: Column) -> bool:
    """Tell whether cells of a column are counts of a few things, so that no unit above them would fit them all."""
    shares = each.part in ("value", "interval", "lower", "upper")
    return shares and any(item.few for item in (*each.figures, each.total) if item is not None)


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
        among = judged_together(column.figures, column.rule, at_least=column.at_least)
        found = among.get(item.scope) or judged(item, column.rule, at_least=column.at_least).judgement
        return verdict_run(WORDS[found], item, found, column.rule.id)
    if part == "direction":
        ways = ways_of(column.figures)
        return figure_run(DIRECTIONS[ways.get(item.scope, "not shown")] if item.known else NO_DATA, item, part)
    if part == "value":
        text = item.compact_text if in_words(column) else bare(item, item.value)
        return figure_run(text, item) | {"value": item.value}
    if part == "possible":
        return figure_run(_possible(item), item, part) | {"value": item.value}
    if part in ("lower", "upper"):
        exact = getattr(item.estimate, part) if inferred(item) else None
        text = item.format(exact) if in_words(column) and exact is not None else bare(item, exact)
        return figure_run(text, item, part) | {"value": exact}
    if part == "interval":
        text = _interval(item) if in_words(column) else _bare(_interval(item), item)
        return figure_run(text, item, "bounds" if item.nature == "count" else part)
    if part == "base":
        text = NO_DATA if item.base is None else number(item.base)
        return figure_run(text, item, part) | ({} if item.base is None else {"value": item.base})
    try:
        runs = statistic_part(item, part, edition)
    except Unknown:
        return figure_run(NO_DATA, item, part)
    return runs[0] if runs else words(NO_DATA)


def ways_of(figures: Statistics) -> dict[Scope, Direction]:
    """Tell which of the changes of a column are up or down: by Holm over the items, the overall item by itself."""
    first = {each.scope for each in figures if is_overall(each)}
    found: dict[Scope, Direction] = {}
    for family in ([i for i in figures if i.scope in first], [i for i in figures if i.scope not in first]):
        low, high = (directions({item.scope: item.ends[end] for item in family}) for end in (0, 1))
        found |= {scope: way if way == high[scope] else "not shown" for scope, way in low.items()}
    return found


def free_cell(value: object, edition: Edition) -> Run:
    """Return the cell of a frame: a Statistic, a literal, a rule, or words without numbers."""
    if isinstance(value, Statistic):
        item = edition.shown([value])[0]
        if item.estimate.status == "suppressed":
            return figure_run(HIDDEN, item) | {"suppressed": True}
        return figure_run(item.compact_text, item) | {"value": item.value}
    if isinstance(value, Literal):
        return literal_run(value.text, value.kind)
    if isinstance(value, Rule):
        return literal_run(rule_value(value), "rule")
    if value is None or value == "" or (isinstance(value, float) and math.isnan(value)):
        return words(NO_DATA)
    return composed(str(value), {}, edition)[0]


def marks(rows: list[Json]) -> list[list[Run]]:
    """Return the notes that explain the marks used in a table."""
    cells = [cell for row in rows for cell in row["cells"]]
    notes = []
    if any(cell["text"] == NO_DATA for cell in cells):
        notes.append([words(f"“{NO_DATA}”表示没有数据或不适用。")])
    if any(cell.get("suppressed") for cell in cells):
        notes.append([words(f"“{HIDDEN}”表示为保护个人信息不显示。")])
    return notes
