"""What became of a draw: results, publication and rectifications, each followed to its deadline."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

import pandas as pd

from analysis.house.content import Json
from analysis.indicators.inspections import PUBLICATION, published_by
from analysis.inspections.protocol import Protocol
from analysis.rules import rule
from analysis.snapshots import Snapshot

STATES = {
    "open": "待检查",
    "passed": "合格",
    "mending": "整改中",
    "overdue": "整改逾期",
    "mended": "已整改",
}
PUBLISHED = {"": "—", "published": "已公示", "late": "公示逾期", "waiting": "待公示", "missing": "逾期未公示"}


@dataclass(frozen=True, slots=True)
class Followed:
    """One inspection of a round on a day.

    Parameters
    ----------
    institution, name
        Code and name.
    state
        Key of `STATES`.
    deadline
        Until when faults must be put right; None where there are none.
    publication
        Key of `PUBLISHED`: whether the result was published in the working days of the rule; ``""`` before it is due.
    publish_by
        The last day for it.
    changed
        What differs from the protocol, in Chinese: other inspectors, an institution that was not drawn.
    """

    institution: str
    name: str
    state: str
    deadline: date | None = None
    publication: str = ""
    publish_by: date | None = None
    changed: str = ""

    def as_dict(self) -> Json:
        """Return it as JSON can hold it."""
        days = {name: getattr(self, name) and getattr(self, name).isoformat() for name in ("deadline", "publish_by")}
        return asdict(self) | days


def followed(told: Protocol, snapshot: Snapshot, on: date) -> tuple[Followed, ...]:
    """Return what became of each inspection of a round by a day, those inspected without being drawn at the end."""
    rows = (
        snapshot.frame("inspections") if "inspections" in snapshot.tables else pd.DataFrame(columns=["round", "date"])
    )
    own = rows[(rows["round"] == told["round"]) & (pd.to_datetime(rows["date"]) <= pd.Timestamp(on))]
    results = {row["institution"]: row for row in own.to_dict("records")}
    names = {each["institution"]: each["name"] for each in told["lists"]["candidates"]}
    drawn = {each["institution"]: each for each in told["visits"]}
    found = []
    for code in (*drawn, *sorted(set(results) - set(drawn))):
        row = results.get(code)
        name = names.get(code, code)
        if row is None:
            found.append(Followed(code, name, "open"))
            continue
        found.append(_one(code, name, row, drawn.get(code), on, told["district"]))
    return tuple(found)


def _one(code: str, name: str, row: Json, visit: Json | None, on: date, district: str) -> Followed:
    day = pd.Timestamp(on)
    mended: bool = pd.notna(row["mended_on"]) and row["mended_on"] <= day
    late: bool = pd.notna(row["deadline"]) and row["deadline"] < day
    state = "passed" if row["result"] == "passed" else "mended" if mended else "overdue" if late else "mending"
    limit = rule(PUBLICATION, row["date"].date(), district)
    last = None if limit is None else published_by(row["date"], limit.value, district)
    changed = "不在抽取名单中" if visit is None else ""
    if visit is not None and set(str(row["inspectors"]).split("、")) != set(visit["inspectors"]):
        changed = f"抽取的检查人员为{'、'.join(visit['inspectors'])}，实派{row['inspectors']}"
    return Followed(
        code,
        name,
        state,
        None if pd.isna(row["deadline"]) else row["deadline"].date(),
        _publication(row["published_on"], last, day),
        None if last is None else last.date(),
        changed,
    )


def _publication(published: Any, last: pd.Timestamp | None, day: pd.Timestamp) -> str:
    if last is None:
        return ""
    if pd.notna(published) and published <= day:
        return "published" if published <= last else "late"
    return "missing" if last < day else "waiting"
