"""`shuangjian suggestions`: is the register of suggestions in order, and a new entry from the template."""

from __future__ import annotations

import argparse
import json
from pathlib import Path

from analysis.house import UserError, atomic_write, path
from analysis.letters.deadlines import chinese_date, deadline
from analysis.letters.documents import documents
from analysis.letters.place import place
from analysis.letters.register import Fault, faults
from analysis.letters.suggestions import NAME, files, folder, read
from analysis.reference.messages import shown
from analysis.reference.settings import settings
from analysis.reference.suggestions import Suggestion

TEMPLATE = "suggestion.toml.template"
_ORDER = ("error", "open", "warning", "")
_LABELS = {"error": "错误", "open": "待办", "warning": "提醒"}


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's arguments."""
    parser.add_argument("files", nargs="*", type=Path, metavar="文件", help="要检查的登记文件（默认：登记册全部）")
    parser.add_argument("--new", metavar="编号", help="按模板新建一件，如 2026-018")
    parser.add_argument("--json", action="store_true", help="输出 JSON")


def run(args: argparse.Namespace) -> int:
    """Check entries (1 if any has a fault), or write a new one."""
    if args.new:
        return _new(args.new)
    targets = args.files or files()
    if not targets:
        raise UserError(f"登记册 {shown(folder())} 中没有登记文件；可用 shuangjian suggestions --new 2026-001 新建。")
    rules, known, district = place(), documents(), settings().bureau.district
    rows, wrong, lines = [], False, []
    for file in targets:
        try:
            suggestion = read(file)
        except UserError as slip:
            rows.append(_unread(file, slip.message))
            lines.append(f"✗ {slip.message}")
            wrong = True
            continue
        found = faults(suggestion, rules, known, district)
        wrong = wrong or any(item.severity == "error" for item in found)
        rows.append(_row(suggestion, found, deadline(suggestion, rules, district).due.isoformat()))
        lines += _lines(suggestion, found, chinese_date(deadline(suggestion, rules, district).due))
    print(json.dumps({"suggestions": rows}, ensure_ascii=False, indent=2) if args.json else "\n".join(lines))
    return int(wrong)


def _row(suggestion: Suggestion, found: list[Fault], due: str) -> dict[str, object]:
    return {
        "suggestion": suggestion.id,
        "file": shown(suggestion.file),
        "title": suggestion.title,
        "due": due,
        "letters": list(suggestion.letters),
        "points": len(suggestion.points),
        "faults": [item.as_dict(suggestion) for item in found],
    }


def _unread(file: Path, message: str) -> dict[str, object]:
    fault = {"file": shown(file), "suggestion": file.stem, "place": "", "severity": "error", "message": message}
    empty: dict[str, object] = {
        "suggestion": file.stem,
        "file": shown(file),
        "title": "",
        "due": None,
        "letters": [],
        "points": 0,
    }
    return {**empty, "faults": [fault]}


def _lines(suggestion: Suggestion, found: list[Fault], due: str) -> list[str]:
    worst = min((_ORDER.index(item.severity) for item in found), default=len(_ORDER) - 1)
    head = f"{'✗…✓✓'[worst]} {suggestion.id} {suggestion.title}：{len(suggestion.points)}条请求，期限{due}"
    return [head, *(f"    {_LABELS[item.severity]}，{item.place}：{item.message}" for item in found)]


def _new(name: str) -> int:
    if not NAME.fullmatch(name):
        raise UserError(f"编号“{name}”应为“年份-编号”，如 2026-018。")
    target = folder() / f"{name}.toml"
    if target.exists():
        raise UserError(f"{shown(target)} 已经存在；请换一个编号，或直接修改该文件。")
    atomic_write(target, path("data", "suggestions", TEMPLATE).read_text(encoding="utf-8"))
    print(f"已新建 {shown(target)}；请照其中的说明填写，再运行 shuangjian suggestions 检查。")
    return 0
