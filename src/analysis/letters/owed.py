"""What is owed to deputies on a day: open, overdue, done, and what stands in the way."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path

from analysis.house import UserError
from analysis.house.content import Json
from analysis.letters.deadlines import chinese_date, deadline, open_complaints
from analysis.letters.documents import documents
from analysis.letters.place import Place, place
from analysis.letters.questions import asked
from analysis.letters.register import faults
from analysis.letters.suggestions import files, read
from analysis.reference.messages import shown
from analysis.reference.settings import settings
from analysis.reference.suggestions import Suggestion

STATES = {"overdue": "已逾期", "blocked": "登记有误", "owed": "待答复", "done": "已办结"}


@dataclass(frozen=True, slots=True)
class Owed:
    """One suggestion on one day.

    `letters` are the values of the notebook's parameter ``suggestion``, one for each signatory; `open_letters` those not
    yet sent (or to be sent again after 不满意). `state`: ``owed overdue done blocked`` (blocked: the entry has a fault,
    told in `note`, and no letter can be made). `days_left` counts to `due` and is negative once that is past. `reminder` is true within
    the place's ``soon_days``; `ready` if nothing is wrong or open in the entry, so that its letters can be made. An entry that cannot be read at all has no dates.
    """

    suggestion: str
    title: str
    deputies: tuple[str, ...]
    kind: str
    lead: str
    assigned: date | None
    due: date | None
    send_by: date | None
    days_left: int | None
    state: str
    letters: tuple[str, ...]
    open_letters: tuple[str, ...]
    answered: date | None = None
    reminder: bool = False
    note: str = ""
    simulated: bool = False
    ready: bool = False

    def as_dict(self) -> Json:
        """Return everything as JSON can hold it; `state_label` is the state in Chinese."""
        plain = {key: value.isoformat() if isinstance(value, date) else value for key, value in asdict(self).items()}
        lists = {key: list(value) for key, value in plain.items() if isinstance(value, tuple)}
        return {**plain, **lists, "state_label": STATES[self.state]}


def owed(on: date, folder: Path | None = None) -> tuple[Owed, ...]:
    """Return every suggestion of the register as it stands on a day, the most urgent first, the done last.

    Parameters
    ----------
    on
        The day that is asked about.
    folder
        Where the register is (default: ``data/suggestions``).
    """
    rules, district = place(), settings().bureau.district
    rows = [_row(file, on, rules, district) for file in files(folder)]
    return tuple(sorted(rows, key=lambda row: (row.state == "done", row.due or date.min, row.suggestion)))


def _row(file: Path, on: date, rules: Place, district: str) -> Owed:
    try:
        suggestion = read(file)
    except UserError as slip:
        return Owed(file.stem, shown(file), (), "", "", None, None, None, None, "blocked", (), (), note=slip.message)
    return standing(suggestion, on, rules, district)


def standing(suggestion: Suggestion, on: date, rules: Place, district: str = "") -> Owed:
    """Return how one suggestion stands on a day."""
    limit = deadline(suggestion, rules, district)
    known = [item for item in suggestion.sent if item.on <= on]
    again = {item.signatory for item in open_complaints(suggestion) if item in known}
    sent = {item.signatory for item in known} - again
    still = tuple(letter for number, letter in enumerate(suggestion.letters, 1) if number not in sent)
    notes = [limit.note] if limit.note else []
    if again:
        notes.insert(0, "代表反馈“不满意”，须重新研究并再次答复。")
    found = faults(suggestion, rules, documents(), district)
    mistakes = [f"{fault.place}：{fault.message}" for fault in found if fault.severity == "error"]
    undone = sum(fault.severity == "open" for fault in found)
    unanswered = sum(not all(question.answered for question in asked(point)) for point in suggestion.points)
    if suggestion.letters and not still:
        state, notes = "done", []
    elif mistakes:
        state, notes = "blocked", [*mistakes, *notes]
    else:
        state = "overdue" if on > limit.due else "owed"
        notes += [f"尚有{unanswered}条请求没有答复。"] if unanswered else []
        notes += [f"共{undone}项待办，用 shuangjian suggestions 查看。"] if undone else []
    left = (limit.due - on).days
    if state == "blocked" and left < 0:
        notes.insert(0, f"已逾期{-left}天。")
    answered = max((item.on for item in known), default=None) if state == "done" else None
    if answered and answered > limit.due:
        notes.append(f"办结日{chinese_date(answered)}晚于期限。")
    return Owed(
        suggestion=suggestion.id,
        title=suggestion.title,
        deputies=tuple(item.name for item in suggestion.signatories),
        kind=suggestion.kind,
        lead=suggestion.lead,
        assigned=suggestion.assigned,
        due=limit.due,
        send_by=limit.send_by,
        days_left=left,
        state=state,
        letters=suggestion.letters,
        open_letters=still,
        answered=answered,
        reminder=state in ("owed", "blocked") and 0 <= left <= rules.soon_days,
        note="".join(notes),
        simulated=suggestion.simulated,
        ready=not mistakes and not undone,
    )
