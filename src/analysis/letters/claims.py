"""What stops a letter though every field is filled: a point called solved that is not, a table that would vanish."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from analysis.disclosure import protect, threshold
from analysis.house import UserError
from analysis.indicators.statistic import Statistics
from analysis.letters.evidence import Proof, grouped
from analysis.letters.questions import NOT_PUBLIC, requested, sentences
from analysis.presentation.all_cases import AllWithin
from analysis.reference.messages import shown
from analysis.reference.suggestions import Evidence, Point, Suggestion, Table
from analysis.reference.vocabulary import Audience
from analysis.statistics.verdict import PASSES

if TYPE_CHECKING:
    from analysis.indicators.study import Study

SOLVED = "解决"


@dataclass(frozen=True, slots=True)
class Annexed:
    """A table that is printed: what the register asks for, and its figures."""

    table: Table
    figures: Statistics


@dataclass(frozen=True, slots=True)
class Withheld:
    """A table that is not printed, and the reason that stands in the letter."""

    table: Table
    reason: str


def annexes(study: Study, entry: Suggestion, audience: str) -> dict[int, list[Annexed | Withheld]]:
    """Return each point's tables (number of the point from 1), those that the readers may not see with their reason.

    Raises
    ------
    UserError
        If a table would vanish without a word: the readers may not see it and no reason is declared.
    """
    made: dict[int, list[Annexed | Withheld]] = {}
    for number, point in enumerate(entry.points, 1):
        made[number] = []
        for table, reason in dict(requested(point)).items():
            place = f"第{number}条请求的附表"
            if Audience.of(audience).protected and table.by in NOT_PUBLIC:
                hidden = True
            else:
                figures = grouped(study, table.indicator, dict(table.where), table.by, place)
                hidden = not any(item.known for item in protect(list(figures), audience, threshold()).items)
            if not hidden:
                made[number].append(Annexed(table, figures))
            elif reason:
                made[number].append(Withheld(table, reason))
            else:
                raise UserError(
                    f"{shown(entry.file)}，第{number}条请求{_question(point, table)}：附表“{table.indicator}（{table.by}）”"
                    "在公开答复中不能列出；请在该附表下写明理由（reason，如“公开答复不点名学校，名单另函”），或删去这张附表。"
                )
    return made


def _question(point: Point, table: Table) -> str:
    for number, question in enumerate(point.questions, 1):
        if table in question.tables:
            return f"第{number}问“{question.asks[:20]}”"
    return ""


def refuse_unmet(entry: Suggestion, proofs: tuple[Proof, ...], categories: dict[str, str]) -> None:
    """Stop a letter that calls a point solved whose own claims are not met: counts that miss their rule, surveys not supported.

    Raises
    ------
    UserError
        Naming file, point and figures.
    """
    for number, (point, found) in enumerate(zip(entry.points, proofs, strict=True), 1):
        meaning = categories[point.category]
        if not ("已经" in meaning and SOLVED in meaning):
            continue
        missed = list(dict.fromkeys(_missed(point, found)))
        if missed:
            raise UserError(
                f"{shown(entry.file)}，第{number}条请求：标为{point.category}类（{meaning}），但{'；'.join(missed)}；"
                "请改为正在解决的类别并写明下一步，或改写这一条（只作说明的数字在依据中写 claim = false）。"
            )


def _missed(point: Point, found: Proof) -> Iterator[str]:
    for item in point.evidence:
        for one in _claims(item, point, found) if item.claim else ():
            if one.judgement in PASSES:
                continue
            figure = one.share if isinstance(one, AllWithin) else getattr(one, "figure", None)
            if figure is None:
                yield f"“{item.name}”各组不都达到所对照的水平"
            else:
                about = f"（{figure.group_label}）" if figure.group_label else ""
                state = "未达到要求" if figure.nature == "count" else "数据不足以支持所对照的水平"
                yield f"“{figure.label}”{about}为{figure.text}，{state}"


def _claims(item: Evidence, point: Point, found: Proof) -> list[Any]:
    """Return what a figure is held against: its rule, or, of a share of cases within a rule, that all are within.

    A rule in the unit of the figure (94 % of answers, 90 minutes) is a limit of the figure itself; any other is a rule that
    each case is held against (60 minutes a day, of which the figure is the share of days within).
    """
    figure, said = found.figures[item.name], "".join(sentences(point))
    held = {part: found.references.get(f"{item.name}_{part}") for part in ("verdict", "all", "every", "each")}
    if isinstance(figure, Statistics):
        each = held["each"] if item.rule or f"{{{item.name}.each}}" in said else None
        every = held["every"] if f"{{{item.name}.every}}" in said else None
        return [*([one for _, one in each.clauses] if each else []), *([every] if every else [])]
    rule = found.references.get(f"{item.name}_rule")
    if rule is not None and rule.unit == figure.unit:
        return [held["verdict"]]
    claimed = bool(item.rule or figure.rule) or f"{{{item.name}.all}}" in said
    return [held["all"]] if claimed and held["all"] is not None else []
