"""The types in which values are stored, and columns made of distinct values and codes."""

from __future__ import annotations

import numpy as np
import pyarrow as pa

ARROW = {
    "integer": pa.int64(), "grade": pa.int64(), "weekday": pa.int64(), "clock": pa.int64(), "number": pa.float64(),
    "minutes": pa.float64(), "money": pa.float64(), "boolean": pa.bool_(), "date": pa.date32(),
}  # fmt: skip


def coded(codes: np.ndarray, values: list[object], kind: pa.DataType) -> pa.Array:
    """Return the values of a column; texts as a dictionary, others plain. Equal values share one entry."""
    if kind != pa.string():
        return pa.array(values, kind).take(pa.array(codes))
    distinct = {value: place for place, value in enumerate(dict.fromkeys(v for v in values if v is not None))}
    lookup = np.array([-1 if value is None else distinct[value] for value in values] or [0], dtype=np.int32)
    new = lookup[codes]
    return pa.DictionaryArray.from_arrays(pa.array(new, mask=new < 0), pa.array(list(distinct), pa.string()))
