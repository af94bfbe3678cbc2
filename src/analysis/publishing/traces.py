"""Where each number of a document comes from: the words for one number, and the table that closes the document."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any

from analysis.house.content import Json
from analysis.publishing.content import Block, Document, Run, plain, runs

COLUMNS = ("文中数字", "指标", "范围", "依据", "区间或上下界", "数据切片")


WORDS = ("label", "definition", "group", "groups", "missing")
# Parts of a statistic that are words, not numbers.


def exact(statistic: Json, part: str) -> str:
    """Return in full precision what a part of a statistic prints: ``0.9132``, for an interval ``0.899/0.926``."""
    estimate = statistic["estimate"]
    if part in ("interval", "range"):
        numbers = [estimate["lower"], estimate["upper"]]
        if statistic.get("nature") == "count":
            numbers = statistic.get("bounds") or []
    elif part == "bounds":
        numbers = statistic.get("bounds") or []
    elif part == "rest":
        whole, share = statistic.get("denominator"), statistic.get("numerator")
        numbers = [None if whole is None or share is None else whole - share]
    elif part in ("value", "full", "change", ""):
        numbers = [estimate["value"]]
    else:
        numbers = [statistic.get(part, estimate.get(part))]
    return "/".join(repr(number) for number in numbers if isinstance(number, (int, float)))


def scope(statistic: Json, head: Block | None = None) -> str:
    """Return in words which data a statistic speaks of; what it shares with the document's head is left out."""
    where, shared = statistic["scope"], head or {}
    group = statistic.get("group_label", "")
    same_place = (where["district"], where["school"]) == (shared.get("district"), shared.get("school"))
    if same_place or head is None:
        place = "" if group else shared.get("scope_label", "")
    elif where["school"]:
        place = "" if group else f"学校{where['school']}"
    else:
        place = "全区" if shared.get("school") and not group.startswith("全区") else ""
    term = "" if where["term"] == shared.get("term") else where["term"]
    days = f"{where.get('start', '')}至{where['end']}" if where.get("end") and head is None else ""
    return "，".join(part for part in (group, place, term, days) if part)


def interval(statistic: Json) -> str:
    """Return the interval with its level, the bounds of a count, or why there are none."""
    estimate = statistic["estimate"]
    if statistic.get("nature") == "count" and estimate["status"] in ("ok", "too few"):
        if not statistic.get("bounds"):
            return "—"
        told = statistic["bounds_text"]
        return f"上下界{told}" if "–" in told else f"上下界都是{told}"
    if estimate["lower"] is None or estimate["upper"] is None:
        return {"too few": "答卷或班级过少，不给区间", "no data": "无数据", "suppressed": "已隐去"}.get(
            estimate["status"], "—"
        )
    return f"{estimate['level']:.0%}区间{statistic['interval_text']}"


def title(statistic: Json) -> str:
    """Return the trace of one number as a single line (the title of its element in HTML)."""
    parts = (
        statistic["label"],
        scope(statistic),
        f"依据{statistic['base_text']}" if statistic["base_text"] != "—" else "",
        f"n={statistic['estimate']['n']:,}" if statistic["estimate"]["n"] else "",
        interval(statistic),
        f"切片{statistic['slice'][:8]}" if statistic["slice"] else "",
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


def key(statistic: Json) -> tuple[Any, ...]:
    """Return what tells one statistic from another: its indicator and its scope."""
    where = statistic["scope"]
    return (
        statistic["indicator"],
        *(where.get(name) for name in ("district", "school", "term", "start", "end")),
        tuple(sorted((key, str(value)) for key, value in where["group"].items())),
    )


def sentences(document: Document) -> Iterator[Json]:
    """Give the runs of the title, sentences, captions and notes that print a number of a statistic, in order."""
    for words in (runs(document.head["title"]), runs(document.head.get("subtitle")), *map(_words, document.blocks)):
        yield from (run for run in words if "statistic" in run and run.get("part") not in WORDS)


def statistics(document: Document) -> Iterator[Json]:
    """Give every statistic of a document, those of table cells and figures too (one may come more than once)."""
    yield from (run["statistic"] for run in sentences(document))
    for block in document.of("table"):
        yield from (cell["statistic"] for row in block["rows"] for cell in row["cells"] if "statistic" in cell)
    for block in document.of("figure"):
        yield from block.get("statistics", ())


def rows(document: Document) -> list[tuple[str, ...]]:
    """Return the rows of the trace table (see `COLUMNS`).

    A statistic that sentences quote has one row with all the forms in which it is printed. A table or a figure has one
    row for all its numbers: each of them is in the files of the folder tables, in full precision.
    """
    head, days = document.head, next(iter(windows(document)), "")
    shown = {key(one) for block in document.of("table", "figure") for one in _own(block)}
    quoted: dict[tuple[Any, ...], tuple[Json, dict[str, None]]] = {}
    for run, inside in _quoted(document):
        if not (inside and key(run["statistic"]) in shown):
            text = run["text"].strip("（）")
            quoted.setdefault(key(run["statistic"]), (run["statistic"], {}))[1][text] = None
    found = []
    for statistic, texts in quoted.values():
        numbers = [text for text in texts if any(char.isdigit() for char in text)]
        if not numbers:
            continue
        found.append(
            (
                "、".join(numbers),
                statistic["label"],
                _where(scope(statistic, head), window(statistic), days),
                statistic["base_text"],
                interval(statistic),
                statistic["slice"][:8],
            )
        )
    return found + [_shared(block, days) for block in document.of("table", "figure") if any(_own(block))]


def _quoted(document: Document) -> Iterator[tuple[Run, bool]]:
    """Give the runs that print numbers, and whether they stand in the words of a table or a figure."""
    inside = {id(run) for block in document.of("table", "figure") for run in _words(block)}
    return ((run, id(run) in inside) for run in sentences(document))


def _own(block: Block) -> list[Json]:
    """Return the statistics of a figure, or those whose numbers stand in a table's cells."""
    if block["kind"] == "figure":
        found: list[Json] = block.get("statistics", [])
        return found
    cells = [cell for row in block["rows"] for cell in row["cells"] if "statistic" in cell]
    return [cell["statistic"] for cell in cells if cell.get("part") not in WORDS]


MOST_NAMED = 2
"""Indicators and slices of a table that its row names; of more, the files of the folder tables tell each."""


def _shared(block: Block, days: str) -> tuple[str, ...]:
    own = {key(statistic): statistic for statistic in _own(block)}
    labels = list(dict.fromkeys(statistic["label"] for statistic in own.values()))
    named = "；".join(labels[:MOST_NAMED]) + (f"等{len(labels)}项" if len(labels) > MOST_NAMED else "")
    slices = list(dict.fromkeys(statistic["slice"][:8] for statistic in own.values() if statistic["slice"]))
    digests = "见数据表" if len(slices) > MOST_NAMED else "、".join(slices)
    spans = dict.fromkeys(window(statistic) for statistic in own.values())
    where = _where("各组见该处", "、".join(filter(None, spans)), days)
    return f"{block['label']}（{len(own)}个数）", named, where, "见数据表", "见数据表", digests


def window(statistic: Json) -> str:
    """Return the days that a statistic speaks of, ``2026-03-02至2026-07-20`` or ``2026-07-20当天``; ``""`` if it has none."""
    start, end = (statistic["scope"].get(name) or "" for name in ("start", "end"))
    return f"{end}当天" if end and start in ("", end) else f"{start}至{end}" if end else ""


def windows(document: Document) -> list[str]:
    """Return the days of a document's statistics, those of most of them first."""
    found = Counter(window(one) for one in {key(one): one for one in statistics(document)}.values())
    return [days for days, _ in found.most_common() if days]


def _where(place: str, own: str, days: str) -> str:
    """Return a row's scope, with its days where they are not those of most figures."""
    return place if own in ("", days) else "，".join(part for part in (place, own) if part)


def sources(document: Document) -> str:
    """Return the sentence beside the trace table: which term and days (all of them), which snapshot, which slice."""
    head = document.head
    days, *others = windows(document) or [""]
    about = "，".join(part for part in (head.get("scope_label"), head.get("term_label"), days) if part)
    also = f"另有{len(others)}种时段，逐行注明：{'、'.join(others)}；" if others else ""
    parts = [f"快照{head['snapshot'][:16]}"] if head.get("snapshot") else []
    parts += [f"本页切片{head['slice'][:16]}"] if head.get("slice") else []
    by = f"由{'、'.join(parts)}算出" if parts else ""
    more = "全部数值的完整精度见随附的数据表"
    return f"范围除另注明外为{about}；" * bool(about) + also + "；".join(part for part in (by, more) if part) + "。"


def heading(document: Document) -> str:
    """Return the heading of the trace table."""
    return f"数字出处（{plain(document.head['title'])}）" if document.head["class"] == "letter" else "数字出处"
