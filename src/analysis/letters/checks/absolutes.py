"""Absolute words without a denominator: 全部, 均, 一律, 100%, 杜绝, 零投诉, 全覆盖 … claim more than words can prove.

A claim is in order where its sentence (or the one before) gives the count it rests on: 「应报8所，已报8所」. Plans, rules, what the
deputy said and sentences that deny the claim (「未达到“全部达标”的要求」) are no claims.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from analysis.letters.drafts import Draft, Sentence
from analysis.letters.findings import Finding, holding, preceding
from analysis.text.numerals import ORDINAL
from analysis.text.quantities import quantities

KIND = ("absolute", "绝对化用语")

_WORDS = re.compile(
    r"(?P<hundred>100(?:\.0+)?\s*%|百分之百|百分百|百分之一百)|"
    r"(?P<word>全部|所有|一律|杜绝|全覆盖|无一例外|无一(?:例|起|所|人|家)|从未|绝无|毫无|彻底|完全(?!中学)|人人(?!大)|每[一]?(?:所|个|名|位|家|门|项|次|节|份)[\u4e00-\u9fff]{0,4}(?=都)|"
    r"各[\u4e00-\u9fff]{1,6}?(?=都)|零(?:投诉|违规|事故|发生|举报|差错|上访|负担|增长|遗漏|死角|缺勤|超标|超时|违纪|反弹|缺口)|"
    r"(?<![平人户])(?<![^学]生)(?<![^学各]校)均(?!衡|人数|时长|课程|价|值|等|匀|分|数|摊|可|不得|应|须|需|由|按|以|为模拟|未来))"
)
_PLANNED = re.compile(
    r"(?:^|[，。；：])[^，。；：]{0,12}(?:将|拟|计划|下一步|力争|争取|努力|确保|保证|要求|必须|应当|(?<![相反适对响供])应(?!报|开|纳|公示|缴|有|用|对|参加|到|急|届|答|办|收|建)|须|需要|严禁|不得|不准|禁止|规定|明确|坚决|继续|进一步|推动|推进|实现.{0,6}目标|目标|原则上|如)"
)
_AHEAD = re.compile(r"[^，。；]{0,4}(?:将|须|应)|[^，。；]{0,18}(?:年底|月底|日|年)前")
_NEXT = re.compile(rf"\s*(?:（{ORDINAL}）|{ORDINAL}、)?\s*(?:下一步|今后|接下来|下阶段|下学期|后续)")
_DENIED = re.compile(
    r"不支持|尚不足|不能说|不能作|还没有|没有全部|未全部|未能全部|并非|不是全部|不等于|不全|还不能|尚未|未达到|暂未|无法说明|不宜"
)
_ASKED = re.compile(r"^(?:您|你|代表|建议)[^。]{0,20}(?:提出|建议|问|反映|指出|希望|关心)|您(?:提出|建议|问)")
_RULE = re.compile(r"(?:不得|不准|禁止|应当|必须|应|须|严禁)")
_DEFINED = re.compile(
    r"(?:全部|所有|完全)(?:学科|课程|科目|项目|请求|各科|数据|记录|答卷|作业时长|试题|过程|内容|环节|参数|数值|数字|人员名单|免费|自愿|公开(?!透明)|修订|数字)|完全(?:相同|一致|符合自愿)"
)
_OFFICIAL = re.compile(r"《[^《》]*$")
_DENOMINATOR = {
    "所",
    "家",
    "个",
    "名",
    "人",
    "位",
    "项",
    "条",
    "件",
    "份",
    "次",
    "门",
    "节",
    "种",
    "类",
    "场",
    "期",
    "批",
    "户",
    "套",
    "班",
    "组",
    "篇",
    "例",
    "起",
    "人次",
    "元",
}


def check(draft: Draft) -> Iterator[Finding]:
    """Yield absolute words that no count stands behind."""
    before = ""
    for sentence in draft.prose:
        text = sentence.text
        asked = bool(_ASKED.search(text.strip()))
        for match in _WORDS.finditer(text):
            finding = None if asked else _judge(sentence, match, before)
            if finding:
                yield finding
        before = text


def _judge(sentence: Sentence, match: re.Match[str], before: str) -> Finding | None:
    text, word = sentence.text, match[0]
    head, tail = text[: match.start()], text[match.end() :]
    clause = re.split(r"[，。；：]", head)[-1] + word + re.split(r"[，。；]", tail)[0]
    if _OFFICIAL.search(head) or _DENIED.search(text) or _DEFINED.match(text[match.start() :]):
        return None
    if (word + tail).startswith("均为") and re.search(r"模拟|虚构", clause):
        return None
    if _PLANNED.search(head.split("；")[-1] + word) or _RULE.match(tail) or _AHEAD.match(tail) or _NEXT.match(text):
        return None
    line, words = sentence.line(match.start()), sentence.quote(match.start(), match.end())
    if match["hundred"] is not None:
        if _based(text) or re.search(r"满分|区间|合计|=\s*$", preceding(text, match.start(), 8)):
            return holding(line, words, "absolute", f"“{word}”所在句写明了基数；是否属实可用 --against 与数据核对。")
        if re.search(r"按|分档|比例缴|折|÷", clause):
            return None
        return Finding(
            line,
            words,
            "absolute",
            "error",
            f"“{word}”没有写明基数（应有多少、已有多少、截至何日）；请补上，四舍五入成100%的不能写100%。",
        )
    if _based(text) or (_based(before) and re.search(r"上述|以上|这|其|该", clause)):
        return None
    return Finding(
        line,
        words,
        "absolute",
        "warning",
        f"“{word}”是绝对化表述，句中没有基数；请写明“应…所，已…所”，或改用据实的说法。",
    )


def _based(text: str) -> bool:
    """Tell whether a sentence gives a count that a claim may rest on (not a lone 一个, no year, no share)."""
    counts = [item for item in quantities(text) if item.unit in _DENOMINATOR and item.value >= 2]
    return bool(counts) or bool(re.search(r"\d+\s*[/／]\s*\d+|两(?:案|者|项|个|所|类|级)|双方", text))
