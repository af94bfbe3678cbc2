"""Find numbers that somebody typed: a published number is a reference to a Statistic or a declared literal."""

from __future__ import annotations

import re
import unicodedata

from analysis.text.calendar import MASK, blotted
from analysis.text.numerals import CHARACTERS, CHINESE, SPOKEN
from analysis.text.quantities import MEASURES

_ASCII_RUN = re.compile(r"[0-9]+(?:[.,:/\-][0-9]+)*%?")
_ORDINAL = re.compile(rf"第{CHINESE}+(?:名|位)?")
_CAPITALS = re.compile(r"[零壹贰叁肆伍陆柒捌玖拾佰仟]{2,}")
# 万元以下 counts nothing, 上万元 does; exact or vague is the same here.
_CHINESE = re.compile(
    rf"(?:(?:(?<=[上近逾数几])|(?![万亿])){SPOKEN}[几余多来半]?|半)"
    rf"(?:个?半?多?(?:小时|钟头)|刻钟|分半钟|{MEASURES}|班级日|学年|学期|季度|日|月|页|款|堂|岁)|{CHINESE}+分之{CHINESE}+(?:点{CHINESE}+)?"
)


def typed_numbers(text: str) -> list[str]:
    """Return the numbers typed in a text, in the order in which they stand.

    A number is any character that Unicode counts as a digit or number (``7``, ``７``, ``①``, ``Ⅲ``, ``½``), a Chinese
    numeral before a measure word (``三所``, ``六十分钟``, ``十几家``, ``百分之九十``) and a rank (``第三名``). Names that
    contain numerals without measuring anything (``三年级``, ``3年级``, ``双减``, ``五育``, ``一校两案``, ``周三``) are none.

    Examples
    --------
    >>> typed_numbers("共７所学校，三所未报，六年级最重")
    ['７', '三所']
    """
    text = blotted(text)
    ranks = [match for match in _ORDINAL.finditer(text) if match[0][-1] in "名位"]
    rest = _ORDINAL.sub(lambda match: MASK * len(match[0]), text)
    runs = (*ranks, *_ASCII_RUN.finditer(text), *_CHINESE.finditer(rest), *_CAPITALS.finditer(text))
    found = [(match.start(), match[0]) for match in runs]
    found += [
        (place, sign)
        for place, sign in enumerate(text)
        if not ("0" <= sign <= "9") and unicodedata.category(sign) in ("Nd", "No", "Nl") and sign not in CHARACTERS
    ]
    return [word for _, word in sorted(found)]
