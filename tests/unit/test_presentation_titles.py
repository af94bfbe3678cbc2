"""No title, and no sentence of a notebook, makes a finding of a mere argmax."""

import ast
import json
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
NOTEBOOKS = sorted((ROOT / "notebooks").rglob("*.ipynb"))
CODE = sorted((ROOT / "src/analysis/presentation/charts").glob("*.py"))
CODE += [ROOT / "src/analysis/presentation" / name for name in ("wording.py", "references.py", "causes.py")]


def sources(notebook: Path) -> str:
    cells = json.loads(notebook.read_text(encoding="utf-8"))["cells"]
    return "\n".join("".join(cell["source"]) for cell in cells if cell["cell_type"] == "code")


def argmax_calls(text: str) -> list[str]:
    """Return the calls that take the extreme of a list without asking whether the data separate it."""
    calls = [node.func for node in ast.walk(ast.parse(text)) if isinstance(node, ast.Call)]
    return [each.attr for each in calls if isinstance(each, ast.Attribute) and each.attr in EXTREMES]


EXTREMES = ("highest", "lowest", "argmax", "argmin", "idxmax", "idxmin", "nlargest", "nsmallest")


@pytest.mark.parametrize("notebook", NOTEBOOKS, ids=lambda path: path.stem)
def test_no_notebook_takes_an_extreme_itself(notebook):
    assert argmax_calls(sources(notebook)) == []


@pytest.mark.parametrize("notebook", NOTEBOOKS, ids=lambda path: path.stem)
def test_no_written_title_holds_a_superlative_without_a_reference(notebook):
    for node in ast.walk(ast.parse(sources(notebook))):
        if isinstance(node, ast.keyword) and node.arg in ("title", "subtitle") and isinstance(node.value, ast.Constant):
            title = str(node.value.value)
            assert not any(word in title for word in ("最", "首位", "之首", "居首", "垫底")) or ".lowest" in title, (
                title
            )


@pytest.mark.parametrize("module", [path for path in CODE if path.exists()], ids=lambda path: path.stem)
def test_no_chart_takes_an_extreme_itself(module):
    assert argmax_calls(module.read_text(encoding="utf-8")) == []


def test_the_check_sees_an_argmax():
    assert argmax_calls("top = groups.highest()") == ["highest"]
