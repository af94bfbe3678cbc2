"""Schools compared: each with the rest of its district, grade by grade, all that a page compares judged together."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
import pandas as pd

from analysis.house import UserError
from analysis.indicators import measuring, provenance
from analysis.indicators.assembly import in_period, tables_read
from analysis.indicators.catalogue import Entry
from analysis.indicators.memo import once
from analysis.indicators.registry import bindings
from analysis.indicators.statistic import Statistic, Where
from analysis.statistics.contrast import Contrast, contrast
from analysis.statistics.estimate import Estimate
from analysis.statistics.intervals import t_factor
from analysis.statistics.multiplicity import holm

if TYPE_CHECKING:
    from analysis.indicators.study import Study

LEVEL = 0.95
SURVEYED = ("satisfaction.top2", "satisfaction.top2_narrow", "satisfaction.mean_score")
CLASS = ("school", "grade", "class")

Judgement = Literal["higher", "lower", "not apart", "no data"]


@dataclass(frozen=True, slots=True)
class Comparison:
    """One school beside the rest of the district in one indicator.

    Parameters
    ----------
    school, short_name
        Code and short name of the school.
    difference
        The school less the rest, adjusted for grade: indicator ``<id>.difference``, in 个百分点 for a share, else in the
        unit of the indicator; with its interval (not adjusted for how many are compared).
    p, p_adjusted
        p value of no difference, and the same after Holm over all schools and indicators compared; None without data.
    judgement
        ``higher`` or ``lower`` where the adjusted p value is at most 5 % and what is missing could not make up for the
        difference, else ``not apart``; ``no data`` where the school has no data, none of its grades is taught elsewhere,
        or the classes are too few to tell.
    """

    school: str
    short_name: str
    difference: Statistic
    p: float | None
    p_adjusted: float | None
    judgement: Judgement

    @property
    def id(self) -> str:
        """Id of the indicator compared."""
        return self.difference.indicator.removesuffix(".difference")


@dataclass(frozen=True)
class Comparisons(Sequence[Comparison]):
    """All comparisons of a page: every school of the district in every indicator asked for, in that order of ids."""

    items: tuple[Comparison, ...] = ()

    def __len__(self) -> int:
        return len(self.items)

    def __iter__(self) -> Iterator[Comparison]:
        return iter(self.items)

    def __getitem__(self, key: Any) -> Any:
        return Comparisons(self.items[key]) if isinstance(key, slice) else self.items[key]

    def only(self, school: str, id: str) -> Comparison:
        """Return the comparison of one school in one indicator.

        Raises
        ------
        KeyError
            If it was not compared.
        """
        found = [each for each in self if each.school == school and each.id == id]
        if not found:
            raise KeyError(f"{school}, {id}")
        return found[0]

    def apart(self, id: str = "") -> Comparisons:
        """Return those that are higher or lower than the rest (of one indicator, if told)."""
        told = (each for each in self if each.judgement in ("higher", "lower") and id in ("", each.id))
        return Comparisons(tuple(told))


def compared(study: Study, ids: Sequence[str], **where: object) -> Comparisons:
    """Compare every school of the district with the rest of it.

    Parameters
    ----------
    study
        A study of the district, or of a school (then of its district: all schools are compared in any case, so that
        a school's page and the district's say the same).
    ids
        Indicators whose interval is that of time, or `SURVEYED`.
    **where
        Narrowing, as in `Study.measure`.

    Raises
    ------
    UserError
        For an indicator that is not a ratio of a ledger kept by day, nor one of the survey's.
    """
    whole = study.district
    place = ("compared", tuple(ids), repr(sorted(where.items())))
    return once(whole._kept, place, lambda: _compared(whole, ids, where))


def _compared(whole: Study, ids: Sequence[str], where: Where) -> Comparisons:
    schools = list(zip(whole.schools["school"], whole.schools["short_name"], strict=True))
    rows = {id: _rows(whole, id, where) for id in ids}
    found = []
    for id in ids:
        entry = whole.describe(id)
        tables = _contrasts(rows[id], [code for code, _ in schools], entry.unit == "%")
        found += [
            (code, name, _difference(whole, entry, code, name, one, where), one)
            for (code, name), one in zip(schools, tables, strict=True)
        ]
    known = [one.p for *_, one in found if one is not None and one.p is not None]
    adjusted = iter(holm(known))
    items = []
    ends = {id: _extremes(rows[id], whole.describe(id)) for id in ids}
    for code, name, difference, one in found:
        one_id = difference.indicator.removesuffix(".difference")
        p = None if one is None else one.p
        after = None if p is None else float(next(adjusted))
        judgement = _judged(one, after)
        if judgement in ("higher", "lower") and not _settled(whole, code, difference, where, ends[one_id]):
            judgement = "not apart"
        items.append(Comparison(code, name, difference, p, after, judgement))
    provenance.keep(each.difference for each in items)
    return Comparisons(tuple(items))


def _judged(one: Contrast | None, after: float | None) -> Judgement:
    if one is None or after is None:
        return "no data"
    return "not apart" if after > 1 - LEVEL else "higher" if one.difference > 0 else "lower"


Extremes = Mapping[Any, tuple[float, float, float]]


def _extremes(rows: pd.DataFrame, entry: Entry) -> Extremes:
    """Return of each grade (and, as None, of all) the least and the greatest mean load recorded, and the catalogue's ceiling.

    Empty for a share, in whose bounds what is missing is 0 or 1 already.
    """
    if entry.unit == "%" or rows.empty:
        return {}
    known = rows[rows["denominator"] > 0]
    load = known["numerator"] / known["denominator"]
    found = {grade: (own.min(), own.max(), entry.ceiling) for grade, own in load.groupby(known["grade"])}
    return {**found, None: (load.min(), load.max(), entry.ceiling)}


def _settled(whole: Study, school: str, difference: Statistic, where: Where, ends: Extremes) -> bool:
    """Tell whether a difference is greater than what is missing in the grades compared could make up for.

    Grade by grade the school could come nearer by what its own rows lack, and the rest by what those of the schools that
    reported lack: by as much as their bounds leave. Grades weigh as in the difference, by the school's own size. A mean's
    bounds take what is missing for nothing or for the ceiling of 300 minutes, by which one class-day in a hundred would
    hide any difference of schools; here it is taken for the lightest or the heaviest load that the grade has recorded.
    """
    id, gap = difference.indicator.removesuffix(".difference"), difference.value or 0.0
    own: dict[Any, tuple[int, float]] = {}
    rest: dict[Any, list[tuple[int, float]]] = {}
    for item in whole.measure(id, by="school" if "grade" in where else ("school", "grade"), **where):
        if item.known and item.value is not None:
            grade, is_own = dict(item.scope.group).get("grade"), item.scope.school == school
            low, high = item.bounds or (item.value, item.value)
            if grade in ends:
                least, most, ceiling = ends[grade]
                low = item.value - (item.value - low) * _part(item.value - least, item.value)
                high = item.value + (high - item.value) * _part(most - item.value, ceiling - item.value)
            shift = (item.base or 0, item.value - low if is_own == (gap > 0) else high - item.value)
            if is_own:
                own[grade] = shift
            else:
                rest.setdefault(grade, []).append(shift)
    common = [(size, shift + _mean(rest[grade])) for grade, (size, shift) in own.items() if grade in rest]
    return abs(gap) > _mean(common) * (100 if difference.unit == "个百分点" else 1)


def _part(of: float, whole: float) -> float:
    return min(max(of / whole, 0.0), 1.0) if whole > 0 else 1.0


def _mean(shifts: Sequence[tuple[int, float]]) -> float:
    """Return the mean of shifts, weighted by sizes."""
    return sum(size * shift for size, shift in shifts) / (sum(size for size, _ in shifts) or 1)


def _rows(study: Study, id: str, where: Where) -> pd.DataFrame:
    """Return ``school grade class week numerator denominator`` of an indicator (no ``week`` in a survey)."""
    if id in SURVEYED:
        return _answers(study, id, where)
    entry, binding = study.describe(id), bindings().get(id)
    counting = None if binding is None else binding.counting
    if binding is None or counting is None or entry.interval != "time" or binding.form == "quantile":
        raise UserError(
            f"指标“{entry.label}”（{id}）不能用于学校之间的比较；请选逐日台账的占比、平均值，或问卷的占比。"
        )
    measuring.check(entry, binding, where)
    rows, _ = measuring.judged(study, entry, binding, (), where)
    return rows


def _answers(study: Study, id: str, where: Where) -> pd.DataFrame:
    """Return one row an answer: its weight (denominator), and what was answered times the weight."""
    from analysis.indicators.satisfaction import questions

    asked = next(questions(study, (), dict(where)), None)
    if asked is None or asked.survey.answers.empty:
        return pd.DataFrame(columns=[*CLASS, "numerator", "denominator"])
    frame = asked.design.frame[list(CLASS)].reset_index(drop=True)
    scores = asked.survey.answers[asked.item].reset_index(drop=True)
    told = asked.survey.satisfied(asked.item) if id != "satisfaction.mean_score" else scores.to_numpy(dtype=float)
    weights = np.asarray(asked.design.weights, dtype=float)
    kept = asked.domain & ~np.isnan(told)
    return frame.assign(numerator=np.where(kept, told, 0.0) * weights, denominator=np.where(kept, weights, 0.0))


def _contrasts(rows: pd.DataFrame, schools: list[str], share: bool) -> list[Contrast | None]:
    rows = rows.dropna(subset=list(CLASS)) if len(rows) else rows
    if rows.empty:
        return [None] * len(schools)
    if "week" in rows.columns:  # class-days, or class-weeks; answers stay one by one
        keys = [name for name in (*CLASS, "date", "week") if name in rows.columns]
        rows = rows.groupby(keys, sort=True)[["numerator", "denominator"]].sum().reset_index()
    code = pd.Categorical(rows["school"], categories=schools).codes.astype(int)
    unit = rows.groupby(list(CLASS)).ngroup().to_numpy()
    week = pd.factorize(rows["week"], sort=True)[0] if "week" in rows.columns else None
    top, bottom = (rows[name].to_numpy(dtype=float) for name in ("numerator", "denominator"))
    grade = rows["grade"].to_numpy(dtype=int)
    return [contrast(code, grade, unit, week, top, bottom, of=number, share=share) for number in range(len(schools))]


def _difference(study: Study, entry: Entry, school: str, name: str, one: Contrast | None, where: Where) -> Statistic:
    scale, unit = (100.0, "个百分点") if entry.unit == "%" else (1.0, entry.unit)
    told = {key: tuple(measuring.values(value)) for key, value in where.items()}
    narrowed = {key: value if len(value) > 1 else value[0] for key, value in told.items()}
    return Statistic(
        indicator=f"{entry.id}.difference",
        label=f"{entry.label}与区内其余学校同年级之差",
        definition=f"本校减去区内其余学校，逐年级相比，按本校各年级的数量加权。{entry.definition}",
        estimate=_estimate(one, scale),
        scope=replace(in_period(study, entry), school=school).narrowed(**narrowed),
        unit=unit,
        decimals=entry.decimals,
        rounding=entry.rounding,
        base=0 if one is None else round(one.base),
        base_unit=entry.base_unit,
        schools=0 if one is None else one.others + 1,
        classes=0 if one is None else one.classes,
        snapshot=study.snapshot.id,
        slice=study.snapshot.slice(tables_read(entry), ""),
        group_label=name,
        nature="model",
    )


def _estimate(one: Contrast | None, scale: float) -> Estimate:
    if one is None:
        return Estimate(None, status="no data")
    value, n = scale * one.difference, round(one.base)
    if one.se is None or one.df is None:
        return Estimate(value, n=n, method="contrast", status="too few")
    se = scale * one.se
    half = float(t_factor(LEVEL, one.df)) * se
    return Estimate(value, se, value - half, value + half, LEVEL, n, one.df, method="contrast")
