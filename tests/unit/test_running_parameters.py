"""A notebook takes the parameters that it declares, of their kind, and tells what it would take."""

from __future__ import annotations

import pytest
from nbformat.v4 import new_code_cell, new_notebook

from analysis.house import UserError
from analysis.running.parameters import assignments, check_parameters, declared, settle_parameters

CELL = 'school = ""\nas_of: str = "2026-07-20"\naudience = "internal"\ncount = 3\nratio = 0.5\nopen_ = True\nx = f(1)'


def notebook(source: str = CELL) -> object:
    return new_notebook(cells=[new_code_cell("1"), new_code_cell(source, metadata={"tags": ["parameters"]})])


def test_what_is_declared_are_the_literal_assignments() -> None:
    assert declared(notebook()) == {
        "school": "",
        "as_of": "2026-07-20",
        "audience": "internal",
        "count": 3,
        "ratio": 0.5,
        "open_": True,
    }
    assert declared(new_notebook()) == {} and declared(notebook("x = = 1")) == {}


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({"shool": "1"}, "笔记本“n.ipynb”没有参数“shool”；可用的参数：school、as_of、audience、count、ratio、open_。"),
        ({"x": "1"}, "没有参数“x”"),
        ({"count": "3"}, "参数“count”应为整数，给出的是文字“3”"),
        ({"count": True}, "应为整数，给出的是真假值“True”"),
        ({"school": 2199000001}, "应为文字，给出的是整数"),
        ({"school": "第一小学"}, "参数“school”不能是“第一小学”；应为10位学校代码，或空（表示全区）。"),
        ({"as_of": "2026-7-20"}, "参数“as_of”不能是“2026-7-20”；应为形如 2026-07-20 的日期。"),
        ({"as_of": "2026-02-30"}, "不能是“2026-02-30”"),
        ({"audience": "all"}, "应为internal（内部）或 public（公开）"),
    ],
)
def test_anything_else_is_refused_by_name(given: dict, told: str) -> None:
    with pytest.raises(UserError) as caught:
        check_parameters(notebook(), given, "n.ipynb")
    assert told in caught.value.message and "\n" not in caught.value.message


def test_a_notebook_without_a_parameters_cell_takes_none() -> None:
    check_parameters(new_notebook(), {})
    with pytest.raises(UserError, match="没有带 parameters 标签的参数单元格"):
        check_parameters(new_notebook(), {"school": ""})


def test_the_injected_cell_can_be_read() -> None:
    made = notebook()
    made.cells.append(new_code_cell('school = "\\u4e59"', metadata={"tags": ["injected-parameters"]}))
    made.metadata["papermill"] = {"parameters": {"school": "2199000001", "audience": "public"}}
    settle_parameters(made)
    assert made.cells[2].source == "# Parameters\nschool = '2199000001'\naudience = 'public'\n"
    scope: dict[str, object] = {}
    exec(assignments({"名": "湖滨“小学”'\\", "n": [1, None]}), scope)
    assert scope["名"] == "湖滨“小学”'\\" and scope["n"] == [1, None]
    assert "湖滨" in assignments({"名": "湖滨"})
