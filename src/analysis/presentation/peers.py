"""With whom a school is compared: the same grades of the district, so that no primary school stands beside a junior one."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from analysis.indicators import provenance
from analysis.indicators.statistic import Statistic, Statistics

if TYPE_CHECKING:
    from analysis.indicators.study import Study

PEERS = "全区同年级"


def peers(study: Study, id: str, by: str | None = None, **where: object) -> Any:
    """Measure an indicator over those that a document's scope is compared with.

    For the district that is the district itself; for a school it is the district's classes of the grades that the
    school teaches.

    Parameters
    ----------
    study
        The study of the document.
    id
        Id of an indicator that can be narrowed by grade.
    by
        ``None`` for one figure, or ``"school"``: then schools that teach none of these grades are left out.
    **where
        Further narrowing, as in `Study.measure`.

    Returns
    -------
    Statistic or Statistics
    """
    whole = study.district
    if not study.scope.school:
        return whole.measure(id, by=by, **where)
    register = study.schools.set_index("school")
    first, last = (int(str(register.at[study.scope.school, name])) for name in ("first_grade", "last_grade"))
    grades = tuple(range(first, last + 1))
    found = whole.measure(id, by=by, grade=grades, **where)
    if by is None:
        return _named(found, PEERS)
    beside = register[(register["first_grade"] <= last) & (register["last_grade"] >= first)]["short_name"]
    named = (_named(item, str(beside[item.scope.school])) for item in found if item.scope.school in beside)
    return Statistics(tuple(named), found.by)


def _named(item: Statistic, name: str) -> Statistic:
    provenance.need(item)
    made = replace(item, group_label=name)
    provenance.keep([made])
    return made
