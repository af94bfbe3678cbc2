"""Whether a published figure can be what it says: rounding intervals, GRIM, sums of rounded parts.

Exact arithmetic throughout: a figure is a decimal text, a share of n is a fraction.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from fractions import Fraction
from math import ceil, floor

from analysis.house import UserError

ROUNDINGS = ("half_up", "half_even", "down")


@dataclass(frozen=True)
class RoundingInterval:
    """All values that are printed as one figure.

    Parameters
    ----------
    lower, upper
        The ends.
    lower_in, upper_in
        Whether the ends belong to it.
    """

    lower: Fraction
    upper: Fraction
    lower_in: bool
    upper_in: bool

    def __contains__(self, value: object) -> bool:
        number = Fraction(value) if isinstance(value, (int, float, Decimal, Fraction)) else None
        if number is None:
            return False
        above = number > self.lower or (self.lower_in and number == self.lower)
        return above and (number < self.upper or (self.upper_in and number == self.upper))


def _figure(text: str | Decimal | int | float) -> Decimal:
    try:
        number = Decimal(str(text).strip().rstrip("%％").replace(",", "").replace("−", "-"))
    except InvalidOperation:
        number = Decimal("NaN")
    if not number.is_finite():
        raise UserError(f"“{text}”不是一个数字；请写成 94 或 93.75 这样的形式。")
    return number


def decimals(text: str | Decimal | int | float) -> int:
    """Return how many decimals a figure is printed with (``"94.0"``: 1)."""
    exponent = _figure(text).as_tuple().exponent
    return max(0, -int(exponent))


def rounding_interval(
    figure: str | Decimal | int | float, places: int | None = None, rounding: str = "half_up"
) -> RoundingInterval:
    """Return the values that round to a printed figure.

    Parameters
    ----------
    figure
        As printed, with its final zeros: ``"94"``, ``"94.0"``. Per cent signs are ignored.
    places
        Decimals it was rounded to (default: those printed).
    rounding
        ``half_up`` (away from zero), ``half_even``, or ``down`` (cut off, towards zero).
    """
    if rounding not in ROUNDINGS:
        raise UserError(f"舍入方式“{rounding}”不可用；可用：{'、'.join(ROUNDINGS)}。")
    number = Fraction(_figure(figure))
    step = Fraction(1, 10 ** (decimals(figure) if places is None else places))
    if rounding == "down":
        if number == 0:
            return RoundingInterval(-step, step, False, False)
        return (
            RoundingInterval(number, number + step, True, False)
            if number > 0
            else RoundingInterval(number - step, number, False, True)
        )
    if rounding == "half_up":
        if number == 0:
            return RoundingInterval(-step / 2, step / 2, False, False)
        return RoundingInterval(number - step / 2, number + step / 2, number > 0, number < 0)
    even = (number / step) % 2 == 0
    return RoundingInterval(number - step / 2, number + step / 2, even, even)


def possible_counts(
    figure: str | Decimal | int | float, n: int, *, rounding: str = "half_up", per: int = 100, places: int | None = None
) -> range:
    """Return the whole numbers k for which k/n (times `per`) is printed as the figure: GRIM (Brown & Heathers 2017).

    Parameters
    ----------
    figure
        A share as printed.
    n
        Number of unweighted answers.
    per
        In what parts the share is printed: 100 for per cent, 1000 for per mille, 1 for a plain fraction.
    rounding, places
        As in `rounding_interval`.

    Returns
    -------
    range
        Empty: no n answers can give this figure.
    """
    return _counts(figure, n, n, rounding, Fraction(n, per), places)


def possible_sums(
    figure: str | Decimal | int | float,
    n: int,
    *,
    items: int = 1,
    rounding: str = "half_up",
    places: int | None = None,
) -> range:
    """Return the whole sums for which the mean of n answers (to `items` items each) is printed as the figure: GRIM."""
    return _counts(figure, n, None, rounding, Fraction(n * items), places)


def _counts(
    figure: str | Decimal | int | float, n: int, most: int | None, rounding: str, scale: Fraction, places: int | None
) -> range:
    if n < 1:
        raise UserError(f"份数 n={n} 应为正整数。")
    interval = rounding_interval(figure, places, rounding)
    low, high = interval.lower * scale, interval.upper * scale
    first = ceil(low) if interval.lower_in or ceil(low) != low else ceil(low) + 1
    last = floor(high) if interval.upper_in or floor(high) != high else floor(high) - 1
    return range(max(0, first), (last if most is None else min(last, most)) + 1)


def grim_share(figure: str | Decimal | int | float, n: int, *, rounding: str = "half_up") -> bool:
    """Tell whether a printed percentage is possible with n unweighted answers."""
    return len(possible_counts(figure, n, rounding=rounding)) > 0


def grim_mean(figure: str | Decimal | int | float, n: int, *, items: int = 1, rounding: str = "half_up") -> bool:
    """Tell whether a printed mean of whole scores is possible with n unweighted answers to `items` items."""
    return len(possible_sums(figure, n, items=items, rounding=rounding)) > 0


def nearest_shares(
    figure: str | Decimal | int | float, n: int, *, rounding: str = "half_up"
) -> tuple[Fraction | None, Fraction | None]:
    """Return the greatest share below a printed percentage and the least above that n unweighted answers can give.

    Both as parts of 1; None where there is none within 0 and 1. For a percentage that n answers can give, they are its
    neighbours.
    """
    if n < 1:
        raise UserError(f"份数 n={n} 应为正整数。")
    interval = rounding_interval(figure, rounding=rounding)
    low, high = interval.lower * n / 100, interval.upper * n / 100
    below = ceil(low) - 1 if interval.lower_in else floor(low)
    above = floor(high) + 1 if interval.upper_in else ceil(high)
    return (
        Fraction(min(below, n), n) if below >= 0 else None,
        Fraction(max(above, 0), n) if above <= n else None,
    )


def parts_add_up(
    parts: Sequence[str | Decimal | int | float], total: str | Decimal | int | float, *, rounding: str = "half_up"
) -> bool:
    """Tell whether rounded parts can belong to a rounded total: their rounding intervals meet when added."""
    spans = [rounding_interval(part, rounding=rounding) for part in parts]
    whole = rounding_interval(total, rounding=rounding)
    low, high = sum((one.lower for one in spans), Fraction(0)), sum((one.upper for one in spans), Fraction(0))
    low_in, high_in = all(one.lower_in for one in spans), all(one.upper_in for one in spans)
    start, end = max(low, whole.lower), min(high, whole.upper)
    start_in = (low_in or start != low) and (whole.lower_in or start != whole.lower)
    end_in = (high_in or end != high) and (whole.upper_in or end != whole.upper)
    return start < end or (start == end and start_in and end_in)
