"""The dictionary's checks, as SQL over the tables of an intake, the terms and the calendar."""

from __future__ import annotations

from collections.abc import Mapping

import duckdb
import numpy as np
import pandas as pd
import pyarrow as pa

from analysis import rules
from analysis.house import UserError
from analysis.intake.dictionary import Table
from analysis.reference.settings import settings
from analysis.reference.tables import CheckEntry


class Checker:
    """Holds the tables for the checks of one intake.

    Parameters
    ----------
    tables
        All tables by name, typed; rows in any order.
    terms
        The terms whose calendar may be needed.
    district
        Whose calendar.
    """

    def __init__(self, tables: Mapping[str, pa.Table], terms: set[str], district: str) -> None:
        engine = settings().engine
        self._present = {name for name, table in tables.items() if table.num_rows}
        self._database = duckdb.connect(config={"memory_limit": engine.memory_limit, "threads": engine.threads})
        for name, table in tables.items():
            self._database.register(name, table)
        declared = pd.DataFrame(rules.terms(district), columns=["term", "start", "end"])
        self._database.register("terms", pa.Table.from_pandas(declared, preserve_index=False))
        self.unknown: list[str] = []
        days = []
        for term in sorted(terms & set(declared["term"])):
            try:
                days.append(rules.calendar(term, district).days.assign(term=term))
            except UserError as gap:
                self.unknown.append(f"学期 {term} 的上学日未能核对：{gap.message}")
        columns = ["term", "date", "school_day", "weekday"]
        calendar = pd.concat(days)[columns] if days else pd.DataFrame(columns=columns)
        table = pa.Table.from_pandas(calendar, preserve_index=False)
        types = [pa.string(), pa.date32(), pa.bool_(), pa.int64()]
        self._database.register("calendar", table.cast(pa.schema(list(zip(columns, types, strict=True)))))

    def possible(self, check: CheckEntry) -> bool:
        """Whether the tables that a check needs are there."""
        return all(name in self._present for name in check.needs)

    def failing(self, table: Table, data: pa.Table, check: CheckEntry) -> list[tuple[int, str]]:
        """Return the positions (ascending) of the rows of `data` for which a check's condition is false, and what it tells.

        Raises
        ------
        UserError
            If the condition is no valid SQL; the message names table and check.
        """
        if data.num_rows == 0:
            return []
        told = check.told or "cast(null as varchar)"
        numbered = data.append_column("_row", pa.array(np.arange(data.num_rows)))
        self._database.register("this_data", numbered)
        try:
            found = self._database.execute(
                f"select this._row, {told} from this_data as this where not coalesce(({check.test}), true) order by 1"
            ).fetchall()
        except duckdb.Error as slip:
            reason = str(slip).splitlines()[0]
            raise UserError(
                f"data/reference/tables.toml 中表 {table.name} 的核对 {check.id} 写法有误：{reason}；请改正 test。"
            ) from None
        finally:
            self._database.unregister("this_data")
        return [(int(row), words or "") for row, words in found]

    def close(self) -> None:
        """Let the tables go."""
        self._database.close()
