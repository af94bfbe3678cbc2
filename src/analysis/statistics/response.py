"""Who answered: response rates by a named definition, how like the whole they are, and what silence may hide."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from math import ceil
from typing import Any

import numpy as np
import pandas as pd

from analysis.house import UserError

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


@dataclass(frozen=True, slots=True)
class Silence:
    """What a share could be over all who were invited, whatever those without an answer would have said.

    Everything is counted, nothing weighted: a bound over all invited is a count of people. Who answered the questionnaire
    but not the item has not answered here.

    Parameters
    ----------
    yes
        Answers that agree.
    answered
        Answers to the item.
    invited
        All who were invited, those of schools that did not take part included.
    """

    yes: int
    answered: int
    invited: int

    def __post_init__(self) -> None:
        if not 0 <= self.yes <= self.answered <= self.invited:
            raise UserError(
                f"同意 {self.yes} 份、回答 {self.answered} 份、应邀 {self.invited} 人应依次不减；请检查应邀人数或重复答卷。"
            )

    @property
    def silent(self) -> int:
        """How many were invited and did not answer the item."""
        return self.invited - self.answered

    @property
    def most(self) -> int:
        """How many would agree if all of the silent did."""
        return self.yes + self.silent

    def bounds(self) -> tuple[float, float] | None:
        """Return the share if all of the silent were against, and if all were for (Manski 1989, eq. 3); None if none invited."""
        return (self.yes / self.invited, self.most / self.invited) if self.invited else None

    def needed(self, at_least: float) -> int:
        """Return how many of the silent must agree for the share of all invited to reach `at_least`.

        0: reached already; more than `silent`: out of reach whatever they think.
        """
        return max(0, ceil(round(at_least * self.invited, 9)) - self.yes)


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
