"""`shuangjian check`: sums, counts, numbers, dates and words of a draft letter, and its figures against a snapshot."""

from __future__ import annotations

import argparse
import json
from pathlib import Path

from analysis.letters.checker import findings, summary
from analysis.letters.checks import kinds
from analysis.letters.draft_readers import read
from analysis.letters.findings import Finding, ordered
from analysis.reference.messages import shown
from analysis.reference.settings import settings

_MARKS = {"error": "✗", "warning": "！", "note": "·"}


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's arguments."""
    parser.add_argument("file", type=Path, metavar="文稿", help=".txt、.md、.docx 或 .html")
    parser.add_argument("--against", metavar="快照", help="另与快照核对文中的指标数字（编号或 latest）")
    parser.add_argument("--district", metavar="区代码", help="核对哪个区（默认：本地设置）")
    parser.add_argument("--term", metavar="学期", help="核对哪个学期（默认：快照中最近的学期）")
    parser.add_argument("--quiet", action="store_true", help="不列出相符的各项")
    parser.add_argument("--json", action="store_true", help="输出 JSON")


def run(args: argparse.Namespace) -> int:
    """Check one draft; exit status 1 if anything must be mended."""
    draft = read(args.file)
    found = findings(draft)
    if args.against:
        from analysis.letters.checks import figures

        district = args.district or settings().bureau.district
        found = ordered(
            [*found, *figures.against(draft, snapshot=args.against, district=district, term=args.term or "")]
        )
    count = summary(found)
    if args.json:
        print(json.dumps({"findings": [item.as_dict() for item in found]}, ensure_ascii=False, indent=2))
    else:
        for item in found:
            if not (args.quiet and item.holds):
                print(_line(item))
        print(
            f"{shown(args.file)}：错误{count['error']}处，提醒{count['warning']}处，说明{count['note']}处；核对相符{count['holds']}处。"
        )
    return int(count["error"] > 0)


def _line(item: Finding) -> str:
    mark = "✓" if item.holds else _MARKS[item.severity]
    place = f"第{item.line}行" if item.line else "全文"
    quoted = f"“{item.text}”" if item.text else ""
    return f"{mark} {place} [{kinds()[item.kind]}] {quoted}{item.message}"
