"""`shuangjian published`: can the figures of letters already sent be reproduced?"""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import TYPE_CHECKING

from analysis.house import UserError
from analysis.letters.judgement import LABELS, Judgement, judge
from analysis.letters.published import folder, letters
from analysis.letters.recording import record
from analysis.reference.messages import shown
from analysis.reference.published import Letter
from analysis.reference.settings import settings

if TYPE_CHECKING:
    from analysis.indicators.study import Study


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's arguments."""
    parser.add_argument(
        "letters", nargs="*", metavar="答复", help="要核对的答复（data/published 中的文件名，默认全部）"
    )
    parser.add_argument("--snapshot", default="latest", metavar="快照", help="据以核对的快照（默认：最新）")
    parser.add_argument("--as-of", metavar="日期", help="数据截至何日（默认：学期末）")
    parser.add_argument("--record", type=Path, metavar="成品包", help="把寄出的答复（成品包目录）登记为已发布的数字")
    parser.add_argument("--json", action="store_true", help="输出 JSON")


def run(args: argparse.Namespace) -> int:
    """Judge every claim; exit status 1 if one is not reproduced or the letter contradicts itself."""
    if args.record:
        made = record(args.record)
        print(f"已登记 {shown(made)}；以后的答复会与其中的数字核对。")
        return 0
    chosen = choose(args.letters)
    rows = [(letter, judge(letter, study_of(letter, args.snapshot, args.as_of))) for letter in chosen]
    wrong = any(item.verdict in ("not reproduced", "inconsistent") for _, judged in rows for item in judged)
    if args.json:
        print(json.dumps({"letters": [_plain(*row) for row in rows]}, ensure_ascii=False, indent=2))
    else:
        for row in rows:
            _print(*row)
    return int(wrong)


def choose(names: list[str]) -> list[Letter]:
    """Return the letters of these ids, all where none is named."""
    known = {letter.id: letter for letter in letters()}
    for name in names:
        if name not in known:
            raise UserError(f"{folder().name} 中没有“{name}”；现有：{'、'.join(known) or '（空）'}。")
    return [known[name] for name in names] or list(known.values())


def study_of(letter: Letter, snapshot: str, as_of: str | None = None) -> Study | None:
    """Return the data that a letter speaks of, None where they are of another district."""
    if letter.district != settings().bureau.district or not letter.term:
        return None
    from analysis.indicators.study import Study

    return Study(snapshot, district=letter.district, term=letter.term, as_of=as_of)


def _plain(letter: Letter, judged: tuple[Judgement, ...]) -> dict[str, object]:
    return {
        "id": letter.id,
        "title": letter.title,
        "date": letter.date.isoformat(),
        "district": letter.district,
        "term": letter.term,
        "planted": letter.planted,
        "simulated": letter.simulated,
        "claims": [item.as_dict() for item in judged],
    }


def _print(letter: Letter, judged: tuple[Judgement, ...]) -> None:
    print(f"{letter.title}（{letter.date.isoformat()}，{len(judged)}项）")
    for item in judged:
        print(f"  [{LABELS[item.verdict]}] {item.claim.text}：{item.reason}")
    counts = {label: sum(LABELS[item.verdict] == label for item in judged) for label in LABELS.values()}
    print("  合计：" + "，".join(f"{label}{count}项" for label, count in counts.items() if count))
