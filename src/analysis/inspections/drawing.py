"""The draw itself: a pure function of a seed and of the lists as they stood, which anyone can follow by hand.

1. A ticket is the SHA-256 digest (hexadecimal) of ``seed|round|word|…`` in UTF-8; the smaller ticket comes first.
2. Institutions are drawn stratum by stratum (risk): of each, the share of its rule, rounded up, in order of the ticket of
   ``seed|round|institution|code``.
3. Inspectors are drawn institution by institution, in order of the institutions' codes: of those who may be sent, the ones
   with the fewest inspections in this round so far go first, and among these the ticket of
   ``seed|round|inspector|institution code|inspector code`` decides.
4. An inspector may not be sent where he has an interest, nor where he was sent within the rest of the rule.

No generator of random numbers takes part, so a draw can be checked in any language and in years to come.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from math import ceil
from typing import Any

from analysis.house import UserError
from analysis.house.content import Json

METHOD = "sha256-tickets-1"
UNKNOWN = "未定级"


@dataclass(frozen=True, slots=True)
class Candidate:
    """An institution on the list: code, name, stratum (risk)."""

    institution: str
    name: str
    risk: str


@dataclass(frozen=True, slots=True)
class Inspector:
    """An inspector on the list: code, office, institutions where he has an interest, where he was sent lately."""

    inspector: str
    office: str = ""
    interests: tuple[str, ...] = ()
    recent: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Lists:
    """What is drawn from, and the rules of the draw.

    Parameters
    ----------
    candidates, inspectors
        In order of their codes.
    shares
        Stratum → share (0–1) of it that is drawn.
    team
        How many inspectors go to one institution.
    """

    candidates: tuple[Candidate, ...]
    inspectors: tuple[Inspector, ...]
    shares: Mapping[str, float]
    team: int

    def as_dict(self) -> Json:
        """Return it as the protocol carries it."""
        return {
            "candidates": [asdict(each) for each in self.candidates],
            "inspectors": [
                {**asdict(each), "interests": list(each.interests), "recent": list(each.recent)}
                for each in self.inspectors
            ],
            "shares": dict(self.shares),
            "team": self.team,
        }

    @classmethod
    def from_dict(cls, told: Mapping[str, Any]) -> Lists:
        """Read it from a protocol."""
        people = (
            Inspector(each["inspector"], each["office"], tuple(each["interests"]), tuple(each["recent"]))
            for each in told["inspectors"]
        )
        return cls(
            tuple(Candidate(**each) for each in told["candidates"]),
            tuple(people),
            dict(told["shares"]),
            int(told["team"]),
        )


@dataclass(frozen=True, slots=True)
class Visit:
    """One inspection that was drawn: institution, stratum, its ticket, the inspectors in order of their tickets."""

    institution: str
    risk: str
    ticket: str
    inspectors: tuple[str, ...]


def ticket(*words: str) -> str:
    """Return the ticket of some words.

    >>> ticket("a", "b")[:8]
    '0eab8a0a'
    """
    return hashlib.sha256("|".join(words).encode()).hexdigest()


def quota(size: int, share: float) -> int:
    """Return how many of a stratum are drawn: its share, rounded up, never more than there are.

    >>> quota(7, 0.25), quota(3, 0.5), quota(2, 1.0), quota(4, 0.0)
    (2, 2, 2, 0)
    """
    return min(size, ceil(round(size * share, 9)))


def draw(seed: str, round_: str, lists: Lists) -> tuple[Visit, ...]:
    """Draw institutions and their inspectors.

    Parameters
    ----------
    seed
        Words published before the draw.
    round_
        Name of the round: another round with the same seed gives another draw.
    lists
        What is drawn from.

    Returns
    -------
    tuple of Visit
        In order of the institutions' codes.

    Raises
    ------
    UserError
        If too few inspectors may be sent to an institution, or a stratum has no share.
    """
    chosen: list[Candidate] = []
    for risk in sorted({each.risk for each in lists.candidates}):
        if risk not in lists.shares:
            raise UserError(
                f"风险等级“{risk}”没有抽取比例；请在 data/reference/rules.toml 的 inspection.share 中补上。"
            )
        stratum = [each for each in lists.candidates if each.risk == risk]
        order = sorted(stratum, key=lambda each: ticket(seed, round_, "institution", each.institution))
        chosen += order[: quota(len(stratum), lists.shares[risk])]
    sent: Counter[str] = Counter()
    visits = []
    for own in sorted(chosen, key=lambda each: each.institution):
        team = _team(seed, round_, own.institution, lists, sent)
        sent.update(team)
        visits.append(Visit(own.institution, own.risk, ticket(seed, round_, "institution", own.institution), team))
    return tuple(visits)


def _team(seed: str, round_: str, institution: str, lists: Lists, sent: Counter[str]) -> tuple[str, ...]:
    free = [each.inspector for each in lists.inspectors if institution not in (*each.interests, *each.recent)]
    if len(free) < lists.team:
        raise UserError(
            f"机构“{institution}”可派的检查人员只有 {len(free)} 名，少于 {lists.team} 名（其余应回避或近期去过）；"
            "请补充检查人员名录后再抽。"
        )
    order = sorted(free, key=lambda code: (sent[code], ticket(seed, round_, "inspector", institution, code)))
    return tuple(order[: lists.team])


def balance(visits: Sequence[Visit]) -> tuple[int, int]:
    """Return the fewest and the most inspections that one of the inspectors sent has in a draw."""
    sent = Counter(person for visit in visits for person in visit.inspectors)
    return (min(sent.values()), max(sent.values())) if sent else (0, 0)
