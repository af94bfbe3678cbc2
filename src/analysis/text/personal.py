"""Personal data by their look: one list of kinds for what is handed in, drafted and published; and how they are masked.

Two kinds of text ask for two edges. In a cell or a sentence a number may touch letters (``tel13812345678``); in a published file
it must stand alone, as digests, coordinates and rows of figures hold the same digits by chance (`published`).
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from stdnum import luhn
from stdnum.cn import ric

MARK = "［已去除：{}］"
_ALONE = r"(?<![0-9A-Za-z.])(?<![0-9.][ ,-])"
_ALONE_END = r"(?![0-9A-Za-z]|[ .,-][0-9])"
_DATED = re.compile(r"\d{6}(?:18|19|20)\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\d{3}[\dX]")
_OCTET = r"(?:25[0-5]|2[0-4]\d|1?\d?\d)"
_SURNAMES = "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许何吕张孔曹严金魏陶姜谢邹喻苏潘葛范彭郎鲁韦马苗方俞任袁柳唐罗薛贺汤邓郭林徐梁宋高黄胡刘"
# Those that begin other words too (常有同学, 万名同学) tell a name only where nothing else is expected.
SURNAMES = f"{_SURNAMES}"


def _id_certain(text: str) -> bool | None:
    """Test the check digit only: a place or day of birth that is not known does not make a number less a person's.

    Without it a number is doubtful where a day of birth stands in it, and else none.
    """
    number = _joined(text)
    if ric.calc_check_digit(number) == number[17]:
        return True
    return False if _DATED.fullmatch(number) else None


def _bank_certain(text: str) -> bool:
    """Test Luhn's digit, and the first one: cards begin with 3–6 or 9; years in a row (2023 2024 …) pass Luhn one time in ten."""
    return text[0] in "34569" and luhn.is_valid(_joined(text))


def _joined(text: str) -> str:
    return re.sub(r"[ -]", "", text).upper()


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of personal data.

    Parameters
    ----------
    name
        Its name in code.
    label
        Its name in messages.
    mark
        What the mark in its place calls it.
    pattern
        How it looks in a cell or a sentence.
    published
        How it looks in a published file; empty: not searched for there.
    certain
        Whether a check digit bears the look out; None where without it there is none of the kind.
    """

    name: str
    label: str
    mark: str
    pattern: re.Pattern[str]
    published: re.Pattern[str] | None
    certain: Callable[[str], bool | None]


def _kind(
    name: str, label: str, core: str, *, published: str, mark: str = "", edges: tuple[str, str] = ("", ""),
    certain: Callable[[str], bool | None] = lambda text: True, flags: int = 0,
) -> Kind:  # fmt: skip
    pattern = re.compile(f"{edges[0]}(?:{core}){edges[1]}", flags)
    alone = pattern if published == _SAME else re.compile(published, flags) if published else None
    return Kind(name, label, mark or label, pattern, alone, certain)


_SAME = "same"
_NO_DIGIT = (r"(?<!\d)", r"(?!\d)")
_NO_SIGN = (r"(?<![\dA-Za-z])", r"(?![\dA-Za-z])")
# Of kinds that overlap the first is taken: a student number holds an identity number, which holds the look of an account.
KINDS = (
    _kind("student", "学籍号", r"[GJLgjl]\s?\d{6}[ ]?\d{8}[ ]?\d{3}[\dXx]", edges=_NO_SIGN,
          published=rf"{_ALONE}[GJL][0-9]{{17}}[0-9Xx]{_ALONE_END}"),
    _kind("identity", "身份证号", r"\d{6}[ ]?\d{8}[ ]?\d{3}[\dXx]", edges=_NO_DIGIT, certain=_id_certain,
          published=rf"{_ALONE}[1-9][0-9]{{16}}[0-9Xx]{_ALONE_END}"),
    # Letters and digits that only their heading makes a passport: a school's code looks alike.
    _kind("passport", "护照号", r"护照(?:号码?)?\s?[:：为是]?\s?[A-Za-z]{1,2}\d{7,8}", published=r"护照(?:号码?)?\s?[:：为是]?\s?[A-Z]{1,2}\d{7,8}"),
    # Read from the start of a word only, and possessively: from each letter of a long word it would take for ever.
    _kind("mail", "电子邮箱", r"(?<![A-Za-z0-9_.+-])(?:[A-Za-z0-9_.+-]++|(?<=[\u3400-\u9fff]))@[A-Za-z0-9_-]+(?:\.[A-Za-z0-9_-]+)+", mark="邮箱",
          published=r"[A-Za-z0-9_+-]@[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63})*\.[A-Za-z]{2,24}"),
    _kind("chat", "微信或QQ号", r"(?:微信(?:号|名|昵称)?|(?<![A-Za-z])(?:wechat|vx|QQ)(?:号|群)?|昵称)(?:\s*[:：]\s*[^\s，。；、]{2,20}|\s*[为是]?\s*[A-Za-z0-9_-]{5,20})",
          mark="微信", published=_SAME, flags=re.IGNORECASE),
    _kind("mobile", "手机号", r"(?:\+?86[- ]?)?1[3-9]\d[- ]?\d{4}[- ]?\d{4}", edges=_NO_DIGIT, mark="电话",
          published=rf"{_ALONE}(?:\+?86[- ]?)?1[3-9][0-9]([- ]?)[0-9]{{4}}\1[0-9]{{4}}{_ALONE_END}"),
    _kind("landline", "电话号码", r"(?:[（(]0\d{2,3}[）)]|0\d{2,3}[ ]?[-—–][ ]?)[1-9]\d{6,7}(?:[-—转]\d{1,5})?", edges=_NO_DIGIT, mark="电话",
          published=rf"{_ALONE}(?:0[0-9]{{2,3}}-[2-9][0-9]{{6,7}}|[（(]0[0-9]{{2,3}}[）)][2-9][0-9]{{6,7}}){_ALONE_END}"),
    _kind("ip", "IP 地址", rf"(?:{_OCTET}\.){{3}}{_OCTET}", edges=(r"(?<![\d.])", r"(?![\d.])"),
          published=rf"{_ALONE}(?:{_OCTET}\.){{3}}{_OCTET}(?![0-9A-Za-z.])"),
    # In a published file no blanks between the groups: a row of four-digit figures looks like them.
    _kind("bank", "银行账号", r"\d{4}(?:[ -]?\d{4}){3}(?:[ -]?\d{1,3})?", edges=_NO_DIGIT, certain=_bank_certain,
          published=rf"{_ALONE}[3-69][0-9]{{15,18}}{_ALONE_END}"),
    # A street with a number is any school's; a home has a door or a building besides.
    _kind("home", "住址",
          r"[\u4e00-\u9fff\d]{2,12}(?:小区|花园|家园|公寓|社区|新村|苑)[\u4e00-\u9fff\d-]{0,8}\d+\s*(?:号楼|栋|幢|单元)[\u4e00-\u9fff\d-]{0,12}|"
          r"[\u4e00-\u9fff]{2,10}(?:路|街|巷|大道)\s*\d+\s*号[\u4e00-\u9fff]{0,10}\d+\s*(?:室|号楼|栋|幢|单元|户)[\d\u4e00-\u9fff]{0,10}|"
          r"(?:家住|家庭住址|家庭地址)\s*(?:为|是|：|:)?\s*[^，。；\s]{4,}",
          published=_SAME),
    # 许多同学, 高年级同学 begin with a surname too.
    _kind("name", "姓名", rf"(?!许多|任何|方便|马上|何种|高年级|高[一二三中])[{_SURNAMES}][\u4e00-\u9fff]{{1,2}}(?:同学|小朋友)", published=_SAME),
    # In drafts alone, where somebody looks: 户籍地学校 and 学生：减负， are no personal data, and would be lost or stop a page.
    _kind("residence", "住址", r"(?:住址|现住|居住(?:于|在)|住在|户籍(?:地|所在)?)\s*(?:为|是|：|:)?\s*[^，。；\s]{4,}", published=""),
    _kind("child", "姓名", r"(?:学生|家长|同学|幼儿|孩子)(?:姓名)?\s*(?:：|:)\s*(?!模拟)[\u4e00-\u9fff]{2,3}(?=[，。；、）\s]|$)", published=""),
)  # fmt: skip
DOUBTFUL = ("residence", "child")
# In a cell, most of which hold none: digits, signs or words without which no kind can be there.
_QUICK = re.compile(
    r"\d{7}|@|\d\.\d+\.\d|\d{4}[- ]\d|\d[）)]\d|微信|昵称|vx|wechat|qq|护照|同学|小朋友|家住|家庭[住地]|号|栋|幢|单元",
    re.IGNORECASE,
)
# What a check digit would not tell: an excerpt may have cut the number.
_LONG = re.compile(
    r"[A-Za-z0-9_.+-]+@[A-Za-z0-9_-]+(?:\.[A-Za-z0-9_-]+)+|(?<![\dA-Za-z])[GJL]?\d[\d\- ]{5,20}\d[Xx]?(?![\dA-Za-z])|\d{1,3}(?:\.\d{1,3}){3}"
)


@dataclass(frozen=True, slots=True)
class Hit:
    """A personal datum in a text: kind, where it stands, the words, whether a check digit bears it out."""

    kind: Kind
    start: int
    end: int
    text: str
    certain: bool


def find(text: str, *, published: bool = False, doubtful: bool = False) -> list[Hit]:
    """Return the personal data of a text in order, none within another.

    Parameters
    ----------
    text
        Cells and drafts in narrow or plain form, published files as they are.
    published
        Whether numbers must stand alone.
    doubtful
        Whether to return also what only looks like one: without the check digit, or told by a word before it.

    Examples
    --------
    >>> [hit.kind.name for hit in find("手机13812345678，邮箱a.b@example.com")]
    ['mobile', 'mail']
    """
    if not published and not doubtful and not _QUICK.search(text):
        return []
    seen: list[Hit] = []
    for kind in KINDS:
        pattern = kind.published if published else kind.pattern
        if pattern is None or (kind.name in DOUBTFUL and not doubtful):
            continue
        for match in pattern.finditer(text):
            certain = kind.certain(match[0])
            if certain or (doubtful and certain is not None):
                seen.append(Hit(kind, match.start(), match.end(), match[0], bool(certain)))
    hits: list[Hit] = []
    for hit in sorted(seen, key=lambda hit: not hit.certain):
        if not any(other.start < hit.end and hit.start < other.end for other in hits):
            hits.append(hit)
    return sorted(hits, key=lambda hit: hit.start)


def hint(datum: str) -> str:
    """Return enough of a personal datum to find it, and no more: its first two characters and its length."""
    return f"{datum[:2]}…（共{len(datum)}位）"


def masked(text: str, *, hinted: bool = False) -> str:
    """Return a text without its personal data; unchanged if there are none.

    In what is kept a mark names the kind. In what is shown to find it (`hinted`) its first two characters and its length
    stand for it, and for every long number: an excerpt may have cut a number short of its check digit.
    """
    if hinted:
        return _LONG.sub(lambda match: hint(match[0]), text)
    parts, end = [], 0
    for hit in find(text):
        parts += [text[end : hit.start], MARK.format(hit.kind.mark)]
        end = hit.end
    return "".join([*parts, text[end:]])
