"""`shuangjian fonts`: which font plays each role; `--get` gets what is missing."""

from __future__ import annotations

import argparse

from analysis.house import UserError
from analysis.house import fonts as house_fonts
from analysis.publishing import font_sources


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's options."""
    parser.add_argument("--get", action="store_true", help="把缺少的字体取到本用户的缓存目录（已齐则什么也不做）")


def run(args: argparse.Namespace) -> int:
    """Show the fonts, after getting what is missing if asked; 1 if a role is still not played."""
    lacking = house_fonts.missing()
    if args.get and lacking:
        lacking = font_sources.get(lacking, lambda line: print(line, flush=True))
    for name, role in house_fonts.ROLES.items():
        font = house_fonts.find(name)
        if font is None:
            print(f"{role.label}：缺" if name in lacking else f"{role.label}：由黑体代替")
        else:
            print(f"{role.label}：{font.file}（{'正式字体' if font.official else '开源替代'}）")
    if lacking:
        names = "、".join(house_fonts.ROLES[role].label for role in lacking)
        remedy = font_sources.advice() if args.get else "请运行 shuangjian fonts --get。"
        raise UserError(f"缺少字体：{names}；{remedy}", exit_status=1)
    return 0
