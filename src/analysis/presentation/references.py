"""What stands behind the braces of a sentence: Statistics and their parts, rules, verdicts, declared literals."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Protocol, runtime_checkable

from analysis.disclosure import UNNAMED, of_institutions, threshold
from analysis.house.text import interval, number
from analysis.indicators import provenance
from analysis.indicators.catalogue import describe
from analysis.indicators.extremes import SIDES, Side, extreme
from analysis.indicators.registered import adds_amounts
from analysis.indicators.statistic import Statistic, Statistics, measure_word
from analysis.presentation.content import LITERALS, Refs, Run, figure_run, joined, literal_run, words
from analysis.presentation.edition import Edition
from analysis.presentation.silent import in_bounds, left_out
from analysis.rules import Rule
from analysis.statistics.estimate import Estimate

UNKNOWN = "没有数据"
"""Said of a figure without a value."""
TOO_LITTLE = "数据不足"
"""Said where a figure has a value, but not the part that is asked for."""
UNDECIDED = "各组的高低分不出来，不作说明"
SUPPRESSED = "（为保护个人信息不显示）"


MOST_NAMED = 5
"""Groups that a sentence names one by one; of more it names those with most cases."""


class Unknown(Exception):  # noqa: N818 - not an error: it steers which wording is chosen
    """A part of a sentence that has no value to print; `reason` says why where it is not that there are no data."""

    def __init__(self, statistic: Statistic | None, reason: str = "") -> None:
        super().__init__()
        self.statistic = statistic
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Literal:
    """Words whose digits are declared to be no statistic: a date, a document, a rule, a name; `link` leads to a table."""

    text: str
    kind: str
    link: str = ""


@runtime_checkable
class Spoken(Protocol):
    """Anything that can say itself in a sentence (a verdict, a comparison)."""

    def runs(self, edition: Edition) -> list[Run]:
        """Return its words for the readers of an edition."""
        ...


def literal(text: object, kind: str = "name", *, link: str = "") -> Literal:
    """Declare digits that are no statistic: for the program's own words and those of its registers.

    Notebooks have no use for it: they refer to figures, rules and days as they are. The gate asks of each declared
    number where it stands (`analysis.publishing.gate_literals`).

    Parameters
    ----------
    text
        The words; a `datetime.date` is written 2026年7月20日.
    kind
        ``date``, ``document``, ``rule`` or ``name``.
    link
        Name of a table or figure of the same document that the words lead to (``""``: nowhere).

    Raises
    ------
    ValueError
        If the kind is none of these.
    """
    if kind not in LITERALS:
        raise ValueError(f"a literal is one of {LITERALS}, not {kind!r}")
    return Literal(day_words(text) if isinstance(text, date) else str(text), kind, link)


def day_words(day: date) -> str:
    """Write a day as a page does: 2026年7月20日."""
    return f"{day.year}年{day.month}月{day.day}日"


CLAIMS = ("要求的项数", "达到的项数")
"""What claims are counted by; of one figure several things may be claimed."""
COUNTED = (
    *("有数据的组数", "并列的学校数", "与全区的差别超出偶然的学校数", "有例外的学校数", "合计占例外半数以上的学校数"),
    *CLAIMS,
)
"""What figures are counted by."""


def counted(items: Sequence[Statistic], like: Statistic, label: str, unit: str = "所", school: str = "") -> Statistic:
    """Return how many figures a list holds, as a Statistic over the groups that were compared; it names what it counts.

    Parameters
    ----------
    items
        The figures that are counted, each computed by a study, as the document's readers may see them.
    like
        A figure of the comparison: gives scope, snapshot and slice.
    label
        What is counted, one of `COUNTED`.
    unit
        Measure word.
    school
        The school whose page counts them; never that of one of the figures.
    """
    for item in items:
        provenance.need(item)
    made = count_of(tuple(map(provenance.address, items)), like, label, unit, school)
    provenance.keep([made])
    return made


def count_of(members: Sequence[str], like: Statistic, label: str, unit: str, school: str = "") -> Statistic:
    """Return how many figures there are at some addresses (`provenance.address`); see `counted`."""
    if label not in COUNTED:
        raise ValueError(f"figures are counted by one of {COUNTED}, not {label!r}")
    members = tuple(members)
    return Statistic(
        indicator=f"{like.indicator}.groups",
        label=label,
        definition=f"{like.label}：{label}",
        estimate=Estimate(float(len(members)), n=len(members), method="count"),
        scope=replace(like.scope, school=school, group=(("counted", label), ("members", members))),
        unit=unit,
        decimals=0,
        base_unit=unit,
        snapshot=like.snapshot,
        slice=like.slice,
    )


def summed_base(items: Sequence[Statistic], school: str) -> Statistic:
    """Return on how much the groups that are shown rest together, sealed; see `base_of`."""
    for item in items:
        provenance.need(item)
    made = base_of(items, school)
    provenance.keep([made])
    return made


def base_of(items: Sequence[Statistic], school: str) -> Statistic:
    """Return the sum of the bases of some figures, as a Statistic that names them; `school`: whose page it stands on."""
    first, total = items[0], sum(item.base or 0 for item in items)
    names = [item.group_label for item in items]
    about = "、".join(names) if len(names) <= MOST_NAMED else f"{names[0]}至{names[-1]}"
    return Statistic(
        indicator=f"{first.indicator}.base",
        label=f"{about}的基数合计",
        definition=f"{first.label}：{about}的基数合计",
        estimate=Estimate(float(total), n=total, method="count"),
        scope=replace(first.scope, school=school, group=(("members", tuple(map(provenance.address, items))),)),
        unit=first.base_unit,
        decimals=0,
        base=total,
        base_unit=first.base_unit,
        snapshot=first.snapshot,
        slice=first.slice,
    )


def resolved(name: str, refs: Refs, edition: Edition) -> list[Run]:
    """Return the runs of one reference, such as ``share.interval`` or ``grades.highest.group``.

    Raises
    ------
    Unknown
        If it has no value to print.
    KeyError, AttributeError
        If the reference or its part does not exist: a slip of the notebook's author.
    """
    head, *rest = re.split("[.:]", name)
    return _part(refs[head], rest, edition)


def _part(value: object, rest: list[str], edition: Edition) -> list[Run]:
    if value is None:
        raise Unknown(None)
    if isinstance(value, Statistics):
        return _of_groups(value, rest, edition)
    if isinstance(value, Statistic):
        return statistic_part(edition.shown([value])[0], rest[0] if rest else _main(value, edition), edition)
    if isinstance(value, date):
        return [literal_run(day_words(value), "date")]
    if isinstance(value, Literal):
        return [literal_run(value.text, value.kind, value.link)]
    if isinstance(value, Rule):
        return _of_rule(value, rest[0] if rest else "value")
    if isinstance(value, Spoken):
        return value.runs(edition) if not rest else getattr(value, rest[0])(edition)
    raise TypeError(f"a sentence cannot refer to {type(value).__name__}; use a Statistic, a rule or a date")


def _of_groups(value: Statistics, rest: list[str], edition: Edition) -> list[Run]:
    which, *more = rest or ["each"]
    items = Statistics(tuple(edition.shown(value)), value.by)
    side = SIDES.get(which)
    if side is not None:
        return _of_extreme(value, items, side, more[0] if more else "value", edition)
    if which == "count":
        known = items.known()
        if not items:
            raise Unknown(None)
        return statistic_part(counted(known, items[0], "有数据的组数", _measure(value.by)), "value", edition)
    if which == "exceptions":
        return _told_exceptions(items, edition)
    if which == "each":
        parts = [
            [figure_run(i.group_label, i, "group"), *statistic_part(i, _main(i, edition), edition)]
            for i in items.known()
        ]
        if not parts:
            raise Unknown(items[0] if items else None)
        return joined(parts)
    raise AttributeError(f"groups have no part {which!r}: use highest, lowest, exceptions, count or each")


def _main(item: Statistic, edition: Edition) -> str:
    """Return the part that stands for a figure: a count among the first findings has its bounds beside it."""
    return "full" if edition.opening and item.nature == "count" else "value"


def _cases(item: Statistic, edition: Edition) -> list[Run]:
    text = _exceptions(item, edition) or ""
    return [figure_run(text.replace(item.base_unit, measure_word(item.base_unit)), item, "exceptions")]


def _told_exceptions(items: Statistics, edition: Edition) -> list[Run]:
    """Return the groups that have cases on the wrong side, those with most first: 湖滨小学（12件）、青岭小学（3件）."""

    def cases(item: Statistic) -> float:
        fewer = describe(item.indicator).direction == "lower"
        return (item.numerator if fewer else _rest(item)) or 0.0

    found = sorted((item for item in items.known() if cases(item)), key=lambda item: -cases(item))
    if not found or (edition.public and any(item.group_label == UNNAMED for item in found)):
        raise Unknown(items[0] if items else None)
    said = [
        [figure_run(item.group_label, item, "group"), words("（"), *_cases(item, edition), words("）")]
        for item in found[:MOST_NAMED]
    ]
    return [*joined(said), *([words("等")] if len(found) > MOST_NAMED else [])]


def _of_extreme(value: Statistics, items: Statistics, side: Side, part: str, edition: Edition) -> list[Run]:
    """Return a part of the figure that is separated from all others, or of several that are tied (their names, joined).

    What the data tell is asked of the figures as measured, what is said of them is as the readers may see it.

    Raises
    ------
    Unknown
        If the data do not tell which it is: a clause in brackets is then left out.
    """
    apart = {item.text for item in extreme(value, side)}
    found = [item for item in items.known() if item.text in apart]
    if not found:
        raise Unknown(next(iter(items.known()), None), UNDECIDED if len(items.known()) > 1 else "")
    if part == "group":
        if len(found) > 1 and found[0].group_label == UNNAMED:
            return [*statistic_part(counted(found, found[0], "并列的学校数"), "value", edition), words("学校")]
        return joined([[figure_run(item.group_label, item, "group")] for item in found])
    return statistic_part(found[0], "value" if len(found) > 1 and part == "full" else part, edition)


def _measure(by: tuple[str, ...]) -> str:
    return {"school": "所", "grade": "个年级", "week": "周", "subject": "个学科", "item": "项"}.get("".join(by), "组")


def statistic_part(item: Statistic, part: str, edition: Edition) -> list[Run]:
    """Return the runs of one part of a Statistic (already protected for the edition).

    Parts: ``value``, ``range`` (what else the value may be: （95%区间89.9%–92.6%） of what is inferred,
    （计入缺报与待更正，在81.2%–88.6%之间） of a count behind which something is missing, else empty), ``full`` (value and
    range), ``interval`` (89.9%–92.6%), ``level``, ``lower``, ``upper`` (of what is inferred only), ``bounds``, ``unknown``
    (316个班级日; of counts only), ``exceptions`` (676个班级日: the cases on the wrong side), ``base``, ``numerator``,
    ``denominator``, ``rest`` (denominator − numerator), ``schools``, ``classes``, ``days``, ``missing``, ``label``,
    ``definition``, ``group``.

    Raises
    ------
    Unknown
        If the part has no value.
    AttributeError
        If there is no such part.
    """
    if part not in _PARTS:
        raise AttributeError(f"a Statistic has no part {part!r}: use {', '.join(_PARTS)}")
    text = _PARTS[part](item, edition)
    if text is None:
        raise Unknown(item)
    if part == "full":
        return [figure_run(item.text, item), *statistic_part(item, "range", edition)]
    return [figure_run(text, item, part)] if text else []


def _count(item: Statistic, number_of: float | None, edition: Edition) -> str | None:
    if number_of is None and item.denominator is not None and item.known and edition.public:
        return "少量"  # a count of a few people: the figure that the public may see does not hold it
    if number_of is None:
        return None
    if edition.public and 0 < number_of < threshold() and not of_institutions(item):
        edition.hidden["small cell"] = edition.hidden.get("small cell", 0) + 1
        return "少量"
    return number(number_of)


def _rest(item: Statistic) -> float | None:
    whole, part = item.denominator, item.numerator
    return None if whole is None or part is None else whole - part


def _exceptions(item: Statistic, edition: Edition) -> str | None:
    """Write the cases on the wrong side with their unit: those of the numerator where less is better."""
    fewer = describe(item.indicator).direction == "lower"
    count = _count(item, item.numerator if fewer else _rest(item), edition)
    return None if count is None else f"{count}{item.base_unit}" if count[-1].isdigit() else count


def _unknown(item: Statistic, edition: Edition) -> str | None:
    count = _count(item, item.unknown, edition) if item.unknown else None
    if count is not None and adds_amounts(item.indicator):
        return f"{count}行登记" if count[-1].isdigit() else count
    return None if count is None else f"{count}{item.base_unit}" if count[-1].isdigit() else count


def _awaiting(item: Statistic, edition: Edition) -> str:
    """Say what answers that cannot be read may do to a figure: 有68份答卷待更正，若都不满意为95.1%，都满意为100.0%."""
    count = _count(item, item.unknown or 0, edition) if item.nature == "survey" else None
    if count is None or item.bounds is None:
        return ""
    low, high = (item.format(end) for end in item.bounds)
    many = f"有{count}份答卷" if count[-1].isdigit() else f"有{count}答卷"
    many = many if item.unknown else "台账有登记"  # what answers are compared with
    said = (
        f"若都不满意为{low}，都满意为{high}"
        if item.indicator.startswith("satisfaction.top2")
        else f"计入后在{interval(low, high)}之间"
    )
    return f"{many}待更正，{said}"


def _range(item: Statistic, edition: Edition) -> str | None:
    """Write what else a value may be, and what is unknown behind what is inferred."""
    told, awaiting = _span(item, edition), _awaiting(item, edition)
    if told is None or not awaiting:
        return told
    return f"{told.removesuffix('）')}；{awaiting}）" if told else f"（{awaiting}）"


def _span(item: Statistic, edition: Edition) -> str | None:
    if item.nature == "count":
        if item.bounds is None or not item.known or item.bounds_text == item.compact_text:
            return ""
        told = f"为{item.bounds_text}" if "–" not in item.bounds_text else f"在{item.bounds_text}之间"
        if "中" in item.bounds_text:  # counts of a few things, 14批次中10–11批次
            told = f"为{item.bounds_text.replace('中', '中的', 1).replace('–', '至')}"
        without = left_out(item, edition.study)
        silent = "缺报与" if in_bounds(item) else ""
        return f"（计入{silent}待更正{'、' + without if without else ''}，{told}）"
    if item.estimate.status == "too few":
        return "（答卷过少，不给区间）"
    if item.estimate.lower is None or item.estimate.upper is None:
        return ""
    return f"（{_level(item)}区间{interval_words(item)}）"


def inferred(item: Statistic) -> bool:
    """Tell whether a figure has an interval that belongs beside it: a count has none, whatever its process varies."""
    return item.nature != "count" and item.estimate.lower is not None and item.estimate.upper is not None


def interval_words(item: Statistic) -> str:
    """Write an interval with its unit once, 40–44分钟; percent signs stand at both limits."""
    low, _, high = item.interval_text.partition("–")
    return item.interval_text if item.unit == "%" or not item.unit else f"{low.removesuffix(item.unit)}–{high}"


def _level(item: Statistic) -> str:
    return f"{number(item.estimate.level * 100)}%"


def _missing(item: Statistic, _edition: Edition) -> str:
    if not item.missing:
        return "无"
    if set(item.missing) == {UNNAMED}:
        return f"{number(len(item.missing))}所学校"
    return "、".join(item.missing)


_PARTS: dict[str, Callable[[Statistic, Edition], str | None]] = {
    "value": lambda item, _: item.text if item.known else None,
    "full": lambda item, _: item.text if item.known else None,
    "interval": lambda item, _: interval_words(item) if inferred(item) else None,
    "range": _range,
    "level": lambda item, _: _level(item) if inferred(item) else None,
    "lower": lambda item, _: item.interval_text.partition("–")[0] if inferred(item) else None,
    "upper": lambda item, _: item.interval_text.partition("–")[2] if inferred(item) else None,
    "bounds": lambda item, _: None if item.bounds is None else item.bounds_text,
    "unknown": _unknown,
    "exceptions": _exceptions,
    "base": lambda item, _: item.base_text if item.base else None,
    "numerator": lambda item, edition: _count(item, item.numerator, edition),
    "denominator": lambda item, edition: _count(item, item.denominator, edition),
    "rest": lambda item, edition: _count(item, _rest(item), edition),
    "schools": lambda item, _: None if item.schools is None else number(item.schools),
    "classes": lambda item, _: None if item.classes is None else number(item.classes),
    "days": lambda item, _: None if item.days is None else number(item.days),
    "missing": _missing,
    "label": lambda item, _: item.label,
    "definition": lambda item, _: item.definition,
    "group": lambda item, _: item.group_label or None,
}


def _of_rule(value: Rule, part: str) -> list[Run]:
    texts = {"value": rule_value(value), "label": value.label, "text": value.text, "document": value.document}
    return [literal_run(texts[part], "document" if part == "document" else "rule")]


def rule_value(value: Rule) -> str:
    """Write a rule's value with its unit: ``60分钟``, ``94%``, ``20:30``."""
    if value.unit == "时刻":
        hours, minutes = divmod(round(value.value), 60)
        return f"{hours}:{minutes:02d}"
    if value.unit == "%":
        return f"{number(value.value * 100 if abs(value.value) <= 1 else value.value)}%"
    whole = float(value.value).is_integer()
    return f"{number(value.value, 0 if whole else 1)}{value.unit}"


def unknown_words(statistic: Statistic | None, reason: str = "") -> list[Run]:
    """Return what a sentence says in place of a figure that has none, or of an extreme that the data do not tell."""
    if statistic is None:
        return [words(f"{TOO_LITTLE}，不作说明。")]
    about = [figure_run(statistic.label, statistic, "label")]
    if statistic.group_label and not reason:
        about += [words("（"), figure_run(statistic.group_label, statistic, "group"), words("）")]
    if statistic.estimate.status == "suppressed":
        return [*about, words(f"{SUPPRESSED}。")]
    lacks = TOO_LITTLE if statistic.known else UNKNOWN
    return [*about, words(f"：{reason or f'{lacks}，不作说明'}。")]
