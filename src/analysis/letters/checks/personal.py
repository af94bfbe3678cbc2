"""Personal data that has no place in a letter: identity, student and telephone numbers, e-mail, accounts, home addresses.

The office's own contact line (联系人, 联系电话, 电子邮箱 of the office) is no finding.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from stdnum.cn import ric
from stdnum.luhn import is_valid as luhn

from analysis.letters.drafts import Draft, Paragraph
from analysis.letters.findings import Finding, Severity, excerpt

_CONTACT = re.compile(
    r"联系人|联系电话|联系方式|承办人|经办人|承办科室|办公电话|传真|咨询电话|举报电话|监督电话|热线|邮政编码|邮编|抄送|办公地址|单位地址"
)
_ID = re.compile(
    r"(?<![\dA-Za-z])([GJLgjl])?\s?(\d{6}\s?(?:18|19|20)\d{2}\s?(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\s?\d{3}[\dXx])(?![\dA-Za-z])"
)
_MOBILE = re.compile(r"(?<![\d.])(?:\+?86[- ]?)?1[3-9]\d[- ]?\d{4}[- ]?\d{4}(?![\d.])")
_LANDLINE = re.compile(r"(?<![\d.])(?:（0\d{2,3}）|0\d{2,3}\s?[-—–]\s?)[2-9]\d{6,7}(?:[-—转]\d{1,5})?(?!\d)")
_MAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+", re.ASCII)
_IP = re.compile(r"(?<![\d.])(?:(?:25[0-5]|2[0-4]\d|1?\d?\d)\.){3}(?:25[0-5]|2[0-4]\d|1?\d?\d)(?![\d.])")
_ACCOUNT = re.compile(r"(?<!\d)\d{4}[ ]?\d{4}[ ]?\d{4}[ ]?\d{4}(?:[ ]?\d{1,3})?(?!\d)")
_CHAT = re.compile(r"(?:微信(?:号|名|昵称)?|QQ(?:号|群)?|昵称)\s*[：:为是]?\s*[A-Za-z0-9_-]{5,20}")
_HOME = re.compile(
    r"(?:家住|住址|家庭住址|现住|居住(?:于|在)|住在|户籍(?:地|所在)?)\s*(?:为|是|：|:)?\s*[^，。；\s]{4,}|"
    r"[\u4e00-\u9fff\d]{2,12}(?:小区|花园|家园|公寓|社区|新村|苑)[\u4e00-\u9fff\d-]{0,8}\d+\s*(?:号楼|栋|幢|单元)[\u4e00-\u9fff\d-]{0,12}|"
    r"[\u4e00-\u9fff]{2,10}(?:路|街|巷|大道)\s*\d+\s*号[\u4e00-\u9fff]{0,10}\d+\s*(?:室|号楼|栋|幢|单元|户)[\d\u4e00-\u9fff]{0,10}"
)
_CHILD = re.compile(
    r"(?:学生|家长|同学|幼儿|孩子)(?:姓名)?\s*(?:：|:)\s*(?P<name>[\u4e00-\u9fff]{2,3})(?=[，。；、）\s]|$)|(?P<other>[赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许何吕张孔曹严金魏陶姜谢邹喻苏潘葛范彭郎鲁韦马苗方俞任袁柳唐罗薛贺汤邓郭林徐梁宋高黄胡刘][\u4e00-\u9fff]{1,2})(?:同学|小朋友)"
)


def check(draft: Draft) -> Iterator[Finding]:
    """Yield personal data; the words are masked by the checker before they are shown."""
    for paragraph in draft.paragraphs:
        yield from _paragraph(paragraph)


def _paragraph(paragraph: Paragraph) -> Iterator[Finding]:
    text = paragraph.text
    contact = bool(_CONTACT.search(text))
    taken: list[tuple[int, int]] = []

    def found(match: re.Match[str], severity: Severity, what: str) -> Iterator[Finding]:
        if any(start < match.end() and match.start() < end for start, end in taken):
            return
        taken.append(match.span())
        words = excerpt(paragraph.raw, match.start(), match.end(), 8)
        yield Finding(paragraph.line_at(match.start()), words, "personal", severity, what)

    for match in _ID.finditer(text):
        number = re.sub(r"\s", "", match[2]).upper()
        if match[1]:
            yield from found(match, "error", "含学籍号；请删去，答复中不得出现学生个人信息。")
        elif ric.is_valid(number):
            yield from found(match, "error", "含身份证号（校验位相符）；请删去。")
        else:
            yield from found(
                match,
                "error" if re.search(r"身份证|证件", text) else "warning",
                "形似身份证号（校验位不符）；如确为证件号码请删去。",
            )
    for match in _MAIL.finditer(text):
        if not contact:
            yield from found(match, "error", "含电子邮箱；请删去，单位邮箱请放在文末联系方式一行。")
    for match in _ACCOUNT.finditer(text):
        if luhn(re.sub(r"\s", "", match[0])) or re.search(r"账号|账户|卡号|银行", text):
            yield from found(match, "error", "含银行账号；请删去。")
    for match in _MOBILE.finditer(text):
        if not contact:
            yield from found(match, "error", "含手机号码；请删去，承办人电话请放在文末联系方式一行。")
    for match in _LANDLINE.finditer(text):
        if not contact:
            yield from found(
                match,
                "error" if re.search(r"家|代表|学生|家长", text) else "warning",
                "含电话号码；如为个人电话请删去，单位电话请放在文末联系方式一行。",
            )
    for match in _IP.finditer(text):
        yield from found(match, "error", "含网络地址（IP）；请删去。")
    for match in _CHAT.finditer(text):
        yield from found(match, "error", "含微信号、QQ号或昵称；请删去。")
    for match in _HOME.finditer(text):
        if not contact and not re.search(r"办公|校址|位于|地址在学校", text[max(0, match.start() - 6) : match.start()]):
            yield from found(match, "error", "含住址；请删去，代表、学生与家长的住址不得写入答复。")
    for match in _CHILD.finditer(text):
        if not re.match(r"[^）]{0,2}(?:模拟)", match["name"] or match["other"] or ""):
            yield from found(match, "error", "含学生或家长姓名；请删去或改称“某同学”。")
