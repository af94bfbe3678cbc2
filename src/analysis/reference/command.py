"""``shuangjian reference``: hold the reference files against their models; write the models for editors."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from analysis.reference.files import every, slips


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    parser.add_argument("--check", action="store_true", help="逐条列出参考数据文件中写错的地方（默认）")
    parser.add_argument(
        "--schemas", type=Path, metavar="目录", help="把各文件的 JSON Schema 写入目录，供编辑器提示与核对"
    )


def run(args: argparse.Namespace) -> int:
    """Write the schemas, or print one line for each slip; the exit status is 2 if there is one."""
    if args.schemas is not None:
        from analysis.reference.schemas import write_schemas

        print(f"已写入{write_schemas(args.schemas)}个 JSON Schema：{args.schemas}")
        if not args.check:
            return 0
    found = slips()
    for line in found:
        print(line, file=sys.stderr)
    if found:
        return 2
    print(f"参考数据{len(list(every()))}个文件，没有问题。")
    return 0
