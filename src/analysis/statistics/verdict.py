"""Verdicts on claims such as "at least 94 %".

What is inferred is supported, not shown, or contradicted; what was counted completely is met or not, or stays open while
what is missing could turn it.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Literal

from scipy import special

from analysis.house import UserError, text
from analysis.statistics.estimate import Estimate
from analysis.statistics.levels import at_level, effective_n

Judgement = Literal["supported", "not shown", "contradicted", "met", "not met", "open"]
WORDS: dict[Judgement, str] = {
    "supported": "数据支持",
    "not shown": "数据还不足以说明",
    "contradicted": "数据不支持",
    "met": "达到",
    "not met": "未达到",
    "open": "尚不能定论",
}
"""A verdict by itself, as a cell of a table has it; a sentence has the words of `around`."""
PASSES: frozenset[Judgement] = frozenset({"supported", "met"})
FAILS: frozenset[Judgement] = frozenset({"contradicted", "not met"})
_AFTER: dict[Judgement, str] = {
    "supported": "的说法",
    "contradicted": "的说法",
    "met": "的要求",
    "not met": "的要求",
    "open": "，补齐前不能定论",
}
ALPHA = 0.05
"""Size of the one-sided test: the limits of the 90 % interval decide."""


def around(judgement: Judgement) -> tuple[str, str]:
    """Return the words before and after a claim in quotation marks: 数据支持“…”的说法, 未达到“…”的要求."""
    return ("是否达到" if judgement == "open" else WORDS[judgement]), _AFTER.get(judgement, "")


def statement(judgement: Judgement, claim: str) -> str:
    """Return the verdict on a claim as a full sentence without its stop.

    Examples
    --------
    >>> statement("contradicted", "不低于94%")
    '数据不支持“不低于94%”的说法'
    >>> statement("not shown", "不低于94%")
    '数据还不足以说明“不低于94%”'
    """
    before, after = around(judgement)
    return f"{before}“{claim}”{after}"


def counted(
    value: float,
    *,
    at_least: float | None = None,
    at_most: float | None = None,
    bounds: tuple[float, float] | None = None,
) -> Judgement:
    """Judge a figure that was counted, not inferred: no test, only what is missing can leave it open.

    Parameters
    ----------
    value
        The figure.
    at_least, at_most
        The required bound, in the unit of the value: give one of the two.
    bounds
        Least and greatest value that the missing could make of it; None if nothing is missing or no bound can be told:
        then the figure itself decides.

    Returns
    -------
    Judgement
        ``met``, ``not met``, or ``open`` where the bounds lie on both sides of the requirement.
    """
    if (at_least is None) == (at_most is None):
        raise UserError("判断一个说法时，at_least 与 at_most 须给且只给一个，例如 at_least=0.94。")
    ends = {end >= at_least if at_least is not None else end <= (at_most or 0.0) for end in bounds or (value, value)}
    return "open" if len(ends) > 1 else "met" if ends.pop() else "not met"


@dataclass(frozen=True)
class Verdict:
    """What the data say of one claim.

    Parameters
    ----------
    judgement
        ``supported``, ``not shown`` or ``contradicted``.
    bound, side
        The claimed limit, and whether the value is to be at least (``"at least"``) or at most that.
    wide, narrow
        The estimate with its 95 % interval, and with the interval that decides (90 %).
    needed
        Answers that would be needed to show the claim (None: shown already, or no number would do).
    unit
        ``%`` when the value is a share, else its Chinese unit.
    invited
        How many could answer at all; None: not known, then nothing is said of how many would be needed.
    """

    judgement: Judgement
    bound: float
    side: Literal["at least", "at most"]
    wide: Estimate
    narrow: Estimate
    needed: int | None = None
    unit: str = "%"
    invited: float | None = None

    @property
    def words(self) -> str:
        """The verdict in one of the three fixed phrases."""
        return WORDS[self.judgement]

    @property
    def sentence(self) -> str:
        """The claim, the figure with both intervals, and the verdict, in one Chinese sentence."""
        said = statement(self.judgement, f"{'不低于' if self.side == 'at least' else '不超过'}{self._claimed()}")
        if self.wide.value is None:
            return f"没有可用的数据，{said}。"
        figure = f"估计值{self._write(self.wide.value)}"
        if self.wide.lower is None or self.wide.upper is None:
            return f"{figure}，数据太少，给不出区间，{said}。"
        spans = "，".join(f"{round(one.level * 100)}%区间{self._span(one)}" for one in (self.wide, self.narrow))
        base = f"{text.number(self.wide.n)}份有效回答"
        more = ""
        if self.judgement == "not shown" and self.needed is not None and self.invited is not None:
            enough = self.needed <= self.invited
            asked = f"约需{text.number(self.needed)}份回答才能说明"
            beyond = f"即使应邀的{text.number(self.invited)}人全部作答，也不足以说明"
            more = f"；若真实水平就是这个估计值，{asked if enough else beyond}"
        return f"{figure}（{spans}，{base}），{said}{more}。"

    def _write(self, number: float) -> str:
        return text.percent(number) if self.unit == "%" else text.number(number, 1) + self.unit

    def _claimed(self) -> str:
        if self.unit == "%":
            return f"{self.bound * 100:g}%"
        return f"{self.bound:g}{self.unit}"

    def _span(self, estimate: Estimate) -> str:
        return text.interval(self._write(estimate.lower or 0.0), self._write(estimate.upper or 0.0))


def verdict(
    estimate: Estimate,
    at_least: float | None = None,
    *,
    at_most: float | None = None,
    unit: str = "%",
    invited: float | None = None,
) -> Verdict:
    """Judge a claim by a one-sided test at 5 % each way (the limits of the 90 % interval).

    Parameters
    ----------
    estimate
        An estimate from `SurveyDesign`, at any level.
    at_least, at_most
        The claimed bound, in the unit of the estimate: give one of the two.
    unit
        For the sentence: ``%`` for shares, else the Chinese unit.
    invited
        For the sentence: how many could answer at all.

    Returns
    -------
    Verdict
        ``supported`` if the 90 % limits lie on the claimed side (touching counts: 以上 includes the bound),
        ``contradicted`` if they lie on the other side, else ``not shown``; always ``not shown`` without limits.

    Examples
    --------
    >>> verdict(Estimate(0.95, 0.002, 0.946, 0.954, n=8000, df=60, method="beta"), at_least=0.94).judgement
    'supported'
    """
    if (at_least is None) == (at_most is None):
        raise UserError("判断一个说法时，at_least 与 at_most 须给且只给一个，例如 at_least=0.94。")
    wide, narrow = at_level(estimate, 0.95), at_level(estimate, 1 - 2 * ALPHA)
    bound = at_least if at_least is not None else at_most
    assert bound is not None
    low, high = narrow.lower, narrow.upper
    judgement: Judgement = "not shown"
    if low is not None and high is not None:
        inside, outside = (low >= bound, high < bound) if at_least is not None else (high <= bound, low > bound)
        judgement = "supported" if inside else "contradicted" if outside else "not shown"
    wanted = None
    if judgement == "not shown" and unit == "%":
        wanted = needed(estimate, bound, at_most=at_most is not None)
    side: Literal["at least", "at most"] = "at least" if at_least is not None else "at most"
    return Verdict(judgement, bound, side, wide, narrow, wanted, unit, invited)


def agreed(*judgements: Judgement) -> Judgement:
    """Return what is said of a figure at every end of its bounds; ``not shown`` where the ends do not say the same."""
    return judgements[0] if len(set(judgements)) == 1 else "not shown"


def needed(estimate: Estimate, bound: float, *, at_most: bool = False, power: float = 0.8) -> int | None:
    """Return how many answers, of the same make-up, would show a claim about a share.

    n = deff·((z₀.₉₅ √(p₀q₀) + z_power √(pq))/(p − p₀))² (Fleiss, Levin & Paik 2003, eq. 2.16), with the design effect
    that this estimate had, for the case that the true share is the estimated one.

    Returns
    -------
    int or None
        None if the estimate itself is not on the claimed side: then no number of answers would show it.
    """
    size = effective_n(estimate)
    if estimate.value is None or not size or not 0 < bound < 1:
        return None
    p, gap = estimate.value, (bound - estimate.value if at_most else estimate.value - bound)
    if gap <= 0:
        return None
    deff = max(estimate.n / size, 1.0)
    both = special.ndtri(1 - ALPHA) * math.sqrt(bound * (1 - bound)) + special.ndtri(power) * math.sqrt(p * (1 - p))
    found: int = max(estimate.n + 1, math.ceil(deff * (both / gap) ** 2))
    return found


@dataclass(frozen=True)
class JointVerdict:
    """What the data say of "every item is at least …".

    Parameters
    ----------
    judgement
        Supported only if every item is; contradicted if one item is beyond doubt below.
    items
        The verdict on each, by name.
    below
        Names of the items that contradict the claim after allowing for the number of items.
    open
        Names of the items not shown or contradicted.
    """

    judgement: Judgement
    items: Mapping[str, Verdict]
    below: tuple[str, ...]
    open: tuple[str, ...]

    @property
    def words(self) -> str:
        """The verdict in one of the three fixed phrases."""
        return WORDS[self.judgement]

    @property
    def sentence(self) -> str:
        """The verdict in one Chinese sentence."""
        shown = len(self.items) - len(self.open)
        start = f"共{len(self.items)}项，单独看有{shown}项数据支持"
        if self.judgement == "contradicted":
            return f"{start}；{statement(self.judgement, '各项均达到')}：{'、'.join(self.below)}明显低于该水平。"
        return f"{start}；{statement(self.judgement, '各项均达到')}。"


def every(items: Mapping[str, Estimate], at_least: float) -> JointVerdict:
    """Judge "every item is at least …".

    Supported if each item is supported at 5 %: an intersection–union test needs no correction (Berger 1982,
    theorem 1). Contradicted if one item lies below with the error divided by the number of items (Bonferroni).
    """
    if not items:
        raise UserError("没有可判断的项目；请至少给出一项。")
    single = {name: verdict(estimate, at_least=at_least) for name, estimate in items.items()}
    level = 1 - 2 * ALPHA / len(items)
    below = []
    for name, estimate in items.items():
        upper = at_level(estimate, level).upper
        if upper is not None and upper < at_least:
            below.append(name)
    undecided = tuple(name for name, one in single.items() if one.judgement != "supported")
    judgement: Judgement = "contradicted" if below else "not shown" if undecided else "supported"
    return JointVerdict(judgement, single, tuple(below), undecided)


def every_between(low: Mapping[str, Estimate], high: Mapping[str, Estimate], at_least: float) -> JointVerdict:
    """Judge "every item is at least …" of items with unknown answers, given at the low and the high end of their bounds."""
    worst, best = every(low, at_least), every(high, at_least)
    if worst.judgement == best.judgement:
        return best if best.judgement == "contradicted" else worst
    return replace(worst, judgement="not shown", below=())
