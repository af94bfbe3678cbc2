"""Axes that do not make much of little: a share's axis shows at least ten points."""

from __future__ import annotations

from matplotlib.axis import Axis

LEAST_SPAN = 10.0
"""Percentage points that the axis of a share spans at least."""


def widened(axis: Axis, unit: str, *, few: bool = False) -> None:
    """Widen the axis of a share (in percent) that would span fewer than `LEAST_SPAN` points, about what it shows.

    An axis that lies within 0 and 100 stays there; one of differences may leave it. With `few` things behind a share
    the axis shows all from none to the whole.
    """
    if unit == "%" and few:
        axis.set_view_interval(-3, 103, ignore=True)
        return
    low, high = sorted(axis.get_view_interval())
    if unit != "%" or high - low >= LEAST_SPAN:
        return
    first, last = sorted(axis.get_data_interval())
    floor, roof = (0.0, 100.0) if first >= 0 and last <= 100 else (-float("inf"), float("inf"))
    middle = (low + high) / 2
    start = max(min(middle - LEAST_SPAN / 2, roof - LEAST_SPAN), floor)
    margin = LEAST_SPAN * 0.06
    axis.set_view_interval(start - margin, start + LEAST_SPAN + margin, ignore=True)
