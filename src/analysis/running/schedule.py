"""What is owed on a day, and making it once, whatever crashed before.

1. An edition with a due date is owed from `AHEAD` days before it until it has been made for that date; a letter is owed
   from the day on which its suggestion was assigned until the register says that it was sent.
2. The first run of a day writes down what it will make and from which snapshot; a run that follows a crash reads that
   and goes on, so it makes the same files as an undisturbed one.
3. A packet is either wholly there or not; one that is there and unchanged is not made again.
4. When everything has been made the day is closed, and a further run on that day does nothing.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path

from analysis.house import UserError, atomic_write
from analysis.house.content import Json
from analysis.letters import owed
from analysis.letters.owed import STATES
from analysis.reference.editions import Edition, read_editions
from analysis.running.build import STATE, Request, Run, build, reports_folder
from analysis.running.editions import jobs, pending
from analysis.running.progress import Progress
from analysis.running.records import only_one
from analysis.snapshots import Store

AHEAD = 7  # days before its due date from which an edition is owed


@dataclass(frozen=True, slots=True)
class Due:
    """One thing that is owed, overdue or done.

    Parameters
    ----------
    kind
        ``edition`` or ``suggestion``.
    name, title
        Name in the editions or the register, and its Chinese title.
    due
        The day (ISO); ``""`` if not known.
    days_left
        Counted from the day asked about; negative when overdue.
    state
        ``owed``, ``overdue``, ``done``, ``blocked`` (something in the register stands in the way), ``later``.
    documents
        Names of its documents (``edition/scope``) that are to be made.
    note
        A Chinese line.
    """

    kind: str
    name: str
    title: str
    due: str
    days_left: int | None
    state: str
    documents: tuple[str, ...] = ()
    note: str = ""

    def as_dict(self) -> Json:
        """Return it as JSON holds it, with the state in Chinese."""
        return {**asdict(self), "documents": list(self.documents), "state_label": LABELS[self.state]}


LABELS = {**STATES, "owed": "待办理", "later": "未到期"}


def due(on: date, editions: dict[str, Edition] | None = None) -> list[Due]:
    """Return everything with a deadline as it stands on a day: the most urgent first, the done last."""
    editions = editions or read_editions()
    made = _ledger()
    found = [_edition(edition, on, made) for edition in editions.values() if edition.due]
    letters = next((edition for edition in editions.values() if "suggestion" in edition.scopes), None)
    for entry in owed(on):
        names = tuple(f"{letters.name}/{letter}" for letter in entry.open_letters) if letters else ()
        day = entry.due.isoformat() if entry.due else ""
        state = entry.state if entry.assigned is None or entry.assigned <= on else "later"
        found.append(Due("suggestion", entry.suggestion, entry.title, day, entry.days_left, state, names, entry.note))
    return sorted(found, key=lambda item: (item.state == "done", item.due or "9999", item.kind, item.name))


def _edition(edition: Edition, on: date, made: Json) -> Due:
    assert edition.due is not None
    left = (edition.due - on).days
    entry = made.get(f"{edition.name}@{edition.due.isoformat()}")
    state = "done" if entry else "overdue" if left < 0 else "owed" if left <= AHEAD else "later"
    note = f"已于{entry['on']}生成。" if entry else ""
    return Due("edition", edition.name, edition.title, edition.due.isoformat(), left, state, (), note)


def make_due(on: date, progress: Progress, *, jobs_at_once: int = 0) -> Json:
    """Make everything that is owed on a day and return its account.

    Returns
    -------
    dict
        ``on``, ``snapshot``, ``finished``, ``documents`` (all that the day owes), ``made`` and ``failed`` (outcomes of
        this and the day's earlier runs), ``waiting`` (suggestions that cannot be answered yet).

    Raises
    ------
    UserError
        If there is no snapshot, or another run is at work.
    """
    folder = _folder()
    with only_one(folder / "lock"):
        account = _account(on)
        if account["finished"]:
            return account
        request = Request(only=frozenset(account["documents"]), snapshot=account["snapshot"], jobs=jobs_at_once)
        result = build(request, progress)
        account = _settled(account, result)
        _write(folder / f"{on.isoformat()}.json", account)
        _close_editions(on, account)
        atomic_write(folder / f"{on.isoformat()}.txt", summary(account))
    return account


def _account(on: date) -> Json:
    """Return the day's account: as an earlier run left it, else a new one."""
    file = _folder() / f"{on.isoformat()}.json"
    if file.is_file():
        kept: Json = json.loads(file.read_text(encoding="utf-8"))
        return kept
    snapshot = Store().open("latest")
    editions = read_editions()
    wanted = {item.name for item in due(on, editions) if item.kind == "edition" and item.state in ("owed", "overdue")}
    open_letters = {name for item in due(on, editions) if item.state in ("owed", "overdue") for name in item.documents}
    every = jobs(editions.values(), snapshot, reports_folder())
    account = {
        "on": on.isoformat(),
        "snapshot": snapshot.id,
        "finished": False,
        "documents": [job.name for job in every if job.edition in wanted or job.name in open_letters],
        "editions": sorted(f"{name}@{editions[name].due}" for name in wanted),
        "made": [],
        "failed": [],
        "waiting": pending(editions.values()),
    }
    _write(file, account)
    return account


def _settled(account: Json, result: Run) -> Json:
    made = {entry["name"]: entry for entry in account["made"]}
    made |= {outcome.name: outcome.as_dict() for outcome in result.outcomes if outcome.made}
    for job in result.skipped:  # made before a crash that kept the account from being written
        made.setdefault(job.name, {"name": job.name, "label": job.label, "made": True, "error": "", "look": ""})
    failed = [outcome.as_dict() for outcome in [*result.failed, *result.kept]]
    done = set(account["documents"]) <= set(made) and not failed
    ordered = [made[name] for name in account["documents"] if name in made]
    return {**account, "made": ordered, "failed": failed, "finished": done}


def _close_editions(on: date, account: Json) -> None:
    """Write down the editions of which every document has been made."""
    made = {entry["name"] for entry in account["made"]} - {entry["name"] for entry in account["failed"]}
    ledger = _ledger()
    for key in account["editions"]:
        own = {name for name in account["documents"] if name.startswith(key.partition("@")[0] + "/")}
        if own <= made:
            ledger[key] = {"on": on.isoformat(), "snapshot": account["snapshot"]}
    _write(_folder() / "ledger.json", ledger)


def summary(account: Json) -> str:
    """Return the account as a letter: a subject line, an empty line, what was made, what failed, what waits."""
    made, failed, waiting = account["made"], account["failed"], account["waiting"]
    subject = f"主题：{account['on']} 到期报告与答复：生成{len(made)}份，失败{len(failed)}份"
    lines = [subject, "", f"数据快照：{account['snapshot']}。"]
    if not account["documents"]:
        lines.append("当日没有到期的报告与答复。")
    lines += [f"已生成 {entry['label']}：reports/{entry['name']}/index.html" for entry in made]
    lines += [f"未生成 {entry['label']}：{entry['error']}（见 {_below(entry['look'])}）" for entry in failed]
    lines += [f"尚不能答复 {line}" for line in waiting]
    if failed:
        lines.append("改正后再次运行 shuangjian due --run，只补做未完成的。")
    return "\n".join(lines) + "\n"


def _below(file: str) -> str:
    home = reports_folder().parent
    return str(Path(file).relative_to(home)) if Path(file).is_relative_to(home) else file


def _folder() -> Path:
    return reports_folder() / STATE / "due"


def _ledger() -> Json:
    file = _folder() / "ledger.json"
    if not file.is_file():
        return {}
    try:
        return dict(json.loads(file.read_text(encoding="utf-8")))
    except ValueError:
        raise UserError(f"办理记录“{file}”已损坏；请从备份恢复，或删除后重新办理。") from None


def _write(file: Path, content: object) -> None:
    atomic_write(file, json.dumps(content, ensure_ascii=False, indent=1) + "\n")
