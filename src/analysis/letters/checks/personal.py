"""Personal data that has no place in a letter: identity, student and telephone numbers, e-mail, accounts, home addresses.

The office's own contact line (联系人, 联系电话, 电子邮箱 of the office) is no finding.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from analysis.letters.drafts import Draft
from analysis.letters.findings import Finding, Severity, excerpt, preceding
from analysis.text.personal import Hit, find

KIND = ("personal", "个人信息")

_CONTACT = re.compile(
    r"联系人|联系电话|联系方式|承办人|经办人|承办科室|办公电话|传真|咨询电话|举报电话|监督电话|热线|邮政编码|邮编|抄送|办公地址|单位地址"
)
_ELSEWHERE = re.compile(r"办公|校址|位于|地址在学校")
# Kind: what is wrong, whether a contact line may hold it.
_SAID: dict[str, tuple[str, bool]] = {
    "student": ("含学籍号；请删去，答复中不得出现学生个人信息。", False),
    "identity": ("含身份证号（校验位相符）；请删去。", False),
    "passport": ("含护照号；请删去。", False),
    "mail": ("含电子邮箱；请删去，单位邮箱请放在文末联系方式一行。", True),
    "chat": ("含微信号、QQ号或昵称；请删去。", False),
    "mobile": ("含手机号码；请删去，承办人电话请放在文末联系方式一行。", True),
    "landline": ("含电话号码；如为个人电话请删去，单位电话请放在文末联系方式一行。", True),
    "ip": ("含网络地址（IP）；请删去。", False),
    "bank": ("含银行账号；请删去。", False),
    "home": ("含住址；请删去，代表、学生与家长的住址不得写入答复。", True),
    "name": ("含学生或家长姓名；请删去或改称“某同学”。", False),
}
_SAID |= {"residence": _SAID["home"], "child": _SAID["name"]}


def check(draft: Draft) -> Iterator[Finding]:
    """Yield personal data; the words are masked by the checker before they are shown."""
    for paragraph in draft.paragraphs:
        contact = bool(_CONTACT.search(paragraph.text))
        for hit in find(paragraph.text, doubtful=True):
            judged = _judged(hit, paragraph.text, contact)
            if judged is not None:
                words = excerpt(paragraph.raw, hit.start, hit.end, 8)
                yield Finding(paragraph.line_at(hit.start), words, "personal", *judged)


def _judged(hit: Hit, text: str, contact: bool) -> tuple[Severity, str] | None:
    """Return how grave a datum is and what to do; None where it may stand or is none."""
    kind = hit.kind.name
    message, may_contact = _SAID[kind]
    if may_contact and contact:
        return None
    if kind == "identity" and not hit.certain:
        grave: Severity = "error" if re.search(r"身份证|证件", text) else "warning"
        return grave, "形似身份证号（校验位不符）；如确为证件号码请删去。"
    if kind == "bank" and not hit.certain and not re.search(r"账号|账户|卡号|银行", text):
        return None
    if kind in ("home", "residence") and _ELSEWHERE.search(preceding(text, hit.start, 6)):
        return None
    if kind == "landline" and not re.search(r"家|代表|学生", text):
        return "warning", message
    return "error", message
