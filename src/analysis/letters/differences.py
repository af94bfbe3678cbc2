"""One indicator, two values: figures of a new letter against those of letters already sent."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from analysis.house import UserError
from analysis.indicators.statistic import Statistic
from analysis.letters.evidence import Proof
from analysis.letters.published import letters
from analysis.reference.published import Claim, Letter
from analysis.reference.suggestions import Suggestion


@dataclass(frozen=True, slots=True)
class Difference:
    """A figure that another letter gave otherwise in the same scope."""

    figure: Statistic
    claim: Claim
    letter: Letter

    @property
    def told(self) -> str:
        """The difference in one Chinese sentence."""
        about = f"（{self.figure.group_label}）" if self.figure.group_label else ""
        return f"指标“{self.figure.label}”{about}此次为{self.figure.text}，“{self.letter.title}”（{self.letter.id}）曾答复“{self.claim.text}”"


def differences(
    entry: Suggestion, proofs: tuple[Proof, ...], sent: tuple[Letter, ...] | None = None
) -> list[Difference]:
    """Return the figures that differ from those of letters already sent, at the precision that these printed.

    Letters that only show planted claims are left out, and what this suggestion's own letters said of another term.
    """
    figures = {_scope(item): item for found in proofs for item in found.statistics() if item.known}
    found = []
    for letter in letters() if sent is None else sent:
        if letter.planted:
            continue
        for claim in letter.claims:
            if claim.value is None or not claim.indicator or claim.relation != "=":
                continue
            figure = figures.get(
                (claim.indicator, letter.district, claim.school, claim.term or letter.term, claim.group)
            )
            if figure is not None and _differs(figure, claim):
                found.append(Difference(figure, claim, letter))
    return found


def refuse_unexplained(entry: Suggestion, proofs: tuple[Proof, ...]) -> None:
    """Stop the letter if a figure differs from one already sent and the register does not say why.

    Raises
    ------
    UserError
        Naming each difference and where to explain it.
    """
    explained = {(item.indicator, item.letter) for item in entry.explanations}
    open_ones = [item for item in differences(entry, proofs) if (item.claim.indicator, item.letter.id) not in explained]
    if open_ones:
        told = "；".join(item.told for item in open_ones)
        raise UserError(
            f"建议“{entry.id}”的数字与已寄出的答复不一致：{told}。"
            "请查明原因，在登记册中用 [[difference]] 写明 indicator、letter 与 reason 后再出文。"
        )


def _scope(item: Statistic) -> tuple[str, str, str, str, tuple[tuple[str, object], ...]]:
    return item.indicator, item.scope.district, item.scope.school, item.scope.term, item.scope.group


def _differs(figure: Statistic, claim: Claim) -> bool:
    value = figure.value
    if value is None or claim.value is None:
        return False
    scaled = Decimal(repr(value)) * (100 if figure.unit == "%" else 1)
    step = Decimal(1).scaleb(-claim.decimals)
    return abs(scaled - Decimal(str(claim.value))) > step / 2
