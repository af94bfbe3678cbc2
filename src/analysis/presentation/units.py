"""Which units have the exceptions behind a figure, by name: for internal editions."""

from __future__ import annotations

from typing import TYPE_CHECKING

from analysis.house.text import number
from analysis.indicators.concentration import exceptions
from analysis.indicators.measuring import groupable
from analysis.indicators.registered import Registers
from analysis.indicators.registry import bindings
from analysis.indicators.statistic import Statistic
from analysis.indicators.supervision import open_beyond

if TYPE_CHECKING:
    from analysis.indicators.study import Study

MOST = 4
"""Units that are named one by one; of more the first are named and all are counted."""


def units(study: Study, whole: Statistic, breaches: bool) -> str:
    """Return the schools or institutions that have exceptions, those with most first; "" where the figure knows none.

    Parameters
    ----------
    study
        The study of the document.
    whole
        A share, or a number of cases, without narrowing by groups.
    breaches
        Whether the share's numerator counts the exceptions.
    """
    names, word = _names(study, whole, breaches)
    if len(names) <= MOST:
        return "、".join(names)
    return f"{'、'.join(names[: MOST - 1])}等{number(len(names))}{word}"


def _names(study: Study, whole: Statistic, breaches: bool) -> tuple[list[str], str]:
    if whole.indicator == "supervision.overdue":
        return list(dict.fromkeys(map(str, open_beyond(Registers(study))["target"]))), "个"
    binding = bindings().get(whole.indicator)
    able = groupable(binding) if binding else []
    for dimension, word in (("school", "所"), ("institution", "家")):
        if dimension in able and not whole.scope.group:
            found = [
                (_cases(item, breaches), item.group_label) for item in study.measure(whole.indicator, by=dimension)
            ]
            known = _institutions(study) if dimension == "institution" else {}
            return [known.get(name, name) for cases, name in sorted(found, key=lambda pair: -pair[0]) if cases], word
    return [], ""


def _cases(item: Statistic, breaches: bool) -> float:
    return (item.value or 0.0) if item.unit != "%" else exceptions(item, breaches)


def _institutions(study: Study) -> dict[str, str]:
    rows = study.snapshot.frame("institutions")
    return dict(zip(rows["institution"].astype(str), rows["name"].astype(str), strict=True))
