"""What a letter's answers rest on: figures measured in their scope, verdicts, documents of the register."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from analysis.house import UserError
from analysis.indicators.statistic import Statistic, Statistics
from analysis.letters.documents import Document, Documents
from analysis.letters.suggestions import Evidence, Point
from analysis.presentation import all_within, judged, judged_each, limit, limits

if TYPE_CHECKING:
    from analysis.indicators import Study


@dataclass(frozen=True)
class Proof:
    """The evidence of one point: figures by name, references for its sentences, documents.

    `references` holds each figure under its name, and where they apply ``<name>_verdict`` (held against its rule),
    ``<name>_all`` (the claim that every case is within the rule), ``<name>_each`` (each group against its own limit) and
    ``<name>_rule``.
    """

    figures: dict[str, Statistic | Statistics]
    references: dict[str, Any]
    documents: tuple[Document, ...]

    def statistics(self) -> list[Statistic]:
        """Return every single figure, groups one by one."""
        found: list[Statistic] = []
        for item in self.figures.values():
            found += list(item) if isinstance(item, Statistics) else [item]
        return found


def proof(study: Study, point: Point, place: str, known: Documents) -> Proof:
    """Measure a point's evidence and find its documents.

    Raises
    ------
    UserError
        If an indicator is unknown, has no data in the scope, or a document is not registered: the letter stops.
    """
    figures: dict[str, Statistic | Statistics] = {}
    references: dict[str, Any] = {}
    for item in point.evidence:
        found = measured(study, item.indicator, dict(item.where), item.by, f"{place}的依据“{item.name}”")
        figures[item.name] = references[item.name] = found
        references |= _verdicts(study, item, found)
    numbers = [*point.documents, *(each.document for each in point.measures if each.document)]
    papers = {number: known.need(number, place) for number in numbers}
    return Proof(figures, references, tuple(dict.fromkeys(papers.values())))


def measured(study: Study, indicator: str, where: dict[str, Any], by: str, place: str) -> Statistic | Statistics:
    """Measure one indicator for a letter.

    Raises
    ------
    UserError
        If it is unknown, cannot be measured so, or has no value in the scope.
    """
    try:
        found = study.measure(indicator, by=by or None, **where)
    except UserError as slip:
        raise UserError(f"{place}无法计算：{slip.message}") from None
    known = found.known() if isinstance(found, Statistics) else [found] if found.known else []
    if not known:
        label = found[0].label if isinstance(found, Statistics) and len(found) else getattr(found, "label", indicator)
        status = getattr(getattr(found, "estimate", None), "status", "no data")
        why = "按保护规则不得公布" if status == "suppressed" else "在本区本学期没有数据"
        raise UserError(f"{place}：指标“{label}”（{indicator}）{why}，答复不得留空；请补报数据，或改写这一条答复。")
    return found


def _verdicts(study: Study, item: Evidence, found: Statistic | Statistics) -> dict[str, Any]:
    at_least = item.direction == "at_least"
    rule_id = item.rule or next(iter(found if isinstance(found, Statistics) else [found])).rule
    where = {name: value for name, value in item.where if name in ("grade", "grade_band", "stage", "role")}
    if isinstance(found, Statistics):
        if not rule_id or len(found.by) != 1:
            return {}
        groups = tuple(dict(each.scope.group).get(found.by[0]) for each in found)
        held = limits(study, rule_id, found.by[0], groups)
        return {f"{item.name}_each": judged_each(found, held, at_least=at_least)} if held else {}
    rule = limit(study, rule_id, **where) if rule_id else None
    made: dict[str, Any] = {f"{item.name}_all": all_within(found)} if found.numerator is not None else {}
    return made | ({f"{item.name}_verdict": judged(found, rule, at_least=at_least), f"{item.name}_rule": rule} if rule else {})
