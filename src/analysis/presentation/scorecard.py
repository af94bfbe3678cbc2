"""The claims of an evaluation side by side: figure, interval or bounds, what is required, and what the data say of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from analysis.indicators.statistic import Statistic
from analysis.presentation.all_cases import AllWithin
from analysis.presentation.cells import HIDDEN, NO_DATA, figure_cells
from analysis.presentation.content import Run, figure_run, joined, literal_run, plain, verdict_run, words
from analysis.presentation.edition import Edition, current
from analysis.presentation.facts import settled
from analysis.presentation.groups import named_together
from analysis.presentation.judged_groups import JudgedEach
from analysis.presentation.references import UNKNOWN, Unknown, counted, rule_value
from analysis.presentation.sentences import composed, wanted
from analysis.presentation.silent import left_out
from analysis.presentation.verdicts import EveryAtLeast, Judged, outcomes
from analysis.statistics.verdict import FAILS, PASSES, WORDS

Single = Judged | AllWithin | EveryAtLeast | Statistic
Claim = Single | JudgedEach


def scorecard(name: str, title: str, claims: Sequence[Claim], *, only: str = "", **refs: object) -> None:
    """Put out a table of claims and verdicts.

    Parameters
    ----------
    name, title, only, **refs
        As in `table`.
    claims
        What `judged`, `judged_each` (a row a group) and `all_within` give, or a bare Statistic where nothing is required
        (not on a school's page). A claim that does not concern the scope (no value, and nobody who should have reported)
        is left out.
    """
    edition = current()
    if edition.ended or not wanted(edition, only):
        return
    told = [row for row in _rows(claims) if not (edition.school and isinstance(row.claim, Statistic))]
    rows = [{"role": "body", "cells": _cells(row, edition)} for row in told]
    heads = [
        {"key": "figure", "label": "指标", "align": "left"},
        {"key": "value", "label": "数值", "align": "right"},
        {"key": "interval", "label": "区间或上下界", "align": "center"},
        {"key": "base", "label": "基数", "align": "right"},
        {"key": "required", "label": "规定或说法", "align": "left"},
        {"key": "verdict", "label": "判断", "align": "left"},
    ]
    edition.put("table", name=name, title=composed(title, refs, edition), columns=heads, rows=rows)


@dataclass(frozen=True, slots=True)
class _Row:
    """A row: a claim, and further figures of which the same is said, named together with its own."""

    claim: Single
    also: tuple[Statistic, ...] = ()

    @property
    def figure(self) -> Statistic:
        """The figure that the row shows: of several the one nearest to the limit."""
        claim = self.claim
        if isinstance(claim, Statistic):
            return claim
        return claim.share if isinstance(claim, AllWithin) else claim.figure


def _rows(claims: Sequence[Claim]) -> list[_Row]:
    """Return the rows of claims: of figures held each against its limit, those that pass one limit share a row."""
    rows: list[_Row] = []
    for claim in claims:
        rows += _rows_of_each(claim) if isinstance(claim, JudgedEach) else [_Row(claim)]
    return [row for row in rows if row.figure.known or row.figure.missing]


def _rows_of_each(each: JudgedEach) -> list[_Row]:
    rows: list[_Row] = []
    known = [judged for figure, judged in each.clauses if figure.known]
    limits = dict.fromkeys(judged.rule.value for judged in known if judged.rule is not None)
    for limit in limits:
        own = [judged for judged in known if judged.rule is not None and judged.rule.value == limit]
        found = outcomes(own)
        for group in (found.passing, found.so_far):
            if group:
                nearest = min(group, key=lambda j: (j.figure.value or 0.0) * (1 if j.at_least else -1))
                rows.append(_Row(nearest, tuple(j.figure for j in group if j is not nearest)))
        rows += [_Row(judged) for judged in own if judged in (*found.failing, *found.beyond)]
    return rows


def _cells(row: _Row, edition: Edition) -> list[Run]:
    claim = row.claim
    item = edition.shown([row.figure])[0]
    cells = [figure_run(_about(row, item), item, "label"), *figure_cells(item), _required(claim)]
    if isinstance(claim, Statistic):
        return [*cells, words("未设目标")]
    if not item.known:
        return [*cells, words(HIDDEN if item.estimate.status == "suppressed" else UNKNOWN)]
    if not isinstance(claim, AllWithin) and claim.rule is not None and claim.rule.id not in edition.rules:
        edition.rules.append(claim.rule.id)
    verdict = WORDS[claim.judgement]
    return [*cells, verdict_run(verdict, item, claim.judgement, claimed(claim), kind=_kind(claim), also=row.also)]


def _about(row: _Row, item: Statistic) -> str:
    if isinstance(row.claim, EveryAtLeast) and not item.known:
        return item.label
    if isinstance(row.claim, EveryAtLeast) and item.group_label:
        return f"{item.label}（{item.group_label}）"
    if row.also and isinstance(row.claim, Judged):
        names = plain(named_together([item, *row.also]))
        sure = all(settled(one) for one in (item, *row.also))
        which = ("最低" if row.claim.at_least else "最高") if sure else "所列"
        return f"{names}{item.label}（{which}为{item.group_label}）"
    return item.group_label + item.label


def claimed(claim: Judged | AllWithin | EveryAtLeast) -> str:
    """Return what a claim is known by: its rule, else its words."""
    if isinstance(claim, AllWithin):
        return claim.claim
    return claim.rule.id if claim.rule is not None else claim.figure.indicator


def _required(claim: Single) -> Run:
    if isinstance(claim, AllWithin):
        return words(claim.what)
    if not isinstance(claim, Statistic) and claim.rule is not None:
        side = "各项都不低于" if isinstance(claim, EveryAtLeast) else "不低于" if claim.at_least else "不超过"
        return literal_run(f"{side}{rule_value(claim.rule)}", "rule")
    return words(NO_DATA)


@dataclass(frozen=True, slots=True)
class Tally:
    """How many claims are met, and which are not: 「12项要求中，4项达到；没有达到的是…；尚不能定论的是…」."""

    claims: tuple[Claim, ...]

    def runs(self, edition: Edition) -> list[Run]:
        """Return the sentence; what is fine is counted, what is not is named with its figure."""
        told = [(row.claim, row) for row in _rows(self.claims)]
        shown = [
            (claim, edition.shown([row.figure])[0], row) for claim, row in told if not isinstance(claim, Statistic)
        ]
        shown = [(claim, item, row) for claim, item, row in shown if item.known]
        if not shown:
            raise Unknown(None)
        passing = [item for claim, item, _ in shown if claim.judgement in PASSES]
        failing = [each for each in shown if each[0].judgement in FAILS and each[1].nature == "count"]
        refuted = [each for each in shown if each[0].judgement in FAILS and each[1].nature != "count"]
        unsure = [each for each in shown if each[0].judgement not in PASSES | FAILS]
        every = [item for _, item, _ in shown]
        number, met = (_number(group, every, what, edition) for group, what in ((every, "要求"), (passing, "达到")))
        said = [[*number, words("要求中，"), *met, words("达到")]]
        for reason, group in (("没有达到的是", failing), ("数据不支持的是", refuted), ("尚不能定论的是", unsure)):
            if group:
                said.append([words(reason), *joined([_named(*each, edition) for each in group])])
        return joined(said, "；")


def _number(items: Sequence[Statistic], every: Sequence[Statistic], what: str, edition: Edition) -> list[Run]:
    count = counted(items, every[0], f"{what}的项数", "项", edition.school)
    return [figure_run(count.text, count)]


def tally(claims: Sequence[Claim]) -> Tally:
    """Tell in a sentence how many claims are met, and name those that are not or stay open, with their figures."""
    return Tally(tuple(claims))


def _named(claim: Judged | AllWithin | EveryAtLeast, item: Statistic, row: _Row, edition: Edition) -> list[Run]:
    """Return a figure by its name with its value, 班级日达标率（87.8%）, or with what leaves it open."""
    name = f"{item.label}中的{item.group_label}" if isinstance(claim, EveryAtLeast) else item.group_label + item.label
    if row.also:  # several of which the same is said: no single figure stands for them
        name = plain(named_together([item, *row.also])) + item.label
    mark = verdict_run(name, item, claim.judgement, claimed(claim), kind=_kind(claim), also=row.also)
    if row.also:
        return [mark]
    if isinstance(claim, AllWithin) and claim.judgement == "open":  # what is known passes: what keeps it open is told
        return [mark, words("（"), *claim.lacking(edition), words("）")]
    ends = item.bounds_text if item.nature == "count" and item.bounds else item.compact_text
    without = left_out(item, edition.study)
    bounds = [words("，上下界"), figure_run(ends, item, "bounds")] if ends != item.compact_text else []
    bounds += [words(f"，{without}")] if bounds and without else []
    return [mark, words("（"), figure_run(item.text, item), *bounds, words("）")]


def _kind(claim: Judged | AllWithin | EveryAtLeast) -> str:
    return "every" if isinstance(claim, EveryAtLeast) else "all" if isinstance(claim, AllWithin) else "one"
