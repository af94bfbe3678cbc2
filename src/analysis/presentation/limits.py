"""The limits that a document's figures are held against: rules as they stand on the last day of its scope."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from analysis.rules import Rule, rule

if TYPE_CHECKING:
    from analysis.indicators.study import Study


def limit(study: Study, id: str, **where: object) -> Rule | None:
    """Return the value of a rule in the study's district on its last day, None if none holds.

    Parameters
    ----------
    study
        The study of the document.
    id
        Id of the rule, such as ``service.days``.
    **where
        Conditions, such as ``grade=3``.
    """
    return rule(id, date.fromisoformat(study.scope.end), study.scope.district, **where)


def limits(study: Study, id: str, dimension: str, values: tuple[object, ...]) -> dict[object, Rule]:
    """Return the rule of each value of a dimension, those without one left out.

    A limit of zero (no homework at all) is no limit of minutes and is left out too.
    """
    found = {value: limit(study, id, **{dimension: value}) for value in values}
    return {value: each for value, each in found.items() if each is not None and each.value > 0}
