"""The protocol of a draw: everything that is needed to draw again, the result, and the check of both."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict
from datetime import date, timedelta
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

import pandas as pd

from analysis.house import UserError
from analysis.house.content import Json
from analysis.indicators.institutions import standing
from analysis.inspections.drawing import METHOD, UNKNOWN, Candidate, Inspector, Lists, draw
from analysis.rules import rule
from analysis.snapshots import Snapshot

SHARE, TEAM, REST = "inspection.share", "inspection.team", "inspection.rest"

Protocol = Json


def lists(snapshot: Snapshot, on: date, district: str) -> Lists:
    """Return what is drawn from on a day: institutions that stand, inspectors with what bars them, the rules' values.

    Raises
    ------
    UserError
        If a register or a rule is missing, or nothing stands on that day.
    """
    for name, label in (("institutions", "校外培训机构名册"), ("inspectors", "检查人员名录")):
        if name not in snapshot.tables:
            raise UserError(f"快照 {snapshot.id} 中没有“{label}”；请先交来并执行 shuangjian intake。")
    own = standing(snapshot.frame("institutions"), pd.Timestamp(on)).sort_values("institution")
    if own.empty:
        raise UserError(f"{on} 没有在册的校外培训机构；请核对日期与名册。")
    risks = own["risk"].fillna(UNKNOWN)
    candidates = tuple(Candidate(*row) for row in zip(own["institution"], own["name"], risks, strict=True))
    rest = int(_value(REST, on, district))
    recent = _recent(snapshot, on - timedelta(days=rest), on)
    people = snapshot.frame("inspectors").sort_values("inspector").fillna({"interests": "", "office": ""})
    inspectors = tuple(
        Inspector(
            row["inspector"], row["office"], _split(row["interests"]), tuple(sorted(recent.get(row["inspector"], ())))
        )
        for row in people.to_dict("records")
    )
    shares = {risk: _value(SHARE, on, district, risk=risk) for risk in sorted(set(risks))}
    return Lists(candidates, inspectors, shares, int(_value(TEAM, on, district)))


def _value(id: str, on: date, district: str, **where: object) -> float:
    found = rule(id, on, district, **where)
    if found is None:
        raise UserError(f"{on} 没有可依的规则“{id}”；请在 data/reference/rules.toml 中补上。")
    return found.value


def _split(told: str) -> tuple[str, ...]:
    return tuple(sorted(code for code in str(told).split("、") if code))


def _recent(snapshot: Snapshot, first: date, last: date) -> dict[str, set[str]]:
    """Return for each inspector where he was sent from a day to another."""
    found: dict[str, set[str]] = {}
    if "inspections" not in snapshot.tables:
        return found
    rows = snapshot.frame("inspections")
    rows = rows[(rows["date"] >= pd.Timestamp(first)) & (rows["date"] <= pd.Timestamp(last))]
    for institution, told in zip(rows["institution"], rows["inspectors"].fillna(""), strict=True):
        for person in _split(told):
            found.setdefault(person, set()).add(institution)
    return found


def digest(told: object) -> str:
    """Return the digest of some JSON, however it is laid out (keys in order, no blanks, UTF-8)."""
    plain = json.dumps(told, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(plain.encode()).hexdigest()


def protocol(
    snapshot: Snapshot, *, round_: str, seed: str, published: date, where: str, on: date, district: str
) -> Protocol:
    """Draw, and return the protocol.

    Parameters
    ----------
    snapshot
        Where the registers are.
    round_
        Name of the round, such as ``2026-09第1轮``; not one that has results already.
    seed, published, where
        The seed, the day on which it was published, and where.
    on
        The day of the draw: the registers are taken as they stand on it.
    district
        District code.

    Raises
    ------
    UserError
        If the seed was not published before the day of the draw, or the round was inspected already.
    """
    if not seed.strip():
        raise UserError("随机种子为空；请用 --seed 写上事先公布的种子。")
    if published >= on:
        raise UserError(f"种子公布于 {published}，不早于抽取日 {on}；种子须在抽取之前公布，请改期抽取。")
    if "inspections" in snapshot.tables and round_ in set(snapshot.frame("inspections")["round"]):
        raise UserError(f"轮次“{round_}”已有检查结果，不能再抽；请另写一个轮次。")
    drawn_from = lists(snapshot, on, district)
    told = drawn_from.as_dict()
    visits = draw(seed, round_, drawn_from)
    return {
        "version": 1,
        "method": METHOD,
        "round": round_,
        "date": on.isoformat(),
        "district": district,
        "seed": {"text": seed, "published": published.isoformat(), "where": where},
        "snapshot": snapshot.id,
        "simulated": snapshot.simulated,
        "lists": told,
        "lists_sha256": digest(told),
        "visits": [{**asdict(each), "inspectors": list(each.inspectors)} for each in visits],
    }


def read(file: Path) -> Protocol:
    """Read a protocol.

    Raises
    ------
    UserError
        If it is missing, or no protocol.
    """
    import fastjsonschema

    try:
        told = json.loads(file.read_text(encoding="utf-8"))
        _schema()(told)
    except FileNotFoundError:
        raise UserError(f"找不到“{file}”；请检查路径。") from None
    except (ValueError, fastjsonschema.JsonSchemaException) as slip:
        raise UserError(
            f"“{file}”不是抽取记录（{str(slip)[:80]}）；请用 shuangjian draw 写出的 protocol.json。"
        ) from None
    return dict(told)


@cache
def _schema() -> Any:
    import fastjsonschema

    return fastjsonschema.compile(
        json.loads((files("analysis.inspections") / "protocol.schema.json").read_text("utf-8"))
    )


def differences(told: Protocol, snapshot: Snapshot | None = None) -> list[str]:
    """Draw again from a protocol, and return what differs, in Chinese; empty if it is right.

    Parameters
    ----------
    told
        The protocol.
    snapshot
        The snapshot that it names, where it is at hand: then the lists are held against the registers too.
    """
    found = []
    if told["method"] != METHOD:
        return [f"抽取办法“{told['method']}”不是本程序的“{METHOD}”，不能重抽"]
    if told["seed"]["published"] >= told["date"]:
        found.append(f"种子公布于 {told['seed']['published']}，不早于抽取日 {told['date']}")
    if digest(told["lists"]) != told["lists_sha256"]:
        found.append("名单的摘要与记录不符：名单在抽取之后改过")
    again = {
        each.institution: each for each in draw(told["seed"]["text"], told["round"], Lists.from_dict(told["lists"]))
    }
    noted = {each["institution"]: each for each in told["visits"]}
    found += [f"记录中没有机构“{code}”，重抽应有" for code in sorted(set(again) - set(noted))]
    found += [f"记录中有机构“{code}”，重抽没有" for code in sorted(set(noted) - set(again))]
    for code in sorted(set(again) & set(noted)):
        own = {**asdict(again[code]), "inspectors": list(again[code].inspectors)}
        if own != noted[code]:
            people = "、".join(own["inspectors"])
            found.append(f"机构“{code}”：记录与重抽不符，重抽的检查人员为{people}")
    if snapshot is not None:
        fresh = lists(snapshot, date.fromisoformat(told["date"]), told["district"]).as_dict()
        if digest(fresh) != digest(told["lists"]):
            found.append(f"名单与快照 {snapshot.id} 的登记不符")
    return found
