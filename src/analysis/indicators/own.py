"""A researcher's own figure: computed from rows, marked as no indicator of the catalogue, with its formula."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pandas as pd

from analysis.house import UserError
from analysis.indicators import provenance
from analysis.indicators.catalogue import entries
from analysis.indicators.statistic import Statistic
from analysis.statistics.estimate import Estimate

if TYPE_CHECKING:
    from analysis.indicators.study import Study

MARK = "自定指标"


def own_figure(
    study: Study,
    name: str,
    label: str,
    formula: str,
    rows: pd.DataFrame,
    *,
    unit: str = "%",
    decimals: int = 1,
    base_unit: str = "行",
) -> Statistic:
    """Return Σ numerator / Σ denominator of rows as a figure that may be published, marked 自定指标.

    Parameters
    ----------
    study
        The study whose data the rows were taken from: gives scope, snapshot and slice.
    name
        Lower-case letters, digits and underlines; the id becomes ``own.<name>``.
    label, formula
        Chinese name, and what is divided by what, as readers are told it.
    rows
        Columns ``numerator`` and ``denominator`` (no value may be missing), one row a case or a group.
    unit, decimals, base_unit
        As of a catalogue entry; with the unit ``%`` the ratio is a share.

    Raises
    ------
    UserError
        If the name or label is one of the catalogue's, the formula is empty, or the rows cannot be divided.

    Examples
    --------
    >>> rows = study.rows("funds").assign(numerator=lambda each: each["paid"], denominator=lambda each: each["applied"])  # doctest: +SKIP
    >>> own_figure(study, "paid_of_applied", "拨付占申请", "已拨付金额÷申请金额", rows, base_unit="元").label  # doctest: +SKIP
    '拨付占申请（自定指标）'
    """
    if not re.fullmatch(r"[a-z][a-z0-9_]*", name) or not label or not formula.strip():
        raise UserError(
            f"自定指标“{label or name}”须有小写字母的代号、中文名称与算式，例如 own_figure(study, "
            '"paid_of_applied", "拨付占申请", "已拨付金额÷申请金额", rows)。'
        )
    if any(label in (entry.id, entry.label) for entry in entries().values()):
        raise UserError(
            f"“{label}”是指标目录中的名称，自定指标不得借用；请换一个名称，或用 study.measure(…) 取目录中的指标。"
        )
    lacking = [column for column in ("numerator", "denominator") if column not in rows.columns]
    if lacking or rows[["numerator", "denominator"]].isna().any(axis=None):
        raise UserError(
            f"自定指标“{label}”的数据行须有 numerator、denominator 两列且没有缺值；请补齐或先去掉缺值的行。"
        )
    top, bottom = float(rows["numerator"].sum()), float(rows["denominator"].sum())
    made = Statistic(
        indicator=f"{provenance.OWN}{name}",
        label=f"{label}（{MARK}）",
        definition=f"{MARK}，不在指标目录之中：{formula.strip()}",
        estimate=Estimate(top / bottom if bottom else None, n=len(rows), method="count"),
        scope=study.scope,
        unit=unit,
        decimals=decimals,
        numerator=top,
        denominator=bottom,
        base=round(bottom),
        base_unit=base_unit,
        snapshot=study.snapshot.id,
        slice=study.snapshot.slice(study.snapshot.tables, study.scope.school),
    )
    provenance.keep([made])
    return made
