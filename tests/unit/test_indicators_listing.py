"""The catalogue as it is read, listed and written out for readers."""

from __future__ import annotations

import argparse
import json
from datetime import date
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from analysis.house import UserError
from analysis.indicators import appendix, catalogue, command
from analysis.indicators.catalogue import Entry, describe, entries
from analysis.rules import Rule

PLAIN: dict[str, Any] = {
    "id": "own.id", "label": "某率", "definition": "某率的定义。", "numerator": "某", "unit": "%", "decimals": 1,
    "base_unit": "所学校", "tables": ("one", "two"),
}  # fmt: skip
WRITTEN = """
[indicators."own.id"]
label = "某率"
definition = "某率的定义。"
numerator = "某"
unit = "%"
decimals = 1
base_unit = "所学校"
tables = ["one", "two"]
"""


def test_an_entry_is_reported_in_its_first_table_unless_told_otherwise() -> None:
    one = Entry(**PLAIN)
    assert (one.reported_in, one.rounding, one.direction, one.interval, one.period) == (
        ("one",), "half_up", "none", "time", "term",
    )  # fmt: skip
    assert (one.ceiling, one.kept_by, one.grades, one.denominator, one.rule, one.note) == (0, "school", (), "", "", "")
    assert Entry(**PLAIN, reported_in=("two", "three")).reported_in == ("two", "three")
    assert Entry(**PLAIN | {"tables": ()}).reported_in == ()


@pytest.mark.parametrize(
    ("interval", "nature"),
    [("time", "count"), ("none", "count"), ("survey", "survey"), ("class", "survey"), ("model", "model")],
)
def test_what_the_figures_of_an_entry_are(interval: str, nature: str) -> None:
    assert Entry(**PLAIN, interval=interval).nature == nature


def test_the_unit_of_a_group_is_that_of_its_first_dimension_that_has_one() -> None:
    one = Entry(**PLAIN, base_unit_by={"grade": "个年级", "component": "项"}, whole_by={"breach": "任一"})
    assert (one.base_unit_of(()), one.base_unit_of({"school"}), one.base_unit_of(["grade"])) == (
        "所学校",
        "所学校",
        "个年级",
    )
    assert one.base_unit_of({"grade": 3, "component": "x"}) == "项"
    told = one.as_dict()
    assert told["base_unit_by"] == {"component": "项", "grade": "个年级"} and told["whole_by"] == {"breach": "任一"}
    assert (told["tables"], told["reported_in"], told["grades"]) == (["one", "two"], ["one"], [])
    assert json.loads(json.dumps(told))["label"] == "某率"


def read(folder: Path, more: str = "") -> dict[str, Entry]:
    file = folder / f"{abs(hash(more))}.toml"
    file.write_text(WRITTEN + more, encoding="utf-8")
    return entries(file)


def test_a_written_entry_is_read_with_its_lists_and_pairs(tmp_path) -> None:
    assert read(tmp_path) == {"own.id": Entry(**PLAIN)}
    more = (
        'grades = [1, 2]\nreported_in = ["two"]\nbase_unit_by = { grade = "个年级" }\nwhole_by = { breach = "任一" }\n'
    )
    found = read(tmp_path, more)["own.id"]
    assert (found.grades, found.reported_in) == ((1, 2), ("two",))
    assert (found.base_unit_by, found.whole_by) == ((("grade", "个年级"),), (("breach", "任一"),))


@pytest.mark.parametrize("key", ["direction", "interval", "rounding", "period", "kept_by"])
def test_a_word_that_is_not_allowed_is_told_with_those_that_are(tmp_path, key: str) -> None:
    with pytest.raises(UserError, match=f"第10行，indicators.own.id.{key}：不能是“wild”；可用的有：.+、"):
        read(tmp_path, f'{key} = "wild"\n')


def test_a_changed_file_is_read_again_and_a_missing_one_or_id_refused(tmp_path, monkeypatch) -> None:
    first = read(tmp_path)
    assert read(tmp_path) is first or read(tmp_path) == first
    with pytest.raises(UserError):
        entries(tmp_path / "none.toml")
    monkeypatch.setattr(catalogue, "entries", lambda: first)
    assert describe("own.id") is first["own.id"]
    with pytest.raises(UserError, match=r"没有“own\.none”"):
        describe("own.none")


# -- the command -------------------------------------------------------------------------------------------------------


def listed(monkeypatch: pytest.MonkeyPatch, capsys: Any, **args: Any) -> str:
    two = {"a.long_id": Entry(**PLAIN | {"label": "ab"}), "b": Entry(**PLAIN | {"unit": "个批次"})}
    monkeypatch.setattr(command, "entries", lambda: two)
    monkeypatch.setattr(command, "bindings", lambda: {"a.long_id": "bound"})
    monkeypatch.setattr(command, "groupable", lambda bound: ["school", "unheard"] if bound == "bound" else [])
    assert command.run(argparse.Namespace(**{"appendix": None, "json": False} | args)) == 0
    return capsys.readouterr().out


def test_the_list_stands_in_columns(monkeypatch, capsys) -> None:
    assert listed(monkeypatch, capsys).splitlines() == [
        "a.long_id  ab    %         学校、unheard",
        "b          某率  个批次",
        "共 2 个指标；定义见 shuangjian indicators --json 或 docs/indicators.md。",
    ]
    assert [command._width(word) for word in ("", "ab", "中", "中a，")] == [0, 2, 2, 5]
    assert command._padded("中", 2) == "中" and command._padded("", 3) == "   "


def test_the_list_as_json_and_the_appendix(monkeypatch, capsys, tmp_path) -> None:
    told = json.loads(listed(monkeypatch, capsys, json=True))
    assert told["version"] == 1 and [each["by"] for each in told["indicators"]] == [["school", "unheard"], []]
    assert told["indicators"][0]["label"] == "ab"
    raw = listed(monkeypatch, capsys, json=True)
    assert raw.startswith('{\n  "version": 1,') and "某率" in raw
    monkeypatch.setattr(command, "appendix", lambda: "written\n")
    file = tmp_path / "a.md"
    assert listed(monkeypatch, capsys, appendix=file) == f"{file}\n" and file.read_text(encoding="utf-8") == "written\n"
    parser = argparse.ArgumentParser()
    command.arguments(parser)
    assert vars(parser.parse_args([])) == {"json": False, "appendix": None}
    assert parser.parse_args(["--json", "--appendix", "x"]).json is True


# -- the appendix ------------------------------------------------------------------------------------------------------


def rule(value: float, unit: str, **more: Any) -> Rule:
    return Rule("cap", "上限", "。", "某文件", value, unit, date(2021, 9, 1), **more)


@pytest.mark.parametrize(
    ("value", "unit", "said"),
    [
        (1085, "时刻", "18:05"), (60, "时刻", "1:00"), (59, "时刻", "0:59"), (0.94, "%", "94%"), (60, "分钟", "60分钟"),
        (5000, "元", "5,000元"), (1, "%", "100%"),
    ],
)  # fmt: skip
def test_a_limit_is_written_with_its_unit(value: float, unit: str, said: str) -> None:
    assert appendix.limit_text(rule(value, unit)) == said


def test_a_rule_is_a_row_of_the_table(monkeypatch) -> None:
    plain = "| 上限 | 全部 | 60分钟 | 2021-09-01 | 现行 | 全国 | 某文件 |"
    assert appendix._rule_row(rule(60, "分钟")) == plain
    own = rule(
        60, "分钟", end=date(2022, 1, 1), where=(("grade_band", "middle"), ("kind", "x")), district="990101", sure=False
    )
    assert appendix._rule_row(own) == (
        "| 上限 | 三至六年级、x | 60分钟 | 2021-09-01 | 2022-01-01 | 990101 | 某文件（未经核对原文） |"
    )
    monkeypatch.setattr(appendix, "rules", lambda: (rule(60, "分钟"),))
    assert appendix._rule_table().splitlines()[0::2][1] == plain


def test_an_indicator_tells_only_what_there_is_to_tell(monkeypatch) -> None:
    monkeypatch.setattr(appendix, "rules", lambda: (rule(60, "分钟"),))
    monkeypatch.setattr(appendix, "bindings", lambda: {"own.id": "bound"})
    monkeypatch.setattr(appendix, "groupable", lambda bound: ["school", "unheard"])
    assert appendix._indicator(Entry(**PLAIN)).splitlines() == [
        "### 某率", "", "`own.id`", "", "- 定义：某率的定义。", "- 分子：某", "- 单位：%，保留1位小数（四舍五入）", "- 基数单位：所学校",
        "- 方向：不论高低", "- 区间：按周", "- 取自：`one`、`two`", "- 可分：学校、unheard",
    ]  # fmt: skip
    full = Entry(
        **PLAIN | {"id": "own.more"}, denominator="数", rounding="half_even", direction="lower", interval="none", rule="cap",
        grades=(1, 2), note="备注。", period="date", kept_by="district", base_unit_by=(("grade", "个年级"), ("odd", "个")),
        whole_by=(("breach", "任一"),),
    )  # fmt: skip
    assert appendix._indicator(full).splitlines()[4:] == [
        "- 定义：某率的定义。", "- 分子：某", "- 分母：数", "- 单位：%，保留1位小数（四舍六入五成双）",
        "- 基数单位：所学校；分年级时为个年级；分odd时为个", "- 总计：分超限情形时各组有重叠，总计为任一", "- 方向：越低越好", "- 区间：不给区间",
        "- 时段：截止日当天", "- 登记：区级部门", "- 适用年级：1、2", "- 依据规则：上限（`cap`）", "- 取自：`one`、`two`", "- 说明：备注。",
    ]  # fmt: skip
    other = Entry(**PLAIN, rule="gone")
    assert "- 依据规则：gone（`gone`）" in appendix._indicator(other).splitlines()


def test_the_appendix_holds_each_area_once(monkeypatch) -> None:
    ids = ["homework.a", "wild.b", "homework.c"]
    monkeypatch.setattr(appendix, "entries", lambda: {id: SimpleNamespace(id=id) for id in ids})
    monkeypatch.setattr(appendix, "_indicator", lambda entry: f"《{entry.id}》")
    monkeypatch.setattr(appendix, "_rule_table", lambda: "表")
    parts = appendix.appendix().split("\n\n")
    assert parts[0] == "# 指标与规则"
    assert parts[3:] == ["## 作业", "《homework.a》", "《homework.c》", "## wild", "《wild.b》", "## 规则", "表\n"]
