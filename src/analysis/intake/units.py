"""Units in which the numbers of a column are written, as headers, titles and remarks state them."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

from analysis.intake.dictionary import plain

_LONG = {
    "minutes": {"小时": 60.0, "钟头": 60.0, "hours": 60.0, "hour": 60.0, "分钟": 1.0, "minutes": 1.0, "mins": 1.0, "min": 1.0},
    "money": {"亿元": 1e8, "百万元": 1e6, "万元": 1e4, "千元": 1e3},
}  # fmt: skip
_SHORT = {
    "minutes": {"时": 60.0, "h": 60.0, "hr": 60.0, "分": 1.0},
    "money": {"元": 1.0, "人民币元": 1.0, "万": 1e4, "亿": 1e8, "千": 1e3, "百万": 1e6},
}
"""Words that are units only when they stand alone (用时 and 元旦 are none)."""
_OTHER = {"minutes": ("秒", "课时", "学时", "节", "节课", "天", "日", "周"), "money": ("美元", "角")}
"""Units that a column of this kind is not read in."""
_BRACKETS = re.compile(r"[(\[【〔〖]([^)\]】〕〗]*)[)\]】〕〗]")
_AROUND = re.compile(r"^(?:计量|时长|时间|金额)?(?:单位|以|按|为|是)*|(?:为单位|计算|计|数)*$")
_ALL = {**_LONG["minutes"], **_LONG["money"]}
_TAIL = re.compile(
    rf"(?:(?:[/／,，|\\-]|单位)(?:{'|'.join((*_ALL, *_SHORT['minutes'], *_SHORT['money']))})|{'|'.join(_ALL)})(?:计|数)?$"
)


class Unclear(ValueError):  # noqa: N818 (nothing went wrong; the sheet does not say it)
    """A unit that is stated but not understood, or two of them."""


def kind_of(kind: str) -> str:
    """Return whose units a column of the dictionary's type is written in (``""``: it has none)."""
    return {"minutes": "minutes", "money": "money", "number": "money"}.get(kind, "")


def without(header: str) -> str:
    """Return a bare header without a unit at its end: ``时长/小时``, ``时长小时`` are ``时长``."""
    return _TAIL.sub("", header)


def of_header(words: str, kind: str) -> float | None:
    """Return what the numbers below a header are multiplied by, None if it states no unit.

    Raises
    ------
    Unclear
        If it states two, or one that such a column is not read in.
    """
    header = plain(words)
    found = [_inside(piece, kind) for piece in _BRACKETS.findall(header)]
    if (tail := _TAIL.search(_BRACKETS.sub("", header))) is not None:
        found.append(_inside(tail[0].lstrip("/／,，|-\\"), kind))
    return _one([scales for scales in found if scales], words)


def of_texts(texts: Iterable[str], kind: str) -> float | None:
    """Return the same for titles and remarks: ``单位：小时``, ``（以小时计）``, ``时长单位为小时``."""
    long = "|".join(_LONG[kind])
    short = "|".join(_SHORT[kind])
    other = "|".join(_OTHER[kind])
    stated = re.compile(
        rf"(?:单位(?:为|是)?:?\s*((?:{long}|(?:{other}|{short})(?![\u4e00-\u9fffa-z])))|[以按]({long})计)",
        re.IGNORECASE,
    )
    found = []
    said = []
    for text in texts:
        whole = unicodedata.normalize("NFKC", text)
        pieces = [(match[1] or match[2]).lower() for match in stated.finditer(whole)]
        pieces += [piece for piece in map(plain, _BRACKETS.findall(whole)) if _known(_bare(piece), kind)]
        said += pieces
        found += [scales for piece in pieces if (scales := _inside(piece, kind))]
    return _one(found, "、".join(said))


def of_cell(text: str, kind: str) -> float | None:
    """Return the scale of a cell that holds a unit and nothing else (a line of units below the header), else None."""
    alone = _bare(plain(text).strip("()[]【】〔〕"))
    return {**_LONG[kind], **_SHORT[kind]}.get(alone)


def of_question(wording: str) -> float | None:
    """Return what a bare number answers a question for minutes in; None where the question names no unit or two."""
    said = {_LONG["minutes"][word] for word in _LONG["minutes"] if word in plain(wording)}
    return said.pop() if len(said) == 1 else None


def grouped(words: str) -> bool:
    """Whether a header counts in tens, hundreds, thousands or ten thousands (``学生数（百人）``)."""
    return any(re.match(r"(?:单位)?[十百千万亿]", piece) for piece in _BRACKETS.findall(plain(words)))


def _bare(piece: str) -> str:
    return _AROUND.sub("", piece)


def _known(word: str, kind: str) -> bool:
    return word in _LONG[kind] or word in _SHORT[kind]


def _inside(piece: str, kind: str) -> set[float]:
    """Return the scales of all units in a piece of text."""
    alone = _bare(piece)
    if alone in _SHORT[kind]:
        return {_SHORT[kind][alone]}
    if alone in _OTHER[kind]:
        raise Unclear(f"的单位写作“{alone}”")
    units = re.compile("|".join(_LONG[kind]))
    return {_LONG[kind][match[0]] for match in units.finditer(piece)}


def _one(found: list[set[float]], words: str) -> float | None:
    scales = set().union(*found)
    if len(scales) > 1:
        raise Unclear(f"写了两种单位（{words}）")
    return scales.pop() if scales else None
