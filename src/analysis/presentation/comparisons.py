"""A school beside the other schools, in a sentence."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from analysis.house.text import number
from analysis.indicators.comparison import compared
from analysis.presentation.content import Run, figure_run, words
from analysis.presentation.edition import Edition
from analysis.presentation.references import Unknown

if TYPE_CHECKING:
    from analysis.indicators.study import Study


@dataclass(frozen=True, slots=True)
class Compared:
    """A school beside the other schools of its district, grade by grade, as far as the data tell them apart."""

    study: Study
    ids: tuple[str, ...]

    def runs(self, edition: Edition) -> list[Run]:
        """Return the comparison's words; ``Unknown`` where the school cannot be compared."""
        found = compared(self.study, self.ids).only(self.study.scope.school, self.ids[0])
        shown = edition.shown([found.difference])[0]
        if found.judgement == "no data" or not shown.known or shown.value is None:
            raise Unknown(shown)
        if found.judgement == "not apart":
            return [words("与其他学校没有分出高低")]
        size = number(abs(shown.value), shown.decimals, shown.rounding) + shown.unit
        side = "高" if found.judgement == "higher" else "低"
        return [words(f"按同年级比，比其他学校{side}"), figure_run(size, shown, "change")]


def compare(study: Study, id: str, *others: str) -> Compared:
    """Compare a school with the other schools of its district; in a sentence with ``only="school"``.

    Parameters
    ----------
    study
        The study of the school's page.
    id
        The indicator that is spoken of.
    *others
        What the page compares besides: more comparisons call for more evidence (Holm over all of them).
    """
    return Compared(study, (id, *others))
