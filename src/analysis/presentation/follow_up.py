"""要处理的: what a report finds that somebody has to do, by which office, by when."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

import pandas as pd

from analysis.house.text import number
from analysis.indicators import provenance
from analysis.indicators.concentration import exceptions
from analysis.indicators.dimensions import LABELS
from analysis.indicators.statistic import Scope, Statistic, Statistics
from analysis.presentation.absence import name_of, owed
from analysis.presentation.all_cases import AllWithin
from analysis.presentation.causes import Cause, cause
from analysis.presentation.content import Run, figure_run, literal_run, words
from analysis.presentation.edition import Edition, current
from analysis.presentation.judged_groups import JudgedEach
from analysis.presentation.offices import office
from analysis.presentation.references import day_words
from analysis.presentation.scorecard import Claim
from analysis.presentation.silent import kept_by_schools
from analysis.presentation.units import units
from analysis.presentation.verdicts import EveryAtLeast, Judged, judged, judged_together
from analysis.presentation.wording import declared, rule_words
from analysis.statistics.estimate import Estimate
from analysis.statistics.verdict import FAILS

if TYPE_CHECKING:
    from analysis.indicators.study import Study

MOST_ROWS = 12
"""Rows of the table."""
ROOM = 10
"""Where there would be more rows than this, what is to be corrected is told in one row of all registers."""
MOST_TABLES = 3
"""Tables that a row names one by one; of more it names the first and counts all."""
BUREAU = "区级部门"
"""Whose registers no single school keeps."""
COLUMNS = (("object", "对象"), ("problem", "问题"), ("count", "数"), ("office", "责任科室"), ("due", "期限"))


Problem = Cause | Judged | Statistic


def to_do(study: Study, *told: Problem | EveryAtLeast, claims: Sequence[Claim] = (), schools: bool = True) -> None:
    """Put out the table of what is to be done: the problems found, what was not handed in, then rows to correct.

    A public edition names no school and gives no count of a single one.

    Parameters
    ----------
    study
        The study of the document.
    told
        Causes (`cause`) of shares that have exceptions, figures held against a rule (`judged`) of which those that
        fail are told (of `every_at_least` each one), and counts of which there should be none (overdue actions).
    claims
        What the document judges (as in `scorecard`): each claim that fails has a row, unless `told` has one of its figure.
    schools
        Whether what schools did not hand in, or have to correct, belongs to this document.
    """
    edition = current()
    if edition.ended:
        return
    edition.opening = False
    found: list[Problem] = [
        each
        for one in [*told, *_of_claims(study, claims, told)]
        for each in ([judged(i, one.rule) for i in one.figures] if isinstance(one, EveryAtLeast) else [one])
    ]
    clear = _failing(found)
    rows = [
        row
        for each in found
        if not isinstance(each, Judged) or each.figure.scope in clear
        for row in [_problem(each, study, edition)]
        if row
    ]
    if schools:
        rows += _not_handed_in(study, edition)
        rows += _to_correct(study, edition, ROOM - len(rows))
    if not rows:
        edition.put("paragraph", role="body", runs=[words("要处理的：没有发现。")])
        return
    literals = [
        each for one in found for each in declared([_figure(one)], (), one.rule if isinstance(one, Judged) else None)
    ]
    edition.put(
        "table",
        name="follow_up",
        title="要处理的",
        columns=[{"key": key, "label": label, "align": "left"} for key, label in COLUMNS],
        rows=[{"role": "body", "cells": cells} for cells in rows[:MOST_ROWS]],
        literals=[{"text": each.text, "literal": each.kind} for each in dict.fromkeys(literals)],
    )
    if len(rows) > MOST_ROWS:
        edition.put("paragraph", role="note", runs=[words("其余待处理的事项见以下各节。")])


def _of_claims(
    study: Study, claims: Sequence[Claim], told: Sequence[Problem | EveryAtLeast]
) -> Iterator[Problem | EveryAtLeast]:
    """Give the problems behind claims that fail; bare figures claim nothing."""
    known = {(_figure(each).indicator, _figure(each).scope) for each in told if not isinstance(each, EveryAtLeast)}
    for claim in claims:
        if isinstance(claim, AllWithin):
            if claim.judgement in FAILS and (claim.share.indicator, claim.share.scope) not in known:
                yield cause(study, claim.share, breaches=claim.breaches, outside=claim.outside)
        elif isinstance(claim, JudgedEach):
            yield from (each for _, each in claim.clauses if each.judgement in FAILS)
        elif not isinstance(claim, Statistic):
            yield claim


def _row(study: Study, subject: str, about: str, problem: str, count: Run) -> list[Run]:
    charged = office(subject)
    day = day_words(charged.due(study.as_of)).removeprefix(f"{study.as_of.year}年")  # the page has the year on top
    due = literal_run(day, "date")
    return [literal_run(about, "name"), words(problem), count, literal_run(charged.name, "name"), due]


def _not_handed_in(study: Study, edition: Edition) -> Iterator[list[Run]]:
    lacking = {school: owed(study, school, edition.tables) for school in map(str, study.expected["school"])}
    of_all = set.intersection(*map(set, lacking.values())) if len(lacking) > 1 else set()  # no school handed them in
    every = [table for table in next(iter(lacking.values()), ()) if table in of_all]
    if edition.public and any(lacking.values()):
        count = owing_count(study, edition.tables)
        yield _row(study, "reporting", "未报的学校", "有应报的材料没有报送", figure_run(count.text, count))
        return
    names = dict(zip(study.schools["school"], study.schools["short_name"], strict=True))
    owing = {"": every, **{school: [t for t in tables if t not in of_all] for school, tables in lacking.items()}}
    for school, tables in owing.items():
        if tables:
            count = owed_count(study, tuple(tables), school)
            said = "、".join(map(name_of, tables[:MOST_TABLES])) + ("等" if len(tables) > MOST_TABLES else "")
            who = "本校" if edition.school else str(names[school]) if school else "各校"
            yield _row(study, "reporting", who, f"未报：{said}", figure_run(count.text, count))


def _to_correct(study: Study, edition: Edition, room: int) -> list[list[Run]]:
    """Give what stands in the snapshot's table of refused rows, by school and table; where there is no room, the sum.

    The public reads of the sum.
    """
    rows = refused_rows(study)
    if not len(rows):
        return []
    whole, by_keeper = refused_counts(study)
    if edition.public or len(by_keeper) > room:
        told = "报来的行有误，待更正" if edition.public else "报来的行有误，待更正；逐行见待更正表"
        about = "各报送单位" if BUREAU in by_keeper else "报送学校"
        return [_row(study, "reporting", about, told, figure_run(whole.text, whole))]
    names = dict(zip(study.schools["school"], study.schools["short_name"], strict=True))
    made = []
    for school, own in rows.groupby("who"):
        count = by_keeper[str(school)]
        said = "、".join(dict.fromkeys(name_of(str(table)) for table in own["table"]))
        who = "本校" if edition.school else BUREAU if school == BUREAU else str(names.get(school, "学校不明"))
        made.append(_row(study, "reporting", who, f"待更正：{said}", figure_run(count.text, count)))
    return made


def refused_rows(study: Study) -> pd.DataFrame:
    """Return the snapshot's refused rows of a study's scope, with `who` keeps the register that each belongs to."""
    if "refused" not in study.snapshot.tables:
        return pd.DataFrame({"school": [], "table": [], "rows": [], "who": []})
    rows = study.snapshot.frame("refused")
    rows = rows[rows["term"].isna() | (rows["term"] == study.scope.term)]
    of_nobody = rows["school"].isna() & (not study.scope.school)
    rows = rows[rows["school"].isin(list(study.expected["school"])) | of_nobody]
    of_schools = rows["table"].astype(str).map(kept_by_schools)
    return rows.assign(who=rows["school"].fillna("").astype(str).where(of_schools, BUREAU))


def refused_counts(study: Study) -> tuple[Statistic, dict[str, Statistic]]:
    """Return how many rows await correction in all, and by who keeps the register."""
    rows = refused_rows(study)
    whole = _counted(study, "reporting.refused", "待更正的行", int(rows["rows"].sum()), "行")
    by_keeper = {}
    for who, own in rows.groupby("who"):
        label, school = ("区级登记待更正的行", "") if who == BUREAU else ("待更正的行", str(who))
        by_keeper[str(who)] = _counted(study, "reporting.refused", label, int(own["rows"].sum()), "行", school)
    return whole, by_keeper


def owing_count(study: Study, tables: tuple[str, ...]) -> Statistic:
    """Return how many schools of a study's scope owe materials, `tables` of the document among them."""
    schools = sum(bool(owed(study, school, tables)) for school in map(str, study.expected["school"]))
    return _counted(study, "reporting.owing", "有应报而未报材料的学校", schools, "所", of=tables)


def owed_count(study: Study, tables: tuple[str, ...], school: str = "") -> Statistic:
    """Return how many of some tables a school (``""``: every school of the scope) owes."""
    asked = [school] if school else list(map(str, study.expected["school"]))
    due = [table for table in tables if all(table in owed(study, one, tables) for one in asked)]
    return _counted(study, "reporting.owed", "应报而未报的材料", len(due), "项", school, of=tables)


def _failing(found: Sequence[Problem]) -> set[Scope]:
    """Return the scopes of the figures that miss their rule: what is inferred, of one role together, as in its table."""
    asked = [each for each in found if isinstance(each, Judged) and each.rule is not None]
    clear = {each.figure.scope for each in asked if each.judgement in FAILS}
    families: dict[object, list[Judged]] = {}
    for each in asked:
        if each.figure.nature != "count" and each.rule is not None:
            role = dict(each.figure.scope.group).get("role", "parent")
            families.setdefault((role, each.rule.id, each.at_least), []).append(each)
    for family in families.values():
        rule, figures = family[0].rule, Statistics(tuple(each.figure for each in family))
        assert rule is not None
        told = judged_together(figures, rule, at_least=family[0].at_least)
        clear -= {scope for scope, judgement in told.items() if judgement not in FAILS}
    return clear


def _figure(each: Problem) -> Statistic:
    return each.whole if isinstance(each, Cause) else each.figure if isinstance(each, Judged) else each


def _problem(each: Problem, study: Study, edition: Edition) -> list[Run] | None:
    """Return the row of a share with exceptions, about the groups that hold most of them; of a failed rule; of faults."""
    whole = _figure(each)
    subject = whole.indicator.partition(".")[0]
    about = "本校" if edition.school else "全区"
    shown = edition.shown([whole])[0]
    if isinstance(each, Judged):
        if not shown.known or each.rule is None:
            return None
        role = dict(whole.scope.group).get("role", "parent" if whole.nature == "survey" else None)
        what = LABELS["role"].get(role, "") + (shown.group_label or shown.label)
        if whole.nature == "count" and shown.group_label:
            about, what = shown.group_label, shown.label
        problem = f"{what}：{'低于' if each.at_least else '超过'}{rule_words(each.rule)}"
        return _row(study, subject, about, problem, figure_run(shown.text, shown))
    if not isinstance(each, Cause):
        if not shown.known or not whole.value:
            return None
        if about == "全区" and not edition.public:
            about = units(study, whole, breaches=True) or about
        ends = f"（{shown.bounds_text}）" if shown.bounds and shown.bounds_text != shown.text else ""
        return _row(study, subject, about, shown.label, figure_run(f"{shown.text}{ends}", shown, "full"))
    if not shown.known or not exceptions(whole, each.breaches):
        return None
    problem = f"{whole.label}：{each.outside}"
    groups = each.found.groups if each.found else ()
    if groups and each.found and not (edition.public and each.found.dimension == "school"):
        held = edition.shown([each.found.held])[0]
        if held.numerator is not None:
            about = "、".join(item.group_label for item in groups)
            return _row(study, subject, about, problem, figure_run(_number(held.numerator, held), held, "numerator"))
    if about == "全区" and not edition.public:
        about = units(study, whole, each.breaches) or about
    number_of = exceptions(shown, each.breaches) if shown.numerator is not None else None
    part = "numerator" if each.breaches else "rest"
    count = words("少量") if number_of is None else figure_run(_number(number_of, shown), shown, part)
    return _row(study, subject, about, problem, count)


def _number(count: float, item: Statistic) -> str:
    return number(count) + item.base_unit


def _counted(
    study: Study, indicator: str, label: str, count: int, unit: str, school: str = "", of: tuple[str, ...] = ()
) -> Statistic:
    """Return a count of what was handed in; `of` are the tables asked for, where that is part of what it counts."""
    scope = (study.scope if not school else study.at(school).scope).narrowed(counted=label)
    made = Statistic(
        indicator=indicator,
        label=label,
        definition=label,
        estimate=Estimate(float(count), n=count, method="count"),
        scope=scope.narrowed(of=of) if of else scope,
        unit=unit,
        decimals=0,
        base=count,
        base_unit=unit,
        snapshot=study.snapshot.id,
    )
    provenance.keep([made])
    return made
