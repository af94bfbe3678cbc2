"""The random draw: reproducible, by strata, nobody sent where he should not be; a protocol that anyone can check."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from datetime import date
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from small_district import DISTRICT, store

from analysis.cli import main
from analysis.house import UserError
from analysis.inspections.drawing import Candidate, Inspector, Lists, draw, quota
from analysis.inspections.following import followed
from analysis.inspections.protocol import differences, protocol, read
from analysis.snapshots import Snapshot

ON, ROUND, SEED = date(2026, 7, 20), "2026-09第1轮", "公告的数字48213"
TOLD = {"round_": ROUND, "seed": SEED, "published": date(2026, 7, 15), "where": "网站", "on": ON, "district": DISTRICT}


def lists(strata: dict[str, int], people: int = 6, **barred: str) -> Lists:
    candidates = [
        Candidate(f"{risk}{n:02d}", f"模拟{risk}{n}", risk) for risk, size in strata.items() for n in range(size)
    ]
    inspectors = [
        Inspector(f"J{n}", "甲局", tuple(filter(None, barred.get(f"J{n}", "").split("、")))) for n in range(people)
    ]
    return Lists(tuple(candidates), tuple(inspectors), {"A": 0.25, "B": 0.5, "C": 1.0}, 2)


def test_the_draw_can_be_followed_by_hand() -> None:
    tickets = {
        code: hashlib.sha256(f"{SEED}|{ROUND}|institution|{code}".encode()).hexdigest()
        for code in ("A00", "A01", "A02", "A03")
    }
    visits = draw(SEED, ROUND, lists({"A": 4}))
    assert [visit.institution for visit in visits] == [min(tickets, key=tickets.__getitem__)]
    free = {
        f"J{n}": hashlib.sha256(f"{SEED}|{ROUND}|inspector|{visits[0].institution}|J{n}".encode()).hexdigest()
        for n in range(6)
    }
    assert list(visits[0].inspectors) == sorted(free, key=free.__getitem__)[:2]


@settings(max_examples=25, deadline=None)
@given(st.text(min_size=1, max_size=8), st.tuples(st.integers(0, 9), st.integers(0, 9), st.integers(0, 9)))
def test_each_stratum_gives_its_share_and_each_visit_two_who_may_go(seed: str, sizes: tuple[int, int, int]) -> None:
    strata = dict(zip("ABC", sizes, strict=True))
    own = lists(strata, J0="C00、A01", J1="C00")
    visits = draw(seed, ROUND, own)
    assert visits == draw(seed, ROUND, own)
    drawn = Counter(visit.risk for visit in visits)
    assert all(drawn[risk] == quota(size, own.shares[risk]) for risk, size in strata.items())
    barred = {each.inspector: each.interests for each in own.inspectors}
    for visit in visits:
        assert len(set(visit.inspectors)) == 2
        assert all(visit.institution not in barred[person] for person in visit.inspectors)


def test_every_institution_comes_up_as_often_as_its_share_says() -> None:
    """Over 400 seeds each of 8 institutions is drawn 2 in 8 times: 100 ± 4 standard deviations (8.7)."""
    own = lists({"A": 8})
    times = Counter(visit.institution for number in range(400) for visit in draw(str(number), ROUND, own))
    assert set(times) == {each.institution for each in own.candidates}
    assert all(65 <= count <= 135 for count in times.values()), times


def test_load_is_shared() -> None:
    sent = Counter(person for visit in draw(SEED, ROUND, lists({"C": 6})) for person in visit.inspectors)
    assert set(sent.values()) == {2}


def test_too_few_inspectors_stop_the_draw() -> None:
    with pytest.raises(UserError, match=r"机构“C00”可派的检查人员只有 1 名，少于 2 名"):
        draw(SEED, ROUND, lists({"C": 1}, people=3, J0="C00", J1="C00"))


@pytest.fixture
def snapshot(tmp_path: Path) -> Snapshot:
    register = pd.DataFrame(
        [
            (f"M{n:02d}", f"模拟机构{n}", "other", None, "甲局", "open", pd.Timestamp("2024-01-01"), None, risk)
            for n, risk in enumerate(["A", "A", "A", "A", "B", "B", "C", None], start=1)
        ]
        + [
            (
                "M09",
                "模拟机构9",
                "subject",
                None,
                "甲局",
                "closed",
                pd.Timestamp("2020-01-01"),
                pd.Timestamp("2021-12-31"),
                "C",
            )
        ],
        columns=["institution", "name", "kind", "stage", "authority", "status", "from", "to", "risk"],
    ).astype({"to": "datetime64[s]"})
    people = pd.DataFrame(
        {"inspector": [f"J{n}" for n in range(6)], "office": "甲局", "interests": ["M07", *[None] * 5]}
    )
    results = pd.DataFrame(
        [
            ("2026-03第1轮", "M08", "J1、J2", date(2026, 3, 18), "passed", None, None, date(2026, 4, 3)),
            ("2024-03第1轮", "M08", "J3、J4", date(2024, 3, 18), "passed", None, None, date(2024, 4, 3)),
        ],
        columns=["round", "institution", "inspectors", "date", "result", "deadline", "mended_on", "published_on"],
    )
    for name in ("date", "deadline", "mended_on", "published_on"):
        results[name] = pd.to_datetime(results[name])
    return store(tmp_path / "store", institutions=register, inspectors=people, inspections=results)[1]


def test_the_lists_are_those_of_the_day_and_the_rules(snapshot: Snapshot) -> None:
    told = protocol(snapshot, **TOLD)
    assert [each["institution"] for each in told["lists"]["candidates"]] == [f"M{n:02d}" for n in range(1, 9)]
    assert told["lists"]["shares"] == {"A": 0.25, "B": 0.5, "C": 1.0, "未定级": 1.0}
    recent = {each["inspector"]: each["recent"] for each in told["lists"]["inspectors"]}
    assert (recent["J1"], recent["J3"]) == (["M08"], [])  # two years ago is not recent
    by = {visit["institution"]: set(visit["inspectors"]) for visit in told["visits"]}
    assert len(by) == 1 + 1 + 1 + 1
    assert not by["M07"] & {"J0"} and not by["M08"] & {"J1", "J2"}
    assert differences(told) == [] and differences(told, snapshot) == []


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"published": ON}, "种子公布于 2026-07-20，不早于抽取日 2026-07-20"),
        ({"seed": " "}, "随机种子为空"),
        ({"round_": "2026-03第1轮"}, "轮次“2026-03第1轮”已有检查结果"),
        ({"on": date(2019, 1, 1), "published": date(2018, 1, 1)}, "2019-01-01 没有在册的校外培训机构"),
    ],
)
def test_a_draw_that_nobody_could_trust_is_refused(snapshot: Snapshot, change: dict, message: str) -> None:
    with pytest.raises(UserError, match=message):
        protocol(snapshot, **{**TOLD, **change})


def tampered(told: dict, how: str) -> dict:
    told = json.loads(json.dumps(told))
    match how:
        case "seed":
            told["seed"]["text"] += "1"
        case "list":
            told["lists"]["candidates"].pop(0)
        case "inspector":
            told["visits"][0]["inspectors"].reverse()
        case "visit":
            told["visits"].pop()
        case "day":
            told["seed"]["published"] = told["date"]
    return told


@pytest.mark.parametrize("how", ["seed", "list", "inspector", "visit", "day"])
def test_a_protocol_that_was_changed_is_found_out(snapshot: Snapshot, how: str) -> None:
    told = protocol(snapshot, **TOLD)
    assert differences(told) == []
    assert differences(tampered(told, how)) != []


def test_what_became_of_a_round(snapshot: Snapshot, tmp_path: Path) -> None:
    told = protocol(snapshot, **TOLD)
    first, second, third, fourth = (visit["institution"] for visit in told["visits"])
    team = {visit["institution"]: "、".join(visit["inspectors"]) for visit in told["visits"]}
    rows = [
        (ROUND, first, team[first], date(2026, 9, 1), "passed", None, None, date(2026, 9, 10)),
        (ROUND, second, "J0、J5X", date(2026, 9, 1), "mend", date(2026, 9, 15), None, None),
        (ROUND, third, team[third], date(2026, 9, 1), "mend", date(2026, 9, 15), date(2026, 9, 14), None),
    ]
    results = pd.DataFrame(
        rows, columns=["round", "institution", "inspectors", "date", "result", "deadline", "mended_on", "published_on"]
    )
    for name in ("date", "deadline", "mended_on", "published_on"):
        results[name] = pd.to_datetime(results[name])
    later = store(tmp_path / "later", inspections=results)[1]

    def states(day: date) -> dict[str, tuple[str, str]]:
        return {each.institution: (each.state, each.publication) for each in followed(told, later, day)}

    assert states(date(2026, 9, 15)) == {
        first: ("passed", "published"),
        second: ("mending", "waiting"),
        third: ("mended", "waiting"),
        fourth: ("open", ""),
    }
    assert states(date(2026, 10, 20))[second] == ("overdue", "missing")
    changed = {each.institution: each.changed for each in followed(told, later, date(2026, 9, 15))}
    assert "实派J0、J5X" in changed[second] and changed[first] == ""


def test_the_command_draws_publishes_and_checks(
    shipped_snapshot: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("SHUANGJIAN_HOME", str(shipped_snapshot))
    words = [
        "draw",
        "--round",
        ROUND,
        "--seed",
        SEED,
        "--published",
        "2026-07-15",
        "--on",
        "2026-07-20",
        "--out",
        str(tmp_path),
    ]
    assert main(words) == 0
    assert main(words) == 0  # drawn again, it is the same
    assert "抽取 6 家" in capsys.readouterr().out
    told = read(tmp_path / "protocol.json")
    page = (tmp_path / "index.html").read_text(encoding="utf-8")
    assert all(visit["institution"] in page for visit in told["visits"])
    assert told["simulated"] and "模拟" in page and SEED in page
    assert main(["draw", "--check", str(tmp_path / "protocol.json"), "--snapshot", "latest"]) == 0
    assert main(["draw", "--follow", str(tmp_path / "protocol.json"), "--on", "2026-09-30"]) == 0
    assert capsys.readouterr().out.count("待检查") == 6
    other = [word if word != SEED else "另一个种子" for word in words]
    assert main(other) == 2
    assert "一轮只抽一次" in capsys.readouterr().err
    (tmp_path / "protocol.json").write_text(json.dumps(tampered(told, "visit")), encoding="utf-8")
    assert main(["draw", "--check", str(tmp_path / "protocol.json")]) == 1
    (tmp_path / "protocol.json").write_text("{}", encoding="utf-8")
    assert main(["draw", "--check", str(tmp_path / "protocol.json")]) == 2
