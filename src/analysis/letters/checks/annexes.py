"""Figures that are promised in a table or an annex: is there one?"""

from __future__ import annotations

import re
from collections.abc import Iterator

from analysis.letters.drafts import Draft
from analysis.letters.findings import Finding
from analysis.text.numerals import ORDINAL

KIND = ("annex", "附表")

_PROMISED = re.compile(r"(?:详?见|参见|列(?:于|在))(?:本文|文后|后附|所附|随附)?的?(附表|附件表格?|下表|后表|表\s*\d+)")
_TITLE = re.compile(rf"\s*(?:附\s*)?表\s*(?:\d+|{ORDINAL}+)?\s*(?:[：:．.]|\s|$)|\s*附表")
_SHEET = re.compile(r"附件\s*[：:]?[^。\n]*(?:表|名单)")


def check(draft: Draft) -> Iterator[Finding]:
    """Yield each promise of a table in a draft that has none: neither a table, nor its title, nor an annex that is one."""
    if draft.tables or any(
        _TITLE.match(paragraph.text) or _SHEET.search(paragraph.text) for paragraph in draft.paragraphs
    ):
        return
    for sentence in draft.prose:
        for match in _PROMISED.finditer(sentence.text):
            yield Finding(
                sentence.line(match.start()),
                sentence.quote(match.start(), match.end()),
                "annex",
                "warning",
                f"写了“{match[0]}”，文稿中没有任何表格或附表；请附上，或把数字写在正文中。",
            )
