"""One claim, one verdict: made documents whose sentences and tables contradict each other, or do not."""

from __future__ import annotations

from typing import Any

import pytest
from rendering import publishing_examples as examples

from analysis.house import UserError
from analysis.publishing import gate
from analysis.publishing.content import read

JUNIOR = {"grade_band": "junior"}


def verdict(said: str, school: str = "", *, kind: str = "one", also: Any = (), **group: Any) -> dict[str, Any]:
    """Return a run that judges a mean of minutes against the cap."""
    scope = {"district": "990101", "school": school, "term": "2025-2026-2", "start": "", "end": "", "group": group}
    told = {"said": said, "claim": "homework.cap", "kind": kind}
    if also:
        told["also"] = [{**scope, "group": other} for other in also]
    name = "".join(str(value) for value in group.values())
    figure = examples.statistic(indicator="homework.mean_minutes", scope=scope, group_label=name, label="平均时长")
    return {"text": "所判", "statistic": figure, "part": "verdict", "judgement": told}


def sentence(*runs: dict[str, Any]) -> dict[str, Any]:
    return examples.block("paragraph", role="body", runs=list(runs))


def table(*cells: dict[str, Any]) -> dict[str, Any]:
    return examples.block(
        "table",
        name="card",
        title="判断",
        columns=[{"key": "a", "label": "判断"}],
        rows=[{"cells": [c]} for c in cells],
    )


def refused(*blocks: dict[str, Any]) -> str:
    try:
        gate.content(read(examples.notebook(examples.head(), *blocks)))
    except UserError as told:
        return told.message
    return ""


@pytest.mark.parametrize(
    ("whole", "part"),
    [
        (verdict("met", **JUNIOR), verdict("not met", grade=9)),
        (verdict("met", **JUNIOR), verdict("open", grade=9)),
        (verdict("met", kind="all"), verdict("open", kind="all", grade=9)),
        (verdict("met", stage="junior"), verdict("not met", grade_band="junior")),
        (verdict("met", grade=[7, 8, 9]), verdict("not met", grade=9)),
        (verdict("met"), verdict("not met", grade=9, weekday=3)),
        (verdict("met", grade=9), verdict("not met", "2199000006", grade=9)),
        (verdict("supported"), verdict("contradicted", "2199000006")),
        (verdict("met", kind="all", grade_band="middle"), verdict("not met", kind="one", grade=4)),
        (verdict("met", grade=3, also=[{"grade_band": "junior"}]), verdict("not met", grade=8)),
    ],
)
def test_a_whole_that_passes_while_a_part_fails_elsewhere_is_refused(whole: Any, part: Any) -> None:
    assert "请在同一句或同一表中一并说明" in refused(sentence(whole), sentence(part))
    assert "请在同一句或同一表中一并说明" in refused(table(part), sentence(whole))
    assert refused(sentence(whole, part), sentence(part)) == ""
    assert refused(table(whole, part), sentence(part)) == ""


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (verdict("met", grade=8), verdict("not met", grade=9)),
        (verdict("met", **JUNIOR), verdict("not met", grade=6)),
        (verdict("not met", **JUNIOR), verdict("met", grade=7)),
        (verdict("met", **JUNIOR), verdict("not met", kind="all", grade=9)),  # days beyond the cap refute no mean
        (verdict("met", "2199000005", **JUNIOR), verdict("not met", "2199000006", grade=9)),
        (verdict("supported", role="parent"), verdict("contradicted", role="parent", item="sleep")),
        (verdict("supported"), verdict("contradicted", role="student")),
    ],
)
def test_what_is_no_part_or_no_failure_contradicts_nothing(one: Any, other: Any) -> None:
    assert refused(sentence(one), sentence(other)) == ""


@pytest.mark.parametrize(
    ("first", "second"),
    [("met", "not met"), ("supported", "not shown"), ("not shown", "contradicted"), ("open", "met")],
)
def test_one_claim_judged_twice_differently_is_refused(first: str, second: str) -> None:
    told = refused(sentence(verdict(first, grade=9)), table(verdict(second, grade=9)))
    assert "同一规定在同一范围只能有一个判断" in told
    assert refused(sentence(verdict(first, grade=9)), table(verdict(first, grade=9))) == ""


def test_verdicts_on_different_rules_do_not_touch_each_other() -> None:
    other = verdict("not met", grade=9)
    other["judgement"]["claim"] = "homework.other"
    assert refused(sentence(verdict("met", **JUNIOR)), sentence(other)) == ""


def test_schools_that_the_public_cannot_tell_apart_are_not_held_against_each_other() -> None:
    one, other = verdict("met", unnamed=1), verdict("not met", unnamed=1)
    assert refused(sentence(one), sentence(other)) == ""


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("都在规定以内", "open"),
        ("在规定以内", "not met"),
        ("达到", "open"),
        ("都达到规定", "not met"),
        ("未达到", "open"),
        ("超过", "met"),
        ("数据支持", "not shown"),
        ("数据不支持", "supported"),
    ],
)
def test_the_words_of_a_verdict_are_those_of_its_judgement(words: str, said: str) -> None:
    run = verdict(said, grade=9) | {"text": words}
    assert f"写的是“{words}”" in refused(sentence(run))
    assert f"写的是“{words}”" in refused(table(run))


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("都在规定以内", "met"),
        ("是否达到", "open"),
        ("是否在", "open"),
        ("未达到", "not met"),
        ("数据支持", "supported"),
    ],
)
def test_words_that_fit_their_judgement_pass(words: str, said: str) -> None:
    assert refused(sentence(verdict(said, grade=9) | {"text": words})) == ""


def test_a_sentence_that_puts_an_open_grade_among_those_that_pass_is_refused_by_the_table() -> None:
    span = verdict("met", grade=3, also=[{"grade": grade} for grade in range(4, 10)])
    card = table(verdict("met", grade=8), verdict("open", grade=9))
    assert "判为“尚不能定论”" in refused(sentence(span), card)
    assert refused(sentence(verdict("met", grade=3, also=[{"grade": 8}]), verdict("open", grade=9)), card) == ""


def test_verdicts_in_titles_and_notes_are_seen() -> None:
    titled = table(verdict("met", grade=8)) | {"notes": [[verdict("not met", grade=9)]]}
    assert "同一规定在同一范围只能有一个判断" in refused(sentence(verdict("met", grade=9)), titled)
