"""Sums by place."""

import numpy as np

from analysis.house.arrays import summed


def test_values_are_summed_at_their_places_and_a_place_without_any_has_zero() -> None:
    found = summed(np.array([2, 0, 2]), np.array([1.5, 4.0, 0.25]), 4)
    assert found.tolist() == [4.0, 0.0, 1.75, 0.0]
    assert found.dtype == np.float64


def test_without_rows_there_are_as_many_zeros_as_places_asked_for() -> None:
    found = summed(np.array([], dtype=np.int64), np.array([]), 2)
    assert found.tolist() == [0.0, 0.0]
    assert found.dtype == np.float64
