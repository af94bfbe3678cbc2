"""`shuangjian publish NOTEBOOK…`: pass executed notebooks through the gate and write their editions."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from analysis.house import UserError
from analysis.publishing.publication import publish
from analysis.publishing.rendering import FORMATS
from analysis.snapshots import Store


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's arguments."""
    parser.add_argument("notebooks", nargs="+", metavar="笔记本", help="已执行的笔记本（.ipynb）")
    parser.add_argument("--to", metavar="目录", help="成品目录（默认：笔记本旁的同名目录；多个笔记本各占一个子目录）")
    parser.add_argument(
        "--format", action="append", choices=tuple(FORMATS), help="格式，可重复给出（默认 html、pdf、docx 全部）"
    )


def target(notebook: Path, to: str | None, several: bool) -> Path:
    """Return the folder of one notebook's edition."""
    if to is None:
        return notebook.with_suffix("")
    return Path(to, notebook.stem) if several else Path(to)


def run(args: argparse.Namespace) -> int:
    """Publish each notebook; one that is refused does not stop the others. 1 if any was refused."""
    notebooks = [Path(name) for name in args.notebooks]
    names = Store().known_names()
    refused = 0
    for notebook in notebooks:
        folder = target(notebook, args.to, len(notebooks) > 1)
        try:
            publish(notebook, folder, formats=args.format or tuple(FORMATS), known_names=names)
            print(folder)
        except UserError as mistake:
            refused += 1
            print(f"{notebook}：{mistake.message}", file=sys.stderr)
    return 1 if refused else 0
