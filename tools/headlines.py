"""Write down every figure that a sentence of a shipped document prints, with its limits and bounds.

``tests/notebooks/headlines.json`` is the net under the whole way from raw files to sentences: a change of code that moves
a published value, limit, bound or base by the last printed digit turns `tests/notebooks/test_headline_figures.py` red. It is
renewed on purpose only, after the difference has been read:

Run: ``shuangjian intake data/raw && shuangjian build && python tools/headlines.py``
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
FILE = ROOT / "tests" / "notebooks" / "headlines.json"
MIME = "application/vnd.shuangjian.v1+json"
DIGITS = 9  # significant: what differs beyond them is arithmetic of another machine


def headlines(reports: Path) -> dict[str, dict[str, str]]:
    """Return for each packet below a folder its figures: what each is of → value, limits, bounds, base."""
    found = {}
    for file in sorted(reports.glob("*/*/executed.ipynb")):
        notebook = json.loads(file.read_text(encoding="utf-8"))
        figures = dict(map(_line, _quoted(notebook)))
        found[file.parent.relative_to(reports).as_posix()] = dict(sorted(figures.items()))
    return found


def _quoted(notebook: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Give the statistics of sentences, and those of the table of claims."""
    for cell in notebook["cells"]:
        for output in cell.get("outputs", ()):
            made = output.get("data", {}).get(MIME, {})
            if made.get("kind") == "paragraph":
                yield from (run["statistic"] for run in made["runs"] if "statistic" in run)
            elif made.get("kind") == "table" and made.get("name") == "scorecard":
                yield from (cell["statistic"] for row in made["rows"] for cell in row["cells"] if "statistic" in cell)


def _line(item: dict[str, Any]) -> tuple[str, str]:
    scope = item["scope"]
    group = "，".join(f"{name}={value}" for name, value in sorted(scope["group"].items()))
    place = f"{item['indicator']}｜{scope['school']}｜{group}｜{scope['start']}–{scope['end']}"
    estimate = item["estimate"]
    numbers = [estimate["value"], estimate["lower"], estimate["upper"], *(item.get("bounds") or (None, None))]
    # Of a likelihood's greatest point the digits beyond these depend on the processor.
    digits = 4 if ".between_" in item["indicator"] else DIGITS
    said = "，".join("—" if number is None else f"{number:.{digits}g}" for number in numbers)
    return place, f"{said}｜{item['text']}｜{item['base_text']}｜{item.get('unknown')}"


def main() -> None:
    """Write the file from the reports that stand built."""
    found = headlines(Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT / "reports")
    FILE.write_text(json.dumps(found, ensure_ascii=False, indent=0) + "\n", encoding="utf-8")
    print(f"{sum(map(len, found.values()))} figures of {len(found)} documents: {FILE.relative_to(ROOT)}")


if __name__ == "__main__":
    main()
