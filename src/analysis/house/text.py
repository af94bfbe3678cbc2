"""Numbers as an official page writes them (see GLOSSARY.md): one decimal rule, one minus sign, one interval form."""

from __future__ import annotations

from decimal import ROUND_HALF_EVEN, ROUND_HALF_UP, Decimal

MINUS = "\u2212"
ROUNDINGS = {"half_up": ROUND_HALF_UP, "half_even": ROUND_HALF_EVEN}


def rounded(value: float, decimals: int, rounding: str = "half_up") -> Decimal:
    """Round as the declared rounding says, on the shortest decimal form of `value` (so 0.285 is 0.29, not 0.28)."""
    return Decimal(repr(float(value))).quantize(Decimal(1).scaleb(-decimals), rounding=ROUNDINGS[rounding])


def number(value: float, decimals: int = 0, rounding: str = "half_up") -> str:
    """Write a number with thin groups of thousands and a real minus sign: ``−1,234.5``."""
    exact = rounded(value, decimals, rounding)
    text = f"{abs(exact):,.{decimals}f}"
    return f"{MINUS}{text}" if exact < 0 else text


def percent(value: float, decimals: int = 1, rounding: str = "half_up") -> str:
    """Write a share (0–1) in percent; one short of 0 % or 100 % never becomes it, but gains decimals instead."""
    places = decimals
    scaled = Decimal(repr(float(value))) * 100
    exact = scaled.quantize(Decimal(1).scaleb(-places), rounding=ROUNDINGS[rounding])
    while (exact in (0, 100) and exact != scaled) and places < 12:
        places += 1
        exact = scaled.quantize(Decimal(1).scaleb(-places), rounding=ROUNDINGS[rounding])
    text = f"{abs(exact):,.{places}f}%"
    return f"{MINUS}{text}" if exact < 0 else text


def interval(lower: str, upper: str) -> str:
    """Join two limits: ``89.9%–92.6%``."""
    return f"{lower}\u2013{upper}"
