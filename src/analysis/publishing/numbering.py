"""Numbers of headings, tables and figures, and where a long title may be broken."""

from __future__ import annotations

import re

from analysis.house import UserError
from analysis.house.content import Json
from analysis.text.numerals import ORDINAL, written

WIDTH = 20
# Characters of 2号 (22 pt) that one line of 156 mm holds.


def heading(level: int, number: int) -> str:
    """Return the number of a heading: 一、（一）1.（1）for the levels 1 to 4."""
    return (f"{written(number)}、", f"（{written(number)}）", f"{number}.", f"（{number}）")[level - 1]


class Numbering:
    """Numbers blocks in the order in which they come: headings by level, tables and figures through the document."""

    def __init__(self) -> None:
        self.headings = [0, 0, 0, 0]
        self.order = 0
        self.depth = 0
        self.tables = 0
        self.figures = 0

    def __call__(self, block: Json) -> Json:
        """Return the block with its ``number`` and ``order`` (heading) or ``label`` (table, figure).

        Raises
        ------
        UserError
            If a heading skips a level (screen readers and PDF/UA-1 need each of them).
        """
        match block["kind"]:
            case "heading":
                level = block["level"]
                if level > self.depth + 1:
                    raise UserError(
                        f"{block['place']}：标题从第{self.depth}级跳到第{level}级；请逐级使用 ##、###、####。"
                    )
                self.depth = level
                self.headings[level - 1] += 1
                self.headings[level:] = [0] * (4 - level)
                self.order += 1
                return {**block, "number": heading(level, self.headings[level - 1]), "order": self.order}
            case "table":
                self.tables += 1
                return {**block, "label": f"表{self.tables}"}
            case "figure":
                self.figures += 1
                return {**block, "label": f"图{self.figures}"}
        return block


_GOOD = re.compile(
    rf"(?=关于)|(?=《)|(?<=》)(?!的)|(?=第(?:[0-9]|{ORDINAL})+[次届号])|(?<=局)|(?<=学期)|(?<=学年)|(?<=[：，、])|(?<=——)"
)
_FAIR = re.compile(r"(?<=[的区县市校届议号期年度和与及对])")
_NEVER = re.compile(r"[0-9０-９A-Za-z〔〕（）().,%％－—-][0-9０-９A-Za-z〕）).,%％号届次年－—-]")
_NOT_FIRST = "的》〕）、，。：；！？”号了"


def title_lines(title: str, width: int = WIDTH) -> list[str]:
    """Break a title by sense into lines of like length, a trapezium or a lozenge rather than a ragged block.

    1. A title that fits one line is one line.
    2. Else the fewest lines are used that hold it without a forbidden break.
    3. A break after a phrase (before 关于 or 《, after 》, 局, 学期 …) costs nothing, after 的, 区, 和 … a little, elsewhere
       much; inside a number or before 的 or a closing mark it is forbidden.
    4. Of all ways the one with the least cost of breaks and differences in length is taken.
    """
    fewest = -(-len(title) // width)
    if fewest <= 1:
        return [title]
    prices = _prices(title)
    for lines in range(fewest, fewest + 4):
        found = _broken(title, lines, width, prices)
        if found:
            return found
    return [title[at : at + width] for at in range(0, len(title), width)]


def _prices(title: str) -> dict[int, float]:
    """Return what a break before each character costs; forbidden ones are left out."""
    good = {match.start() for match in _GOOD.finditer(title)}
    fair = {match.start() for match in _FAIR.finditer(title)}
    found = {len(title): 0.0}
    for at in range(1, len(title)):
        if not (_NEVER.fullmatch(title[at - 1 : at + 1]) or title[at] in _NOT_FIRST or title[at - 1] in "《〔（“第"):
            found[at] = 0.0 if at in good else 12.0 if at in fair else 60.0
    return found


def _broken(title: str, lines: int, width: int, prices: dict[int, float]) -> list[str]:
    """Return the cheapest way to break a title into just so many lines; none if there is no way."""
    ideal = len(title) / lines
    best: dict[int, tuple[float, list[str]]] = {0: (0.0, [])}
    for _ in range(lines):
        longer: dict[int, tuple[float, list[str]]] = {}
        for start, (before, parts) in best.items():
            for end in range(start + 1, min(start + width, len(title)) + 1):
                if end in prices:
                    total = before + prices[end] + (end - start - ideal) ** 2
                    if end not in longer or total < longer[end][0]:
                        longer[end] = (total, [*parts, title[start:end]])
        best = longer
    return best[len(title)][1] if len(title) in best else []
