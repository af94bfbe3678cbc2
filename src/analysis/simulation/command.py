"""`shuangjian simulate`: write the raw files of a simulated district, or large tables for measuring."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from analysis.house import UserError, atomic_directory, atomic_write
from analysis.rules import term_ids
from analysis.simulation import large, raw, truth
from analysis.simulation.district import District
from analysis.simulation.faults import answer_key
from analysis.simulation.sources import strangers

MOST_SCHOOLS = 400


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    parser.add_argument(
        "out", type=Path, metavar="目录", help="写到哪个目录（目录须为空、不存在，或只有以前生成的模拟文件）"
    )
    parser.add_argument(
        "--seed", type=int, default=truth.SEED, help="随机种子；同一种子得到同样的文件（默认 %(default)s）"
    )
    parser.add_argument("--schools", type=int, default=8, metavar="所", help="学校数（默认 8）")
    parser.add_argument(
        "--terms", nargs="+", default=["2025-2026-2"], metavar="学期", help="学期，可写多个（默认 2025-2026-2）"
    )
    parser.add_argument("--every-week", action="store_true", help="逐生考勤每周都有（默认只有双周）")
    parser.add_argument("--registers", action="store_true", help="另写督查、校外培训机构等登记表")
    parser.add_argument("--key", type=Path, metavar="文件", help="另存所埋差错的清单（TOML）")
    parser.add_argument(
        "--ledger-rows", type=int, default=0, metavar="行", help="改为生成大表：作业台账行数（Parquet）"
    )
    parser.add_argument(
        "--attendance-rows", type=int, default=0, metavar="行", help="改为生成大表：考勤行数（Parquet）"
    )
    parser.add_argument("--csv", action="store_true", help="大表中的作业台账另存为 GB18030 编码的 CSV")


def run(args: argparse.Namespace) -> int:
    """Write what was asked for and print the folder."""
    _check(args)
    if args.ledger_rows or args.attendance_rows:
        with atomic_directory(args.out) as folder:
            large.write(folder, args.ledger_rows, args.attendance_rows, seed=args.seed, csv=args.csv)
        print(args.out)
        return 0
    faults = []
    with atomic_directory(args.out) as folder:
        for number, term in enumerate(args.terms):
            part = folder if len(args.terms) == 1 else folder / term
            part.mkdir(exist_ok=True)
            district = District(args.seed, term, args.schools)
            faults += raw.write_raw(
                district,
                part,
                every_week=args.every_week,
                registers_too=args.registers,
                earlier=not number,
                tell=_tell,
            )
    if args.key:
        atomic_write(args.key, answer_key(faults, truth.MARK))
    print(args.out)
    return 0


def _tell(part: str) -> None:
    print(f"正在生成：{part}", file=sys.stderr)


def _check(args: argparse.Namespace) -> None:
    known = term_ids(truth.DISTRICT)
    for term in args.terms:
        if term not in known:
            raise UserError(f"没有“{term}”这个学期；可选：{'、'.join(known)}（见 data/reference/terms.toml）。")
    if not 1 <= args.schools <= MOST_SCHOOLS:
        raise UserError(f"--schools 应为 1–{MOST_SCHOOLS}，读到 {args.schools}。")
    if min(args.seed, args.ledger_rows, args.attendance_rows) < 0:
        raise UserError("--seed、--ledger-rows、--attendance-rows 不能为负数。")
    if args.csv and not args.ledger_rows:
        raise UserError("--csv 只与 --ledger-rows 同用；请给出作业台账的行数。")
    if args.out.is_file():
        raise UserError(f"“{args.out}”是文件；请给出一个目录。")
    others = strangers(args.out) if args.out.is_dir() else []
    if others:
        raise UserError(f"“{args.out}”中有不是模拟生成的文件（如“{others[0].name}”）；为免误删，请换一个空目录。")
