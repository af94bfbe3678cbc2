"""``shuangjian snapshots``: list, show, compare and verify what the store holds."""

from __future__ import annotations

import argparse
import json
from dataclasses import asdict

from analysis.house import UserError
from analysis.house.content import Json
from analysis.snapshots.comparison import Change, compare
from analysis.snapshots.snapshot import Snapshot
from analysis.snapshots.store import Store
from analysis.snapshots.verification import verify

STATES = {"same": "相同", "new": "新增", "gone": "不再有", "changed": "有变化"}


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's arguments."""
    parser.set_defaults(action="list", first="latest", second="")
    parser.add_argument("--store", metavar="DIR", help="快照存放的目录（默认 data/snapshots）")
    parser.add_argument("--json", action="store_true", help="打印 JSON")
    shared = argparse.ArgumentParser(add_help=False)
    shared.add_argument("--store", metavar="DIR", default=argparse.SUPPRESS, help="快照存放的目录")
    shared.add_argument("--json", action="store_true", default=argparse.SUPPRESS, help="打印 JSON")
    actions = parser.add_subparsers(dest="action", metavar="动作", title="动作")
    actions.add_parser("list", parents=[shared], help="列出全部快照（默认）")
    show = actions.add_parser("show", parents=[shared], help="查看一个快照")
    show.add_argument("first", nargs="?", default="latest", metavar="ID", help="编号、编号开头或 latest")
    two = actions.add_parser("compare", parents=[shared], help="比较两个快照：哪些表、哪些行有变化")
    two.add_argument("first", metavar="ID1", help="较早的快照")
    two.add_argument("second", nargs="?", default="latest", metavar="ID2", help="较晚的快照（默认 latest）")
    check = actions.add_parser("verify", parents=[shared], help="核验一个快照的每个字节")
    check.add_argument("first", nargs="?", default="latest", metavar="ID", help="编号、编号开头或 latest")


def run(args: argparse.Namespace) -> int:
    """Do one action; 0 on success, 1 if `verify` found damage."""
    store = Store(args.store)
    action = {"list": _list, "show": _show, "compare": _compare, "verify": _verify}[args.action or "list"]
    return action(store, args)


def _list(store: Store, args: argparse.Namespace) -> int:
    snapshots = store.list()
    if args.json:
        print(json.dumps([_summary(one) for one in snapshots], ensure_ascii=False, indent=1))
        return 0
    if not snapshots:
        print(f"“{store.folder}”中还没有快照；请先执行 shuangjian intake data/raw。")
    for one in snapshots:
        brief = _summary(one)
        mark = "（模拟）" if brief["simulated"] else ""
        parent = f"，更正自 {brief['parent']}" if brief["parent"] else ""
        counts = [count for name, count in brief["tables"].items() if name != "refused"]
        rows = f"{len(counts)} 张表 {sum(counts):,} 行"
        print(f"{one.id}{mark} {brief['received'][:19]} {rows}，待更正 {brief['quarantined']:,} 行{parent}")
    return 0


def _summary(one: Snapshot) -> Json:
    manifest = one.manifest
    return {
        "id": one.id,
        "received": one.received,
        "simulated": one.simulated,
        "parent": manifest["parent"],
        "tables": {name: manifest["tables"][name]["rows"] for name in one.tables},
        "raw_files": len(manifest["raw"]),
        "quarantined": manifest.get("quarantined", 0),
    }


def _show(store: Store, args: argparse.Namespace) -> int:
    one = store.open(args.first)
    manifest = one.manifest
    if args.json:
        print(json.dumps({**_summary(one), "manifest": manifest}, ensure_ascii=False, indent=1))
        return 0
    print(f"快照 {one.id}{'（模拟数据）' if one.simulated else ''}，收于 {one.received[:19]}，{one.folder}")
    if manifest["parent"]:
        print(f"更正自 {manifest['parent']}")
    for name in one.tables:
        entry = manifest["tables"][name]
        schools = len([school for school in entry["slices"] if school])
        told = "（待更正各行所知的主键）" if name == "refused" else f"，{schools} 所学校" if schools else ""
        print(f"  {name}：{entry['rows']:,} 行{told}")
    for name, entry in manifest["private"].items():
        print(f"  {name}：{entry['rows']:,} 行（单独保管，不进入报告）")
    for sheet in manifest.get("sheets", ()):
        place = sheet["path"] + (f"，表“{sheet['sheet']}”" if sheet["sheet"] else "")
        if sheet["table"] is None:
            print(f"  未读入：{place}")
        elif sheet["rows_quarantined"] or sheet["duplicates"]:
            print(
                f"  {place}：读 {sheet['rows_read']:,}，收 {sheet['rows_accepted']:,}"
                f"（重复 {sheet['duplicates']:,}），待更正 {sheet['rows_quarantined']:,}"
            )
    for entry in manifest.get("warnings", ()):
        print(f"  提醒：{entry['message']}")
    if "quarantine.xlsx" in manifest["files"]:
        print(f"待更正 {manifest['quarantined']:,} 行：{one.folder / 'quarantine.xlsx'}")
    return 0


def _compare(store: Store, args: argparse.Namespace) -> int:
    before, after = store.open(args.first), store.open(args.second)
    changes = compare(before, after)
    if args.json:
        answer = {"before": before.id, "after": after.id, "tables": [asdict(change) for change in changes]}
        print(json.dumps(answer, ensure_ascii=False, indent=1))
        return 0
    print(f"{before.id} → {after.id}")
    for change in changes:
        print(_told(change))
        for example in change.examples[:5]:
            key = "，".join(str(value) for value in example["key"].values())
            values = "；".join(f"{name} {old} → {new}" for name, (old, new) in example["columns"].items())
            print(f"    {key}：{values}")
    return 0


def _told(change: Change) -> str:
    if change.state == "same":
        return f"  {change.table}：相同（{change.rows_after:,} 行）"
    rows = f"新增 {change.added:,} 行，减少 {change.removed:,} 行，改动 {change.changed:,} 行"
    schools = (
        f"，涉及学校 {'、'.join(change.schools[:5])}{' 等' if len(change.schools) > 5 else ''}"
        if change.schools
        else ""
    )
    return f"  {change.table}：{STATES[change.state]}，{rows}{schools}"


def _verify(store: Store, args: argparse.Namespace) -> int:
    one = store.open(args.first)
    wrong = verify(store, one)
    if args.json:
        print(json.dumps({"id": one.id, "sound": not wrong, "problems": wrong}, ensure_ascii=False, indent=1))
    elif not wrong:
        print(
            f"快照 {one.id} 完好：{len(one.manifest['tables'])} 张表、{len(one.manifest['raw'])} 个原始文件逐字节相符。"
        )
    else:
        raise UserError(
            f"快照 {one.id} 已损坏：{'；'.join(wrong)}。请从备份恢复，或用原始文件重新读入。", exit_status=1
        )
    return 1 if wrong else 0
