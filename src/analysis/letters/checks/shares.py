"""Shares that cannot be judged: 「满意率94%以上」 needs the number of answers, the scale, and the wave or date.

A share may take its base, scale and date from its own paragraph or the one before. Planned shares, rules, confidence
limits and shares quoted from a named source are left alone.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from analysis.letters.drafts import Draft, Sentence
from analysis.letters.findings import Finding, Severity, preceding
from analysis.text.numerals import CHINESE
from analysis.text.quantities import Quantity, quantities

KIND = ("share", "比例的依据")

_OPINION = re.compile(r"满意|认可|支持率|好评|赞成|知晓率|获得感|认同")
_BASE = re.compile(
    r"(?:回收|收回|发放|受访|基数|样本|n\s*=|N\s*=|应答|答卷|问卷)[^。；%]{0,16}?\d[\d,]*(?![\d.]*\s*[%％年月日])|\d[\d,]*\s*(?:份|名|位|人)[^。；]{0,12}(?:问卷|答卷|家长|学生|受访|作答|教师)|"
    r"\d[\d,]*\s*(?:个)?(?:班级日|人次|学生日)|应[^，。；]{0,8}\d+[^，。；]{0,8}[，、][^，。；]{0,4}(?:已|实)"
)
_SCALE = re.compile(
    r"(?<!\d)(?:[五四三七十]|[34570]|10|100)\s*(?:级|分|点)(?:制|量|评|李克特|及以上|以上)|量表|满分|前两[级档项]|“(?:非常|比较|很)?满意”|[“”]满意[“”]|满意[和与及、]{1}(?:基本|比较)满意|[45]分(?:及|以上)|选项|分值|计为满意|基本满意"
)
_WHEN = re.compile(
    rf"(?:19|20)\d{{2}}\s*年|\d{{1,2}}\s*月|第(?:\d|{CHINESE})+(?:轮|次|期|波)|本学期|上学期|学年|截至|当日|本轮|年度"
)
_PLANNED = re.compile(
    r"(?:力争|争取|目标|达到.{0,4}要求|确保|不得|应当|应达|须|计划|将|规定|要求|不低于.{0,6}的(?:标准|要求)|比例(?:缴|交|提取|安排)|按.{0,6}比例|占比不)"
)
_QUOTED = re.compile(r"(?:教育部|国家|全国|省|监测|统计局|据[^，。]{2,20}(?:公布|发布|统计|监测))")
_LIMIT = re.compile(r"区间[^，。；）]{0,24}$|[-–—~～至]\s*$|(?<!达)到\s*$|置信[^，。；]*$|误差[^，。；]*$")
_SURVEY = re.compile(r"调查|问卷|答卷|测评|量表|满意|评议|受访")


def check(draft: Draft) -> Iterator[Finding]:
    """Yield shares whose number of answers, scale or date is not given, one finding a sentence."""
    before = ""
    paragraph = None
    for sentence in draft.prose:
        if sentence.paragraph is not paragraph:
            before = paragraph.text if paragraph else ""
            paragraph = sentence.paragraph
        found = [item for item in quantities(sentence.text) if item.unit == "%" and 0 < item.value <= 100]
        found = [
            item
            for item in found
            if not _LIMIT.search(sentence.text[: item.start]) and not _growth(sentence.text, item)
        ]
        if found:
            yield from _judge(sentence, found, sentence.paragraph.text, before)


def _growth(text: str, item: Quantity) -> bool:
    """Tell whether a percentage is a change, not a share: 增长5%, 下降了3%, 比…多2%."""
    return bool(
        re.search(
            r"(?:增长|增加|提高|提升|上升|下降|降低|减少|增幅|降幅|同比|环比|压减)了?(?:约)?\s*$",
            preceding(text, item.start),
        )
    )


def _judge(sentence: Sentence, found: list[Quantity], paragraph: str, before: str) -> Iterator[Finding]:
    text = sentence.text
    clause = re.split(r"[，。；]", text[: found[0].end])[-1]
    if _PLANNED.search(clause) or re.search(r"^(?:您|代表)[^。]{0,16}(?:提出|反映|问|指出|建议)", text.strip()):
        return
    if re.search(rf"见附[表件录]|见[下上]表|附表(?:\d|{CHINESE})", text):
        return
    opinion = bool(_OPINION.search(text)) and not re.search(r"\d+件|办理|建议|提案", text)
    near = "".join(
        piece for piece in re.split(r"(?<=[。！？])", before + paragraph) if not opinion or _SURVEY.search(piece)
    )
    missing = []
    if not (_BASE.search(near) or _counted(text) or (not opinion and "区间" in text)):
        missing.append("答卷数（基数）" if opinion else "分母（基数）")
    if opinion and not _SCALE.search(near):
        missing.append("量表与口径")
    if opinion and not _WHEN.search(near):
        missing.append("调查轮次或日期")
    if not missing:
        return
    line, words = sentence.line(found[0].start), sentence.quote(found[0].start, found[-1].end)
    values = "、".join(item.text for item in found[:4])
    if _QUOTED.search(text) and not opinion:
        yield Finding(
            line,
            words,
            "share",
            "note",
            f"引用的比例{values}没有写明{'、'.join(missing)}；如能查到请补上，并注明出处与日期。",
        )
        return
    bound = any(item.bound or not item.exact for item in found)
    severity: Severity = "error" if opinion and missing[0].startswith("答卷数") else "warning"
    told = "“以上”之类的说法无从核对，" if bound else ""
    yield Finding(
        line, words, "share", severity, f"比例{values}没有写明{'、'.join(missing)}，{told}请补上，或注明见附表。"
    )


def _counted(text: str) -> bool:
    """Tell whether the sentence itself gives numerator or denominator."""
    return any(
        item.unit
        in (
            "所",
            "家",
            "个",
            "名",
            "人",
            "位",
            "份",
            "项",
            "件",
            "人次",
            "户",
            "元",
            "班",
            "次",
            "条",
            "门",
            "节",
            "场",
        )
        and item.value >= 2
        for item in quantities(text)
    )
