"""What every notebook must keep to: imports, parameters, calls and prose; stripped; ready for any runner."""

import ast
from pathlib import Path

import nbformat
import pytest

ROOT = Path(__file__).resolve().parents[2]
NOTEBOOKS = sorted((ROOT / "notebooks").rglob("*.ipynb"))
PUBLISHED = [file for file in NOTEBOOKS if file.parent.name in ("reports", "letters")]
PARAMETERS = ["snapshot", "district", "school", "term", "audience", "as_of"]
LOGIC = (
    ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Lambda, ast.For, ast.While, ast.If, ast.IfExp, ast.Try,
    ast.With, ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp,
)  # fmt: skip


def name(file):
    return f"{file.parent.name}/{file.stem}"


def read(file):
    return nbformat.read(file, as_version=4)


def code(file):
    return [cell for cell in read(file).cells if cell.cell_type == "code"]


def test_the_notebooks_of_the_suite_are_there():
    assert {name(file) for file in NOTEBOOKS} >= {
        "reports/homework_load",
        "reports/after_school",
        "reports/satisfaction",
        "reports/evaluation",
        "letters/deputy_reply",
        "explore/start_here",
    }


@pytest.mark.parametrize("file", NOTEBOOKS, ids=name)
def test_a_notebook_is_valid_and_stripped(file):
    notebook = read(file)
    nbformat.validate(notebook)
    assert (notebook.nbformat, notebook.nbformat_minor) == (4, 5)
    assert notebook.metadata.kernelspec.name == "python3"
    assert len({cell.id for cell in notebook.cells}) == len(notebook.cells)
    for cell in code(file):
        assert cell.outputs == [] and cell.execution_count is None
        assert set(cell.metadata) <= {"tags"}


@pytest.mark.parametrize("file", NOTEBOOKS, ids=name)
def test_a_notebook_holds_at_most_fifteen_code_cells_and_no_logic(file):
    assert 1 <= len(code(file)) <= 15
    for cell in code(file):
        found = [type(node).__name__ for node in ast.walk(ast.parse(cell.source)) if isinstance(node, LOGIC)]
        assert found == []


@pytest.mark.parametrize("file", PUBLISHED, ids=name)
def test_a_published_notebook_has_its_parameters_all_strings(file):
    tagged = [cell for cell in code(file) if "parameters" in cell.metadata.get("tags", [])]
    assert len(tagged) == 1
    given = {}
    for statement in ast.parse(tagged[0].source).body:
        assert isinstance(statement, ast.Assign) and isinstance(statement.value, ast.Constant)
        given[statement.targets[0].id] = statement.value.value
    assert all(isinstance(value, str) for value in given.values())
    wanted = [*PARAMETERS, "suggestion"] if file.stem == "deputy_reply" else PARAMETERS
    assert list(given) == wanted
    assert given["snapshot"] == "latest" and given["school"] == "" and given["audience"] in ("internal", "public")


@pytest.mark.parametrize("file", PUBLISHED, ids=name)
def test_the_prose_of_a_published_notebook_holds_no_number(file):
    from analysis.text.digits import typed_numbers

    for cell in read(file).cells:
        if cell.cell_type == "markdown":
            assert typed_numbers(cell.source) == []
