"""Groups held each against its own limit, and told together where the same is to be said of them."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from analysis.indicators import provenance
from analysis.indicators.statistic import Statistic, Statistics, measure_word
from analysis.presentation.content import Run, figure_run, joined, verdict_run, words
from analysis.presentation.edition import Edition
from analysis.presentation.groups import named_together
from analysis.presentation.references import Unknown, statistic_part
from analysis.presentation.verdicts import Judged, judged, outcomes, used
from analysis.rules import Rule
from analysis.statistics.estimate import Estimate
from analysis.statistics.verdict import Judgement, around

MOST_CLAUSES = 3
"""Groups that are judged one by one in a sentence; of more, those of which the same is to be said are named together."""


@dataclass(frozen=True, slots=True)
class JudgedEach:
    """The figures of several groups, each held against its own limit: 「三至八年级都在规定以内，九年级97分钟，超过90分钟的规定」.

    Of counts those within are named together and each other one has its figure; those that what is missing could still
    carry over the limit are told apart, as open (`outcomes`, by which the table's rows are made too). Of what is inferred each group has its
    clause; of more than three groups those that the data support are named together, and so are those with too little
    data for an interval.
    """

    clauses: tuple[tuple[Statistic, Judged], ...]

    def runs(self, edition: Edition) -> list[Run]:
        """Return the clauses of the groups that have a value and a limit."""
        known = [(edition.shown([figure])[0], verdict_) for figure, verdict_ in self.clauses]
        known = [(shown, verdict_) for shown, verdict_ in known if shown.known]
        if not known:
            raise Unknown(self.clauses[0][0] if self.clauses else None)
        for _, verdict_ in known:
            used(verdict_.rule, edition)
        return _counted_each(known, edition) if known[0][0].nature == "count" else _inferred_each(known, edition)


def _counted_each(known: Sequence[tuple[Statistic, Judged]], edition: Edition) -> list[Run]:
    """Say which groups keep their limit, of each other one its figure, and where what is missing leaves it open."""
    shown_of = {id(verdict_): shown for shown, verdict_ in known}
    found = outcomes([verdict_ for _, verdict_ in known])
    claim = next(verdict_.rule.id for _, verdict_ in known if verdict_.rule)
    clauses: list[list[Run]] = []

    def alone(verdict_: Judged) -> list[Run]:
        shown = shown_of[id(verdict_)]
        name = [figure_run(shown.group_label, shown, "group")]
        if not clauses:
            name.append(figure_run(shown.label, shown, "label"))
        return [*name, *statistic_part(shown, "full", edition), words("，"), *verdict_.runs(edition)]

    if found.passing:
        within = [shown_of[id(verdict_)] for verdict_ in found.passing]
        told = ("都" if len(within) > 1 else "") + ("达到规定" if known[0][1].at_least else "在规定以内")
        mark = verdict_run(told, within[0], "met", claim, also=within[1:])
        clauses.append([*named_together(within), figure_run(within[0].label, within[0], "label"), mark])
    for _, verdict_ in known:
        if verdict_ in (*found.failing, *found.beyond):
            clauses.append(alone(verdict_))
    if len(found.so_far) == 1:
        clauses.append([*alone(found.so_far[0]), *_as_long_as(found.so_far, shown_of)])
    elif found.so_far:
        open_ones = [shown_of[id(verdict_)] for verdict_ in found.so_far]
        label = [figure_run(open_ones[0].label, open_ones[0], "label")] if not clauses else []
        so_far = words("按已报的都" + ("达到规定，" if known[0][1].at_least else "没有超过规定，"))
        mark = verdict_run("补齐前不能定论", open_ones[0], "open", claim, also=open_ones[1:])
        clauses.append([*named_together(open_ones), *label, so_far, mark, *_as_long_as(found.so_far, shown_of)])
    boundless = any(shown.missing and verdict_.figure.bounds is None for shown, verdict_ in known)
    return [
        *([words("已报的班级中，" if edition.school else "已报的学校中，")] if boundless else []),
        *joined(clauses, "；"),
    ]


def _as_long_as(unsure: Sequence[Judged], shown_of: Mapping[int, Statistic]) -> list[Run]:
    """Say how far what is missing may go before a group that keeps its limit as far as is known would miss it.

    With N over D known and u missing, Σ(missing) / u ≤ (limit (D + u) - N) / u keeps the whole within its limit; of
    several groups the narrowest margin is told. The bounds rest on the greatest load that a ledger can hold, and would
    say of one silent school only that nothing is known.
    """
    margins: list[Statistic] = []
    for verdict_ in unsure:
        found = None if verdict_.rule is None or verdict_.at_least else margin_of(verdict_.figure, verdict_.rule)
        if found is None or shown_of[id(verdict_)].scope != verdict_.figure.scope:
            return []
        margins.append(found)
    missing = missing_of([verdict_.figure for verdict_ in unsure])
    narrowest = min(margins, key=lambda margin: margin.value or 0.0)
    provenance.keep([missing, narrowest])
    return [
        words("：还有"),
        figure_run(missing.text, missing),
        words("没有登记或待更正，" + ("各年级的这些平均" if len(unsure) > 1 else "平均") + "不超过"),
        figure_run(narrowest.text, narrowest),
        words("的，仍在规定以内"),
    ]


def missing_of(items: Sequence[Statistic]) -> Statistic:
    """Return how much is missing behind several figures together, as a Statistic that names them."""
    first, number_of = items[0], sum(item.unknown or 0 for item in items)
    return Statistic(
        indicator=f"{first.indicator}.missing",
        label=f"{first.label}：没有登记或待更正",
        definition=f"“{first.label}”应有而没有登记、或待更正的{measure_word(first.base_unit)}",
        estimate=Estimate(float(number_of), n=number_of, method="count"),
        scope=replace(first.scope, group=(("members", tuple(map(provenance.address, items))),)),
        unit=first.base_unit,
        decimals=0,
        snapshot=first.snapshot,
        slice=first.slice,
    )


def margin_of(item: Statistic, rule: Rule) -> Statistic | None:
    """Return how great the mean of what is missing behind a figure may be for the whole to keep a limit."""
    if not item.unknown or item.numerator is None or item.denominator is None:
        return None
    most = (rule.value * (item.denominator + item.unknown) - item.numerator) / item.unknown
    return Statistic(
        indicator=f"{item.indicator}.margin",
        label=f"{item.label}：缺的平均最多多少，仍在规定以内",
        definition=f"没有登记或待更正的平均不超过这个数时，连同已知的，“{item.label}”仍在规定以内",
        estimate=Estimate(float(math.floor(most)), n=item.unknown, method="ratio"),
        scope=item.scope.narrowed(limit=rule.id),
        unit=item.unit,
        decimals=0,
        snapshot=item.snapshot,
        slice=item.slice,
        rule=rule.id,
        group_label=item.group_label,
    )


def _inferred_each(known: Sequence[tuple[Statistic, Judged]], edition: Edition) -> list[Run]:
    said: list[list[Run]] = []
    together: dict[Judgement, list[Statistic]] = {"not shown": [], "supported": []}
    for shown, verdict_ in known:
        few = shown.estimate.lower is None
        if len(known) > MOST_CLAUSES and (few or verdict_.judgement == "supported"):
            together["not shown" if few else "supported"].append(shown)
            continue
        name = [figure_run(shown.group_label, shown, "group")]
        said.append([*name, *statistic_part(shown, "full", edition), words("，"), *verdict_.runs(edition)])
    claim = next(verdict_.rule.id for _, verdict_ in known if verdict_.rule)
    for judgement, group in together.items():
        if group:
            before, after = around(judgement)
            why = "答卷过少，" if judgement == "not shown" else "，"
            quoted = words(f"“{'不低于' if known[0][1].at_least else '不超过'}各自规定”{after}")
            mark = verdict_run(before, group[0], judgement, claim, also=group[1:])
            said.append([*named_together(group), words(why), mark, quoted])
    return joined(said, "；")


def judged_each(figures: Statistics, rules: Mapping[Any, Rule], *, at_least: bool = False) -> JudgedEach:
    """Hold the figures of groups against their own limits.

    Parameters
    ----------
    figures
        Figures by one dimension.
    rules
        Value of the dimension → rule (`limits` gives it); groups without one are left out.
    at_least
        Whether the rule is a lower limit.
    """
    dimension = figures.by[0]
    pairs = [(item, rules.get(dict(item.scope.group).get(dimension))) for item in figures]
    return JudgedEach(tuple((item, judged(item, limit, at_least=at_least)) for item, limit in pairs if limit))
