"""Figures held against the data, at the edges: which number, school and term is meant, and each unit's limit to the last digit."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest
from letters_helpers import told

from analysis import snapshots
from analysis.house import UserError
from analysis.indicators import study
from analysis.indicators.statistic import Scope, Statistic
from analysis.letters.checks import figures
from analysis.statistics.estimate import Estimate

SHARE = Estimate(0.9125, 0.01, 0.89, 0.93, n=8000, df=60, method="beta")
COUNTED = {"nature": "count", "base": 80, "base_unit": "个班级日"}
KNOWN: dict[str, dict[str, Any]] = {
    "homework.within_cap": {"numerator": 73, "denominator": 80, "base": 80, "base_unit": "个班级日"},
    "service.participation": {"base": 400, "base_unit": "名学生"},
    # Counts of which some are unknown: only their bounds decide on a limit.
    "homework.completeness": COUNTED | {"estimate": Estimate(0.8), "bounds": (0.75, 0.85)},
    "homework.mean_minutes": COUNTED | {"estimate": Estimate(58.25), "unit": "分钟", "bounds": (58.25, 58.25)},
    "service.funds_paid": COUNTED | {"estimate": Estimate(1.25), "unit": "万元", "bounds": (1.25, 1.25)},
    "homework.published_before": COUNTED | {"estimate": Estimate(0.0)},
    "service.plans": {"numerator": None, "denominator": 6, "base": 6, "base_unit": "所学校"},
    "service.relief": COUNTED | {"numerator": 6, "denominator": 6, "unknown": 2, "base_unit": "所学校"},
}


class Measured:
    """A study that remembers what it is asked."""

    asked: tuple[tuple[str, dict[str, Any]], ...] = ()
    term = ""
    schools = pd.DataFrame(
        {
            "school": ["01", "02", "03"],
            "name": ["城区实验小学", "城区育才中学", "城区实验小学东街小学"],
            "short_name": ["实验小学", "育才中学", "东街小学"],
        },
        index=[7, 8, 9],
    )

    def __init__(self, snapshot: str, *, district: str, term: str) -> None:
        type(self).asked, type(self).term = (), term

    def measure(self, indicator: str, **where: Any) -> Statistic:
        type(self).asked += ((indicator, where),)
        if indicator not in KNOWN:
            raise UserError("没有这项")
        scope = Scope("990101", term="2025-2026-1")
        return Statistic(indicator, "甲率", "甲的定义", **{"estimate": SHARE, "scope": scope, **KNOWN[indicator]})


@pytest.fixture(autouse=True)
def measured(monkeypatch):
    monkeypatch.setattr(study, "Study", Measured)


def held(text: str, term: str = "2025-2026-1") -> list[tuple[str, str]]:
    """Return severity and message of what is told of a text."""
    found = told(figures, text, snapshot="latest", district="990101", term=term)
    return [(severity, message) for _, severity, _, message in found]


TOLD = "“甲率”实测91.3%（89.0%–93.0%，80个班级日）"
JOINED = "“甲率”实测91.3%（89.0%–93.0%，400名学生）"


def test_what_the_deputy_said_is_left_out_and_what_follows_is_held():
    assert held("您反映作业达标率为92%。作业达标率为91%。") == [("holds", f"{TOLD}，与文中相符。")]


def test_of_two_names_side_by_side_the_number_is_the_second_ones():
    assert held("作业达标率参与率为91.3%。") == [("holds", f"{JOINED}，与文中相符。")]
    assert Measured.asked == (("service.participation", {}),)
    assert held("参与率作业达标率为91.3%。") == [("holds", f"{TOLD}，与文中相符。")]
    assert Measured.asked == (("homework.within_cap", {}),)


def test_each_mention_of_a_name_has_its_own_number():
    assert held("作业达标率上月为91.3%，本月作业达标率为92%。") == [
        ("holds", f"{TOLD}，与文中相符。"),
        ("error", f"{TOLD}，文中写92%；请核对范围、学期与数字。"),
    ]


def test_the_number_of_a_name_stands_before_the_next_name():
    # 两小时 in the second name is no number of the first.
    assert held("作业达标率和服务满两小时的占91%。") == [("warning", "无法与数据核对：没有这项")]
    assert Measured.asked == (("service.two_hours", {}),)


def test_only_words_before_the_number_make_it_a_target():
    assert held("作业达标率为91%，规定为95%。") == [("holds", f"{TOLD}，与文中相符。")]
    assert held("作业达标率规定为95%，实为91%。") == []


@pytest.mark.parametrize(
    ("text", "school"),
    [
        ("实验小学高于育才中学，作业达标率为91%。", "02"),
        ("育才中学高于实验小学，作业达标率为91%。", "01"),
        ("实验小学、育才中学、实验小学作业达标率为91%。", "01"),
        ("城区实验小学作业达标率为91%。", "01"),
        # The longer of two names that end alike is the one named.
        ("城区实验小学东街小学作业达标率为91%。", "03"),
    ],
)
def test_the_last_school_named_is_meant(text, school):
    assert held(text) == [("holds", f"{TOLD}，与文中相符。")]
    assert Measured.asked == (("homework.within_cap", {"school": school}),)


@pytest.mark.parametrize(("sign", "number"), list(zip("一二三四五六七八九", range(1, 10), strict=True)))
def test_each_grade_alone(sign, number):
    held(f"{sign}年级作业达标率为91%。")
    assert Measured.asked == (("homework.within_cap", {"grade": number}),)


@pytest.mark.parametrize(("sign", "number"), list(zip("一二三四五", range(1, 6), strict=True)))
def test_each_day_of_the_week(sign, number):
    held(f"星期{sign}作业达标率为91%。")
    assert Measured.asked == (("homework.within_cap", {"weekday": number}),)


def test_the_scope_is_that_of_the_clause_before_the_number():
    for before in ("；三年级", "实验小学；三年级", "周三；实验小学；三年级"):
        held(f"{before}作业达标率为91%。")
        assert Measured.asked == (("homework.within_cap", {"grade": 3}),)


@pytest.mark.parametrize(
    ("text", "severity", "verdict"),
    [
        ("台账完整率75%以上。", "holds", "达到“75%以上”的要求。"),
        ("台账完整率75.1%以上。", "warning", "是否达到“75.1%以上”，补齐前不能定论；请据实改写。"),
        ("台账完整率85%以上。", "warning", "是否达到“85%以上”，补齐前不能定论；请据实改写。"),
        ("台账完整率85.1%以上。", "error", "未达到“85.1%以上”的要求；请据实改写。"),
    ],
)
def test_a_count_with_bounds_is_held_to_them(text, severity, verdict):
    assert held(text) == [(severity, f"“甲率”实测80.0%（75.0%–85.0%，80个班级日），{verdict}")]


@pytest.mark.parametrize(
    ("text", "supported"),
    [
        ("经费拨付率1.25万元以上。", True),
        ("经费拨付率12500元以上。", True),
        ("经费拨付率1.2501万元以上。", False),
        ("经费拨付率12501元以上。", False),
        ("平均作业时间58.25分钟以上。", True),
        ("平均作业时间58.26分钟以上。", False),
    ],
)
def test_a_limit_in_the_unit_of_the_figure(text, supported):
    ((severity, message),) = held(text)
    assert severity == ("holds" if supported else "error")
    assert ("，达到“" in message, "，未达到“" in message) == (supported, not supported)


def test_without_a_limit_the_interval_stands_beside_the_figure():
    assert held("台账完整率80%。") == [("holds", "“甲率”实测80.0%（—，80个班级日），与文中相符。")]


@pytest.mark.parametrize(
    ("text", "agrees"),
    [
        ("作业公示率为0%。", True),
        ("作业公示率为1%。", False),
        ("作业公示率为0.5%。", False),
        # Half a unit of the last digit written: 58.25 is as near to 58.2 as to 58.3; 58.0 and 58.50 are not it.
        ("平均作业时间为58.3分钟。", True),
        ("平均作业时间为58.0分钟。", False),
        ("平均作业时间为58.50分钟。", False),
        # 1.25万元 is 1万元 in whole ones, and neither 0 nor 2.
        ("经费拨付率为1万元。", True),
        ("经费拨付率为2万元。", False),
        ("经费拨付率为12.5千元。", True),
        ("经费拨付率为12.6千元。", False),
    ],
)
def test_a_figure_agrees_to_the_last_digit_written(text, agrees):
    ((severity, _),) = held(text)
    assert severity == ("holds" if agrees else "error")


def test_a_claim_of_all_needs_counts():
    assert held("各校一校两案齐全。") == []
    assert Measured.asked == (("service.plans", {}),)


def test_a_claim_of_all_is_open_where_some_are_unknown():
    assert held("各校减负措施齐全。") == [
        ("warning", "已报的80所学校都符合，但2所学校没有登记或待更正，还不能说全部。")
    ]


class Opened:
    """A snapshot with these tables, each with these terms."""

    id = "abc"
    terms: dict[str, list[str]]

    @property
    def tables(self) -> list[str]:
        return list(self.terms)

    def frame(self, table: str, columns: list[str]) -> pd.DataFrame:
        return pd.DataFrame({"term": self.terms[table], "other": "9999"})[columns]


@pytest.fixture
def terms_of(monkeypatch):
    class Store:
        def open(self, name: str) -> Opened:
            assert name == "latest"
            return Opened()

    monkeypatch.setattr(snapshots, "Store", Store)
    return lambda **terms: monkeypatch.setattr(Opened, "terms", terms, raising=False)


@pytest.mark.parametrize(
    ("tables", "term"),
    [
        ({"enrolment": ["2024-2025-2", "2025-2026-1", "2024-2025-1"]}, "2025-2026-1"),
        ({"homework": ["2024-2025-2"], "enrolment": ["2025-2026-1"]}, "2025-2026-1"),
        ({"homework": ["2024-2025-2"], "attendance": ["2025-2026-1"]}, "2024-2025-2"),
        ({"attendance": ["2025-2026-1"], "survey": ["2024-2025-2"]}, "2025-2026-1"),
        # A term of the calendar before one that it does not know.
        ({"enrolment": ["2025-2026-1", "9999-9999-9"]}, "2025-2026-1"),
    ],
)
def test_without_a_term_the_latest_with_data_is_measured(terms_of, tables, term):
    terms_of(**tables)
    held("作业达标率为91%。", term="")
    assert Measured.term == term


def test_a_snapshot_without_terms_asks_for_one(terms_of):
    terms_of(survey=["2025-2026-1"])
    with pytest.raises(UserError, match="快照“abc”中没有可据以判断学期的表；请用 --term 指明学期。"):
        held("作业达标率为91%。", term="")
