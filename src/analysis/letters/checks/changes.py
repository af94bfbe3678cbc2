"""Figures that follow from the figures beside them: ``由45件增加到60件，增加20件``, ``8所中7所，占90%``."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal

from analysis.letters.drafts import Draft, Sentence
from analysis.letters.findings import Finding, holding, preceding
from analysis.statistics.consistency import decimals
from analysis.text.quantities import Quantity, alike, quantities, said, shown

KIND = ("sum", "加总")

_RISE = re.compile(
    r"[由从](?P<before>[^，。；]{0,20}?)(?P<verb>增加|增长|提高|提升|上升|扩大|减少|下降|降低|压减|缩减)(?:到|至|为|了)(?P<after>[^，。；]{0,16})[，,]\s*"
    r"(?:共|净|累计|同比|分别)?(?:增加|增长|提高|提升|上升|扩大|减少|下降|降低|压减|缩减)了?(?P<change>[^，。；]{1,14})"
)
_OF = re.compile(
    r"占(?:比|总数的?|应[^，。；]{0,6}的)?(?:为|达到?|的)?\s*$|，?(?:比例|占比|覆盖率|完成率|办结率|参与率|回收率|达标率|合格率|整改率|公示率|比率|率)(?:为|达到?|是)?\s*$"
)


def check(draft: Draft) -> Iterator[Finding]:
    """Yield rises and shares that follow from their figures, and those that do not."""
    for sentence in draft.prose:
        yield from _rise(sentence)
        yield from _ratio(sentence, list(quantities(sentence.text)))


def _rise(sentence: Sentence) -> Iterator[Finding]:
    for match in _RISE.finditer(sentence.text):
        ends = [list(quantities(match[name])) for name in ("before", "after", "change")]
        if not all(ends):
            continue
        before, after, change = ends[0][-1], ends[1][0], ends[2][0]
        if before.unit != after.unit or not (before.exact and after.exact and change.exact):
            continue
        difference = abs(after.value - before.value)
        if (change.unit == "%" and before.unit == "%") or change.unit not in (
            "%",
            before.unit,
            "个百分点",
            "百分点",
        ):
            continue
        line, quote = sentence.line(match.start()), sentence.quote(match.start(), match.end())
        actual = difference
        if change.unit == "%":
            if not before.value:
                continue
            actual = difference / before.value * 100
        sign, like = ("%", change) if change.unit == "%" else ("", after)
        ends_told = f"由{said(before.value, after)}到{said(after.value, after)}"
        places = decimals(change.value)
        if abs(actual - change.value) <= (Decimal(5).scaleb(-places - 1) if change.unit == "%" else 0):
            yield holding(
                line,
                quote,
                "sum",
                f"{ends_told}，变化{said(change.value, like)}{sign}，相符。",
            )
        else:
            told = shown(round(actual, places)) if change.unit == "%" else said(actual, like)
            message = f"{ends_told}，变化应为{told}{sign}，文中写{said(change.value, like)}{sign}；请核对。"
            yield Finding(line, quote, "sum", "error", message)


def _ratio(sentence: Sentence, found: list[Quantity]) -> Iterator[Finding]:
    """Compare ``M of N, P %`` where both counts stand just before the share in one clause chain."""
    for whole, part, share in zip(found, found[1:], found[2:], strict=False):
        if share.unit != "%" or not share.exact or not _OF.search(preceding(sentence.text, share.start)):
            continue
        stretch = sentence.text[min(part.start, whole.start) : share.start]
        if (
            not (part.exact and whole.exact)
            or part.unit in ("%", "")
            or not _of_one_kind(whole, part)
            or len(stretch) > 40
        ):
            continue
        if (
            re.search(r"[。；]|新增|增加|另|比上|压减|减少|下降|降低|增长|提高", stretch)
            or not whole.value
            or not part.value
        ):
            continue
        part, whole = sorted((part, whole), key=lambda count: count.value)
        places = decimals(share.value)
        actual = part.value / whole.value * 100
        line, quote = sentence.line(share.start), sentence.quote(min(part.start, whole.start), share.end)
        off = abs(actual - share.value)
        if off <= Decimal(5).scaleb(-places - 1):
            yield holding(
                line, quote, "sum", f"{shown(part.value)} ÷ {shown(whole.value)} = {shown(share.value)}%，相符。"
            )
        else:
            yield Finding(
                line, quote, "sum", "error" if off <= 15 else "warning",
                f"{shown(part.value)} ÷ {shown(whole.value)} = {actual:.{places + 1}f}%，文中写{shown(share.value)}%；请核对分子、分母与比例。",
            )  # fmt: skip


def _of_one_kind(whole: Quantity, part: Quantity) -> bool:
    """Tell whether one count may be a share of the other: the same measure word, and for 个 the same thing counted."""
    return whole.unit == part.unit and alike(whole, part, nouns=whole.unit == "个")
