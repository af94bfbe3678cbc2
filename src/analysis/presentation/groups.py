"""Several groups named together: 三至六年级, 三年级、五至八年级, 第一小学、湖滨小学."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby

from analysis.indicators.statistic import Statistic
from analysis.presentation.content import Run, figure_run, joined


def named_together(items: Sequence[Statistic]) -> list[Run]:
    """Return the names of groups; grades that follow each other are told as a span.

    Parameters
    ----------
    items
        Figures of groups, each with its name.
    """
    if not items or not all(_is_grade(item) for item in items):
        return joined([[figure_run(item.group_label, item, "group")] for item in items])
    ordered = sorted(items, key=_grade)
    spans = [
        [item for _, item in run] for _, run in groupby(enumerate(ordered), key=lambda pair: _grade(pair[1]) - pair[0])
    ]
    return [run for place, span in enumerate(spans) for run in _span(span, last=place == len(spans) - 1)]


def _span(span: Sequence[Statistic], *, last: bool) -> list[Run]:
    first, end = span[0].group_label.removesuffix("年级"), span[-1].group_label.removesuffix("年级")
    between = "" if len(span) == 1 else "、" if len(span) == 2 else "至"
    text = first if len(span) == 1 else f"{first}{between}{end}"
    return [figure_run(text + ("年级" if last else "、"), span[0], "groups")]


def _is_grade(item: Statistic) -> bool:
    return item.group_label.endswith("年级") and len(item.group_label) == 3 and "grade" in dict(item.scope.group)


def _grade(item: Statistic) -> int:
    return int(dict(item.scope.group)["grade"])
