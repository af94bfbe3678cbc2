"""The words that reference data, documents and commands share, each with its Chinese name."""

from __future__ import annotations

from enum import StrEnum
from typing import Self


class Word(StrEnum):
    """A word of the reference data: equal to its text, with its Chinese name in `label`.

    >>> Stage("primary").label, Stage.PRIMARY == "primary"
    ('小学', True)
    """

    label: str

    def __new__(cls, value: str, label: str) -> Self:
        """Make a word from its text and its Chinese name."""
        word = str.__new__(cls, value)
        word._value_, word.label = value, label
        return word

    @classmethod
    def of(cls, text: str) -> Self:
        """Return the word that a text is.

        Raises
        ------
        ValueError
            If there is none: nothing is done by guess.
        """
        for word in cls:
            if word.value == text:
                return word
        raise ValueError(f"unknown {cls.__name__.lower()} {text!r}")

    @classmethod
    def labels(cls) -> dict[str, str]:
        """Return text → Chinese name of every word, in the order in which people list them."""
        return {word.value: word.label for word in cls}


class Audience(Word):
    """Who reads an edition; what a protected one may show is decided by `analysis.disclosure`."""

    INTERNAL = "internal", "内部版"
    PUBLIC = "public", "公开版"

    @property
    def protected(self) -> bool:
        """Whether it sees protected figures only: every audience but the bureau itself."""
        return self is not Audience.INTERNAL


class Format(Word):
    """A file format in which an edition is published."""

    HTML = "html", "网页"
    PDF = "pdf", "PDF"
    DOCX = "docx", "Word"


class ScopeKind(Word):
    """For what an edition is made, one document each."""

    DISTRICT = "district", "全区"
    SCHOOL = "school", "学校"
    STAGE = "stage", "学段"
    SUGGESTION = "suggestion", "代表建议"


class Stage(Word):
    """The stage of a school (of a grade: primary or junior)."""

    PRIMARY = "primary", "小学"
    JUNIOR = "junior", "初中"
    NINE_YEAR = "nine_year", "九年一贯制学校"


class GradeBand(Word):
    """The grades that one rule on homework holds for."""

    LOWER = "lower", "小学低年级"
    MIDDLE = "middle", "小学中高年级"
    JUNIOR = "junior", "初中"

    @property
    def grades(self) -> range:
        """The grades of the band (教基厅函〔2021〕13号 sets the daily limits for grades 1–2, 3–6 and 7–9)."""
        return {"lower": range(1, 3), "middle": range(3, 7), "junior": range(7, 10)}[self.value]


class Role(Word):
    """Who answers a questionnaire."""

    PARENT = "parent", "家长"
    STUDENT = "student", "学生"


class Direction(Word):
    """Which way an indicator is better."""

    HIGHER = "higher", "越高越好"
    LOWER = "lower", "越低越好"
    NONE = "none", "不论高低"


class Period(Word):
    """Which days an indicator speaks of, where the day looked at lies beyond the term's last."""

    TERM = "term", "学期内"
    TO_DATE = "to_date", "学期初至截止日"
    DATE = "date", "截止日当天"


class Keeper(Word):
    """Who keeps the register that an indicator counts: one of the bureau has no schools that did not report."""

    SCHOOL = "school", "学校"
    DISTRICT = "district", "区级部门"


class Uncertainty(Word):
    """Where the interval of an indicator comes from."""

    TIME = "time", "按周"
    CLASS = "class", "按班级聚类的答卷"
    MODEL = "model", "按模型"
    SURVEY = "survey", "按调查设计"
    NONE = "none", "不给区间"
