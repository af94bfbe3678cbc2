"""Which function computes which indicator.

Three steps make a figure, and each has its own kind of function:

1. a **counting** (`counting`) turns tables into whole numbers by narwhals, the same on every engine;
2. an **indicator** (`indicator`) says which of these are numerator and denominator (or value and weight), in pandas;
3. `analysis.indicators.estimation` makes estimates with intervals of them, once, by numpy.

An indicator that fits none of this (a survey share, say) is bound by `direct` to a function of the study itself.
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import pandas as pd

from analysis.indicators.engine import Lazy
from analysis.indicators.statistic import Group
from analysis.statistics.estimate import Estimate

if TYPE_CHECKING:
    from analysis.indicators.unknown import Unknown

Form = Literal["ratio", "sum", "quantile"]
_NOT_BINDING = ("command", "appendix")


@dataclass(frozen=True, slots=True)
class Counting:
    """A narwhals function ``(tables, keys) -> lazy frame of keys and whole numbers``.

    Parameters
    ----------
    tables
        Names of the tables that it reads (beside these, ``days`` gives the school days).
    dimensions
        Columns that `keys` may hold.
    always
        Columns that `keys` always hold.
    optional
        Tables of which it takes what there is; at least one must be there.
    beside
        Tables that it can do without.
    """

    function: Callable[[Mapping[str, Lazy], tuple[str, ...]], Lazy]
    tables: tuple[str, ...]
    dimensions: tuple[str, ...]
    always: tuple[str, ...] = ()
    optional: tuple[str, ...] = ()
    beside: tuple[str, ...] = ()

    def __call__(self, tables: Mapping[str, Lazy], keys: tuple[str, ...]) -> Lazy:
        """Count."""
        return self.function(tables, keys)


@dataclass(frozen=True, slots=True)
class Figure:
    """The result for one group: an estimate and what it rests on; `label` names the group where no dimension does.

    `unknown` and `bounds` are those of `analysis.indicators.statistic.Statistic`.
    """

    group: Group
    estimate: Estimate
    numerator: float | None = None
    denominator: float | None = None
    base: int | None = None
    schools: int | None = None
    classes: int | None = None
    days: int | None = None
    label: str = ""
    unknown: int | None = None
    bounds: tuple[float, float] | None = None


@dataclass(frozen=True, slots=True)
class Binding:
    """The function bound to an indicator's id, and how its result is estimated."""

    id: str
    function: Callable[..., Any]
    counting: Counting | None = None
    form: Form = "ratio"
    q: float = 0.5
    dimensions: tuple[str, ...] = ()
    keeps: tuple[str, ...] = ()
    unknown: Unknown | None = None


_BINDINGS: dict[str, Binding] = {}


def counting(
    *,
    tables: tuple[str, ...],
    dimensions: tuple[str, ...],
    always: tuple[str, ...] = (),
    optional: tuple[str, ...] = (),
    beside: tuple[str, ...] = (),
) -> Callable[[Callable[[Mapping[str, Lazy], tuple[str, ...]], Lazy]], Counting]:
    """Declare a counting: which tables it reads and by which columns it can count."""
    return lambda function: Counting(function, tables, dimensions, always, optional, beside)


def indicator(
    id: str,
    counted: Counting,
    *,
    form: Form = "ratio",
    q: float = 0.5,
    keeps: tuple[str, ...] = (),
    unknown: Unknown | None = None,
) -> Callable[[Callable[..., pd.DataFrame]], Callable[..., pd.DataFrame]]:
    """Bind a function ``(counted frame, judge) -> frame`` to an id.

    For the forms ``ratio`` and ``sum`` it adds the columns ``numerator`` and ``denominator``, for ``quantile`` the
    columns ``value`` and ``weight``. Rows that do not count are left out or hold 0. A dimension in `keeps` divides the
    numerator only: the denominator of a group is that of all its values together (a subject's share of all minutes). `unknown` tells how
    the bounds follow from what is not known (`analysis.indicators.unknown`).
    """

    def bind(function: Callable[..., pd.DataFrame]) -> Callable[..., pd.DataFrame]:
        _add(Binding(id, function, counted, form, q, counted.dimensions, keeps, unknown))
        return function

    return bind


def direct(
    id: str, *, dimensions: tuple[str, ...] = ()
) -> Callable[[Callable[..., list[Figure]]], Callable[..., list[Figure]]]:
    """Bind a function ``(study, entry, by, where) -> list of Figure`` to an id."""

    def bind(function: Callable[..., list[Figure]]) -> Callable[..., list[Figure]]:
        _add(Binding(id, function, dimensions=dimensions))
        return function

    return bind


def _add(binding: Binding) -> None:
    if binding.id in _BINDINGS:
        raise ValueError(f"two functions are bound to {binding.id}")
    _BINDINGS[binding.id] = binding


@cache
def bindings() -> dict[str, Binding]:
    """Return every binding by id; all modules of this package are imported now, so a new one needs no list."""
    for module in pkgutil.iter_modules([str(Path(__file__).parent)]):
        if module.name not in _NOT_BINDING:
            importlib.import_module(f"analysis.indicators.{module.name}")
    return _BINDINGS
