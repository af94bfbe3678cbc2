"""A check of drafts is a module of its own: put into the folder, it runs, and its findings have their name."""

from __future__ import annotations

import json
from pathlib import Path
from types import ModuleType

import jsonschema
import pytest

from analysis.cli import main
from analysis.letters import checker, checks
from analysis.letters.findings import Finding


def test_every_module_says_what_its_findings_are_called() -> None:
    assert [module.__name__.rpartition(".")[2] for module in checks.modules()] == [
        "absolutes", "annexes", "changes", "counts", "dates", "documents", "figures", "parts", "personal", "sections",
        "shares", "sums", "totals",
    ]  # fmt: skip
    assert checks.kinds()["sum"] == "加总" and checks.kinds()["draft"] == "文稿状态" and len(checks.kinds()) == 12


def test_a_check_that_is_put_there_runs_and_is_told(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    new = ModuleType("analysis.letters.checks.tone")
    new.KIND = ("tone", "语气")  # type: ignore[attr-defined]
    new.check = lambda draft: iter([Finding(1, "敬请", "tone", "note", "语气得体。")])  # type: ignore[attr-defined]
    before = checks.modules()
    for module in (checks, checker):
        monkeypatch.setattr(module, "modules", lambda: (*before, new))
    file = tmp_path / "draft.txt"
    file.write_text("敬请指正。\n", encoding="utf-8")
    main(["check", str(file)])
    assert "[语气] “敬请”语气得体。" in capsys.readouterr().out
    main(["check", str(file), "--json"])
    told = json.loads(capsys.readouterr().out)
    schema = json.loads((Path(checks.__file__).parents[1] / "check.schema.json").read_text(encoding="utf-8"))
    jsonschema.validate(told, schema)
    assert "tone" in {each["kind"] for each in told["findings"]}
