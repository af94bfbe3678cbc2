"""Which units have the exceptions behind a figure, by name: for internal editions."""

from __future__ import annotations

from typing import TYPE_CHECKING

from analysis.indicators.concentration import exceptions
from analysis.indicators.measuring import groupable
from analysis.indicators.registered import Registers
from analysis.indicators.registry import bindings
from analysis.indicators.statistic import Statistic
from analysis.indicators.supervision import open_beyond

if TYPE_CHECKING:
    from analysis.indicators.study import Study

MOST = 4
"""Units that are named one by one; of more the first are named: the row counts the cases."""


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
    names = _names(study, whole, breaches)
    return "、".join(names) if len(names) <= MOST else f"{'、'.join(names[: MOST - 1])}等"


def _names(study: Study, whole: Statistic, breaches: bool) -> list[str]:
    if whole.indicator == "supervision.overdue":
        return list(dict.fromkeys(map(str, open_beyond(Registers(study))["target"])))
    binding = bindings().get(whole.indicator)
    able = groupable(binding) if binding else []
    for dimension in ("school", "institution"):
        if dimension in able and not whole.scope.group:
            found = [
                (_cases(item, breaches), item.group_label) for item in study.measure(whole.indicator, by=dimension)
            ]
            known = _institutions(study) if dimension == "institution" else {}
            return [known.get(name, name) for cases, name in sorted(found, key=lambda pair: -pair[0]) if cases]
    return []


def _cases(item: Statistic, breaches: bool) -> float:
    return (item.value or 0.0) if item.unit != "%" else exceptions(item, breaches)


def _institutions(study: Study) -> dict[str, str]:
    rows = study.snapshot.frame("institutions")
    return dict(zip(rows["institution"].astype(str), rows["name"].astype(str), strict=True))
