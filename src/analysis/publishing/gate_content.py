"""What the gate asks of the content: structure, numbers, verdicts, characters, disclosure."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from itertools import chain
from types import SimpleNamespace

from analysis.disclosure import policy
from analysis.house.content import Json
from analysis.house.text import number
from analysis.presentation.content import OWN_MARK, UNMARKED, of_researcher
from analysis.presentation.sources import Sourcebook
from analysis.publishing import front, gate_literals, gate_verdicts, traces, typefaces
from analysis.publishing.content import Block, Document, Run, plain, runs
from analysis.reference.vocabulary import Audience
from analysis.text.digits import typed_numbers

NAMED = {"table": "表", "figure": "图"}
PRINTED = {"value": "text", "interval": "interval_text", "bounds": "bounds_text", "base": "base_text"}
# Parts of a statistic whose printed form it holds.
NAMED_PARTS = {"label": "label", "definition": "definition", "group": "group_label"}
# Parts of a statistic that are its words.


def reasons(document: Document, own: Iterable[str] = ()) -> Iterator[str]:
    """Give every reason not to publish a content.

    Parameters
    ----------
    document
        The content.
    own
        Texts of the program's own whose declared numbers are believed (`Sourcebook`).
    """
    sources = Sourcebook(document.head, own)
    yield from _head(document.head)
    yield from _declared(document, sources)
    for block in document.of("table", "figure"):
        yield from _described(block)
    for place, words, extra in texts(document):
        yield from (f"{place}：数字“{number}”既不是引用的统计量，也没有声明" for number in undeclared(words, extra))
        yield from (f"{place}：“{run['text']}”与它所引的统计量不符" for run in words if not faithful(run))
        yield from (f"{place}：“{run['text']}”旁没有“{OWN_MARK}”" for run in words if not marked(run))
    yield from gate_verdicts.contradictions(document)
    yield from _characters(document)
    if Audience.of(document.head["audience"]).protected:
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
    own = [front.date(head["date"]), *(text for text, _ in _elements(head))]
    for name, label in (("title", "标题"), ("subtitle", "副标题")):
        yield label, runs(head.get(name)), own
    for place, block in _placed(document):
        for words, extra in _words(block):
            yield place, words, extra


def _placed(document: Document) -> Iterator[tuple[str, Block]]:
    """Give the blocks with where they stand: their cell, and the section."""
    section = ""
    for block in document.blocks:
        if block["kind"] == "heading":
            section = plain(block["runs"])
        yield block["place"] + (f"（“{section}”一节）" if section else ""), block


def _words(block: Block) -> Iterator[tuple[list[Run], list[str]]]:
    """Give every text of a block, and the numbers that it may hold besides its runs."""
    allowed = [literal["text"] for literal in block.get("literals", ())]
    if block["kind"] == "figure":
        allowed += [form for statistic in block.get("statistics", ()) for form in forms(statistic)]
    for name in ("title", "subtitle", "lead"):
        yield runs(block.get(name)), allowed
    quoted = [run["text"] for name in ("title", "subtitle") for run in runs(block.get(name)) if _cited(run)]
    yield runs(block.get("alt")), [*allowed, *quoted]
    yield block.get("runs", []), []
    for item in (*block.get("items", ()), *block.get("notes", ())):
        yield item, allowed
    for column in block.get("columns", ()):
        yield runs(column["label"]), allowed
        yield runs(column.get("unit")), allowed
    for row in block.get("rows", ()):
        yield row["cells"], allowed
    for field in block.get("fields", ()):
        yield runs(field["label"]), []
        yield runs(field.get("value")), []
    yield [{"text": option} for option in block.get("options", ())], []


def _elements(head: Block) -> Iterator[tuple[str, str]]:
    """Give the elements of a document's head that its title may quote, each with what it is declared as."""
    yield head.get("term_label") or "", "date"
    yield head.get("scope_label") or "", "name"
    yield from ((value, "name") for value in (head.get("letter") or {}).values() if value)


def _declared(document: Document, sources: Sourcebook) -> Iterator[str]:
    """Tell the declared numbers of a document that nothing proves."""
    for text, kind in _elements(document.head):
        yield from gate_literals.reasons("文件头", [{"text": text, "literal": kind}], None, sources, ())
    for name, label in (("title", "标题"), ("subtitle", "副标题")):
        yield from gate_literals.reasons(label, runs(document.head.get(name)), None, sources, ())
    for place, block in _placed(document):
        names = _names(block)
        listed = gate_literals.counts_on(block)
        yield from gate_literals.reasons(
            place, [dict(each) for each in block.get("literals", ())], block, sources, names
        )
        for row in block.get("rows", ()):
            yield from gate_literals.reasons(place, row["cells"][listed:], block, sources, names)
        for words, _ in _words({**block, "rows": []}):
            yield from gate_literals.reasons(place, words, block, sources, names)


def _names(block: Block) -> set[str]:
    """Return the names of the figures that a block shows."""
    cited = [run["statistic"] for words, _ in _words(block) for run in words if "statistic" in run]
    return {
        one[name]
        for one in (*cited, *block.get("statistics", ()))
        for name in ("label", "group_label")
        if one.get(name)
    }


def _cited(run: Run) -> bool:
    return "statistic" in run or "literal" in run


def forms(statistic: Json) -> list[str]:
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
    statistic, part = run["statistic"], run.get("part", "value")
    text = run["text"].removesuffix(OWN_MARK) if part not in UNMARKED else run["text"]
    if part in ("label", "definition", "group"):
        told = statistic.get(NAMED_PARTS[part]) or ""
        return told in text if part == "label" else told == text
    form = PRINTED.get(part)
    if not any(char.isdigit() for char in text):
        return True
    if form is None:
        plain_form = text.replace("中的", "中").replace("至", "–")  # 16件中的13至14件 is 16件中13–14件 in a table
        return not undeclared([{"text": plain_form}], [*forms(statistic), *_further(statistic)])
    unit: str = statistic["base_unit"] if form == "base_text" else statistic["unit"]
    text = text.removesuffix("，不含缺报")  # said of bounds, not by the figure
    told, printed = (each.replace(unit, "") if unit else each for each in (statistic.get(form, "—"), text))
    found: bool = told.replace("中的", "中") == printed.replace("中的", "中")  # 8所中的5所 is 8所中5所 in a table
    return found


def _further(statistic: Json) -> Iterator[str]:
    """Give the numbers that parts of a statistic print besides its own forms: what is left, what is unknown, a change's size."""
    part, whole = statistic.get("numerator"), statistic.get("denominator")
    counts = [statistic.get("unknown"), None if part is None or whole is None else whole - part]
    yield from (number(count) for count in counts if count is not None)
    signed = (statistic["text"], *statistic["interval_text"].removesuffix(statistic["unit"]).split("–"))
    yield from (each.replace("−", "").replace("-", "") for each in signed)
    yield from statistic.get("missing", ())


def marked(run: Run) -> bool:
    """Return whether a printed number of a researcher's own figure has its mark beside it."""
    own = "statistic" in run and of_researcher(run["statistic"]) and run.get("part", "value") not in UNMARKED
    return not own or OWN_MARK in run["text"] or not typed_numbers(run["text"])


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
