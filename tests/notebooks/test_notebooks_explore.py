"""The notebooks for exploring run from top to bottom on the shipped data."""

from __future__ import annotations

from pathlib import Path

import pytest
from running_helpers import executed

ROOT = Path(__file__).resolve().parents[2]
EXPLORE = sorted((ROOT / "notebooks" / "explore").glob("*.ipynb"))


@pytest.mark.parametrize("file", EXPLORE, ids=lambda file: file.stem)
def test_a_notebook_for_exploring_runs(
    file: Path, shipped_snapshot: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SHUANGJIAN_HOME", str(shipped_snapshot))
    monkeypatch.chdir(shipped_snapshot)
    (made,) = executed([(file, tmp_path / file.name)], "shuangjian", {})
    outputs = [output for cell in made.cells for output in cell.get("outputs", ())]
    assert outputs and not [output for output in outputs if output.output_type == "error"]


def test_three_variances_of_one_share_agree_and_an_impossible_mean_is_told(
    shipped_snapshot: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SHUANGJIAN_HOME", str(shipped_snapshot))
    monkeypatch.chdir(shipped_snapshot)
    file = ROOT / "notebooks" / "explore" / "survey_statistics.ipynb"
    (made,) = executed([(file, tmp_path / file.name)], "shuangjian", {})
    text = {cell.id: output.data["text/plain"] for cell in made.cells for output in cell.get("outputs", ())}
    rows = [line.split() for line in text["estimate"].splitlines()[1:]]
    linearised, jackknife, bootstrap = (float(row[2]) for row in rows)
    assert jackknife == pytest.approx(linearised, rel=0.05) and bootstrap == pytest.approx(linearised, rel=0.10)
    # 24 whole scores: 104/24 = 4.33 and 105/24 = 4.375, printed 4.38; 27/29 = 93.1 %
    assert text["grim"] == "(False, True, True, range(27, 28))"
