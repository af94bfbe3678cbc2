"""The catalogue and the functions bound to it: one for one, in words a reader understands."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path

import jsonschema
import pytest

from analysis.cli import main
from analysis.house import UserError, path
from analysis.indicators import catalogue
from analysis.indicators.catalogue import describe, entries
from analysis.indicators.registry import bindings
from analysis.rules import rules

CHINESE = re.compile(r"[\u4e00-\u9fff]")


def test_every_declared_indicator_has_a_function() -> None:
    assert set(entries()) - set(bindings()) == set()


def test_every_function_is_declared() -> None:
    assert set(bindings()) - set(entries()) == set()


@pytest.mark.parametrize("id", sorted(entries()))
def test_an_entry_is_complete(id: str) -> None:
    entry = describe(id)
    named = {each.id for each in rules()}
    assert CHINESE.search(entry.label) and len(entry.label) <= 14
    assert len(entry.definition) > len(entry.label) and entry.definition.endswith("。")
    assert entry.unit in ("%", "") or CHINESE.search(entry.unit)
    assert entry.rule == "" or entry.rule in named
    assert (entry.tables or "data/reference/" in entry.note) and set(entry.tables[:1]) <= set(entry.reported_in)
    binding = bindings()[id]
    if binding.counting is not None:
        assert set(binding.counting.tables) - {"days", "schools"} == set(entry.tables)


def test_labels_are_told_apart() -> None:
    labels = [entry.label for entry in entries().values()]
    assert len(set(labels)) == len(labels)


def test_the_appendix_is_what_the_command_writes(tmp_path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["indicators", "--appendix", str(tmp_path / "indicators.md")]) == 0
    fresh = (tmp_path / "indicators.md").read_text(encoding="utf-8")
    assert fresh == path("docs", "indicators.md").read_text(encoding="utf-8"), "run: shuangjian indicators --appendix"
    assert all(entry.definition in fresh for entry in entries().values())


def test_the_list_and_its_json_name_every_indicator(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["indicators"]) == 0
    listed = capsys.readouterr().out
    assert main(["indicators", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    schema = json.loads((Path(catalogue.__file__).parent / "indicators.schema.json").read_text(encoding="utf-8"))
    jsonschema.validate(told, schema)
    assert [each["id"] for each in told["indicators"]] == list(entries())
    assert all(id in listed for id in entries())
    assert {"school", "grade", "weekday"} <= set(told["indicators"][0]["by"])


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ('label = "甲"', "definition"),
        ('label = "甲"\ncolour = "red"', "colour"),
        (
            'label="甲"\ndefinition="乙。"\nnumerator="丙"\nunit="%"\ndecimals=1\nbase_unit="个"\ntables=["homework"]\ndirection="up"',
            "up",
        ),
    ],
)
def test_a_slip_in_the_catalogue_is_told_with_its_indicator(tmp_path, words: str, said: str) -> None:
    file = tmp_path / "indicators.toml"
    file.write_text(f'[indicators."homework.new"]\n{words}\n', encoding="utf-8")
    with pytest.raises(UserError) as told:
        entries(file)
    assert "homework.new" in told.value.message and said in told.value.message


def test_importing_a_study_opens_no_engine() -> None:
    code = "import sys, analysis.indicators.study; print('duckdb' in sys.modules, 'pyspark' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["False", "False"]
