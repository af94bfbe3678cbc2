"""Change one thing in the code and see whether a test notices: `make mutants`.

Cosmic Ray finds what can be changed (a sign, a comparison, a number, a condition) in the modules whose mistakes would
stand in a letter, and changes it, one place at a time, in a copy of the tree. Those tests of the package that execute the
line (`tools/executed.py`) run until one fails; what no test executes survives at once. All places are too many for one sitting, so a seeded sample is drawn; the share killed is told with its interval
(Wilson, 1927). Survivors are written down with their line; what a person judged them to be (``judged``) is kept from run
to run.

Run: ``python tools/mutants.py [--sample 300] [--seed 1] [--jobs 2] [--only statistics]``; result in
``benchmarks/mutants.json``.
"""

from __future__ import annotations

import argparse
import ast
import json
import math
import os
import random
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass
from pathlib import Path
from queue import Queue
from subprocess import PIPE, STDOUT

from executed import Executed

ROOT = Path(__file__).resolve().parents[1]
RESULT = ROOT / "benchmarks" / "mutants.json"
MODULES = {
    "statistics": ("src/analysis/statistics/*.py",),
    "indicators": ("src/analysis/indicators/*.py",),
    "rules": ("src/analysis/rules/*.py",),
    "checks": ("src/analysis/letters/checks/*.py",),
    "records": ("src/analysis/running/records.py",),
}
TESTS = {
    "statistics": ("tests/unit/test_statistics_*.py", "tests/reference/*.py", "tests/spec/test_statistics_*.py"),
    "indicators": ("tests/unit/test_indicators_*.py", "tests/spec/test_indicators_*.py", "tests/spec/test_institutions.py",
                   "tests/spec/test_supervision.py", "tests/spec/test_registers_*.py"),
    "rules": ("tests/unit/test_rules_*.py", "tests/spec/test_indicators_*.py"),
    "checks": ("tests/unit/test_letters_*.py",),
    "records": ("tests/unit/test_running_*.py",),
}  # fmt: skip
OPERATORS = (
    ["Add_Sub", "Sub_Add", "Mul_Div", "Div_Mul", "FloorDiv_Div", "Mod_Mul", "Pow_Mul", "BitOr_BitAnd", "BitAnd_BitOr"],
    ["Eq_NotEq", "NotEq_Eq", "Lt_LtE", "LtE_Lt", "Gt_GtE", "GtE_Gt", "Lt_Gt", "Gt_Lt", "Is_IsNot", "IsNot_Is"],
    ["USub_UAdd", "Delete_Not", "Delete_Invert"],
    [
        "AddNot",
        "ReplaceTrueWithFalse",
        "ReplaceFalseWithTrue",
        "ReplaceAndWithOr",
        "ReplaceOrWithAnd",
        "NumberReplacer",
        "ReplaceBreakWithContinue",
        "ReplaceContinueWithBreak",
        "ZeroIterationForLoop",
    ],
)
BUDGET = 20  # seconds of tests for one mutant, the fastest first: what only slow tests would notice survives
PATIENCE = 60  # seconds beyond five times what the tests of one mutant take; an endless loop counts as noticed


@dataclass(frozen=True)
class Mutant:
    """One change: of which package, where, by which operator, and what the line was."""

    package: str
    file: str
    operator: str
    occurrence: int
    line: int
    text: str


def operators() -> list[str]:
    """Return the names of the operators used, as Cosmic Ray calls them."""
    kinds = ("ReplaceBinaryOperator_", "ReplaceComparisonOperator_", "ReplaceUnaryOperator_", "")
    return [f"core/{kind}{name}" for kind, names in zip(kinds, OPERATORS, strict=True) for name in names]


def mutants(only: str = "") -> Iterator[Mutant]:
    """Give every change that can be made, annotations and docstrings left out (nothing runs there)."""
    from cosmic_ray.ast import ast_nodes, get_ast_from_path
    from cosmic_ray.plugins import get_operator

    for package, patterns in MODULES.items():
        if only and package != only:
            continue
        for file in sorted(file for pattern in patterns for file in ROOT.glob(pattern)):
            source = file.read_text(encoding="utf-8")
            still = _annotated(source)
            nodes = list(ast_nodes(get_ast_from_path(file)))
            for name in operators():
                operator = get_operator(name)()
                places = (place for node in nodes for place in operator.mutation_positions(node))
                for occurrence, ((line, column), _) in enumerate(places):
                    if not any(start <= (line, column) < end for start, end in still):
                        text = source.splitlines()[line - 1].strip()
                        yield Mutant(package, file.relative_to(ROOT).as_posix(), name, occurrence, line, text)


def _annotated(source: str) -> list[tuple[tuple[int, int], tuple[int, int]]]:
    """Return where annotations, decorators of classes and type-checking imports stand."""
    found: list[ast.AST] = []
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.FunctionDef):
            found += [node.returns] if node.returns else []
            found += [each.annotation for each in ast.walk(node.args) if isinstance(each, ast.arg) and each.annotation]
        elif isinstance(node, ast.ClassDef):
            found += node.decorator_list  # frozen and slots of a dataclass change no result
        elif isinstance(node, ast.AnnAssign):
            found.append(node.annotation)
        elif isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test):
            found.append(node)
    return [((n.lineno, n.col_offset), (n.end_lineno, n.end_col_offset)) for n in found]  # type: ignore[attr-defined]


def survives(mutant: Mutant, tree: Path, executed: Executed) -> bool:
    """Make the change and tell whether all tests that execute it still pass; an endless loop is noticed."""
    from cosmic_ray.mutating import use_mutation
    from cosmic_ray.plugins import get_operator

    source = (ROOT / mutant.file).read_text(encoding="utf-8")
    tests = executed.tests(mutant.file, source, mutant.line, BUDGET)
    patience = PATIENCE + 5 * sum(map(executed.seconds.__getitem__, tests))
    with use_mutation(tree / mutant.file, get_operator(mutant.operator)(), mutant.occurrence) as (_, changed):
        assert changed is not None, mutant
        try:
            code, told = _run(tree, ["-x", *tests], {}, patience) if tests else (0, "")
        except subprocess.TimeoutExpired:
            return False
    if code not in (0, 1, 2, 4):  # 2 and 4: a module cannot be imported any more
        raise SystemExit(f"the tests could not be run: {mutant}\n{told[-2000:]}")
    return code == 0


def _run(tree: Path, words: list[str], environ: dict[str, str], patience: float | None = None) -> tuple[int, str]:
    """Run pytest in a copy of the tree; return its exit status and what it wrote."""
    own = {"PYTHONPATH": f"{tree / 'src'}:{tree / 'tools'}", "SHUANGJIAN_HOME": str(tree)}
    environ = {**os.environ, **own, "PYTHONDONTWRITEBYTECODE": "1", **environ}
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", *words]
    done = subprocess.run(command, cwd=tree, env=environ, stdout=PIPE, stderr=STDOUT, timeout=patience, check=False)
    return done.returncode, done.stdout.decode()


def _executed(package: str, tree: Path) -> Executed:
    """Run the tests of a package on the tree as it stands, to see which lines each executes."""
    files = [str(file) for pattern in MODULES[package] for file in sorted(tree.glob(pattern))]
    tests = dict.fromkeys(file for pattern in TESTS[package] for file in sorted(tree.glob(pattern)))
    found = tree / "executed.json"
    words = ["-p", "executed", *(str(test) for test in tests if test.name.startswith("test_"))]
    code, told = _run(tree, words, {"EXECUTED_FILES": ":".join(files), "EXECUTED_RESULT": str(found)})
    if code:
        raise SystemExit(f"the tests of {package} fail before anything is changed\n{told[-2000:]}")
    return Executed(found, tree)


def wilson(killed: int, n: int) -> tuple[float, float]:
    """Return the 95 % limits of a share (Wilson, 1927)."""
    z, p = 1.96, killed / n
    middle, half = p + z * z / (2 * n), z * math.sqrt(p * (1 - p) / n + z * z / (4 * n * n))
    return (middle - half) / (1 + z * z / n), (middle + half) / (1 + z * z / n)


def main() -> None:
    """Draw a sample, try each, write the result and print it by package."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--sample", type=int, default=300, help="how many places (0: all)")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--only", default="", choices=["", *MODULES])
    args = parser.parse_args()
    every = list(mutants(args.only))
    drawn = random.Random(args.seed).sample(every, min(args.sample or len(every), len(every)))
    tracked = subprocess.run(
        ["git", "ls-files", "-z", "-co", "--exclude-standard"], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout
    with tempfile.TemporaryDirectory(prefix="mutants-") as scratch:
        trees: Queue[Path] = Queue()
        for job in range(args.jobs):
            tree = Path(scratch, str(job))
            for name in filter(None, tracked.split("\0")):
                target = tree / name
                if (ROOT / name).is_file():
                    target.parent.mkdir(parents=True, exist_ok=True)
                    shutil.copy2(ROOT / name, target)
            trees.put(tree)

        executed = {package: _executed(package, tree) for package in sorted({mutant.package for mutant in drawn})}

        def tried(mutant: Mutant) -> bool:
            tree = trees.get()
            try:
                lives = survives(mutant, tree, executed[mutant.package])
            finally:
                trees.put(tree)
            print("survives" if lives else "killed  ", f"{mutant.file}:{mutant.line}", mutant.operator, flush=True)
            return lives

        with ThreadPoolExecutor(args.jobs) as pool:
            alive = list(pool.map(tried, drawn))
    _report(args, every, drawn, alive)


def _report(args: argparse.Namespace, every: list[Mutant], drawn: list[Mutant], alive: list[bool]) -> None:
    """Write what this run found of its packages beside what earlier runs found of the others, and the share of all.

    The share of all is that of the packages, weighted by how many places each has.
    """
    before = json.loads(RESULT.read_text(encoding="utf-8")) if RESULT.is_file() else {"by_package": {}, "survivors": []}
    judged = {(one["file"], one["text"], one["operator"]): one["judged"] for one in before["survivors"]}
    now = {mutant.package for mutant in drawn}
    survivors = [one for one in before["survivors"] if one["package"] not in now]
    rows = {name: row for name, row in before["by_package"].items() if name not in now and name != "all"}
    for package in now:
        own = [lives for mutant, lives in zip(drawn, alive, strict=True) if mutant.package == package]
        killed = len(own) - sum(own)
        low, high = wilson(killed, len(own))
        places = sum(mutant.package == package for mutant in every)
        shares = {"share": round(killed / len(own), 3), "lower": round(low, 3), "upper": round(high, 3)}
        rows[package] = {"places": places, "tried": len(own), "killed": killed, **shares}
    survivors += [
        asdict(mutant) | {"judged": judged.get((mutant.file, mutant.text, mutant.operator), "")}
        for mutant, lives in zip(drawn, alive, strict=True)
        if lives
    ]
    places = sum(row["places"] for row in rows.values())
    share = sum(row["places"] * row["killed"] / row["tried"] for row in rows.values()) / places
    tried = {name: sum(row[name] for row in rows.values()) for name in ("tried", "killed")}
    rows = {name: rows[name] for name in MODULES if name in rows}
    rows["all"] = {"places": places, **tried, "share": round(share, 3)}
    for name, row in rows.items():
        print(name, row)
    survivors.sort(key=lambda one: (one["file"], one["line"]))
    told = {"seed": args.seed, "by_package": rows, "survivors": survivors}
    RESULT.write_text(json.dumps(told, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    print(f"survivors and their judgement: {RESULT.relative_to(ROOT)}")


if __name__ == "__main__":
    main()
