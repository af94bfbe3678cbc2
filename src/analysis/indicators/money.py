"""Money of off-campus institutions: risk deposits against their tiers, prepaid contracts against the limits of the day."""

from __future__ import annotations

from datetime import date
from typing import Any

import pandas as pd

from analysis.indicators.dimensions import LABELS
from analysis.indicators.institutions import standing
from analysis.indicators.registered import Registers, counts, registered
from analysis.indicators.registry import Figure
from analysis.indicators.statistic import Where

TIERS = {"1": "small", "2": "medium", "3": "large"}
"""Tier of the register → condition ``kind`` of the rule ``deposit.tier``."""

BREACHES = {f"beyond_{name}": name for name in LABELS["breach"]}
"""Column of a contract's breach → value of the dimension ``breach``."""


def deposits(registers: Registers) -> pd.DataFrame:
    """Return the institutions that stand on the day with their deposits (missing where they have none).

    Adds ``owed``, the amount that the tier's rule asks on the day (where no rule holds, or there is no deposit:
    missing), to the deposit's own columns.
    """
    own = standing(registers["institutions"], registers.day)[["institution", "training", "authority"]]
    rows = own.merge(registers["deposits"], on="institution", how="left")
    asked = {tier: registers.rule("deposit.tier", registers.on, kind=kind) for tier, kind in TIERS.items()}
    return rows.assign(owed=rows["tier"].map(asked).astype("float64"))


@registered("institutions.deposit_coverage", by=("training", "authority", "institution"))
def deposit_coverage(registers: Registers) -> pd.DataFrame:
    """Institutions whose account holds what their tier asks over institutions that stand on the day."""
    rows = deposits(registers)
    return counts(rows, rows["balance"] >= rows["owed"])


def shortfall_ends(registers: Registers, figure: Figure, told: Where, unknown: int) -> tuple[float, float] | None:
    """Return the sum without what was put aside, and with the amount of the dearest tier lacking in each row of it."""
    asked = [registers.rule("deposit.tier", registers.on, kind=kind) for kind in TIERS.values()]
    value, most = figure.estimate.value or 0.0, max((each for each in asked if each is not None), default=None)
    return None if most is None else (value, value + unknown * most / 10_000)


@registered(
    "institutions.deposit_shortfall", by=("training", "authority"), form="sum", amounts=True, ends=shortfall_ends
)
def deposit_shortfall(registers: Registers) -> pd.DataFrame:
    """What the accounts lack of what the tiers ask, in 万元; the base is the deposits in the register."""
    rows = deposits(registers).dropna(subset=["owed"])
    lacking = (rows["owed"] - rows["balance"].fillna(0)).clip(lower=0)
    return rows.assign(numerator=lacking / 10_000, denominator=1)


@registered("institutions.deposit_on_tier", by=("training", "tier"))
def deposit_on_tier(registers: Registers) -> pd.DataFrame:
    """Deposits whose amount asked is that of their tier over the deposits in the register."""
    rows = deposits(registers).dropna(subset=["owed"])
    return counts(rows, rows["required"] == rows["owed"])


@registered("institutions.deposit_before_opening", by=("training",))
def deposit_before_opening(registers: Registers) -> pd.DataFrame:
    """Deposits agreed by three parties by the day of opening over the deposits in the register."""
    rows = deposits(registers).dropna(subset=["tier"])
    return counts(rows, rows["agreed_on"].notna() & (rows["agreed_on"] <= rows["opened_on"]))


def without_account(registers: Registers) -> pd.DataFrame:
    """Return the deposits in the register of which the account is not told."""
    rows = deposits(registers).dropna(subset=["tier"])
    return rows[rows["account"].isna()]


@registered(
    "institutions.own_account",
    by=("training",),
    tables=("deposits", "institutions"),
    unclear=without_account,
    mutual=True,
)
def own_account(registers: Registers) -> pd.DataFrame:
    """Deposits on an account of which no other institution makes use over the deposits of which the account is told."""
    rows, every = deposits(registers).dropna(subset=["account"]), registers["deposits"].dropna(subset=["account"])
    shared = every.loc[every["account"].duplicated(keep=False), "account"]
    return counts(rows, ~rows["account"].isin(shared))


def contracts(registers: Registers) -> pd.DataFrame:
    """Return the contracts signed in the term by the day, each with the limits that it goes beyond.

    Adds ``training`` and one column for each of `BREACHES`, true where the contract breaks the rule that held on the
    day of signing: its length, its lessons, its amount (non-subject), signed too early before it begins, or without a
    last day, so that no length can be told.
    """
    rows = registers["contracts"]
    rows = rows[(rows["signed_on"] >= pd.Timestamp(registers.start)) & (rows["signed_on"] <= registers.day)]
    known = registers["institutions"].sort_values("from").drop_duplicates("institution", keep="last")
    rows = rows.merge(known[["institution", "kind"]].rename(columns={"kind": "training"}), on="institution", how="left")
    held = {day: _limits(registers, day.date()) for day in rows["signed_on"].unique()}
    found = [_beyond(row, held[row["signed_on"]]) for row in rows.to_dict("records")]
    return rows.join(pd.DataFrame(found, index=rows.index, columns=list(BREACHES)).astype(bool))


def _limits(registers: Registers, day: date) -> dict[str, float | None]:
    return {
        "months": registers.rule("prepaid.months", day),
        "lessons": registers.rule("prepaid.lessons", day),
        "amount": registers.rule("prepaid.amount", day, kind="non_subject"),
        "early": registers.rule("prepaid.lead", day),
    }


def _beyond(row: dict[Any, Any], limits: dict[str, float | None]) -> list[bool]:
    def more(value: Any, name: str) -> bool:
        limit = limits[name]
        return limit is not None and bool(pd.notna(value)) and float(value) > limit

    def past(first: Any, last: Any, name: str) -> bool:
        limit = limits[name]
        if limit is None or pd.isna(first) or pd.isna(last):
            return False
        return bool(last > first + pd.DateOffset(months=int(limit)))

    return [
        past(row["from"], row["to"], "months"),
        more(row["lessons"], "lessons"),
        row["training"] == "other" and more(row["fee"], "amount"),
        past(row["signed_on"], row["from"], "early"),
        bool(pd.isna(row["to"])),
    ]


def _untold(rows: pd.DataFrame) -> pd.Series[bool]:
    """Tell which contracts keep the other limits and do not tell their lessons."""
    return rows["lessons"].isna() & ~rows[list(BREACHES)].any(axis=1)


def _lessons_untold(registers: Registers) -> pd.DataFrame:
    """Return the contracts of which it is not known whether they keep every limit."""
    rows = contracts(registers)
    return rows[_untold(rows)]


def _may_be_beyond(registers: Registers) -> pd.DataFrame:
    """Return the contracts that do not tell their lessons as what each may be: beyond that limit, and beyond any."""
    rows = contracts(registers)
    untold = rows[rows["lessons"].isna()].assign(breach=BREACHES["beyond_lessons"])
    return pd.concat([rows[_untold(rows)].assign(breach=""), untold])


@registered("institutions.prepaid_within", by=("training", "institution"), unclear=_lessons_untold)
def prepaid_within(registers: Registers) -> pd.DataFrame:
    """Contracts that keep every limit of the day of signing over contracts signed in the term of which that is known."""
    rows = contracts(registers)
    rows = rows[~_untold(rows)]
    return counts(rows, ~rows[list(BREACHES)].any(axis=1))


@registered("institutions.prepaid_beyond", by=("breach",), form="sum", whole="breach", unclear=_may_be_beyond)
def prepaid_beyond(registers: Registers) -> pd.DataFrame:
    """Contracts that go beyond a limit (any, or the one asked for); the base is the contracts of which that is known."""
    rows = contracts(registers)
    known = dict.fromkeys(BREACHES.values(), rows) | {"lessons": rows[rows["lessons"].notna()]}
    parts = [counts(known[name].assign(breach=name), known[name][column]) for column, name in BREACHES.items()]
    told = rows[~_untold(rows)]
    return pd.concat([counts(told.assign(breach=""), told[list(BREACHES)].any(axis=1)), *parts], ignore_index=True)
