"""Announced counts against what is listed: ``出台7项制度：《…》《…》``, ``教育、公安等23个部门``, ``三项措施：一是…二是…``.

1. Titles in 《》 or items between 、 that follow a colon, a bracket or 即, 包括, 分别是 are counted; so are those just before ``等N个``.
2. Steps 一是…二是…, （1）（2）, ①② and numbered or bulleted lines after an announcement that ends in a colon are counted.
3. A list that ends in 等 is partial: fewer than announced is doubtful, more is wrong. A list without 等 must match.
"""

from __future__ import annotations

import re
from collections.abc import Generator, Iterator
from itertools import pairwise, takewhile

from analysis.letters.drafts import Draft, Paragraph, Sentence
from analysis.letters.findings import Finding, holding
from analysis.text.numerals import ORDINAL
from analysis.text.quantities import Quantity, hidden, quantities, shown

KIND = ("count", "计数")

COUNTED = {
    "科",
    "校",
    "个",
    "项",
    "条",
    "种",
    "类",
    "家",
    "所",
    "门",
    "份",
    "大",
    "部",
    "名",
    "位",
    "次",
    "件",
    "支",
    "篇",
}
_TITLE = re.compile(r"《(?:[^《》]|《[^《》]*》)*》")
_LEAD = re.compile(
    r"^(?P<noun>[^，。；：、（《]{0,18}?)(?P<mark>[：:]|（|，?(?:即|包括|分别是|分别为|有|为|包含|涵盖|主要是|——|—)[：:]?|，)(?=.)"
)
_SOME = ("包括", "包含", "涵盖", "主要是", "有")
_VERBS = re.compile(
    r"开展|推进|实施|落实|制定|出台|印发|建立|完成|举办|组织|检查|投入|下发|形成|抓好|做好|达到|覆盖|设立|安排|明确|提出|发现|整改|收到|办理|确定|召开|配备|聘请|"
    r"围绕|聚焦|坚持|通过|采取|进行|每|有|共|达|为|在|对|了"
)
_STEPS = tuple(
    re.compile(pattern)
    for pattern in (
        rf"({ORDINAL}{{1,2}})是",
        rf"第({ORDINAL}{{1,2}})[，,、]",
        r"（(\d{1,2})）",
        r"([①②③④⑤⑥⑦⑧⑨⑩])",
    )
)
_ITEMS = tuple(
    re.compile(rf"\s*{mark}")
    for mark in (
        f"（{ORDINAL}{{1,3}}）",
        r"\d{1,2}\s*[.、](?!\d)",
        r"（\d{1,2}）",
        r"[①-⑩]",
        f"{ORDINAL}{{1,2}}是",
        r"[-*•·●]\s",
    )
)


def check(draft: Draft) -> Iterator[Finding]:
    """Yield announced counts that match their lists (as holding) and those that do not."""
    for place, paragraph in enumerate(draft.paragraphs):
        if paragraph.cell:
            continue
        for sentence in paragraph.sentences():
            for item in quantities(sentence.text):
                if item.exact and item.unit in COUNTED and 2 <= item.value <= 60 and item.value == int(item.value):
                    yield from _announced(draft, place, sentence, item)


def _announced(draft: Draft, place: int, sentence: Sentence, item: Quantity) -> Iterator[Finding]:
    after = sentence.text[item.end :]
    before = sentence.text[: item.start]
    ended = re.search(r"(?:》|[^》，。；：])等\s*$", before)
    told = yield from _before(sentence, item, before, bool(ended))
    if told:
        return
    lead = _LEAD.match(after)
    mark = lead["mark"] if lead else None
    noun = lead["noun"] if lead else ""
    if mark and not re.search(r"\d|以上|以内", noun):
        rest = after[lead.end() :] if lead else ""
        if mark == "（":
            rest = rest.split("）")[0]
        told = yield from _titles(sentence, item, rest, mark)
        if told:
            return
        told = yield from _items(sentence, item, rest, mark)
        if told:
            return
    elif "《" in after[:20]:
        told = yield from _titles(sentence, item, after[after.index("《") :], "：")
        if told:
            return
    yield from _steps(draft, place, sentence, item, noun)


def _before(sentence: Sentence, item: Quantity, before: str, ended: bool) -> Generator[Finding, None, bool]:
    """Judge a list that stands before the count; return (as generator value) whether there was one."""
    body = re.sub(r"等\s*$", "", before) if ended else before
    titles = re.search(rf"((?:{_TITLE.pattern}[、，和及与]*)+)\s*$", body)
    if titles:
        count = len(_TITLE.findall(titles.group()))
        if count >= 2 or ended:
            yield from _judged(sentence, item, count, count, ended, titles.start(), item.end)
            return True
    clause = re.split(r"[，。；：（）！？]", body)[-1]
    first, mark, others = clause.partition("、")
    clause = re.split(r"(?<=.)[由与会同将把对以在](?=[\u4e00-\u9fff]{2,}$)", first)[-1] + mark + others
    pieces = [piece.strip() for piece in clause.split("、")]
    if len(pieces) < 2 or any(not piece or len(piece) > 16 for piece in pieces[1:]) or re.search(r"\d", hidden(clause)):
        return False
    if not ended and _VERBS.search(pieces[-1]):
        return False
    most = len(pieces) + len(re.findall(r"[和及与]|以及", pieces[-1]))
    start = len(body) - len(clause)
    if ended or len(pieces) <= item.value <= most:
        yield from _judged(sentence, item, len(pieces), most, ended, start, item.end)
        return True
    if max(len(piece) for piece in pieces[1:]) <= 10 and re.match(r"[个项类种大门]", item.unit) and item.noun:
        yield from _judged(sentence, item, len(pieces), most, False, start, item.end)
        return True
    return False


def _titles(sentence: Sentence, item: Quantity, rest: str, mark: str) -> Generator[Finding, None, bool]:
    stretch = re.split(r"[。！？]", rest)[0]
    found = list(_TITLE.finditer(stretch))
    if not found or found[0].start() > 14:
        return False
    near = takewhile(lambda pair: pair[1].start() - pair[0].end() <= 12, pairwise(found))
    listed = [*found[:1], *(title for _, title in near)]
    last = listed[-1].end()
    if len(listed) < 2 and mark not in ("：", ":", "（"):
        return False
    ended = bool(re.match(r"[^，。；]{0,2}等", stretch[last:]))
    yield from _judged(sentence, item, len(listed), len(listed), ended, item.start, item.end + len(rest[:last]) + 1)
    return True


def _items(sentence: Sentence, item: Quantity, rest: str, mark: str) -> Generator[Finding, None, bool]:
    if mark == "，":
        return False
    stretch = re.split(r"[。；！？，]" if mark != "（" else r"[。；！？]", rest)[0]
    if "、" not in stretch or re.search(r"\d", stretch) or re.search(r"[一二三四]是", stretch):
        return False
    if mark == "（" and "，" in stretch:
        return False
    if mark != "（" and "（" in stretch:
        stretch = stretch.split("（", 1)[1].split("）")[0]
    ended = bool(re.search(r"等(?:[\u4e00-\u9fff]{0,4})$", stretch))
    pieces = [piece for piece in re.split(r"、", re.sub(r"等[\u4e00-\u9fff]{0,4}$", "", stretch)) if piece.strip()]
    if any(len(piece) > 24 for piece in pieces):
        return False
    if list(quantities(stretch)):
        return False
    most = len(pieces) + len(re.findall(r"[和及与]", pieces[-1]))
    yield from _judged(
        sentence, item, len(pieces), most, ended, item.start, item.end + len(stretch) + 6, mark.strip("，：:") in _SOME
    )
    return True


def _steps(draft: Draft, place: int, sentence: Sentence, item: Quantity, noun: str) -> Iterator[Finding]:
    """Count 一是…二是… after an announcement, in the rest of the paragraph, or numbered paragraphs that follow it."""
    paragraph = sentence.paragraph
    rest = paragraph.text[sentence.start + item.end :]
    # 采取三项措施。一是… announces steps; 全区学校8所。一是… does not.
    ends = "：:。" if item.unit in ("个", "项", "条", "种", "类", "大") else "：:"
    if not re.match(rf"[^。；]{{0,16}}[{ends}]", rest) or re.match(r"[^。；：:]{0,16}逐[条项]答复", rest):
        return
    for pattern in _STEPS:
        marks = [match[1] for match in pattern.finditer(rest)]
        if len(marks) >= 2 and marks[0] in ("一", "1", "①"):
            yield from _judged(sentence, item, len(marks), len(marks), False, item.start, item.end + 30)
            return
    if re.search(r"[：:]\s*$", paragraph.text) and sentence.end >= len(paragraph.text):
        count = len(_lines(draft.paragraphs[place + 1 :]))
        if count >= 2:
            yield from _judged(sentence, item, count, count, False, item.start, item.end + 12)


def _lines(following: tuple[Paragraph, ...]) -> list[Paragraph]:
    """Return the items of one kind that follow an announcement (none if the next paragraph is no item)."""
    kind = next((pattern for pattern in _ITEMS if following and pattern.match(following[0].text)), None)
    if kind is None:
        return []
    items = []
    for paragraph in following:
        if kind.match(paragraph.text):
            items.append(paragraph)
        elif kind is _ITEMS[-1] or re.match(rf"\s*{ORDINAL}{{1,2}}、", paragraph.text):
            break
    return items


def _judged(
    sentence: Sentence, item: Quantity, least: int, most: int, ended: bool, start: int, end: int, part: bool = False
) -> Iterator[Finding]:
    line, words = sentence.line(item.start), sentence.quote(start, end)
    announced = f"{shown(item.value)}{item.unit}"
    value = int(item.value)
    if value < least:
        told = f"写明{announced}，实际列出{least}{item.unit}；请核对数目或补全所列。"
        yield Finding(line, words, "count", "error", told)
    elif value <= most:
        yield holding(line, words, "count", f"写明{announced}，列出{value}{item.unit}，相符。")
    elif part:
        told = f"写明{announced}，只列出{most}{item.unit}；请列全，或写明所列只是一部分。"
        yield Finding(line, words, "count", "warning", told)
    elif ended:
        told = f"写明{announced}，只列出{most}{item.unit}，以“等”收尾；请列全，或以附件列明。"
        yield Finding(line, words, "count", "warning", told)
    else:
        told = f"写明{announced}，实际列出{most}{item.unit}；请核对数目或补全所列。"
        yield Finding(line, words, "count", "error", told)
