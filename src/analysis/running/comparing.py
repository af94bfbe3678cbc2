"""Two accounts of one document compared: its statistics one by one, and the cells of its tables."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator

from analysis.house.content import Json, digest

PRINTED = ("text", "interval_text", "base_text", "missing", "definition", "label", "unit")
IN_NOTEBOOK = "已执行的笔记本的"
"""Before the place of what is found in a packet's executed notebook."""
Compared = list[tuple[str, dict[str, str]]]


def compare_statistics(then: Iterable[Json], now: Iterable[Json]) -> Compared:
    """Compare statistics, each with the one of the same indicator, scope and group.

    Returns
    -------
    list of pairs
        The kind (``identical``, ``rounding``, ``differs``) and the finding, which is empty where they are identical.
    """
    mine, theirs = _keyed(then), _keyed(now)
    compared: Compared = []
    for key in [*mine, *(key for key in theirs if key not in mine)]:
        a, b = mine.get(key), theirs.get(key)
        kind = _kind(a, b)
        place = told_place(a or b or {})
        finding = {"kind": kind, "place": place, "packet": written(a), "again": written(b)}
        compared.append((kind, {} if kind == "identical" else finding))
    return compared


def _kind(a: Json | None, b: Json | None) -> str:
    if a == b:
        return "identical"
    if a is None or b is None or any(a.get(name) != b.get(name) for name in PRINTED):
        return "differs"
    return "rounding"


def _keyed(items: Iterable[Json]) -> dict[tuple[str, int], Json]:
    """Key statistics by what they are of; several of the same thing are told apart by their order."""
    seen: Counter[str] = Counter()
    keyed = {}
    for item in items:
        own = digest(
            [item["indicator"], item["scope"], item.get("group_label", ""), item["estimate"].get("method", "")]
        )
        keyed[own, seen[own]] = item
        seen[own] += 1
    return keyed


def told_place(item: Json) -> str:
    """Return what a finding on a statistic is about: its name and, in brackets, whom it is of."""
    scope = item.get("scope", {})
    told = "，".join(str(word) for word in (item.get("group_label", ""), scope.get("school", "")) if word)
    return f"统计量“{item.get('label', '')}”" + (f"（{told}）" if told else "")


def written(item: Json | None) -> str:
    """Write a figure as printed and in full precision."""
    if item is None:
        return "没有"
    value = item["estimate"].get("value")
    return f"{item['text']}（{value!r}），区间{item['interval_text']}，基数{item['base_text']}"


def compare_tables(then: list[Json], now: list[Json]) -> Compared:
    """Compare every table cell, in print and in full precision, as `compare_statistics` does."""
    mine, theirs = (dict(_cells(tables)) for tables in (then, now))
    compared: Compared = []
    for place in [*mine, *(place for place in theirs if place not in mine)]:
        a, b = mine.get(place), theirs.get(place)
        same_print = a is not None and b is not None and a.get("text") == b.get("text")
        kind = "identical" if a == b else "rounding" if same_print else "differs"
        finding = {"kind": kind, "place": place, "packet": _cell(a), "again": _cell(b)}
        compared.append((kind, {} if kind == "identical" else finding))
    return compared


def _cells(tables: list[Json]) -> Iterator[tuple[str, Json]]:
    for table in tables:
        for number, row in enumerate(table["rows"], start=1):
            for key, cell in zip(table["columns"], row, strict=False):
                yield f"表“{table['name']}”第{number}行“{key}”列", cell


def _cell(cell: Json | None) -> str:
    if cell is None:
        return "没有"
    return f"{cell.get('text', '')}（{cell['value']!r}）" if "value" in cell else str(cell.get("text", ""))
