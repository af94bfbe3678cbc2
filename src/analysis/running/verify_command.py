"""``shuangjian verify``: prove a packet again, and tell the outcome in its exit status."""

from __future__ import annotations

import argparse
import json

from analysis.running.verification import STATUSES, VERDICTS, Verification, packet_folder, verify

SHOWN = 20


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's arguments."""
    parser.add_argument("packets", nargs="+", metavar="成品包", help="目录，如 reports/evaluation/district")
    parser.add_argument("--json", action="store_true", help="输出机器可读的 JSON（每个成品包一行）")


def run(args: argparse.Namespace) -> int:
    """Verify: 0 identical, 3 the same in print, 5 files unchecked, 1 different, 4 cannot be rerun (the gravest of several)."""
    worst = 0
    for name in args.packets:
        result = verify(packet_folder(name))
        print(json.dumps(result.as_dict(), ensure_ascii=False) if args.json else _told(result))
        worst = max(worst, STATUSES[result.verdict], key=[0, 3, 5, 4, 1].index)
    return worst


def _told(result: Verification) -> str:
    lines = [f"{result.packet}：{VERDICTS[result.verdict]}。"]
    if result.reason:
        lines.append(f"  未能重算：{result.reason}")
    for part, word in (("statistics", "统计量"), ("cells", "表格单元格"), ("recomputed", "由快照逐一重算的统计量")):
        counts = result.counts.get(part)
        if counts:
            total = sum(counts.values())
            lines.append(
                f"  {word}{total}个：{counts['identical']}个相同，{counts['rounding']}个仅舍入不同，{counts['differs']}个不同"
            )
    lines += [
        f"  {VERDICTS[finding['kind']]}：{finding['place']}，成品包中为 {finding['packet']}，重算为 {finding['again']}"
        for finding in result.findings[:SHOWN]
    ]
    if len(result.findings) > SHOWN:
        lines.append(f"  另有{len(result.findings) - SHOWN}处，见 --json 的输出")
    lines += [f"  注意：{note}" for note in result.notes]
    return "\n".join(lines)
