"""What is wrong with an entry of the register, or still open in it.

An ``error`` is a slip in the entry, ``open`` is work that is not done yet (a point without an answer): both stop the
letter. A ``warning`` does not.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from analysis.house import UserError
from analysis.house.content import Json
from analysis.letters.deadlines import chinese_date, deadline
from analysis.letters.documents import Documents
from analysis.letters.place import Place
from analysis.letters.questions import asked, requested, sentences
from analysis.reference.messages import shown
from analysis.reference.suggestions import Point, Suggestion

REFERENCE = re.compile(r"\{([a-z][a-z0-9_]*)(?:[.:][a-z_.]+)?\}")


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing wrong, in Chinese; `place` is where in the entry, `severity` ``error``, ``open`` or ``warning``."""

    place: str
    severity: str
    message: str

    def as_dict(self, suggestion: Suggestion) -> Json:
        """Return it as JSON can hold it, with file and suggestion."""
        return {
            "file": shown(suggestion.file),
            "suggestion": suggestion.id,
            "place": self.place,
            "severity": self.severity,
            "message": self.message,
        }


def faults(suggestion: Suggestion, rules: Place, known: Documents, district: str = "") -> list[Fault]:
    """Return everything that is wrong with an entry, in the order of the entry."""
    found = [*_head(suggestion, rules, district), *_sendings(suggestion, rules)]
    try:
        categories = rules.categories(suggestion.scheme)
    except UserError as unknown:
        return [*found, Fault("类别", "error", unknown.message)]
    if suggestion.category and suggestion.category not in categories:
        found.append(_category("类别", suggestion.category, categories))
    if not suggestion.category and suggestion.points:
        found.append(Fault("类别", "open", "没有写明整件建议的办理类别（category），答复右上角须标注；请补上。"))
    if not suggestion.points:
        found.append(Fault("请求", "error", "没有登记任何一条请求（[[point]]），无从逐条答复；请按建议原文逐条登记。"))
    for number, point in enumerate(suggestion.points, 1):
        found += _point(f"第{number}条请求", point, suggestion, categories, known)
    return found


def _head(suggestion: Suggestion, rules: Place, district: str) -> Iterator[Fault]:
    if not suggestion.signatories:
        yield Fault("代表", "error", "没有登记领衔代表（[[signatory]]）；请补上领衔代表与每位联名代表。")
    names = [item.name for item in suggestion.signatories]
    for name in sorted({name for name in names if names.count(name) > 1}):
        yield Fault("代表", "error", f"代表“{name}”登记了两次；请删去重复的一条。")
    if suggestion.lead in suggestion.assisting:
        yield Fault("承办单位", "error", f"“{suggestion.lead}”既是主办又是协办单位；一个单位只能担任一种，请改正。")
    for office in sorted({name for name in suggestion.assisting if suggestion.assisting.count(name) > 1}):
        yield Fault("承办单位", "error", f"协办单位“{office}”登记了两次；请删去重复的一条。")
    if suggestion.received < suggestion.assigned:
        yield Fault(
            "日期",
            "error",
            f"收到日{chinese_date(suggestion.received)}早于交办日{chinese_date(suggestion.assigned)}；请核对。",
        )
    if suggestion.due and suggestion.due <= suggestion.assigned:
        yield Fault(
            "日期",
            "error",
            f"期限{chinese_date(suggestion.due)}不晚于交办日{chinese_date(suggestion.assigned)}；请核对。",
        )
    if not suggestion.id.startswith(tuple(str(suggestion.assigned.year + step) for step in (0, -1))):
        yield Fault("日期", "warning", f"文件名的年份与交办日{chinese_date(suggestion.assigned)}不一致；请核对。")
    limit = deadline(suggestion, rules, district)
    if limit.note:
        yield Fault("期限", "warning" if limit.send_by else "error", limit.note)


def _sendings(suggestion: Suggestion, rules: Place) -> Iterator[Fault]:
    for number, item in enumerate(suggestion.sent, 1):
        place = f"第{number}次寄送"
        if not 1 <= item.signatory <= max(1, len(suggestion.signatories)):
            yield Fault(
                place, "error", f"写给第{item.signatory}位代表，而登记的代表共{len(suggestion.signatories)}位；请核对。"
            )
        if item.on < suggestion.received:
            yield Fault(
                place, "error", f"寄出日{chinese_date(item.on)}早于收到日{chinese_date(suggestion.received)}；请核对。"
            )
        if item.feedback and item.feedback not in rules.options:
            yield Fault(place, "error", f"反馈“{item.feedback}”不在选项{'、'.join(rules.options)}之中；请改正。")
        if item.feedback_on and item.feedback_on < item.on:
            yield Fault(
                place, "error", f"反馈日{chinese_date(item.feedback_on)}早于寄出日{chinese_date(item.on)}；请核对。"
            )


def _point(
    place: str, point: Point, suggestion: Suggestion, categories: dict[str, str], known: Documents
) -> Iterator[Fault]:
    if not point.asks:
        yield Fault(place, "error", "没有写明代表所提的内容（asks）；请照建议原文归纳。")
    yield from _questions(place, point)
    if not point.heading:
        yield Fault(place, "open", "没有小标题（heading），答复无法成节；请补上。")
    if point.category not in categories:
        yield _category(place, point.category, categories)
    names = [item.name for item in point.evidence]
    said = sentences(point)
    used = set(REFERENCE.findall("".join(said)))
    for name in sorted({name for name in names if names.count(name) > 1}):
        yield Fault(place, "error", f"依据名“{name}”登记了两次；请改其中一个的 name。")
    for name in sorted(used - set(names)):
        yield Fault(
            place, "error", f"答复中引用了“{{{name}}}”，但依据（[[point.evidence]]）中没有它；请登记该指标或改正。"
        )
    for name in sorted(set(names) - used):
        yield Fault(place, "warning", f"依据“{name}”没有在答复中引用，只进附录；如不需要请删去。")
    reasoned = any(question.reason for question in point.questions)
    if said and not (point.evidence or point.documents or point.measures or reasoned):
        yield Fault(place, "error", "答复没有任何依据（指标、文件或已办措施）；请至少登记一项。")
    for number in (*point.documents, *(item.document for item in point.measures if item.document)):
        try:
            known.need(number, "")
        except UserError as unknown:
            yield Fault(place, "error", unknown.message)
    for step in point.steps:
        if step.by <= suggestion.received:
            yield Fault(
                place, "error", f"下一步“{step.text[:12]}”的完成日{chinese_date(step.by)}不晚于收到建议之日；请核对。"
            )
    if "下一步" in "".join(said) and not point.steps:
        yield Fault(
            place,
            "error",
            "答复说列入“下一步”，但没有登记下一步（[[point.step]]：by、office、text）；请写明期限与责任科室。",
        )


def _questions(place: str, point: Point) -> Iterator[Fault]:
    """Say which questions nothing answers, and which tables are promised and not there."""
    for number, question in enumerate(asked(point), 1):
        if not question.answered:
            where = f"{place}第{number}问" if point.questions else place
            yield Fault(
                where,
                "open",
                f"没有答复“{question.asks[:30]}”；请写答复（answer）、依据名（evidence）或附表（table），"
                "确不能答复的写明理由（reason）。",
            )
        for name in sorted(set(question.evidence) - {item.name for item in point.evidence}):
            yield Fault(
                f"{place}第{number}问",
                "error",
                f"evidence 中的“{name}”没有登记；请补上 [[point.evidence]]，或改正依据名。",
            )
    if re.search("见附表|见表", "".join(sentences(point))) and not any(requested(point)):
        yield Fault(place, "error", "答复写了“见附表”，但没有登记任何附表（[[point.table]]）；请登记附表或改写。")


def _category(place: str, category: str, categories: dict[str, str]) -> Fault:
    allowed = "、".join(categories)
    told = f"办理类别“{category}”不在本地方案之中" if category else "没有写明办理类别（category）"
    return Fault(place, "error" if category else "open", f"{told}；可用：{allowed}。")
