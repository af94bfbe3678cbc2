"""Who reported and who did not: said at the head of each document, so that no base changes silently."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from analysis.house.content import Json
from analysis.house.text import number
from analysis.indicators import provenance
from analysis.indicators.statistic import Statistic
from analysis.presentation.absence import name_of
from analysis.presentation.content import Run, figure_run, words
from analysis.presentation.edition import current
from analysis.statistics.estimate import Estimate

if TYPE_CHECKING:
    from analysis.indicators.study import Study


def reported(study: Study, table: str) -> Statistic:
    """Return how many of the schools that were expected to report a table did, as a Statistic (a count).

    Its numerator is the number that reported, its denominator the number expected; `missing` names the others.
    """
    state = study.reporting(table)
    name = name_of(table)
    made = Statistic(
        indicator=f"reporting.{table}",
        label=f"{name}已报学校数",
        definition=f"本学期{name}有登记的学校数；分母为登记在册、应报送的学校数",
        estimate=Estimate(float(len(state.reported)), n=len(state.expected), method="count"),
        scope=study.scope,
        unit="所",
        decimals=0,
        numerator=float(len(state.reported)),
        denominator=float(len(state.expected)),
        base=len(state.expected),
        base_unit="所",
        missing=tuple(each.short_name for each in state.missing),
        snapshot=study.snapshot.id,
        slice=study.snapshot.slice((table, "schools"), study.scope.school),
    )
    provenance.keep([made])
    return made


def say_reporting(study: Study, tables: Sequence[str]) -> None:
    """Say who reported: one sentence for a single table, a table for several.

    A school's page says which of its materials came in.
    """
    edition = current()
    if edition.ended:
        return
    figures = edition.shown([reported(study, table) for table in tables])
    if edition.school:
        edition.put("paragraph", role="base", runs=_of_school(tables, figures))
    elif len(figures) == 1:
        edition.put("paragraph", role="base", runs=_sentence(tables[0], figures[0]))
    else:
        edition.put("table", **_overview(tables, figures))


def _sentence(table: str, figure: Statistic) -> list[Run]:
    runs: list[Run] = [
        words(f"{name_of(table)}应报"),
        figure_run(number(figure.denominator or 0), figure, "denominator"),
        words("所，已报"),
        figure_run(number(figure.numerator or 0), figure, "numerator"),
        words("所"),
    ]
    missing = _missing(figure)
    return (
        [*runs, words("；未报："), *missing, words("，其数值不作推算。")] if missing else [*runs, words("，没有缺报。")]
    )


def _missing(figure: Statistic) -> list[Run]:
    from analysis.disclosure import UNNAMED

    if not figure.missing:
        return []
    if set(figure.missing) == {UNNAMED}:
        return [figure_run(number(len(figure.missing)), figure, "missing_count"), words("所学校")]
    return [figure_run("、".join(figure.missing), figure, "missing")]


def _of_school(tables: Sequence[str], figures: Sequence[Statistic]) -> list[Run]:
    there = [name_of(table) for table, figure in zip(tables, figures, strict=True) if figure.value]
    absent = [name_of(table) for table, figure in zip(tables, figures, strict=True) if not figure.value]
    if not absent and len(there) > 1:
        return [words("本校应报的各类材料都有报送，是否齐全见各项指标。")]
    runs = [words(f"本校已报：{'、'.join(there)}。")] if there else []
    return runs + ([words(f"本校未报：{'、'.join(absent)}，相应部分不作分析。")] if absent else [])


def _overview(tables: Sequence[str], figures: Sequence[Statistic]) -> Json:
    rows = []
    for table, figure in zip(tables, figures, strict=True):
        missing = _missing(figure)
        text = "".join(run["text"] for run in missing) or "无"
        cells: list[Run] = [
            words(name_of(table)),
            figure_run(number(figure.denominator or 0), figure, "denominator") | {"value": figure.denominator},
            figure_run(number(figure.numerator or 0), figure, "numerator") | {"value": figure.numerator},
            figure_run(text, figure, "missing"),
        ]
        rows.append({"role": "body", "cells": cells})
    return {
        "name": "reporting",
        "title": "各项材料的报送情况",
        "columns": [
            {"key": "material", "label": "材料", "align": "left"},
            {"key": "expected", "label": "应报", "unit": "所", "align": "right"},
            {"key": "reported", "label": "已报", "unit": "所", "align": "right"},
            {"key": "missing", "label": "未报学校", "align": "left"},
        ],
        "rows": rows,
        "notes": [[words("未报学校的数值不作推算；以“有没有”计的指标（如一校两案齐备率），未报即计为没有。")]],
    }
