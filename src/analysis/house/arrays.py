"""What numpy arrays hold, as types."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.integer[Any]]
Bools = NDArray[np.bool_]


def summed(places: Ints, values: Floats, size: int = 0) -> Floats:
    """Return the sum of the values at each place, from 0 (numpy's own types tell whole numbers for it)."""
    return np.bincount(places, values, size).astype(np.float64, copy=False)
