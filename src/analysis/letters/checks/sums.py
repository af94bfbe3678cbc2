"""Sums: parts against their whole, segments against a total, shares against 100 %.

1. ``14家（5家…、9家…）`` and ``14家：A5家、B9家``: what stands in the bracket or after the colon makes up the whole.
2. ``14家，其中A5家、B9家``: the parts may not exceed the whole; where they fall short by little it is doubtful, by more
   it is a list that does not claim to be complete.
3. ``A5家、B9家，共14家``: the total closes the list.
4. ``30+60+30``: against ``=`` or the total beside it.
5. ``满意60%，基本满意30%，不满意8%``: answers of one question make 100 %.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator
from decimal import Decimal

from analysis.letters.drafts import Draft, Sentence
from analysis.letters.findings import Finding, holding, preceding
from analysis.statistics.consistency import decimals
from analysis.text.quantities import Quantity, alike, quantities, said, shown

KIND = ("sum", "加总")

_TOTAL = re.compile(r"(?:总共|一共|合共|共计|合计|总计|累计|总数为?|共有|共达|共为|共(?!同)[\u4e00-\u9fff]{0,4})\s*$")
_SINGLE = re.compile(r"(?:最[\u4e00-\u9fff]|平均|人均|生均|户均|每(?![天日]共))[^，。；、]*$")
# Extremes and averages are no parts of a whole, and averages no wholes.
_FAMILIES = (
    ("男", "女"), ("党员", "群众"), ("高级", "中级", "初级", "一级", "二级", "三级"), ("小学", "初中", "高中", "一贯制", "中学", "幼儿园"),
    ("公办", "民办"), ("城", "乡", "镇", "农村"), ("学科类", "非学科"), ("家长", "学生"), ("教师", "校长", "职工"),
)  # fmt: skip
_NUMBER = r"(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?"
_TERM = rf"{_NUMBER}\s*(?:分钟|家|所|个|人|名|件|项|元|万元)?"
_PLUS = re.compile(rf"(?<![\d.,+]){_TERM}(?:\s*[+＋]\s*{_TERM})+(?!\s*[+＋]?\s*[NnXx])")
_ANSWERS = ("非常满意", "满意", "比较满意", "较满意", "基本满意", "一般", "不满意", "不太满意", "非常不满意")


def check(draft: Draft) -> Iterator[Finding]:
    """Yield what adds up (as holding) and what does not."""
    for sentence in draft.prose:
        found = list(quantities(sentence.text))
        yield from _plus(sentence, found)
        yield from _wholes(sentence, [item for item in found if item.unit != "%"])
        yield from _percents(sentence, [item for item in found if item.unit == "%"])


def _wholes(sentence: Sentence, found: list[Quantity]) -> Iterator[Finding]:
    used: set[int] = set()
    for place, whole in enumerate(found):
        if not whole.exact or place in used or _SINGLE.search(preceding(sentence.text, whole.start, 12)):
            continue
        for kind, inside in _openings(sentence.text, whole):
            parts = _parts(sentence.text, [item for item in found if item.start in inside], whole)
            if len(parts) >= 2:
                used |= {found.index(item) for item in parts}
                yield from _compared(sentence, whole, parts, kind)
                break
    for place, whole in enumerate(found):
        if not whole.exact or not _closes(sentence.text, whole):
            continue
        earlier = [item for index, item in enumerate(found[:place]) if index not in used]
        parts = _run_before(sentence.text, earlier, whole)
        if len(parts) >= 2:
            yield from _compared(sentence, whole, parts, "total")


def _closes(text: str, whole: Quantity) -> bool:
    """Tell whether a word such as 共 or 合计 stands before a quantity."""
    return _TOTAL.search(preceding(text, whole.start)) is not None


def _openings(text: str, whole: Quantity) -> Iterator[tuple[str, range]]:
    """Yield where parts of a whole may stand: in a bracket, after a colon, after 其中 or 分别, or as a list after 共."""
    after = text[whole.end :]
    bracket = re.match(r"[\u4e00-\u9fff、]{0,16}（", after)
    if bracket:
        start = whole.end + bracket.end()
        yield ("among" if "其中" in text[start : start + 4] else "exhaustive"), _until(text, start, "）")
    among = re.match(r"[^。；：（]{0,24}?(?:[，,；：:]\s*)?(?:其中|分别为|分别是|包括|含)", after)
    if among:
        yield "among", _until(text, whole.end + among.end(), "。；")
    within = re.match(r"[^。；：，（]{0,14}[中里]，", after)
    if within:
        yield "among", _until(text, whole.end + within.end(), "。；")
    colon = re.match(r"[^。；：，]{0,16}[：:]", after)
    if colon:
        yield "exhaustive", _until(text, whole.end + colon.end(), "。")
    listed = re.match(r"[^。；：，（]{0,12}，", after)
    if listed and _closes(text, whole):
        yield "loose", _until(text, whole.end + listed.end(), "。；")


def _until(text: str, start: int, marks: str) -> range:
    """Return the places from `start` up to the first of some marks, or to the text's end."""
    stop = re.compile(f"[{marks}]").search(text, start)
    return range(start, stop.start() if stop else len(text))


def _parts(text: str, inside: list[Quantity], whole: Quantity) -> list[Quantity]:
    """Return the quantities that may be parts: alike, exact, below the whole, no total of their own."""
    parts = []
    for item in inside:
        if _closes(text, item):
            break
        if _SINGLE.search(preceding(text, item.start, 6)):
            continue
        if (
            not item.exact
            or not alike(whole, item, nouns=False)
            or (item.unit == "" and whole.unit and text[item.end : item.end + 1] not in "）、，；+")
        ):
            continue
        parts.append(item)
    return parts


def _run_before(text: str, earlier: list[Quantity], whole: Quantity) -> list[Quantity]:
    """Return the unbroken run of like quantities just before a total."""
    parts: list[Quantity] = []
    for item in reversed(earlier):
        if not item.exact or item.unit != whole.unit or not alike(whole, item):
            if item.unit == whole.unit or text[item.end : whole.start].count("，") > 2:
                break
            continue
        if _closes(text, item):
            break
        parts.insert(0, item)
    gaps = [text[left.end : right.start] for left, right in itertools.pairwise(parts)]
    return parts if all(len(gap) <= 24 and "。" not in gap for gap in gaps) else []


def _compared(sentence: Sentence, whole: Quantity, parts: list[Quantity], kind: str) -> Iterator[Finding]:
    total = sum((item.value for item in parts), Decimal(0))
    terms = " + ".join(said(item.value, whole) for item in parts)
    start, end = min(whole.start, parts[0].start), max(whole.end, parts[-1].end)
    line, words = sentence.line(whole.start), sentence.quote(start, end)
    if total == whole.value:
        yield holding(line, words, "sum", f"{terms} = {said(whole.value, whole)}，与总数相符。")
        return
    for count in range(2, len(parts)):
        if sum((item.value for item in parts[:count]), Decimal(0)) == whole.value:
            yield from _compared(sentence, whole, parts[:count], kind)
            return
    gap = abs(whole.value - total)
    told = f"各项相加为 {terms} = {said(total, whole)}，与所写总数 {said(whole.value, whole)} 相差 {said(gap, whole)}"
    near = gap <= max(Decimal(2), abs(whole.value) * Decimal("0.15"))
    listed = re.search(r"等", sentence.text[parts[-1].end : parts[-1].end + 14])
    if kind == "loose" and not near:
        return
    if total > whole.value:
        if _crossing(sentence.text, whole, parts, kind):
            return
    elif kind in ("among", "exhaustive") and (listed or (kind == "among" and not near)):
        yield Finding(line, words, "sum", "note", f"{told}；所列只是其中一部分，如已列全请核对。")
        return
    yield Finding(line, words, "sum", "error", f"{told}；请核对总数与各项。")


def _crossing(text: str, whole: Quantity, parts: list[Quantity], kind: str) -> bool:
    """Tell whether the parts are of different kinds (women, party members …) and so may overlap; men and women do not."""
    found: list[list[frozenset[str]]] = []
    last = 0 if kind == "total" else whole.end  # what the whole counts is no kind of part
    for item in parts:
        around = text[max(last, item.start - 10) : item.start].replace("其中", "") + item.noun  # 其中学生 is no 中学
        found.append([frozenset(word for word in words if word in around) for words in _FAMILIES])
        last = item.end
    families = [words for words in zip(*found, strict=True) if any(words)]
    apart = any(all(words) and len(set(words)) == len(words) for words in families)
    return len(families) > 1 and not apart


def _plus(sentence: Sentence, found: list[Quantity]) -> Iterator[Finding]:
    for match in _PLUS.finditer(sentence.text):
        terms = [Decimal(word.replace(",", "")) for word in re.findall(_NUMBER, match[0])]
        stated = re.match(rf"\s*[=＝]\s*({_NUMBER})", sentence.text[match.end() :])
        if not stated and match[0].replace(" ", "") == "5+2":
            continue
        total = sum(terms, Decimal(0))
        if stated:
            against = Decimal(stated[1].replace(",", ""))
        else:
            near = [
                item
                for item in found
                if item.start not in range(*match.span()) and _total_beside(sentence.text, item, match)
            ]
            if not near:
                continue
            against = min(near, key=lambda item: abs(item.value - total)).value
        text = " + ".join(shown(term) for term in terms)
        line, quote = sentence.line(match.start()), sentence.quote(match.start(), match.end() + 12)
        if against == total:
            yield holding(line, quote, "sum", f"{text} = {shown(total)}，相符。")
        else:
            yield Finding(
                line, quote, "sum", "error", f"{text} = {shown(total)}，与所写 {shown(against)} 不符；请核对。"
            )


def _total_beside(text: str, item: Quantity, match: re.Match[str]) -> bool:
    """Tell whether a quantity is likely to be the total of the plus sign's terms: minutes, or after 共."""
    units = re.search(r"分钟|家|所|个|人|名|件|项|元", match[0] + text[match.end() : match.end() + 4])
    same = (units is None and item.unit == "分钟") or (
        units is not None and (item.unit == units[0] or {item.unit, units[0]}.issubset(("家", "所", "个")))
    )
    told = (
        _closes(text, item)
        or re.search(r"(?:每天|每日|时长为?|合|达)\s*$", preceding(text, item.start))
        or item.end <= match.start()
    )
    return bool(same and item.exact and told)


def _percents(sentence: Sentence, found: list[Quantity]) -> Iterator[Finding]:
    exact = [item for item in found if item.exact]
    if len(exact) < 3 or len(exact) != len(found):
        return
    before = [preceding(sentence.text, item.start, 8) for item in exact]
    answers = all(any(word in words for word in (*_ANSWERS, "认为", "表示")) for words in before)
    shares = sum("占" in words for words in before) >= len(exact) - 1 or re.search(
        r"(?:占比|比例|比重)[^。]{0,8}分别", sentence.text
    )
    total = sum((item.value for item in exact), Decimal(0))
    if not (answers or (shares and 90 <= total <= 110)):
        return
    distinct = {re.sub(r".*[，、；]", "", words) for words in before}
    if answers and not any("不满意" in words or "一般" in words for words in distinct):
        return
    slack = sum((Decimal(5).scaleb(-decimals(item.value) - 1) for item in exact), Decimal(0))
    text = " + ".join(f"{shown(item.value)}%" for item in exact)
    line, quote = sentence.line(exact[0].start), sentence.quote(exact[0].start, exact[-1].end)
    if abs(total - 100) <= slack:
        yield holding(line, quote, "sum", f"{text} = {shown(total)}%，在四舍五入的误差之内合为100%。")
    else:
        yield Finding(line, quote, "sum", "error", f"{text} = {shown(total)}%，各类答案应合为100%；请核对。")
