"""When an answer is due: months from assignment, days off, and a second answer after 不满意.

1. The deadline is the same day of the month, `months` later (31 August + 6 months = 28 or 29 February), unless the
   assignment itself names a day (`due` in the register).
2. A deadline on a day off stands as it is, or moves to the working day before or after it, as the place decides
   (``on_holiday`` in ``data/reference/replies.toml``).
3. `send_by` is the last working day on or before the deadline: the day by which the letter should leave the office.
"""

from __future__ import annotations

from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta

from analysis.house import UserError
from analysis.letters.place import Place
from analysis.reference.suggestions import Sent, Suggestion
from analysis.rules.calendar import school_days

LONGEST_HOLIDAY = 20


@dataclass(frozen=True, slots=True)
class Deadline:
    """A deadline; `send_by` is None, and `note` says why, where no calendar knows the days before it."""

    due: date
    send_by: date | None
    note: str = ""


def months_later(start: date, months: int) -> date:
    """Return the same day of the month, `months` later; the month's last day where it has no such day."""
    year, month = divmod(start.year * 12 + start.month - 1 + months, 12)
    return date(year, month + 1, min(start.day, monthrange(year, month + 1)[1]))


def working_day(day: date, step: int, district: str = "") -> date:
    """Return the day itself if it is a working day, else the nearest one before (step −1) or after (+1) it.

    Raises
    ------
    UserError
        If neither the local calendar nor the holiday package knows a day on the way.
    """
    for offset in range(LONGEST_HOLIDAY):
        other = day + timedelta(days=step * offset)
        if school_days(other, other, district):
            return other
    raise UserError(
        f"data/reference/calendar.toml 中，{day.isoformat()} 前后 {LONGEST_HOLIDAY} 天都不是工作日；请核对假期起止日期。"
    )


def deadline(suggestion: Suggestion, rules: Place, district: str = "") -> Deadline:
    """Return when the letters of a suggestion are due.

    After 不满意 on any letter the clock starts again on the day that the form came back (`again_months`).
    """
    unhappy = [item.feedback_on or item.on for item in open_complaints(suggestion)]
    if unhappy:
        nominal = months_later(min(unhappy), rules.again_months)
    else:
        nominal = suggestion.due or months_later(suggestion.assigned, rules.months[suggestion.kind])
    try:
        before = working_day(nominal, -1, district)
        if before == nominal:
            return Deadline(nominal, nominal)
        due = nominal if rules.on_holiday == "as_is" else before
        if rules.on_holiday == "next":
            due = working_day(nominal, +1, district)
    except UserError as unknown:
        return Deadline(nominal, None, f"期限日是否休息无法判断：{unknown.message}")
    moved = "" if due == nominal else f"，按本地规定移至{chinese_date(due)}"
    send_by = due if rules.on_holiday == "next" else before
    return Deadline(due, send_by, f"期限{chinese_date(nominal)}逢休息日{moved}，请于{chinese_date(send_by)}前寄出。")


def open_complaints(suggestion: Suggestion) -> list[Sent]:
    """Return the letters whose latest form says 不满意 and that nobody has answered again since."""
    latest = {item.signatory: item for item in sorted(suggestion.sent, key=lambda item: item.on)}
    return [item for item in latest.values() if item.feedback == "不满意"]


def chinese_date(day: date) -> str:
    """Write a day as letters do: ``2026年7月20日``."""
    return f"{day.year}年{day.month}月{day.day}日"
