"""A study: one snapshot looked at for one district or school, one term, up to one day."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from functools import cached_property
from typing import Any

import pandas as pd

from analysis.house import UserError
from analysis.indicators import dimensions
from analysis.indicators.catalogue import Entry, describe
from analysis.indicators.estimation import figures
from analysis.indicators.judge import Judge
from analysis.indicators.load import load
from analysis.indicators.registry import Binding, Figure, bindings
from analysis.indicators.reporting import Reporting, School
from analysis.indicators.source import Source
from analysis.indicators.statistic import Scope, Statistic, Statistics
from analysis.rules import Calendar, Rule, calendar, rules_applied
from analysis.snapshots import Snapshot, Store
from analysis.statistics.estimate import Estimate


class Study:
    """Measures indicators in one scope. Nothing is opened before the first figure is asked for.

    Parameters
    ----------
    snapshot
        Id, unique beginning of one, or ``latest``.
    district
        District code.
    school
        School code; ``""`` for the whole district. Only that school's rows are read.
    term
        Term id of ``data/reference/terms.toml``.
    as_of
        Last day that counts (ISO date or date); default: the term's last day.
    engine
        ``duckdb``, ``pandas`` or a Spark master (``spark://host:7077``).
    store
        Where snapshots are (default: the project's own).

    Examples
    --------
    >>> study = Study(district="990101", term="2025-2026-2", as_of="2026-07-20")  # doctest: +SKIP
    >>> study.measure("homework.within_cap").text  # doctest: +SKIP
    '91.3%'
    >>> study.measure("homework.within_cap", by=("grade", "weekday")).lowest().group_label  # doctest: +SKIP
    '六年级周三'
    """

    def __init__(
        self,
        snapshot: str = "latest",
        *,
        district: str,
        school: str = "",
        term: str,
        as_of: str | date | None = None,
        engine: str = "duckdb",
        store: Store | None = None,
    ) -> None:
        self._name, self._store, self._engine = snapshot, store, engine
        self._district_code, self._school, self._term = str(district), str(school), term
        self._as_of = _day(as_of)

    # -- what it looks at --------------------------------------------------------------------------------------------

    @cached_property
    def snapshot(self) -> Snapshot:
        """The snapshot, opened when first asked for."""
        return (self._store or Store()).open(self._name)

    @cached_property
    def calendar(self) -> Calendar:
        """The term's calendar."""
        return calendar(self._term, self._district_code)

    @cached_property
    def scope(self) -> Scope:
        """District, school, term and days that are counted."""
        end = min(self.calendar.end, self._as_of or self.calendar.end)
        if self._school and self._school not in set(self.schools["school"]):
            known = "、".join(f"{row.school}（{row.short_name}）" for row in self.schools.itertuples())
            raise UserError(f"区“{self._district_code}”的学校名册中没有“{self._school}”；已有：{known or '无'}。")
        return Scope(self._district_code, self._school, self._term, self.calendar.start.isoformat(), end.isoformat())

    @cached_property
    def district(self) -> Study:
        """The same study of the whole district, to compare a school with."""
        return self if not self._school else self._of("")

    def at(self, school: str) -> Study:
        """Return the same study of one school."""
        return self if school == self._school else self._of(school)

    def _of(self, school: str) -> Study:
        return Study(
            self.snapshot.id,
            district=self._district_code,
            school=school,
            term=self._term,
            as_of=self._as_of,
            engine=self._engine,
            store=self._store,
        )

    @cached_property
    def days(self) -> pd.DataFrame:
        """The school days that are counted: ``date, week, weekday, makeup, note``."""
        self.scope  # noqa: B018
        return self.calendar.school_days(date.fromisoformat(self.scope.end)).reset_index(drop=True)

    @cached_property
    def schools(self) -> pd.DataFrame:
        """The register of the district's schools, in order of their code."""
        register = self.snapshot.frame("schools")
        own = register[register["district"].astype(str) == self._district_code]
        return own.sort_values("school", ignore_index=True)

    @cached_property
    def source(self) -> Source:
        """The tables, as the engine counts them."""
        return Source(self.snapshot, self.scope, self.calendar, self._engine, self._expected())

    def _expected(self) -> pd.DataFrame:
        return self.schools[self.schools["school"] == self._school] if self._school else self.schools

    # -- who reported ------------------------------------------------------------------------------------------------

    def reporting(self, table: str | tuple[str, ...], grades: tuple[int, ...] = ()) -> Reporting:
        """Tell which schools were expected to hand in a table, and which did.

        Parameters
        ----------
        table
            Name of the table, such as ``homework``; of several, one handed in is enough.
        grades
            Only schools that teach one of these grades are expected (empty: all).
        """
        expected = [
            School(row.school, row.name, row.short_name, row.stage, int(row.first_grade), int(row.last_grade))
            for row in self._expected()[_REGISTER].itertuples(index=False)
        ]
        if grades:
            expected = [each for each in expected if any(each.first_grade <= g <= each.last_grade for g in grades)]
        tables = (table,) if isinstance(table, str) else table
        counts: dict[str, int] = {}
        for name in tables:
            for school, rows in self.source.rows(name).items():
                counts[school] = counts.get(school, 0) + rows
        reported = tuple(each for each in expected if counts.get(each.school, 0) > 0)
        missing = tuple(each for each in expected if counts.get(each.school, 0) == 0)
        return Reporting("、".join(tables), tuple(expected), reported, missing, sum(counts.values()))

    # -- what it measures --------------------------------------------------------------------------------------------

    def describe(self, id: str) -> Entry:
        """Return the catalogue's entry of an indicator."""
        return describe(id)

    def rules(self, ids: tuple[str, ...]) -> tuple[Rule, ...]:
        """Return the values of the named rules that hold within the days of the study."""
        return rules_applied(ids, self.calendar.start, date.fromisoformat(self.scope.end), self._district_code)

    def measure(self, id: str, by: str | tuple[str, ...] | None = None, **where: Any) -> Any:
        """Measure an indicator.

        Parameters
        ----------
        id
            Its id in the catalogue.
        by
            One dimension or several: ``"grade"``, ``("grade", "weekday")``. ``class`` always comes with its grade, and
            in a district with its school.
        where
            Narrowing to one value (or a list of values) of a dimension: ``grade=3``, ``weekday=[1, 2]``.

        Returns
        -------
        Statistic or Statistics
            One figure, or with `by` one for every group, those without data included (status ``no data``).

        Raises
        ------
        UserError
            For an unknown indicator or dimension, or one that the indicator cannot be grouped by.
        """
        entry, binding = describe(id), bindings().get(id)
        if binding is None:
            raise UserError(f"指标“{id}”已列入目录，但程序里还没有它的算法。")
        names = self._dimensions(by)
        if "school" in where and not isinstance(where["school"], list | tuple | set):
            narrowed = self.at(str(where.pop("school")))
            return narrowed.measure(id, by, **where)
        self._check(entry, binding, (*names, *where))
        if binding.counting is None:
            found, groups = binding.function(self, entry, names, where), None
        else:
            found, groups = self._counted(entry, binding, names, where)
        return self._statistics(entry, names, where, found, groups, single=by is None)

    def _dimensions(self, by: str | tuple[str, ...] | None) -> tuple[str, ...]:
        names = () if by is None else (by,) if isinstance(by, str) else tuple(by)
        if "class" in names:
            before = [
                name for name in ("school", "grade") if name not in names and not (name == "school" and self._school)
            ]
            names = (*before, *names)
        return names

    def _check(self, entry: Entry, binding: Binding, names: tuple[str, ...]) -> None:
        able = set(binding.dimensions) - {"date"}
        for name, origin in dimensions.COUNTED_FROM.items():
            if origin in binding.dimensions or (name == "stage" and "school" in binding.dimensions):
                able.add(name)
        for name in names:
            if name not in able:
                said = "、".join(f"{dimensions.NAMES.get(each, each)}（{each}）" for each in sorted(able))
                raise UserError(f"指标“{entry.label}”（{entry.id}）不能按“{name}”分组；可用：{said or '无'}。")

    def _counted(
        self, entry: Entry, binding: Binding, by: tuple[str, ...], where: dict[str, Any]
    ) -> tuple[list[Figure], list[tuple[Any, ...]]]:
        counting = binding.counting
        assert counting is not None
        judge = self.judge(entry.rule)
        wanted = list(dict.fromkeys((*by, *where)))
        origins = [dimensions.COUNTED_FROM.get(name, name) for name in wanted]
        if judge.changes and "date" in counting.dimensions:
            origins.append("date")
        keys = tuple(name for name in counting.dimensions if name in (*counting.always, *origins))
        counted = self.source.counted(counting, keys)
        _check_grades(counted)
        if entry.grades and "grade" in counted.columns:
            counted = counted[counted["grade"].isin(entry.grades)]
        counted = dimensions.derive(counted, wanted, self.days, self.schools)
        counted = self._narrowed(counted, where)
        rows = binding.function(counted, judge)
        found = figures(rows, by, binding.form, interval=entry.interval, share=entry.unit == "%", q=binding.q)
        expected = self._expected()
        groups = dimensions.levels(by, expected, self.days, counted, entry.grades)
        groups = [group for group in groups if _within(dict(zip(by, group, strict=True)), where)]
        present = self.source.presence(entry.reported_in, wanted) if "date" in counting.dimensions else None
        return self._with_days(found, by, where, present), groups

    def _with_days(
        self, found: list[Figure], by: tuple[str, ...], where: dict[str, Any], present: pd.DataFrame | None
    ) -> list[Figure]:
        if present is None:
            return found
        names = tuple(dict.fromkeys((*by, *where)))
        present = self._narrowed(dimensions.derive(present, names, self.days, self.schools), where)
        keys = [name for name in by if name in present.columns]
        if not keys:
            total = int(present["date"].nunique())
            return [replace(figure, days=total) for figure in found]
        counts = present.groupby(keys)["date"].nunique().to_dict()
        plain = {(key if isinstance(key, tuple) else (key,)): int(count) for key, count in counts.items()}
        return [replace(figure, days=plain.get(tuple(figure.group[name] for name in keys), 0)) for figure in found]

    def histogram(self, by: str | tuple[str, ...] | None = None, **where: Any) -> pd.DataFrame:
        """Return how many class-days have which load: `by`, ``minutes``, ``class_days``; those with a gap left out."""
        names = self._dimensions(by)
        wanted = list(dict.fromkeys((*names, *where)))
        origins = [dimensions.COUNTED_FROM.get(name, name) for name in wanted]
        counted = self.source.counted(load, tuple(k for k in load.dimensions if k in (*load.always, *origins)))
        counted = self._narrowed(dimensions.derive(counted, wanted, self.days, self.schools), where)
        known = counted[counted["gap"] == 0].rename(columns={"total": "minutes"})
        return known.groupby([*names, "minutes"], as_index=False)["class_days"].sum()

    @staticmethod
    def _narrowed(rows: pd.DataFrame, where: dict[str, Any]) -> pd.DataFrame:
        for name, value in where.items():
            if name in rows.columns:
                rows = rows[rows[name].isin(list(value) if isinstance(value, list | tuple | set) else [value])]
        return rows

    def judge(self, rule: str) -> Judge:
        """Return what tells the limits of a rule on the days of the study."""
        return Judge(rule, self._district_code, self.calendar.start, date.fromisoformat(self.scope.end))

    # -- figures become statistics -----------------------------------------------------------------------------------

    def _statistics(
        self,
        entry: Entry,
        by: tuple[str, ...],
        where: dict[str, Any],
        found: list[Figure],
        groups: list[tuple[Any, ...]] | None,
        *,
        single: bool,
    ) -> Any:
        known = {tuple(figure.group[name] for name in by): figure for figure in found}
        if groups is None:
            groups = list(known) or ([()] if single else [])
        blank = Estimate(None, status="no data")
        rule = entry.rule if self.judge(entry.rule).applied else ""
        digest = self.snapshot.slice(entry.tables, self._school)
        missing = self.reporting(entry.reported_in, entry.grades).missing
        names = dict(zip(self.schools["school"], self.schools["short_name"], strict=True))
        items = []
        for group in groups:
            told = dict(zip(by, group, strict=True))
            figure = known.get(group) or Figure(told, blank, base=0, schools=0)
            school = told.get("school", self._school)
            absent = [each for each in missing if not told.get("school") or each.school == told["school"]]
            if "grade" in told:
                absent = [each for each in absent if each.first_grade <= told["grade"] <= each.last_grade]
            items.append(
                Statistic(
                    indicator=entry.id,
                    label=entry.label,
                    definition=entry.definition,
                    estimate=figure.estimate,
                    scope=self.scope.narrowed(**{**_flat(where), **told, "school": school}),
                    unit=entry.unit,
                    decimals=entry.decimals,
                    rounding=entry.rounding,
                    numerator=figure.numerator,
                    denominator=figure.denominator,
                    base=figure.base,
                    base_unit=entry.base_unit,
                    schools=figure.schools,
                    classes=figure.classes,
                    days=figure.days,
                    missing=tuple(each.short_name for each in absent),
                    snapshot=self.snapshot.id,
                    slice=digest,
                    rule=rule,
                    group_label=self._label({**_flat(where), **told}, names),
                )
            )
        return items[0] if single else Statistics(tuple(items), by)

    def _label(self, told: dict[str, Any], names: dict[str, str]) -> str:
        parts = []
        for name in sorted(told, key=lambda each: _SPOKEN.index(each) if each in _SPOKEN else len(_SPOKEN)):
            values = told[name] if isinstance(told[name], tuple) else (told[name],)
            parts.append("、".join(dimensions.label(name, value, names) for value in values))
        return "".join(parts)


_REGISTER = ["school", "name", "short_name", "stage", "first_grade", "last_grade"]
_SPOKEN = ("school", "stage", "grade_band", "grade", "class", "week", "weekday", "subject", "role", "group")


def _flat(where: dict[str, Any]) -> dict[str, Any]:
    return {name: tuple(value) if isinstance(value, list | set) else value for name, value in where.items()}


def _within(told: dict[str, Any], where: dict[str, Any]) -> bool:
    for name, value in where.items():
        values = value if isinstance(value, list | tuple | set) else [value]
        if name in told and told[name] not in values:
            return False
    return True


def _day(told: str | date | None) -> date | None:
    if told is None or type(told) is date:
        return told
    try:
        return date.fromisoformat(str(told))
    except ValueError:
        raise UserError(f"日期“{told}”不对；请写作 2026-07-20。") from None


def _check_grades(counted: pd.DataFrame) -> None:
    if "grade" not in counted.columns:
        return
    wrong = counted[~counted["grade"].isin(list(dimensions.GRADES))]
    if len(wrong):
        row = wrong.iloc[0]
        raise UserError(
            f"学校 {row['school']} 的数据里有年级“{row['grade']}”，不在一至九年级之内；请更正原始文件后重新执行 shuangjian intake。"
        )
