"""`shuangjian indicators`: list the catalogue, or write the methodology appendix."""

from __future__ import annotations

import argparse
import json
import unicodedata
from pathlib import Path

from analysis.house import atomic_write
from analysis.indicators.appendix import appendix
from analysis.indicators.catalogue import entries
from analysis.indicators.dimensions import name_of
from analysis.indicators.measuring import groupable
from analysis.indicators.registry import bindings


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    parser.add_argument("--json", action="store_true", help="向标准输出打印 JSON")
    parser.add_argument("--appendix", type=Path, metavar="文件", help="把指标与规则的说明写成 Markdown 文件")


def run(args: argparse.Namespace) -> int:
    """List the indicators: id, name, unit, and what each can be grouped by."""
    if args.appendix:
        atomic_write(args.appendix, appendix())
        print(args.appendix)
        return 0
    catalogue, bound = entries(), bindings()
    by = {id: groupable(bound[id]) if id in bound else [] for id in catalogue}
    if args.json:
        listed = [{**entry.as_dict(), "by": by[id]} for id, entry in catalogue.items()]
        print(json.dumps({"version": 1, "indicators": listed}, ensure_ascii=False, indent=2))
        return 0
    wide = max(_width(id) for id in catalogue)
    named = max(_width(entry.label) for entry in catalogue.values())
    for id, entry in catalogue.items():
        groups = "、".join(name_of(name) for name in by[id])
        print(f"{_padded(id, wide)}  {_padded(entry.label, named)}  {_padded(entry.unit, 8)}  {groups}".rstrip())
    print(f"共 {len(catalogue)} 个指标；定义见 shuangjian indicators --json 或 docs/indicators.md。")
    return 0


def _width(words: str) -> int:
    return sum(2 if unicodedata.east_asian_width(letter) in "WF" else 1 for letter in words)


def _padded(words: str, width: int) -> str:
    return words + " " * (width - _width(words))
