"""An estimate: a value that never travels without its uncertainty, its base and its state."""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace
from typing import Literal

import pandas as pd

Status = Literal["ok", "too few", "no data", "no roll call", "suppressed"]


@dataclass(frozen=True, slots=True)
class Estimate:
    """A number with what is known of its uncertainty.

    Missing parts are ``None``, never NaN: an estimate can be printed or compared without a check for NaN.

    Parameters
    ----------
    value
        The point estimate in the unit of the quantity (a share is 0–1); None unless `status` is ``ok`` or ``too few``.
    se
        Standard error in the same unit.
    lower, upper
        Limits of the two-sided interval at `level`.
    level
        Confidence level of the interval.
    n
        Observations that it rests on (rows of the domain with a value).
    df
        Degrees of freedom that the limits use.
    deff
        Design effect: its variance over the variance of a simple random sample of the same size.
    method
        Name of the method of the interval, such as ``beta`` or ``t``.
    status
        ``ok``; ``too few`` (a value, but no interval that could be relied on); ``no data``; ``no roll call``
        (reported, but not pupil by pupil); ``suppressed``.
    """

    value: float | None
    se: float | None = None
    lower: float | None = None
    upper: float | None = None
    level: float = 0.95
    n: int = 0
    df: float | None = None
    deff: float | None = None
    method: str = ""
    status: Status = "ok"

    def __post_init__(self) -> None:
        for name in ("value", "se", "lower", "upper", "df", "deff"):
            number = getattr(self, name)
            if number is None:
                continue
            object.__setattr__(self, name, None if pd.isna(number) else float(number))
        object.__setattr__(self, "n", int(self.n))
        if self.value is None and self.status in ("ok", "too few"):
            object.__setattr__(self, "status", "no data")

    @property
    def known(self) -> bool:
        """Whether there is a value that may be printed."""
        return self.value is not None and self.status in ("ok", "too few")

    def suppressed(self) -> Estimate:
        """Return the same estimate with everything numeric taken out."""
        return replace(self, value=None, se=None, lower=None, upper=None, n=0, df=None, deff=None, status="suppressed")

    def as_dict(self) -> dict[str, object]:
        """Return its fields as a dictionary that JSON can hold."""
        return asdict(self)
