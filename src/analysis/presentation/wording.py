"""What a chart says in words: its title (the finding), its subtitle (what is drawn, on which base), its alt text."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from analysis.disclosure import UNNAMED
from analysis.indicators.statistic import Statistic, Statistics
from analysis.presentation.content import Run, figure_run, literal_run, plain, words
from analysis.presentation.digits import typed_numbers
from analysis.presentation.edition import Edition
from analysis.presentation.references import Literal, rule_value
from analysis.rules import Rule

MOST_NAMED = 14
"""Groups that an alt text names one by one; of more it names the extremes."""


def between_schools(items: Sequence[Statistic]) -> bool:
    """Tell whether figures compare schools with each other (named or, in public, not)."""
    return len({item.scope.school for item in items}) > 1 or any(item.group_label == UNNAMED for item in items)


def own(items: Sequence[Statistic], edition: Edition) -> Statistic | None:
    """Return the figure of the school that the edition speaks of, if schools are compared and it is among them."""
    if not between_schools(items):
        return None
    return next((i for i in items if edition.school and i.scope.school == edition.school and i.known), None)


def standing(mine: Statistic, whole: Statistic) -> list[Run]:
    """Say how a school stands to the whole, as far as its interval allows: above, below, or no difference shown."""
    low, high, value = mine.estimate.lower, mine.estimate.upper, whole.value
    figure = [words(f"{whole_name(whole)}（"), figure_run(whole.text, whole), words("）")]
    if low is None or high is None or value is None:
        return [words("样本过少，不与"), *figure, words("比较")]
    if low > value:
        return [words("高于"), *figure]
    if high < value:
        return [words("低于"), *figure]
    return [words("与"), *figure, words("的差别尚不能分清")]


def whole_name(whole: Statistic) -> str:
    """Return what the whole is called that a figure is compared with: 全区, 全区同年级, or 本校 on a school's page."""
    return "本校" if whole.scope.school else whole.group_label or "全区"


def finding(items: Sequence[Statistic], edition: Edition, reference: Statistic | None = None) -> list[Run]:
    """Return the title that a comparison of groups gets by itself.

    A school's page says where the school stands; a public comparison of schools gives the range; all others name the
    group with the lowest and the one with the highest value.
    """
    groups = Statistics(tuple(items))
    low, high = groups.lowest(), groups.highest()
    if low is None or high is None:
        return [words("数据不足")]
    label = low.label
    mine = own(items, edition)
    if mine is not None and reference is not None and reference.known:
        return [
            words("本校"),
            figure_run(label, mine, "label"),
            figure_run(mine.text, mine),
            words("，"),
            *standing(mine, reference),
        ]
    if low is high or low.text == high.text:
        return [figure_run(label, low, "label"), words("均为" if low is not high else "为"), figure_run(low.text, low)]
    if between_schools(items) and (edition.public or edition.school):
        return [
            words("各校"),
            figure_run(label, low, "label"),
            words("在"),
            figure_run(low.text, low),
            words("与"),
            figure_run(high.text, high),
            words("之间"),
        ]
    return [
        figure_run(label, low, "label"),
        words("："),
        figure_run(high.group_label, high, "group"),
        words("最高（"),
        figure_run(high.text, high),
        words("），"),
        figure_run(low.group_label, low, "group"),
        words("最低（"),
        figure_run(low.text, low),
        words("）"),
    ]


def drawn(items: Sequence[Statistic], what: str, whole: Statistic | None = None) -> list[Run]:
    """Return the subtitle: what is drawn, and the base."""
    known = [item for item in items if item.known]
    if not known:
        return [words(what)]
    runs = [figure_run(known[0].label, known[0], "label"), words(f"，{what}")]
    if whole is not None and whole.base:
        runs += [words("；基数"), figure_run(whole.base_text, whole, "base")]
    return runs


def rule_words(rule: Rule) -> str:
    """Return what is written at a rule's line: 规定60分钟."""
    return f"{'目标' if rule.id.endswith('target') else '规定'}{rule_value(rule)}"


def alt_text(
    title: Sequence[Run], kind: str, items: Sequence[Statistic], rule: Rule | None = None, extra: str = ""
) -> tuple[str, list[Literal]]:
    """Return the alt text of a chart, made from its data, and the literals in it.

    It begins with the finding, names the kind of chart, then each group with value and interval; of many groups the
    three highest and the three lowest.
    """
    unnamed = [item for item in items if item.group_label == UNNAMED and item.known]
    known = [item for item in items if item.known and item.group_label != UNNAMED]
    parts = [f"{plain(title)}。{kind}。"]
    if unnamed:
        ranked = sorted(unnamed, key=lambda item: -(item.value or 0.0))
        who = "其他学校" if known else "各校"
        parts.append(f"{who}由高到低（不具名）：{'、'.join(item.text for item in ranked[:MOST_NAMED])}；")
    if len(known) <= MOST_NAMED:
        parts.append("；".join(_told(item) for item in known))
    else:
        ranked = sorted(known, key=lambda item: item.value or 0.0, reverse=True)
        parts.append(
            f"较高的是{'、'.join(_told(item) for item in ranked[:3])}；较低的是{'、'.join(_told(i) for i in ranked[-3:])}"
        )
    unknown = [i.group_label for i in items if not i.known and i.group_label not in ("", UNNAMED)]
    if unknown:
        parts.append(f"；无数值：{'、'.join(unknown)}" if len(unknown) <= MOST_NAMED else "；部分组无数值")
    if rule is not None:
        parts.append(f"；{rule_words(rule)}")
    parts.append("。" + extra)
    return "".join(parts).replace("；。", "。").replace("；；", "；"), declared(items, title, rule)


def declared(items: Sequence[Statistic], title: Sequence[Run] = (), rule: Rule | None = None) -> list[Literal]:
    """Return the literals of a chart's plain words: names of groups with digits in them, the rule, the level."""
    names = {i.group_label for i in items if typed_numbers(i.group_label)} | {
        i.label for i in items if typed_numbers(i.label)
    }
    found = [Literal(name, "name") for name in sorted(names)]
    found += [Literal(run["text"], run["literal"]) for run in title if run.get("literal")]
    if rule is not None:
        found.append(Literal(rule_words(rule), "rule"))
    return list(dict.fromkeys(found))


def _told(item: Statistic) -> str:
    text = f"{item.group_label or item.label}{item.text}"
    return text if item.estimate.lower is None else f"{text}（{item.interval_text}）"


def level_words(items: Sequence[Statistic]) -> list[Run]:
    """Return the words that explain the interval lines: 横线为95%区间."""
    for item in items:
        if item.known and item.estimate.lower is not None:
            return [words("线段为"), literal_run(f"{item.estimate.level:.0%}", "rule"), words("区间")]
    return []


def labels(items: Sequence[Statistic], edition: Edition) -> list[str]:
    """Return what is written at each group: names; on a school's page and in public other schools have none."""
    if not between_schools(items):
        return [item.group_label for item in items]
    if edition.school:
        return ["本校" if item.scope.school == edition.school else "" for item in items]
    return ["" if item.group_label == UNNAMED else item.group_label for item in items]


def scaled(item: Statistic, number: float | None) -> float | None:
    """Return a number as an axis shows it: shares in percent."""
    if number is None:
        return None
    return number * 100 if item.unit == "%" else number


def rule_at(rule: Rule) -> float:
    """Return where a rule stands on an axis: shares in percent."""
    return rule.value * 100 if rule.unit == "%" and abs(rule.value) <= 1 else rule.value


def unit_label(items: Sequence[Statistic], default: Any = "") -> str:
    """Return the unit of an axis."""
    return next((item.unit for item in items if item.known), str(default))
