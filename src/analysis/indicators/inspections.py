"""Random inspections: how many were looked at, what had to be put right and was, what was published and when."""

from __future__ import annotations

import pandas as pd

from analysis.indicators.institutions import standing
from analysis.indicators.registered import Registers, counts, registered
from analysis.rules import school_days

PUBLICATION = "inspection.publication"


def inspected(registers: Registers) -> pd.DataFrame:
    """Return the inspections of the term up to the day, with the institution's ``training`` and ``risk``."""
    rows = registers["inspections"]
    rows = rows[(rows["date"] >= pd.Timestamp(registers.start)) & (rows["date"] <= registers.day)]
    known = registers["institutions"].sort_values("from").drop_duplicates("institution", keep="last")
    about = known[["institution", "kind", "risk"]].rename(columns={"kind": "training"})
    return rows.merge(about, on="institution", how="left")


@registered("institutions.inspections", by=("round", "result", "training"), form="sum")
def inspections(registers: Registers) -> pd.DataFrame:
    """Inspections of the term."""
    return inspected(registers).assign(numerator=1, denominator=1)


@registered("institutions.inspected", by=("training", "risk"))
def sampled(registers: Registers) -> pd.DataFrame:
    """Institutions inspected at least once in the term over those that stand on the day."""
    rows = standing(registers["institutions"], registers.day)
    return counts(rows, rows["institution"].isin(inspected(registers)["institution"]))


def _to_mend(registers: Registers) -> pd.DataFrame:
    rows = inspected(registers)
    return rows[rows["result"] != "passed"]


def _mended(rows: pd.DataFrame, registers: Registers) -> pd.Series[bool]:
    return rows["mended_on"].notna() & (rows["mended_on"] <= registers.day)


@registered("institutions.rectified", by=("round", "training"))
def rectified(registers: Registers) -> pd.DataFrame:
    """Inspections whose faults were put right by the day over those with faults."""
    rows = _to_mend(registers)
    return counts(rows, _mended(rows, registers))


def _undated(registers: Registers) -> pd.DataFrame:
    """Return the inspections whose faults are open and have no deadline: whether it has passed is not known."""
    rows = _to_mend(registers)
    return rows[~_mended(rows, registers) & rows["deadline"].isna()]


@registered("institutions.rectification_overdue", by=("round", "institution"), form="sum", unclear=_undated)
def rectification_overdue(registers: Registers) -> pd.DataFrame:
    """Inspections whose faults are open beyond their deadline on the day."""
    rows = _to_mend(registers)
    return counts(rows, ~_mended(rows, registers) & (rows["deadline"] < registers.day))


def published_by(day: pd.Timestamp, limit: float, district: str) -> pd.Timestamp:
    """Return the last day on which an inspection's result may be published: so many working days after it."""
    end = day + pd.Timedelta(days=2 * int(limit) + 21)  # no run of holidays is longer
    days = school_days((day + pd.Timedelta(days=1)).date(), end.date(), district)
    return pd.Timestamp(days[int(limit) - 1])


@registered("institutions.published_in_time", by=("round",))
def published_in_time(registers: Registers) -> pd.DataFrame:
    """Results published within the rule's working days over those published or past that time."""
    rows = inspected(registers)
    district = registers.study.scope.district
    last = []
    for day in rows["date"]:
        limit = registers.rule(PUBLICATION, day.date())
        last.append(pd.NaT if limit is None else published_by(day, limit, district))
    rows = rows.assign(last=pd.Series(last, index=rows.index, dtype="datetime64[ns]"))
    done = rows["published_on"].notna() & (rows["published_on"] <= registers.day)
    rows = rows[rows["last"].notna() & (done | (rows["last"] < registers.day))]
    return counts(rows, done[rows.index] & (rows["published_on"] <= rows["last"]))
