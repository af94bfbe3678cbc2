"""Where each number of a document comes from: the words for one number, and the table that closes the document."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from analysis.publishing.content import Block, Document, Run, plain, runs

COLUMNS = ("文中数字", "指标", "范围", "依据", "区间", "数据切片")


WORDS = ("label", "definition", "group", "missing")
# Parts of a statistic that are words, not numbers.


def exact(statistic: dict[str, Any], part: str) -> str:
    """Return in full precision what a part of a statistic prints: ``0.9132``, for an interval ``0.899/0.926``."""
    estimate = statistic["estimate"]
    if part in ("interval", "range"):
        numbers = [estimate["lower"], estimate["upper"]]
    elif part == "rest":
        whole, share = statistic.get("denominator"), statistic.get("numerator")
        numbers = [None if whole is None or share is None else whole - share]
    elif part in ("value", "full", ""):
        numbers = [estimate["value"]]
    else:
        numbers = [statistic.get(part, estimate.get(part))]
    return "/".join(repr(number) for number in numbers if isinstance(number, (int, float)))


def scope(statistic: dict[str, Any]) -> str:
    """Return in words which data a statistic speaks of."""
    where = statistic["scope"]
    days = f"{where.get('start', '')}至{where['end']}" if where.get("end") else ""
    place = f"学校{where['school']}" if where["school"] else f"区{where['district']}"
    return "，".join(part for part in (statistic.get("group_label", ""), place, where["term"], days) if part)


def interval(statistic: dict[str, Any]) -> str:
    """Return the interval with its level, or why there is none."""
    estimate = statistic["estimate"]
    if estimate["lower"] is None or estimate["upper"] is None:
        return {"too few": "答卷或班级过少，不给区间", "no data": "无数据", "suppressed": "已隐去"}.get(
            estimate["status"], "—"
        )
    return f"{estimate['level']:.0%}区间{statistic['interval_text']}"


def title(statistic: dict[str, Any]) -> str:
    """Return the trace of one number as a single line (the title of its element in HTML)."""
    parts = (
        statistic["label"],
        scope(statistic),
        f"依据{statistic['base_text']}" if statistic["base_text"] != "—" else "",
        f"n={statistic['estimate']['n']:,}" if statistic["estimate"]["n"] else "",
        interval(statistic),
        f"切片{statistic['slice'][:12]}" if statistic["slice"] else "",
        f"快照{statistic['snapshot'][:12]}" if statistic["snapshot"] else "",
    )
    return "；".join(part for part in parts if part)


def _words(block: Block) -> list[Run]:
    """Return all runs of a block but those of a table's cells."""
    words = [*runs(block.get("title")), *runs(block.get("subtitle")), *runs(block.get("lead")), *block.get("runs", ())]
    for column in block.get("columns", ()):
        words += runs(column["label"])
    for field in block.get("fields", ()):
        words += runs(field.get("value"))
    for more in (*block.get("items", ()), *block.get("notes", ())):
        words += more
    return words


def key(statistic: dict[str, Any]) -> tuple[Any, ...]:
    """Return what tells one statistic from another: its indicator and its scope."""
    where = statistic["scope"]
    return (
        statistic["indicator"],
        *(where.get(name) for name in ("district", "school", "term", "start", "end")),
        tuple(sorted((key, str(value)) for key, value in where["group"].items())),
    )


def sentences(document: Document) -> Iterator[dict[str, Any]]:
    """Give the runs of the title, sentences, captions and notes that print a number of a statistic, in order."""
    for words in (runs(document.head["title"]), runs(document.head.get("subtitle")), *map(_words, document.blocks)):
        yield from (run for run in words if "statistic" in run and run.get("part") not in WORDS)


def statistics(document: Document) -> Iterator[dict[str, Any]]:
    """Give every statistic of a document, those of table cells and figures too (one may come more than once)."""
    yield from (run["statistic"] for run in sentences(document))
    for block in document.of("table"):
        yield from (cell["statistic"] for row in block["rows"] for cell in row["cells"] if "statistic" in cell)
    for block in document.of("figure"):
        yield from block.get("statistics", ())


def rows(document: Document) -> list[tuple[str, ...]]:
    """Return the rows of the trace table (see `COLUMNS`).

    A statistic that sentences quote has one row with all the forms in which it is printed. The numbers of a table or a
    figure have one row for each indicator: each of them is in the files of the folder tables, in full precision.
    """
    quoted: dict[tuple[Any, ...], tuple[dict[str, Any], dict[str, None]]] = {}
    for run in sentences(document):
        quoted.setdefault(key(run["statistic"]), (run["statistic"], {}))[1][run["text"]] = None
    found = [_row("、".join(texts), statistic) for statistic, texts in quoted.values()]
    for block in document.of("table", "figure"):
        found += _shared(block)
    return found


def _row(text: str, statistic: dict[str, Any]) -> tuple[str, ...]:
    return (
        text,
        statistic["label"],
        scope(statistic),
        statistic["base_text"],
        interval(statistic),
        statistic["slice"][:12],
    )


def _shared(block: Block) -> Iterator[tuple[str, ...]]:
    own = (
        block.get("statistics", ())
        if block["kind"] == "figure"
        else [cell["statistic"] for row in block["rows"] for cell in row["cells"] if "statistic" in cell]
    )
    by_indicator: dict[str, dict[tuple[Any, ...], dict[str, Any]]] = {}
    for statistic in own:
        by_indicator.setdefault(statistic["indicator"], {})[key(statistic)] = statistic
    for group in by_indicator.values():
        first = next(iter(group.values()))
        slices = "、".join(dict.fromkeys(statistic["slice"][:12] for statistic in group.values()))
        name = f"{block['label']}（{len(group)}个数）"
        if len(group) == 1:
            yield (name, *_row("", first)[1:])
        else:
            yield (name, first["label"], "各组见该处标注", "见该处标注", "见数据表", slices)


def sources(document: Document) -> str:
    """Return the sentence above the trace table: which snapshot, which slice."""
    head = document.head
    parts = [f"快照{head['snapshot'][:16]}"] if head.get("snapshot") else []
    parts += [f"本页切片{head['slice'][:16]}"] if head.get("slice") else []
    return f"本文数字均由{'、'.join(parts)}算出，全部数值的完整精度见随附的数据表。" if parts else ""


def heading(document: Document) -> str:
    """Return the heading of the trace table."""
    return f"数字出处（{plain(document.head['title'])}）" if document.head["class"] == "letter" else "数字出处"
