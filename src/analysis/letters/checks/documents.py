"""Document numbers and titles: written as GB/T 9704-2012 asks, resolved against the register, one title one issuer."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator
from functools import partial

from analysis.letters.documents import Documents, documents, word_in
from analysis.letters.drafts import Draft, Paragraph, Sentence
from analysis.letters.findings import Finding, excerpt, holding
from analysis.text.quantities import CITATION

KIND = ("document", "文号与题名")

_ISSUER = r"(?:[\u4e00-\u9fff]{0,12}?(?:中共中央|国务院|教育部|财政部|人民政府|省委|市委|区委|县委|[\u4e00-\u9fff]{2,8}(?:部|厅|局|委员会|委))(?:办公厅|办公室)?(?:等[一二三四五六七八九十]+部门)?)"
_TITLED = re.compile(
    rf"(?P<issuers>{_ISSUER}(?:[、和与]\s*{_ISSUER})*)?(?:联合)?(?:印发|发布|出台|下发|制定|颁布)?(?:的|了)?\s*《(?P<title>[^《》]*(?:《[^《》]*》[^《》]*)*)》"
)
_INNER = re.compile(rf"^{_ISSUER}(?:\s*{_ISSUER})*(?=关于|印发)")
_SHORT = re.compile(r"(?<![\u4e00-\u9fff])第?\s*\d{1,4}\s*号(?:文件|文)")
_YEARLY = re.compile(
    r"((?:19|20)\d{2})年(?:\d{1,2}月)?(?:\d{1,2}日)?[，,]?[^，。；]{0,16}?(?:印发|出台|制定|下发|发布)[^。；]{0,50}?[〔\[（【]((?:19|20)\d{2})[〕\]）】]"
)
_NOISE = "。，；：、 "


def check(draft: Draft) -> Iterator[Finding]:
    """Yield faults of document numbers and titles."""
    known = documents()
    dated = re.findall(r"((?:19|20)\d{2})年\d{1,2}月\d{1,2}日", draft.text)
    latest = max(map(int, dated), default=None)
    own = _own_number(draft)
    titles: list[tuple[str, str, int, str]] = []
    for paragraph in draft.paragraphs:
        for match in CITATION.finditer(paragraph.text):
            yield from _number(paragraph, match, known, latest, own)
        yield from _brackets(paragraph)
        for year in _YEARLY.finditer(paragraph.text):
            if int(year[1]) != int(year[2]) and not re.search(r"修订|根据|依据|按照|落实", year[0]):
                line, words = paragraph.line_at(year.start()), excerpt(paragraph.raw, year.start(), year.end(), 8)
                yield Finding(
                    line, words, "document", "warning", f"文中说{year[1]}年印发，文号的年份却是{year[2]}；请核对。"
                )
        titles += list(_titles(paragraph))
    yield from _twins(titles)


def _own_number(draft: Draft) -> str:
    """Return the letter's own number: alone in its line, near the top."""
    for paragraph in draft.paragraphs[:8]:
        match = CITATION.fullmatch(paragraph.text.strip().replace(" ", ""))
        if match:
            return match[0]
    return ""


def _number(
    paragraph: Paragraph, match: re.Match[str], known: Documents, latest: int | None, own: str
) -> Iterator[Finding]:
    alone = match[0].replace(" ", "") == own
    word = match["word"] if alone else word_in(match["word"], {item.word for item in known.items if item.number})
    if not match["end"] and match["open"] != "〔" and not word.endswith(tuple("发字函办通教政厅")):
        return
    if match["open"] in "（(" and not match["end"]:
        return
    start = match.end("word") - len(word)
    line, words = paragraph.line_at(start), excerpt(paragraph.raw, start, match.end(), 12)
    year_shown = f"20{match['year']}" if len(match["year"]) == 2 else match["year"]
    proper = f"{word}〔{year_shown}〕{int(match['serial'])}号"
    tell = partial(Finding, line, words, "document")
    slips = []
    if (match["open"], match["close"]) != ("〔", "〕"):
        slips.append(f"年份应加六角括号〔〕，文中用了“{match['open']}{match['close']}”")
    if "年" in match.string[match.end("year") : match.start("close")]:
        slips.append("括号内只写年份数字，不写“年”")
    if match["ordinal"]:
        slips.append("发文顺序号不加“第”")
    if match["serial"].startswith("0"):
        slips.append("发文顺序号不补零")
    if not match["end"]:
        slips.append("发文顺序号后缺“号”字")
    if len(match["year"]) != 4:
        slips.append("年份应写全四位")
    if re.search(r"\s", match[0]):
        slips.append("文号中不留空格")
    if slips:
        yield tell("error", f"文号写法不规范：{'；'.join(slips)}；应写作“{proper}”。")
    year = int(match["year"])
    strange = not 1949 <= year <= 2100
    if len(match["year"]) == 4 and (strange or (latest is not None and year > latest)):
        why = "不合常理" if strange else f"晚于落款年份{latest}年"
        yield tell("error", f"文号的年份{year}{why}；请核对。")
        return
    if int(match["serial"]) == 0:
        yield tell("error", "发文顺序号为零；请核对。")
        return
    if alone:
        return
    newer = known.successor(proper)
    if newer is not None:
        yield tell("warning", f"“{proper}”已由{newer.cited}代替；如非回顾当时情况，请改引现行文件。")
    found = known.get(proper)
    if found is None:
        yield tell(
            "warning",
            f"文件登记册中没有“{proper}”；{known.near(proper)}请核对文号，或在 data/reference/documents.toml 登记。",
        )
        return
    beside = _beside(paragraph.text, start, match.end())
    if beside and found.title and not _same(beside, found.title):
        yield tell("error", f"“{proper}”登记的题名是《{found.title}》，文中写作《{beside}》；请核对文号与题名。")
    elif not slips:
        yield holding(line, words, "document", f"“{proper}”已登记{f'，题名《{found.title}》' if found.title else ''}。")


def _beside(text: str, start: int, end: int) -> str:
    """Return the title that a number belongs to: ``《…》（number）`` or ``number《…》``, ``""`` if there is none."""
    before = re.search(r"《((?:[^《》]|《[^《》]*》)*)》\s*[（(]?\s*$", text[:start])
    if before:
        return before[1]
    after = re.match(r"\s*[）)]?\s*《((?:[^《》]|《[^《》]*》)*)》", text[end:])
    return after[1] if after and not text[end:].startswith(("）", ")")) else ""


def _core(title: str) -> str:
    """Return a title without issuer, 关于, 的通知 and marks, so that two ways of writing it agree."""
    title = _INNER.sub("", re.sub(r"（[^（）]*）", "", title))
    title = re.sub(r"关于(?:印发|转发|进一步)?|印发|转发|的(?:通知|意见|函|决定)$|[《》〈〉“”\s、，]", "", title)
    return title


def _same(one: str, other: str) -> bool:
    first, second = _core(one), _core(other)
    return first in second or second in first or difflib.SequenceMatcher(None, first, second).ratio() >= 0.82


def _brackets(paragraph: Paragraph) -> Iterator[Finding]:
    opened: list[int] = []
    for offset, sign in enumerate(paragraph.text):
        if sign == "《":
            opened.append(offset)
            if len(opened) == 2:
                line, words = paragraph.line_at(offset), excerpt(paragraph.raw, opened[0], offset + 12, 2)
                yield Finding(line, words, "document", "warning", "书名号里再用书名号时，里层应改用单书名号〈〉。")
        elif sign == "》":
            if opened:
                opened.pop()
            else:
                yield Finding(
                    paragraph.line_at(offset),
                    excerpt(paragraph.raw, offset, offset + 1),
                    "document",
                    "error",
                    "书名号不成对：多了一个“》”；请补上或删去。",
                )
    if opened:
        yield Finding(
            paragraph.line_at(opened[0]),
            excerpt(paragraph.raw, opened[0], opened[0] + 20, 2),
            "document",
            "error",
            "书名号不成对：“《”没有收尾；请补上“》”。",
        )


def _titles(paragraph: Paragraph) -> Iterator[tuple[str, str, int, str]]:
    """Yield (title, issuers, line, words) of the titles that are named with an issuer, before or inside 《》."""
    for match in _TITLED.finditer(paragraph.text):
        title = match["title"].strip()
        inner = _INNER.match(title)
        issuers = (inner[0] if inner else match["issuers"]) or ""
        issuers = re.sub(
            r"^.*?(?:根据|按照|依据|贯彻|落实|执行|学习|转发|印发|对照|出台|会同|由|据|照|按)", "", issuers
        )
        core = _core(title)
        if len(core) >= 4:
            yield (
                core,
                re.sub(r"[、和与\s]", "", issuers),
                paragraph.line_at(match.start("title")),
                excerpt(paragraph.raw, match.start(), match.end(), 0),
            )


def _twins(titles: list[tuple[str, str, int, str]]) -> Iterator[Finding]:
    told: set[tuple[str, str]] = set()
    for place, (title, issuers, line, words) in enumerate(titles):
        for other, others, first, other_words in titles[:place]:
            if _one_body(issuers, others) or (title, other) in told:
                continue
            likeness = 1.0 if title == other else difflib.SequenceMatcher(None, title, other).ratio()
            if likeness == 1.0:
                told.add((title, other))
                yield Finding(
                    line,
                    words,
                    "document",
                    "error",
                    f"同一题名前后写了两个发文机关：第{first}行作“{others}”，此处作“{issuers}”；请核对。",
                )
            elif likeness >= 0.75 and min(len(title), len(other)) >= 6:
                told.add((title, other))
                yield Finding(
                    line,
                    words,
                    "document",
                    "warning",
                    f"与第{first}行“{other_words}”疑为同一文件的两种题名、两个发文机关；请核对。",
                )


def _one_body(one: str, other: str) -> bool:
    """Tell whether two ways of naming issuers may mean the same (one contains the other, or is not named)."""
    return one in other or other in one


__all__ = ["Sentence", "check"]
