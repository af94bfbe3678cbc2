"""What the bureau follows up: tasks, supervision actions, working bodies, outreach, policy documents."""

from __future__ import annotations

import re
from typing import Any

import pandas as pd

from analysis.house.content import Json
from analysis.indicators.dimensions import LABELS
from analysis.indicators.registered import Registers, counts, registered
from analysis.reference.documents import Document, documents_file

_YEAR = re.compile(r"〔(\d{4})〕")


@registered("supervision.tasks_done", by=("school", "task"), amounts=True)
def tasks_done(registers: Registers) -> pd.DataFrame:
    """Tasks done over tasks due; a school with nothing due is in no denominator."""
    tasks = registers["tasks"]
    return tasks.assign(task=tasks["item"], numerator=tasks["done"], denominator=tasks["due"])


def actions(registers: Registers) -> pd.DataFrame:
    """Return the actions of the term up to the day looked at, with their ``action`` (kind)."""
    rows = registers["supervision"].rename(columns={"action": "number"})
    rows = rows[(rows["date"] >= pd.Timestamp(registers.start)) & (rows["date"] <= registers.day)]
    return rows.assign(action=rows["kind"])


def _closed(rows: pd.DataFrame, registers: Registers) -> pd.Series[bool]:
    return rows["closed_on"].notna() & (rows["closed_on"] <= registers.day)


@registered("supervision.actions", by=("action",), form="sum")
def number_of_actions(registers: Registers) -> pd.DataFrame:
    """Actions of the term."""
    return actions(registers).assign(numerator=1, denominator=1)


@registered("supervision.kinds_used", fixed=True)
def kinds_used(registers: Registers) -> pd.DataFrame:
    """Kinds of action that were used over the four kinds."""
    used = set(actions(registers)["action"])
    kinds = pd.DataFrame({"action": list(LABELS["action"])})
    return counts(kinds, kinds["action"].isin(used))


@registered("supervision.closed", by=("action",))
def closed(registers: Registers) -> pd.DataFrame:
    """Actions closed by the day over all actions."""
    rows = actions(registers)
    return counts(rows, _closed(rows, registers))


def undated(registers: Registers) -> pd.DataFrame:
    """Return the actions without a deadline: whether one has passed is not known."""
    rows = actions(registers)
    return rows[rows["deadline"].isna()]


def undated_open(registers: Registers) -> pd.DataFrame:
    """Return those of them that are open on the day."""
    rows = undated(registers)
    return rows[~_closed(rows, registers)]


@registered("supervision.closed_in_time", by=("action",), unclear=undated)
def closed_in_time(registers: Registers) -> pd.DataFrame:
    """Actions closed by their deadline over actions whose deadline has passed."""
    rows = actions(registers)
    due = rows[rows["deadline"] < registers.day]
    return counts(due, due["closed_on"].notna() & (due["closed_on"] <= due["deadline"]))


@registered("supervision.overdue", by=("action",), form="sum", unclear=undated_open)
def overdue(registers: Registers) -> pd.DataFrame:
    """Actions that are open beyond their deadline on the day."""
    rows = actions(registers)
    return counts(rows, rows["number"].isin(open_beyond(registers)["number"]))


def open_beyond(registers: Registers) -> pd.DataFrame:
    """Return the actions that are open beyond their deadline on the day, the oldest first."""
    rows = actions(registers)
    return rows[~_closed(rows, registers) & (rows["deadline"] < registers.day)].sort_values("deadline")


def members(told: Any) -> list[str]:
    """Return the members that a cell lists, without the 等 that says that there are more.

    >>> members("区教育局、区财政局等")
    ['区教育局', '区财政局']
    """
    return [name for name in str(told or "").strip().removesuffix("等").split("、") if name] if pd.notna(told) else []


def _of_no_number(registers: Registers) -> pd.DataFrame:
    """Return the bodies that do not state how many members they have."""
    rows = registers["bodies"]
    return rows[rows["stated"].isna()]


@registered("supervision.members_listed", by=("level",), amounts=True, unclear=_of_no_number)
def members_listed(registers: Registers) -> pd.DataFrame:
    """Members listed over members stated, of the bodies that state how many they have."""
    bodies = registers["bodies"].dropna(subset=["stated"])
    return bodies.assign(numerator=bodies["members"].map(lambda told: len(members(told))), denominator=bodies["stated"])


@registered("supervision.outreach", by=("school", "channel"), whole="channel")
def outreach(registers: Registers) -> pd.DataFrame:
    """Schools that used a channel (any, or the one asked for) over all schools of the register."""
    told = registers["outreach"]
    told = told[told["date"] <= registers.day]
    channels = ["", *told["channel"].dropna().unique()]
    every = registers.schools.merge(pd.DataFrame({"channel": channels}), how="cross")
    used = {(row.school, row.channel) for row in told.itertuples()} | {(school, "") for school in told["school"]}
    return counts(every, pd.Series([(row.school, row.channel) in used for row in every.itertuples()], dtype=bool))


@registered("supervision.documents", by=("year", "document_kind"), form="sum")
def documents(registers: Registers) -> pd.DataFrame:
    """Documents of the register (``data/reference/documents.toml``) issued by the day, superseded ones left out."""
    entries = documents_file()
    replaced = {number for entry in entries for number in entry.supersedes}
    rows: list[Json] = [
        {"number": entry.number, "year": _year(entry), "document_kind": entry.kind}
        for entry in entries
        if entry.number not in replaced and not (entry.date and entry.date > registers.on)
    ]
    known = [row for row in rows if row["year"] and row["year"] <= registers.on.year]
    frame = pd.DataFrame(known, columns=["number", "year", "document_kind"])
    return frame.assign(numerator=1, denominator=1)


def _year(entry: Document) -> int:
    found = _YEAR.search(entry.number)
    return int(found[1]) if found else entry.date.year if entry.date else 0


def _reach_untold(registers: Registers) -> pd.DataFrame:
    """Return the measures of which it is not told how many teachers they reached, or how many the school has."""
    rows, staff = registers["relief"], registers["teachers"].dropna(subset=["teachers"])
    rows = rows[(rows["date"] <= registers.day) | rows["date"].isna()]
    rows = rows[rows["teachers"].isna() | ~rows["school"].isin(staff["school"])]
    return pd.concat([rows, rows.assign(measure="")])


@registered("service.relief_use", by=("school", "measure"), whole="measure", amounts=True, unclear=_reach_untold)
def relief_use(registers: Registers) -> pd.DataFrame:
    """Teachers that a relief measure reached over the teachers of the schools that took it.

    Of all measures together, a school counts with the one that reached most: who was reached by several is not known.
    """
    rows = registers["relief"]
    rows = rows[(rows["date"] <= registers.day) | rows["date"].isna()].dropna(subset=["teachers"])
    reached = rows.rename(columns={"teachers": "numerator"})[["school", "measure", "numerator"]]
    rows = reached.groupby(["school", "measure"])[["numerator"]].max().reset_index()
    most = rows.groupby("school")[["numerator"]].max().reset_index().assign(measure="")
    staff = registers["teachers"].dropna(subset=["teachers"])[["school", "teachers"]]
    together = pd.concat([rows, most]).merge(staff, on="school").rename(columns={"teachers": "denominator"})
    return together.assign(numerator=together[["numerator", "denominator"]].min(axis=1))
