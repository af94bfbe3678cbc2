"""Registers held against each other: what no register shows by itself.

Each check is a function ``(registers) -> rows`` with the columns of `COLUMNS`; a register that is not there makes no
finding. The findings are to be looked into, not verdicts: a name may be that of another institution.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

import pandas as pd

from analysis.indicators.conflicts_unknown import conflict_ends
from analysis.indicators.dimensions import LABELS
from analysis.indicators.inspections import inspected
from analysis.indicators.institutions import EDUCATION, listed, standing
from analysis.indicators.measuring import values
from analysis.indicators.money import without_account
from analysis.indicators.registered import Registers, registered
from analysis.indicators.registry import Figure
from analysis.indicators.statistic import Where

COLUMNS = ["conflict", "institution", "name", "school", "day", "detail"]
Check = Callable[[Registers], pd.DataFrame]
_CHECKS: dict[str, tuple[Check, tuple[str, ...]]] = {}


def _check(name: str, *tables: str) -> Callable[[Check], Check]:
    def bind(function: Check) -> Check:
        _CHECKS[name] = function, tables
        return function

    return bind


def findings(registers: Registers) -> pd.DataFrame:
    """Return what the checks find on the day: `COLUMNS`, in the checks' order.

    ``conflict`` is a key of ``LABELS["conflict"]`` in `analysis.indicators.dimensions`; ``school`` is ``""`` where no
    school is concerned; ``day`` is the first day of the conflict (missing: not dated); ``detail`` says it in Chinese.
    """
    parts = [
        check(registers).assign(conflict=name) for name, (check, tables) in _CHECKS.items() if _has(registers, tables)
    ]
    found = (
        pd.concat([pd.DataFrame(columns=COLUMNS), *parts], ignore_index=True)
        if parts
        else pd.DataFrame(columns=COLUMNS)
    )
    names = _names(registers)
    found["name"] = found["name"].fillna(found["institution"].map(names)).fillna(found["institution"])
    found["school"] = found["school"].fillna("")
    found["day"] = pd.to_datetime(found["day"])
    return found[COLUMNS]


def _has(registers: Registers, tables: Iterable[str]) -> bool:
    return all(registers.has(table) for table in tables)


def unchecked(registers: Registers) -> list[str]:
    """Return the checks that could not be made, since a register was not handed in: keys of ``LABELS["conflict"]``."""
    return [name for name, (_, tables) in _CHECKS.items() if not _has(registers, tables)]


def _unseen(registers: Registers) -> pd.DataFrame:
    """Return what a check cannot see: deposits without an account, inspections without inspectors that the register knows."""
    parts = [pd.DataFrame({"conflict": []})]
    if _has(registers, ("institutions", "deposits")):
        parts.append(without_account(registers).assign(conflict="shared_account"))
    if _has(registers, ("inspections", "inspectors", "institutions")):
        rows, people = inspected(registers), set(registers["inspectors"]["inspector"])
        sent = [set(str(told).split("、")) for told in rows["inspectors"]]
        parts.append(rows[[not those <= people for those in sent]].assign(conflict="interest"))
    return pd.concat(parts)


def _ends(registers: Registers, figure: Figure, told: Where, unknown: int) -> tuple[float, float]:
    wanted = values(told["conflict"]) if "conflict" in told else list(_CHECKS)
    found, unseen = (rows["conflict"].value_counts().to_dict() for rows in (findings(registers), _unseen(registers)))
    return conflict_ends(registers, {name: _CHECKS[name][1] for name in wanted if name in _CHECKS}, found, unseen)


@registered(
    "institutions.conflicts", by=("conflict",), form="sum", some=True, amounts=True, unclear=_unseen, ends=_ends
)
def conflicts(registers: Registers) -> pd.DataFrame:
    """Findings of the checks."""
    return findings(registers).assign(numerator=1, denominator=1)


def _names(registers: Registers) -> dict[str, str]:
    if not registers.has("institutions"):
        return {}
    register = registers["institutions"].drop_duplicates("institution", keep="last")
    return dict(zip(register["institution"], register["name"], strict=True))


def _held(registers: Registers) -> pd.DataFrame:
    """Return each day on which an outside provider holds a course: ``school, course, day, name, qualified_*``."""
    days = registers.study.days[["date", "weekday"]].rename(columns={"date": "day"})
    courses = registers["courses"].dropna(subset=["provider"]).merge(days, on="weekday")
    people = registers["providers"]
    known = pd.concat([people, people.assign(provider=people["name"])]).drop_duplicates("provider")
    return courses.merge(known, on="provider", how="left").fillna({"name": courses["provider"]})


def _courses(rows: pd.DataFrame, why: str) -> pd.DataFrame:
    """Return one finding for each course among days on which it should not have been held."""
    grouped = rows.groupby(["school", "course", "name"], as_index=False)
    found = grouped.agg(day=("day", "min"), days=("day", "nunique"), institution=("institution", "first"))
    told = [f"课程“{row.course}”{why}{row.days}个上课日" for row in found.itertuples()]
    return found.assign(detail=told)


@_check("blacklisted", "courses", "providers", "institutions", "lists")
def provider_on_the_black_list(registers: Registers) -> pd.DataFrame:
    """A provider that was on the black list on the day of a course (found by its name in the register)."""
    codes = {name: code for code, name in _names(registers).items()}
    black = registers["lists"].query("list == 'black'")[["institution", "from", "to"]]
    held = _held(registers)
    rows = held.assign(institution=held["name"].map(codes)).merge(black, on="institution")
    return _courses(
        rows[(rows["from"] <= rows["day"]) & (rows["to"].isna() | (rows["to"] >= rows["day"]))], "在列入黑名单期间有"
    )


@_check("unqualified", "courses", "providers")
def provider_without_qualification(registers: Registers) -> pd.DataFrame:
    """A provider that is not in the register of providers, or not qualified on the day of a course."""
    held = _held(registers)
    begun = held["qualified_from"].notna() & (held["qualified_from"] <= held["day"])
    lasting = held["qualified_to"].isna() | (held["qualified_to"] >= held["day"])
    rows = held[~(begun & lasting)]
    return _courses(rows.assign(institution=rows["provider"]), "在提供方没有有效资质的情况下有")


@_check("old_authority", "institutions")
def still_under_the_old_authority(registers: Registers) -> pd.DataFrame:
    """An institution handed over to another authority whose entry under the old one has not ended."""
    rows = registers["institutions"]
    holding = rows[(rows["from"] <= registers.day) & (rows["to"].isna() | (rows["to"] >= registers.day))]
    last = holding.sort_values("from").groupby("institution").last()
    earlier = holding[holding["authority"] != holding["institution"].map(last["authority"])]
    now = earlier["institution"].map(last["authority"])
    told = [f"已移交{new}，仍在{old}名下" for new, old in zip(now, earlier["authority"], strict=True)]
    since = earlier["institution"].map(last["from"].to_dict())  # (of a Series without rows map takes no dates)
    return earlier.assign(day=since, detail=told)[["institution", "day", "detail"]]


@_check("not_handed_over", "institutions")
def not_handed_over(registers: Registers) -> pd.DataFrame:
    """A non-subject institution that is under the education bureau alone."""
    rows = standing(registers["institutions"], registers.day).query("kind == 'other'")
    own = rows[rows["authority"].astype(str).str.contains(EDUCATION)]
    told = [f"非学科类，仍由{each}主管" for each in own["authority"]]
    return own.assign(day=None, detail=told)[["institution", "day", "detail"]]


@_check("no_deposit", "institutions", "deposits")
def deposit_missing_before_opening(registers: Registers) -> pd.DataFrame:
    """An institution that stands on the day without a deposit, or whose deposit was agreed after it had opened."""
    own = standing(registers["institutions"], registers.day)[["institution", "from"]]
    rows = own.merge(registers["deposits"], on="institution", how="left")
    none = rows[rows["balance"].isna()].assign(detail="没有保证金账户", day=lambda each: each["from"])
    late = rows[rows["balance"].notna() & ~(rows["agreed_on"] <= rows["opened_on"])]
    late = late.assign(detail="开办时还没有三方协议", day=late["opened_on"])
    return pd.concat([none, late])[["institution", "day", "detail"]]


@_check("shared_account", "deposits")
def two_on_one_account(registers: Registers) -> pd.DataFrame:
    """Two institutions on one account."""
    rows = registers["deposits"].dropna(subset=["account"]).sort_values("institution")
    names: dict[str, str] = {}
    if registers.has("institutions"):
        known = registers["institutions"]
        names = dict(zip(known["institution"], known["name"], strict=True))
    found = [
        {
            "institution": code,
            "day": None,
            "detail": f"与{'、'.join(names.get(other, other) for other in together if other != code)}共用账户",
        }
        for together in rows.groupby("account")["institution"].agg(list)
        for code in (together if len(together) > 1 else [])
    ]
    return pd.DataFrame(found, columns=["institution", "day", "detail"])


@_check("no_notice", "notices")
def pledge_without_notice(registers: Registers) -> pd.DataFrame:
    """A pledge to suspend offline subject tutoring without a notice."""
    rows = registers["notices"]
    rows = rows[rows["date"] <= registers.day]
    noticed = set(rows.loc[rows["kind"] == "notice", "institution"])
    own = rows[(rows["kind"] == "pledge") & ~rows["institution"].isin(noticed)]
    return own.assign(day=own["date"], detail="签了承诺书而没有送达通知的登记")[["institution", "day", "detail"]]


@_check("both_lists", "lists")
def on_both_lists(registers: Registers) -> pd.DataFrame:
    """An institution on the white and the black list on the day."""
    rows = listed(registers)
    kinds = rows.groupby("institution")["list"].nunique()
    own = rows[rows["institution"].isin(kinds[kinds > 1].index)]
    first = own.groupby("institution", as_index=False)["from"].max()
    found: pd.DataFrame = first.assign(day=first["from"], detail="同时在白名单与黑名单上")[
        ["institution", "day", "detail"]
    ]
    return found


@_check("stale_list", "lists", "institutions")
def listed_but_gone(registers: Registers) -> pd.DataFrame:
    """An institution on a list that does not stand on the day any more."""
    there = standing(registers["institutions"], registers.day)["institution"]
    own = listed(registers)
    own = own[~own["institution"].isin(there)]
    return own.assign(day=own["from"], detail="已不在册而仍在名单上")[["institution", "day", "detail"]]


@_check("interest", "inspections", "inspectors", "institutions")
def inspector_with_an_interest(registers: Registers) -> pd.DataFrame:
    """An inspector who was sent to an institution in which he has an interest."""
    people = registers["inspectors"].fillna({"interests": ""})
    barred = {(row.inspector, code) for row in people.itertuples() for code in str(row.interests).split("、") if code}
    found = [
        {
            "institution": row.institution,
            "day": row.date,
            "detail": f"{row.round}派出的检查人员有一名应回避而没有回避，人员见检查结果表",
        }
        for row in inspected(registers).itertuples()
        for person in str(row.inspectors).split("、")
        if (person, row.institution) in barred
    ]
    return pd.DataFrame(found, columns=["institution", "day", "detail"])


def count_quoted(register: pd.DataFrame, on: pd.Timestamp, total: int, parts: Mapping[str, int]) -> list[str]:
    """Hold the count that a letter quotes against the register at the letter's date.

    Parameters
    ----------
    register
        The table ``institutions``.
    on
        The letter's date.
    total
        The number of institutions that it quotes.
    parts
        The numbers by kind (``repeat``, ``subject``, ``other``) that it says make it up.

    Returns
    -------
    list of str
        What does not agree, in Chinese; empty if everything does.
    """
    found = []
    if sum(parts.values()) != total:
        found.append(f"所列各类之和为{sum(parts.values())}家，与所写的{total}家不符")
    kinds = standing(register, on)["kind"].value_counts()
    if int(kinds.sum()) != total:
        found.append(f"所写{total}家，当日名册在册{int(kinds.sum())}家")
    for kind, number in parts.items():
        own = int(kinds.get(kind, 0))
        if own != number:
            found.append(f"所写{LABELS['training'][kind]}{number}家，当日名册{own}家")
    return found
