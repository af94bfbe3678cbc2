"""Write docs/coverage.md: for each row that the suite answers for, its tables, indicators, pages and tests.

Run ``python tools/coverage.py``; with ``--check`` nothing is written, and the exit status is 1 if the page is not current.
What is linked is found, not typed: indicators by the tables that the catalogue says they are computed from, pages and tests
by the indicators, tables and modules that they name.
"""

from __future__ import annotations

import re
import sys
from pathlib import Path

from analysis.house import atomic_write
from analysis.indicators.catalogue import Entry, entries
from analysis.reference.rows import Row, rows

ROOT = Path(__file__).resolve().parents[1]
PAGE = ROOT / "docs" / "coverage.md"
HEAD = """# 覆盖情况

本页由 `python tools/coverage.py` 从 `data/reference/rows.toml`、指标目录、笔记本与测试生成，请勿手改。
指标按其取自的表归行；报告与测试按其中写到的指标、表或模块归行。

| 行 | 内容 | 表或文件 | 指标 | 报告与答复 | 测试 |
|---|---|---|---|---|---|
"""


def indicators(row: Row, catalogue: dict[str, Entry]) -> list[str]:
    """Return the ids of the indicators that are computed from a row's tables, or that the row names."""

    def concerns(id: str, entry: Entry) -> bool:
        named = any(id.startswith(each) for each in row.only)
        return (named or not row.only) if set(entry.tables) & set(row.tables) else named and not row.tables

    return [id for id, entry in catalogue.items() if concerns(id, entry)]


def naming(files: list[Path], words: list[str]) -> list[Path]:
    """Return the files that name one of some words, whole (``homework`` is not named by ``homework_control``)."""
    if not words:
        return []
    pattern = re.compile("|".join(rf"(?<![\w.]){re.escape(word)}(?![\w.]*\w)" for word in words))
    return [file for file in files if pattern.search(file.read_text(encoding="utf-8"))]


def page() -> str:
    """Return the page."""
    catalogue = entries(ROOT / "data" / "reference" / "indicators.toml")
    notebooks = sorted((ROOT / "notebooks").rglob("*.ipynb"))
    suggestions = sorted((ROOT / "data" / "suggestions").glob("*.toml"))
    tests = sorted((ROOT / "tests").rglob("test_*.py"))
    lines = []
    for row in rows(ROOT / "data" / "reference" / "rows.toml"):
        ids = indicators(row, catalogue)
        own = [file for file in notebooks if str(file.relative_to(ROOT)) in row.files]
        shown = naming([*notebooks, *suggestions], [*ids, *row.words])
        quoted = [f'"{table}"' for table in row.tables] + [f"{table}=" for table in row.tables]
        tested = sorted({*naming(tests, [*ids, *row.words]), *_holding(tests, quoted)})
        cells = [
            row.id,
            row.what,
            _listed([f"`{name}`" for name in row.tables or row.files]),
            _listed([f"`{id}`" for id in ids]),
            _listed([f"{file.parent.name}/{file.stem}" for file in dict.fromkeys([*own, *shown])]),
            _listed([str(file.relative_to(ROOT / "tests").with_suffix("")) for file in tested]),
        ]
        lines.append("| " + " | ".join(cells) + " |")
    return HEAD + "\n".join(lines) + "\n"


def _holding(files: list[Path], words: list[str]) -> list[Path]:
    return [file for file in files if any(word in file.read_text(encoding="utf-8") for word in words)]


def _listed(names: list[str]) -> str:
    return "<br>".join(names) or "—"


def main(words: list[str]) -> int:
    """Write the page, or tell whether it is current."""
    fresh = page()
    if "--check" in words:
        current = PAGE.is_file() and PAGE.read_text(encoding="utf-8") == fresh
        print("docs/coverage.md " + ("是最新的。" if current else "已过时；请执行 python tools/coverage.py。"))
        return int(not current)
    atomic_write(PAGE, fresh)
    print(PAGE.relative_to(ROOT))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
