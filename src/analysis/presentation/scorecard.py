"""The claims of an evaluation side by side: figure, interval, what is required, and what the data say of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from analysis.indicators.statistic import Statistic
from analysis.presentation.cells import HIDDEN, NO_DATA, figure_cells
from analysis.presentation.content import Run, figure_run, joined, literal_run, words
from analysis.presentation.edition import Edition, current
from analysis.presentation.references import Unknown, rule_value
from analysis.presentation.sentences import composed, wanted
from analysis.presentation.verdicts import AllWithin, EveryAtLeast, Judged
from analysis.statistics.verdict import WORDS

Claim = Judged | AllWithin | EveryAtLeast | Statistic
ORDER = ("contradicted", "not shown", "supported")


def scorecard(name: str, title: str, claims: Sequence[Claim], *, only: str = "", **refs: Any) -> None:
    """Put out a table of claims and verdicts.

    Parameters
    ----------
    name, title, only, **refs
        As in `table`.
    claims
        What `judged` and `all_within` give, or a bare Statistic where nothing is required (not on a school's page). A
        claim that does not concern the scope (no value, and nobody who should have reported) is left out.
    """
    edition = current()
    if edition.ended or not wanted(edition, only):
        return
    told = [claim for claim in _concerning(claims) if not (edition.school and isinstance(claim, Statistic))]
    rows = [{"role": "body", "cells": _cells(claim, edition)} for claim in told]
    heads = [
        {"key": "figure", "label": "指标", "align": "left"},
        {"key": "value", "label": "数值", "align": "right"},
        {"key": "interval", "label": "区间", "align": "center"},
        {"key": "base", "label": "基数", "align": "right"},
        {"key": "required", "label": "规定或说法", "align": "left"},
        {"key": "verdict", "label": "判断", "align": "left"},
    ]
    edition.put("table", name=name, title=composed(title, refs, edition), columns=heads, rows=rows)


def _figure(claim: Claim) -> Statistic:
    if isinstance(claim, Statistic):
        return claim
    return claim.share if isinstance(claim, AllWithin) else claim.figure


def _concerning(claims: Sequence[Claim]) -> list[Claim]:
    return [claim for claim in claims if _figure(claim).known or _figure(claim).missing]


def _cells(claim: Claim, edition: Edition) -> list[Run]:
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
    return [*cells, figure_run(WORDS[claim.judgement], item, "verdict")]  # type: ignore[index]


def _required(claim: Claim) -> Run:
    if isinstance(claim, AllWithin):
        return words(claim.what)
    if not isinstance(claim, Statistic) and claim.rule is not None:
        side = "各项不低于" if isinstance(claim, EveryAtLeast) else "不低于" if claim.at_least else "不超过"
        return literal_run(f"{side}{rule_value(claim.rule)}", "rule")
    return words(NO_DATA)


@dataclass(frozen=True, slots=True)
class Tally:
    """Which claims the data contradict, leave open, and support: one clause for each of the three."""

    claims: tuple[Claim, ...]

    def runs(self, edition: Edition) -> list[Run]:
        """Return the clauses, those that need attention first; a school's page leaves what is fine to the table."""
        sorted_: dict[str, list[list[Run]]] = {judgement: [] for judgement in ORDER}
        for claim in _concerning(self.claims):
            if not isinstance(claim, Statistic):
                item = edition.shown([_figure(claim)])[0]
                if item.known:
                    sorted_[claim.judgement].append(_claimed(claim, item))
        clauses = [
            [words(f"{WORDS[judgement]}的有"), *joined(said)]  # type: ignore[index]
            for judgement, said in sorted_.items()
            if said
        ]
        if not clauses:
            raise Unknown(None)
        return joined(clauses[:-1] if edition.school and len(clauses) > 1 and sorted_["supported"] else clauses, "；")


def tally(claims: Sequence[Claim]) -> Tally:
    """Tell in a sentence which claims the data support, leave open and contradict: 「数据不支持的有…；数据支持的有…」."""
    return Tally(tuple(claims))


def _claimed(claim: Claim, item: Statistic) -> list[Run]:
    """Return a claim in quotation marks with its figure: “初中平均作业时长不超过90分钟”（85分钟）."""
    figure = [words("”（"), figure_run(item.text, item), words("）")]
    if isinstance(claim, AllWithin):
        share = [words(f"”（{claim.outside}的占"), *figure[1:]] if claim.breaches else figure
        return [words("“"), _required(claim), *share]
    if isinstance(claim, EveryAtLeast):
        return [words("“"), figure_run(item.label, item, "label"), _required(claim), words("”（最低"), *figure[1:]]
    group = [figure_run(item.group_label, item, "group")] if item.group_label else []
    return [words("“"), *group, figure_run(item.label, item, "label"), _required(claim), *figure]
