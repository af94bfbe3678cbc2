"""The schemas for editors are those of the models, and the shipped files keep to them."""

from __future__ import annotations

import datetime
import json
import tomllib
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from analysis.cli import main
from analysis.reference.files import MODELS, REGISTERS
from analysis.reference.schemas import schemas

ROOT = Path(__file__).resolve().parents[2]
FILES = {**MODELS, **REGISTERS}
KEPT = ROOT / "docs" / "schemas" / "reference"


def plain(value: Any) -> Any:
    """Turn parsed TOML into what JSON has: dates become texts."""
    if isinstance(value, dict):
        return {key: plain(each) for key, each in value.items()}
    if isinstance(value, list):
        return [plain(each) for each in value]
    return value.isoformat() if isinstance(value, datetime.date) else value


def test_the_kept_schemas_are_fresh() -> None:
    assert {file.name: file.read_text(encoding="utf-8") for file in KEPT.iterdir()} == schemas(), (
        "run: shuangjian reference --schemas docs/schemas/reference"
    )


def test_the_command_writes_them(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["reference", "--schemas", str(tmp_path / "new")]) == 0
    assert {file.name for file in (tmp_path / "new").iterdir()} == {file.name for file in KEPT.iterdir()}
    assert capsys.readouterr().out.startswith(f"已写入{len(FILES)}个 JSON Schema")


@pytest.mark.parametrize("pattern", FILES)
def test_the_shipped_files_keep_to_their_schemas(pattern: str) -> None:
    schema = dict(zip(FILES, map(json.loads, schemas().values()), strict=True))[pattern]
    jsonschema.Draft202012Validator.check_schema(schema)
    found = sorted(ROOT.glob(pattern))
    assert found
    for file in found:
        jsonschema.validate(plain(tomllib.loads(file.read_text(encoding="utf-8"))), schema)


def test_a_misspelt_key_breaks_the_schema() -> None:
    schema = json.loads(schemas()["terms.schema.json"])
    entry = {"term": "t", "start": "2026-03-02", "end": "2026-07-03"}
    jsonschema.validate({"term": [entry]}, schema)
    with pytest.raises(jsonschema.ValidationError, match="strat"):
        jsonschema.validate({"term": [{**entry, "strat": "2026-03-02"}]}, schema)
