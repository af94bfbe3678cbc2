"""Every figure of a manifest is computed again from the snapshot: a forged one is told, whatever the notebook repeats."""

from __future__ import annotations

import json
from collections.abc import Callable
from copy import deepcopy
from dataclasses import replace
from typing import Any

import pytest
from small_district import DISTRICT, NINE, NORTH, TERM, UNTIL, ledger, registers, store

from analysis.disclosure import protect
from analysis.indicators import Statistic, Study, own_figure
from analysis.indicators.comparison import compared
from analysis.indicators.concentration import of_groups
from analysis.presentation import peers, reported
from analysis.presentation.follow_up import owed_count
from analysis.presentation.references import counted
from analysis.running import recomputation
from analysis.running.recomputation import recomputed

PARAMETERS = {"snapshot": "latest", "district": DISTRICT, "school": "", "term": TERM, "as_of": UNTIL.isoformat(), "audience": "internal"}  # fmt: skip
ID = "homework.within_cap"


@pytest.fixture(scope="module")
def study(tmp_path_factory: pytest.TempPathFactory) -> Study:
    kept, snapshot = store(tmp_path_factory.mktemp("store"), homework=ledger(), **registers())
    return Study(snapshot.id, district=DISTRICT, term=TERM, as_of=UNTIL, store=kept)


@pytest.fixture(autouse=True)
def asked_of_this_store(study: Study, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(recomputation, "_study", lambda *_: study)


def kinds(items: list[Statistic | dict[str, Any]], **parameters: str) -> list[str]:
    told = [item if isinstance(item, dict) else item.as_dict() for item in items]
    plain = json.loads(json.dumps(told, ensure_ascii=False))
    return [kind for kind, _ in recomputed({**PARAMETERS, **parameters}, "", plain)]


def every_kind(study: Study) -> list[Statistic]:
    whole = study.measure(ID)
    schools = study.measure(ID, by="school")
    held = of_groups(study, whole, "school", [NINE])
    return [
        whole,
        *study.measure(ID, by=("grade", "weekday"))[:3],
        study.measure("homework.median_minutes", grade=3, weekday=[1, 2]),
        *schools,
        study.measure(ID, school=NORTH),
        compared(study, [ID]).only(NORTH, ID).difference,
        held.held,
        held.rest,
        counted(schools.known(), schools[0], "有数据的组数"),
        reported(study, "homework"),
        owed_count(study, ("homework", "funds"), "2199000903"),
        own_figure(study, "full", "足额批次", "足额批次÷批次", table="funds", numerator="granted == applied"),
    ]


def test_what_the_engine_computed_it_computes_again(study: Study) -> None:
    items = every_kind(study)
    assert kinds(items) == ["identical"] * len(items)


def _value(item: dict[str, Any]) -> None:
    item["estimate"]["value"], item["text"] = 0.99, "99.0%"


def _numerator(item: dict[str, Any]) -> None:
    item["numerator"] = (item["numerator"] or 0) + 1


def _label(item: dict[str, Any]) -> None:
    item["group_label"] = "九年级"


def _window(item: dict[str, Any]) -> None:
    item["scope"]["end"] = "2026-03-09"


def _unit(item: dict[str, Any]) -> None:
    item["unit"] = "人"


def _bounds(item: dict[str, Any]) -> None:
    item["bounds"], item["bounds_text"] = [0.98, 0.99], "98.0%–99.0%"


def _unknown_group(item: dict[str, Any]) -> None:
    item["scope"]["group"]["mood"] = "good"


@pytest.mark.parametrize("forge", [_value, _numerator, _label, _window, _unit, _bounds, _unknown_group])
def test_a_forged_entry_is_told(study: Study, forge: Callable[[dict[str, Any]], None]) -> None:
    for item in every_kind(study):
        forged = deepcopy(item.as_dict())
        forge(forged)
        assert kinds([forged]) == ["differs"], (forge.__name__, item.indicator)


def test_the_finding_names_the_figure_and_both_values(study: Study) -> None:
    forged = study.measure(ID, by="grade").only(grade=3).as_dict()
    true = forged["text"]
    _value(forged)
    [(kind, finding)] = recomputed(PARAMETERS, "", json.loads(json.dumps([forged], ensure_ascii=False)))
    assert kind == finding["kind"] == "differs" and finding["place"] == "统计量“班级日达标率”（三年级）"
    assert finding["packet"].startswith("99.0%（0.99）") and finding["again"].startswith(true)


def test_what_no_engine_can_compute_is_no_figure(study: Study) -> None:
    forged = study.measure(ID).as_dict() | {"indicator": "my.fake"}
    [(kind, finding)] = recomputed(PARAMETERS, "", [forged])
    assert kind == "differs" and finding["again"] == "按它的指标、范围与分组，引擎算不出这个数"
    for broken in ({"school": 7}, {"group": {"grade": {"a": 1}}}, {"group": {"counted": "甲"}}, {"term": "1999"}):
        forged = study.measure(ID).as_dict()
        forged["scope"] = forged["scope"] | broken
        assert kinds([forged]) == ["differs"]


def test_a_value_that_differs_beyond_print_only_is_rounding(study: Study) -> None:
    item = study.measure(ID).as_dict()
    item["estimate"]["value"] *= 1 + 1e-12
    assert kinds([item]) == ["rounding"]


def test_an_own_figure_is_recomputed_by_the_formula_that_it_carries(study: Study) -> None:
    true = own_figure(study, "full", "足额批次", "足额批次÷批次", table="funds", numerator="granted == applied")
    for changed in ({"numerator": "granted < applied"}, {"where": "batch == '1'"}, {"numerator": "__import__('os')"}, {"table": "survey"}):  # fmt: skip
        assert kinds([replace(true, formula=tuple({**dict(true.formula), **changed}.items()))]) == ["differs"]
    bare = true.as_dict()
    del bare["formula"]
    assert kinds([bare]) == ["differs"]


def test_a_count_of_figures_is_held_against_those_that_it_names(study: Study) -> None:
    known = study.measure(ID, by="school").known()
    true = counted(known, known[0], "有数据的组数")
    members = dict(true.scope.group)["members"]
    assert true.value == 2 and len(members) == 2
    silent = members[0].replace(NORTH, "2199000903")
    for wrong in ((*members, members[0]), (*members, silent), (*members, '["my.fake", "", {}]')):
        scope = replace(true.scope, group=(("counted", "有数据的组数"), ("members", wrong)))
        estimate = replace(true.estimate, value=3.0, n=3)
        assert kinds([replace(true, scope=scope, estimate=estimate)]) == ["differs"]


def test_a_public_figure_of_an_unnamed_school_must_be_that_of_a_school(study: Study) -> None:
    items = list(protect(study.measure(ID, by="school"), "public").items)
    assert kinds(items, audience="public") == ["identical"] * len(items)
    forged = items[0].as_dict()
    _value(forged)
    assert kinds([forged], audience="public") == ["differs"]
    assert kinds([items[0]]) == ["differs"]  # an internal document names its schools


def test_a_school_is_compared_with_its_grades_in_the_district_by_that_name(study: Study) -> None:
    beside = peers(study.at(NORTH), ID)
    assert kinds([beside], school=NORTH) == ["identical"]
    assert kinds([beside]) == ["differs"]  # the district has no such peers
