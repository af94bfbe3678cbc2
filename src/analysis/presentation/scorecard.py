"""The claims of an evaluation side by side: figure, interval or bounds, what is required, and what the data say of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from analysis.indicators.statistic import Statistic
from analysis.presentation.cells import HIDDEN, NO_DATA, figure_cells
from analysis.presentation.content import Run, figure_run, joined, literal_run, verdict_run, words
from analysis.presentation.edition import Edition, current
from analysis.presentation.references import Unknown, counted, rule_value
from analysis.presentation.sentences import composed, wanted
from analysis.presentation.verdicts import AllWithin, EveryAtLeast, Judged, JudgedEach
from analysis.statistics.verdict import FAILS, PASSES, WORDS

Single = Judged | AllWithin | EveryAtLeast | Statistic
Claim = Single | JudgedEach


def scorecard(name: str, title: str, claims: Sequence[Claim], *, only: str = "", **refs: Any) -> None:
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
    told = [claim for claim in _concerning(claims) if not (edition.school and isinstance(claim, Statistic))]
    rows = [{"role": "body", "cells": _cells(claim, edition)} for claim in told]
    heads = [
        {"key": "figure", "label": "指标", "align": "left"},
        {"key": "value", "label": "数值", "align": "right"},
        {"key": "interval", "label": "区间或上下界", "align": "center"},
        {"key": "base", "label": "基数", "align": "right"},
        {"key": "required", "label": "规定或说法", "align": "left"},
        {"key": "verdict", "label": "判断", "align": "left"},
    ]
    edition.put("table", name=name, title=composed(title, refs, edition), columns=heads, rows=rows)


def _figure(claim: Single) -> Statistic:
    if isinstance(claim, Statistic):
        return claim
    return claim.share if isinstance(claim, AllWithin) else claim.figure


def _concerning(claims: Sequence[Claim]) -> list[Single]:
    single: list[Single] = []
    for claim in claims:
        single += [each for _, each in claim.clauses] if isinstance(claim, JudgedEach) else [claim]
    return [claim for claim in single if _figure(claim).known or _figure(claim).missing]


def _cells(claim: Single, edition: Edition) -> list[Run]:
    item = edition.shown([_figure(claim)])[0]
    lowest = isinstance(claim, EveryAtLeast)
    about = f"{item.label}（{item.group_label}）" if lowest and item.group_label else item.group_label + item.label
    cells = [figure_run(about, item, "label"), *figure_cells(item), _required(claim)]
    if isinstance(claim, Statistic):
        return [*cells, words("未设目标")]
    if not item.known:
        return [*cells, words(HIDDEN if item.estimate.status == "suppressed" else NO_DATA)]
    if not isinstance(claim, AllWithin) and claim.rule is not None and claim.rule.id not in edition.rules:
        edition.rules.append(claim.rule.id)
    return [*cells, verdict_run(WORDS[claim.judgement], item, claim.judgement, claimed(claim), kind=_kind(claim))]


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
        told = [claim for claim in _concerning(self.claims) if not isinstance(claim, Statistic)]
        shown = [(claim, edition.shown([_figure(claim)])[0]) for claim in told]
        shown = [(claim, item) for claim, item in shown if item.known]
        if not shown:
            raise Unknown(None)
        passing = [item for claim, item in shown if claim.judgement in PASSES]
        failing = [(claim, item) for claim, item in shown if claim.judgement in FAILS]
        unsure = [(claim, item) for claim, item in shown if claim.judgement not in PASSES | FAILS]
        every = [item for _, item in shown]
        said = [[*_number(every, every, "要求"), words("要求中，"), *_number(passing, every, "达到"), words("达到")]]
        for reason, group in (("没有达到的是", failing), ("尚不能定论的是", unsure)):
            if group:
                said.append([words(reason), *joined([_named(claim, item) for claim, item in group])])
        return joined(said, "；")


def _number(items: Sequence[Statistic], every: Sequence[Statistic], what: str) -> list[Run]:
    count = counted(items, every[0], f"{what}的项数", "项")
    return [figure_run(count.text, count)]


def tally(claims: Sequence[Claim]) -> Tally:
    """Tell in a sentence how many claims are met, and name those that are not or stay open, with their figures."""
    return Tally(tuple(claims))


def _named(claim: Judged | AllWithin | EveryAtLeast, item: Statistic) -> list[Run]:
    """Return a figure by its name with its value: 班级日达标率（87.8%）."""
    name = f"{item.label}中的{item.group_label}" if isinstance(claim, EveryAtLeast) else item.group_label + item.label
    mark = verdict_run(name, item, claim.judgement, claimed(claim), kind=_kind(claim))
    return [mark, words("（"), figure_run(item.text, item), words("）")]


def _kind(claim: Judged | AllWithin | EveryAtLeast) -> str:
    return "every" if isinstance(claim, EveryAtLeast) else "all" if isinstance(claim, AllWithin) else "one"
