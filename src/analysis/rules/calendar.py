"""Terms and school days: the local table first, then the public holidays that `chinesecalendar` knows.

A day is a school day by these rules, the first that speaks:

1. the local table ``data/reference/calendar.toml`` (a district's entry before a general one): ``[[holiday]]`` and
   ``[[school_day]]`` hold ``from`` and ``to`` (or ``date``), ``[[makeup]]`` a ``date`` and the ``weekday`` that it
   stands for;
2. `chinesecalendar`: a public holiday is none, a make-up day of the State Council's notice is one;
3. Monday to Friday is one, Saturday and Sunday are none.

Where the local table is silent and `chinesecalendar` does not know the year, the day is an error that names the table,
unless the table says that the year is wholly listed there (``complete = [2027]``): then rule 3 speaks.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from analysis.house import UserError, path
from analysis.reference.calendar import Term, calendar_file, terms_file

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True)
class Calendar:
    """The days of one term.

    Parameters
    ----------
    term, label
        Id and Chinese name of the term.
    start, end
        First and last day, both included.
    days
        One row a day from `start` to `end`: ``date`` (datetime64), ``week`` (1 = the week, Monday first, that holds
        `start`), ``weekday`` (1 = Monday; for a make-up day the weekday it stands in for), ``school_day``,
        ``makeup`` (bool), ``note``.
    """

    term: str
    label: str
    start: date
    end: date
    days: pd.DataFrame = field(repr=False, compare=False)

    def school_days(self, until: date | None = None) -> pd.DataFrame:
        """Return the rows of the school days, up to and with `until` if that is given."""
        import pandas as pd

        days = self.days[self.days["school_day"]]
        return days if until is None else days[days["date"] <= pd.Timestamp(until)]


@dataclass(frozen=True, slots=True)
class _Entry:
    kind: str
    weekday: int | None
    note: str


def term_ids(district: str = "") -> tuple[str, ...]:
    """Return the ids of the declared terms in order of their first day."""
    return tuple(term.term for term in sorted(_terms(district), key=lambda term: term.start))


def terms(district: str = "") -> tuple[tuple[str, date, date], ...]:
    """Return id, first and last day of each declared term, in order of the first day."""
    found = ((term.term, term.start, term.end) for term in _terms(district))
    return tuple(sorted(found, key=lambda term: term[1]))


def term_of(on: date, district: str = "") -> str:
    """Return the id of the term that holds a day, else of the last one that ended before it.

    Raises
    ------
    UserError
        If no declared term began by that day.
    """
    begun = [term for term in _terms(district) if term.start <= on]
    if not begun:
        raise UserError(f"学期表 data/reference/terms.toml 中没有 {on} 之前开始的学期；请补上该学期的起止日期。")
    return max(begun, key=lambda term: term.start).term


def calendar(term: str, district: str = "", until: date | None = None) -> Calendar:
    """Return the calendar of a term.

    Parameters
    ----------
    term
        Id in ``data/reference/terms.toml``.
    district
        District code: its own term dates and days win over the general ones.
    until
        Last day that `days` must hold (default: the term's last): days after it need not be known yet.

    Raises
    ------
    UserError
        If the term is not declared, or a day of it is known neither to the local table nor to `chinesecalendar`.
    """
    changed = tuple(_changed(path("data", "reference", name)) for name in ("terms.toml", "calendar.toml"))
    return _calendar(term, district, until, str(path("data", "reference")), changed)


@lru_cache(maxsize=64)
def _calendar(term: str, district: str, until: date | None, _folder: str, _versions: tuple[int, ...]) -> Calendar:
    found = {each.term: each for each in _terms(district)}
    if term not in found:
        known = "、".join(found) or "（空）"
        raise UserError(f"学期“{term}”不在学期表 data/reference/terms.toml 中；已有：{known}。请改正学期或补上该学期。")
    entry = found[term]
    days = _days(entry.start, min(entry.end, until or entry.end), district)
    return Calendar(term, entry.label or term, entry.start, entry.end, days)


def school_days(start: date, end: date, district: str = "") -> list[date]:
    """Return the school days from `start` to `end`, both included (working days, where no term is concerned)."""
    return [day for day, _, _, school, _, _ in _rows(start, end, district) if school]


def working_day(day: date, district: str = "") -> bool:
    """Tell whether a day is a working day: a school day by the same table (holidays, make-up days), in term or not."""
    return bool(school_days(day, day, district))


def _rows(start: date, end: date, district: str) -> list[tuple[date, int, int, bool, bool, str]]:
    """Return the days in order: date, week, weekday, whether a school day, whether a make-up day, note."""
    local, complete = _local(district)
    monday = start - timedelta(days=start.weekday())
    rows = []
    for offset in range((end - start).days + 1):
        day = start + timedelta(days=offset)
        entry = local.get(day) or (_plain(day) if day.year in complete else _public(day))
        weekday, week = entry.weekday or day.isoweekday(), (day - monday).days // 7 + 1
        rows.append((day, week, weekday, entry.kind != "holiday", entry.kind == "makeup", entry.note))
    return rows


def _days(start: date, end: date, district: str) -> pd.DataFrame:
    import pandas as pd  # here, so that whoever only asks for a deadline does not wait for it

    columns = ["date", "week", "weekday", "school_day", "makeup", "note"]
    return pd.DataFrame(_rows(start, end, district), columns=columns).astype(
        {
            "date": "datetime64[s]",
            "week": "int64",
            "weekday": "int64",
            "school_day": bool,
            "makeup": bool,
            "note": "str",
        }
    )


def _public(day: date) -> _Entry:
    import chinese_calendar

    try:
        off, name = chinese_calendar.get_holiday_detail(day)
    except NotImplementedError:
        raise UserError(
            f"{day} 的放假安排未知（节假日数据只到 {max(chinese_calendar.constants.holidays).year} 年）；"
            f"请在 data/reference/calendar.toml 中补上该年的 holiday 与 makeup，并在 complete 中写上 {day.year}。"
        ) from None
    if off:
        return _Entry("holiday", None, _HOLIDAYS.get(name or "", ""))
    if day.isoweekday() > 5:
        return _Entry("makeup", None, "调休上课")
    return _plain(day)


def _plain(day: date) -> _Entry:
    return _Entry("holiday" if day.isoweekday() > 5 else "school_day", None, "")


_HOLIDAYS = {
    "New Year's Day": "元旦",
    "Spring Festival": "春节",
    "Tomb-sweeping Day": "清明节",
    "Labour Day": "劳动节",
    "Dragon Boat Festival": "端午节",
    "National Day": "国庆节",
    "Mid-autumn Festival": "中秋节",
    "Anti-Fascist 70th Day": "抗战胜利纪念日",
}


def _changed(file: Path) -> int:
    return file.stat().st_mtime_ns if file.is_file() else 0


def _terms(district: str) -> list[Term]:
    chosen: dict[str, Term] = {}
    for entry in terms_file():
        if entry.district in ("", district) and (entry.district or entry.term not in chosen):
            chosen[entry.term] = entry
    return list(chosen.values())


def _local(district: str) -> tuple[dict[date, _Entry], frozenset[int]]:
    table = calendar_file()
    general: dict[date, _Entry] = {}
    own: dict[date, _Entry] = {}
    for kind, entries in (("holiday", table.holiday), ("makeup", table.makeup), ("school_day", table.school_day)):
        for entry in entries:
            if entry.district in ("", district):
                target = own if entry.district else general
                target |= {day: _Entry(kind, entry.weekday, entry.name) for day in entry.days()}
    return {**general, **own}, frozenset(table.complete)
