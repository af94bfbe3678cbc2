"""The simulated district itself: its schools, classes, pupils and school days, each drawn from its own random stream."""

from __future__ import annotations

import zlib
from dataclasses import dataclass
from datetime import date
from functools import cached_property

import numpy as np

from analysis.house import path
from analysis.house.paths import read_toml
from analysis.rules import Calendar, calendar
from analysis.simulation import truth
from analysis.simulation.truth import Profile
from analysis.text.numerals import written


@dataclass(frozen=True)
class Day:
    """A school day: its date, school week (1 = first) and the weekday (1 = Monday) whose timetable it follows.

    A make-up day of which the calendar does not say what it stands for follows Friday's.
    """

    date: date
    week: int
    weekday: int


@dataclass(frozen=True)
class School:
    """A school of the register with its simulated habits."""

    code: str
    name: str
    short_name: str
    aliases: tuple[str, ...]
    stage: str
    first_grade: int
    last_grade: int
    profile: Profile

    @property
    def grades(self) -> range:
        """Return the grades that it teaches."""
        return range(self.first_grade, self.last_grade + 1)

    @property
    def classes(self) -> list[tuple[int, str]]:
        """Return its classes as (grade, class)."""
        return [(grade, str(number + 1)) for grade in self.grades for number in range(self.profile.classes)]


@dataclass(frozen=True)
class District:
    """One simulated term of the district.

    Parameters
    ----------
    seed
        Seed of every random stream; equal seeds give equal files.
    term
        Term id of `data/reference/terms.toml`.
    size
        Number of schools; the first eight are those of the register, further ones are drawn.
    """

    seed: int
    term: str
    size: int

    def stream(self, *names: object) -> np.random.Generator:
        """Return the random stream of a name: what one table draws never shifts another."""
        return np.random.default_rng([self.seed, zlib.crc32("/".join(map(str, (self.term, *names))).encode())])

    @cached_property
    def calendar(self) -> Calendar:
        """Return the calendar of the term, as the bureau has announced it."""
        return calendar(self.term, truth.DISTRICT)

    @property
    def label(self) -> str:
        """Return the term's Chinese name."""
        return self.calendar.label

    @property
    def shipped(self) -> bool:
        """Whether this is the shipped example, in which faults are planted."""
        return self.term == truth.TERM and self.size >= len(truth.PROFILES)

    @cached_property
    def days(self) -> list[Day]:
        """Return the school days of the term in order."""
        days = self.calendar.school_days()
        return [
            Day(stamp.date(), int(week), min(int(weekday), 5))
            for stamp, week, weekday in zip(days["date"], days["week"], days["weekday"], strict=True)
        ]

    @cached_property
    def schools(self) -> list[School]:
        """Return all schools in order of their code."""
        register = read_toml(path("data", "reference", "schools.toml"))["school"]
        known = [
            School(
                code=entry["school"],
                name=entry["name"],
                short_name=entry["short_name"],
                aliases=tuple(entry["aliases"]),
                stage=entry["stage"],
                first_grade=entry["first_grade"],
                last_grade=entry["last_grade"],
                profile=truth.PROFILES[entry["school"]],
            )
            for entry in register
            if entry["school"] in truth.PROFILES
        ]
        return (known + [self._drawn(number) for number in range(len(known) + 1, self.size + 1)])[: self.size]

    @property
    def reporting(self) -> list[School]:
        """Return the schools that hand in anything at all."""
        return [school for school in self.schools if school.profile.reports]

    def effect(self, kind: str, *names: object) -> float:
        """Return a fixed standard normal effect of a school or class, the same whatever is drawn around it."""
        return float(
            np.random.default_rng([self.seed, zlib.crc32("/".join(map(str, (kind, *names))).encode())]).normal()
        )

    def pupils(self, school: School, grade: int, name: str) -> int:
        """Return how many pupils a class has."""
        return max(8, round(school.profile.pupils + 1.6 * self.effect("size", school.code, grade, name)))

    def _drawn(self, number: int) -> School:
        random = np.random.default_rng([self.seed, number])
        stage = str(random.choice(["primary", "junior", "nine_year"], p=[0.6, 0.28, 0.12]))
        first, last = {"primary": (1, 6), "junior": (7, 9), "nine_year": (1, 9)}[stage]
        kind = {"primary": "小学", "junior": "初级中学", "nine_year": "学校"}[stage]
        profile = Profile(
            classes=int(random.integers(1, 4)),
            pupils=int(random.integers(18, 40)),
            load=float(random.normal()),
            joins=float(random.normal(0, 0.03)),
            satisfied=float(random.normal()),
            response=float(random.normal(0, 0.08)),
            teachers=int(random.integers(18, 60)),
            ledger=str(random.choice(["one line", "two lines", "csv"])),
            dates=str(random.choice(["chinese", "dotted", "compact", "serial"])),
            reports=bool(random.random() > 0.05),
        )
        short = f"模拟{number:02d}{kind}"
        return School(f"{2199000000 + number}", f"澄湖区{short}", short, (), stage, first, last, profile)


def band(grade: int) -> str:
    """Return the stage whose constants a grade follows."""
    return "primary" if grade <= 6 else "junior"


def grade_name(grade: int) -> str:
    """Return 一年级 … 九年级."""
    return f"{written(grade)}年级"
