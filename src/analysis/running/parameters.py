"""Strict parameters: what a notebook's own parameters cell declares, and nothing else, each of its own kind.

1. The names and types allowed are those of the literal assignments in the cell tagged ``parameters``.
2. A name that `Parameters` declares must also pass its check there (dates, codes, the two audiences).
3. The injected cell is written so that people can read it: Chinese stays Chinese.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields
from datetime import date
from typing import TYPE_CHECKING

from analysis.house import UserError
from analysis.house.content import Json
from analysis.reference.vocabulary import Audience, Stage

if TYPE_CHECKING:
    from nbformat import NotebookNode

TAG, INJECTED = "parameters", "injected-parameters"


@dataclass(frozen=True, slots=True)
class Parameters:
    """The parameters of every published notebook, all strings.

    Parameters
    ----------
    snapshot
        Snapshot id, a unique beginning of one, or ``latest``.
    district, school
        Codes of six and ten digits; no school is the whole district.
    term
        Such as ``2025-2026-2``.
    audience
        ``internal`` or ``public``.
    as_of
        The day that the document speaks from (ISO).
    suggestion
        Of a letter: the register's name of the suggestion and signatory.
    stage
        Of a page about the schools of one stage: ``primary``, ``junior`` or ``nine_year``; ``""`` is all.
    """

    snapshot: str = "latest"
    district: str = ""
    school: str = ""
    term: str = ""
    audience: str = "internal"
    as_of: str = ""
    suggestion: str = ""
    stage: str = ""


def _is_date(value: str) -> bool:
    try:
        date.fromisoformat(value)
    except ValueError:
        return False
    return re.fullmatch(r"\d{4}-\d\d-\d\d", value) is not None


def _matches(pattern: str) -> Callable[[str], bool]:
    return lambda value: re.fullmatch(pattern, value) is not None


CHECKS: dict[str, tuple[Callable[[str], bool], str]] = {
    "snapshot": (_matches(r"latest|[0-9a-z:\-]{4,80}"), "“latest”或快照编号"),
    "district": (_matches(r"\d{6}"), "6位区代码"),
    "school": (_matches(r"|\d{10}"), "10位学校代码，或空（表示全区）"),
    "term": (_matches(r"\d{4}-\d{4}-[12]"), "形如 2025-2026-2 的学期"),
    "audience": (lambda value: value in Audience.labels(), "internal（内部）或 public（公开）"),
    "as_of": (_is_date, "形如 2026-07-20 的日期"),
    "suggestion": (lambda value: not re.search(r"[/\\\0]|^\.", value), "登记册中的建议编号"),
    "stage": (lambda value: value in ("", *Stage), "primary、junior、nine_year 或空"),
}
assert set(CHECKS) == {field.name for field in fields(Parameters)}


def declared(notebook: NotebookNode) -> Json:
    """Return the names and default values that the notebook's parameters cell assigns (literals only), in order."""
    for cell in notebook.cells:
        if cell.cell_type == "code" and TAG in cell.metadata.get("tags", []):
            return _assignments(cell.source)
    return {}


def _assignments(source: str) -> Json:
    found: Json = {}
    try:
        statements = ast.parse(source).body
    except SyntaxError:
        return found
    for statement in statements:
        targets = statement.targets if isinstance(statement, ast.Assign) else []
        if isinstance(statement, ast.AnnAssign):
            targets = [statement.target]
        value = getattr(statement, "value", None)
        for target in targets:
            if isinstance(target, ast.Name) and value is not None:
                try:
                    found[target.id] = ast.literal_eval(value)
                except ValueError:
                    continue
    return found


def check_parameters(notebook: NotebookNode, given: Mapping[str, object], name: str = "") -> None:
    """Refuse a parameter that the notebook does not declare, or a value of the wrong kind.

    Raises
    ------
    UserError
        One Chinese line that names the parameter, the value, and what is allowed.
    """
    allowed, where = declared(notebook), f"笔记本“{name}”" if name else "笔记本"
    if given and not allowed:
        raise UserError(f"{where}没有带 parameters 标签的参数单元格，不能接受参数“{'、'.join(given)}”。")
    for key, value in given.items():
        if key not in allowed:
            raise UserError(f"{where}没有参数“{key}”；可用的参数：{'、'.join(allowed)}。")
        default = allowed[key]
        if default is not None and type(value) is not type(default):
            raise UserError(
                f"{where}的参数“{key}”应为{_kind(default)}，给出的是{_kind(value)}“{value}”；请改正后再运行。"
            )
        if key in CHECKS and isinstance(value, str):
            passes, form = CHECKS[key]
            if not passes(value):
                raise UserError(f"{where}的参数“{key}”不能是“{value}”；应为{form}。")


def _kind(value: object) -> str:
    kinds = {bool: "真假值", int: "整数", float: "小数", str: "文字", list: "列表", dict: "字典", type(None): "空值"}
    return kinds.get(type(value), type(value).__name__)


def assignments(given: Mapping[str, object]) -> str:
    """Write the injected cell's source: one readable assignment a line."""
    return "\n".join(["# Parameters", *(f"{key} = {value!r}" for key, value in given.items()), ""])


def settle_parameters(notebook: NotebookNode, name: str = "") -> None:
    """Check what papermill injected and write its cell readably (papermill alone only warns, and escapes Chinese)."""
    given = notebook.metadata.get("papermill", {}).get("parameters") or {}
    check_parameters(notebook, given, name)
    for cell in notebook.cells:
        if INJECTED in cell.metadata.get("tags", []):
            cell.source = assignments(given)
