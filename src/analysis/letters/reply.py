"""The letter: built from a suggestion's points in the order of an official reply, and stopped by anything that is missing.

1. Register faults, points without an answer, unknown documents, indicators without data, unexplained differences from
   letters already sent stop it before a word is put out.
2. Title and elements → addressee → receipt formula → each point with its situation, measures, next steps → thanks → signature,
   date → person responsible → 抄送; then the form, the matrix and the evidence appendix, each on a page of its own.
3. Every number is a reference to a Statistic; dates, document numbers and the words of rules are declared.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from analysis.house import UserError
from analysis.letters.claims import Annexed, Withheld, annexes, refuse_unmet
from analysis.letters.deadlines import chinese_date
from analysis.letters.documents import Documents, documents
from analysis.letters.evidence import Proof, proof, refuse_hidden
from analysis.letters.place import Place, place
from analysis.letters.questions import requested, sentences
from analysis.letters.register import faults
from analysis.letters.suggestions import find
from analysis.letters.wording import PAPERS, bound, fitted
from analysis.presentation import begin, heading, put, say
from analysis.presentation.content import literal_run, words
from analysis.presentation.edition import current
from analysis.presentation.references import SUPPRESSED, UNDECIDED, UNKNOWN, literal
from analysis.reference.documents import Document
from analysis.reference.messages import shown
from analysis.reference.settings import settings
from analysis.reference.suggestions import Point, Signatory, Suggestion

if TYPE_CHECKING:
    from analysis.indicators.study import Study


@dataclass(frozen=True)
class Reply:
    """A letter in the making: the suggestion, whom this copy is for, the study, and what each point rests on."""

    suggestion: Suggestion
    signatory: Signatory
    study: Study
    day: date
    rules: Place
    known: Documents
    proofs: tuple[Proof, ...]
    annexed: dict[int, list[Annexed | Withheld]]

    def opening(self) -> None:
        """Put out addressee and receipt formula, with how many points were asked and the outcome of each."""
        entry = self.suggestion
        say("{name}" + self.signatory.greeting + "：", role="addressee", name=literal(self.signatory.name, "name"))
        say(
            "您提出的《{title}》（{number}建议）于{day}收悉。{joint}现按您所提内容逐条答复如下：",
            role="opening",
            title=literal(entry.title, "name"),
            number=literal(entry.number, "document"),
            day=literal(entry.received, "date"),
            joint=literal(self._joint(), "name"),
        )
        say(
            "文中的台账、考勤与问卷数字属于{term}，登记、经费与检查数字截至{day}；各数字的基数、上下界或区间，以及怎样读这些数，见附件。",
            term=literal(self.study.calendar.label, "date"),
            day=literal(self.day, "date"),
        )

    def _joint(self) -> str:
        others = [item.name + item.greeting for item in self.suggestion.signatories if item is not self.signatory]
        told = f"这件建议由您与{'、'.join(others)}联名提出，我局向每位代表分别答复。" if others else ""
        if self.suggestion.assisting:
            told += f"我局会同{'、'.join(self.suggestion.assisting)}作了研究。"
        return told

    def answers(self) -> None:
        """Put out every point: what was asked, how it stands, what was done, what is next and by when."""
        for number, (point, found) in enumerate(zip(self.suggestion.points, self.proofs, strict=True), 1):
            where = f"第{number}条请求"
            heading("{title}", level=1, title=literal(point.heading, "name"))
            say("您提出：{asks}", asks=literal(point.asks, "name"))
            if found.documents:
                cited: dict[str, Any] = {
                    f"paper{n}": literal(d.cited, "document", link=PAPERS) for n, d in enumerate(found.documents)
                }
                say(f"这项工作按照{'、'.join(f'{{{name}}}' for name in cited)}的规定办理。", **cited)
            for sentence in sentences(point):
                self._said(sentence, f"{where}的答复", found.references)
            self._kept_back(number, point)
            if point.measures:
                heading("已办措施", level=2)
            for measure in sorted(point.measures, key=lambda item: item.on):
                paper = f"（{measure.document}）" if measure.document else ""
                self._said(
                    f"{chinese_date(measure.on)}，{measure.text.rstrip('。')}{paper}。", f"{where}的已办措施", {}
                )
            if point.steps:
                heading("下一步", level=2)
            for step in sorted(point.steps, key=lambda item: item.by):
                self._said(
                    f"{chinese_date(step.by)}前，由{step.office}{step.text.rstrip('。')}。", f"{where}的下一步", {}
                )
            meaning = self.rules.categories(self.suggestion.scheme)[point.category]
            say(
                "办理结果：{category}（{meaning}）。",
                role="verdict",
                category=literal(f"{point.category}类", "name"),
                meaning=literal(meaning, "name"),
            )

    def _kept_back(self, number: int, point: Point) -> None:
        """Say why a table that was to be given is not in this letter, unless the answer to its question says so already."""
        said = {question.reason for question in point.questions}
        for item in self.annexed[number]:
            if isinstance(item, Withheld) and item.reason not in said:
                self._said(f"{item.reason.rstrip('。')}。", f"第{number}条请求的附表", {})
                said.add(item.reason)

    def _said(self, sentence: str, where: str, references: dict[str, Any]) -> None:
        listed = {name for item in self.papers() for name in (item.cited, item.number)}
        template, declared = fitted(bound(sentence, references), where, listed=listed)
        before = len(current().objects)
        say(template, **references, **declared)
        made = current().objects[before:]
        text = "".join(run["text"] for item in made for run in item.get("runs", []))
        if not made or any(lack in text for lack in (UNKNOWN, SUPPRESSED, UNDECIDED)):
            raise UserError(
                f"{shown(self.suggestion.file)}，{where}“{sentence[:30]}”：{text or '句中的数字都没有值'}；答复不得落空，"
                "请改写这一句，把可能没有值的部分放进方括号，或写明理由（reason）。"
            )

    def closing(self) -> None:
        """Put out thanks, the attachments, signature, date, person responsible with contact, and 抄送."""
        local = settings().bureau
        say(
            "感谢您对教育工作的关心和支持。随文附上征询意见表，请您填写后寄回；如选择“不满意”，我局将重新研究并再次答复。",
            role="closing",
        )
        say("附件：{list}", role="attachment", list=literal("征询意见表；逐问对照表；数据依据", "name"))
        say("{issuer}", role="signature", issuer=literal(local.name, "name"))
        say("{day}", role="date", day=literal(self.day, "date"))
        say(
            "（负责人：{head}　联系人：{person}　联系电话：{telephone}）",
            role="contact",
            head=literal(local.responsible, "name"),
            person=literal(local.contact, "name"),
            telephone=literal(local.telephone, "name"),
        )
        copies = "、".join([*local.copies_to, *self.suggestion.assisting])
        say("抄送：{bodies}。", role="copies", bodies=literal(copies, "name"))

    def form(self) -> None:
        """Put out the feedback form on a page of its own."""
        entry = self.suggestion
        put("page_break")
        put(
            "form",
            title=[literal_run("代表建议办理情况征询意见表", "name")],
            lead=[
                words("请对"),
                literal_run(f"{entry.session}{entry.number}", "document"),
                words("建议的答复提出意见，在方框内打钩。选择“不满意”的，请写明理由，我局将重新办理。"),
            ],
            options=list(self.rules.options),
            fields=[
                {"label": "建议题名", "value": [literal_run(entry.title, "name")], "lines": 2},
                {"label": "答复单位", "value": [literal_run(entry.lead, "name")]},
                {"label": "答复文号", "value": [literal_run(entry.document_number, "document")]},
                {"label": "意见或理由", "lines": 6},
                {"label": "代表签名"},
                {"label": "填表日期"},
            ],
        )

    def matrix(self) -> None:
        """Put out the matrix: request ↔ answer ↔ evidence ↔ category, one row a point."""
        from analysis.letters.appendix import matrix

        matrix(self)

    def appendix(self) -> None:
        """Put out the evidence: every figure with scope, interval and base, tables, documents, differences."""
        from analysis.letters.appendix import appendix

        appendix(self)

    def papers(self) -> list[Document]:
        """Return every document cited, once, in order."""
        return list(dict.fromkeys(paper for found in self.proofs for paper in found.documents))


def letter(
    suggestion: str,
    *,
    snapshot: str,
    district: str,
    school: str,
    term: str,
    audience: str,
    as_of: str,
    differences: Callable[[Suggestion, tuple[Proof, ...]], None] | None = None,
) -> Reply:
    """Begin the letter to one signatory of a suggestion.

    Parameters
    ----------
    suggestion
        Id of the letter in the register: ``2026-017`` for the first signatory, ``2026-017-2`` for the second.
    snapshot, district, school, term, audience, as_of
        Parameters of the notebook; `school` stays ``""``; `as_of` is the letter's date too.
    differences
        Judges the figures against letters already sent and raises where they differ unexplained (default: the
        register's own check).

    Raises
    ------
    UserError
        If anything is missing that the letter needs: it names the point and the remedy, and nothing is put out.
    """
    from analysis.letters.differences import refuse_unexplained

    entry, number = find(suggestion)
    rules, known = place(), documents()
    stops = [fault for fault in faults(entry, rules, known, district) if fault.severity in ("error", "open")]
    if not entry.document_number and not stops:
        raise UserError(f"建议“{entry.id}”没有登记复文文号（document_number）；请取号后补上。")
    if stops:
        told = "".join(f"{fault.place}：{fault.message}" for fault in stops)
        raise UserError(f"{shown(entry.file)}：建议“{entry.id}”还不能出答复：{told}")
    day = date.fromisoformat(as_of)
    _timely(entry, day)
    title = f"关于{entry.session}{entry.number}建议的答复"
    from analysis.indicators.study import Study

    study = Study(snapshot, district=district, school=school, term=term, as_of=as_of)
    proofs = tuple(proof(study, point, f"第{index}条请求", known) for index, point in enumerate(entry.points, 1))
    refuse_hidden(proofs, audience)
    refuse_unmet(entry, proofs, rules.categories(entry.scheme))
    annexed = annexes(study, entry, audience)
    (differences or refuse_unexplained)(entry, proofs)
    _rehearsed(entry, proofs)
    begin(
        title,
        snapshot=snapshot,
        district=district,
        school=school,
        term=term,
        audience=audience,
        as_of=as_of,
        suggestion=suggestion,
        document="letter",
        letter={
            "number": entry.document_number,
            "suggestion": f"{entry.number}建议",
            "session": entry.session,
            "category": entry.category,
            "secrecy": entry.secrecy,
        },
    )
    return Reply(entry, entry.signatories[number - 1], study, day, rules, known, proofs, annexed)


def _rehearsed(entry: Suggestion, proofs: tuple[Proof, ...]) -> None:
    """Find typed numbers in every sentence of the register before the letter begins."""
    for number, (point, found) in enumerate(zip(entry.points, proofs, strict=True), 1):
        for text in _texts(point):
            fitted(bound(text, found.references), f"建议“{entry.id}”第{number}条请求")


def _texts(point: Point) -> list[str]:
    kept = [item.reason for item, _ in requested(point) if item.reason]
    return [*sentences(point), *kept, *(item.text for item in point.measures), *(item.text for item in point.steps)]


def _timely(entry: Suggestion, day: date) -> None:
    """Refuse what would be untrue on the letter's day: an answer before receipt, a measure not yet done, a step in the past."""
    if day < entry.received:
        raise UserError(
            f"答复日期{chinese_date(day)}早于收到建议之日{chinese_date(entry.received)}；请核对参数 as_of。"
        )
    for number, point in enumerate(entry.points, 1):
        for measure in point.measures:
            if measure.on > day:
                raise UserError(
                    f"第{number}条请求的已办措施“{measure.text[:12]}”日期为{chinese_date(measure.on)}，晚于答复日期"
                    f"{chinese_date(day)}；尚未办成的请改列为下一步。"
                )
        for step in point.steps:
            if step.by < day:
                raise UserError(
                    f"第{number}条请求的下一步“{step.text[:12]}”期限{chinese_date(step.by)}已过；请改列为已办措施，或改定期限。"
                )
