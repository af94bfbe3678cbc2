"""Verdicts in words: 数据支持, 数据尚不足以说明, 数据不支持; never more than the data show."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from analysis.house.text import number
from analysis.indicators.statistic import Statistic, Statistics
from analysis.presentation.content import Run, figure_run, joined, literal_run, words
from analysis.presentation.edition import Edition
from analysis.presentation.references import Unknown, rule_value, statistic_part
from analysis.presentation.wording import standing
from analysis.rules import Rule
from analysis.statistics.verdict import WORDS, every, verdict

MOST_CLAUSES = 3
"""Groups that are judged one by one in a sentence; of more, those supported are named together."""


@dataclass(frozen=True, slots=True)
class Judged:
    """A figure held against a rule by a one-sided test: 「“不低于94%”数据尚不足以说明」."""

    figure: Statistic
    rule: Rule | None
    at_least: bool

    @property
    def judgement(self) -> str:
        """``supported``, ``not shown`` or ``contradicted``."""
        if self.rule is None or not self.figure.known:
            return "not shown"
        bound = self.rule.value
        estimate = self.figure.estimate
        if estimate.lower is None and estimate.method == "count":
            met = (estimate.value or 0.0) >= bound if self.at_least else (estimate.value or 0.0) <= bound
            return "supported" if met else "contradicted"
        sided = {"at_least": bound} if self.at_least else {"at_most": bound}
        return verdict(estimate, **sided, unit=self.figure.unit).judgement

    def runs(self, edition: Edition) -> list[Run]:
        """Return the verdict's words."""
        if self.rule is None:
            return [words("没有适用的规则，不作判断")]
        shown = edition.shown([self.figure])[0]
        if not shown.known:
            raise Unknown(shown)
        if self.rule.id not in edition.rules:
            edition.rules.append(self.rule.id)
        claim = [
            words("“不低于" if self.at_least else "“不超过"),
            literal_run(rule_value(self.rule), "rule"),
            words("”"),
        ]
        return [*claim, figure_run(WORDS[self.judgement], shown, "verdict")]  # type: ignore[index]


@dataclass(frozen=True, slots=True)
class AllWithin:
    """The claim that every case is within a rule, held against the counts: one case beyond it refutes it.

    `breaches` tells that the share's numerator counts the cases beyond the rule, not those within; `outside` is what is
    said of them.
    """

    share: Statistic
    what: str
    breaches: bool = False
    outside: str = "超出"

    @property
    def judgement(self) -> str:
        """``supported`` only if none is beyond the rule and every school reported."""
        beyond = _beyond(self.share, self.breaches)
        if beyond is None or not self.share.denominator:
            return "not shown"
        if beyond:
            return "contradicted"
        return "not shown" if self.share.missing else "supported"

    def runs(self, edition: Edition) -> list[Run]:
        """Return the verdict's words, with the count that decides."""
        shown = edition.shown([self.share])[0]
        beyond = _beyond(shown, self.breaches)
        if not shown.known or beyond is None:
            raise Unknown(shown)
        said = WORDS[self.judgement]  # type: ignore[index]
        claim = [words(f"“{self.what}”"), figure_run(said, shown, "verdict")]
        if beyond:
            part = "numerator" if self.breaches else "rest"
            return [
                *claim,
                words("："),
                *statistic_part(shown, part, edition),
                words(f"{shown.base_unit}{self.outside}"),
            ]
        if self.share.missing:
            missing = figure_run(number(len(shown.missing)), shown, "missing_count")
            return [*claim, words("：已报的没有例外，但有"), missing, words("所学校未报")]
        whole = words("：" if edition.school else "：应报学校全部报送，")
        return [*claim, whole, figure_run(shown.base_text, shown, "base"), words("没有例外")]


@dataclass(frozen=True, slots=True)
class JudgedEach:
    """The figures of several groups, each held against its own limit.

    One clause for each group with value and interval; of more than three groups, those that the data support are
    named together, and so are those with too little data for an interval.
    """

    clauses: tuple[tuple[Statistic, Judged], ...]

    def runs(self, edition: Edition) -> list[Run]:
        """Return the clauses of the groups that have a value and a limit, the doubtful ones first."""
        said: list[list[Run]] = []
        together: dict[str, list[Statistic]] = {"样本过少，": [], "": []}
        known = [(edition.shown([figure])[0], verdict_) for figure, verdict_ in self.clauses]
        known = [(shown, verdict_) for shown, verdict_ in known if shown.known]
        for shown, verdict_ in known:
            few = shown.estimate.lower is None
            if len(known) > MOST_CLAUSES and (few or verdict_.judgement == "supported"):
                together["样本过少，" if few else ""].append(shown)
                continue
            name = [figure_run(shown.group_label, shown, "group")]
            said.append([*name, *statistic_part(shown, "full", edition), words("，"), *verdict_.runs(edition)])
        for reason, group in together.items():
            if group:
                claim = f"{reason}“{'不低于' if known[0][1].at_least else '不超过'}各自规定”"
                names = joined([[figure_run(shown.group_label, shown, "group")] for shown in group])
                verdict_words = WORDS["not shown" if reason else "supported"]
                said.append([*names, words(claim), figure_run(verdict_words, group[0], "verdict")])
        if not said:
            raise Unknown(self.clauses[0][0] if self.clauses else None)
        return joined(said, "；")


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
    def judgement(self) -> str:
        """``supported`` only if each single one is."""
        known = [item for item in self.figures if item.known]
        if self.rule is None or not known:
            return "not shown"
        found = every({item.group_label: item.estimate for item in known}, at_least=self.rule.value).judgement
        return "not shown" if found == "supported" and len(known) < len(self.figures) else found

    def runs(self, edition: Edition) -> list[Run]:
        """Return the verdict's words and the lowest figure."""
        if self.rule is None:
            return [words("没有适用的规则，不作判断")]
        if not self.figures.known():
            raise Unknown(self.figures[0] if self.figures else None)
        lowest = edition.shown([self.figure])[0]
        if self.rule.id not in edition.rules:
            edition.rules.append(self.rule.id)
        claim = [words("“各项不低于"), literal_run(rule_value(self.rule), "rule"), words("”")]
        said = figure_run(WORDS[self.judgement], lowest, "verdict")  # type: ignore[index]
        if not lowest.known:
            return [*claim, said]
        name = [words("，最低的是"), figure_run(lowest.group_label, lowest, "group")]
        return [*claim, said, *name, *statistic_part(lowest, "full", edition)]


@dataclass(frozen=True, slots=True)
class Compared:
    """A school's figure beside the district's, as far as its interval allows."""

    mine: Statistic
    district: Statistic

    def runs(self, edition: Edition) -> list[Run]:
        """Return the comparison's words; ``Unknown`` where one of the two has no value."""
        mine, whole = edition.shown([self.mine])[0], edition.shown([self.district])[0]
        for item in (mine, whole):
            if not item.known:
                raise Unknown(item)
        return standing(mine, whole)


def judged(figure: Statistic, rule: Rule | None, *, at_least: bool = True) -> Judged:
    """Hold a figure against a rule: at least (or at most) the rule's value, tested at 5 % one-sided."""
    if rule is not None and figure.unit == "%" and rule.unit == "%" and rule.value > 1:
        rule = replace(rule, value=rule.value / 100)
    return Judged(figure, rule, at_least)


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


def all_within(share: Statistic, what: str = "全部达标", *, breaches: bool = False, outside: str = "超出") -> AllWithin:
    """Hold the claim that all cases are within the rule against a share's numerator and denominator.

    Parameters
    ----------
    share
        The share of cases within the rule.
    what
        The claim.
    breaches
        Whether the share's numerator counts the cases beyond the rule instead.
    outside
        What is said of a case beyond the rule.
    """
    return AllWithin(share, what, breaches, outside)


def every_at_least(figures: Statistics, rule: Rule | None) -> EveryAtLeast:
    """Hold the claim that each of several shares is at least a rule's value (an intersection–union test)."""
    return EveryAtLeast(figures, rule)


def _beyond(share: Statistic, breaches: bool) -> float | None:
    if share.numerator is None or share.denominator is None:
        return None
    return share.numerator if breaches else share.denominator - share.numerator


def compare(mine: Statistic, district: Statistic) -> Compared:
    """Compare a school's figure with the district's; in a sentence with ``only="school"``."""
    return Compared(mine, district)
