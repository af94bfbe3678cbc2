"""Figures made by hand for the tests of presentation and disclosure."""

from __future__ import annotations

from typing import Any

from analysis.indicators.statistic import Nature, Scope, Statistic, Statistics
from analysis.presentation.edition import Edition, start
from analysis.statistics.estimate import Estimate

SCHOOLS = ("第一小学", "湖滨小学", "青岭小学", "芦汀小学")


def share(
    value: float | None,
    lower: float | None = None,
    upper: float | None = None,
    *,
    base: int = 500,
    unit: str = "个班级日",
    name: str = "",
    school: str = "",
    missing: tuple[str, ...] = (),
    nature: Nature = "count",
    unknown: int | None = None,
    bounds: tuple[float, float] | None = None,
    **group: Any,
) -> Statistic:
    """Return a share of class-days, counted; or, as if they were answers, inferred."""
    return Statistic(
        indicator="homework.within_cap",
        label="班级日达标率",
        definition="书面作业不超过规定时长的班级日所占比例。",
        estimate=Estimate(value, lower=lower, upper=upper, n=base, df=20, method="beta"),
        scope=Scope("990101", school, "2025-2026-2", "2026-03-02", "2026-07-03", tuple(sorted(group.items()))),
        numerator=None if value is None else round(value * base),
        denominator=base,
        base=base,
        base_unit=unit,
        schools=7,
        missing=missing,
        snapshot="0123456789abcdef",
        slice="ab" * 32,
        group_label=name,
        nature=nature,
        unknown=unknown,
        bounds=bounds,
    )


def by_school(*values: float | None, base: int = 500) -> Statistics:
    """Return a share for each of the first schools."""
    return Statistics(
        tuple(
            share(
                value,
                None if value is None else value - 0.02,
                value and min(value + 0.02, 1.0),
                base=base,
                name=name,
                school=f"2199{place:06d}",
            )
            for place, (name, value) in enumerate(zip(SCHOOLS, values, strict=False), start=1)
        ),
        ("school",),
    )


def by_grade(*values: float | None, base: int = 500) -> Statistics:
    """Return a share for each grade from the first on."""
    return Statistics(
        tuple(
            share(value, base=base, name=f"{'一二三四五六七八九'[place]}年级", grade=place + 1)
            for place, value in enumerate(values)
        ),
        ("grade",),
    )


def edition(audience: str = "internal", school: str = "") -> Edition:
    """Begin a document without a study."""
    return start(Edition(audience, "990101", school, "澄湖区（模拟）"))


def text(made: dict[str, Any]) -> str:
    """Return the words of a paragraph."""
    return "".join(run["text"] for run in made["runs"])
