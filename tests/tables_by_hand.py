"""A source over plain frames: a week of school, one district of two schools, tables written down in the test."""

from __future__ import annotations

from datetime import date
from typing import Any

import narwhals as nw
import pandas as pd
import pyarrow as pa
import pytest

from analysis.indicators import source as module
from analysis.indicators.engine import Lazy, PandasEngine
from analysis.indicators.source import Source
from analysis.indicators.statistic import Scope
from analysis.rules import Calendar

TERM, DISTRICT = "2025-2026-2", "990101"
A, B = "S1", "S2"
MON, TUE, WED, THU, FRI, SAT, SUN = (date(2026, 3, day) for day in range(2, 9))
KEYS = ["term", "school", "grade", "class", "date", "subject", "pupil"]


def table(columns: str, *rows: tuple, **types: str) -> pd.DataFrame:
    """Return a frame of rows."""
    return pd.DataFrame(list(rows), columns=columns.split()).astype(types)


def lazy(frame: pd.DataFrame) -> Lazy:
    """Return a frame as the pandas engine scans it from a file."""
    arrow = pa.Table.from_pandas(frame, preserve_index=False)
    return nw.from_native(arrow.to_pandas(types_mapper=pd.ArrowDtype)).lazy()


def rows(found: Lazy, *by: str) -> list[list[Any]]:
    """Return the rows of a lazy frame, sorted, missing values as None."""
    frame = found.collect("pandas").to_native().astype(object)
    frame = frame.sort_values(list(by or frame.columns))
    return frame.where(frame.notna(), None).to_numpy().tolist()


class Frames(PandasEngine):
    """An engine that finds its files among frames."""

    def __init__(self, frames: dict[str, pd.DataFrame]) -> None:
        self.frames = frames

    def scan(self, file: Any) -> Lazy:
        return lazy(self.frames[file])


class Snapshot:
    """Tables by name, and the rows that were put aside."""

    def __init__(self, frames: dict[str, pd.DataFrame], aside: pd.DataFrame) -> None:
        self.tables, self._aside = tuple(frames), aside

    def path(self, name: str) -> str:
        return name

    def refused(self) -> pd.DataFrame:
        return self._aside


def aside(*rows: dict[str, Any]) -> pd.DataFrame:
    """Return refused rows, of which no more is known than told."""
    plain = {"table": "homework", **dict.fromkeys(KEYS), "rows": 1}
    frame = pd.DataFrame([{**plain, **row} for row in rows], columns=list(plain))
    return frame.assign(date=pd.to_datetime(frame["date"])).astype({"grade": "Int64", "rows": "int64"})


def week() -> Calendar:
    """Return a term of one week, whose Wednesday is a holiday."""
    days = pd.DataFrame({"date": pd.date_range(MON, SUN), "week": 1, "weekday": range(1, 8)})
    school = days["weekday"].isin([1, 2, 4, 5])
    return Calendar(TERM, "", MON, SUN, days.assign(school_day=school, makeup=False, note=""))


def source(
    patch: pytest.MonkeyPatch,
    *,
    school: str = "",
    end: date = FRI,
    until: date | None = None,
    refused: pd.DataFrame | None = None,
    **frames: pd.DataFrame,
) -> Source:
    """Return a source of some frames that looks at the days up to `end`, at registers up to `until`."""
    patch.setattr(module, "engine", lambda name: Frames(frames))
    scope = Scope(DISTRICT, school, TERM, MON.isoformat(), end.isoformat())
    snapshot: Any = Snapshot(frames, aside() if refused is None else refused)
    return Source(snapshot, scope, week(), "frames", [A, B], until or end)
