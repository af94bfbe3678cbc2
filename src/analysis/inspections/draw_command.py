"""`shuangjian draw`: draw institutions and inspectors, check a protocol, follow what became of it."""

from __future__ import annotations

import argparse
import json
from datetime import date
from pathlib import Path

from analysis.house import UserError, atomic_write, path
from analysis.inspections import following, protocol
from analysis.inspections.drawing import Lists, balance, draw
from analysis.reference.settings import settings
from analysis.snapshots import Snapshot, Store

PROTOCOL = "protocol.json"


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's arguments."""
    what = parser.add_mutually_exclusive_group(required=True)
    what.add_argument("--round", metavar="轮次", help="抽取一轮，如 2026-09第1轮")
    what.add_argument("--check", type=Path, metavar="记录", help="按抽取记录（protocol.json）重抽并核对")
    what.add_argument("--follow", type=Path, metavar="记录", help="查看一轮的结果、公示与整改")
    parser.add_argument("--seed", default="", metavar="种子", help="事先公布的随机种子（文字或数字）")
    parser.add_argument("--published", type=_day, metavar="日期", help="种子公布的日期，须早于抽取日")
    parser.add_argument("--where", default="", metavar="出处", help="种子公布在何处")
    parser.add_argument("--on", type=_day, metavar="日期", help="抽取日或查看日（默认今天）")
    parser.add_argument(
        "--snapshot", default="", metavar="快照", help="快照编号或 latest（默认 latest；核对时默认不查）"
    )
    parser.add_argument("--out", type=Path, metavar="目录", help="写到哪个目录（默认 reports/draws/<轮次>）")
    parser.add_argument("--json", action="store_true", help="输出 JSON")


def _day(told: str) -> date:
    try:
        return date.fromisoformat(told)
    except ValueError:
        raise argparse.ArgumentTypeError(f"“{told}”不是日期；请写作 2026-07-20") from None


def run(args: argparse.Namespace) -> int:
    """Draw, check or follow; a protocol that does not hold gives exit status 1."""
    if args.check:
        return _check(args)
    return _follow(args) if args.follow else _draw(args)


def _draw(args: argparse.Namespace) -> int:
    if args.published is None:
        raise UserError("没有写种子公布的日期；请用 --published 写上，种子须在抽取之前公布。")
    if any(mark in args.round for mark in '/\\:*?"<>|'):
        raise UserError(f"轮次“{args.round}”中有不能作目录名的字符；请改写，如 2026-09第1轮。")
    told = protocol.protocol(
        _snapshot(args),
        round_=args.round,
        seed=args.seed,
        published=args.published,
        where=args.where,
        on=args.on or date.today(),
        district=settings().bureau.district,
    )
    folder = args.out or path("reports", "draws", args.round)
    if (folder / PROTOCOL).exists() and protocol.read(folder / PROTOCOL) != told:
        raise UserError(f"“{folder}”中已有另一次抽取的记录；一轮只抽一次，请另写轮次或另选目录。")
    from analysis.inspections.page import publish_draw

    publish_draw(told, folder)
    atomic_write(folder / PROTOCOL, json.dumps(told, ensure_ascii=False, indent=1) + "\n")
    if args.json:
        print(json.dumps(told, ensure_ascii=False, indent=1))
        return 0
    for own in told["visits"]:
        print(f"{own['institution']}（风险等级{own['risk']}）：{'、'.join(own['inspectors'])}")
    low, high = balance(draw(told["seed"]["text"], told["round"], Lists.from_dict(told["lists"])))
    print(f"抽取 {len(told['visits'])} 家，派出的人员每人 {low}–{high} 家；记录与公示页：{folder}")
    return 0


def _snapshot(args: argparse.Namespace) -> Snapshot:
    return Store().open(args.snapshot or "latest")


def _check(args: argparse.Namespace) -> int:
    told = protocol.read(args.check)
    found = protocol.differences(told, _snapshot(args) if args.snapshot else None)
    if args.json:
        print(json.dumps({"version": 1, "round": told["round"], "differences": found}, ensure_ascii=False, indent=1))
    else:
        for line in found:
            print(f"✗ {line}。")
        held = "名单、种子与结果" + ("都与快照和重抽相符" if args.snapshot else "都与重抽相符")
        print(f"{told['round']}：{f'有 {len(found)} 处不符' if found else held}。")
    return int(bool(found))


def _follow(args: argparse.Namespace) -> int:
    told = protocol.read(args.follow)
    on = args.on or date.today()
    found = following.followed(told, _snapshot(args), on)
    if args.out:
        from analysis.inspections.page import publish_progress

        publish_progress(told, found, on, args.out)
    if args.json:
        listed = [each.as_dict() for each in found]
        print(
            json.dumps(
                {"version": 1, "round": told["round"], "on": on.isoformat(), "visits": listed},
                ensure_ascii=False,
                indent=1,
            )
        )
        return 0
    for each in found:
        until = f"，期限 {each.deadline}" if each.deadline else ""
        shown = f"；{following.PUBLISHED[each.publication]}（不晚于 {each.publish_by}）" if each.publication else ""
        other = f"；{each.changed}" if each.changed else ""
        print(f"{each.institution} {each.name}：{following.STATES[each.state]}{until}{shown}{other}")
    late = sum(each.state == "overdue" or each.publication in ("late", "missing") for each in found)
    print(f"{told['round']}，截至 {on}：共 {len(found)} 家，逾期 {late} 家。")
    return 0
