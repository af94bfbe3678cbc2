"""Find numbers that somebody typed: a published number is a reference to a Statistic or a declared literal."""

from __future__ import annotations

import re
import unicodedata

NUMERALS = "〇零一二两三四五六七八九十百千万亿半"
LEADING = "〇零一二两三四五六七八九十百千半"
MEASURES = (
    "个百分点|百分点|个班级日|班级日|人次|分钟|小时|个月|年(?!级)|学年|学期|季度|万元|亿元|元|所|个|人(?!大)|名|位|"
    "天|日|月|周|次(?!性)|份|项|条|件|批|门|节|家|户|户次|班|组|张|页|倍|成|种|类|篇|(?<!一)起|例|处|款|期|轮|场|堂|科|岁|台|套"
)
_ASCII_RUN = re.compile(r"[0-9]+(?:[.,:/\-][0-9]+)*%?")
_CHINESE = re.compile(
    rf"(?<![第周期])[{LEADING}][{NUMERALS}]*(?:点[{LEADING}]+)?(?:{MEASURES})|[{LEADING}百][{NUMERALS}]*分之[{NUMERALS}点]+"
)
_ORDINAL = re.compile(rf"第[{LEADING}][{NUMERALS}]*(?:名|位)")


def typed_numbers(text: str) -> list[str]:
    """Return the numbers typed in a text, in the order in which they stand.

    A number is any character that Unicode counts as a digit or number (``7``, ``７``, ``①``, ``Ⅲ``, ``½``), a Chinese
    numeral before a measure word (``三所``, ``六十分钟``, ``百分之九十``) and a rank (``第三名``). Names that contain
    numerals without measuring anything (``三年级``, ``双减``, ``五育``, ``一校两案``, ``周三``) are none.

    Examples
    --------
    >>> typed_numbers("共７所学校，三所未报，六年级最重")
    ['７', '三所']
    """
    found = [(match.start(), match.group()) for match in _ASCII_RUN.finditer(text)]
    found += [
        (place, sign)
        for place, sign in enumerate(text)
        if not ("0" <= sign <= "9") and unicodedata.category(sign) in ("Nd", "No", "Nl") and sign not in NUMERALS
    ]
    found += [(match.start(), match.group()) for match in _CHINESE.finditer(text)]
    found += [(match.start(), match.group()) for match in _ORDINAL.finditer(text)]
    return [word for _, word in sorted(found)]
