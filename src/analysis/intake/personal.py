"""Personal data stop at the door: recognised by a column's header or a cell's look, dropped, hashed or masked."""

from __future__ import annotations

import re

from analysis.intake.dictionary import plain
from analysis.text import personal as patterns
from analysis.text.numerals import narrow
from analysis.text.personal import find

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

_NAME = re.compile(r"[\u3400-\u9fff·]{2,6}")


def header_kind(header: str) -> str:
    """Return which personal data a column with this header holds (``姓名``, ``电话`` …), or ``""``."""
    text = plain(header)
    return next((kind for kind, pattern in _HEADERS.items() if pattern.search(text)), "")


def kinds(text: str) -> list[str]:
    """Return which personal data a cell holds; the check digit of an ID number is tested."""
    return [hit.kind.mark for hit in find(narrow(text))]


def masked(text: str) -> str:
    """Return a text with personal data replaced by a mark that names their kind; unchanged if there are none."""
    wide = narrow(text)
    return hidden if (hidden := patterns.masked(wide)) != wide else text


def is_name(text: str) -> bool:
    """Whether a cell of a column of names is one that a page could be searched for."""
    return _NAME.fullmatch(narrow(text)) is not None
