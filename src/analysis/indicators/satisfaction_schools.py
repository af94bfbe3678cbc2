"""Schools beside each other: shrunken shares, ranks with their intervals, limits of the funnel, answers by step.

What chance and the likeness of classmates explain is taken off first: every school's answers are divided by the district's
design effect, a school's own being known too roughly from its few classes.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from analysis.indicators import satisfaction_survey as source
from analysis.indicators.memo import once
from analysis.indicators.registry import Figure, direct
from analysis.indicators.satisfaction import questions
from analysis.indicators.statistic import Statistics, Where
from analysis.statistics.estimate import Estimate
from analysis.statistics.funnel import Homogeneity, funnel
from analysis.statistics.levels import effective_n
from analysis.statistics.likert import distribution
from analysis.statistics.shrinkage import Shrunken, shrink

if TYPE_CHECKING:
    from analysis.indicators.catalogue import Entry
    from analysis.indicators.study import Study

SIZES = 60
ALPHA = 0.05


def _schools(study: Study, role: str, item: str, wave: str | None = None) -> tuple[pd.Series, pd.Series, float]:
    """Return each school's share, its effective size, and the district's design effect (at least 1)."""
    whole = study.district
    one = source.survey(whole, wave, role)
    design = source.design(whole, one.wave, role)
    if one.answers.empty:
        return pd.Series(dtype=float), pd.Series(dtype=float), 1.0
    yes = one.satisfied(item)
    together = design.proportion(yes)
    size = effective_n(together)
    deff = max(together.n / size, 1.0) if size else 1.0
    table = design.proportion(yes, by="school")
    return table["value"], table["n"] / deff, deff


@dataclass(frozen=True)
class SchoolsApart:
    """Whether schools differ by more than chance, which of them, and the limits to draw.

    Chance here includes that classmates are alike: answers are divided by the district's design effect.

    Parameters
    ----------
    limits, widened
        Limits by number of answers for chance alone, and widened by φ for what these schools vary anyway (Spiegelhalter
        2005): ``n lower_95 upper_95 lower_998 upper_998`` (shares 0–1); without rows with fewer than two schools.
    homogeneity
        The test that all schools have one share; None where there is none (fewer than two schools, or all alike at 0 or 1).
    phi
        φ ≥ 1, the variance between schools over that of chance.
    apart, apart_widened
        Codes of the schools whose deviation from the whole holds at 5 % over all schools (Holm): against chance alone, and
        against what schools vary anyway. The first is empty unless the schools differ at all.
    """

    limits: pd.DataFrame
    widened: pd.DataFrame
    homogeneity: Homogeneity | None
    phi: float
    apart: tuple[str, ...]
    apart_widened: tuple[str, ...]

    @property
    def differ(self) -> bool:
        """Whether the schools differ by more than chance (test at 5 %)."""
        return self.homogeneity is not None and self.homogeneity.p < ALPHA


def funnel_limits(study: Study, item: str = source.OVERALL, role: str = "parent") -> SchoolsApart:
    """Compare the schools of the district: test first, then which of them, then the limits of the funnel."""
    value, size, deff = _schools(study, role, item)
    names = ["n", "lower_95", "upper_95", "lower_998", "upper_998"]
    if int(value.notna().sum()) < 2:
        return SchoolsApart(pd.DataFrame(columns=names), pd.DataFrame(columns=names), None, 1.0, (), ())
    answers = np.linspace(max(5.0, float(size.min()) * deff * 0.5), float(size.max()) * deff * 1.1, SIZES)
    found = funnel(value, size)
    columns = ("inner_lower", "inner_upper", "lower", "upper")
    plain, wide = (found.limits(answers / deff, chance=chance) for chance in (True, False))
    drawn = [
        pd.DataFrame({"n": answers} | {name: limits[old] for name, old in zip(names[1:], columns, strict=True)})
        for limits in (plain, wide)
    ]
    differ = found.homogeneity is not None and found.homogeneity.p < ALPHA
    apart = tuple(str(code) for code in found.beyond(alpha=ALPHA)) if differ else ()
    further = tuple(str(code) for code in found.beyond(chance=False, alpha=ALPHA))
    return SchoolsApart(drawn[0], drawn[1], found.homogeneity, found.dispersion, apart, further)


def _shrunken(study: Study, role: str, item: str, wave: str | None = None) -> Shrunken | None:
    whole, place = study.district, ("shrunken", role, item, wave or source.wave_of(study, role))

    def drawn() -> Shrunken | None:
        value, size, _ = _schools(whole, role, item, wave)
        return shrink(value, size) if int(value.notna().sum()) >= 2 else None

    return once(whole._kept, place, drawn)


def ranking(statistics: Statistics, study: Study, item: str = source.OVERALL, role: str = "parent") -> pd.DataFrame:
    """Return the rank of each school and its interval, in the order of `statistics`: ``rank lower upper``.

    Rank 1 is the highest share; NaN where a school has no answers, or no other has.
    """
    found = _shrunken(study, role, item)
    codes = [statistic.scope.school for statistic in statistics]
    if found is None:  # nothing to rank: fewer than two schools
        return pd.DataFrame(np.nan, index=range(len(codes)), columns=["rank", "lower", "upper"])
    table = found.table[["rank", "rank_lower", "rank_upper"]].set_axis(["rank", "lower", "upper"], axis=1)
    return table.reindex(codes).reset_index(drop=True)


@direct("satisfaction.shrunken", dimensions=("school", "role", "item", "wave"))
def shrunken(study: Study, entry: Entry, by: tuple[str, ...], where: Where) -> list[Figure]:
    """A school's share drawn towards the others (beta–binomial empirical Bayes); the district's own mean without a school."""
    figures = []
    for asked in questions(study, by, where):
        found = _shrunken(study, asked.survey.role, asked.item, asked.survey.wave)
        answers = source.survey(study.district, asked.survey.wave, asked.survey.role).answers
        counts = (
            answers.loc[answers[asked.item].notna(), "school"].value_counts() if len(answers) else pd.Series(dtype=int)
        )
        codes = [code for code in study.schools["school"] if study.scope.school in ("", code)]
        for code in codes if "school" in by or study.scope.school else [""]:
            n = int(counts.get(code, 0)) if code else int(counts.sum())
            estimate = _estimate(found, code, n)
            group = {**asked.group, **({"school": code} if "school" in by else {})}
            figures.append(
                Figure(
                    {name: group[name] for name in by}, estimate, base=n, schools=int(bool(n)), label=asked.label(group)
                )
            )
    return figures


def _estimate(found: Shrunken | None, code: str, n: int) -> Estimate:
    if found is None or (code and code not in found.table.index):
        return Estimate(None, status="no data")
    if not code:
        return Estimate(found.mean, n=n, method="empirical Bayes")
    row = found.table.loc[code].to_dict()
    return Estimate(
        row["value"], lower=row["lower"], upper=row["upper"], level=found.level, n=n, method="empirical Bayes"
    )


def answer_shares(study: Study, role: str = "parent", wave: str | None = None) -> pd.DataFrame:
    """Return the weighted share of every answer, one row an item, columns from the best answer to the worst (0–1)."""
    one = source.survey(study, wave, role)
    labels = list(reversed(one.scale.labels))
    if one.answers.empty:
        return pd.DataFrame(columns=labels)
    design = source.design(study, one.wave, role)
    rows = {}
    for item, name in one.items.items():
        table = distribution(design, item, one.scale)
        rows[name] = dict(zip(table["label"], table["value"].to_numpy(dtype=float, na_value=0.0), strict=True))
    return pd.DataFrame.from_dict(rows, orient="index")[labels]
