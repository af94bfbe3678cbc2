"""Claims of letters already sent: judged from the letter itself, by GRIM, and against given figures."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from importlib.resources import files

import pytest
from jsonschema import validate

from analysis.cli import main
from analysis.house import UserError
from analysis.indicators.statistic import Scope, Statistic, Statistics
from analysis.letters.differences import differences, refuse_unexplained
from analysis.letters.evidence import Proof
from analysis.letters.judgement import judge
from analysis.letters.published import letters
from analysis.letters.suggestions import find
from analysis.reference.published import Claim, Definition, Letter
from analysis.reference.suggestions import Explanation
from analysis.statistics.estimate import Estimate

SCOPE = Scope("990101", term="2025-2026-2")


def figure(
    value,
    *,
    lower=None,
    upper=None,
    numerator=None,
    denominator=None,
    missing=(),
    indicator="service.participation",
    n=2000,
    label="",
):
    return Statistic(
        indicator=indicator,
        label="课后服务参与率",
        definition="",
        estimate=Estimate(
            value,
            lower=lower,
            upper=upper,
            se=None if lower is None else (upper - lower) / 3.92,
            n=n,
            df=60,
            deff=1.0,
            method="beta",
        ),
        scope=SCOPE,
        numerator=numerator,
        denominator=denominator,
        base=denominator,
        base_unit="人次",
        missing=missing,
        group_label=label,
    )


class Given:
    """A study that gives the figures that a test names."""

    def __init__(self, **figures):
        self.figures = figures

    def measure(self, id, by=None, **where):
        return self.figures[id.replace(".", "_")]


def sent_letter(name, claim, **more):
    shared = {"title": "模拟答复", "date": date(2026, 5, 1), "district": "990101", "term": "2025-2026-2"}
    return Letter(id=name, **shared, claim=(claim,), **more)


def said(printed="", unit="", relation="=", **more):
    return Claim(id="a", text="说法", printed=printed, unit=unit, relation=relation, **more)


def verdict_of(claim, study=None):
    (judged,) = judge(sent_letter("x", claim), study)
    return judged


def equal(printed, rounding="", **more):
    return said(printed, "%", rounding=rounding, indicator="service.participation", **more)


def test_rounding_decides_between_exact_inside_and_not_reproduced():
    study = Given(service_participation=figure(0.84159))
    assert verdict_of(equal("84.2", "half_up"), study).verdict == "exact"
    assert verdict_of(equal("84.2"), study).verdict == "interval"  # rounding not declared
    assert verdict_of(equal("84.1", "half_up"), study).verdict == "interval"  # only by cutting off
    assert verdict_of(equal("84.3", "half_up"), study).verdict == "not reproduced"
    assert verdict_of(equal("84", "half_up"), study).verdict == "exact"
    whole = Given(service_participation=figure(0.75))
    assert verdict_of(equal("75"), whole).verdict == "exact"  # nothing was rounded


def test_another_named_definition_may_reproduce_it():
    study = Given(service_participation=figure(0.5), service_five_day=figure(0.842))
    claim = equal("84.2", "half_up", otherwise=(Definition(label="五天参加率", indicator="service.five_day"),))
    judged = verdict_of(claim, study)
    assert judged.verdict == "definition"
    assert "五天参加率" in judged.reason


def test_bound_is_a_test_not_a_comparison():
    bound = said("94", "%", ">=", indicator="service.participation")
    assert verdict_of(bound, Given(service_participation=figure(0.97, lower=0.96, upper=0.98))).verdict == "exact"
    assert (
        verdict_of(bound, Given(service_participation=figure(0.945, lower=0.925, upper=0.96))).verdict
        == "cannot be judged"
    )
    assert (
        verdict_of(bound, Given(service_participation=figure(0.90, lower=0.885, upper=0.915))).verdict
        == "not reproduced"
    )


def test_all_is_decided_by_counts_and_a_missing_school_leaves_it_open():
    claim = said(relation="all", indicator="service.participation")
    whole = {"numerator": 2000.0, "denominator": 2000}
    assert verdict_of(claim, Given(service_participation=figure(1.0, **whole))).verdict == "exact"
    missing = figure(1.0, **whole, missing=("某校",))
    assert verdict_of(claim, Given(service_participation=missing)).verdict == "cannot be judged"
    unsent = replace(figure(1.0, **whole), unknown=3)
    told = verdict_of(claim, Given(service_participation=unsent))
    assert (told.verdict, "3人次没有登记或待更正" in told.reason) == ("cannot be judged", True)
    one_less = figure(0.9995, numerator=1999.0, denominator=2000)
    assert verdict_of(claim, Given(service_participation=one_less)).verdict == "not reproduced"


@pytest.mark.parametrize(
    ("bounds", "verdict", "words"),
    [
        ((0.781, 0.851), "cannot be judged", "是否达到“不低于80%”，补齐前不能定论"),
        ((0.801, 0.851), "exact", "达到“不低于80%”的要求"),
        ((0.70, 0.799), "not reproduced", "未达到“不低于80%”的要求"),
    ],
)
def test_a_count_is_judged_by_what_is_missing_not_by_the_weeks(bounds, verdict, words):
    claim = said("80", "%", ">=", indicator="service.participation")
    counted = replace(figure(0.84 if bounds[1] > 0.8 else 0.75, lower=0.83, upper=0.85), bounds=bounds)
    told = verdict_of(claim, Given(service_participation=counted))
    assert (told.verdict, words in told.reason) == (verdict, True)
    assert f"{bounds[0] * 100:.1f}%–{bounds[1] * 100:.1f}%" in told.reason


def test_each_is_refuted_by_one_group():
    claim = said("94", "%", "each", indicator="service.participation", by="item")
    good, bad = figure(0.98, lower=0.97, upper=0.99, label="甲"), figure(0.80, lower=0.77, upper=0.83, label="乙")
    assert verdict_of(claim, Given(service_participation=Statistics((good,), ("item",)))).verdict == "exact"
    judged = verdict_of(claim, Given(service_participation=Statistics((good, bad), ("item",))))
    assert judged.verdict == "not reproduced"
    assert "乙" in judged.reason


@pytest.mark.parametrize(
    ("ends", "verdict", "words"),
    [
        ((0.95, 1.0), "exact", "最低的是“乙”，96.0%（95.0%–100.0%）"),
        ((0.93, 1.0), "cannot be judged", "并非每组都能定论"),
        ((0.90, 0.939), "not reproduced", "低于的有1组：乙"),
    ],
)
def test_each_count_is_judged_by_what_is_missing(ends, verdict, words):
    claim = said("94", "%", "each", indicator="service.participation", by="item")
    good = replace(figure(0.98, lower=0.2, upper=0.99, label="甲"), bounds=(0.97, 0.99))
    other = replace(figure(0.96 if ends[1] == 1 else 0.92, lower=0.2, upper=0.99, label="乙"), bounds=ends)
    told = verdict_of(claim, Given(service_participation=Statistics((good, other), ("item",))))
    assert (told.verdict, words in told.reason) == (verdict, True)


def test_grim_refutes_without_data():
    impossible = said("93.3", "%", n=40)
    assert verdict_of(impossible).verdict == "not reproduced"
    assert verdict_of(said("92.5", "%", n=40)).verdict == "cannot be judged"


def test_sums_and_counts_are_judged_from_the_letter():
    assert verdict_of(said("14", "家", "sum", parts=("5", "9"))).verdict == "consistent"
    assert verdict_of(said("13", "家", "sum", parts=("5", "9"))).verdict == "inconsistent"
    assert verdict_of(said("7", "项", "count", listed=6)).verdict == "inconsistent"
    assert verdict_of(said("23", "个部门", "list", listed=3)).verdict == "cannot be judged"
    rounded = said("100.0", "%", "sum", parts=("33.3", "33.3", "33.3"))
    assert verdict_of(rounded).verdict == "consistent"


def test_letter_of_2023_is_judged_from_itself_only(capsys):
    assert main(["published", "2023-07-28-yangquan", "--json"]) == 1  # one contradiction: no section 二
    answer = json.loads(capsys.readouterr().out)
    validate(answer, json.loads((files("analysis.letters") / "published.schema.json").read_text(encoding="utf-8")))
    verdicts = {claim["id"]: claim["verdict"] for claim in answer["letters"][0]["claims"]}
    assert {name for name, verdict in verdicts.items() if verdict == "consistent"} == {
        "institutions",
        "systems",
        "segments",
        "components",
    }
    assert [name for name, verdict in verdicts.items() if verdict == "inconsistent"] == ["sections"]
    assert verdicts["satisfaction"] == verdicts["completion"] == "cannot be judged"
    assert all(claim["measured"] is None for claim in answer["letters"][0]["claims"])


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ('id = "a"\ntext = "x"\nrelation = "sum"\nprinted = "3"', "parts"),
        ('id = "a"\ntext = "x"\nrelation = "none"', "reason"),
        ('id = "a"\ntext = "x"\nprinted = "约3"', "应为数字"),
        ('id = "a"\ntext = "x"\nprinted = "3"\n[[claim]]\nid = "a"\ntext = "y"\nprinted = "4"', "登记了两次"),
    ],
)
def test_slip_in_an_entry_is_told(tmp_path, text, words):
    (tmp_path / "a.toml").write_text(
        f'title = "t"\ndate = 2026-01-01\ndistrict = "990101"\n[[claim]]\n{text}\n', encoding="utf-8"
    )
    with pytest.raises(UserError, match=words):
        letters(tmp_path)


def test_difference_from_a_sent_letter_stops_until_explained(monkeypatch):
    claim = equal("80.0", "half_up").model_copy(update={"text": "参与率80.0%"})
    sent = sent_letter("2026-003", claim)
    monkeypatch.setattr("analysis.letters.differences.letters", lambda: (sent,))
    entry, _ = find("2026-017")
    same = Proof({"a": figure(0.8004)}, {}, ())
    other = Proof({"a": figure(0.84)}, {}, ())
    assert differences(entry, (same,)) == []
    refuse_unexplained(entry, (same,))
    with pytest.raises(UserError, match=r"此次为84.0%.*曾答复“参与率80.0%”"):
        refuse_unexplained(entry, (other,))
    reason = Explanation(indicator="service.participation", letter="2026-003", reason="数据更新")
    explained = entry.model_copy(update={"explanations": (reason,)})
    refuse_unexplained(explained, (other,))
    planted = sent.model_copy(update={"planted": True})
    assert differences(entry, (other,), (planted,)) == []


def test_packet_of_a_sent_letter_becomes_claims_that_bind(tmp_path):
    from analysis.letters.recording import record

    packet, target = tmp_path / "2026-017", tmp_path / "published"
    packet.mkdir()
    share = figure(0.84, indicator="service.participation").as_dict()
    grade = figure(0.9, indicator="homework.within_cap", label="三年级").as_dict()
    grade["scope"]["group"] = {"grade": 3}
    manifest = {
        "title": "关于第017号建议的答复",
        "parameters": {"suggestion": "2026-017", "as_of": "2026-07-20", "district": "990101", "term": "2025-2026-2"},
        "snapshot": "abc",
        "simulated": True,
        "statistics": [share, grade, {**share, "indicator": "register.count"}],
    }
    (packet / "manifest.json").write_text(json.dumps(manifest, ensure_ascii=False), encoding="utf-8")
    assert record(packet, target).name == "2026-017.toml"
    (letter,) = letters(target)
    assert [(claim.indicator, claim.printed, claim.group) for claim in letter.claims] == [
        ("service.participation", "84.0", ()),
        ("homework.within_cap", "90.0", (("grade", 3),)),
    ]
    entry, _ = find("2026-017")
    assert differences(entry, (Proof({"a": figure(0.84)}, {}, ()),), (letter,)) == []
    (found,) = differences(entry, (Proof({"a": figure(0.8)}, {}, ()),), (letter,))
    assert "此次为80.0%" in found.told
    with pytest.raises(UserError, match="已经登记"):
        record(packet, target)
    with pytest.raises(UserError, match="不是一份答复的成品包"):
        record(tmp_path / "nothing", target)
