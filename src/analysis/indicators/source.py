"""The tables of a study as an engine counts them, each counting made once."""

from __future__ import annotations

from datetime import date
from typing import Any

import narwhals as nw
import pandas as pd

from analysis.house import UserError
from analysis.indicators.engine import Engine, Lazy, engine, tidy
from analysis.indicators.registry import Counting
from analysis.indicators.statistic import Scope
from analysis.rules import Calendar
from analysis.snapshots import Snapshot

_BEFORE, _AFTER = 60, 120


class Source:
    """Tables narrowed to a scope: its schools, its term, its school days.

    Parameters
    ----------
    snapshot
        Where the tables are.
    scope
        District, school, term and days.
    calendar
        The term's calendar; rows on other days than its school days do not count.
    engine
        Name of the engine.
    schools
        The schools that are looked at (``school``).
    """

    def __init__(
        self, snapshot: Snapshot, scope: Scope, calendar: Calendar, engine: str, schools: pd.DataFrame
    ) -> None:
        self.snapshot, self.scope, self.calendar = snapshot, scope, calendar
        self._engine_name, self._schools = engine, list(schools["school"])
        self._found: dict[Any, pd.DataFrame] = {}
        self._engine: Engine | None = None

    @property
    def engine(self) -> Engine:
        """The engine, made when first used."""
        if self._engine is None:
            self._engine = engine(self._engine_name)
        return self._engine

    def has(self, table: str) -> bool:
        """Whether the snapshot holds a table."""
        return table in self.snapshot.tables

    def table(self, name: str) -> Lazy:
        """Return a table of the snapshot, narrowed to the scope."""
        frame = self.engine.scan(self.snapshot.path(name))
        columns = set(frame.collect_schema().names())
        if "school" in columns:
            own = nw.col("school") == self.scope.school if self.scope.school else nw.col("school").is_in(self._schools)
            frame = frame.filter(own)
        if "term" in columns:
            frame = frame.filter(nw.col("term") == self.scope.term)
        if "date" in columns and "term" in columns and {"class", "grade"} <= columns:
            until = date.fromisoformat(self.scope.end)
            days = [stamp.date() for stamp in self.calendar.school_days(until)["date"]]
            frame = frame.filter(nw.col("date").is_in(days))
        return frame

    def counted(self, counting: Counting, keys: tuple[str, ...]) -> pd.DataFrame:
        """Return what a counting gives for some keys, tidy; made once and kept."""
        place = (counting.function.__module__, counting.function.__qualname__, keys)
        if place not in self._found:
            absent = [name for name in counting.tables if not self.has(name)]
            if set(absent) - set(counting.optional) or len(absent) == len(counting.tables):
                raise UserError(f"快照 {self.snapshot.id} 中没有表 {'、'.join(absent)}；请先读入这类文件。")
            tables = {name: self.table(name) for name in counting.tables if name not in absent}
            found = self.engine.collect(counting(tables, keys))
            self._found[place] = tidy(found, list(found.columns))
        return self._found[place]

    def presence(self, tables: tuple[str, ...], wanted: list[str]) -> pd.DataFrame:
        """Return which days some of the tables has rows for, by school, grade and whatever of `wanted` they all have."""
        parts = [self._presence(name, wanted) for name in tables if self.has(name)]
        if not parts:
            return pd.DataFrame({"school": [], "date": [], "rows": []})
        keys = [name for name in parts[0].columns if name != "rows" and all(name in part.columns for part in parts)]
        return parts[0] if len(parts) == 1 else pd.concat(parts).groupby(keys, as_index=False)["rows"].sum()

    def _presence(self, table: str, wanted: list[str]) -> pd.DataFrame:
        frame = self.table(table)
        columns = frame.collect_schema().names()
        names = ("school", "grade", "date", *(name for name in wanted if name not in ("school", "grade", "date")))
        keys = tuple(name for name in names if name in columns)
        place = ("presence", table, keys)
        if place not in self._found:
            counts = frame.group_by(*keys).agg(nw.len().alias("rows"))
            self._found[place] = tidy(self.engine.collect(counts), keys)
        return self._found[place]

    def rows(self, table: str) -> dict[str, int]:
        """Return how many rows each school has in a table, within the scope."""
        if not self.has(table):
            return {}
        present = self._presence(table, [])
        if "school" not in present.columns:
            return dict.fromkeys(self._schools, int(present["rows"].sum()))
        return {str(school): int(rows) for school, rows in present.groupby("school")["rows"].sum().items()}
