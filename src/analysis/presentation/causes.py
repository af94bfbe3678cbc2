"""The cause behind a share that misses its rule, as far as the same tables hold it: where the exceptions are, and why."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from analysis.house.text import number
from analysis.indicators import provenance
from analysis.indicators.concentration import HALF, Concentration, concentration
from analysis.indicators.statistic import Statistic, measure_word
from analysis.presentation.content import Run, figure_run, literal_run, words
from analysis.presentation.edition import Edition
from analysis.presentation.groups import named_together
from analysis.presentation.limits import limit
from analysis.presentation.references import Unknown, rule_value
from analysis.presentation.silent import left_out
from analysis.rules import Rule

if TYPE_CHECKING:
    from analysis.indicators.study import Study

REASONS = {"service.two_hours": ("service.model_minutes", "service.minutes", "服务方案只安排")}
"""Share → (what another table says of a school, the rule that it falls short of, how it is said)."""
OTHERS = {"grade": "其余年级", "weekday": "其余各天", "subject": "其余学科", "task": "其余任务"}


@dataclass(frozen=True, slots=True)
class Cause:
    """Where the exceptions behind a share are, and why.

    Parameters
    ----------
    whole
        The share.
    found
        The groups that hold most of its exceptions; None where none stands out.
    outside
        What is said of the exceptions: 未满, 超出.
    reason, rule
        The figure of another table that explains them, and the rule that it falls short of.
    breaches
        Whether the numerator of the share counts the exceptions.
    """

    whole: Statistic
    found: Concentration | None
    outside: str = "超出"
    reason: Statistic | None = None
    rule: Rule | None = None
    breaches: bool = False

    def runs(self, edition: Edition) -> list[Run]:
        """Return its words; ``Unknown`` where no group stands out, or it may not be told.

        The public reads of no school's counts, and none that could be got by subtraction: only that it is one school,
        and what the others' share is.
        """
        if self.found is None:
            if self.reason is None or not self.whole.scope.school:
                raise Unknown(self.whole)
            return self._why("本校", edition)
        whole, *groups = edition.shown([self.whole, *self.found.groups])
        if not whole.known or not all(item.known for item in groups):
            raise Unknown(whole)
        if edition.public and self.found.dimension == "school":
            return self._unnamed(edition, whole)
        held, *rest = edition.shown([self.found.held, *([self.found.rest] if self.found.rest else [])])
        if held.numerator is None or not held.known:
            raise Unknown(held)
        runs = [words(f"{self.outside}的"), figure_run(held.base_text, held, "base")]
        if held.numerator == held.denominator:
            runs += [words("都")]
        else:
            runs += [
                words("中，"),
                figure_run(number(held.numerator) + measure_word(held.base_unit), held, "numerator"),
            ]
            if held.text.endswith("%"):  # of few exceptions the text itself is a count
                runs += [words("（"), figure_run(held.text, held), words("）")]
        runs += [words("在"), *named_together(groups)]
        if self.reason is not None:
            runs += [words("，"), *self._why("该校", edition)]
        if rest and rest[0].known:
            runs += [words("；"), *self._others(rest[0]), figure_run(rest[0].label, rest[0], "label"), words("为")]
            runs += _with_bounds(rest[0], edition)
        return runs

    def _why(self, who: str, edition: Edition) -> list[Run]:
        assert self.reason is not None and self.rule is not None
        reason = edition.shown([self.reason])[0]
        said = [words(f"{who}{REASONS[self.whole.indicator][2]}"), figure_run(reason.text, reason)]
        return [*said, words("（规定"), literal_run(rule_value(self.rule), "rule"), words("）")]

    def _others(self, rest: Statistic) -> list[Run]:
        assert self.found is not None
        if self.found.dimension == "school":
            return [words("其余"), figure_run(number(rest.schools or 0), rest, "schools"), words("所学校的")]
        return [words(f"{OTHERS[self.found.dimension]}的")]

    def _unnamed(self, edition: Edition, whole: Statistic) -> list[Run]:
        assert self.found is not None
        if self.found.rest is None or len(self.found.groups) > 1:
            raise Unknown(whole)
        rest = unnamed_rest(self.found.rest, whole)
        provenance.keep([rest])
        shown = edition.shown([rest])[0]
        much = "多数" if (self.found.held.value or 0.0) >= HALF else "较多"
        said = [words(f"{self.outside}的{much}在同一学校；其余学校的"), figure_run(shown.label, shown, "label")]
        return [*said, words("为"), *_with_bounds(shown, edition)]


def _with_bounds(item: Statistic, edition: Edition) -> list[Run]:
    ends = item.bounds_text if item.bounds is not None and item.bounds_text != item.compact_text else ""
    without = left_out(item, edition.study)
    beside = [words("（上下界"), figure_run(ends, item, "bounds"), words(f"，{without}）" if without else "）")]
    return [figure_run(item.text, item), *(beside if ends else [])]


def unnamed_rest(rest: Statistic, whole: Statistic) -> Statistic:
    """Return a share without one school for readers who may not know which: without its name and all counts."""
    hidden: dict[str, Any] = dict.fromkeys(("numerator", "denominator", "base", "schools", "days", "unknown"))
    scope = replace(whole.scope, group=(("without_school", "unnamed"),))
    estimate = replace(rest.estimate, n=0)
    return replace(rest, scope=scope, estimate=estimate, group_label="", definition=whole.definition, **hidden)


def cause(study: Study, share: Statistic | str, *, breaches: bool = False, outside: str = "超出") -> Cause:
    """Return what a sentence says of the cause behind a share that misses its rule.

    Parameters
    ----------
    study
        The study of the document.
    share
        The share, or its id.
    breaches
        Whether its numerator counts the exceptions.
    outside
        What is said of the exceptions: 未满, 超出.

    Examples
    --------
    >>> say("[{why}。]", why=cause(study, "service.two_hours", outside="未满"))  # doctest: +SKIP
    """
    whole = study.measure(share) if isinstance(share, str) else share
    found = concentration(study, whole, breaches=breaches)
    reason, rule = _reason(study, whole, found)
    return Cause(whole, found, outside, reason, rule, breaches)


def _reason(study: Study, whole: Statistic, found: Concentration | None) -> tuple[Statistic | None, Rule | None]:
    """Return the figure of another table that explains why a school stands out, and its rule; None if none is known."""
    told = REASONS.get(whole.indicator)
    of_one = found is not None and found.dimension == "school" and len(found.groups) == 1
    school = found.groups[0].scope.school if found is not None and of_one else whole.scope.school
    if told is None or not school:
        return None, None
    other, rule = study.measure(told[0], school=school), limit(study, told[1])
    if found is not None and of_one:
        other = replace(other, group_label=found.groups[0].group_label)
        provenance.keep([other])
    short = other.known and rule is not None and (other.value or 0.0) < rule.value
    return (other, rule) if short else (None, None)
