"""The register of schools: every name that a school goes by, with its code."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import pyarrow as pa

from analysis.house.content import Json
from analysis.intake.dictionary import Table
from analysis.intake.rows import schema
from analysis.reference.schools import schools_file
from analysis.text.numerals import narrow

_SEPARATORS = re.compile(r"[、,，;；/|]+")


def reference(file: Path | None = None) -> list[Json]:
    """Return the schools of ``data/reference/schools.toml`` as rows of the table `schools`; none if it is not there."""
    return [
        {**entry.model_dump(exclude_unset=True), "stage": entry.stage.value, "aliases": "、".join(entry.aliases)}
        for entry in schools_file(file)
    ]


def names(schools: Iterable[Mapping[str, Any]]) -> dict[str, str]:
    """Return the code of each school by its code, name, short name and other names (without blanks and width).

    A name that two schools share stands for neither.
    """
    found: dict[str, str] = {}
    shared: set[str] = set()
    for row in schools:
        code = str(row["school"])
        words = [code, row.get("name"), row.get("short_name"), *_SEPARATORS.split(row.get("aliases") or "")]
        for word in filter(None, words):
            name = narrow(str(word))
            if found.setdefault(name, code) != code:
                shared.add(name)
    return {name: code for name, code in found.items() if name not in shared}


def merged(base: pa.Table, handed_in: pa.Table) -> pa.Table:
    """Return the register with handed-in rows in the place of those with the same code."""
    if handed_in.num_rows == 0:
        return base
    new = set(handed_in["school"].to_pylist())
    kept = base.filter(pa.array([code not in new for code in base["school"].to_pylist()], pa.bool_()))
    return pa.concat_tables([kept, handed_in])


def table(declared: Table) -> pa.Table:
    """Return the register of ``data/reference/schools.toml`` as the dictionary's table `schools`."""
    fields = schema(declared)
    return pa.Table.from_pylist([{name: row.get(name) for name in fields.names} for row in reference()], fields)
