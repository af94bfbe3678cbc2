"""What a letter's answers rest on: figures measured in their scope, verdicts, documents of the register."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from analysis.disclosure import protect, threshold
from analysis.house import UserError
from analysis.indicators.catalogue import describe
from analysis.indicators.concentration import exceptions
from analysis.indicators.statistic import Statistic, Statistics, Where
from analysis.letters.documents import Documents
from analysis.letters.questions import NOT_PUBLIC
from analysis.presentation import all_within, every_at_least, judged, judged_each, limit, limits
from analysis.presentation.content import Run, figure_run, joined, literal_run, verdict_run, words
from analysis.presentation.edition import Edition
from analysis.presentation.references import Unknown, counted, rule_value, statistic_part
from analysis.reference.documents import Document
from analysis.reference.suggestions import Evidence, Point
from analysis.rules import Rule
from analysis.statistics.verdict import Judgement, around

if TYPE_CHECKING:
    from analysis.indicators.study import Study


@dataclass(frozen=True, slots=True)
class Every:
    """The claim that every group is at or above a rule, held against all of them by an intersection–union test."""

    figures: Statistics
    rule: Rule

    @property
    def judgement(self) -> Judgement:
        """That of the pages (`every_at_least`)."""
        return every_at_least(self.figures, self.rule).judgement

    def runs(self, edition: Edition) -> list[Run]:
        """Return the verdict's words; groups beyond doubt below the rule are named."""
        known = self.figures.known()
        lowest = known.lowest()
        if lowest is None:
            raise Unknown(None)
        if self.rule.id not in edition.rules:
            edition.rules.append(self.rule.id)
        below = every_at_least(self.figures, self.rule).below
        before, after = around(self.judgement)
        said = [
            verdict_run(before, edition.shown([lowest])[0], self.judgement, self.rule.id, kind="every"),
            words("“各项都不低于"),
            literal_run(rule_value(self.rule), "rule"),
            words(f"”{after}"),
        ]
        if below:
            named = [literal_run(f"“{name}”", "name") for name in below]
            said += [words("："), *[run for name in named for run in (words("、"), name)][1:], words("明显低于该水平")]
        return said


@dataclass(frozen=True, slots=True)
class Beyond:
    """Where the exceptions are: 九年级329个班级日、八年级103个班级日, the most first; of schools, in a public
    letter, only how many, and how few of them hold more than half.
    """

    figures: Statistics

    def runs(self, edition: Edition) -> list[Run]:
        """Return the words; ``Unknown`` where no group has an exception."""
        found = sorted(
            (item for item in self.figures.known() if _exceptions(item)), key=lambda item: -_exceptions(item)
        )
        if not found:
            raise Unknown(None)
        if edition.public and set(self.figures.by) & set(NOT_PUBLIC):
            unnamed = {each.scope: shown for each, shown in zip(found, edition.one_by_one(found), strict=True)}
            number = counted(list(unnamed.values()), found[0], "有例外的学校数")
            most = counted([unnamed[each.scope] for each in _most(found)], found[0], "合计占例外半数以上的学校数")
            told = [figure_run(number.text, number), words("学校，其中"), figure_run(most.text, most)]
            return [*told, words("合计占半数以上" if (most.value or 0) > 1 else "占半数以上")]
        named: list[list[Run]] = []
        few: list[list[Run]] = []
        for item in edition.shown(found):
            runs = statistic_part(item, "exceptions", edition)
            name = figure_run(item.group_label, item, "group")
            (named if runs[0]["text"][0].isdigit() else few).append([name, *runs])
        tail = [[*joined([[runs[0]] for runs in few]), words("少量")]] if few else []
        return joined([*named, *tail])


def _most(ordered: list[Statistic]) -> list[Statistic]:
    """Return the first groups, the most exceptions first, that together hold more than half of them."""
    whole, held = sum(map(_exceptions, ordered)), 0.0
    for place, item in enumerate(ordered, 1):
        held += _exceptions(item)
        if held > whole / 2:
            return ordered[:place]
    return ordered


def _exceptions(item: Statistic) -> float:
    return exceptions(item, fewer_is_better(item))


def fewer_is_better(item: Statistic) -> bool:
    """Tell whether a share's numerator counts the cases beyond the rule."""
    return describe(item.indicator).direction == "lower"


@dataclass(frozen=True)
class Proof:
    """The evidence of one point: figures by name, references for its sentences, documents.

    `references` holds each figure under its name, and where they apply ``<name>_verdict`` (held against its rule),
    ``<name>_all`` (the claim that every case is within the rule), ``<name>_each`` (each group against its own limit),
    ``<name>_every`` (that every group is at the rule), ``<name>_beyond`` (in which groups the exceptions are) and ``<name>_rule``.
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


def refuse_hidden(proofs: tuple[Proof, ...], audience: str) -> None:
    """Stop a letter that quotes a figure which its audience may not see: it would stand there as an empty place.

    Raises
    ------
    UserError
        Naming the point and the figure.
    """
    smallest = threshold()
    for number, found in enumerate(proofs, 1):
        for name, figures in found.figures.items():
            items = list(figures) if isinstance(figures, Statistics) else [figures]
            shown = protect(items, audience, smallest).items
            if not any(item.known for item in shown):
                raise UserError(
                    f"第{number}条请求的依据“{name}”：指标“{items[0].label}”人数过少，按保护规则不得公布，答复不得留空；"
                    "请放宽所限定的范围，或改写这一条答复。"
                )


def measured(study: Study, indicator: str, where: Where, by: str, place: str) -> Statistic | Statistics:
    """Measure one indicator for a letter.

    Raises
    ------
    UserError
        If it is unknown, cannot be measured so, or has no value in the scope.
    """
    return grouped(study, indicator, where, by, place) if by else single(study, indicator, where, place)


def grouped(study: Study, indicator: str, where: Where, by: str, place: str) -> Statistics:
    """Measure an indicator over groups; at least one of them has a value (see `measured`)."""
    found: Statistics = _asked(study, indicator, where, by, place)
    if not found.known():
        raise _empty(found[0] if len(found) else None, indicator, place)
    return found


def single(study: Study, indicator: str, where: Where, place: str) -> Statistic:
    """Measure one figure, which has a value (see `measured`)."""
    found: Statistic = _asked(study, indicator, where, "", place)
    if not found.known:
        raise _empty(found, indicator, place)
    return found


def _asked(study: Study, indicator: str, where: Where, by: str, place: str) -> Any:
    try:
        return study.measure(indicator, by=by or None, **where)
    except UserError as slip:
        raise UserError(f"{place}无法计算：{slip.message}") from None


def _empty(found: Statistic | None, indicator: str, place: str) -> UserError:
    label = found.label if found else indicator
    suppressed = found is not None and found.estimate.status == "suppressed"
    why = "按保护规则不得公布" if suppressed else "在本区本学期没有数据"
    return UserError(f"{place}：指标“{label}”（{indicator}）{why}，答复不得留空；请补报数据，或改写这一条答复。")


def _verdicts(study: Study, item: Evidence, found: Statistic | Statistics) -> dict[str, object]:
    at_least = item.direction == "at_least"
    rule_id = item.rule or next(iter(found if isinstance(found, Statistics) else [found])).rule
    where = {name: value for name, value in item.where if name in ("grade", "grade_band", "stage", "role")}
    if isinstance(found, Statistics):
        beyond: dict[str, object] = {f"{item.name}_beyond": Beyond(found)}
        if not rule_id or len(found.by) != 1:
            return beyond
        groups = tuple(dict(each.scope.group).get(found.by[0]) for each in found)
        held = limits(study, rule_id, found.by[0], groups)
        whole = limit(study, rule_id, **where) if at_least else None
        made: dict[str, Any] = beyond | ({f"{item.name}_every": Every(found, whole)} if whole else {})
        return made | ({f"{item.name}_each": judged_each(found, held, at_least=at_least)} if held else {})
    rule = limit(study, rule_id, **where) if rule_id else None
    made = (
        {f"{item.name}_all": all_within(found, breaches=fewer_is_better(found))} if found.numerator is not None else {}
    )
    return made | (
        {f"{item.name}_verdict": judged(found, rule, at_least=at_least), f"{item.name}_rule": rule} if rule else {}
    )
