"""Every shipped notebook puts out the same under the warm engine as under papermill's own, images included."""

from __future__ import annotations

from pathlib import Path

import pytest
from running_helpers import comparable, executed

ROOT = Path(__file__).resolve().parents[2]
NOTEBOOKS = sorted(file.relative_to(ROOT).as_posix() for file in (ROOT / "notebooks").glob("*/*.ipynb"))
SCHOOL = "2199000002"


@pytest.mark.parametrize("name", NOTEBOOKS)
def test_a_shipped_notebook_is_executed_alike(
    name: str, shipped_snapshot: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SHUANGJIAN_HOME", str(shipped_snapshot))
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1784505600")
    source = shipped_snapshot / name
    runs = [{"school": SCHOOL}] if "reports" in name else []
    for number, given in enumerate([{}, *runs]):
        ours, stock = (
            comparable(executed([(source, tmp_path / f"{engine}-{number}.ipynb")], engine, given)[0])
            for engine in ("shuangjian", None)
        )
        assert len(ours["cells"]) == len(stock["cells"])
        for mine, theirs in zip(ours["cells"], stock["cells"], strict=True):
            assert mine == theirs
        assert ours["metadata"] == stock["metadata"]
        assert not any("'output_type': 'error'" in output for c in ours["cells"] for output in c.get("outputs", ()))
