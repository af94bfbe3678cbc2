"""``shuangjian reference``: hold the reference files against their models."""

from __future__ import annotations

import argparse
import sys

from analysis.reference.files import every, slips


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    parser.add_argument("--check", action="store_true", help="逐条列出参考数据文件中写错的地方（默认）")


def run(args: argparse.Namespace) -> int:
    """Print one line for each slip; the exit status is 2 if there is one."""
    found = slips()
    for line in found:
        print(line, file=sys.stderr)
    if found:
        return 2
    print(f"参考数据{len(list(every()))}个文件，没有问题。")
    return 0
