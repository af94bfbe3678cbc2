"""Figures of a draft against a snapshot, wherever a sentence names an indicator (``shuangjian check --against``).

1. The indicator is the longest phrase of ``data/reference/phrases.toml`` or label of the catalogue in the sentence; its figure is
   the next number of its unit.
2. The scope is what the sentence names, of several the last: a school, a grade or band, a weekday, parents or pupils; else the district.
3. A plain figure must be what the measured value rounds to; a bound (94%以上) is held to the one-sided test; a claim that all are
   within the rule is held to the counts.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from decimal import Decimal
from functools import partial
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from analysis.house import UserError
from analysis.indicators.statistic import Group, Statistic
from analysis.intake.naming import last_spoken
from analysis.letters.drafts import Draft, Sentence
from analysis.letters.findings import Finding, holding, preceding
from analysis.letters.judgement import span, tested
from analysis.reference.phrases import phrases
from analysis.reference.vocabulary import Role
from analysis.statistics.consistency import decimals
from analysis.statistics.verdict import FAILS, PASSES, statement
from analysis.text.calendar import GRADES, MASK, grades_spoken, named_grade, weekdays
from analysis.text.quantities import Quantity, quantities, shown

if TYPE_CHECKING:
    from analysis.indicators.study import Study

KIND = ("figure", "与数据核对")

_BANDS = {
    "三至六年级": "middle",
    "小学中高年级": "middle",
    "小学高年级": "middle",
    "七至九年级": "junior",
    "初中": "junior",
    "一、二年级": "lower",
    "一二年级": "lower",
    "低年级": "lower",
}
_ROLES = {name: role for role, name in Role.labels().items()}
_TARGET = re.compile(r"目标|要求达到|规定|应达|力争|争取|不得|应当|须")
_NORM = re.compile(r"将|拟|计划|下一步|确保|要求|应当?|须|不得|规定(?!时[长间]|之内|以内|范围|的时)")
_REACH = 32
_SCALES = {"%": ("%", 100), "万元": ("元", 10_000)}  # a figure's unit: that of a sentence, and how many of it one is


def against(draft: Draft, *, snapshot: str, district: str, term: str = "") -> Iterator[Finding]:
    """Yield how each figure of a named indicator stands against the data.

    Parameters
    ----------
    draft
        The draft.
    snapshot
        Id of the snapshot or ``latest``.
    district, term
        What is measured; an empty term is the latest of which the snapshot has data.

    Raises
    ------
    UserError
        If the snapshot, the district or the term is unknown.
    """
    from analysis.indicators.study import Study

    study = Study(snapshot, district=district, term=term or _latest_term(snapshot))
    words = _phrases()
    claims = phrases()
    for sentence in draft.prose:
        if re.search(r"^(?:您|代表)[^。]{0,16}(?:提出|反映|问|指出|建议)|不支持|尚不足", sentence.text.strip()):
            continue
        for indicator, number in _named(sentence, words):
            yield from _held(study, sentence, indicator, number)
        for indicator, patterns in claims.all.items():
            yield from _claimed(study, sentence, indicator, patterns, breaches=False)
        for indicator, patterns in claims.none.items():
            yield from _claimed(study, sentence, indicator, patterns, breaches=True)


def _latest_term(snapshot: str) -> str:
    from analysis.rules import term_ids
    from analysis.snapshots import Store

    opened = Store().open(snapshot)
    for table in ("enrolment", "homework", "attendance"):
        if table in opened.tables:
            known = set(opened.frame(table, columns=["term"])["term"])
            found: str = max(known, key=lambda term: (term in term_ids(), term))
            return found
    raise UserError(f"快照“{opened.id}”中没有可据以判断学期的表；请用 --term 指明学期。")


def _phrases() -> list[tuple[str, str]]:
    """Return (phrase, indicator), the longest phrase first."""
    from analysis.indicators.catalogue import entries

    pairs = [(entry.label, name) for name, entry in entries().items()]
    for name, words in phrases().indicators.items():
        pairs += [(phrase, name) for phrase in words]
    return sorted(set(pairs), key=lambda pair: (-len(pair[0]), pair))


def _named(sentence: Sentence, phrases: list[tuple[str, str]]) -> Iterator[tuple[str, Quantity]]:
    """Yield each indicator that the sentence names, with the number that follows its name."""
    text = sentence.text
    taken: list[tuple[int, int, str]] = []
    left = text
    for phrase, indicator in phrases:
        taken += [(*match.span(), indicator) for match in re.finditer(re.escape(phrase), left)]
        left = left.replace(phrase, MASK * len(phrase))
    numbers = list(quantities(text))
    for (_, end, indicator), (following, *_) in pairwise([*sorted(taken), (len(text), len(text), "")]):
        stop = min(end + _REACH, following)
        after = [
            number
            for number in numbers
            if end <= number.start < stop and number.unit in ("%", "分钟", "元", "天", "门", "分")
        ]
        if after and not _TARGET.search(text[end : after[0].start]):
            yield indicator, after[0]


def _scope(study: Study, text: str, indicator: str) -> Group:
    where: Group = {}
    # 3年级, 3～6年级 are read as 三年级, 三至六年级; 13年级 is no grade.
    text = grades_spoken(text)
    schools = study.schools[["school", "name", "short_name"]].itertuples(index=False)
    mentions = [
        (place, len(name), code)
        for code, *names in schools
        for name in names
        if (place := last_spoken(text, name)) is not None
    ]
    if mentions:
        *_, where["school"] = max(mentions)  # of several the last, as of grades
    named: list[tuple[int, str, Any]] = [
        (match.end(), "grade_band", value) for name, value in _BANDS.items() for match in re.finditer(name, text)
    ]
    groups = list(GRADES.finditer(text))
    single = ((match, named_grade(match[0])) for match in groups)
    named += [(match.end(), "grade", grade) for match, grade in single if grade]
    # 三至五年级 is no group of the data: nothing stands for it. All nine grades are the whole.
    others = (match for match in groups if len(match[0]) > 3 and match[0] not in (*_BANDS, "一至九年级"))
    named += [(match.end(), "", match[0]) for match in others]
    if named:
        _, dimension, value = max(named, key=lambda item: item[0])
        if not dimension:
            raise UserError(f"数据中没有“{value}”这一组")
        where[dimension] = value
    day = next((day for _, _, day in weekdays(text) if day <= 5), None)
    if day and indicator.startswith(("service.", "homework.")):
        where["weekday"] = day
    if indicator.startswith("satisfaction."):
        where["role"] = (
            max((text.rfind(name), role) for name, role in _ROLES.items())[1] if _role_in(text) else "parent"
        )
    return where


def _role_in(text: str) -> bool:
    return any(name in text for name in _ROLES)


def _measured(study: Study, sentence: Sentence, indicator: str, start: int) -> Statistic | str:
    """Return the figure in the scope that the words before the number name, or why there is none."""
    clause = re.split(r"[；。]", sentence.text[:start])[-1]
    try:
        where = _scope(study, clause, indicator)
        found = study.measure(indicator, **where)
    except UserError as slip:
        return slip.message
    if isinstance(found, Statistic) and found.known:
        return found
    return "该范围没有数据"


def _held(study: Study, sentence: Sentence, indicator: str, number: Quantity) -> Iterator[Finding]:
    line, words = sentence.line(number.start), sentence.quote(number.start, number.end)
    found = _measured(study, sentence, indicator, number.start)
    if isinstance(found, str):
        yield Finding(line, words, "figure", "warning", f"无法与数据核对：{found}")
        return
    unit, scale = _SCALES.get(found.unit, (found.unit, 1))
    if number.unit != unit:
        return
    about = f"（{found.group_label}）" if found.group_label else ""
    told = f"“{found.label}”{about}实测{found.text}（{span(found) if number.bound else found.interval_text}，{found.base_text}）"
    tell = partial(Finding, line, words, "figure")
    if number.bound:
        outcome = tested(found, float(number.value / scale))
        if outcome in PASSES:
            yield holding(line, words, "figure", f"{told}，{statement(outcome, number.text)}。")
        else:
            yield tell(
                "error" if outcome in FAILS else "warning",
                f"{told}，{statement(outcome, number.text)}；请据实改写。",
            )
        return
    if not number.exact:
        yield tell("note", f"{told}；文中是约数“{number.text}”，未逐位核对。")
        return
    step = Decimal(1).scaleb(-decimals(number.value)) * number.factor
    actual = Decimal(repr(float(found.value or 0.0))) * scale
    if abs(actual - number.value) <= step / 2:
        yield holding(line, words, "figure", f"{told}，与文中相符。")
    else:
        yield tell(
            "error",
            f"{told}，文中写{shown(number.value / number.factor)}{number.text[-1:] if number.unit == '%' else ''}；请核对范围、学期与数字。",
        )


def _claimed(
    study: Study, sentence: Sentence, indicator: str, patterns: Sequence[str], breaches: bool
) -> Iterator[Finding]:
    match = next(filter(None, (re.search(pattern, sentence.text) for pattern in patterns)), None)
    if match is None or _NORM.search(preceding(sentence.text, match.start(), 8) + match[0]):
        return
    found = _measured(study, sentence, indicator, match.end())
    line, words = sentence.line(match.start()), sentence.quote(match.start(), match.end())
    if isinstance(found, str) or found.numerator is None or found.denominator is None:
        return
    beyond = found.numerator if breaches else found.denominator - found.numerator
    unit = found.base_unit
    if beyond:
        yield Finding(
            line,
            words,
            "figure",
            "error",
            f"数据不支持：“{found.label}”应计{found.base_text}，其中{beyond:,.0f}{unit}不符合；请据实改写。",
        )
    elif found.missing or found.unknown:
        silent = f"{len(found.missing)}所学校未报" if found.missing else ""
        lacking = silent or f"{found.unknown:,}{unit}没有登记或待更正"
        told = f"已报的{found.base_text}都符合，但{lacking}，还不能说全部。"
        yield Finding(line, words, "figure", "warning", told)
    else:
        yield holding(line, words, "figure", f"{found.base_text}都符合，数据支持。")
