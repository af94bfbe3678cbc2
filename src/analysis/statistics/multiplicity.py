"""Many tests at once."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from analysis.house import UserError
from analysis.house.arrays import Floats


def _checked(p: Sequence[float] | Floats) -> Floats:
    values = np.asarray(p, dtype=float)
    if values.size and not ((values >= 0) & (values <= 1)).all():
        raise UserError("p 值应在 0 与 1 之间且不能缺；请先去掉没有检验结果的单位。")
    return values


def holm(p: Sequence[float] | Floats) -> Floats:
    """Return p values adjusted so that the chance of any false finding stays at the level (Holm 1979)."""
    values = _checked(p)
    order = np.argsort(values, kind="stable")
    steps = values[order] * (len(values) - np.arange(len(values)))
    result = np.empty_like(values)
    result[order] = np.minimum(np.maximum.accumulate(steps), 1.0)
    return result


def benjamini_hochberg(p: Sequence[float] | Floats) -> Floats:
    """Return p values adjusted so that the expected share of false findings stays at the level.

    Benjamini & Hochberg (1995, procedure 1).
    """
    values = _checked(p)
    order = np.argsort(-values, kind="stable")
    steps = values[order] * len(values) / np.arange(len(values), 0, -1)
    result = np.empty_like(values)
    result[order] = np.minimum.accumulate(steps)  # the first is the greatest p value itself
    return result
