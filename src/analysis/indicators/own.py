"""A researcher's own figure: computed from a register of the snapshot, marked as no indicator of the catalogue, with its formula.

No number is handed in: a figure is told by a register and by expressions over its columns. They travel with the figure, so
that anybody can compute it again from the snapshot (`recomputed`), and `shuangjian verify` does.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

import pandas as pd

from analysis.house import UserError
from analysis.indicators import provenance
from analysis.indicators.catalogue import entries
from analysis.indicators.statistic import MARK, OWN, Statistic
from analysis.statistics.estimate import Estimate
from analysis.text.digits import typed_numbers

if TYPE_CHECKING:
    from analysis.indicators.study import Study

_ALLOWED = (
    *(ast.Expression, ast.Name, ast.Load, ast.BinOp, ast.Add, ast.Sub, ast.Mult, ast.Div, ast.UnaryOp, ast.USub),
    *(ast.BoolOp, ast.And, ast.Or, ast.BitAnd, ast.BitOr, ast.Invert, ast.Not),
    *(ast.Compare, ast.Eq, ast.NotEq, ast.Lt, ast.LtE, ast.Gt, ast.GtE),
)


@dataclass(frozen=True, slots=True)
class Formula:
    """What an own figure is computed from: Σ `numerator` / Σ `denominator` over the rows of `table` with `where`.

    `told` says the same in Chinese. An empty `denominator` counts the rows, an empty `where` takes them all.
    """

    told: str
    table: str
    numerator: str
    denominator: str = ""
    where: str = ""

    @property
    def words(self) -> str:
        """The formula as the table of definitions has it."""
        below = f"Σ({self.denominator})" if self.denominator else "行数"
        rows = f"{self.table}表中{self.where}的行" if self.where else f"{self.table}表的各行"
        return f"{MARK}，不在指标目录之中：{self.told}（{rows}，Σ({self.numerator})÷{below}）"


def own_figure(
    study: Study,
    name: str,
    label: str,
    formula: str,
    *rows: object,
    table: str = "",
    numerator: str = "",
    denominator: str = "",
    where: str = "",
    unit: str = "%",
    decimals: int = 1,
    base_unit: str = "行",
) -> Statistic:
    """Return Σ numerator / Σ denominator over a register's rows as a figure that may be published, marked 自定指标.

    Parameters
    ----------
    study
        The study whose data are read: gives scope, snapshot and slice.
    name
        Lower-case letters, digits and underlines; the id becomes ``own.<name>``.
    label, formula
        Chinese name, and what is divided by what, as readers are told it; without numbers.
    *rows
        None: rows of one's own are refused.
    table
        A register of the snapshot that `Study.rows` gives.
    numerator, denominator
        Expressions over its columns: names, ``+ - * /``, comparisons (also with constants), ``& | ~``. A condition
        counts the rows for which it holds; without a denominator the rows are counted.
    where
        A condition that the rows must meet.
    unit, decimals, base_unit
        As of a catalogue entry; with the unit ``%`` the ratio is a share.

    Raises
    ------
    UserError
        If the name or label is one of the catalogue's or holds a number, an expression is none, or a value is missing.

    Examples
    --------
    >>> own_figure(  # doctest: +SKIP
    ...     study, "paid_of_applied", "拨付占申请", "已拨付金额÷申请金额",
    ...     table="funds", numerator="paid", denominator="applied", base_unit="元",
    ... ).label
    '拨付占申请（自定指标）'
    """
    if rows or not table or not numerator:
        raise UserError(
            f"自定指标“{label}”不收自带的数据行，只由快照的登记表算出；请写明表与算式，例如 "
            'table="funds", numerator="paid", denominator="applied"。'
        )
    if not re.fullmatch(r"[a-z][a-z0-9_]*", name) or not label or not formula.strip():
        raise UserError(
            f"自定指标“{label or name}”须有小写字母的代号、中文名称与算式，例如 own_figure(study, "
            '"paid_of_applied", "拨付占申请", "已拨付金额÷申请金额", table="funds", numerator="paid", denominator="applied")。'
        )
    if any(label in (entry.id, entry.label) for entry in entries().values()):
        raise UserError(
            f"“{label}”是指标目录中的名称，自定指标不得借用；请换一个名称，或用 study.measure(…) 取目录中的指标。"
        )
    if typed := typed_numbers(label + formula):
        raise UserError(
            f"自定指标“{label}”的名称与算式说明中不得有数字“{typed[0]}”；界限请写在 numerator 或 where 中。"
        )
    made = _computed(
        study, name, label, Formula(formula.strip(), table, numerator, denominator, where), unit, decimals, base_unit
    )
    provenance.keep([made])
    return made


def recomputed(study: Study, item: Mapping[str, Any]) -> Iterator[Statistic]:
    """Give the figure that an entry of a manifest names, computed from the snapshot by the formula that it carries."""
    formula = Formula(**item["formula"])
    name, label = item["indicator"].removeprefix(OWN), item["label"].removesuffix(f"（{MARK}）")
    yield _computed(study, name, label, formula, item["unit"], item["decimals"], item["base_unit"])


def _computed(
    study: Study, name: str, label: str, formula: Formula, unit: str, decimals: int, base_unit: str
) -> Statistic:
    rows = study.rows(formula.table)
    if formula.where:
        held, condition = _values(rows, formula.where, label)
        if not condition:
            raise UserError(f"自定指标“{label}”的 where“{formula.where}”不是条件；例如 paid > 0。")
        rows = rows[held.astype(bool)]
    above, _ = _values(rows, formula.numerator, label)
    below = _values(rows, formula.denominator, label)[0] if formula.denominator else pd.Series(1, index=rows.index)
    if above.isna().any() or below.isna().any():
        raise UserError(f"自定指标“{label}”：{formula.table} 表有缺值的行；请用 where 去掉缺值的行。")
    top, bottom = float(above.sum()), float(below.sum())
    return Statistic(
        indicator=f"{OWN}{name}",
        label=f"{label}（{MARK}）",
        definition=formula.words,
        estimate=Estimate(top / bottom if bottom else None, n=len(rows), method="count"),
        scope=study.scope,
        unit=unit,
        decimals=decimals,
        numerator=top,
        denominator=bottom,
        base=round(bottom),
        base_unit=base_unit,
        snapshot=study.snapshot.id,
        slice=study.snapshot.slice((formula.table,), study.scope.school),
        formula=tuple(asdict(formula).items()),
    )


def _values(rows: pd.DataFrame, expression: str, label: str) -> tuple[pd.Series[Any], bool]:
    """Return what an expression gives for each row, and whether it is a condition (1 where it holds; not where unknown).

    Raises
    ------
    UserError
        If it is none that `own_figure` allows: it must read columns, and numbers may stand in comparisons only.
    """
    try:
        tree = ast.parse(expression.strip(), mode="eval")
    except (SyntaxError, ValueError):
        raise UserError(f"自定指标“{label}”的算式“{expression}”写法有误；例如 paid 或 paid - applied。") from None
    compared = {
        id(side) for node in ast.walk(tree) if isinstance(node, ast.Compare) for side in (node.left, *node.comparators)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and id(node) in compared:
            continue
        if not isinstance(node, _ALLOWED):
            part = ast.unparse(node) if isinstance(node, ast.expr) else type(node).__name__
            raise UserError(
                f"自定指标“{label}”的算式“{expression}”中不得有“{part}”；只能用列名、加减乘除与比较，数字只能写在比较中。"
            )
    names = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
    if not names or names - set(rows.columns):
        lacking = "、".join(sorted(names - set(rows.columns))) or "列名"
        raise UserError(
            f"自定指标“{label}”的算式“{expression}”：表中没有{lacking}；可用的列：{'、'.join(rows.columns)}。"
        )
    try:
        found: Any = pd.Series(rows.eval(expression.strip(), engine="python"))
        condition = pd.api.types.is_bool_dtype(found)
        return (found.fillna(False).astype("int64") if condition else found.astype("Float64")), condition
    except (TypeError, ValueError):
        raise UserError(f"自定指标“{label}”的算式“{expression}”算不出数；请用数字列或条件。") from None
