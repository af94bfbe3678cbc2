"""Personal data stop at the door: recognised by a column's header or a cell's look, dropped, hashed or masked."""

from __future__ import annotations

import re

from stdnum.cn import ric

from analysis.intake.dictionary import plain
from analysis.text.numerals import narrow

MARK = "［已去除：{}］"

_HEADERS = {
    "姓名": re.compile(r"^(?:学生|家长|教师|监护人|户主|班主任|联系人|负责人|填表人|申请人|父亲|母亲)?(?:姓名|名字)$|^(?:联系人|监护人|班主任|填表人)$"),
    "身份证号": re.compile(r"身份证|证件号"),
    "学籍号": re.compile(r"学籍(?:辅)?号|学号"),
    "电话": re.compile(r"电话|手机|联系方式"),
    "IP 地址": re.compile(r"(?:^|来自)ip(?:地址)?$"),
    "邮箱": re.compile(r"邮箱|e-?mail"),
    "昵称": re.compile(r"昵称|微信号|微信名|^qq"),
    "住址": re.compile(r"住址|家庭地址"),
    "银行账号": re.compile(r"银行卡|银行账号|开户账号"),
}  # fmt: skip

_ID = re.compile(r"(?<!\d)\d{17}[\dXx](?!\d)")
_REGISTRATION = re.compile(r"(?<![A-Za-z0-9])[GJLgjl]\d{17}[\dXx](?!\d)")
_PHONE = re.compile(r"(?<!\d)(?:\+?86-?)?1[3-9]\d[- ]?\d{4}[- ]?\d{4}(?!\d)")
_LANDLINE = re.compile(r"(?<!\d)0\d{2,3}-\d{7,8}(?!\d)")
_MAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
_IP = re.compile(r"(?<![\d.])(?:(?:25[0-5]|2[0-4]\d|1?\d?\d)\.){3}(?:25[0-5]|2[0-4]\d|1?\d?\d)(?![\d.])")
_WECHAT = re.compile(r"(?:微信(?:号|昵称)?|wechat|vx)[:：]\s*\S+", re.IGNORECASE)
_BANK = re.compile(r"(?<!\d)[3-6]\d{3}(?:[ -]?\d{4}){3}(?:[ -]?\d{1,3})?(?!\d)")
_NAME = re.compile(r"[\u3400-\u9fff·]{2,6}")
_QUICK = re.compile(r"\d{7}|@|\d\.\d+\.\d|\d{4}[- ]\d|微信|vx|wechat", re.IGNORECASE)


def header_kind(header: str) -> str:
    """Return which personal data a column with this header holds (``姓名``, ``电话`` …), or ``""``."""
    text = plain(header)
    return next((kind for kind, pattern in _HEADERS.items() if pattern.search(text)), "")


def kinds(text: str) -> list[str]:
    """Return which personal data a cell holds; the check digit of an ID number is tested."""
    return [kind for kind, _, _ in _hits(text)]


def _hits(text: str) -> list[tuple[str, int, int]]:
    wide = narrow(text)
    if not _QUICK.search(wide):
        return []
    found: list[tuple[str, int, int]] = []
    for kind, pattern in (
        ("学籍号", _REGISTRATION), ("身份证号", _ID), ("邮箱", _MAIL), ("微信", _WECHAT), ("电话", _PHONE),
        ("电话", _LANDLINE), ("IP 地址", _IP), ("银行账号", _BANK),
    ):  # fmt: skip
        for match in pattern.finditer(wide):
            if kind == "身份证号" and ric.calc_check_digit(match.group()) != match.group()[17].upper():
                continue
            if kind == "银行账号" and not _luhn(match.group()):
                continue
            if any(start < match.end() and match.start() < stop for _, start, stop in found):
                continue
            found.append((kind, match.start(), match.end()))
    return sorted(found, key=lambda hit: hit[1])


def masked(text: str) -> str:
    """Return a text with personal data replaced by a mark that names their kind; unchanged if there are none."""
    hits = _hits(text)
    if not hits:
        return text
    wide = narrow(text)
    parts, end = [], 0
    for kind, start, stop in hits:
        parts += [wide[end:start], MARK.format(kind)]
        end = stop
    return "".join([*parts, wide[end:]])


def is_name(text: str) -> bool:
    """Whether a cell of a column of names is one that a page could be searched for."""
    return _NAME.fullmatch(narrow(text)) is not None


def _luhn(text: str) -> bool:
    digits = [int(char) for char in text if char.isdigit()][::-1]
    return sum(digits[::2]) % 10 == -sum(sum(divmod(2 * digit, 10)) for digit in digits[1::2]) % 10
