"""What the gate asks of the content: structure, numbers, verdicts, characters, disclosure."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from itertools import chain
from types import SimpleNamespace
from typing import Any

from analysis.disclosure import policy
from analysis.presentation.digits import typed_numbers
from analysis.publishing import front, gate_verdicts, traces, typefaces
from analysis.publishing.content import Block, Document, Run, plain, runs

NAMED = {"table": "表", "figure": "图"}
PRINTED = {"value": "text", "interval": "interval_text", "bounds": "bounds_text", "base": "base_text"}
# Parts of a statistic whose printed form it holds.


def reasons(document: Document) -> Iterator[str]:
    """Give every reason not to publish a content."""
    yield from _head(document.head)
    for block in document.of("table", "figure"):
        yield from _described(block)
    for place, words, extra in texts(document):
        yield from (f"{place}：数字“{number}”既不是引用的统计量，也没有声明" for number in undeclared(words, extra))
        yield from (f"{place}：“{run['text']}”与它所引的统计量不符" for run in words if not faithful(run))
    yield from gate_verdicts.contradictions(document)
    yield from _characters(document)
    if document.head["audience"] == "public":
        yield from _disclosed(document)


def _head(head: Block) -> Iterator[str]:
    if not plain(head["title"]).strip():
        yield "缺标题"
    if not head["issuer"].strip():
        yield "缺发文机关"
    if head["simulated"] and "模拟" not in head["mark"]:
        yield "数据是模拟的，却没有“模拟”标注"


def _described(block: Block) -> Iterator[str]:
    name = f"{block['place']}的{NAMED[block['kind']]}“{block['name']}”"
    if not plain(block["title"]).strip():
        yield f"{name}缺标题"
    if block["kind"] == "figure" and len(block["alt"].strip()) < 4:
        yield f"{name}缺替代文字"
    for column in block.get("columns", ()):
        if not plain(column["label"]).strip():
            yield f"{name}的“{column['key']}”列缺表头"
    if block["kind"] == "table" and not block["rows"]:
        yield f"{name}没有一行"


def texts(document: Document) -> Iterator[tuple[str, list[Run], list[str]]]:
    """Give every text of a document: its place, its runs, and the numbers that it may hold besides them."""
    head = document.head
    own = [head.get("term_label", ""), head.get("scope_label", ""), front.date(head["date"])]
    own += [value for value in (head.get("letter") or {}).values() if value]
    for name, label in (("title", "标题"), ("subtitle", "副标题")):
        yield label, runs(head.get(name)), own
    for block in document.blocks:
        place = block["place"]
        allowed = [literal["text"] for literal in block.get("literals", ())]
        if block["kind"] == "figure":
            allowed += [form for statistic in block.get("statistics", ()) for form in forms(statistic)]
        for name in ("title", "subtitle", "lead"):
            yield place, runs(block.get(name)), allowed
        quoted = [run["text"] for name in ("title", "subtitle") for run in runs(block.get(name)) if _cited(run)]
        yield place, runs(block.get("alt")), [*allowed, *quoted]
        yield place, block.get("runs", []), []
        for item in (*block.get("items", ()), *block.get("notes", ())):
            yield place, item, allowed
        for column in block.get("columns", ()):
            yield place, runs(column["label"]), allowed
            yield place, runs(column.get("unit")), allowed
        for row in block.get("rows", ()):
            yield place, row["cells"], allowed
        for field in block.get("fields", ()):
            yield place, runs(field["label"]), []
            yield place, runs(field.get("value")), []
        yield place, [{"text": option} for option in block.get("options", ())], []


def _cited(run: Run) -> bool:
    return "statistic" in run or "literal" in run


def forms(statistic: dict[str, Any]) -> list[str]:
    """Return the ways in which a statistic's numbers may be printed, the longest first."""
    estimate = statistic["estimate"]
    printed = [statistic.get(name, "—") for name in PRINTED.values()]
    printed += [*statistic["interval_text"].split("–"), *statistic.get("bounds_text", "—").split("–")]
    counts = [statistic.get(name) for name in ("numerator", "denominator", "base", "schools", "classes", "days")]
    counts += [estimate["n"], len(statistic.get("missing", ()))]
    printed += [f"{int(count):,}" for count in counts if count is not None and float(count).is_integer()]
    printed.append(f"{estimate['level']:.0%}")
    printed.append(statistic.get("group_label", ""))
    return sorted({form for form in printed if form and form not in "…—"}, key=len, reverse=True)


def undeclared(words: list[Run], allowed: Iterable[str]) -> list[str]:
    """Return the numbers of plain runs that nothing declares."""
    text = "".join("\u2060" if _cited(run) else run["text"] for run in words)
    for form in sorted(set(allowed), key=len, reverse=True):
        if form and typed_numbers(form):
            before = r"(?<![0-9.,])" if form[0].isdigit() else ""
            after = r"(?![0-9])" if form[-1].isdigit() else ""
            text = re.sub(before + re.escape(form) + after, "\u2060", text)
    return typed_numbers(text)


def faithful(run: Run) -> bool:
    """Return whether a run prints what its statistic says (the unit may stand once, or in the header of a table)."""
    if "statistic" not in run or run.get("suppressed"):
        return True
    statistic, form = run["statistic"], PRINTED.get(run.get("part", "value"))
    if form is None or not any(char.isdigit() for char in run["text"]):
        return True
    unit = statistic["base_unit"] if form == "base_text" else statistic["unit"]
    told, printed = (text.replace(unit, "") if unit else text for text in (statistic.get(form, "—"), run["text"]))
    return told.replace("中的", "中") == printed.replace("中的", "中")  # 8所中的5所 is 8所中5所 in a table


def _characters(document: Document) -> Iterator[str]:
    """Tell the characters that no font has, with the first place where each stands."""
    seen: set[str] = set()
    head = document.head
    fixed = [("文档信息", "".join([head["issuer"], head["mark"], *chain(*front.facts(head)), *front.elements(head)]))]
    fixed += [("数字出处", "".join(row)) for row in traces.rows(document)]
    told = ((place, "".join(run["text"] for run in words)) for place, words, _ in texts(document))
    for place, text in (*fixed, *told):
        new = "".join(char for char in text if char not in seen)
        seen.update(new)
        for char in typefaces.lacking("fang", new):
            name = unicodedata.name(char, "")
            yield f"{place}：没有字体含有字符“{char}”（U+{ord(char):04X}{' ' + name if name else ''}）"


def _disclosed(document: Document) -> Iterator[str]:
    """Tell the figures that a public edition must not show."""
    smallest = policy.threshold()
    for statistic in {traces.key(one): one for one in traces.statistics(document)}.values():
        estimate = statistic["estimate"]
        known = estimate["value"] is not None and estimate["status"] in ("ok", "too few")
        why = policy.unsafe(SimpleNamespace(**statistic, value=estimate["value"], known=known), smallest)  # type: ignore[arg-type]
        if why:
            yield f"公开版不得出示“{statistic['label']}”（{traces.scope(statistic)}）：{policy.REASONS[why]}"
