"""Judging published claims against a snapshot, or against the letter itself.

1. ``sum``, ``count`` and ``list`` are judged from the letter: the parts against the figure, what is listed against what is announced.
2. A share with a known number of unweighted answers that no whole count can give (GRIM) is not reproduced, whatever the data.
3. ``=``: the measured value rounded as declared gives the printed figure (exact); or it lies in the interval of values that some
   usual rounding prints so (inside the rounding interval); or another named definition gives it; else it is not reproduced.
4. ``>=``, ``<=``, ``each``: a one-sided test at 5 %: supported (exact), contradicted (not reproduced), not shown (cannot be judged);
   of a count with bounds these decide: a limit between them cannot be judged.
5. ``all``: the counts decide; one case beyond the rule refutes it, a school that did not report leaves it open.
6. Without data of the claim's district nothing more can be said: cannot be judged, with the reason.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from analysis.house import UserError
from analysis.house.content import Json
from analysis.house.text import percent
from analysis.indicators.statistic import Statistic, Statistics
from analysis.reference.published import Claim, Letter
from analysis.statistics.consistency import decimals, grim_share, nearest_shares, parts_add_up, rounding_interval
from analysis.statistics.verdict import FAILS, PASSES, agreed, counted, every_between, statement, verdict
from analysis.statistics.verdict import Judgement as Outcome

if TYPE_CHECKING:
    from analysis.indicators.study import Study

LABELS = {
    "exact": "重现",
    "interval": "在舍入区间内",
    "definition": "按另一口径重现",
    "not reproduced": "未能重现",
    "cannot be judged": "无法判断",
    "consistent": "文内相符",
    "inconsistent": "文内不符",
}
_ROUNDING = {"half_up": "四舍五入", "half_even": "四舍六入五成双", "down": "舍去尾数"}


@dataclass(frozen=True, slots=True)
class Judgement:
    """What became of a claim: one of `LABELS`, why, and the figure that decided (None where the letter itself did)."""

    claim: Claim
    verdict: str
    reason: str
    figure: Statistic | None = None

    def as_dict(self) -> Json:
        """Return it as the JSON answer carries it."""
        claim = self.claim
        return {
            "id": claim.id,
            "text": claim.text,
            "printed": claim.printed,
            "unit": claim.unit,
            "relation": claim.relation,
            "verdict": self.verdict,
            "verdict_label": LABELS[self.verdict],
            "reason": self.reason,
            "indicator": claim.indicator,
            "measured": None if self.figure is None else self.figure.as_dict(),
        }


def judge(letter: Letter, study: Study | None) -> tuple[Judgement, ...]:
    """Judge each claim of a letter.

    Parameters
    ----------
    letter
        The letter.
    study
        The data of its district and term; None: there are none.
    """
    return tuple(_judge(claim, letter, study) for claim in letter.claims)


def _judge(claim: Claim, letter: Letter, study: Study | None) -> Judgement:
    if claim.relation == "none":
        return Judgement(claim, "cannot be judged", claim.reason)
    if claim.relation in ("sum", "count", "list"):
        return _inside(claim)
    if claim.n and claim.unit == "%" and not grim_share(claim.printed, claim.n):
        places = decimals(claim.printed)
        near = "或".join(
            percent(float(one), places) for one in nearest_shares(claim.printed, claim.n) if one is not None
        )
        return Judgement(
            claim,
            "not reproduced",
            f"按{claim.n}份不加权的答卷算，最接近的是{near}，得不到{claim.printed}%（GRIM检验）。",
        )
    if study is None:
        return Judgement(claim, "cannot be judged", claim.reason or "没有该地区的数据。")
    if not claim.indicator:
        return Judgement(claim, "cannot be judged", claim.reason or "没有对应的指标。")
    try:
        found = study.measure(claim.indicator, by=claim.by or None, **dict(claim.group))
    except UserError as slip:
        return Judgement(claim, "cannot be judged", slip.message)
    if isinstance(found, Statistics):
        return _each(claim, found)
    if not found.known:
        return Judgement(claim, "cannot be judged", claim.reason or "该范围没有数据。", found)
    if claim.relation == "all":
        return _all(claim, found)
    return _bound(claim, found) if claim.relation in (">=", "<=") else _equal(claim, found, study)


def _inside(claim: Claim) -> Judgement:
    if claim.relation == "sum":
        total = sum((Decimal(part.replace(",", "")) for part in claim.parts), Decimal(0))
        terms = f"{' + '.join(claim.parts)} = {total}"
        rounded = claim.unit == "%" or bool(claim.rounding)
        if parts_add_up(claim.parts, claim.printed) if rounded else total == Decimal(claim.printed.replace(",", "")):
            return Judgement(claim, "consistent", f"{terms}，与所写{claim.printed}{claim.unit}相符。")
        return Judgement(claim, "inconsistent", f"{terms}，与所写{claim.printed}{claim.unit}不符。")
    listed = claim.listed or 0
    if claim.relation == "list":
        stated = f"写明{claim.printed}{claim.unit}，" if claim.printed else ""
        return Judgement(claim, "cannot be judged", claim.reason or f"{stated}只列出{listed}{claim.unit}，其余未列。")
    if Decimal(claim.printed) == listed:
        return Judgement(claim, "consistent", f"写明{claim.printed}{claim.unit}，列出{listed}{claim.unit}。")
    return Judgement(claim, "inconsistent", f"写明{claim.printed}{claim.unit}，列出{listed}{claim.unit}。")


def _scaled(figure: Statistic) -> Decimal:
    return Decimal(repr(float(figure.value or 0.0))) * (100 if figure.unit == "%" else 1)


def _fits(figure: Statistic, claim: Claim, rounding: str) -> bool:
    return _scaled(figure) in rounding_interval(claim.printed, rounding=rounding)


def _equal(claim: Claim, found: Statistic, study: Study) -> Judgement:
    if claim.rounding and _fits(found, claim, claim.rounding):
        return Judgement(claim, "exact", f"实测{found.text}，按{_ROUNDING[claim.rounding]}与原文一致。", found)
    if not claim.rounding and _scaled(found) == Decimal(claim.printed.replace(",", "")):
        return Judgement(claim, "exact", f"实测{found.text}，与原文一致。", found)
    for rounding, name in _ROUNDING.items():
        if _fits(found, claim, rounding):
            told = (
                "原文未说明舍入方式；"
                if not claim.rounding
                else f"所声明的{_ROUNDING[claim.rounding]}得不到原文的数，但"
            )
            return Judgement(claim, "interval", f"实测{found.text}；{told}按{name}可以得到。", found)
    for other in claim.otherwise:
        second = study.measure(other.indicator, **dict(other.group))
        if second.known and any(_fits(second, claim, name) for name in _ROUNDING):
            reason = f"按原口径实测{found.text}；按“{other.label}”实测{second.text}，与原文一致。"
            return Judgement(claim, "definition", reason, second)
    return Judgement(claim, "not reproduced", f"实测{found.text}，原文写{claim.printed}{claim.unit}。", found)


def _limit(claim: Claim) -> float:
    value = claim.value or 0.0
    return value / 100 if claim.unit == "%" else value


def _tested(claim: Claim, found: Statistic) -> Outcome:
    return tested(found, _limit(claim), at_least=claim.relation != "<=")


def tested(found: Statistic, limit: float, *, at_least: bool = True) -> Outcome:
    """Judge a claimed limit: a count with bounds by them (`counted`), anything else by one-sided tests at 5 %.

    What is inferred must be said at both ends of its bounds.
    """
    sided = {"at_least" if at_least else "at_most": limit}
    if found.nature == "count" and found.bounds is not None:
        return counted(found.value or 0.0, **sided, bounds=found.bounds)
    return agreed(*(verdict(each, **sided, unit=found.unit).judgement for each in found.ends))


def span(found: Statistic) -> str:
    """Return what a judged figure may be besides: its bounds where these decide, else its interval."""
    return found.bounds_text if found.nature == "count" and found.bounds is not None else found.interval_text


def _bound(claim: Claim, found: Statistic) -> Judgement:
    said = "不超过" if claim.relation == "<=" else "不低于"
    outcome = _tested(claim, found)
    claimed = statement(outcome, f"{said}{claim.printed}{claim.unit}")
    told = f"实测{found.text}（{span(found)}，{found.base_text}），{claimed}。"
    became = "exact" if outcome in PASSES else "not reproduced" if outcome in FAILS else "cannot be judged"
    return Judgement(claim, became, told, found)


def _each(claim: Claim, found: Statistics) -> Judgement:
    known = found.known()
    lowest = known.lowest()
    if lowest is None:
        return Judgement(claim, "cannot be judged", "各组都没有数据。")
    low = f"最低的是“{lowest.group_label}”，{lowest.text}（{span(lowest)}）"
    if lowest.nature == "count":
        each = {item.group_label: tested(item, _limit(claim)) for item in known}
        below = tuple(name for name, outcome in each.items() if outcome in FAILS)
        passes = all(outcome in PASSES for outcome in each.values())
        proved, word, doubt = "各组都达到", "低于", "并非每组都能定论"
    else:
        low_end, high_end = ({item.group_label: item.ends[end] for item in known} for end in (0, 1))
        joint = every_between(low_end, high_end, _limit(claim))
        below, passes = joint.below, joint.judgement == "supported"
        proved, word, doubt = "各组都得到数据支持", "明显低于", "并非每组都足以说明"
    if below:
        return Judgement(claim, "not reproduced", f"{low}；{word}的有{len(below)}组：{'、'.join(below)}。", lowest)
    if passes and len(known) == len(found):
        return Judgement(claim, "exact", f"{proved}（共{len(found)}组）；{low}。", lowest)
    return Judgement(claim, "cannot be judged", f"{low}；{doubt}。", lowest)


def _all(claim: Claim, found: Statistic) -> Judgement:
    if found.numerator is None or found.denominator is None:
        return Judgement(claim, "cannot be judged", "该指标没有可逐一核对的计数。", found)
    beyond = found.denominator - found.numerator
    if beyond:
        return Judgement(
            claim, "not reproduced", f"应计{found.base_text}，其中{beyond:,.0f}{found.base_unit}不符合。", found
        )
    if found.missing:
        return Judgement(
            claim, "cannot be judged", f"已报的{found.base_text}都符合，但{len(found.missing)}所学校未报。", found
        )
    if found.unknown:
        lacking = f"{found.unknown:,}{found.base_unit}没有登记或待更正"
        return Judgement(claim, "cannot be judged", f"已报的{found.base_text}都符合，但{lacking}。", found)
    return Judgement(claim, "exact", f"应报学校全部报送，{found.base_text}都符合。", found)
