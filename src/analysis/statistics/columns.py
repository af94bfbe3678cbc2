"""Columns of a frame as the arrays that estimators need; what is wrong in them is told by column and row."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd

from analysis.house import UserError
from analysis.house.arrays import Bools, Floats, Ints, summed

Values = str | np.ndarray | pd.Series | Sequence[Any]


def column(frame: pd.DataFrame, name: object) -> pd.Series:
    """Return a column by name.

    Raises
    ------
    UserError
        If there is none of that name.
    """
    if name not in frame.columns:
        raise UserError(f"数据中没有“{name}”列；现有的列：{'、'.join(map(str, frame.columns))}。请改正列名。")
    found: pd.Series = frame[name]
    return found


def aligned(frame: pd.DataFrame, values: Values, what: str) -> tuple[pd.Series, str]:
    """Return a column, or an array as long as the frame, with the name to use in messages."""
    if isinstance(values, str):
        return column(frame, values).reset_index(drop=True), values
    name = getattr(values, "name", None) or what
    if isinstance(values, pd.Series) and len(values) == len(frame) and not values.index.equals(frame.index):
        if not (values.index.is_unique and values.index.isin(frame.index).all()):
            raise UserError(f"“{name}”的行标签与数据不一致；请用同一张表中的列，或传入按行排列的数组。")
        values = values.reindex(frame.index)
    series = pd.Series(values).reset_index(drop=True)
    if len(series) != len(frame):
        raise UserError(f"“{name}”有 {len(series)} 行，数据有 {len(frame)} 行；请传入与数据逐行对应的数组。")
    return series, str(name)


def refuse(bad: Bools, name: str, series: pd.Series, trouble: str, remedy: str) -> None:
    """Raise a UserError that names the first bad row, if any (rows are counted from 1)."""
    where = np.flatnonzero(bad)
    if where.size:
        first = int(where[0])
        more = f"（共 {where.size} 行）" if where.size > 1 else ""
        raise UserError(
            f"“{name}”列第 {first + 1} 行{more}：读到“{str(series.iloc[first])[:20]}”，{trouble}；{remedy}。"
        )


def numbers(frame: pd.DataFrame, values: Values, what: str = "y") -> tuple[Floats, str]:
    """Return an answer column as floats; missing values are NaN (and count as outside the domain).

    Parameters
    ----------
    frame
        The design's data.
    values
        Name of a column, or an array aligned with the frame: booleans, 0/1, or numbers.
    what
        How to call an array without a name in messages.

    Raises
    ------
    UserError
        If there is text or an infinite number in it.
    """
    series, name = aligned(frame, values, what)
    if isinstance(series.dtype, pd.CategoricalDtype) or not (
        pd.api.types.is_numeric_dtype(series.dtype) or pd.api.types.is_bool_dtype(series.dtype)
    ):
        present = series.notna().to_numpy()
        plain = series.map(lambda value: isinstance(value, (bool, int, float, np.number, np.bool_)), na_action=None)
        text = present & ~plain.to_numpy(dtype=bool)
        refuse(text, name, series, "应为数字或空", "请改为数字，没有作答的留空")
        series = series.where(series.notna(), np.nan)
    result = series.to_numpy(dtype=float, na_value=np.nan)
    refuse(np.isinf(result), name, series, "是无穷大", "请改为数字或留空")
    return result, name


def shares(frame: pd.DataFrame, values: Values, what: str = "y") -> tuple[Floats, str]:
    """Return a column of yes and no as 1, 0 and NaN.

    Raises
    ------
    UserError
        If there is a value other than 0 and 1.
    """
    result, name = numbers(frame, values, what)
    bad = ~(np.isnan(result) | (result == 0) | (result == 1))
    refuse(bad, name, pd.Series(result), "占比只能由 0、1 或真、假计算", "请先写明哪些答案算“是”，例如 分数 >= 4")
    return result, name


def mask(frame: pd.DataFrame, where: Values | None) -> Bools:
    """Return a domain as booleans; missing means outside.

    Raises
    ------
    UserError
        If it holds anything but yes and no.
    """
    if where is None:
        return np.ones(len(frame), dtype=bool)
    return np.nan_to_num(shares(frame, where, "where")[0], nan=0.0).astype(bool)


@dataclass(frozen=True)
class Groups:
    """A split of rows: `codes` (−1: in none) and one label a group, sorted."""

    codes: Ints
    labels: pd.Index

    def __len__(self) -> int:
        return len(self.labels)

    def within(self, domain: Bools) -> Groups:
        """Return the same groups with the rows outside a domain taken out."""
        return Groups(np.where(domain, self.codes, -1), self.labels)

    @cached_property
    def _places(self) -> Ints:
        return self.codes + 1

    @cached_property
    def _members(self) -> Floats:
        return (self.codes >= 0).astype(float)

    @cached_property
    def counts(self) -> Floats:
        """The number of rows of each group."""
        return np.bincount(self._places, minlength=len(self) + 1)[1:].astype(float)

    def sums(self, values: Floats) -> Floats:
        """Return the sum of a row-wise array in each group."""
        if len(self) == 1:
            return np.array([(values * self._members).sum()])
        return summed(self._places, values, len(self) + 1)[1:]

    def spread(self, values: Floats) -> Floats:
        """Return each row's own group's value (0 for rows in no group)."""
        if len(self) == 1:
            whole: Floats = self._members * values[0]
            return whole
        return np.concatenate([[0.0], values])[self._places]


def groups(frame: pd.DataFrame, by: Values | Sequence[str] | None) -> Groups:
    """Split rows by a column, by several columns, or by an array; rows with a missing key are in no group.

    Without `by` all rows are one group. Groups are sorted by their keys; several columns give a MultiIndex.
    """
    if by is None:
        return Groups(np.zeros(len(frame), dtype=np.int64), pd.Index(["all"]))
    several = isinstance(by, (list, tuple)) and all(isinstance(name, str) and name in frame.columns for name in by)
    if several and len(by) > 1:
        keys = frame[list(by)].reset_index(drop=True)
        present = keys.notna().all(axis=1).to_numpy()
        index = pd.MultiIndex.from_frame(keys[present])
        found, labels = pd.factorize(index, sort=True)
        codes = np.full(len(frame), -1, dtype=np.int64)
        codes[present] = found
        return Groups(codes, pd.MultiIndex.from_tuples(list(labels), names=list(by)))
    series, name = aligned(frame, by[0] if several else by, "by")
    codes, labels = pd.factorize(series, sort=True, use_na_sentinel=True)
    if isinstance(series.dtype, pd.CategoricalDtype):
        labels = labels.astype(series.cat.categories.dtype)
    named = None if name == "by" else name
    return Groups(codes.astype(np.int64), pd.Index(labels, name=named))
