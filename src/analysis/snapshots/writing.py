"""The files of a snapshot's draft: Parquet tables with their entries in the manifest, and copies."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from analysis.house.content import Json
from analysis.snapshots import tables as parquet
from analysis.snapshots.snapshot import sha256


def copy(source: bytes | Path, target: Path) -> str:
    """Write a file of a draft and return its hash."""
    target.parent.mkdir(parents=True, exist_ok=True)
    if isinstance(source, bytes):
        target.write_bytes(source)
    else:
        shutil.copyfile(source, target)
    return sha256(target)


def table(content: pa.Table | pd.DataFrame, name: str, key: Sequence[str], draft: Path, part: str) -> Json:
    """Write a table of a draft, sorted, and return its entry in the manifest."""
    stored = content if isinstance(content, pa.Table) else pa.Table.from_pandas(content, preserve_index=False)
    stored = parquet.ordered(_plain(stored), key)
    file = draft / part / f"{name}.parquet"
    file.parent.mkdir(exist_ok=True)
    parquet.write(stored, file)
    return {
        "file": f"{part}/{name}.parquet",
        "sha256": sha256(file),
        "rows": stored.num_rows,
        "columns": {field.name: str(field.type) for field in stored.schema},
        "key": list(key),
        "slices": parquet.slices(file),
    }


def _plain(table: pa.Table) -> pa.Table:
    """Give every column the plain type that all engines read alike: dates without time, strings, no categories."""
    for position, field in enumerate(table.schema):
        kind = field.type
        if pa.types.is_dictionary(kind):
            kind = kind.value_type
        if pa.types.is_large_string(kind) or pa.types.is_null(kind) or pa.types.is_string_view(kind):
            kind = pa.string()
        if pa.types.is_timestamp(kind) and kind.tz is None:
            column = table[field.name]
            if pc.all(pc.equal(column, column.cast(pa.date32(), safe=False).cast(kind))).as_py():
                kind = pa.date32()
        if kind != field.type:
            table = table.set_column(position, field.name, table[field.name].cast(kind, safe=False))
    return table
