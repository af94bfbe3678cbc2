"""Verdicts in words: what was counted is 达到 or 未达到, what is inferred is 数据支持, 数据还不足以说明 or 数据不支持."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from analysis.house.text import number
from analysis.indicators.comparison import compared
from analysis.indicators.satisfaction_survey import OVERALL
from analysis.indicators.statistic import Scope, Statistic, Statistics, measure_word
from analysis.presentation.content import Run, figure_run, joined, literal_run, verdict_run, words
from analysis.presentation.edition import Edition
from analysis.presentation.groups import named_together
from analysis.presentation.references import Unknown, rule_value, statistic_part
from analysis.rules import Rule
from analysis.statistics.simultaneous import together
from analysis.statistics.verdict import PASSES, Judgement, around, counted, every, verdict

if TYPE_CHECKING:
    from analysis.indicators.study import Study

MOST_CLAUSES = 3
"""Groups that are judged one by one in a sentence; of more, those of which the same is to be said are named together."""


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
        return verdict(item.estimate, **sided, unit=item.unit).judgement

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
        _used(self.rule, edition)
        return _said(shown, self.rule, self.judgement, self.at_least)


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
    def judgement(self) -> Judgement:
        """``met`` only if none is beyond the rule and nothing is missing."""
        beyond = _beyond(self.share, self.breaches)
        if beyond is None or not self.share.denominator:
            return "open"
        if beyond:
            return "not met"
        return "open" if self.share.missing or self.share.unknown else "met"

    @property
    def claim(self) -> str:
        """What the claim is known by: the figure's rule, else its words."""
        return self.share.rule or self.what

    def runs(self, edition: Edition) -> list[Run]:
        """Return the verdict's words, with the count that decides: 未达到“…”的要求：500个班级日中5个超出."""
        return self._told(edition, brief=False)

    def brief(self, edition: Edition) -> list[Run]:
        """Return the same where the sentence has named the base already: 5个超出，未达到“…”的要求."""
        return self._told(edition, brief=True)

    def counted(self, edition: Edition) -> list[Run]:
        """Return the count first, where the sentence tells no share: 500个班级日中5个超出，占1.0%，未达到“…”的要求."""
        shown = edition.shown([self.share])[0]
        base = figure_run(shown.base_text, shown, "base")
        if self.judgement != "not met" or not shown.known:
            return [*([words("已登记的")] if self.judgement == "open" else []), base, *self.brief(edition)]
        before, after = around("not met")
        told = verdict_run(before, shown, "not met", self.claim, kind="all")
        cases = [*_exceptions(shown, self.breaches, edition), words(self.outside)]
        share = [words("，占"), *statistic_part(shown, "full", edition)] if self.breaches and not shown.few else []
        return [base, words("中"), *cases, *share, words("，"), told, words(f"“{self.what}”{after}")]

    def lacking(self, edition: Edition) -> list[Run]:
        """Say what is missing behind the count: 还有4个班级日没有登记或待更正."""
        return _lacking(edition.shown([self.share])[0], edition)

    def _told(self, edition: Edition, *, brief: bool) -> list[Run]:
        shown = edition.shown([self.share])[0]
        beyond = _beyond(self.share, self.breaches)  # what the public may not see of it decides all the same
        if not shown.known or beyond is None:
            raise Unknown(shown)
        base = figure_run(shown.base_text, shown, "base")
        if self.judgement == "open":
            told = verdict_run(_clear(self.outside, "都在规定之内"), shown, "open", self.claim, kind="all")
            known = [] if brief else [words("已报的"), base]
            return [*known, told, words("；"), *self.lacking(edition), words("，补齐前不能定论")]
        before, after = around(self.judgement)
        told = verdict_run(before, shown, self.judgement, self.claim, kind="all")
        claim = [told, words(f"“{self.what}”{after}")]
        cases = (
            [*_exceptions(shown, self.breaches, edition), words(self.outside)]
            if beyond
            else [words(_clear(self.outside))]
        )
        if brief:
            return [*cases, words("，"), *claim]
        return [*claim, words("："), base, *([words("中")] if beyond else []), *cases]


def _exceptions(shown: Statistic, breaches: bool, edition: Edition) -> list[Run]:
    """Return how many cases are beyond a rule, with their measure word; 少量 where the public may not see the number."""
    try:
        runs = statistic_part(shown, "numerator" if breaches else "rest", edition)
    except Unknown:
        return [words("少量")]
    return [*runs, words(measure_word(shown.base_unit))] if runs[0]["text"][-1:].isdigit() else runs


def _lacking(shown: Statistic, edition: Edition) -> list[Run]:
    """Say what is missing behind a count."""
    said = [words("还有")]
    if shown.unknown:
        said += [*statistic_part(shown, "unknown", edition), words("没有登记或待更正")]
    else:
        said += [figure_run(number(len(shown.missing)), shown, "missing_count"), words("所学校未报")]
    return said


def _clear(outside: str, beyond: str = "没有例外") -> str:
    """Say that nothing is beyond a rule: 都没有书面作业, 没有未满的; where the word is the rule's own, `beyond`."""
    if outside == "超出":
        return beyond
    return f"都没{outside}" if outside.startswith("有") else f"没有{outside}的"


@dataclass(frozen=True, slots=True)
class JudgedEach:
    """The figures of several groups, each held against its own limit: 「三至八年级都在规定以内，九年级97分钟，超过90分钟的规定」.

    Of counts those within are named together and each other one has its figure. Of what is inferred each group has its
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
            _used(verdict_.rule, edition)
        return _counted_each(known, edition) if known[0][0].nature == "count" else _inferred_each(known, edition)


def _counted_each(known: Sequence[tuple[Statistic, Judged]], edition: Edition) -> list[Run]:
    """Say which groups keep their limit as far as is known, of each other one its figure, then what is missing may be."""
    at_least = known[0][1].at_least
    claim = next(verdict_.rule.id for _, verdict_ in known if verdict_.rule)
    unsure = [(shown, verdict_) for shown, verdict_ in known if verdict_.judgement == "open" and verdict_.holds]
    within = [
        shown
        for shown, verdict_ in known
        if verdict_.judgement in PASSES or (verdict_.judgement == "open" and verdict_.holds)
    ]
    clauses = []
    if within:
        told = ("都" if len(within) > 1 else "") + ("达到规定" if at_least else "在规定以内")
        sure = [shown for shown in within if all(shown is not one for one, _ in unsure)]
        open_ones = [shown for shown, _ in unsure]
        first, rest = (sure, open_ones) if sure and open_ones else ([], within)  # a run has one judgement
        label = figure_run(within[0].label, within[0], "label")
        if first:
            label = verdict_run(within[0].label, first[0], "met", claim, also=first[1:])
        mark = verdict_run(told, rest[0], "open" if open_ones else "met", claim, also=rest[1:])
        clauses.append([*named_together(within), label, mark])
    for shown, verdict_ in known:
        if shown in within:
            continue
        name = [figure_run(shown.group_label, shown, "group")]
        if not clauses:
            name.append(figure_run(shown.label, shown, "label"))
        clauses.append([*name, *statistic_part(shown, "full", edition), words("，"), *verdict_.runs(edition)])
    if unsure:
        clauses.append(_as_long_as(unsure))
    partial = unsure or any(shown.missing for shown, _ in known)
    return [
        *([words("已报的班级中，" if edition.school else "已报的学校中，")] if partial else []),
        *joined(clauses, "；"),
    ]


def _as_long_as(unsure: Sequence[tuple[Statistic, Judged]]) -> list[Run]:
    """Say how far what is missing may go before a group that keeps its limit as far as is known would miss it.

    With N over D known and u missing, Σ(missing) / u ≤ (limit (D + u) - N) / u keeps the whole within its limit; of
    several groups the narrowest margin is told. The bounds rest on the greatest load that a ledger can hold, and would
    say of one silent school only that nothing is known.
    """
    margins: list[tuple[float, Statistic]] = []
    for shown, verdict_ in unsure:
        item, rule = verdict_.figure, verdict_.rule
        if not item.unknown or item.numerator is None or item.denominator is None or rule is None or verdict_.at_least:
            return [words("没有登记或待更正的补齐前，不能定论")]
        margins.append(((rule.value * (item.denominator + item.unknown) - item.numerator) / item.unknown, shown))
    least, narrowest = min(margins, key=lambda pair: pair[0])
    missing = number(sum(verdict_.figure.unknown or 0 for _, verdict_ in unsure))
    return [
        words("还有"),
        figure_run(f"{missing}{narrowest.base_unit}", narrowest, "missing_units"),
        words(
            "没有登记或待更正，只要各年级的这些平均不超过" if len(unsure) > 1 else "没有登记或待更正，只要平均不超过"
        ),
        figure_run(f"{number(math.floor(least))}{narrowest.unit}", narrowest, "margin"),
        words("，结论不变"),
    ]


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
        _used(self.rule, edition)
        before, after = around(self.judgement)
        claim = [words("“各项都不低于"), literal_run(rule_value(self.rule), "rule"), words(f"”{after}")]
        said = [verdict_run(before, lowest, self.judgement, self.rule.id, kind="every"), *claim]
        if not lowest.known:
            return said
        name = [words("：“"), figure_run(lowest.group_label, lowest, "group"), words("”为")]
        return [*said, *name, *statistic_part(lowest, "full", edition)]


@dataclass(frozen=True, slots=True)
class Compared:
    """A school beside the other schools of its district, grade by grade, as far as the data tell them apart."""

    study: Study
    ids: tuple[str, ...]

    def runs(self, edition: Edition) -> list[Run]:
        """Return the comparison's words; ``Unknown`` where the school cannot be compared."""
        found = compared(self.study, self.ids).only(self.study.scope.school, self.ids[0])
        shown = edition.shown([found.difference])[0]
        if found.judgement == "no data" or not shown.known or shown.value is None:
            raise Unknown(shown)
        if found.judgement == "not apart":
            return [words("与其他学校没有分出高低")]
        size = number(abs(shown.value), shown.decimals, shown.rounding) + shown.unit
        side = "高" if found.judgement == "higher" else "低"
        return [words(f"按同年级比，比其他学校{side}"), figure_run(size, shown, "change")]


def compare(study: Study, id: str, *others: str) -> Compared:
    """Compare a school with the other schools of its district; in a sentence with ``only="school"``.

    Parameters
    ----------
    study
        The study of the school's page.
    id
        The indicator that is spoken of.
    *others
        What the page compares besides: more comparisons call for more evidence (Holm over all of them).
    """
    return Compared(study, (id, *others))


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
        found |= together({item.scope: item.estimate for item in parts}, **sided)
    return found


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


def _used(rule: Rule | None, edition: Edition) -> None:
    if rule is not None and rule.id not in edition.rules:
        edition.rules.append(rule.id)
