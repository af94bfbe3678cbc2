"""What a chart says in words: its title (the finding), its subtitle (what is drawn, on which base), its alt text."""

from __future__ import annotations

from collections.abc import Sequence

from analysis.disclosure import UNNAMED
from analysis.house import UserError
from analysis.indicators.comparison import compared
from analysis.indicators.dimensions import name_of
from analysis.indicators.extremes import SIDES, Side, extreme
from analysis.indicators.statistic import Statistic
from analysis.presentation.content import Run, figure_run, joined, literal_run, plain, words
from analysis.presentation.edition import Edition
from analysis.presentation.facts import counted_fact, settled
from analysis.presentation.references import UNKNOWN, Literal, rule_value, summed_base
from analysis.rules import Rule
from analysis.text.digits import typed_numbers

MOST_NAMED = 14
"""Groups that an alt text names one by one; of more it names the extremes."""


AMONG = {
    "school": "校", "weekday": "天", "week": "周", "item": "题", "grade_band": "学段", "group": "类学生", "unnamed": "校",
    "risk": "级风险", "training": "类机构", "breach": "种情形", "period": "月",
}  # fmt: skip
"""Dimension → how its groups are called after 各, where its name in the catalogue does not serve."""


def between_schools(items: Sequence[Statistic]) -> bool:
    """Tell whether figures compare schools with each other (named or, in public, not)."""
    return len({item.scope.school for item in items}) > 1 or any(item.group_label == UNNAMED for item in items)


def own(items: Sequence[Statistic], edition: Edition) -> Statistic | None:
    """Return the figure of the school that the edition speaks of, if schools are compared and it is among them."""
    if not between_schools(items):
        return None
    return next((i for i in items if edition.school and i.scope.school == edition.school and i.known), None)


def beside_rest(mine: Statistic, whole: Statistic, edition: Edition) -> list[Run]:
    """Say how a school stands to the rest of its district (`compared`), or give the district's figure beside it.

    The comparison is adjusted for grade and for all schools compared; where the indicator has none, no difference is
    claimed.
    """
    try:
        found = compared(edition.study, [mine.indicator]).only(edition.school, mine.indicator)
    except (UserError, KeyError, AttributeError):
        found = None
    if found is None or found.judgement == "no data":
        return [words(f"{whole_name(whole, edition)}为"), figure_run(whole.text, whole)]
    if found.judgement == "not apart":
        return [words("与区内其他学校分不出高低")]
    side = "高于" if found.judgement == "higher" else "低于"
    return [words(f"{side}区内其他学校（按同年级比）")]


def schools_apart(known: Sequence[Statistic], edition: Edition) -> list[Run] | None:
    """Say which schools differ from the rest of the district, grade by grade (`compared`); None without a comparison."""
    first = known[0]
    if first.scope.group or any(not item.scope.school for item in known):
        return None
    try:
        found = compared(edition.study, [first.indicator])
    except (UserError, AttributeError):
        return None
    of_school = {item.scope.school: item for item in known}
    label = figure_run(first.label, first, "label")
    said = []
    for side, word in (("higher", "高于"), ("lower", "低于")):
        names = [
            [figure_run(item.group_label, item, "group")]
            for each in found
            if each.judgement == side and (item := of_school.get(each.school)) is not None
        ]
        if names:
            said.append([*joined(names), words(f"{word}其余学校")])
    if not said:
        return [words("各校的"), label, words("：按同年级比，分不出高低")]
    return [label, words("：按同年级比，"), *joined(said, "，")]


def whole_name(whole: Statistic, edition: Edition) -> str:
    """Return what the whole is called that a figure stands beside: 全区, or 本校 on a school's page.

    A district that a school's figure stands beside holds that school: 全区（含本校）, 全区同年级（含本校）.
    """
    if whole.scope.school:
        return "本校"
    return (whole.group_label or "全区") + ("（含本校）" if edition.school else "")


def finding(
    items: Sequence[Statistic],
    edition: Edition,
    reference: Statistic | None = None,
    *,
    by: Sequence[str] = (),
    independent: bool = True,
) -> list[Run]:
    """Return the title that a comparison of groups gets by itself.

    A school's page says where the school stands; a comparison of unnamed schools gives the range. All others name the
    highest and the lowest of the groups shown as far as the data separate them from all others (`extreme`), where they
    do not, what was counted (`counted_fact`), and else only what is drawn.
    """
    known = [item for item in items if item.known]
    if not known:
        return [words(UNKNOWN)]
    label = figure_run(known[0].label, known[0], "label")
    mine = own(items, edition)
    if mine is not None and reference is not None and reference.known:
        return [words("本校"), label, figure_run(mine.text, mine), words("，"), *beside_rest(mine, reference, edition)]
    if len({item.text for item in known}) == 1 and all(settled(item) for item in known):
        said = "均为" if len(known) > 1 else "为"
        return [label, words(said), figure_run(known[0].text, known[0])]
    if between_schools(items) and (edition.public or edition.school):
        low, *_, high = sorted(known, key=lambda item: item.value or 0.0)
        span = [figure_run(low.text, low), words("与"), figure_run(high.text, high)]
        return [words("各校"), label, words("在"), *span, words("之间")]
    if between_schools(items) and (apart := schools_apart(known, edition)) is not None:
        return apart
    ends = [
        extreme_words(found, side)
        for side in SIDES.values()
        if (found := extreme(known, side, independent=independent))
    ]
    if ends:
        return [label, words("："), *joined(ends, "，")]
    return counted_fact(items) or subject(known[0], by)


def extreme_words(found: Sequence[Statistic], side: Side) -> list[Run]:
    """Return 九年级最高（97分钟）, or of tied ones 语文、数学并列最高（100.0%）."""
    names = joined([[figure_run(item.group_label, item, "group")] for item in found])
    said = f"{'并列' if len(found) > 1 else ''}{'最高' if side == 'highest' else '最低'}（"
    return [*names, words(said), figure_run(found[0].text, found[0]), words("）")]


def subject(item: Statistic, by: Sequence[str] = ()) -> list[Run]:
    """Return a title that says only what is drawn: 各年级、各星期的作业时长中位数."""
    dimensions = by or [*(["school"] if item.scope.school else []), *(name for name, _ in item.scope.group)]
    groups = "、".join(f"各{AMONG.get(name) or name_of(name)}" for name in dict.fromkeys(dimensions))
    label = figure_run(item.label, item, "label")
    of = "" if "的" in item.label else "的"
    return [words(f"{groups}{of}"), label] if groups else [label]


def drawn(items: Sequence[Statistic], what: str, whole: Statistic | None = None) -> list[Run]:
    """Return the subtitle: what is drawn, and the base (`_base`)."""
    known = [item for item in items if item.known]
    if not known:
        return [words(what)]
    return [figure_run(known[0].label, known[0], "label"), words(f"，{what}"), *_base(items, whole)]


def _base(items: Sequence[Statistic], whole: Statistic | None) -> list[Run]:
    """Return the base of what is shown: that of the whole only where the groups add up to it.

    Groups that hold less than the whole have their own sum; of groups that hold more it is said that they overlap.
    Where the readers may not see the bases of the groups, the base of the whole is told if none is hidden.
    """
    if whole is None or not whole.base:
        return []
    of_whole = figure_run(whole.base_text, whole, "base")
    known = [item for item in items if item.known]
    if any(item.base is None or item.base_unit != whole.base_unit for item in known):
        return [] if any(item.estimate.status == "suppressed" for item in items) else [words("；基数"), of_whole]
    total = sum(item.base or 0 for item in known)
    if total == whole.base:
        return [words("；基数"), of_whole]
    if total > whole.base:
        return [words("；各组有重叠，全体的基数为"), of_whole]
    own = summed_base(known, whole.scope.school)
    return [words("；各组的基数合计"), figure_run(own.text, own), words("，不是全体")]


def rule_words(rule: Rule) -> str:
    """Return what is written at a rule's line: 规定60分钟."""
    return f"{'目标' if rule.id.endswith('target') else '规定'}{rule_value(rule)}"


def alt_text(
    title: Sequence[Run], kind: str, items: Sequence[Statistic], rule: Rule | None = None, extra: str = ""
) -> tuple[str, list[Literal]]:
    """Return the alt text of a chart, made from its data, and the literals in it.

    It begins with the finding, names the kind of chart, then each group with value (of what is inferred, its interval); of many groups the
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
    inferred = item.nature != "count" and item.estimate.lower is not None  # a count has no error to tell
    return f"{text}（{item.interval_text}）" if inferred else text


def level_words(items: Sequence[Statistic]) -> list[Run]:
    """Return the words that explain the interval lines: of answers, of a model, or of weekly movement (no error)."""
    for item in items:
        if item.known and item.estimate.lower is not None:
            why = {"count": "（由逐周起伏算出，供比较用，不是数值的误差）", "model": "（按模型）"}.get(item.nature, "")
            return [words("线段为"), literal_run(f"{item.estimate.level:.0%}", "rule"), words(f"区间{why}")]
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


def unit_label(items: Sequence[Statistic], default: object = "") -> str:
    """Return the unit of an axis."""
    return next((item.unit for item in items if item.known), str(default))
