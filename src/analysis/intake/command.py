"""``shuangjian intake``: read files, check them, and store a snapshot."""

from __future__ import annotations

import argparse
import json
import sys
from typing import Any

from analysis.house import UserError
from analysis.intake.outcomes import Outcome
from analysis.intake.quarantine import LIST
from analysis.intake.reception import receive
from analysis.snapshots import Store

SHOWN = 12


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's arguments."""
    parser.add_argument("paths", nargs="+", metavar="PATH", help="文件或目录（.xlsx .xls .csv）")
    parser.add_argument("--store", metavar="DIR", help="快照存放的目录（默认 data/snapshots）")
    parser.add_argument("--onto", metavar="ID", help="在这个快照上补充或更正：同主键的行以新代旧，形成新快照")
    parser.add_argument("--fresh", action="store_true", help="从头开始：最新快照有而这次没有的数据不再保留")
    parser.add_argument(
        "--withdraw", action="store_true", help="与 --onto 同用：更正后的文件里不再有的行，从快照中撤回"
    )
    parser.add_argument("--strict", action="store_true", help="有任何行待更正时，退出码为 3")
    parser.add_argument("--json", action="store_true", help="向标准输出打印 JSON")


def run(args: argparse.Namespace) -> int:
    """Take the files in.

    Returns
    -------
    int
        0 when a snapshot was made (or all files were in it); 1 when it was made without a file that cannot be read, or
        holds no row of the files;
        3 with ``--strict`` when a row was put aside. 2 for unusable input and 4 where data of the latest snapshot would
        be lost end with a `UserError`.
    """
    store = Store(args.store)
    with _Progress() as progress:
        outcome = receive(
            args.paths, store, onto=args.onto, fresh=args.fresh, withdraw=args.withdraw, progress=progress
        )
    if args.json:
        print(json.dumps(outcome.as_json(), ensure_ascii=False, indent=1))
    if outcome.snapshot is None:
        tried = "；".join(str(entry["message"]).rstrip("。") for entry in outcome.warnings[:3])
        raise UserError(f"没有形成快照：交来的文件里没有一张表能对上数据字典。{tried}。")
    if not args.json:
        _tell(outcome)
    if outcome.refused or (
        not args.onto and not outcome.unchanged and not any(s.rows_accepted for s in outcome.sheets)
    ):
        return 1
    return 3 if args.strict and outcome.quarantined else 0


def _tell(outcome: Outcome) -> None:
    snapshot = outcome.snapshot
    assert snapshot is not None
    if outcome.unchanged:
        print(f"这些文件先前都已读入，没有变化；其后的更正仍在，最新快照仍是 {snapshot.id}；{snapshot.folder}")
        _tell_refused(outcome)
        return
    for line in _put_aside(outcome):
        print(line)
    for entry in outcome.warnings[:SHOWN]:
        print(f"提醒：{entry['message']}")
    if len(outcome.warnings) > SHOWN:
        print(f"提醒：另有 {len(outcome.warnings) - SHOWN} 条，见 shuangjian snapshots show {snapshot.id}。")
    if not any(sheet.rows_accepted for sheet in outcome.sheets):
        print("交来的文件没有一行可用，请先改正待更正表。", file=sys.stderr)
    read = sum(sheet.rows_read for sheet in outcome.sheets)
    accepted = sum(sheet.rows_accepted for sheet in outcome.sheets)
    repeats = sum(sheet.duplicates for sheet in outcome.sheets)
    left = sum(1 for sheet in outcome.sheets if sheet.table is None and sheet.sheet != LIST)
    if outcome.quarantined:
        print(f"待更正 {outcome.quarantined:,} 行：{snapshot.folder / 'quarantine.xlsx'}")
        print(f"改好后执行：shuangjian intake {snapshot.folder / 'quarantine.xlsx'} --onto {snapshot.id}")
    if outcome.missing and outcome.withdrawn:
        print(f"已撤回：{'；'.join(outcome.missing)}。")
    elif outcome.missing:
        print(
            f"仍保留：原有的{'；'.join(outcome.missing)}，在这次交来的更正文件里没有。"
            f"确要撤回，请再交一次并加 --onto {snapshot.id} --withdraw。"
        )
    unread = f"，{left} 张表没有读入" if left else ""
    mark = "（模拟数据）" if snapshot.simulated else ""
    print(
        f"快照 {snapshot.id}{mark}：{len(outcome.sheets)} 张表，读 {read:,} 行 = 收 {accepted:,}（其中重复 {repeats:,}）"
        f"+ 待更正 {outcome.quarantined:,}{unread}；{snapshot.folder}"
    )
    _tell_refused(outcome)


def _tell_refused(outcome: Outcome) -> None:
    for line in outcome.refused:
        print(f"没有读入：{line}", file=sys.stderr)
    if outcome.refused and outcome.snapshot is not None:
        print(
            f"有 {len(outcome.refused)} 个文件没有读入，其余已读入；改好后执行：shuangjian intake 文件 --onto {outcome.snapshot.id}",
            file=sys.stderr,
        )


def _put_aside(outcome: Outcome) -> list[str]:
    """Return one line for each of the first faults: where, what was read, what is wrong, what to do."""
    assert outcome.snapshot is not None
    lines = []
    faults = outcome.snapshot.quarantine().to_dict("records")
    for fault in faults[:SHOWN]:
        sheet = f"，表“{fault['sheet']}”" if fault["sheet"] else ""
        read = f"读到“{fault['value']}”，" if fault["value"] else ""
        lines.append(
            f"待更正：{fault['file']}{sheet}，第 {fault['row']} 行，“{fault['column']}”列：{read}{fault['reason']}；"
            f"{fault['suggestion']}。"
        )
    if len(faults) > SHOWN:
        lines.append(f"待更正：另有 {len(faults) - SHOWN} 处，见待更正表。")
    return lines


class _Progress:
    """A progress bar on a terminal, a line now and then elsewhere; both on standard error."""

    def __init__(self) -> None:
        self._bar: Any = None
        self._told = -1

    def __enter__(self) -> _Progress:
        return self

    def __exit__(self, *problem: object) -> None:
        if self._bar is not None:
            self._bar.close()

    def __call__(self, what: str, done: int, total: int) -> None:
        if sys.stderr.isatty():
            from tqdm import tqdm

            if self._bar is None:
                self._bar = tqdm(total=total, unit="个", desc="读入", leave=False)
            self._bar.set_description(what[:24])
            self._bar.update(done - self._bar.n)
        elif done * 4 // max(1, total) > self._told or done == total:
            self._told = done * 4 // max(1, total)
            print(f"读入 {done}/{total}：{what}", file=sys.stderr)
