"""The parts of an official reply: number, session, category, addressee, receipt, thanks, form, signature, date, contact, 抄送."""

from __future__ import annotations

import re
from collections.abc import Iterator

from analysis.letters.drafts import Draft
from analysis.letters.findings import Finding, Severity, excerpt, holding
from analysis.text.numerals import CHINESE

KIND = ("part", "答复要件")

_ANY = rf"(?:\d+|{CHINESE}+)"
_DAY = rf"(?:\d{{4}}年\d{{1,2}}月\d{{1,2}}日|[一二]{CHINESE}{{3}}年{CHINESE}{{1,3}}月{CHINESE}{{1,3}}日)"
_RECEIVED = r"(?:收悉|已收到|收到(?:您|你)|收到了?(?:您|你)?|已悉|转来|交办|交由我)"
PARTS: tuple[tuple[str, str, Severity, str], ...] = (
    ("建议编号", rf"第\s*[A-Z]?\s*{_ANY}\s*号(?!文|楼|公告)[^。]{{0,16}}(?:建议|议案|提案)|(?:建议|议案|提案)[^。\n]{{0,30}}第\s*[A-Z]?\s*{_ANY}\s*号|(?:建议)?编号\s*[：:]?\s*[A-Z]?\d|[（(]\s*第?\s*\d+\s*号\s*[）)]|第\s*[A-Z]?\s*{_ANY}\s*号\s*$", "error",
     "没有写明建议编号；标题或右上角应有“第…号建议”。"),
    ("届次", rf"第?{_ANY}届[^。\n]{{0,24}}{_ANY}次(?:全体)?(?:会议)?", "warning", "没有写明届次（第几届第几次会议）；请补在标题中。"),
    ("办理类别", r"(?:类别|分类|类型|办理结果)\s*[：:（(]?\s*[“\"]?[A-DＡ-Ｄ]|[A-D]\s*类|[（(【〔]\s*[A-D]\s*[类]?\s*[）)】〕]|(?m:^\s*[A-D]\s*$)", "error", "没有标注办理类别（如A、B、C）；请标在右上角。"),
    ("称谓", r"(?m:^[^\n。，]{0,14}(?:代表|委员)[^\n。，、：:]{0,4}\s*[：:])|(?:尊敬的|敬爱的)?[^\n。，]{1,14}(?:代表|委员|先生|女士)\s*(?:等[^\n]{0,8})?[：:]", "error", "没有称谓（“某某代表：”）；请写明答复谁。"),
    ("收悉语", _RECEIVED, "error", "没有收悉语（“您提出的……建议收悉，现答复如下”）；请补上。"),
    ("致谢", r"感谢|谢谢", "note", "没有感谢代表关心支持的话；按惯例应在结尾写上。"),
    ("反馈表", r"征询意见|反馈表|意见表|反馈意见|满意[、/／]\s*基本满意", "note", "没有提到随文附送的征询意见表（满意、基本满意、不满意）；请附上。"),
    ("落款单位", r"(?m:^\s*[^\n。，：:]{2,24}(?:局|委员会|人民政府|办公室|厅|中心|部)(?:[（(][^）)\n]*[）)])?\s*(?:（(?:盖章|印章|章|公章)）)?\s*(?:\d{4}年\d{1,2}月\d{1,2}日)?\s*$)", "warning", "没有落款单位；请在文末署承办单位全称。"),
    ("成文日期", _DAY, "error", "没有成文日期；请在落款处写明年、月、日。"),
    ("联系人", r"联系(?:人|电话|方式)|承办人|经办人", "warning", "没有承办人（联系人）与联系电话；请补在文末。"),
    ("抄送", r"抄\s*送|抄\s*报", "note", "没有抄送单位（人大代表工作机构、政府办公室）；请补在文末。"),
)  # fmt: skip
_NEAR = re.compile(
    rf"{_DAY}[^。\n]{{0,30}}{_RECEIVED}|{_RECEIVED}[^。\n]{{0,24}}{_DAY}|(?:收到|收文|交办|转办)(?:日期|时间|日)?\s*[：:]?\s*(?:{_DAY}|\d{{4}}-\d)|(?:于|在)[^。\n]{{0,4}}{_DAY}[^。\n]{{0,40}}(?:提出|提交)"
)
_LETTER = re.compile(r"答复|收悉|复函|代表|建议")


def check(draft: Draft) -> Iterator[Finding]:
    """Yield what an official reply must have and this draft lacks; a draft that is no reply gets one note."""
    text = "\n".join(paragraph.text for paragraph in draft.paragraphs)
    first = next((paragraph for paragraph in draft.paragraphs if paragraph.text.strip()), None)
    line, words = (first.line, excerpt(first.raw, end=30, room=0)) if first else (0, "")
    if not _LETTER.search(text):
        yield Finding(
            line, words, "part", "note", "文中没有“代表”“建议”“答复”等字样，不像是对代表建议的答复；未检查答复要件。"
        )
        return
    missing = []
    for name, pattern, severity, message in PARTS:
        if not re.search(pattern, text):
            missing.append(name)
            yield Finding(line, words, "part", severity, message)
    if "收悉语" not in missing and not _NEAR.search(text):
        yield Finding(line, words, "part", "note", "没有写明收到建议的日期，办理期限无从核对；请补上收到或交办日期。")
    if not missing:
        yield holding(line, words, "part", "答复的各项要件齐全。")
    lines = [paragraph for paragraph in draft.paragraphs if paragraph.text.strip()]
    for paragraph in lines:
        for empty in re.finditer(
            r"[xX×＿_]{2,}|(?<=[\u4e00-\u9fff]) {2,}(?=万?元|所|人|%|份|年|月|日|个|次)|[\[【（]\s*(?:待补|待定|此处|填写|请填)[^\]】）]*[\]】）]|(?:待补充?|待核实|待填)|[：:]\s*[，。；]|（\s*）|〔\s*〕|第\s*号",
            paragraph.text,
        ):
            place = paragraph.line_at(empty.start())
            yield Finding(
                place,
                excerpt(paragraph.raw, empty.start(), empty.end()),
                "part",
                "error",
                "此处留有空白或待补内容；请补全，答复不得有空处。",
            )
