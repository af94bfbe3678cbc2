"""A title that is a fact of the count: said of groups of a register whose figures have no error, where none is highest.

It ranks nothing: it says of which groups what was counted, all of those shown being accounted for.
"""

from __future__ import annotations

from collections.abc import Sequence

from analysis.indicators.catalogue import entries
from analysis.indicators.statistic import Statistic
from analysis.presentation.content import Run, figure_run, joined, words

MOST_TOLD = 4
"""Groups that a title tells one by one."""


def counted_fact(items: Sequence[Statistic]) -> list[Run] | None:
    """Return what was counted of each group: 「保证金足额率：非学科类8家中的7家，其余没有例外」.

    Groups of which nothing is against the indicator (all of what should be, or none of what should not) are told
    together, as are those without a case.

    Parameters
    ----------
    items
        All figures that a chart shows, as its readers may see them.

    Returns
    -------
    list of Run
        None where a group has no value or is hidden, where a figure has limits of its process (then it is no mere
        count), or where more than `MOST_TOLD` groups would have to be told.
    """
    if len(items) < 2 or not all(item.known and item.group_label for item in items):
        return None
    if any(item.nature != "count" or item.estimate.lower is not None for item in items):
        return None
    told = [item for item in items if not _faultless(item)]
    if not 1 <= len(told) <= MOST_TOLD:
        return None
    named = [[figure_run(item.group_label, item, "group"), figure_run(item.text, item)] for item in told]
    rest = "，其余没有例外" if items[0].unit == "%" else "，其余没有"
    after = [words(rest)] if len(told) < len(items) else []
    return [figure_run(items[0].label, items[0], "label"), words("："), *joined(named), *after]


def settled(item: Statistic) -> bool:
    """Tell whether what is missing behind a figure leaves it as it is printed; where no bound can be told, it may not."""
    if item.bounds is None:
        return item.nature != "count" or not (item.unknown or item.missing)
    return item.bounds_text == item.compact_text


def _faultless(item: Statistic) -> bool:
    """Tell whether nothing counted is against the indicator; of a mere number, whether there is none."""
    if not settled(item):
        return False
    if item.unit != "%":
        return item.value == 0
    entry = entries().get(item.indicator)
    if entry is None or item.numerator is None or not item.denominator:
        return False
    if entry.direction == "higher":
        return item.numerator == item.denominator
    return entry.direction == "lower" and item.numerator == 0
