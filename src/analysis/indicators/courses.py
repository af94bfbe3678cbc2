"""The course menu and the service models: how many courses, of which fields, with how many places, how long, by whom."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import TYPE_CHECKING

import narwhals as nw
import pandas as pd

from analysis.indicators.dimensions import ORDERS
from analysis.indicators.engine import Lazy
from analysis.indicators.judge import Judge
from analysis.indicators.refused import compatible
from analysis.indicators.registers import of_silent
from analysis.indicators.registry import Figure, counting, indicator
from analysis.indicators.service import LARGEST
from analysis.indicators.statistic import Where
from analysis.indicators.unknown import Lacking, Unknown, rows_of

if TYPE_CHECKING:
    from analysis.indicators.study import Study

COURSE = ("school", "course", "weekday", "field")
MODELS = Unknown(rows_of("service_models"), silent=False)


@counting(tables=("courses",), dimensions=COURSE, always=COURSE)
def menu(tables: Mapping[str, Lazy], keys: tuple[str, ...]) -> Lazy:
    """Count places and pupils of each course on each weekday: `keys`, ``capacity``, ``enrolled``."""
    plain = tables["courses"].select(*keys, nw.col("capacity").cast(nw.Int64), nw.col("enrolled").cast(nw.Int64))
    return plain.group_by(*keys).agg(nw.col("capacity").sum(), nw.col("enrolled").sum())


@counting(tables=("courses",), dimensions=("school", "field"), always=("school", "field"))
def offered(tables: Mapping[str, Lazy], keys: tuple[str, ...]) -> Lazy:
    """Return in which fields each school has a course: `keys`."""
    return tables["courses"].select(*keys).unique()


@counting(tables=("courses", "enrolment"), dimensions=("school", "field"), always=("school",))
def chosen(tables: Mapping[str, Lazy], keys: tuple[str, ...]) -> Lazy:
    """Count courses chosen and pupils of the schools with a menu: `keys`, ``chosen``, ``pupils``.

    A course counts once for a pupil, however many weekdays it is held on: its pupils are those of its fullest weekday.
    Pupils stand in rows of the field ``""``.
    """
    courses, nothing = tables["courses"], nw.lit(0).cast(nw.Int64)
    plain = courses.select("school", "course", "field", nw.col("enrolled").cast(nw.Int64).alias("chosen"))
    once = plain.group_by("school", "course", "field").agg(nw.col("chosen").max())
    menus = courses.select("school").unique()
    pupils = tables["enrolment"].join(menus, on="school", how="semi")
    rows = nw.concat(
        [
            once.select("school", "field", "chosen", nothing.alias("pupils")),
            pupils.select(
                "school", nw.lit("").alias("field"), nothing.alias("chosen"), nw.col("pupils").cast(nw.Int64)
            ),
        ]
    )
    inner = tuple(dict.fromkeys((*keys, "field")))
    return rows.group_by(*inner).agg(nw.col("chosen").sum(), nw.col("pupils").sum())


@counting(tables=("service_models",), dimensions=("school", "model"), always=("school", "model"))
def models_of(tables: Mapping[str, Lazy], keys: tuple[str, ...]) -> Lazy:
    """Count the minutes of each school's models: `keys`, ``minutes``."""
    plain = tables["service_models"].select(*keys, nw.col("minutes").cast(nw.Int64))
    return plain.group_by(*keys).agg(nw.col("minutes").sum())


@counting(
    tables=("courses", "providers", "days"),
    dimensions=("school", "field", "weekday", "provider", "date"),
    always=("school", "provider"),
)
def provided(tables: Mapping[str, Lazy], keys: tuple[str, ...]) -> Lazy:
    """Count days on which an outside provider holds a course, and those on which it is qualified.

    Returns `keys`, ``held``, ``qualified``. A provider that is not in the register is not qualified; an open end of
    the qualification means that it still holds. Courses without a provider are held by the school's own teachers.
    """
    days = tables["days"].filter(nw.col("school_day") == 1).select("date", "weekday")
    plain = tables["courses"].filter(~nw.col("provider").is_null()).filter(nw.col("provider") != "")
    outside = plain.select("school", "course", "weekday", "field", "provider")
    held = outside.join(days, on="weekday", how="inner")
    register = tables["providers"]
    codes = register.select("provider", "qualified_from", "qualified_to")
    names = register.select(nw.col("name").alias("provider"), "qualified_from", "qualified_to")
    known = held.join(nw.concat([codes, names]), on="provider", how="left")
    begun = ~(nw.col("qualified_from") > nw.col("date")) & ~nw.col("qualified_from").is_null()
    lasting = nw.col("qualified_to").is_null() | ~(nw.col("qualified_to") < nw.col("date"))
    good = nw.when(begun & lasting).then(1).otherwise(0).cast(nw.Int64).alias("qualified")
    once = known.select("school", "course", "weekday", "field", "provider", "date", good)
    once = once.group_by("school", "course", "weekday", "field", "provider", "date").agg(nw.col("qualified").max())
    return once.group_by(*keys).agg(nw.len().alias("held"), nw.col("qualified").sum())


def pupils_without_menu(study: Study, judge: Judge, names: Collection[str]) -> Lacking:
    """Return the pupils of schools without a menu, and the refused rows of the others.

    The pupils of a class of unknown size are among them, of whichever school.
    """
    silent = [each.school for each in study.reporting("courses").missing]
    classes, rows = study.source.classes, study.source.refused("courses").rows
    own = classes[classes["school"].isin(silent)].rename(columns={"pupils": "number"}).assign(date=None)
    unsized = study.source.unsized
    own = pd.concat([own, unsized.assign(number=unsized["rows"] * LARGEST)]) if len(unsized) else own
    return Lacking(own, rows.iloc[:0], rows.assign(number=rows["rows"]))


def courses_ends(study: Study, figure: Figure, told: Where, unknown: int) -> tuple[float, float] | None:
    """Return the least and the greatest number of courses a pupil.

    The courses of a class of unknown size stand in the menu already: the class has from none to `LARGEST` pupils more. A
    course that was put aside has at most all pupils of its school. No rule says how many courses a pupil may choose: of a
    school of whose menu nothing was handed in nothing bounds what it would add, and the bounds do not hold it.
    """
    silent = pd.DataFrame({"school": [each.school for each in study.reporting("courses").missing]})
    own = {"school": told["school"]} if "school" in told else {}
    aside, unsized, classes, silent = (
        rows[compatible(rows, own, study.days)]
        for rows in (study.source.refused("courses").rows, study.source.unsized, study.source.classes, silent)
    )
    if not figure.denominator:
        return None
    if not (
        len(aside) or len(unsized)
    ):  # only schools that handed nothing in are unknown: none of them is in the bounds
        value = (figure.numerator or 0.0) / figure.denominator
        return (value, value) if unknown else None
    silent = silent[silent["school"].isin(aside["school"])]
    more = LARGEST * int(unsized["rows"].sum())
    pupils = classes.groupby("school")["pupils"].sum().to_dict()
    most = max(pupils.values(), default=0)
    added = sum((pupils.get(school, 0) if isinstance(school, str) else most) * rows + more * rows for school, rows in aside[["school", "rows"]].itertuples(index=False, name=None))  # fmt: skip
    top, bottom = figure.numerator or 0.0, figure.denominator
    return top / (bottom + more + sum(pupils.get(school, 0) for school in silent["school"])), (top + added) / bottom


def fields_of_silent(study: Study, judge: Judge, names: Collection[str]) -> Lacking:
    """Return the fields of the schools without a menu, and the refused rows of the others."""
    return of_silent(study, "courses", 1 if "field" in names else len(ORDERS["field"]))


def course_days(study: Study, judge: Judge, names: Collection[str]) -> Lacking:
    """Return the days on which refused courses may have been held; a refused provider may be that of any course-day."""
    courses, providers = (study.source.refused(table).rows for table in ("courses", "providers"))
    days = len(study.source.days)
    units = courses.assign(number=courses["rows"] * days)
    return Lacking(units, units.iloc[:0], providers.assign(number=providers["rows"] * 1_000_000))


@indicator(
    "service.courses_per_pupil",
    chosen,
    keeps=("field",),
    unknown=Unknown(pupils_without_menu, open=True, silent=False, ends=courses_ends),
)
def courses_per_pupil(counted: pd.DataFrame, judge: Judge) -> pd.DataFrame:
    """Courses chosen over pupils of the schools with a menu."""
    whole = counted["school"].map(counted.groupby("school")["chosen"].sum())
    numerator = counted["chosen"].where(counted["field"] != "", whole)
    return counted.assign(numerator=numerator, denominator=counted["pupils"])


@indicator("service.fields", offered, unknown=Unknown(fields_of_silent))
def fields(counted: pd.DataFrame, judge: Judge) -> pd.DataFrame:
    """Fields of 五育 with at least one course over five fields a school."""
    every = counted[["school"]].drop_duplicates().merge(pd.DataFrame({"field": ORDERS["field"]}), how="cross")
    has = counted[["school", "field"]].drop_duplicates().assign(numerator=1)
    return every.merge(has, on=["school", "field"], how="left").fillna({"numerator": 0}).assign(denominator=1)


@indicator("service.places_left", menu, form="sum", unknown=Unknown(rows_of("courses"), open=True))
def places_left(counted: pd.DataFrame, judge: Judge) -> pd.DataFrame:
    """Places not taken, of courses that are not over-full; the base is all places."""
    left = (counted["capacity"] - counted["enrolled"]).clip(lower=0)
    return counted.assign(numerator=left, denominator=counted["capacity"])


@indicator("service.model_minutes", models_of, unknown=MODELS)
def model_minutes(counted: pd.DataFrame, judge: Judge) -> pd.DataFrame:
    """Minutes of a model's segments together, on average over the models."""
    return counted.assign(numerator=counted["minutes"], denominator=1)


@indicator("service.model_reaches", models_of, unknown=MODELS)
def model_reaches(counted: pd.DataFrame, judge: Judge) -> pd.DataFrame:
    """Models whose segments together reach the rule's length, over models."""
    reaches = (counted["minutes"] >= judge.limit(counted)).astype("int64")
    return counted.assign(numerator=reaches, denominator=1)


@indicator("service.provider_qualified", provided, unknown=Unknown(course_days, silent=False))
def provider_qualified(counted: pd.DataFrame, judge: Judge) -> pd.DataFrame:
    """Days on which the provider of a course is qualified, over days on which an outside provider holds it."""
    return counted.assign(numerator=counted["qualified"], denominator=counted["held"])


def models(study: Study) -> pd.DataFrame:
    """Return the service models as people write them: ``school, model, segments`` (``30+60+30``), ``minutes``."""
    if not study.source.has("service_models"):
        return pd.DataFrame(columns=["school", "model", "segments", "minutes"])
    frame = study.rows("service_models").sort_values(["school", "model", "position"])
    frame = frame.assign(segments=frame["minutes"].astype("int64").astype(str))
    grouped = frame.groupby(["school", "model"], as_index=False)
    return grouped.agg(segments=("segments", "+".join), minutes=("minutes", "sum"))
