"""The claim that all cases are within a rule: met or not, how many are beyond it, what is missing behind the count."""

from __future__ import annotations

from dataclasses import dataclass

from analysis.house.text import number
from analysis.indicators.concentration import exceptions
from analysis.indicators.registered import adds_amounts
from analysis.indicators.statistic import Statistic, measure_word
from analysis.presentation.content import Run, figure_run, verdict_run, words
from analysis.presentation.edition import Edition
from analysis.presentation.references import Unknown, statistic_part
from analysis.statistics.verdict import Judgement, around


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
            known = [] if brief else [words("已报的"), base]
            so_far = words(_clear(self.outside, "都在规定之内"))
            told = verdict_run("补齐前不能定论", shown, "open", self.claim, kind="all")
            return [*known, so_far, words("；"), *self.lacking(edition), words("，"), told]
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
    if shown.unknown and adds_amounts(shown.indicator):  # a row stands for any number of cases
        said += [figure_run(f"{number(shown.unknown)}行", shown, "unknown"), words("登记待更正")]
    elif shown.unknown:
        said += [*statistic_part(shown, "unknown", edition), words("没有登记或待更正")]
    else:
        said += [figure_run(number(len(shown.missing)), shown, "missing_count"), words("所学校未报")]
    return said


def _clear(outside: str, beyond: str = "没有例外") -> str:
    """Say that nothing is beyond a rule: 都没有书面作业, 没有未满的; where the word is the rule's own, `beyond`."""
    if outside == "超出":
        return beyond
    return f"都没{outside}" if outside.startswith("有") else f"没有{outside}的"


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


def _beyond(share: Statistic, breaches: bool) -> float | None:
    if share.numerator is None or share.denominator is None:
        return None
    return exceptions(share, breaches)
