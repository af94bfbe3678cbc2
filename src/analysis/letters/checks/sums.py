"""Sums: parts against their whole, segments against a total, shares against 100 %, rises against their ends.

1. ``14家（5家…、9家…）`` and ``14家：A5家、B9家``: what stands in the bracket or after the colon makes up the whole.
2. ``14家，其中A5家、B9家``: the parts may not exceed the whole; where they fall short by little it is doubtful, by more
   it is a list that does not claim to be complete.
3. ``A5家、B9家，共14家``: the total closes the list.
4. ``30+60+30``: against ``=`` or the total beside it.
5. ``满意60%，基本满意30%，不满意8%``: answers of one question make 100 %.
6. ``由45件增加到60件，增加20件``; ``8所中7所，占90%``: the difference and the share follow from the figures beside them.
7. Tables: a row or column 合计 against what it adds up.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal

from analysis.letters.drafts import Draft, Sentence, Table
from analysis.letters.findings import Finding, excerpt, holding
from analysis.letters.numerals import Quantity, alike, number, plain, quantities, shown

_TOTAL = re.compile(r"(?:总共|一共|合共|共计|合计|总计|累计|总数为?|共有|共达|共为|共(?!同)[\u4e00-\u9fff]{0,4})\s*$")
_FAMILIES = (
    ("男", "女"), ("党员", "群众"), ("高级", "中级", "初级", "一级", "二级", "三级"), ("小学", "初中", "高中", "一贯制", "中学", "幼儿园"),
    ("公办", "民办"), ("城", "乡", "镇", "农村"), ("学科类", "非学科"), ("家长", "学生"), ("教师", "校长", "职工"),
)  # fmt: skip
_RISE = re.compile(
    r"[由从](?P<before>[^，。；]{0,20}?)(?P<verb>增加|增长|提高|提升|上升|扩大|减少|下降|降低|压减|缩减)(?:到|至|为|了)(?P<after>[^，。；]{0,16})[，,]\s*"
    r"(?:共|净|累计|同比|分别)?(?:增加|增长|提高|提升|上升|扩大|减少|下降|降低|压减|缩减)了?(?P<change>[^，。；]{1,14})"
)
_PLUS = re.compile(r"(?<![\d.+])\d+(?:\.\d+)?\s*(?:分钟|家|所|个|人|名|件|项|元|万元)?(?:\s*[+＋]\s*\d+(?:\.\d+)?\s*(?:分钟|家|所|个|人|名|件|项|元|万元)?)+(?!\s*[+＋]?\s*[NnXx])")
_ANSWERS = ("非常满意", "满意", "比较满意", "较满意", "基本满意", "一般", "不满意", "不太满意", "非常不满意")


def check(draft: Draft) -> Iterator[Finding]:
    """Yield what adds up (as holding) and what does not."""
    for sentence in draft.prose:
        found = list(quantities(sentence.text))
        if len(found) >= 2:
            yield from _plus(sentence, found)
            yield from _wholes(sentence, [item for item in found if item.unit != "%"])
            yield from _percents(sentence, [item for item in found if item.unit == "%"])
            yield from _rise(sentence)
            yield from _ratio(sentence, found)
    for table in draft.tables:
        yield from _table(table)


def _wholes(sentence: Sentence, found: list[Quantity]) -> Iterator[Finding]:
    used: set[int] = set()
    for place, whole in enumerate(found):
        if not whole.exact or place in used:
            continue
        for kind, start, end in _openings(sentence.text, whole):
            parts = _parts(sentence.text, [item for item in found if start <= item.start < end], whole)
            if len(parts) >= 2:
                used |= {found.index(item) for item in parts}
                yield from _compared(sentence, whole, parts, kind)
                break
    for place, whole in enumerate(found):
        before = _TOTAL.search(sentence.text[max(0, whole.start - 14) : whole.start])
        if place in used or place < 2 or not before or not whole.exact:
            continue
        earlier = [item for index, item in enumerate(found[:place]) if index not in used]
        parts = _run_before(sentence.text, earlier, whole)
        if len(parts) >= 2:
            yield from _compared(sentence, whole, parts, "total")


def _openings(text: str, whole: Quantity) -> Iterator[tuple[str, int, int]]:
    """Yield where parts of a whole may stand: in a bracket, after a colon, after 其中 or 分别, or as a list after 共."""
    after = text[whole.end :]
    bracket = re.match(r"[\u4e00-\u9fff、]{0,16}（", after)
    if bracket:
        start = whole.end + bracket.end()
        end = text.find("）", start)
        end = len(text) if end < 0 else end
        yield ("among" if "其中" in text[start : start + 4] else "exhaustive"), start, end
    among = re.match(r"[^。；：（]{0,24}?(?:[，,；：:]\s*)?(?:其中|分别为|分别是|包括|含)", after)
    if among:
        end = re.search(r"[。；]", after[among.end() :])
        yield "among", whole.end + among.end(), whole.end + among.end() + end.start() if end else len(text)
    colon = re.match(r"[^。；：，]{0,16}[：:]", after)
    if colon:
        end = re.search(r"[。]", after[colon.end() :])
        yield "exhaustive", whole.end + colon.end(), whole.end + colon.end() + end.start() if end else len(text)
    listed = re.match(r"[^。；：，（]{0,12}，", after)
    if listed and _TOTAL.search(text[max(0, whole.start - 14) : whole.start]):
        end = re.search(r"[。；]", after)
        yield "loose", whole.end + listed.end(), whole.end + end.start() if end else len(text)


def _parts(text: str, inside: list[Quantity], whole: Quantity) -> list[Quantity]:
    """Return the quantities that may be parts: alike, exact, below the whole, no total of their own."""
    parts = []
    for item in inside:
        if _TOTAL.search(text[max(0, item.start - 4) : item.start]):
            break
        if not item.exact or not alike(whole, item, nouns=False) or (item.unit == "" and whole.unit and text[item.end : item.end + 1] not in "）、，；+"):
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
        if _TOTAL.search(text[max(0, item.start - 4) : item.start]):
            break
        parts.insert(0, item)
    gaps = [text[left.end : right.start] for left, right in zip(parts, parts[1:], strict=False)]
    return parts if all(len(gap) <= 24 and "。" not in gap for gap in gaps) else []


def _compared(sentence: Sentence, whole: Quantity, parts: list[Quantity], kind: str) -> Iterator[Finding]:
    total = sum((item.value for item in parts), Decimal(0))
    terms = " + ".join(_said(item.value, whole) for item in parts)
    start, end = min(whole.start, parts[0].start), max(whole.end, parts[-1].end)
    line, words = sentence.line(whole.start), sentence.quote(start, end)
    if total == whole.value:
        yield holding(line, words, "sum", f"{terms} = {_said(whole.value, whole)}，与总数相符。")
        return
    gap = whole.value - total
    told = f"各项相加为 {terms} = {_said(total, whole)}，与所写总数 {_said(whole.value, whole)} 相差 {_said(abs(gap), whole)}"
    near = abs(gap) <= max(Decimal(2), abs(whole.value) * Decimal("0.15"))
    listed = re.search(r"等", sentence.text[parts[-1].end : parts[-1].end + 14])
    if kind == "loose" and not near:
        return
    if gap < 0 and _crossing(sentence.text, parts):
        return
    if kind in ("among", "exhaustive") and gap > 0 and (listed or (kind == "among" and not near)):
        yield Finding(line, words, "sum", "note", f"{told}；所列只是其中一部分，如已列全请核对。")
        return
    if kind == "among" and gap > 0 and len({item.unit for item in parts}) == 1 and not near:
        return
    yield Finding(line, words, "sum", "error", f"{told}；请核对总数与各项。")


def _said(value: Decimal, like: Quantity) -> str:
    """Write a value in the unit that a quantity was written in (万元, 小时)."""
    return shown(value / like.factor)


def _crossing(text: str, parts: list[Quantity]) -> bool:
    """Tell whether the parts are of different kinds (women, party members …) and so may overlap."""
    kinds = set()
    last = 0
    for item in parts:
        around = text[max(last, item.start - 10) : item.start] + item.noun
        kinds |= {index for index, words in enumerate(_FAMILIES) if any(word in around for word in words)}
        last = item.end
    return len(kinds) > 1


def _plus(sentence: Sentence, found: list[Quantity]) -> Iterator[Finding]:
    for match in _PLUS.finditer(sentence.text):
        words = [re.match(r"\d+(?:\.\d+)?", piece.strip()) for piece in re.split(r"[+＋]", match[0])]
        terms = [Decimal(word[0]) for word in words if word]
        stated = re.match(r"\s*[=＝]\s*(\d+(?:\.\d+)?)", sentence.text[match.end() :])
        if len(terms) < 3 and not stated and match[0].replace(" ", "") == "5+2":
            continue
        total = sum(terms, Decimal(0))
        if stated:
            against = Decimal(stated[1])
        else:
            near = [item for item in found if (item.start >= match.end() or item.end <= match.start()) and _total_beside(sentence.text, item, match)]
            if not near or len(terms) < 2:
                continue
            against = min(near, key=lambda item: abs(item.value - total)).value
        text = " + ".join(shown(term) for term in terms)
        line, quote = sentence.line(match.start()), sentence.quote(match.start(), match.end() + 12)
        if against == total:
            yield holding(line, quote, "sum", f"{text} = {shown(total)}，相符。")
        else:
            yield Finding(line, quote, "sum", "error", f"{text} = {shown(total)}，与所写 {shown(against)} 不符；请核对。")


def _total_beside(text: str, item: Quantity, match: re.Match[str]) -> bool:
    """Tell whether a quantity is likely to be the total of the plus sign's terms: minutes, or after 共."""
    units = re.search(r"分钟|家|所|个|人|名|件|项|元", match[0] + text[match.end() : match.end() + 4])
    same = (units is None and item.unit == "分钟") or (units is not None and (item.unit == units[0] or {item.unit, units[0]} <= {"家", "所", "个"}))
    told = _TOTAL.search(text[max(0, item.start - 14) : item.start]) or re.search(r"(?:每天|每日|时长为?|合|达)\s*$", text[max(0, item.start - 6) : item.start]) or item.end <= match.start()
    return bool(same and item.exact and told)


def _percents(sentence: Sentence, found: list[Quantity]) -> Iterator[Finding]:
    exact = [item for item in found if item.exact]
    if len(exact) < 3 or len(exact) != len(found):
        return
    before = [sentence.text[max(0, item.start - 8) : item.start] for item in exact]
    answers = all(any(word in words for word in (*_ANSWERS, "认为", "表示")) for words in before)
    shares = sum("占" in words for words in before) >= len(exact) - 1 or re.search(r"(?:占比|比例|比重)[^。]{0,8}分别", sentence.text)
    total = sum((item.value for item in exact), Decimal(0))
    if not (answers or (shares and 90 <= total <= 110)):
        return
    distinct = {re.sub(r".*[，、；]", "", words) for words in before}
    if answers and not any("不满意" in words or "一般" in words for words in distinct):
        return
    places = [max(0, -int(item.value.as_tuple().exponent)) for item in exact]
    slack = sum((Decimal(5).scaleb(-place - 1) for place in places), Decimal(0))
    text = " + ".join(f"{shown(item.value)}%" for item in exact)
    line, quote = sentence.line(exact[0].start), sentence.quote(exact[0].start, exact[-1].end)
    if abs(total - 100) <= slack:
        yield holding(line, quote, "sum", f"{text} = {shown(total)}%，在四舍五入的误差之内合为100%。")
    else:
        yield Finding(line, quote, "sum", "error", f"{text} = {shown(total)}%，各类答案应合为100%；请核对。")


def _rise(sentence: Sentence) -> Iterator[Finding]:
    for match in _RISE.finditer(sentence.text):
        ends = [list(quantities(match[name])) for name in ("before", "after", "change")]
        if not all(ends):
            continue
        before, after, change = ends[0][-1], ends[1][0], ends[2][0]
        if before.unit != after.unit or not (before.exact and after.exact and change.exact):
            continue
        difference = abs(after.value - before.value)
        if change.unit == "%" and before.unit == "%" or change.unit not in ("%", before.unit, "个百分点", "百分点", "倍") or change.unit == "倍":
            continue
        line, quote = sentence.line(match.start()), sentence.quote(match.start(), match.end())
        actual = difference
        if change.unit == "%":
            if not before.value:
                continue
            actual = difference / before.value * 100
        places = max(0, -int(change.value.as_tuple().exponent))
        if abs(actual - change.value) <= (Decimal(5).scaleb(-places - 1) if change.unit == "%" else 0):
            yield holding(line, quote, "sum", f"由{_said(before.value, before)}到{_said(after.value, after)}，变化{_said(change.value, change)}，相符。")
        else:
            told = shown(actual.quantize(Decimal(1).scaleb(-places))) if change.unit == "%" else _said(actual, change)
            ends_told = f"由{_said(before.value, before)}到{_said(after.value, after)}"
            message = f"{ends_told}，变化应为{told}，文中写{_said(change.value, change)}；请核对。"
            yield Finding(line, quote, "sum", "error", message)


_OF = re.compile(r"占(?:比|总数的?|应[^，。；]{0,6}的)?(?:为|达到?|的)?\s*$|，?(?:比例|占比|覆盖率|完成率|办结率|参与率|回收率|达标率|合格率|整改率|公示率|比率|率)(?:为|达到?|是)?\s*$")


def _ratio(sentence: Sentence, found: list[Quantity]) -> Iterator[Finding]:
    """Compare ``M of N, P %`` where both counts stand just before the share in one clause chain."""
    for place, share in enumerate(found):
        if share.unit != "%" or place < 2 or not share.exact or not _OF.search(sentence.text[max(0, share.start - 20) : share.start]):
            continue
        part, whole = found[place - 1], found[place - 2]
        stretch = sentence.text[min(part.start, whole.start) : share.start]
        if not (part.exact and whole.exact) or part.unit in ("%", "") or not _of_one_kind(whole, part) or len(stretch) > 40:
            continue
        if re.search(r"[。；]|新增|增加|另|比上", stretch) or not whole.value or not part.value:
            continue
        if part.value > whole.value:
            part, whole = whole, part
        places = max(0, -int(share.value.as_tuple().exponent))
        actual = part.value / whole.value * 100
        line, quote = sentence.line(share.start), sentence.quote(min(part.start, whole.start), share.end)
        off = abs(actual - share.value)
        if off <= Decimal(5).scaleb(-places - 1):
            yield holding(line, quote, "sum", f"{shown(part.value)} ÷ {shown(whole.value)} = {shown(share.value)}%，相符。")
        else:
            yield Finding(
                line, quote, "sum", "error" if off <= 15 else "warning",
                f"{shown(part.value)} ÷ {shown(whole.value)} = {actual:.{places + 1}f}%，文中写{shown(share.value)}%；请核对分子、分母与比例。",
            )  # fmt: skip


def _table(table: Table) -> Iterator[Finding]:
    """Check every row whose first cell is 合计 against the rows above it, and every column headed 合计 or 总计."""
    body = [(line, [plain(cell) for cell in cells]) for line, cells in table.rows]
    label = re.compile(r"\s*(?:合\s*计|总\s*计|共\s*计|总\s*数|小\s*计)\s*")
    since = 0
    for index, (line, cells) in enumerate(body):
        if cells and label.fullmatch(cells[0]) and index:
            small = "小" in cells[0]
            for column in range(1, len(cells)):
                parts = [_cell(row[column]) for _, row in body[since if small else 0 : index] if column < len(row) and not (row and label.fullmatch(row[0]))]
                yield from _column(line, cells[column], [part for part in parts if part is not None], "该列")
            since = index + 1
    if body:
        for column, head in enumerate(body[0][1]):
            if label.fullmatch(head) and column >= 3:
                for line, row in body[1:]:
                    if column < len(row):
                        parts = [part for part in (_cell(cell) for cell in row[1:column]) if part is not None]
                        yield from _column(line, row[column], parts, "该行")


def _cell(text: str) -> Decimal | None:
    match = re.fullmatch(r"\s*(\d{1,3}(?:,\d{3})+|\d+)(\.\d+)?\s*(?:万元|元|所|家|个|人|名|件|项|份|次|分钟)?\s*", text)
    return number(match[1].replace(",", "") + (match[2] or "")) if match else None


def _column(line: int, cell: str, parts: list[Decimal], what: str) -> Iterator[Finding]:
    total = _cell(cell)
    if total is None or len(parts) < 2:
        return
    made = sum(parts, Decimal(0))
    words = excerpt(f"合计 {cell}")
    if made == total:
        yield holding(line, words, "sum", f"表中{what}相加为{shown(made)}，与合计相符。")
    else:
        yield Finding(line, words, "sum", "error", f"表中{what}相加为{shown(made)}，与合计{shown(total)}不符；请核对。")


def _of_one_kind(whole: Quantity, part: Quantity) -> bool:
    """Tell whether one count may be a share of the other: the same measure word, and for 个 the same thing counted."""
    return whole.unit == part.unit and alike(whole, part, nouns=whole.unit == "个")
