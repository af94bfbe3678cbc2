"""What the gate asks of declared numbers: a declaration is no proof; each is a date, a document's, a rule's, or of a source.

1. By nature no figure: days, months, terms and weeks; numbers of documents; the snapshot's id; the level of an interval;
   the places of a list that counts on; an article (每一项).
2. A rule's value, in the form in which pages write it, as a rule.
3. Of anything else the whole clause must stand in a source (`analysis.presentation.sources`), or be the name of a figure
   that stands beside it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from analysis.disclosure import UNNAMED
from analysis.presentation.sources import Sourcebook, clauses, rule_forms
from analysis.publishing.content import Block, Run
from analysis.reference.documents import RIGHT
from analysis.text.digits import typed_numbers

_GONE = "\u2060"
_YEAR = r"(?:19|20)\d{2}"
_DAY = rf"(?:{_YEAR}年)?\d{{1,2}}月(?:\d{{1,2}}日)?|{_YEAR}-\d{{2}}-\d{{2}}"
_NATURE = re.compile(
    rf"{_YEAR}[—-]{_YEAR}学年(?:第[一二]学期)?|{_DAY}|{_YEAR}年(?:(?:春|秋)季|度)?|第\d+(?:、\d+)*(?:周|等周)"
    rf"|{RIGHT.pattern}|第\d+号|GB/T\s?[\d.-]+|(?:90|95)%区间"
    rf"|(?:下|上|每|某|同|另|这|那|任)一[个项轮次种批条期门所名位]|{UNNAMED}|一个班的一个上课日|一名学生的一个上课周"
)
_TEST = re.compile(r"p(?:<0\.001|=0\.\d{3})")  # of a test whose result is the title of a chart
_PLACE = re.compile(r"(\d+)(?:\.(\d+))?")


def unproved(text: str, kind: str, sources: Sourcebook, names: Iterable[str] = (), *, chart: bool = False) -> list[str]:
    """Return the numbers of a declared text that nothing proves.

    Parameters
    ----------
    text, kind
        The text, and as what it was declared.
    sources
        What the document may quote.
    names
        Names of the figures beside it.
    chart
        Whether it stands at a chart.
    """
    if not typed_numbers(text):
        return []
    if (sources.head.get("snapshot") or "").startswith(text) and len(text) >= 8:
        return []
    rest = _NATURE.sub(_GONE, text)
    if kind == "rule":
        for form in sorted(rule_forms(), key=len, reverse=True):
            rest = re.sub(rf"(?<![0-9.,]){re.escape(form)}(?![0-9%])", _GONE, rest)
        rest = _TEST.sub(_GONE, rest) if chart else rest
    if kind == "date" or not typed_numbers(rest):
        return typed_numbers(rest)
    own = {piece for name in names for piece in clauses(name)}
    return [
        number
        for piece in clauses(text)
        if piece not in own and typed_numbers(_NATURE.sub(_GONE, piece))
        for number in ([] if _stripped(piece, kind) or sources.holds(piece) else typed_numbers(piece))
    ]


def _stripped(piece: str, kind: str) -> bool:
    """Tell whether a clause holds nothing but a rule's value with words around it."""
    return kind == "rule" and any(
        not typed_numbers(re.sub(rf"(?<![0-9.,]){re.escape(form)}(?![0-9%])", _GONE, piece)) for form in rule_forms()
    )


def reasons(
    place: str, words: list[Run], block: Block | None, sources: Sourcebook, names: Iterable[str]
) -> Iterator[str]:
    """Tell the declared numbers of some runs that nothing proves."""
    for run, after in zip(words, [*words[1:], {"text": ""}], strict=False):
        if "literal" in run:
            level = "区间" if after["text"].startswith("区间") else ""
            chart = block is not None and block["kind"] == "figure"
            for number in unproved(run["text"] + level, run["literal"], sources, names, chart=chart):
                yield f"{place}：“{run['text']}”中的数字“{number}”不是研究算出的数，也不是日期、文号、规则的取值或来源中的原话"


def counts_on(block: Block) -> bool:
    """Tell whether the first cells of a table's rows are the places of a list that counts on: 1, 1.1, 1.2, 2, 3.1."""
    last = (0, 0)
    for row in block.get("rows", ()):
        told = _PLACE.fullmatch(row["cells"][0]["text"])
        if told is None:
            return False
        now = (int(told[1]), int(told[2] or 0))
        if now not in ((last[0], last[1] + 1), (last[0] + 1, 0), (last[0] + 1, 1)) or (
            now[0] == last[0] and not last[1]
        ):
            return False
        last = now
    return last > (0, 0)
