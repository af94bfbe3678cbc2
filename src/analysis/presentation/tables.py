"""Tables whose cells are Statistics: one row a group, one column an indicator or a part of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from analysis.house.content import Json
from analysis.indicators.catalogue import entries
from analysis.indicators.statistic import GroupKey, Statistic, Statistics
from analysis.presentation.cells import Column, cell, figure_cells, free_cell, marks, unit_of
from analysis.presentation.content import Refs, Run, figure_run, literal_run, words
from analysis.presentation.edition import Edition, current
from analysis.presentation.references import Literal, inferred
from analysis.presentation.sentences import composed, wanted

MOST_COLUMNS = 7
MOST_ROWS = 16


def table(
    name: str,
    title: str,
    columns: Mapping[Any, Any] | pd.DataFrame | Statistics | Sequence[Statistic],
    *,
    first: str = "",
    total: str = "",
    order: str = "",
    limit: int = MOST_ROWS,
    notes: Sequence[str] = (),
    only: str = "",
    **refs: object,
) -> None:
    """Put out a table.

    Parameters
    ----------
    name
        Short name in Latin letters; the file behind the page is named so.
    title
        What and when; a template as in `say`.
    columns
        Header → `column(…)` or Statistics: the rows are the groups of the first one; a header of intervals that ends with
        区间 is printed with their level (95%区间). Or a frame whose cells are Statistics, rules or words without digits
        (the index gives the rows' names). Or figures of different
        indicators, one a row: name, value, interval, base.
    first
        Header of the first column, the groups' dimension.
    total
        Name of the closing row, where columns have a total; by default 合计, or of groups that overlap what the catalogue
        calls their whole (任一情形).
    order
        ``descending`` or ``ascending`` by the first column's value; by default the groups' natural order.
    limit
        Most rows of groups on the page; the files behind the page hold them all.
    notes
        Templates as in `say`.
    only
        ``district`` or ``school``: put out only in editions of that kind.
    **refs
        References of title and notes.

    Raises
    ------
    ValueError
        If it has more than seven columns.
    """
    edition = current()
    if edition.ended or not wanted(edition, only):
        return
    if isinstance(columns, pd.DataFrame):
        heads, rows = _from_frame(columns, first, edition)
    elif isinstance(columns, Mapping):
        if edition.public and _by_school(columns):
            _put_unnamed(edition, title, refs)
            return
        heads, rows = _from_groups(columns, first, total, order, edition)
    else:
        heads, rows = _from_figures(columns, first or "指标", edition)
    if len(heads) > MOST_COLUMNS:
        raise ValueError(f"table {name!r} has {len(heads)} columns; a page holds {MOST_COLUMNS}")
    if not rows:
        edition.put("paragraph", role="note", runs=[*composed(title, refs, edition), words("：没有数据，不列表。")])
        return
    remarks = [composed(note, refs, edition) for note in notes] + marks(rows)
    beyond = {}
    if isinstance(columns, Mapping) and sum(row["role"] == "body" for row in rows) > limit:
        beyond = {"page_rows": limit}
        remarks.append([words("页面未列出的各行见随附的表格文件。")])
    made = {"name": name, "title": composed(title, refs, edition), "columns": heads, "rows": rows, "notes": remarks}
    edition.put("table", **made, **beyond)


def _by_school(columns: Mapping[object, object]) -> bool:
    return any("school" in _column(each).figures.by for each in columns.values())


def _put_unnamed(edition: Edition, title: str, refs: Refs) -> None:
    said = [words("公开版不逐校列出“"), *composed(title, refs, edition), words("”，各校差异见图。")]
    edition.put("paragraph", role="note", runs=said)


def _column(value: Any) -> Column:
    return value if isinstance(value, Column) else Column(value)


def _from_groups(
    columns: Mapping[Any, Any], first: str, total: str, order: str, edition: Edition
) -> tuple[list[Json], list[Json]]:
    made = {head: _column(value) for head, value in columns.items()}
    leading = next(iter(made.values())).figures
    if order:
        leading = leading.ordered(descending=order == "descending")
    keys = [_key(item, leading.by) for item in leading]
    shown = {head: _shown(each, edition) for head, each in made.items()}
    heads = [{"key": "group", "label": words_or_runs(first), "align": "left"}]
    heads += [_head(number_, head, each) for number_, (head, each) in enumerate(made.items(), start=1)]
    rows = []
    for place, key in enumerate(keys):
        cells = [_name(leading[place], [each.get(key) for each in shown.values()])]
        cells += [cell(shown[head].get(key), each, edition) for head, each in made.items()]
        rows.append({"role": "body", "cells": cells})
    if any(each.total is not None for each in made.values()):
        cells = [words(whole_of(leading) or total or "合计")]
        cells += [
            words("") if each.total is None else cell(_total(each, edition), each, edition) for each in made.values()
        ]
        rows.append({"role": "total", "cells": cells})
    return heads, rows


def whole_of(figures: Statistics) -> str:
    """Return what the whole of groups that overlap is called, ``""`` where they add up or the catalogue does not say."""
    entry = entries().get(figures[0].indicator) if len(figures) else None
    return next((whole for name, whole in entry.whole_by if (name,) == figures.by), "") if entry else ""


def _total(each: Column, edition: Edition) -> Statistic | None:
    return None if each.total is None else edition.shown([each.total])[0]


def _key(item: Statistic, by: tuple[str, ...]) -> GroupKey:
    """Return the group of a figure: what it is grouped by, whatever else it was narrowed to (a role, a wave)."""
    group = {**dict(item.scope.group), "school": item.scope.school}
    return tuple(group.get(name) for name in by)


def _shown(each: Column, edition: Edition) -> dict[GroupKey, Statistic]:
    return dict(zip((_key(item, each.figures.by) for item in each.figures), edition.shown(each.figures), strict=True))


def _name(item: Statistic, shown: Sequence[Statistic | None]) -> Run:
    proof = next((each for each in shown if each is not None), item)
    return figure_run(item.group_label, proof, "group")


def words_or_runs(text: str) -> str:
    """Return a header's words; an empty one stands as a full-width space, headers are never empty."""
    return text or "类别"


def _head(place: int, head: str | Literal, each: Column) -> Json:
    text = head.text if isinstance(head, Literal) else head
    unit = unit_of(each).removeprefix("个")
    unit = "" if unit and unit in text else unit.replace(text, "")
    numeric = each.part not in ("missing", "label", "definition", "group", "verdict", "direction")
    level = next((i.estimate.level for i in each.figures if inferred(i)), None) if each.part == "interval" else None
    label: Any = [literal_run(text, head.kind)] if isinstance(head, Literal) else head
    if level is not None and text.endswith("区间"):
        label = [literal_run(f"{level:.0%}区间", "rule")]
    made = {
        "key": f"c{place}",
        "label": label,
        "align": "decimal" if numeric and each.part != "interval" else "left",
    }
    if each.part == "interval":
        made["align"] = "center"
    return made | ({"unit": unit} if unit else {})


def _from_figures(figures: Any, first: str, edition: Edition) -> tuple[list[Json], list[Json]]:
    heads = [
        {"key": "figure", "label": first, "align": "left"},
        {"key": "value", "label": "数值", "align": "right"},
        {"key": "interval", "label": "区间或上下界", "align": "center"},
        {"key": "base", "label": "基数", "align": "right"},
    ]
    rows = []
    for item in edition.shown(figures):
        about = item.label + (f"（{item.group_label}）" if item.group_label else "")
        cells = figure_cells(item)
        rows.append({"role": "body", "cells": [figure_run(about, item, "label"), *cells]})
    return heads, rows


def _from_frame(frame: pd.DataFrame, first: str, edition: Edition) -> tuple[list[Json], list[Json]]:
    heads: list[Json] = [{"key": "group", "label": words_or_runs(first), "align": "left"}]
    for place, head in enumerate(frame.columns, start=1):
        numeric = any(isinstance(value, Statistic) for value in frame[head])
        heads.append({"key": f"c{place}", "label": str(head), "align": "right" if numeric else "left"})
    rows = []
    for name, row in frame.iterrows():
        cells = [free_cell(value, edition) for value in row]
        rows.append({"role": "body", "cells": [literal_run(str(name), "name"), *cells]})
    return heads, rows
