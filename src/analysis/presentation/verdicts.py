"""Verdicts in words: what was counted is 达到 or 未达到, what is inferred is 数据支持, 数据还不足以说明 or 数据不支持."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from analysis.indicators.satisfaction_survey import OVERALL
from analysis.indicators.statistic import Scope, Statistic, Statistics
from analysis.presentation.content import Run, figure_run, literal_run, verdict_run, words
from analysis.presentation.edition import Edition
from analysis.presentation.references import Unknown, rule_value, statistic_part
from analysis.rules import Rule
from analysis.statistics.simultaneous import together
from analysis.statistics.verdict import (
    FAILS,
    PASSES,
    JointVerdict,
    Judgement,
    agreed,
    around,
    counted,
    every_between,
    verdict,
)


@dataclass(frozen=True, slots=True)
class Judged:
    """A figure held against a rule: a count by itself, what is inferred by a one-sided test."""

    figure: Statistic
    rule: Rule | None
    at_least: bool

    @property
    def judgement(self) -> Judgement:
        """A key of `analysis.statistics.verdict.WORDS`."""
        item = self.figure
        if self.rule is None or item.value is None or not item.known:
            return "open" if item.nature == "count" else "not shown"
        sided = {"at_least": self.rule.value} if self.at_least else {"at_most": self.rule.value}
        if item.nature == "count":
            return counted(item.value, **sided, bounds=item.bounds)
        return agreed(*(verdict(each, **sided, unit=item.unit).judgement for each in item.ends))

    @property
    def holds(self) -> bool:
        """Whether the value itself is on the right side, whatever is missing or uncertain."""
        value = self.figure.value
        if self.rule is None or value is None:
            return False
        return value >= self.rule.value if self.at_least else value <= self.rule.value

    def runs(self, edition: Edition) -> list[Run]:
        """Return the verdict's words."""
        if self.rule is None:
            return [words("没有适用的规则，不作判断")]
        shown = edition.shown([self.figure])[0]
        if not shown.known:
            raise Unknown(shown)
        used(self.rule, edition)
        return _said(shown, self.rule, self.judgement, self.at_least)


@dataclass(frozen=True, slots=True)
class Outcomes:
    """Figures by what is to be said of them; what is open is told apart by whether it keeps its limit so far."""

    passing: tuple[Judged, ...]
    failing: tuple[Judged, ...]
    so_far: tuple[Judged, ...]
    beyond: tuple[Judged, ...]


def outcomes(each: Sequence[Judged]) -> Outcomes:
    """Sort figures that are held each against its own limit, for sentences and tables alike.

    Returns
    -------
    Outcomes
        Those that pass, those that fail, those left open whose value keeps the limit, and all others.
    """
    groups: dict[str, list[Judged]] = {"passing": [], "failing": [], "so_far": [], "beyond": []}
    for one in each:
        so_far = "so_far" if one.judgement == "open" and one.holds else "beyond"
        name = "passing" if one.judgement in PASSES else "failing" if one.judgement in FAILS else so_far
        groups[name].append(one)
    return Outcomes(**{name: tuple(found) for name, found in groups.items()})


def _said(shown: Statistic, rule: Rule, judgement: Judgement, at_least: bool) -> list[Run]:
    """Return what is said of a figure: 达到94%的要求, 超过90分钟的规定, 数据支持“不低于94%”的说法."""
    limit = literal_run(rule_value(rule), "rule")
    if shown.nature != "count":
        before, after = around(judgement)
        claim = [words("“不低于" if at_least else "“不超过"), limit, words(f"”{after}")]
        return [verdict_run(before, shown, judgement, rule.id), *claim]
    if at_least:
        before, after = around(judgement)
    else:
        before = {"met": "在", "not met": "超过"}.get(judgement, "是否在")
        after = {"met": "的规定以内", "not met": "的规定"}.get(judgement, "的规定以内，补齐前不能定论")
    return [verdict_run(before, shown, judgement, rule.id), limit, words(after)]


@dataclass(frozen=True, slots=True)
class EveryAtLeast:
    """The claim that each of several figures is at least a rule's value: an intersection–union test, lowest figure named."""

    figures: Statistics
    rule: Rule | None

    @property
    def figure(self) -> Statistic:
        """The lowest figure, by which the claim stands or falls."""
        return self.figures.lowest() or self.figures[0]

    @property
    def judgement(self) -> Judgement:
        """``supported`` only if each single one is; of counts ``met`` only if each is, ``not met`` if one is not."""
        known = [item for item in self.figures if item.known]
        if self.rule is None or not known:
            return "not shown"
        if known[0].nature == "count":
            each = {judged(item, self.rule).judgement for item in known}
            open_one = "open" in each or len(known) < len(self.figures)
            return "not met" if "not met" in each else "open" if open_one else "met"
        found = self._joint(known).judgement
        return "not shown" if found == "supported" and len(known) < len(self.figures) else found

    def _joint(self, known: Sequence[Statistic]) -> JointVerdict:
        low, high = ({item.group_label: item.ends[end] for item in known} for end in (0, 1))
        return every_between(low, high, self.rule.value if self.rule else 0.0)

    @property
    def below(self) -> tuple[str, ...]:
        """Names of the groups that are beyond doubt below the rule."""
        known = [item for item in self.figures if item.known]
        if self.rule is None or not known:
            return ()
        if known[0].nature == "count":
            return tuple(item.group_label for item in known if judged(item, self.rule).judgement == "not met")
        return self._joint(known).below

    def runs(self, edition: Edition) -> list[Run]:
        """Return the verdict's words and the lowest figure."""
        if self.rule is None:
            return [words("没有适用的规则，不作判断")]
        if not self.figures.known():
            raise Unknown(self.figures[0] if self.figures else None)
        lowest = edition.shown([self.figure])[0]
        used(self.rule, edition)
        before, after = around(self.judgement)
        claim = [words("“各项都不低于"), literal_run(rule_value(self.rule), "rule"), words(f"”{after}")]
        said = [verdict_run(before, lowest, self.judgement, self.rule.id, kind="every"), *claim]
        if not lowest.known:
            return said
        name = [words("：“"), figure_run(lowest.group_label, lowest, "group"), words("”为")]
        return [*said, *name, *statistic_part(lowest, "full", edition)]


def judged(figure: Statistic, rule: Rule | None, *, at_least: bool = True) -> Judged:
    """Hold a figure against a rule: at least (or at most) the rule's value; what is inferred is tested at 5 % one-sided."""
    if rule is not None and figure.unit == "%" and rule.unit == "%" and rule.value > 1:
        rule = replace(rule, value=rule.value / 100)
    return Judged(figure, rule, at_least)


def is_overall(figure: Statistic) -> bool:
    """Tell whether a figure is that of a questionnaire's overall item, which is asked first and judged by itself."""
    return dict(figure.scope.group).get("item") == OVERALL


def judged_together(figures: Statistics, rule: Rule, *, at_least: bool = True) -> dict[Scope, Judgement]:
    """Judge the figures that stand beside each other in a column, those that are inferred by Holm over all of them.

    The overall item of a questionnaire is what is asked first: it is judged by itself, as in the sentences.

    Returns
    -------
    dict
        Scope of the figure → judgement.
    """
    single = {item.scope: judged(item, rule, at_least=at_least) for item in figures}
    found = {scope: each.judgement for scope, each in single.items()}
    parts = [item for item in figures if item.known and item.nature != "count" and not is_overall(item)]
    if len(parts) > 1:
        limit = judged(parts[0], rule).rule
        sided = {"at_least" if at_least else "at_most": limit.value if limit else 0.0}
        low, high = (together({item.scope: item.ends[end] for item in parts}, **sided) for end in (0, 1))
        found |= {scope: agreed(low[scope], high[scope]) for scope in low}
    return found


def every_at_least(figures: Statistics, rule: Rule | None) -> EveryAtLeast:
    """Hold the claim that each of several shares is at least a rule's value (an intersection–union test)."""
    return EveryAtLeast(figures, rule)


def used(rule: Rule | None, edition: Edition) -> None:
    """Note that a document judges by a rule, so that its text stands among the rules at the end."""
    if rule is not None and rule.id not in edition.rules:
        edition.rules.append(rule.id)
