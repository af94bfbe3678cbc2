"""Small frames and stand-ins for a study, for the tests of single steps of the indicators."""

from __future__ import annotations

from datetime import date
from types import SimpleNamespace
from typing import Any

import narwhals as nw
import pandas as pd

from analysis.indicators.refused import Refused
from analysis.indicators.statistic import Scope, Statistic
from analysis.statistics.estimate import Estimate

A, B, C = "2199000901", "2199000902", "2199000903"
SCHOOLS = pd.DataFrame(
    [(A, "甲小", "primary", 1, 6), (B, "乙校", "nine_year", 1, 9), (C, "丙中", "junior", 7, 9)],
    columns=["school", "short_name", "stage", "first_grade", "last_grade"],
)
MONDAY = pd.Timestamp("2026-03-02")
DAYS = pd.DataFrame(  # one week of five days, the Monday and the Tuesday of the next
    [(MONDAY + pd.Timedelta(days=each), 1 + each // 7, 1 + each % 7) for each in (0, 1, 2, 3, 4, 7, 8)],
    columns=["date", "week", "weekday"],
)
KEY = ["school", "grade", "class", "date"]


def day(number: int) -> pd.Timestamp:
    """Return a day of March 2026; the second is a Monday."""
    return pd.Timestamp(2026, 3, number)


def table(columns: str, *rows: tuple) -> pd.DataFrame:
    """Return a frame of rows; dates are datetime64, and a grade that may be missing is Int64."""
    frame = pd.DataFrame(list(rows), columns=columns.split())
    for name in {"date", "paid_on", "due"} & set(frame.columns):
        if not pd.api.types.is_numeric_dtype(frame[name]):
            frame[name] = pd.to_datetime(frame[name])
    return frame.astype({"grade": "Int64"}) if "grade" in frame.columns else frame


def lazy(frame: pd.DataFrame) -> Any:
    """Return a frame as a counting takes it."""
    return nw.from_native(frame).lazy()


def rows_of(counted: Any, *keys: str) -> list[tuple]:
    """Return what a counting gives, as sorted tuples (of some columns, if told)."""
    frame = counted.collect("pandas").to_native() if hasattr(counted, "collect") else counted
    frame = frame[list(keys)] if keys else frame
    plain = frame.astype(object).where(frame.notna(), None)
    return sorted(plain.itertuples(index=False, name=None), key=repr)


def aside(*rows: tuple, located: tuple[tuple, ...] = ()) -> Refused:
    """Return refused rows of school, grade, class, day and number; those that are located are told apart."""
    columns = "school grade class date rows"
    floating = table(columns, *rows)
    placed = (
        table(columns, *located).astype({"grade": "int64"}) if located else table(columns).astype({"grade": "int64"})
    )
    whole = pd.concat([floating, placed.astype({"grade": "Int64"})], ignore_index=True) if located else floating
    return Refused(whole, placed, floating)


class FakeSource:
    """Stands in for `analysis.indicators.source.Source`: what is told here is all that there is."""

    def __init__(self, **told: Any) -> None:
        self.tables: dict[str, Any] = told.pop("tables", {})
        self.aside: dict[str, Refused] = told.pop("aside", {})
        self.days = list(DAYS["date"])
        self.classes = told.pop("classes", table("school grade class pupils"))
        self.unsized = told.pop("unsized", table("school grade class date rows"))
        self.counts: dict[Any, pd.DataFrame] = told.pop("counts", {})
        self.asked: list[Any] = []
        self.due_rows = told.pop("due", None)
        self.named_nothing = told.pop("nameless", table("school grade class date rows"))
        self.present = told.pop("present", pd.DataFrame({"school": [], "rows": []}))

    def has(self, name: str) -> bool:
        return name in self.tables

    def can(self, counting: Any) -> bool:
        return all(name in self.tables for name in counting.tables)

    def counted(self, counting: Any, keys: Any) -> pd.DataFrame:
        self.asked.append(tuple(keys))
        return self.counts[counting.function.__name__]

    def refused(self, name: str) -> Refused:
        return self.aside.get(name, aside())

    def due(self) -> pd.DataFrame:
        return self.due_rows

    def nameless(self, each: int) -> pd.DataFrame:
        return self.named_nothing.assign(number=self.named_nothing["rows"] * each).drop(columns="rows")

    def presence(self, tables: Any, wanted: Any = ()) -> pd.DataFrame:
        return self.present


def fake_study(source: Any = None, judge: Any = None, **told: Any) -> Any:
    """Return a stand-in for a study of three schools on seven days."""
    own = {"days": DAYS, "schools": SCHOOLS, "expected": SCHOOLS, "_kept": {}, "as_of": date(2026, 3, 10)}
    return SimpleNamespace(**own | {"source": source, "judge": lambda *_: judge} | told)


def statistic(value: float | None, bottom: float | None = 100, **changed: Any) -> Statistic:
    """Return a share of things counted, of so many; every field can be changed, the group's by ``group=``."""
    group = changed.pop("group", {})
    top = None if value is None or bottom is None else round(value * bottom)
    own = {
        "indicator": "homework.within_cap", "label": "达标率", "definition": "达标的班级日所占比例。",
        "estimate": Estimate(value, n=int(bottom or 0), method="ratio"),
        "scope": Scope("990101", term="2025-2026-2").narrowed(**group),
        "numerator": top, "denominator": bottom, "base": None if bottom is None else int(bottom), "base_unit": "个班级日",
    }  # fmt: skip
    return Statistic(**own | changed)
