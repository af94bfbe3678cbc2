"""From the register's words to templates: dates and document numbers are declared, figures stay references."""

from __future__ import annotations

import re
from collections.abc import Collection
from typing import Any

from analysis.house import UserError
from analysis.letters.register import REFERENCE
from analysis.presentation.references import Literal, literal
from analysis.reference.documents import RIGHT
from analysis.text.digits import typed_numbers

PAPERS = "documents"  # the name of the table of a letter that holds what the register knows of the documents cited
_DECLARED = (
    ("document", re.compile(rf"《[^《》]*》（{RIGHT.pattern}）|{RIGHT.pattern}|《[^《》]*\d[^《》]*》|GB/T\s?[\d.-]+")),
    (
        "date",
        re.compile(
            r"(?:19|20)\d{2}年(?:\d{1,2}月(?:\d{1,2}日)?|(?:春|秋)季|度)?|(?:19|20)\d{2}[—-](?:19|20)\d{2}学年|\d{1,2}月\d{1,2}日"
        ),
    ),
    ("rule", re.compile(r"“[^“”]*”")),
    ("name", re.compile(r"(?:下|上|每|某|同|另|这|那|任)一[个项轮次种批条期门所名位]")),
)


def fitted(text: str, place: str, prefix: str = "word", listed: Collection[str] = ()) -> tuple[str, dict[str, Any]]:
    """Return a text as a template, and the literals that it refers to.

    Document numbers, dates, words in quotation marks (“每天不少于两小时”: what somebody else said) and 下一轮, 每一所 and the like
    are declared as such; any other typed number is refused. Documents that the letter's own table holds (`listed`, as they
    are cited) lead there.

    Raises
    ------
    UserError
        If a number is left that is neither: it must come from the data.
    """
    declared: dict[str, Literal] = {}

    def name(match: re.Match[str], kind: str) -> str:
        if kind == "rule" and (not typed_numbers(match[0]) or REFERENCE.search(match[0])):
            return match[0]
        key = f"{prefix}{len(declared)}"
        declared[key] = literal(match[0], kind, link=PAPERS if match[0] in listed else "")
        return "{" + key + "}"

    for kind, pattern in _DECLARED:
        pieces = re.split(r"(\{[^{}]*\})", text)
        text = "".join(
            piece if piece.startswith("{") else pattern.sub(lambda match, kind=kind: name(match, kind), piece)
            for piece in pieces
        )
    typed = typed_numbers(REFERENCE.sub("", re.sub(r"\{[^{}]*\}", "", text)))
    if typed:
        raise UserError(
            f"{place}中手写了数字{'、'.join(f'“{word}”' for word in typed)}；"
            "数字须写作 {依据名}，由数据代入；日期写全年月日，规定原话加引号。"
        )
    return text, declared


def bound(text: str, references: dict[str, object]) -> str:
    """Return a template in which ``{share.verdict}`` and its like name the reference that says it (``{share_verdict}``)."""

    def swap(match: re.Match[str]) -> str:
        name = match[0][1:-1].replace(":", ".").replace(".", "_", 1)
        return "{" + name + "}" if name in references else match[0]

    return REFERENCE.sub(swap, text)
