"""Many estimates at once: one `Estimate`, or a table with one row a group."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd

from analysis.house.arrays import Floats
from analysis.statistics.estimate import Estimate

NUMBERS = ("value", "se", "lower", "upper", "df", "deff")


class Covariance:
    """The covariance matrix of the estimates of a table, computed when first asked for.

    It is found as ``table.attrs["covariance"]``; `frame` is the matrix with the groups as labels.
    """

    def __init__(self, compute: Callable[[], Floats], labels: pd.Index) -> None:
        self._compute, self._labels = compute, labels

    @cached_property
    def frame(self) -> pd.DataFrame:
        """The matrix, labelled."""
        return pd.DataFrame(self._compute(), index=self._labels, columns=self._labels)

    def __array__(self, dtype: Any = None, copy: bool | None = None) -> Floats:
        return self.frame.to_numpy(dtype=dtype)

    def to_numpy(self) -> Floats:
        """Return the matrix without labels."""
        return self.frame.to_numpy()

    @property
    def loc(self) -> Any:
        """Label-based access, as of a DataFrame."""
        return self.frame.loc

    def __deepcopy__(self, memo: dict[int, Any]) -> Covariance:
        return self


@dataclass(frozen=True)
class Results:
    """Arrays of estimates, one element a group; NaN in them means missing and never leaves this class.

    Without a value the rest is missing too.
    """

    value: Floats
    se: Floats
    lower: Floats
    upper: Floats
    df: Floats
    n: Floats
    deff: Floats
    method: Floats
    level: float

    def __post_init__(self) -> None:
        unknown = np.isnan(self.value)
        for name in ("se", "lower", "upper", "df", "deff"):
            object.__setattr__(self, name, np.where(unknown, np.nan, getattr(self, name)))

    def status(self) -> Floats:
        """Return ``ok``, ``too few`` (no limits) or ``no data`` for each."""
        few = np.where(np.isnan(self.lower), "too few", "ok")
        return np.where(np.isnan(self.value), "no data", few)

    def one(self) -> Estimate:
        """Return the first as an Estimate."""
        numbers = {name: None if np.isnan(number := float(getattr(self, name)[0])) else number for name in NUMBERS}
        return Estimate(
            **numbers,
            level=self.level,
            n=int(self.n[0]),
            method=str(self.method[0]),
            status=str(self.status()[0]),  # type: ignore[arg-type]
        )

    def table(self, labels: pd.Index, covariance: Callable[[], Floats] | None = None) -> pd.DataFrame:
        """Return a table of all, indexed by group; what is missing is ``<NA>`` (nullable columns), never NaN."""
        columns: dict[str, Any] = {}
        for name in ("value", "se", "lower", "upper", "df", "n", "deff"):
            numbers = getattr(self, name)
            missing = np.isnan(numbers)
            plain = np.where(missing, 0.0, numbers)
            columns[name] = (
                plain.astype(np.int64) if name == "n" else pd.arrays.FloatingArray(plain.astype(float), missing)
            )
        table = pd.DataFrame(columns | {"status": self.status(), "method": self.method}, index=labels)
        if covariance is not None:
            table.attrs["covariance"] = Covariance(covariance, labels)
        return table


def estimates(table: pd.DataFrame, level: float = 0.95) -> list[Estimate]:
    """Return the rows of a table of estimates as Estimates, in order."""
    rows = []
    for row in table.to_dict("records"):
        numbers = {name: None if pd.isna(row[name]) else float(row[name]) for name in NUMBERS}
        rows.append(Estimate(**numbers, level=level, n=row["n"], method=row["method"], status=row["status"]))
    return rows
