"""The `shuangjian` command: each subcommand lives with the floor that it belongs to and is imported when called."""

from __future__ import annotations

import argparse
import importlib
import os
import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING

from analysis import __version__
from analysis.house import UserError

if TYPE_CHECKING:
    from _typeshed import SupportsWrite

COMMANDS = {
    "simulate": ("analysis.simulation.command", "生成模拟区的原始文件"),
    "intake": ("analysis.intake.command", "读入并检查原始文件，形成快照"),
    "reference": ("analysis.reference.command", "核对参考数据文件（规则等）的写法"),
    "dictionary": ("analysis.intake.dictionary_command", "生成数据字典页"),
    "snapshots": ("analysis.snapshots.command", "列出、查看、比较、核验快照"),
    "indicators": ("analysis.indicators.command", "列出指标目录"),
    "draw": ("analysis.inspections.draw_command", "双随机抽取机构与检查人员，核对与跟进"),
    "build": ("analysis.running.build_command", "执行笔记本，生成报告与答复"),
    "verify": ("analysis.running.verify_command", "从成品包重算并逐项比对"),
    "due": ("analysis.running.due_command", "列出或办理到期的报告与答复"),
    "publish": ("analysis.publishing.command", "对已执行的笔记本过闸并发布"),
    "fonts": ("analysis.publishing.fonts_command", "查看并补齐字体"),
    "check": ("analysis.letters.check_command", "检查答复稿"),
    "published": ("analysis.letters.published_command", "核对已发布的数字"),
    "suggestions": ("analysis.letters.register_command", "检查代表建议登记册"),
}

GUARDED = ("intake", "build", "check", "due", "publish")
"""Commands that first hold the reference files against their models: a misspelt word would turn their results round."""

_WORDS = {
    "usage: ": "用法：",
    "options": "选项",
    "positional arguments": "参数",
    "show this help message and exit": "显示本帮助后退出",
    "show program's version number and exit": "显示版本号后退出",
    "the following arguments are required: %s": "缺少参数：%s",
    "unrecognized arguments: %s": "不认识的参数：%s",
    "argument %(argument_name)s: %(message)s": "参数 %(argument_name)s：%(message)s",
    "invalid choice: %(value)r (choose from %(choices)s)": "不能是 %(value)s，可用：%(choices)s",
    "invalid %(type)s value: %(value)r": "不能是 %(value)s",
    "expected one argument": "后面要跟一个值",
    "expected at least one argument": "后面至少要跟一个值",
    "%(prog)s: error: %(message)s\n": "%(prog)s：%(message)s；用法见 %(prog)s --help\n",
}
# argparse has no Chinese catalogue; these replace the words of its help and its errors.


class _Parser(argparse.ArgumentParser):
    """A parser whose errors are one Chinese line."""

    def print_usage(self, file: SupportsWrite[str] | None = None) -> None:
        """Say nothing before an error: the line itself names where the usage is."""


def _parser() -> argparse.ArgumentParser:
    argparse._ = lambda words: _WORDS.get(words, words)  # type: ignore[attr-defined]
    parser = argparse.ArgumentParser(prog="shuangjian", description="双减工作数据分析与报告套件", allow_abbrev=False)
    parser.add_argument("--version", action="version", version=f"shuangjian {__version__}")
    commands = parser.add_subparsers(dest="command", metavar="命令", title="命令")
    for name, (_, purpose) in COMMANDS.items():
        commands.add_parser(name, help=purpose, add_help=False)
    return parser


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command and return its exit status (2 for a user's mistake, 130 after Ctrl-C)."""
    words = list(sys.argv[1:] if argv is None else argv)
    parser = _parser()
    if not words or words[0] not in COMMANDS:
        if words and not words[0].startswith("-"):
            print(f"没有“{words[0]}”这个命令；可用的命令：{'、'.join(COMMANDS)}。", file=sys.stderr)
            return 2
        parser.parse_args(words)
        parser.print_help()
        return 0
    module, purpose = COMMANDS[words[0]]
    try:
        command = importlib.import_module(module)
        own = _Parser(prog=f"shuangjian {words[0]}", description=purpose, allow_abbrev=False)
        command.arguments(own)
        args = own.parse_args(words[1:])
        if words[0] in GUARDED:
            importlib.import_module("analysis.reference.files").refuse_slips()
        return int(command.run(args))
    except UserError as mistake:
        print(mistake.message, file=sys.stderr)
        return mistake.exit_status
    except KeyboardInterrupt:
        print("已按要求中断；再次运行同一命令即可继续。", file=sys.stderr)
        return 130
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1


if __name__ == "__main__":
    sys.exit(main())
