"""Where all rows of an intake meet: repeats, checks across tables, and the parting of accepted from quarantined."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from analysis import rules
from analysis.intake import bodies, duplicates, personal, possible, quarantine, refused, succession, survey, unenrolled
from analysis.intake.admission import basis
from analysis.intake.checks import Checker
from analysis.intake.dictionary import Dictionary, Table
from analysis.intake.faults import Fault, Warnings
from analysis.intake.files import HandedIn
from analysis.intake.outcomes import Sheet
from analysis.intake.pools import Pool, decoded, keyed, pooled, replaced
from analysis.intake.questionnaires import Questionnaire
from analysis.intake.rows import Part, schema
from analysis.reference.tables import CheckEntry
from analysis.snapshots import Snapshot, Store
from analysis.snapshots import keys as secrets
from analysis.snapshots import tables as parquet

UNENROLLED = ("enrolment", "homework", "attendance", "service_daily", "survey")
REMEDY = "请在“在校学生”中补登各班学生数后重交；班级确已撤并的，学生数填 0；学校不办的年级，请改学校名册"


@dataclass
class Ward:
    """One intake's rows, from typed sheets to the snapshot.

    Parameters
    ----------
    known
        The dictionary.
    parts
        The typed sheets.
    warnings
        Where odd rows are noted.
    parent
        The snapshot that is corrected, or None.
    schools
        The register of schools, with what was handed in.
    district
        Whose calendar and settings hold.
    again
        Names of files that the parent or one of its ancestors was made from: their rows do not replace later ones.
    earlier
        Rows of files that were handed in before under the names of this intake's files, by table.
    withdraw
        Whether rows that a corrected file no longer has are taken out, and rows to mend that a mended file no longer has.
    """

    known: Dictionary
    parts: Sequence[Part]
    warnings: Warnings
    parent: Snapshot | None
    schools: pa.Table
    district: str
    again: frozenset[str] = frozenset()
    earlier: Mapping[str, pa.Table] = field(default_factory=dict)
    withdraw: bool = False
    pools: dict[str, Pool] = field(default_factory=dict)
    missing: list[succession.Loss] = field(default_factory=list)
    _gone: dict[str, np.ndarray] = field(default_factory=dict)
    _set_aside: set[quarantine.Place] = field(default_factory=set)

    def examine(self) -> None:
        """Part the rows: faulty cells, repeats, then the dictionary's checks over all tables."""
        for table in self.known.tables:
            parts = [part for part in self.parts if part.table is table]
            if parts:
                self.pools[table.name] = pooled(table, parts)
        for pool in self.pools.values():
            self._beside_the_parent(pool)
        self._dates()
        for pool in self.pools.values():
            self._repeats(pool)
        self._checks()

    def _beside_the_parent(self, pool: Pool) -> None:
        """Let rows of files read before yield to later ones, and find the rows that a corrected file no longer has."""
        table = pool.table
        if self.parent is None or table.name not in self.parent.tables:
            return
        old = parquet.read(self.parent.path(table.name))
        again = np.array([part.grid.path in self.again for part in pool.parts], dtype=bool)[pool.part]
        if again.any():
            pool.kept &= ~(again & succession.same(decoded(pool.data), old, keyed(table).key))
        mended = np.array([_is_mended(part) for part in pool.parts], dtype=bool)[pool.part]
        if table.survey or table.name == "schools":
            return
        new = decoded(pool.data.take(pa.array(np.flatnonzero(~again & ~mended))))
        gone = succession.missing(table, old, new, self.earlier.get(table.name))
        self.missing += succession.gone(table, old, gone, self.parent)
        if self.withdraw:
            self._gone[table.name] = gone

    def _dates(self) -> None:
        """Put the rows aside that have a term or a date which their table cannot hold."""
        termed = [t.name for t in self.known.tables if "term" in t.key and self.parent and t.name in self.parent.tables]
        tables = [parquet.read(self.parent.path(name), ["term"]) for name in termed] if self.parent else []
        for pool, fault in possible.faults(self.pools.values(), tables, rules.terms(self.district), date.today()):
            self._put_aside(pool, fault.row, [fault.column], fault.reason, fault.remedy)

    def _repeats(self, pool: Pool) -> None:
        rows = np.flatnonzero(pool.accepted)
        found = duplicates.find(pool.data.take(pa.array(rows)), keyed(pool.table))
        pool.kept[rows[found.dropped]] = False
        for row in rows[found.dropped]:
            part, place = pool.own(int(row))
            number = int(part.rows[place])
            self.warnings.add(part.grid.path, part.grid.sheet, "与另一行完全相同，只计一次", rows=[number])
        for row, (other, columns) in found.conflicts.items():
            mate, mate_place = pool.own(int(rows[other]))
            where = f"{mate.grid.place}，第 {int(mate.rows[mate_place])} 行"
            names = [pool.table.column(name).label if not pool.table.survey else "答案" for name in columns]
            names = list(dict.fromkeys(names))
            self._put_aside(
                pool, int(rows[row]), columns[:1],
                f"与“{where}”是同一条而内容不同（{'、'.join(names)}）", "请核对后只留正确的一行",
            )  # fmt: skip

    def _put_aside(self, pool: Pool, row: int, columns: Sequence[str], reason: str, remedy: str) -> None:
        part, place = pool.own(row)
        pool.accepted[row] = False
        pool.kept[row] = False
        part.faults.append(Fault(place, _labels(pool.table, columns), _value(part, place, columns), reason, remedy))

    def _checks(self) -> None:
        terms: set[str] = set()
        for pool in self.pools.values():
            if "term" in pool.data.column_names:
                terms |= set(pc.unique(pool.data["term"]).drop_null().to_pylist())
        checker = Checker(self._tables(), terms, self.district)
        try:
            for note in checker.unknown:
                self.warnings.add("", "", note)
            for pool in self.pools.values():
                rows = np.flatnonzero(pool.kept)
                data = pool.data.take(pa.array(rows))
                for check in pool.table.checks:
                    self._check(pool, checker, rows, data, check)
        finally:
            checker.close()
        self._unenrolled(terms)

    def _unenrolled(self, terms: set[str]) -> None:
        """Name the classes that there are and that have no row of the enrolment."""
        labels = {table.name: table.label for table in self.known.tables if table.name in UNENROLLED}
        aside = {name: self._without_a_class(self.pools[name]) for name in labels if name in self.pools}
        tables = {name: decoded(table) for name, table in self._tables().items() if name in (*labels, "schools")}
        for reason in unenrolled.sentences(tables, aside, rules.terms(self.district), terms, labels):
            self.warnings.add("", "", reason, remedy=REMEDY)

    def _without_a_class(self, pool: Pool) -> pd.DataFrame:
        """Return the rows that were put aside because the enrolment lacks their class."""
        lacking = {check.reason for check in pool.table.checks if check.id == refused.NO_CLASS}
        start, places = 0, []
        for part in pool.parts:
            places += [start + fault.position for fault in part.faults if fault.reason in lacking]
            start += len(part.positions)
        columns = ["term", "school", "grade", "class"]
        if not places or not set(columns) <= set(pool.data.column_names):
            return pd.DataFrame(columns=columns)
        found: pd.DataFrame = decoded(pool.data.select(columns).take(pa.array(places))).to_pandas()
        return found

    def _check(self, pool: Pool, checker: Checker, rows: np.ndarray, data: pa.Table, check: CheckEntry) -> None:
        if not checker.possible(check):
            labels = "、".join(self.known.table(name).label for name in check.needs)
            self.warnings.add("", "", f"没有{labels}，“{pool.table.label}”未核对“{check.reason}”")
            return
        for position, told in checker.failing(pool.table, data, check):
            row = int(rows[position])
            part, place = pool.own(row)
            if check.outcome == "quarantine":
                self._put_aside(pool, row, check.columns, check.reason, check.remedy.replace("{}", told))
                continue
            self.warnings.add(
                part.grid.path, part.grid.sheet, f"{check.reason}，已照录", column=_labels(pool.table, check.columns),
                rows=[int(part.rows[place])], value=_value(part, place, check.columns), remedy=check.remedy,
            )  # fmt: skip

    def _tables(self) -> dict[str, pa.Table]:
        """Return all tables as they stand now: the parent's rows, replaced by key, and this intake's."""
        found = {}
        for table in self.known.tables:
            new = self.accepted(table.name) if table.name != "schools" else self.schools
            found[table.name] = self._onto(table, new)
        return found

    def accepted(self, name: str) -> pa.Table:
        """Return the accepted rows of a table, each once (respondents for the survey)."""
        pool = self.pools.get(name)
        if pool is None:
            table = self.known.table(name)
            return survey.RESPONDENT.empty_table() if table.survey else schema(table).empty_table()
        return pool.data.take(pa.array(np.flatnonzero(pool.kept)))

    def _onto(self, table: Table, new: pa.Table) -> pa.Table:
        """Return the parent's rows whose key does not come anew, and the new ones."""
        new = decoded(new)
        if self.parent is None or table.name not in self.parent.tables:
            return new
        old = parquet.read(self.parent.path(table.name))
        if table.name in self._gone:
            old = old.filter(pa.array(~self._gone[table.name]))
        if table.survey and "answers" in new.column_names:
            return new
        return replaced(old, new, keyed(table).key)

    def count(self, sheet: Sheet, part: Part) -> None:
        """Fill in what became of a sheet's rows; they must add up."""
        pool = self.pools[part.table.name]
        mine = pool.part == pool.parts.index(part)
        sheet.rows_accepted = int(pool.accepted[mine].sum())
        sheet.rows_quarantined = int((~pool.accepted[mine]).sum())
        sheet.duplicates = int((pool.accepted[mine] & ~pool.kept[mine]).sum())
        faulty = {fault.position for fault in part.faults if fault.outcome == "quarantine"}
        assert sheet.rows_quarantined == len(faulty), "a row was put aside without a reason, or kept with one"
        assert sheet.rows_read == sheet.rows_accepted + sheet.rows_quarantined, "rows were lost"

    def store(
        self, store: Store, handed_in: Sequence[HandedIn], sheets: Sequence[Sheet], simulated: bool, names: set[str],
        secret: bytes, forms: Sequence[Questionnaire], admit: Callable[[Snapshot], None],
    ) -> Snapshot:  # fmt: skip
        """Write the snapshot; `admit` may refuse it as `Store.add` says."""
        tables: dict[str, pa.Table] = {}
        private: dict[str, pa.Table] = {}
        for table in self.known.tables:
            if table.survey:
                long, texts = survey.long(decoded(self.accepted(table.name)), schema(table))
                tables[table.name] = self._survey_onto(table, long)
                private["survey_text"] = self._texts_onto(texts)
            else:
                tables[table.name] = self._onto(
                    table, self.accepted(table.name) if table.name != "schools" else self.schools
                )
        lines = quarantine.lines(self.parts, self.parent, self._settled, self._dismissed)
        tables["refused"] = refused.table(lines)
        tables = {name: table for name, table in tables.items() if table.num_rows}
        private = {name: table for name, table in private.items() if table.num_rows}
        files = quarantine.files(lines, self.known) if lines.num_rows else {}
        listed = secrets.lines(names, secret)
        if self.parent is not None and (old := self.parent.folder / "names.txt").is_file():
            listed = b"".join(sorted({*listed.splitlines(True), *old.read_bytes().splitlines(True)}))
        if listed:
            files["names.txt"] = listed
        facts = {
            "sheets": [dict(vars(sheet)) for sheet in sheets],
            "quarantined": len(
                {(r["file"], r["sheet"], r["row"]) for r in lines.select(["file", "sheet", "row"]).to_pylist()}
            ),
            "warnings": self.warnings.listed(),
            **basis(self.known, forms),
        }
        if gone := {name: int(mask.sum()) for name, mask in self._gone.items() if mask.any()}:
            facts["withdrawn"] = gone
        if self._set_aside:
            facts["dismissed"] = [list(place) for place in sorted(self._set_aside)]
        return store.add(
            tables,
            keys={"refused": refused.KEY, **{table.name: table.key for table in self.known.tables}},
            private=private,
            files=files,
            raw={one.name: one.path for one in handed_in},
            simulated=simulated,
            parent=self.parent.id if self.parent else None,
            facts=facts,
            admit=admit,
        )

    def _dismissed(self, line: Mapping[str, Any]) -> bool:
        """Say whether a row to mend was left out on purpose of the mended file, or of a file of the same name."""
        if not self.withdraw or any((line["file"], line["sheet"], line["row"]) in part.origins for part in self.parts):
            return False
        if any(_is_mended(part) or part.grid.path == line["file"] for part in self.parts):
            self._set_aside.add((line["file"], line["sheet"], line["row"]))
            return True
        return False

    def _survey_onto(self, table: Table, long: pa.Table) -> pa.Table:
        if self.parent is None or table.name not in self.parent.tables:
            return long
        return replaced(parquet.read(self.parent.path(table.name)), long, survey.SURVEY_KEY)

    def _texts_onto(self, texts: pa.Table) -> pa.Table:
        if self.parent is None or "survey_text" not in self.parent.manifest["private"]:
            return texts
        old = parquet.read(self.parent.folder / self.parent.manifest["private"]["survey_text"]["file"])
        return replaced(old, texts, survey.SURVEY_KEY)

    def _settled(self, name: str) -> set[str]:
        """Return the keys of the accepted rows of a table, as quarantine writes them."""
        pool = self.pools.get(name)
        if pool is None:
            return set()
        return set(quarantine.keys(self.accepted(name), keyed(pool.table).key))


def _labels(table: Table, columns: Sequence[str]) -> str:
    known = {column.name: column.label for column in table.columns}
    return "、".join(known.get(name, name) for name in columns)


def _value(part: Part, place: int, columns: Sequence[str]) -> str:
    """Return the cell that a fault is about, as it stood in the file, with personal data masked."""
    for name in columns:
        position = part.layout.columns.get(name)
        if position is not None and not part.table.column(name).personal:
            return personal.masked(str(part.grid.columns[position][int(part.positions[place])].as_py()).strip())
    return ""


def _is_mended(part: Part) -> bool:
    """Say whether a sheet is one of a quarantine file: it tells of each row where it came from."""
    headers = [header.strip() for header in part.layout.headers]
    return all(header in headers for header in bodies.ORIGIN)
