"""Parquet files in which each school is a run of row groups of its own, so that a school's bytes can be hashed as stored."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from analysis.house.content import Json

ROWS_IN_A_GROUP = 250_000
CHUNK = 1 << 20


def ordered(table: pa.Table, key: Sequence[str]) -> pa.Table:
    """Sort by school, then by the rest of the key (without a key by all columns), so that equal data give equal bytes."""
    names = ["school", *key] if key else ["school", *table.column_names]
    names = list(dict.fromkeys(name for name in names if name in table.column_names))
    if table.num_rows < 2 or not names:
        return table
    return table.take(pa.array(np.argsort(composite(table, names), kind="stable")))


def composite(table: pa.Table, names: Sequence[str]) -> np.ndarray:
    """Return one whole number a row that orders rows as the named columns do, the first first; nulls come first."""
    combined = np.zeros(table.num_rows, dtype=np.int64)
    size = 1
    for name in names:
        ranks, count = ranked(table[name])
        if size * count > 1 << 62:
            _, combined = np.unique(combined, return_inverse=True)
            size = int(combined.max(initial=0)) + 1
        combined = combined * count + ranks
        size *= count
    return combined


def ranked(column: pa.ChunkedArray) -> tuple[np.ndarray, int]:
    """Return the rank of each value among the distinct ones of a column (null is 0), and how many ranks there are."""
    array = column.combine_chunks() if column.num_chunks != 1 else column.chunk(0)
    if not pa.types.is_dictionary(array.type):
        array = array.dictionary_encode()
    order = pc.sort_indices(array.dictionary).to_numpy()
    sorted_values = array.dictionary.take(pa.array(order))
    new = np.ones(len(order), dtype=bool)
    if len(order) > 1:
        new[1:] = pc.not_equal(sorted_values[1:], sorted_values[:-1]).to_numpy(zero_copy_only=False)
    rank = np.empty(len(order) + 1, dtype=np.int64)
    rank[order] = np.cumsum(new)
    rank[-1] = 0
    codes = pc.fill_null(array.indices.cast(pa.int64()), -1).to_numpy(zero_copy_only=False)
    return rank[codes], int(new.sum()) + 1


def write(table: pa.Table, file: Path) -> None:
    """Write a sorted table, each school in row groups of its own; the same rows always give the same bytes."""
    table = table.replace_schema_metadata(None)
    with pq.ParquetWriter(file, table.schema, compression="zstd", version="2.6", store_schema=False) as writer:
        for start, stop in _runs(table):
            writer.write_table(table.slice(start, stop - start), row_group_size=ROWS_IN_A_GROUP)


def _runs(table: pa.Table) -> list[tuple[int, int]]:
    """Return where each school's rows begin and end in a table sorted by school."""
    if table.num_rows == 0 or "school" not in table.column_names:
        return [(0, table.num_rows)]
    codes = table["school"].combine_chunks().dictionary_encode(null_encoding="encode").indices.to_numpy()
    edges = np.flatnonzero(np.diff(codes)) + 1
    bounds = [0, *edges.tolist(), table.num_rows]
    return list(pairwise(bounds))


def groups(file: Path) -> list[Json]:
    """Return, for each row group, its school (``""`` without such a column), rows, and first and last stored byte."""
    meta = pq.read_metadata(file)
    position = _school_column(meta)
    found = []
    for number in range(meta.num_row_groups):
        group = meta.row_group(number)
        columns = [group.column(index) for index in range(group.num_columns)]
        starts = [
            min(x for x in (column.dictionary_page_offset, column.data_page_offset) if x is not None)
            for column in columns
        ]
        ends = [start + column.total_compressed_size for start, column in zip(starts, columns, strict=True)]
        school = ""
        if position is not None and (statistics := columns[position].statistics) is not None:
            school = str(statistics.min) if statistics.has_min_max else ""
        found.append({"school": school, "rows": group.num_rows, "first": min(starts), "last": max(ends)})
    return found


def _school_column(meta: pq.FileMetaData) -> int | None:
    names = [meta.schema.column(index).path for index in range(len(meta.schema))]
    return names.index("school") if "school" in names else None


def slices(file: Path) -> dict[str, Json]:
    """Return for each school the digest of its stored bytes and its number of rows.

    The bytes of a row group depend on its rows alone, not on where in the file it stands: a school's digest stays the
    same when other schools' rows change.
    """
    digests: Json = {}
    rows: dict[str, int] = {}
    with open(file, "rb") as handle:
        for group in groups(file):
            digest = digests.setdefault(group["school"], hashlib.sha256())
            rows[group["school"]] = rows.get(group["school"], 0) + group["rows"]
            handle.seek(group["first"])
            left = group["last"] - group["first"]
            while left > 0 and (piece := handle.read(min(CHUNK, left))):
                digest.update(piece)
                left -= len(piece)
    return {school: {"sha256": digests[school].hexdigest(), "rows": rows[school]} for school in sorted(digests)}


def read(file: Path, columns: Sequence[str] | None = None, school: str = "") -> pa.Table:
    """Read a table, or one school's row groups of it only."""
    with pq.ParquetFile(file) as source:
        wanted = None if columns is None else list(columns)
        if not school:
            return source.read(columns=wanted, use_threads=False)
        numbers = [number for number, group in enumerate(groups(file)) if group["school"] == school]
        return source.read_row_groups(numbers, columns=wanted, use_threads=False)
