"""``shuangjian build``: make every report and letter that is owed."""

from __future__ import annotations

import argparse
import os
from pathlib import Path

from analysis.running.build import STATE, Request, Run, build, planned, reports_folder
from analysis.running.progress import JsonLines, reporter

KEPT = 4
"""The exit status where finished documents stayed because their data are not in the snapshot."""


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's arguments."""
    parser.add_argument("editions", nargs="*", metavar="报告", help="reports/editions.toml 中的名称；不写为全部")
    parser.add_argument("--school", default="", help="只做一所学校（代码、简称或全称）")
    parser.add_argument("--snapshot", default="latest", help="所用快照的编号（默认最新）")
    parser.add_argument("--jobs", type=int, default=0, help="同时运行几个（默认与处理器核数相同）")
    parser.add_argument("--force", action="store_true", help="没有变化的也重新生成")
    parser.add_argument("--replace", action="store_true", help="数据不在了的报告也以“未报送”页取代（默认保留原报告）")
    parser.add_argument("--dry-run", action="store_true", help="只说明哪些要生成、为什么，不生成")
    parser.add_argument("--engine", default="duckdb", help="计算引擎：duckdb、pandas 或 spark://主机:端口")
    parser.add_argument(
        "--runner",
        choices=("shuangjian", "stock"),
        default="shuangjian",
        help="笔记本执行器（stock 为 papermill 自带）",
    )
    parser.add_argument("--executor", default="local", help="local（本机）、dask（本机集群）或 tcp://…（已有的集群）")
    parser.add_argument("--json", action="store_true", help="输出机器可读的 JSON 行")


def run(args: argparse.Namespace) -> int:
    """Build, and tell what was made, what failed and what stayed.

    Returns
    -------
    int
        1 if anything failed; else 4 if a finished document stayed because its data are not in the snapshot; else 0.
    """
    request = Request(
        editions=tuple(args.editions),
        school=args.school,
        snapshot=args.snapshot,
        jobs=max(args.jobs, 0),
        force=args.force,
        replace=args.replace,
        runner=args.runner,
        engine=_engine(args.engine),
        executor=args.executor,
    )
    progress = reporter(as_json=args.json)
    if args.dry_run:
        return _tell_plan(request, progress if isinstance(progress, JsonLines) else None)
    result = build(request, progress)
    if isinstance(progress, JsonLines):
        progress.summary(**result.as_dict())
    else:
        _tell(result)
    return 1 if result.failed else KEPT if result.kept else 0


def _engine(name: str) -> str:
    """Return the name of an engine that exists."""
    if name != "duckdb":
        from analysis.indicators.engine import engine

        engine(name)
    return name


def _tell_plan(request: Request, lines: JsonLines | None) -> int:
    decided = planned(request)
    for job, reasons in decided:
        if lines is not None:
            lines.plan(name=job.name, label=job.label, make=bool(reasons), reasons=reasons)
        elif reasons:
            print(f"将生成 {job.label}（{job.name}）：{'；'.join(reasons)}")
    if lines is None:
        count = sum(bool(reasons) for _, reasons in decided)
        print(f"共{len(decided)}份，将生成{count}份，{len(decided) - count}份没有变化。")
    return 0


def _tell(result: Run) -> None:
    made = [outcome for outcome in result.outcomes if outcome.made]
    for outcome in sorted(made, key=lambda item: item.name):
        pages = [name for name in outcome.files if "/" not in name and name.endswith((".html", ".pdf", ".docx"))]
        print(f"{outcome.label}：{'、'.join(_near(str(reports_folder() / outcome.name / page)) for page in pages)}")
    print(
        f"生成{len(made)}份，{len(result.skipped)}份没有变化，失败{len(result.failed)}份。目录：{_near(result.index)}"
    )
    if result.kept:
        print(f"保留原有{len(result.kept)}份：")
        for outcome in result.kept:
            print(f"  {outcome.label}：{outcome.error}（{_near(outcome.look)}）")
    for line in result.pending:
        print(f"尚不能答复 {line}")
    if result.failed:
        print("未能生成：")
        for outcome in result.failed:
            where = f"单元格[{outcome.cell}]，" if outcome.cell else ""
            print(f"  {outcome.label}：{where}{outcome.error}（见 {_near(outcome.look)}）")
        print(f"改正后再次运行 shuangjian build 即可，只补做未完成的。运行记录：{_near(str(reports_folder() / STATE))}")


def _near(file: str) -> str:
    """Return a path as seen from the working directory, if it lies below it."""
    try:
        return str(Path(file).relative_to(os.getcwd()))
    except ValueError:
        return file
