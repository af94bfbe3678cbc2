"""A study: one snapshot looked at for one district or school, one term, up to one day."""

from __future__ import annotations

import importlib
import os
from collections.abc import Iterable
from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING, Any

import pandas as pd

from analysis.house import UserError
from analysis.indicators import dimensions, measuring
from analysis.indicators.assembly import statistics
from analysis.indicators.catalogue import Entry, describe
from analysis.indicators.engine import tidy
from analysis.indicators.judge import Judge
from analysis.indicators.load import load
from analysis.indicators.memo import Kept, once
from analysis.indicators.registry import Binding, bindings
from analysis.indicators.reporting import Reporting, School
from analysis.indicators.source import Source
from analysis.indicators.statistic import GroupKey, Scope, Statistic, Statistics, Where
from analysis.rules import Calendar, Rule, calendar, rules_applied
from analysis.snapshots import Snapshot, Store

if TYPE_CHECKING:
    from analysis.statistics.design import SurveyDesign

_REGISTER = ["school", "name", "short_name", "stage", "first_grade", "last_grade"]


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
        ``duckdb``, ``pandas`` or a Spark master (``spark://host:7077``); default: the environment variable
        ``SHUANGJIAN_ENGINE``, else ``duckdb``.
    store
        Where snapshots are (default: the project's own).

    Examples
    --------
    >>> study = Study(district="990101", term="2025-2026-2", as_of="2026-07-20")  # doctest: +SKIP
    >>> study.measure("homework.within_cap").text  # doctest: +SKIP
    '87.9%'
    >>> study.measure("homework.within_cap", by=("grade", "weekday")).lowest().group_label  # doctest: +SKIP
    '九年级周一'
    """

    def __init__(
        self,
        snapshot: str = "latest",
        *,
        district: str,
        school: str = "",
        term: str,
        as_of: str | date | None = None,
        engine: str | None = None,
        store: Store | None = None,
    ) -> None:
        self._name, self._store = snapshot, store
        self._engine = engine or os.environ.get("SHUANGJIAN_ENGINE", "") or "duckdb"
        self._district_code, self._school, self._term = str(district), str(school), term
        self._as_of = _day(as_of)
        self._kept: Kept = {}

    # -- what it looks at --------------------------------------------------------------------------------------------

    @cached_property
    def snapshot(self) -> Snapshot:
        """The snapshot, opened when first asked for."""
        return (self._store or Store()).open(self._name)

    @cached_property
    def calendar(self) -> Calendar:
        """The term's calendar, up to the last day that counts."""
        return calendar(self._term, self._district_code, self._as_of)

    @property
    def as_of(self) -> date:
        """The day that registers are looked at: the last that counts, also where it lies beyond the term's last day."""
        return self._as_of or self.calendar.end

    @cached_property
    def scope(self) -> Scope:
        """District, school, term and days that are counted.

        Raises
        ------
        UserError
            If the district has no such school.
        """
        if self._school and self._school not in set(self.schools["school"]):
            known = "、".join(f"{row.school}（{row.short_name}）" for row in self.schools.itertuples())
            raise UserError(f"区“{self._district_code}”的学校名册中没有“{self._school}”；已有：{known or '无'}。")
        end = min(self.calendar.end, self._as_of or self.calendar.end)
        return Scope(self._district_code, self._school, self._term, self.calendar.start.isoformat(), end.isoformat())

    @cached_property
    def district(self) -> Study:
        """The same study of the whole district, to compare a school with."""
        return self.at("")

    def at(self, school: str) -> Study:
        """Return the same study of one school (``""``: of the district)."""
        if school == self._school:
            return self
        return once(
            self._kept,
            school,
            lambda: Study(
                self.snapshot.id,
                district=self._district_code,
                school=school,
                term=self._term,
                as_of=self._as_of,
                engine=self._engine,
                store=self._store,
            ),
        )

    @cached_property
    def days(self) -> pd.DataFrame:
        """The school days that are counted: ``date, week, weekday, school_day, makeup, note``."""
        return self.calendar.school_days(date.fromisoformat(self.scope.end)).reset_index(drop=True)

    @cached_property
    def schools(self) -> pd.DataFrame:
        """The register of the district's schools, in order of their code."""
        register = self.snapshot.frame("schools")
        own = register[register["district"].astype(str) == self._district_code]
        return own.sort_values("school", ignore_index=True)

    @cached_property
    def expected(self) -> pd.DataFrame:
        """The schools that are expected to report: the rows of the register within the scope."""
        self.scope  # noqa: B018  (refuses a school that is not in the register)
        return self.schools[self.schools["school"] == self._school] if self._school else self.schools

    @cached_property
    def source(self) -> Source:
        """The tables, as the engine counts them."""
        return Source(self.snapshot, self.scope, self.calendar, self._engine, list(self.schools["school"]), self.as_of)

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
        tables = (table,) if isinstance(table, str) else tuple(table)
        return once(self._kept, ("reporting", tables, grades), lambda: self._reporting(tables, grades))

    def _reporting(self, tables: tuple[str, ...], grades: tuple[int, ...]) -> Reporting:
        present = self.source.presence(tables)
        counts = present.groupby("school")["rows"].sum().to_dict()
        expected = tuple(School(*row) for row in self.expected[_REGISTER].itertuples(index=False, name=None))
        if grades:
            expected = tuple(e for e in expected if any(e.first_grade <= g <= e.last_grade for g in grades))
        reported = tuple(each for each in expected if counts.get(each.school, 0) > 0)
        missing = tuple(each for each in expected if each not in reported)
        rows = int(sum(counts.values()))
        return Reporting("、".join(tables), expected, reported, missing, rows)

    def day_counts(
        self, tables: tuple[str, ...], by: tuple[str, ...], where: Where
    ) -> tuple[list[str], dict[GroupKey, int] | None]:
        """Return on how many school days there are rows, by those of `by` that the tables can tell apart.

        The counts are None for tables that are not kept by day.
        """
        place = ("days", tables, by, repr(sorted(where.items())))
        return once(self._kept, place, lambda: self._day_counts(tables, by, where))

    def _day_counts(
        self, tables: tuple[str, ...], by: tuple[str, ...], where: Where
    ) -> tuple[list[str], dict[GroupKey, int] | None]:
        names = tuple(dict.fromkeys((*by, *where)))
        present = self.source.presence(tables, tuple(name for name in names if name in ("class", "group", "subject")))
        if "date" not in present.columns:
            return [], None
        present = measuring.narrowed(dimensions.derive(present, names, self.days, self.schools), where)
        keys = [name for name in by if name in present.columns]
        distinct = present[[*keys, "date"]].drop_duplicates()
        found = distinct.groupby(keys).size().to_dict() if keys else {(): len(distinct)}
        return keys, {(key if isinstance(key, tuple) else (key,)): int(n) for key, n in found.items()}

    # -- what it measures --------------------------------------------------------------------------------------------

    def describe(self, id: str) -> Entry:
        """Return the catalogue's entry of an indicator."""
        return describe(id)

    def rules(self, ids: Iterable[str]) -> tuple[Rule, ...]:
        """Return the values of the named rules that hold within the days of the study."""
        return rules_applied(ids, self.calendar.start, date.fromisoformat(self.scope.end), self._district_code)

    def judge(self, rule: str, period: str = "term") -> Judge:
        """Return what tells the limits of a rule on the days of the study; by default on those of the term.

        Parameters
        ----------
        rule
            Id of the rule.
        period
            Word of `analysis.reference.vocabulary.Period`.
        """
        end = date.fromisoformat(self.scope.end) if period == "term" else self.as_of
        return Judge(rule, self._district_code, self.calendar.start, max(end, self.calendar.start))

    def measure(self, id: str, by: str | tuple[str, ...] | None = None, **where: object) -> Any:
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
        if "school" in where and len(measuring.values(where["school"])) == 1:
            school = measuring.values(where.pop("school"))[0]
            return self.at(str(school)).measure(id, by, **where)
        names = self._dimensions(by)
        measuring.check(entry, binding, (*names, *where))
        self._check_values(where)
        place = ("measured", id, names, repr(sorted(where.items())))
        items = once(self._kept, place, lambda: self._measured(entry, binding, names, where))
        return items[0] if by is None else Statistics(items, names)

    def _measured(self, entry: Entry, binding: Binding, names: tuple[str, ...], where: Where) -> tuple[Statistic, ...]:
        if binding.counting is None:
            found = binding.function(self, entry, names, where)
            groups = [tuple(figure.group[name] for name in names) for figure in found] if names else [()]
        else:
            found, groups = measuring.measured(self, entry, binding, names, where)
        return statistics(self, entry, names, where, found, groups)

    def _check_values(self, where: Where) -> None:
        """Refuse a school or grade that there is none of: it would give an empty figure, as if nobody had reported."""
        known = {"school": list(self.schools["school"]), "grade": list(dimensions.GRADES)}
        for name, told in where.items():
            wrong = [value for value in measuring.values(told) if value not in known.get(name, [value])]
            if wrong:
                raise UserError(
                    f"没有“{wrong[0]}”这个{dimensions.name_of(name)}；可用：{'、'.join(map(str, known[name])) or '无'}。"
                )

    def _dimensions(self, by: str | tuple[str, ...] | None) -> tuple[str, ...]:
        names = () if by is None else (by,) if isinstance(by, str) else tuple(by)
        if "class" not in names:
            return names
        before = ("grade",) if self._school else ("school", "grade")
        return (*(name for name in before if name not in names), *names)

    def histogram(self, by: str | tuple[str, ...] | None = None, **where: object) -> pd.DataFrame:
        """Return how many class-days have which load: `by`, ``minutes``, ``class_days``; those with a gap left out."""
        names = self._dimensions(by)
        rows = measuring.counted(self, load, dict.fromkeys((*names, *where)))
        if not self.source.can(load):  # without a ledger there are only the dimensions
            return pd.DataFrame(columns=[*names, "minutes", "class_days"])
        known = measuring.narrowed(rows, where).query("gap == 0").rename(columns={"total": "minutes"})
        return known.groupby([*names, "minutes"])[["class_days"]].sum().reset_index()

    def monitor(self, id: str, *, kind: str = "", baseline: int | None = None, **where: object) -> pd.DataFrame:
        """Return an indicator's weekly course with control limits (`analysis.indicators.monitoring.monitor`)."""
        from analysis.indicators.monitoring import monitor

        return monitor(self, id, kind=kind, baseline=baseline, **where)

    def rows(self, table: str) -> pd.DataFrame:
        """Return the rows of a register within the scope, as a pandas frame (not for tables of single pupils).

        Raises
        ------
        UserError
            For the tables that hold a row for each pupil or answer: these are only counted.
        """
        if table in ("attendance", "survey"):
            raise UserError(f"表 {table} 是逐人数据，只能汇总，不逐行给出；请用 measure 取指标。")
        self.snapshot.slice(table, self.scope.school)
        return tidy(self.source.engine.collect(self.source.table(table)))

    def design(self, wave: str | None = None, role: str = "parent") -> SurveyDesign:
        """Return the survey of a wave (default: the last one that counts) as a design, for what no indicator says."""
        found: SurveyDesign = importlib.import_module("analysis.indicators.satisfaction").design(self, wave, role)
        return found


def _day(told: str | date | None) -> date | None:
    if told is None or type(told) is date:
        return told
    try:
        return date.fromisoformat(str(told))
    except ValueError:
        raise UserError(f"日期“{told}”不对；请写作 2026-07-20。") from None
