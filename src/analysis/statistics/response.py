"""Who answered: response rates by a named definition, how like the whole they are, and what silence may hide."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from analysis.house import UserError
from analysis.statistics.estimate import Estimate

DEFINITIONS = ("RR1", "RR2", "RR5", "RR6")


@dataclass(frozen=True)
class Dispositions:
    """What became of those who were invited (AAPOR Standard Definitions, 10th ed. 2023).

    Parameters
    ----------
    complete, partial
        Complete and partial questionnaires (I, P).
    refused, not_reached, other
        Invited and eligible without an answer (R, NC, O).
    unknown
        Of unknown eligibility (U).
    """

    complete: int
    partial: int = 0
    refused: int = 0
    not_reached: int = 0
    other: int = 0
    unknown: int = 0

    def __post_init__(self) -> None:
        for name in self.__dataclass_fields__:
            if getattr(self, name) < 0:
                raise UserError(f"答卷处置“{name}”的份数为负；请检查应答与应邀人数（答卷不能多于应邀）。")

    @classmethod
    def of_all_invited(cls, invited: int, complete: int, partial: int = 0) -> Dispositions:
        """Return the dispositions where everybody on a list was invited and silence has no reason known."""
        return cls(complete, partial, not_reached=invited - complete - partial)

    def rate(self, definition: str = "RR2") -> float | None:
        """Return the response rate by one of AAPOR's definitions; None if nobody was invited.

        RR1 complete over all; RR2 complete and partial over all; RR5 and RR6 the same without those of unknown
        eligibility.
        """
        if definition not in DEFINITIONS:
            raise UserError(f"应答率定义“{definition}”不可用；可用：{'、'.join(DEFINITIONS)}。")
        answered = self.complete + (self.partial if definition in ("RR2", "RR6") else 0)
        eligible = self.complete + self.partial + self.refused + self.not_reached + self.other
        base = eligible + (self.unknown if definition in ("RR1", "RR2") else 0)
        return answered / base if base else None


@dataclass(frozen=True)
class Bounds:
    """What a share could be, whatever those who did not answer would have said.

    Parameters
    ----------
    lower, upper
        All of the silent against, all of them for (Manski 1989, eq. 3).
    cautious_lower, cautious_upper
        The same with the limits of the share among those who answered.
    """

    lower: float
    upper: float
    cautious_lower: float
    cautious_upper: float


def bounds(share: Estimate, rate: float | None) -> Bounds | None:
    """Return the bounds of a share under non-response; None without a share or a rate.

    Parameters
    ----------
    share
        Among those who answered.
    rate
        Response rate, 0–1.
    """
    if share.value is None or rate is None:
        return None
    if not 0 <= rate <= 1:
        raise UserError(f"应答率 {rate:g} 应在 0 与 1 之间；请检查应邀人数。")
    low = share.value if share.lower is None else share.lower
    high = share.value if share.upper is None else share.upper
    silent = 1 - rate
    return Bounds(rate * share.value, rate * share.value + silent, rate * low, rate * high + silent)


def tipping_share(share: Estimate, rate: float | None, at_least: float) -> float | None:
    """Return what share of the silent must agree for the whole to reach `at_least`.

    Above 1: out of reach whatever they think; 0: reached already. None without a share, a rate, or anyone silent.
    """
    if share.value is None or rate is None or rate >= 1:
        return None
    return max(0.0, (at_least - rate * share.value) / (1 - rate))


@dataclass(frozen=True)
class Representativeness:
    """How like the invited the answering are.

    Parameters
    ----------
    table
        One row a category: ``invited answered rate invited_share answered_share difference``.
    indicator
        R-indicator 1 − 2 S(ρ): 1 where all categories answer alike (Schouten, Cobben & Bethlehem 2009, eq. 3).
    """

    table: pd.DataFrame
    indicator: float | None


def representativeness(invited: Mapping[Any, int], answered: Mapping[Any, int]) -> Representativeness:
    """Compare those who answered with those invited, category by category.

    Raises
    ------
    UserError
        If more answered than were invited, or a category was not invited at all.
    """
    names = list(invited)
    for name in answered:
        if name not in invited:
            raise UserError(f"“{name}”有答卷，却不在应邀名单中；请补上应邀人数或改正分类。")
    n = np.array([float(invited[name]) for name in names])
    m = np.array([float(answered.get(name, 0)) for name in names])
    for place in np.flatnonzero(m > n).tolist():
        raise UserError(
            f"“{names[place]}”收到 {m[place]:g} 份答卷，应邀只有 {n[place]:g} 人；请检查重复答卷或应邀人数。"
        )
    everyone, everything = n.sum(), m.sum()
    rate = np.where(n > 0, m / np.where(n > 0, n, 1.0), 0.0)
    invited_share = n / everyone if everyone else n
    answered_share = m / everything if everything else m
    indicator = None
    if everyone > 1:
        mean = everything / everyone
        indicator = float(1 - 2 * np.sqrt((n * (rate - mean) ** 2).sum() / (everyone - 1)))
    columns = {
        "invited": n.astype(int),
        "answered": m.astype(int),
        "rate": rate,
        "invited_share": invited_share,
        "answered_share": answered_share,
        "difference": answered_share - invited_share,
    }
    return Representativeness(pd.DataFrame(columns, index=names), indicator)
