"""The tables of a study as an engine counts them, each counting made once."""

from __future__ import annotations

from datetime import date, timedelta
from functools import cached_property

import narwhals as nw
import pandas as pd

from analysis.indicators.engine import Engine, Lazy, engine, tidy
from analysis.indicators.refused import CLASS_DAY, Refused, refused
from analysis.indicators.registry import Counting
from analysis.indicators.statistic import Scope
from analysis.intake.unenrolled import SURE, meant_whole, of_term, unenrolled
from analysis.rules import Calendar, terms
from analysis.snapshots import Snapshot

DAILY = ("homework", "attendance", "service_daily")  # ledgers kept by class and day
SEEN = (*DAILY, "survey")
"""Tables that tell which classes there are, beside the enrolment."""
_DAILY = {"term", "grade", "class", "date"}
_ENROLLED = [*CLASS_DAY[:3], "pupils"]
_TOLD = [*CLASS_DAY[:3], "rows"]
_ENTERED = ("date", "submitted_on")  # what happened after the day looked at had not happened then


class Source:
    """Tables narrowed to a scope: its schools, its term, its school days up to its last one.

    Parameters
    ----------
    snapshot
        Where the tables are.
    scope
        District, school, term and days.
    calendar
        The term's calendar; in tables kept day by day, rows on other days than its school days do not count.
    engine
        Name of the engine.
    schools
        Codes of the schools that are looked at.
    until
        The last day that counts in registers and for what comes after a ledger's day (it may lie after the term).
    """

    def __init__(
        self, snapshot: Snapshot, scope: Scope, calendar: Calendar, engine: str, schools: list[str], until: date
    ) -> None:
        self.snapshot, self.scope, self.calendar, self.schools, self.until = snapshot, scope, calendar, schools, until
        self._engine = engine
        self._tables: dict[str, Lazy] = {}
        self._found: dict[object, pd.DataFrame] = {}
        self._aside: dict[object, Refused] = {}

    @property
    def engine(self) -> Engine:
        """The engine, made when first used in this process."""
        return engine(self._engine)

    def has(self, table: str) -> bool:
        """Whether the snapshot holds a table."""
        return table in self.snapshot.tables

    def table(self, name: str) -> Lazy:
        """Return a table of the snapshot, narrowed to the scope; ``days`` is the calendar's own."""
        if name not in self._tables:
            self._tables[name] = self._calendar_days() if name == "days" else self._narrowed(name)
        return self._tables[name]

    def _narrowed(self, name: str) -> Lazy:
        frame = self.engine.scan(self.snapshot.path(name))
        columns = set(frame.collect_schema().names())
        tests = []
        if "school" in columns:
            own = self.scope.school
            tests.append(nw.col("school") == own if own else nw.col("school").is_in(self.schools))
        if "term" in columns:
            tests.append(nw.col("term") == self.scope.term)
        if columns >= _DAILY:
            until = date.fromisoformat(self.scope.end)
            tests.append(nw.col("date").is_in([stamp.date() for stamp in self.calendar.school_days(until)["date"]]))
        else:
            last = nw.lit(self.until)
            if "term" not in columns and "submitted_on" in columns:
                last = nw.lit(self.answered_until)
                tests.append(nw.col("submitted_on") >= nw.lit(self.calendar.start))  # a survey of this term
            tests += [~(nw.col(name) > last) | nw.col(name).is_null() for name in _ENTERED if name in columns]
        return frame.filter(*tests) if tests else frame

    @property
    def answered_until(self) -> date:
        """The last day on which an answer belongs to the term: the day looked at, or that before the next term's first."""
        later = [start - timedelta(days=1) for _, start, _ in terms(self.scope.district) if start > self.calendar.end]
        return min([self.until, *later])

    def _calendar_days(self) -> Lazy:
        """Return the days counted: ``date, week, weekday, school_day`` (0 or 1), ``place`` (school days up to it).

        After the term's last day the days up to the day looked at follow, none of them a school day.
        """
        days = self.calendar.days[["date", "week", "weekday", "school_day"]]
        days = days[days["date"] <= pd.Timestamp(self.scope.end)].astype({"school_day": "int64"})
        after = pd.date_range(days["date"].iloc[-1], pd.Timestamp(self.until))[1:]
        later = pd.DataFrame({"date": after, "week": 0, "weekday": after.day_of_week + 1, "school_day": 0})
        days = pd.concat([days, later.astype({"date": days["date"].dtype})], ignore_index=True)
        return self.engine.local(days.assign(place=days["school_day"].cumsum()))

    def absent(self, counting: Counting) -> list[str]:
        """Return the tables of a counting that the snapshot lacks."""
        return [name for name in counting.tables if name != "days" and not self.has(name)]

    def can(self, counting: Counting) -> bool:
        """Whether the snapshot has the tables that a counting cannot do without (of optional ones, at least one)."""
        absent = self.absent(counting)
        return not set(absent) - set(counting.optional) and len(absent) < len(counting.tables)

    def counted(self, counting: Counting, keys: tuple[str, ...]) -> pd.DataFrame:
        """Return what a counting gives for some keys, tidy; made once and kept."""
        place = (counting.function.__module__, counting.function.__qualname__, keys)
        if place not in self._found:
            absent = self.absent(counting)
            beside = [name for name in counting.beside if self.has(name)]
            tables = {name: self.table(name) for name in (*counting.tables, *beside) if name not in absent}
            tables |= self._unclear([name for name in tables if name in DAILY])
            if "enrolment" in counting.tables and len(self.unenrolled):
                tables["unenrolled"] = self.engine.local(self.uncounted)
            self._found[place] = tidy(self.engine.collect(counting(tables, keys)))
        return self._found[place]

    def _unclear(self, names: list[str]) -> dict[str, Lazy]:
        """Return, as ``unclear.homework`` and so on, the class-days of tables that have refused rows, and how many."""
        aside = {name: self.refused(name).located for name in names}
        return {f"unclear.{name}": self.engine.local(rows) for name, rows in aside.items() if len(rows)}

    @cached_property
    def days(self) -> list[pd.Timestamp]:
        """The school days that are counted."""
        return list(self.calendar.school_days(date.fromisoformat(self.scope.end))["date"])

    @cached_property
    def classes(self) -> pd.DataFrame:
        """The classes of the enrolment: ``school, grade, class, pupils`` (no rows without that table)."""
        if not self.has("enrolment"):
            return pd.DataFrame({"school": [], "grade": [], "class": [], "pupils": []}).astype({"school": "str", "class": "str", "grade": "int64", "pupils": "int64"})  # fmt: skip
        plain = self.table("enrolment").filter(nw.col("pupils") > 0).select("school", "grade", "class", "pupils")
        return tidy(self.engine.collect(plain)).drop_duplicates(CLASS_DAY[:3], ignore_index=True)

    @cached_property
    def unenrolled(self) -> pd.DataFrame:
        """The classes that there are and that have no row of the enrolment (`analysis.intake.unenrolled`)."""
        own = [self.scope.school] if self.scope.school else self.schools
        terms = self._whole("enrolment", [*_ENROLLED, "term"], self.schools)
        current, earlier = of_term(terms, self.scope.term)
        register = self._whole("schools", ["school", "first_grade", "last_grade"], self.schools)
        whole = meant_whole(register, current)
        current, earlier, register = (rows[rows["school"].isin(own)] for rows in (current, earlier, register))
        return unenrolled(register, current, {name: self._tell(name) for name in SEEN}, earlier, whole=whole)

    def _whole(self, table: str, columns: list[str], schools: list[str]) -> pd.DataFrame:
        """Return columns of some schools' rows of all terms; no rows where there is no such table."""
        if not self.has(table):
            return pd.DataFrame({name: pd.Series(dtype="object") for name in columns})
        rows = self.engine.scan(self.snapshot.path(table)).filter(nw.col("school").is_in(schools))
        return tidy(self.engine.collect(rows.select(*columns)))

    def _tell(self, table: str) -> pd.DataFrame:
        """Return how many days (answers) of a table tell of each class, those put aside for want of it included."""
        aside = self.snapshot.refused()
        aside = aside[(aside["table"] == table) & aside["term"].isin([self.scope.term]) & aside["school"].isin(self.schools)]  # fmt: skip
        aside = aside.dropna(subset=CLASS_DAY[:3]).groupby(CLASS_DAY[:3])["rows"].sum().reset_index()
        aside = aside.loc[aside["rows"] >= SURE, _TOLD]
        if not self.has(table):
            return aside
        if table == "survey":
            once = self.table(table).select("respondent", *CLASS_DAY[:3]).unique()
            found = tidy(self.engine.collect(once.group_by(*CLASS_DAY[:3]).agg(nw.len().alias("rows"))))
        else:
            found = self.presence((table,), ("class",)).assign(rows=1)
        return pd.concat([found[_TOLD], aside]) if len(aside) else found[_TOLD]

    @cached_property
    def _refused_enrolment(self) -> pd.DataFrame:
        return refused(
            self.snapshot,
            "enrolment",
            term=self.scope.term,
            schools=[self.scope.school] if self.scope.school else self.schools,
            days=self.days,
            until=None,
            end=self.calendar.end,
            classes=self.snapshot.refused()[CLASS_DAY[:3]],
        ).rows

    @cached_property
    def unsized(self) -> pd.DataFrame:
        """The classes of which the enrolment tells no number: ``school, grade, class, date, rows``, as far as known.

        Their row was put aside, or there is none. Each is a class that there may be, with as many pupils as a class may
        have.
        """
        rows = self._refused_enrolment
        lacking = self.unenrolled.reindex(columns=[*CLASS_DAY, "rows"]).astype({"grade": "Int64", "date": "datetime64[s]"})  # fmt: skip
        own = rows[CLASS_DAY[:3]].assign(_aside=1).drop_duplicates()
        lacking = lacking.merge(own, on=CLASS_DAY[:3], how="left")
        lacking = lacking[lacking["_aside"].isna() | lacking["class"].isna()]  # one that was put aside is told already
        known = self.classes[CLASS_DAY[:3]].astype({"grade": "Int64"}).assign(_there=1)
        marked = rows.merge(known, on=CLASS_DAY[:3], how="left")
        marked = marked[marked["_there"].isna()]
        parts = [part for part in (marked, lacking) if len(part)] or [marked]
        return pd.concat([part[[*CLASS_DAY, "rows"]] for part in parts], ignore_index=True)

    @property
    def uncounted(self) -> pd.DataFrame:
        """The same, one row a class of a known school and grade: ``school, grade, class`` (missing where not known)."""
        rows = self.unsized.dropna(subset=["school", "grade"])
        return (
            rows.loc[rows.index.repeat(rows["rows"]), CLASS_DAY[:3]].astype({"grade": "int64"}).reset_index(drop=True)
        )

    def due(self) -> pd.DataFrame:
        """Return every class of the enrolment on every school day: ``school, grade, class, date, pupils``.

        A class of unknown size is among them where it is known which it is; its ``pupils`` are missing.
        """
        days = pd.DataFrame({"date": pd.Series(self.days, dtype="datetime64[s]")})
        told = self.unsized.dropna(subset=CLASS_DAY[:3])[CLASS_DAY[:3]].drop_duplicates()
        classes = pd.concat([self.classes, told.astype({"grade": "int64"})]) if len(told) else self.classes
        return classes.merge(days, how="cross")

    def nameless(self, each: int) -> pd.DataFrame:
        """Return the classes of unknown size of which it is not known which they are.

        Parameters
        ----------
        each
            How many units such a class has, in the column ``number``.
        """
        rows = self.unsized[self.unsized[CLASS_DAY[:3]].isna().any(axis=1)]
        return rows.assign(number=rows["rows"] * each).drop(columns="rows")

    def refused(self, table: str) -> Refused:
        """Return the refused rows of a table that may concern the scope; made once and kept."""
        place = ("refused", table)
        if place not in self._aside:
            classes = self.classes[CLASS_DAY[:3]]
            if self.has(table):
                entered = self.presence((table,), ("class",))
                if set(CLASS_DAY) <= set(entered.columns):
                    classes = pd.concat([classes, entered[CLASS_DAY[:3]]]).drop_duplicates()
            self._aside[place] = refused(
                self.snapshot,
                table,
                term=self.scope.term,
                schools=[self.scope.school] if self.scope.school else self.schools,
                days=self.days,
                until=date.fromisoformat(self.scope.end) if table in DAILY else None,
                end=self.calendar.end,
                classes=classes,
            )
        return self._aside[place]

    def presence(self, tables: tuple[str, ...], wanted: tuple[str, ...] = ()) -> pd.DataFrame:
        """Return for which days some of the tables has rows: ``school``, ``grade``, ``date``, `wanted`, ``rows``.

        Of these, the columns that all of the tables have; a table that lacks one of `wanted` is passed over where
        another has it.
        """
        place = ("present", tables, wanted)
        if place not in self._found:
            self._found[place] = self._together(tables, wanted)
        return self._found[place]

    def _together(self, tables: tuple[str, ...], wanted: tuple[str, ...]) -> pd.DataFrame:
        there = [name for name in tables if self.has(name)]
        able = [name for name in there if set(wanted) <= set(self.table(name).collect_schema().names())]
        parts = [self._presence(name, wanted) for name in able or there]
        if not parts:
            return pd.DataFrame({"school": pd.Series(dtype="str"), "rows": pd.Series(dtype="int64")})
        if len(parts) == 1:
            return parts[0]
        keys = [name for name in parts[0].columns if name != "rows" and all(name in part.columns for part in parts)]
        together: pd.DataFrame = pd.concat(parts).groupby(keys)[["rows"]].sum().reset_index()
        return together

    def _presence(self, table: str, wanted: tuple[str, ...]) -> pd.DataFrame:
        place = ("presence", table, tuple(sorted(set(wanted))))
        if place not in self._found:
            frame = self.table(table)
            columns = frame.collect_schema().names()
            keys = [name for name in dict.fromkeys(("school", "grade", "date", *wanted)) if name in columns]
            if "school" not in keys:
                return self._of_the_bureau(frame)
            self._found[place] = tidy(self.engine.collect(frame.group_by(*keys).agg(nw.len().alias("rows"))))
        return self._found[place]

    def _of_the_bureau(self, frame: Lazy) -> pd.DataFrame:
        """Return the rows of a register that the bureau keeps for all: once for each school, or not at all."""
        rows = int(tidy(self.engine.collect(frame.select(nw.len().alias("rows"))))["rows"].iloc[0])
        return pd.DataFrame({"school": [self.scope.school] if self.scope.school else self.schools, "rows": rows})
