"""Off-campus institutions as their register stands on a day: kinds, authorities, notices and pledges, lists."""

from __future__ import annotations

import pandas as pd

from analysis.indicators.registered import Registers, counts, registered

EDUCATION = "教育|教委|教体局"
"""The education authority, whatever else it is in charge of (教育和体育局), as a regular expression."""
SUSPENDED = ("subject", "repeat")
"""Kinds that the suspension of offline subject tutoring concerns."""


def standing(register: pd.DataFrame, on: pd.Timestamp) -> pd.DataFrame:
    """Return the entries of the register that hold on a day, one row an institution.

    1. An entry holds from its first to its last day, both included; without a last day it holds until now.
    2. An institution that is closed and tells no last day does not stand on any day.
    3. Where two entries of one institution hold, the later one does (`analysis.indicators.crosschecks` reports both).

    Parameters
    ----------
    register
        ``institution, kind, authority, status, from, to, risk``.
    on
        The day.

    Returns
    -------
    pandas.DataFrame
        The same columns, and ``training`` (the kind).
    """
    begun = register["from"] <= on
    lasting = register["to"].isna() | (register["to"] >= on)
    gone = (register["status"] == "closed") & register["to"].isna()
    holding = register[begun & lasting & ~gone].sort_values(["institution", "from"])
    return (
        holding.drop_duplicates("institution", keep="last")
        .assign(training=lambda rows: rows["kind"])
        .reset_index(drop=True)
    )


@registered("institutions.count", by=("training", "authority", "risk"), form="sum")
def count(registers: Registers) -> pd.DataFrame:
    """Institutions that stand on the day."""
    return standing(registers["institutions"], registers.day).assign(numerator=1, denominator=1)


@registered("institutions.handed_over")
def handed_over(registers: Registers) -> pd.DataFrame:
    """Non-subject institutions under another authority than the education bureau over all of them."""
    rows = standing(registers["institutions"], registers.day).query("training == 'other'")
    return counts(rows, ~rows["authority"].astype(str).str.contains(EDUCATION))


def _concerned(registers: Registers) -> pd.DataFrame:
    """Return the institutions that stood when the first notice was served and that the suspension concerns."""
    notices = registers["notices"]
    notices = notices[notices["date"] <= registers.day]
    if notices.empty:
        return standing(registers["institutions"], registers.day).iloc[:0]
    first = notices["date"].min()
    rows = standing(registers["institutions"].assign(status=""), first)
    return rows[rows["training"].isin(SUSPENDED)]


def _papers(registers: Registers, kind: str) -> pd.DataFrame:
    notices = registers["notices"]
    own = notices[(notices["kind"] == kind) & (notices["date"] <= registers.day)]
    rows = _concerned(registers)
    return counts(rows, rows["institution"].isin(own["institution"]))


@registered("institutions.notices", by=("training",))
def notices_served(registers: Registers) -> pd.DataFrame:
    """Institutions with a notice of suspension over those that it concerns."""
    return _papers(registers, "notice")


@registered("institutions.pledges", by=("training",))
def pledges_signed(registers: Registers) -> pd.DataFrame:
    """Institutions with a signed pledge over those that it concerns."""
    return _papers(registers, "pledge")


def listed(registers: Registers) -> pd.DataFrame:
    """Return the entries of the white and the black list that hold on the day."""
    rows = registers["lists"]
    return rows[(rows["from"] <= registers.day) & (rows["to"].isna() | (rows["to"] >= registers.day))]


@registered("institutions.listed", by=("list",), form="sum", whole="list")
def on_lists(registers: Registers) -> pd.DataFrame:
    """Institutions on the white or black list on the day; of both lists together each once."""
    rows = listed(registers)[["institution", "list"]]
    both = pd.concat([rows, rows.assign(list="")]).drop_duplicates()
    return both.assign(numerator=1, denominator=1)
