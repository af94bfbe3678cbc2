"""Units in which the numbers of a column are written, as headers, titles and remarks state them."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

from analysis.intake.dictionary import plain
from analysis.text.numerals import CHARACTERS
from analysis.text.quantities import YUAN

_LONG = {
    "minutes": {"小时": 60.0, "钟头": 60.0, "hours": 60.0, "hour": 60.0, "分钟": 1.0, "minutes": 1.0, "mins": 1.0, "min": 1.0},
    "money": {unit: float(scale) for unit, scale in YUAN.items()},
}  # fmt: skip
_SHORT = {
    "minutes": {"时": 60.0, "h": 60.0, "hr": 60.0, "hrs": 60.0, "分": 1.0},
    "money": {"元": 1.0, "人民币元": 1.0, "万": 1e4, "亿": 1e8, "千": 1e3, "百万": 1e6},
}
"""Words that are units only when they stand alone (用时 and 元旦 are none)."""
_SHARES = ("%", "百分比", "百分数", "百分点", "个百分点", "‰")
_OTHER = {
    "minutes": ("刻钟", "秒钟", "秒", "课时", "学时", "节课", *_SHARES, "刻", "节", "天", "日", "周"),
    "money": ("美元", "港元", "港币", "欧元", "日元", "英镑", *_SHARES, "角", "分"),
}
"""Units that a column of this kind is not read in; those after the shares are other words too (每周, 第一节)."""
_NUMBER = f"0-9.{CHARACTERS}半几数多每"
_MENTIONED = {
    "minutes": re.compile(rf"(?<![{_NUMBER}])(?:小时(?![候工制代])|钟头|刻钟|秒钟)"),
    "money": re.compile(rf"(?<![{_NUMBER}])(?:{'|'.join(tuple(YUAN)[:-1])}|美元|港元|港币|欧元|日元|英镑)"),
}
"""Words that are units wherever they stand, save after a number (50万元以上, 两小时)."""
_BRACKETS = re.compile(r"[(\[【〔〖]([^)\]】〕〗]*)[)\]】〕〗]")
_TORN = re.compile(r"(?<=[亿万千百小刻])\s+(?=[元时钟])")
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
    rest = _BRACKETS.sub("", header)
    if (tail := _TAIL.search(rest)) is not None:
        found.append(_inside(tail[0].lstrip("/／,，|-\\"), kind))
    found += [_inside(word, kind) for word in _MENTIONED[kind].findall(rest)]
    return _one([scales for scales in found if scales], words)


def of_texts(texts: Iterable[str], kind: str, *, known: bool = False) -> float | None:
    """Return the same for titles and remarks: ``单位：小时``, ``（以小时计）``, ``时长单位为小时``.

    Raises
    ------
    Unclear
        Also if a unit is mentioned that is not stated in one of these ways and is not the column's own (``经费　万元``),
        unless the column's is `known` already.
    """
    long = "|".join(_LONG[kind])
    short = "|".join(_SHORT[kind])
    other = "|".join(_OTHER[kind])
    plainly = _OTHER[kind][: _OTHER[kind].index(_SHARES[-1]) + 1]
    word = rf"((?:{long}|(?:{other}|{short})(?![\u4e00-\u9fffa-z])))"
    stated = re.compile(
        rf"单位(?:均|都)?(?:为|是)?:?\s*(?:人民币)?{word}|[以按用]\s*(?:人民币)?({long}|{'|'.join(plainly)})\s*(?:为(?:计量)?单位|计)|"
        rf"(?:均|都|皆)(?:为|是|以)\s*{word}|(?:时长|时间|用时|金额|经费|款项?|数额)\s*[:/]\s*{word}",
        re.IGNORECASE,
    )
    counted = re.compile(
        rf"[以按用]\s*([0-9{CHARACTERS}半]+?(?:个)?(?:{long}|{short}|{other}))\s*(?:为(?:计量)?单位|计)"
    )
    found, said, mentioned = [], [], []
    for text in texts:
        whole = _TORN.sub("", unicodedata.normalize("NFKC", text))
        if (several := counted.search(whole)) is not None and several[1] not in _LONG[kind]:
            raise Unclear(f"的单位写作“{several[1]}”")
        pieces = [next(filter(None, match.groups())).lower() for match in stated.finditer(whole)]
        inside = [plain(piece) for piece in _BRACKETS.findall(whole)]
        pieces += [piece for piece in inside if _known(_bare(piece), kind) or _bare(piece) in plainly]
        said += pieces
        found += [scales for piece in pieces if (scales := _inside(piece, kind))]
        mentioned += _MENTIONED[kind].findall(whole)
    scale = _one(found, "、".join(said))
    if scale is None and mentioned and not known:
        raise Unclear(f"的单位可能是标题或注中的“{mentioned[0]}”")
    return scale


def not_single(texts: Iterable[str]) -> str:
    """Return what titles or headers say numbers of things are counted in, if not one by one: ``单位：%``, ``（百人）``."""
    share = "|".join(map(re.escape, _SHARES))
    tens = r"[十百千万亿](?:人次|[人名个户件所次家份])"
    stated = re.compile(
        rf"(?:单位(?:为|是)?:?\s*|[以按用]|[(\[])({share}|{tens})(?:为单位|计|\s*[)\],;、]|\s*$|\s)|^\s*({share}|{tens})\s*$"
    )
    found = (match[1] or match[2] for text in texts for match in stated.finditer(unicodedata.normalize("NFKC", text)))
    return next(found, "")


def of_cell(text: str, kind: str) -> float | None:
    """Return the scale of a cell that holds a unit and nothing else (a line of units below the header), else None.

    Raises
    ------
    Unclear
        If such a column is not read in it.
    """
    alone = _bare(plain(text).strip("()[]【】〔〕"))
    if alone in _OTHER[kind]:
        raise Unclear(f"的单位写作“{alone}”")
    return {**_LONG[kind], **_SHORT[kind]}.get(alone)


def of_question(wording: str) -> float | None:
    """Return what a bare number answers a question for minutes in; None where the question names no unit or two."""
    said = {_LONG["minutes"][word] for word in _LONG["minutes"] if word in plain(wording)}
    return said.pop() if len(said) == 1 else None


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
