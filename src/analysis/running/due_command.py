"""``shuangjian due``: what is owed on a day; with ``--run``, making it once, whatever crashed before."""

from __future__ import annotations

import argparse
import json
from datetime import date

from analysis.house import UserError
from analysis.running.progress import reporter
from analysis.running.schedule import LABELS, Due, due, make_due, summary


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's arguments."""
    parser.add_argument("--on", default="", metavar="日期", help="哪一天（如 2026-07-24；默认今天）")
    parser.add_argument("--run", action="store_true", help="把到期的全部做出来；中断后再次运行即可继续")
    parser.add_argument("--jobs", type=int, default=0, help="同时运行几个（默认与处理器核数相同）")
    parser.add_argument("--json", action="store_true", help="输出机器可读的 JSON")


def run(args: argparse.Namespace) -> int:
    """List, or make, what is owed; 1 if anything failed."""
    on = _day(args.on)
    if args.run:
        account = make_due(on, reporter(as_json=False), jobs_at_once=max(args.jobs, 0))
        print(json.dumps(account, ensure_ascii=False) if args.json else summary(account), end="\n" if args.json else "")
        return 1 if account["failed"] else 0
    items = due(on)
    if args.json:
        print(json.dumps({"on": on.isoformat(), "due": [item.as_dict() for item in items]}, ensure_ascii=False))
    else:
        print("\n".join(_line(item) for item in items) or "没有登记任何到期事项。")
    return 0


def _day(words: str) -> date:
    try:
        return date.fromisoformat(words) if words else date.today()
    except ValueError:
        raise UserError(f"--on 不能是“{words}”；请写成 2026-07-24 这样的日期。") from None


def _line(item: Due) -> str:
    left = "" if item.days_left is None or item.state == "done" else _left(item.days_left)
    return f"{LABELS[item.state]}　{item.due or '无期限'}　{left}{item.title}（{item.name}）" + (
        f"：{item.note}" if item.note else ""
    )


def _left(days: int) -> str:
    return f"逾期{-days}天　" if days < 0 else f"还有{days}天　"
