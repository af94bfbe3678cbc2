"""The survey as the study sees it: which wave, which questions, one row a respondent, and how it was sampled.

Strata are schools, first-stage units are classes. All classes were invited, so there is no finite population correction; who
did not answer is made up for by weights raked to the enrolment of every grade of every school. That is done within each
school, so that a school's figure is the same on its own page and among the others.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

from analysis.house import UserError, path
from analysis.house.arrays import Floats
from analysis.indicators.memo import once
from analysis.indicators.statistic import GroupKey
from analysis.intake import questionnaires
from analysis.reference.vocabulary import Role
from analysis.rules import grade_band, stage_of
from analysis.statistics.design import SurveyDesign
from analysis.statistics.likert import Scale
from analysis.text.calendar import named_grade

if TYPE_CHECKING:
    from analysis.indicators.study import Study

ROLES = tuple(Role.labels())
WHOLE = 0
"""Cell of the weights that is a whole school: some of its answers do not tell their grade."""
OVERALL = "overall"
COLUMNS = [
    "wave",
    "respondent",
    "item",
    "role",
    "school",
    "grade",
    "class",
    "submitted_on",
    "seconds",
    "state",
    "score",
]
BESIDE = ("wave", "respondent", "role", "school", "grade", "class", "seconds", "_class", "stage", "grade_band", "_cell")


@dataclass(frozen=True)
class Survey:
    """One wave of one role.

    Parameters
    ----------
    wave, role
        Id of the wave; ``parent`` or ``student``.
    items
        Id → short Chinese name of the items on the scale, in the questionnaire's order.
    scale
        The scale, with the declared choice of what counts as satisfied.
    answers
        One row a respondent: ``wave respondent role school grade class seconds _class stage grade_band _cell`` and one
        column an item (NaN: no answer); those who answered no item are not in it. Answers that do not tell their grade count for no grade;
        in their school they are one class, and its weights are those of the school (``_cell`` 0), not of its grades.
    invited
        ``school grade stage grade_band invited``: those who were to answer, by the enrolment.
    unread
        ``item school grade class``: answers on the scale that were given and cannot be read.
    """

    wave: str
    role: str
    items: dict[str, str]
    scale: Scale
    answers: pd.DataFrame
    invited: pd.DataFrame
    unread: pd.DataFrame = field(default_factory=lambda: pd.DataFrame(columns=["item", "school", "grade", "class"]))

    def design(self) -> SurveyDesign:
        """Return the answers as a design: schools as strata, classes as units, weighted to the enrolment."""
        return weighted(self.answers, ("school", "_cell"), enrolled_cells(self.answers, self.invited))

    def satisfied(self, item: str) -> Floats:
        """Return 1.0 for satisfied, 0.0 for not, NaN for no answer."""
        return self.scale.top(self.answers[item].reset_index(drop=True))


def weighted(answers: pd.DataFrame, columns: tuple[str, ...], cells: dict[GroupKey, float]) -> SurveyDesign:
    """Return a design whose weights are raked to the enrolment of the cells (without cells: equal weights).

    The variance takes these weights as given. The gain in precision that a calibration brings is not counted: with one or
    two classes a grade the regression residuals of the class totals would be all but zero, and the interval a sham.
    """
    plain = SurveyDesign(answers, strata="school", clusters="_class", single_psu="adjust")
    if not cells:
        return plain
    weights = plain.calibrate({columns: cells}, method="raking").weights
    return SurveyDesign(answers, strata="school", clusters="_class", weights=weights, single_psu="adjust")


def questionnaire(role: str) -> questionnaires.Questionnaire | None:
    """Return the description of the questionnaire of a role; None if that role is not asked."""
    folder = path("data", "reference", "questionnaires")
    for each in _described(
        folder, tuple(sorted((file.name, file.stat().st_mtime_ns) for file in folder.glob("*.toml")))
    ):
        if each.role == role:
            return each
    if role not in ROLES:
        raise UserError(f"填答人“{role}”不可用；可用：{'、'.join(ROLES)}。")
    return None


def confirmed(role: str) -> questionnaires.Questionnaire | None:
    """Return the questionnaire of a role, whose points a person has confirmed; None if that role is not asked.

    Raises
    ------
    UserError
        If nobody has: a direction that is only guessed can turn a result round.
    """
    found = questionnaire(role)
    if found is not None and found.unconfirmed:
        raise UserError(f"{found.unconfirmed}。")
    return found


@lru_cache(maxsize=4)
def _described(folder: Path, _stamps: tuple[object, ...]) -> tuple[questionnaires.Questionnaire, ...]:
    return questionnaires.read(folder)


def items(role: str) -> dict[str, str]:
    """Return id → short Chinese name of the items on the scale, in order."""
    described = confirmed(role)
    scored = [question for question in described.questions if question.role == "score"] if described else []
    return {
        item: short
        for question in scored
        for item, _, short in question.rows or ((question.item, "", question.wording),)
    }


def scale(role: str) -> Scale:
    """Return the scale of a questionnaire: its options from the lowest score to the highest, the top two as satisfied."""
    described = confirmed(role)
    question = next((each for each in described.questions if each.role == "score"), None) if described else None
    if question is None:
        return Scale()
    steps = sorted(zip(question.score, question.options, strict=True))
    count = len(steps)
    return Scale(tuple(label for _, label in steps), satisfied=(count - 1, count))


def waves(study: Study, role: str) -> list[str]:
    """Return the waves that had begun by the study's last day, earliest first."""
    described, end = questionnaire(role), study.source.answered_until
    if described is None:
        return []
    return [wave for wave, first, _ in sorted(described.waves, key=lambda each: each[1]) if first <= end]


def wave_of(study: Study, role: str) -> str:
    """Return the wave that a study speaks of: the last one begun within its days; ``""`` if there was none."""
    start, described = study.calendar.start, questionnaire(role)
    known = {wave: first for wave, first, _ in described.waves} if described else {}
    return next((wave for wave in reversed(waves(study, role)) if known[wave] >= start), "")


def wave_before(study: Study, role: str, wave: str) -> str:
    """Return the wave before a wave; ``""`` if it was the first."""
    known = waves(study, role)
    return known[known.index(wave) - 1] if wave in known and known.index(wave) else ""


def survey(study: Study, wave: str | None = None, role: str = "parent") -> Survey:
    """Return one wave of one role, as far as the study may see it (its school, its last day); kept by the study."""
    asked = wave_of(study, role) if wave is None else wave
    return once(study._kept, ("survey", asked, role), lambda: _survey(study, asked, role))


def design(study: Study, wave: str | None = None, role: str = "parent") -> SurveyDesign:
    """Return the survey of a wave (default: the study's) as a design with the items as columns."""
    asked = wave_of(study, role) if wave is None else wave
    return once(study._kept, ("survey design", asked, role), lambda: survey(study, asked, role).design())


def _survey(study: Study, wave: str, role: str) -> Survey:
    named = items(role)
    rows = (
        study.snapshot.frame("survey", COLUMNS, school=study.scope.school)
        if "survey" in study.snapshot.tables
        else None
    )
    invited = _invited(study, role)
    empty = Survey(wave, role, named, scale(role), pd.DataFrame(columns=[*BESIDE, *named]), invited)
    if rows is None or rows.empty:
        return empty
    known = set(study.schools["school"])
    kept = rows[(rows["wave"] == wave) & (rows["role"] == role) & rows["item"].isin(named) & rows["school"].isin(known)]
    if kept.empty:
        return empty
    kept = kept[pd.to_datetime(kept["submitted_on"]).dt.date <= study.source.answered_until]
    answered = kept["state"] == "ok"
    if answered.any() and kept.loc[answered, "score"].isna().all():
        raise UserError(
            f"“{wave}”一轮答卷读入时分值还没有确认，只存了选项；请重新读入这一轮的导出文件：shuangjian intake 文件 --onto latest。"
        )
    unread = kept.loc[answered & kept["score"].isna(), ["item", "school", "grade", "class"]].astype({"grade": "Int64"})
    kept = kept.assign(score=kept["score"].where(kept["state"] == "ok"))
    wide = kept.pivot(index="respondent", columns="item", values="score").reindex(columns=list(named))
    beside = kept.drop_duplicates("respondent").set_index("respondent")
    wide = beside[["wave", "role", "school", "grade", "class", "seconds"]].join(wide.astype(float))
    wide = wide[wide[list(named)].notna().any(axis=1)]
    wide = wide.sort_values(["school", "grade", "class", "respondent"]).reset_index()
    parts = wide[["school", "grade", "class"]].astype(object).where(lambda part: part.notna(), "")
    wide["_class"] = [f"{school}/{grade}/{room}" for school, grade, room in parts.itertuples(index=False, name=None)]
    untold = wide["grade"].isna()
    wide["grade"] = wide["grade"].astype("Int64" if untold.any() else "int64")
    wide["stage"] = wide["grade"].map(stage_of, na_action="ignore")
    wide["grade_band"] = wide["grade"].map(grade_band, na_action="ignore")
    wide["_cell"] = wide["grade"].mask(wide["school"].isin(set(wide.loc[untold, "school"])), WHOLE).astype("int64")
    return Survey(wave, role, named, scale(role), wide, invited, unread.reset_index(drop=True))


def _invited(study: Study, role: str) -> pd.DataFrame:
    """Return how many were to answer by school and grade: the enrolment of the grades that the questionnaire offers."""
    empty = pd.DataFrame({name: [] for name in ("school", "grade", "stage", "grade_band", "invited")})
    if "enrolment" not in study.snapshot.tables:
        return empty
    table = study.snapshot.frame("enrolment", ["term", "school", "grade", "pupils"], school=study.scope.school)
    table = table[(table["term"] == study.scope.term) & table["school"].isin(set(study.schools["school"]))]
    if table.empty:
        return empty
    table = table[table["grade"].isin(grades(role))]
    counts = table.groupby(["school", "grade"])["pupils"].sum().reset_index(name="invited")
    return counts.assign(stage=counts["grade"].map(stage_of), grade_band=counts["grade"].map(grade_band))


def grades(role: str) -> list[int]:
    """Return the grades that a questionnaire asks: those that it offers, all if it does not ask for the grade."""
    described = questionnaire(role)
    if described is None:
        return []
    question = next((each for each in described.questions if each.role == "grade"), None)
    if question is None:
        return list(range(1, 10))
    return [grade for option in question.options if (grade := named_grade(option)) is not None]


def enrolled_cells(answers: pd.DataFrame, invited: pd.DataFrame) -> dict[GroupKey, float]:
    """Return (school, grade or `WHOLE`) → enrolment for the calibration; a grade without answers is lent to its nearest neighbour.

    Empty where some school has answers but no enrolment is known: then answers keep equal weights.
    """
    if answers.empty or invited.empty:
        return {}
    present = set(zip(answers["school"].tolist(), answers["_cell"].tolist(), strict=True))
    totals = dict.fromkeys(sorted(present), 0.0)
    for school, grade, count in invited[["school", "grade", "invited"]].to_numpy().tolist():
        own = [other for place, other in present if place == school]
        if own:
            totals[(school, _nearest(int(grade), own))] += float(count)
    return dict(totals) if all(total > 0 for total in totals.values()) else {}


def _nearest(grade: int, there: Sequence[int]) -> int:
    return min(there, key=lambda other: (abs(other - grade), other))
