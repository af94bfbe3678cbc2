"""Quantities in Chinese prose: a number with its measure word, and what only looks like one (dates, ordinals, names)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from analysis.text.calendar import MASK, blotted
from analysis.text.durations import IN_TEXT, duration
from analysis.text.numerals import ABOUT, AROUND, CHINESE, LEAST, NUMERAL, ORDINAL, UNITS, exact

WIDE = {0xFF01 + step: 0x21 + step for step in range(94)} | {0x3000: 0x20}
for _kept in "，；：！？（）":
    WIDE.pop(ord(_kept), None)
WIDE |= {
    ord("％"): ord("%"),
    ord("﹪"): ord("%"),
    ord("〇"): ord("零"),
    ord("Ｏ"): ord("O"),
    0x00A0: 0x20,
    ord("("): ord("（"),
    ord(")"): ord("）"),
}

OPEN, CLOSE = "〔[［（(【〈﹝『「{", "〕]］）)】〉﹞』」}"
# A document number: 晋教基〔2021〕13号, in whatever brackets it is typed.
CITATION = re.compile(
    rf"(?P<word>[\u4e00-\u9fff]{{2,24}})\s*(?P<open>[{re.escape(OPEN)}])\s*(?P<year>\d{{1,4}})\s*年?\s*"
    rf"(?P<close>[{re.escape(CLOSE)}])\s*(?P<ordinal>第?)\s*(?P<serial>\d{{1,5}})\s*(?P<end>号?)"
)
MEASURES = (
    "个百分点|百分点|亿元|万元|千元|元|万人次|万人|万名|人次|所次|家次|户次|分钟|个小时|小时|个课时|课时|学时|节课|个工作日|工作日|个月|"
    "个|所|家|名|人(?!大)|位|项|条|件|份|次(?!性)|门|节|种|类|场|期|批|轮|户|套|部|例|(?<!一)起|处|篇|台|间|栋|张|"
    "封|支|组|班|天|周|年(?!级)|倍|成|科"
)
QUANTITY = re.compile(
    rf"(?P<about>{'|'.join(sorted(ABOUT, key=len, reverse=True))})?\s*"
    rf"(?:(?P<duration>{IN_TEXT})|(?P<number>百分之{CHINESE}+(?:点{CHINESE}+)?|{NUMERAL})"
    rf"(?P<myriad>[万亿千百](?!元))?(?P<vague>[余多来几])?\s*(?P<unit>%|‰|成[一二三四五六七八九半](?!{CHINESE})|{MEASURES}|大|校)?)"
    rf"(?P<after>{'|'.join(AROUND)})?"
)
_LOOSE = re.compile("[余多来]")
_MASKS = tuple(
    re.compile(pattern)
    for pattern in (
        CITATION.pattern,
        r"[\w.+-]+@[\w.-]+",
        r"[A-Z]{1,4}(?:/[A-Z])?\s?\d[\d.\-—]*",
        r"(?:19|20)\d{2}\s*[-—–~～至/]+\s*(?:(?:19|20)?\d{2})\s*(?:学年|年度|年)?(?:第?[一二上下]学期)?",
        r"(?:19|20)\d{2}\s*年(?:度|版|底|初|春季|秋季|来|以来)?(?:\s*\d{1,2}\s*月(?:份|底|初)?(?:\s*\d{1,2}\s*日)?)?(?:\s*[-—–~～至到]\s*(?:\d{1,2}\s*月)?\d{1,2}\s*[日月])?",
        r"(?<!\d)(?:19|20)\d{2}[-/.]\d{1,2}[-/.]\d{1,2}(?!\d)",
        r"\d{1,2}\s*月(?:份|底|初)?(?:\s*\d{1,2}\s*日)?(?:\s*[-—–~～至到]\s*(?:\d{1,2}\s*月)?\d{1,2}\s*日)?",
        rf"(?:19|20|二[零〇]){CHINESE}{{2}}年(?:{CHINESE}{{1,3}}月)?(?:{CHINESE}{{1,3}}日)?",
        rf"第\s*(?:\d+|{CHINESE}+)\s*[\u4e00-\u9fff]?",
        r"(?<!\d)\d{1,2}[:：]\d{2}(?::\d{2})?(?!\d)",
        rf"[初高][一二三]|{ORDINAL}年[一]?贯制|[一二三四]年制",
        r"\d+%\s*(?:置信)?(?:区间|水平)",
        r"(?:\d+\+)+[NnXx]",
        r"[“\"]?5\+2[”\"]?",
        r"(?<!\d)1[3-9]\d{9}(?!\d)|(?<!\d)0\d{2,3}[-—]?\d{7,8}(?!\d)|(?<!\d)\d{15,20}[Xx]?(?!\d)",
        # 万一 is none in 三万一千, 百家 none in 三百家.
        rf"(?<!{CHINESE})(?:一(?:律|般|致|定|方面|些|直|起|步|系列|体|次性|线|揽|同|贯|对一|项项|家家|个个|级|流|批|大批)|万一|十分(?!钟|之)|"
        "三令五申|千方百计|四史|五育|双减|两案|一校|百家|千家万户|万家|两会|双一流|七彩|八礼|四仪|三全|两个维护|四个意识|四个自信|"
        "二十大|十九大|一二三四)",
    )
)


def plain(text: str) -> str:
    """Return a text with full-width letters, digits and signs in their common form; offsets stay the same."""
    return text.translate(WIDE)


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number with its measure word, as it stands in a text.

    `value` is in `unit` (万 multiplied out; ``%`` as 94, not 0.94); `noun` the words that follow the measure word; `exact` is
    False for 约, 余, 以上 and the like; `bound` is ``>=`` for 以上, 不低于, ≥; `factor` is how many of `unit` one of the written
    unit is (10,000 for 万元).
    """

    value: Decimal
    unit: str
    noun: str
    start: int
    end: int
    text: str
    exact: bool
    bound: str = ""
    factor: int = 1


def hidden(text: str) -> str:
    """Return a text (in plain form) in which dates, document numbers, ordinals, names and the like are blotted out."""
    for pattern in _MASKS:
        text = pattern.sub(lambda match: MASK * len(match[0]), text)
    return blotted(text)


def quantities(text: str) -> Iterator[Quantity]:
    """Yield the quantities of a text in order; a Chinese numeral counts only before a measure word.

    Parameters
    ----------
    text
        In plain form (`plain`); it is blotted with `hidden` first.
    """
    blotted = hidden(text)
    for match in QUANTITY.finditer(blotted):
        word, unit = match["duration"] or match["number"], match["unit"] or ""
        percent, loose = word.startswith("百分之"), match["vague"] or ""
        if not (match["duration"] or word[0].isdigit() or unit or percent) or "几" in (word + loose):
            continue
        before = blotted[: match.start("duration" if match["duration"] else "number")][-1:]
        # 数十, 几百 and 上百 are vague; 总数五十 is not, and 学生数百分之九十 neither.
        if not percent and (before == "几" or (before == "数" and word[0] in UNITS)):
            continue
        following = blotted[match.end() : match.end() + 1]
        if unit == "大" and (word[0].isdigit() or not re.match(r"[\u4e00-\u9fff]", following)):
            continue
        # 三成立, 七成为 are verbs; 五成五六 is vague.
        if unit == "成" and following and following in "立为效果功长员熟绩就了人一二三四五六七八九":
            continue
        factor = 1
        if match["duration"]:
            loose, unit = "".join(_LOOSE.findall(word)), "分钟"
            value = duration(_LOOSE.sub("", word))
            factor = 60 if word.endswith(("时", "钟头", "半")) else 1
        else:
            value = exact(word + unit if unit[:1] == "成" else word)
        if value is None:
            continue
        if percent or unit[:1] == "成":
            value, unit = value.scaleb(2), "%"
        if match["myriad"]:
            value *= UNITS[match["myriad"]]
        if unit in _SAME:
            unit, factor = _SAME[unit]
            value *= factor
        about, after = match["about"] or "", match["after"] or ""
        least = about in LEAST or after == "以上"
        sure = not (about or after or loose)
        noun_match = re.match(r"[^\W\da-zA-Z的和与及中占有已为是共等以达]{0,6}", blotted[match.end() :])
        yield Quantity(
            value,
            unit,
            noun_match[0] if noun_match else "",
            match.start("duration" if match["duration"] else "number"),
            match.end(),
            match[0].strip(),
            sure,
            ">=" if least else "",
            factor,
        )


YUAN = {
    "亿元": 10**8,
    "千万元": 10**7,
    "百万元": 10**6,
    "十万元": 10**5,
    "万元": 10**4,
    "千元": 1000,
    "百元": 100,
    "十元": 10,
}
_SAME = {unit: ("元", factor) for unit, factor in YUAN.items()} | {
    "个课时": ("课时", 1),
    "个工作日": ("工作日", 1),
    "万人次": ("人次", 10_000),
    "万人": ("人", 10_000),
    "万名": ("名", 10_000),
}
_INSTITUTIONS = {"所", "家", "个", ""}
_PERSONS = {"名", "人", "位", ""}


def alike(whole: Quantity, part: Quantity, *, nouns: bool = True) -> bool:
    """Tell whether a part may be counted towards a whole: same unit (所, 家, 个 may stand for each other) and noun."""
    units = {whole.unit, part.unit}
    if len(units) > 1 and not (units <= _INSTITUTIONS or units <= _PERSONS):
        return False
    if "%" in units and len(units) > 1:
        return False
    return not nouns or not whole.noun or not part.noun or bool(set(whole.noun[:4]) & set(part.noun[:4]))


def shown(value: Decimal) -> str:
    """Write a number without needless zeros: ``14``, ``30.5``."""
    text = f"{value.normalize():f}"
    return text


def said(value: Decimal, like: Quantity) -> str:
    """Write a value in the unit that a quantity was written in (万元, 小时)."""
    return shown(value / like.factor)
