"""From files to a snapshot: read, recognised, typed, checked; every row ends in a table or in quarantine."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa

from analysis import rules
from analysis.house import UserError
from analysis.intake import bodies, drafts, files, layouts, naming, questionnaires, register, rows, survey
from analysis.intake import dictionary as dictionaries
from analysis.intake.admission import History, ReadBeforeError, admit, basis
from analysis.intake.cells import Setting
from analysis.intake.dictionary import Dictionary
from analysis.intake.faults import Warnings
from analysis.intake.grids import Grid
from analysis.intake.layouts import Layout
from analysis.intake.outcomes import Outcome, Sheet
from analysis.intake.pools import decoded
from analysis.intake.rows import Part
from analysis.intake.ward import Ward
from analysis.reference.settings import settings
from analysis.snapshots import Store
from analysis.snapshots.keys import key

Progress = Callable[[str, int, int], None]
SIMULATED = "模拟"


def _silent(what: str, done: int, total: int) -> None:
    """Show nothing."""


def receive(
    paths: Sequence[str | Path],
    store: Store,
    *,
    onto: str | None = None,
    fresh: bool = False,
    withdraw: bool = False,
    progress: Progress = _silent,
) -> Outcome:
    """Take files in and store a snapshot.

    Parameters
    ----------
    paths
        Files and folders.
    store
        Where the snapshot goes.
    onto
        A snapshot that this one adds to and corrects: rows replace rows by key. Files in a folder that were read before,
        by the same descriptions, are left out.
    fresh
        Without `onto`: begin anew, even if the latest snapshot holds what this one would not.
    withdraw
        With `onto`: take out the rows that a corrected file no longer has, and dismiss the rows to mend that a mended
        quarantine file no longer has.
    progress
        Called with what is being done, how many files are done and how many there are.

    Returns
    -------
    Outcome
        Files that could not be read are told in it (`refused`), the others are read. Where all files had been read
        before and only mends came since, the snapshot is the latest one (`unchanged`).

    Raises
    ------
    UserError
        If a path is missing, no file can be read, nothing fits any table (then nothing is stored), or if the snapshot
        would be the latest and lack what the latest one holds (status 4, with the list of it).
    """
    parent = store.open(onto) if onto else None
    if withdraw and parent is None:
        raise UserError("--withdraw 须与 --onto 同用：撤回的是某个快照中已有的行，如 --onto latest --withdraw。")
    handed_in = files.found(paths)
    known = dictionaries.read()
    warnings = Warnings()
    progress("查找", 0, len(handed_in))
    reader = _Reader(known, store, warnings)
    chain = store.ancestors(parent) if parent else ()
    history = History(chain, basis(known, reader.forms))
    fresh_files = [one for one in handed_in if withdraw or not history.settled(one)]
    if parent is not None and not fresh_files:
        return Outcome(parent, [], [], unchanged=True)
    if len(fresh_files) < len(handed_in):
        warnings.add("", "", f"有 {len(handed_in) - len(fresh_files)} 个文件先前已读入、没有变化，不再重读")
    readable, grids, refused = _grids(fresh_files, warnings, progress)
    sheets = reader.sheets(grids, progress)
    if not reader.parts:
        return Outcome(None, sheets, warnings.listed(), reader.drafts, refused)
    progress("核对", len(readable), len(readable))
    again = frozenset(one.name for one in readable if history.known(one) and not one.named)
    earlier = _earlier(history.of_the_same_name(readable), store, known)
    ward = Ward(known, reader.parts, warnings, parent, reader.schools, _district(), again, earlier, withdraw)
    ward.examine()
    for sheet, part in reader.shown:
        ward.count(sheet, part)
    if withdraw and ward.missing and any(sheet.rows_quarantined for sheet in sheets):
        raise UserError(
            "没有形成快照：交来的文件里还有待更正的行，分不清哪些是要撤回的；请先改好这些行，再加 --withdraw 重交。"
        )
    progress("写入快照", len(readable), len(readable))
    simulated = reader.simulated or (parent is not None and parent.simulated)
    judge = partial(admit, store=store, known=known, onto=parent.id if parent else "", fresh=fresh)
    try:
        snapshot = ward.store(store, readable, sheets, simulated, reader.names, reader.secret, reader.forms, judge)
    except ReadBeforeError as known_already:
        return Outcome(known_already.latest, sheets, [], refused=refused, unchanged=True)
    missing = [loss.told() for loss in ward.missing]
    return Outcome(snapshot, sheets, warnings.listed(), reader.drafts, refused, missing, withdraw)


def _earlier(before: Mapping[str, Path], store: Store, known: Dictionary) -> dict[str, pa.Table]:
    """Return by table the good rows of files that were handed in before, given as name → kept bytes."""
    reader = _Reader(known, store, Warnings())
    grids: list[tuple[files.HandedIn, Grid | None]] = []
    for name, file in before.items():
        one = files.HandedIn(file, name, False)
        try:
            grids += [(one, grid) for grid in files.grids(one) if questionnaires.header(grid) is None]
        except UserError:  # it was read once, by a library that has changed since: then only the envelope is compared
            continue
    reader.sheets(grids, _silent)
    found: dict[str, list[pa.Table]] = {}
    for part in reader.parts:
        good = np.ones(len(part.positions), dtype=bool)
        good[[fault.position for fault in part.faults]] = False
        found.setdefault(part.table.name, []).append(decoded(part.data.filter(pa.array(good))))
    return {name: pa.concat_tables(rows) for name, rows in found.items()}


def _district() -> str:
    return settings().bureau.district


def _grids(
    handed_in: Sequence[files.HandedIn], warnings: Warnings, progress: Progress
) -> tuple[list[files.HandedIn], list[tuple[files.HandedIn, Grid | None]], list[str]]:
    """Read all files; return those that could be read, their sheets, and why the others could not.

    Raises
    ------
    UserError
        If none of them can be read.
    """
    readable: list[files.HandedIn] = []
    found: list[tuple[files.HandedIn, Grid | None]] = []
    refused: list[str] = []
    for number, one in enumerate(handed_in):
        progress(one.name, number, len(handed_in))
        if not one.readable:
            warnings.add(one.name, "", "不是电子表格，没有读", remedy="如应读入，请另存为 .xlsx 或 .csv")
            readable.append(one)
            found.append((one, None))
            continue
        try:
            sheets = list(files.grids(one))
        except UserError as slip:
            refused.append(slip.message)
            continue
        if not any(grid.rows.size for grid in sheets):
            refused.append(f"“{one.name}”没有任何内容；请重新导出或删去后再试。")
            continue
        readable.append(one)
        found += [(one, grid) for grid in sheets]
    if refused and not any(grid is not None for _, grid in found):
        more = f"（另有 {len(refused) - 1} 个文件也不能读：{'；'.join(refused[1:])}）" if len(refused) > 1 else ""
        raise UserError(refused[0] + more)
    return readable, found, refused


class _Reader:
    """Recognises and types the sheets of one intake."""

    def __init__(self, known: Dictionary, store: Store, warnings: Warnings) -> None:
        self.known, self.store, self.warnings = known, store, warnings
        self.secret = key()
        self.forms, slips = questionnaires.load()
        for slip in slips:
            self.warnings.add("", "", slip.rstrip("。"), remedy="这份说明没有使用，其余照常读入")
        self.schools = register.table(known.table("schools"))
        self.parts: list[Part] = []
        self.shown: list[tuple[Sheet, Part]] = []
        self.names: set[str] = set()
        self.drafts: list[Path] = []
        self._undescribed: list[Grid] = []
        self.simulated = False
        self._terms = rules.terms(_district())

    def sheets(self, grids: Sequence[tuple[files.HandedIn, Grid | None]], progress: Progress) -> list[Sheet]:
        """Read every sheet, registers of schools first, and return what is known of each so far."""
        listed = [Sheet(one.name, (grid.sheet or None) if grid else None, None) for one, grid in grids]
        names = register.names(self.schools.to_pylist())
        found = [(one, grid, self._layout(one, grid, names) if grid is not None else None) for one, grid in grids]
        order = sorted(range(len(found)), key=lambda place: not _is_register(found[place][2]))
        for place in order:
            one, grid, layout = found[place]
            if grid is None or layout is None:
                continue
            listed[place].encoding = grid.encoding or None
            self.simulated = self.simulated or bool(one.told.get("simulated")) or _says_simulated(grid)
            if not _is_register(layout):
                names = register.names(self.schools.to_pylist())
                layout = self._layout(one, grid, names)
            self._sheet(one, grid, layout, names, listed[place])
        self._draft()
        return listed

    def _draft(self) -> None:
        """Draft a description for each survey that has none, and say so of each of its exports."""
        for grid, draft, export in drafts.write(self._undescribed, self.store.folder / "drafts"):
            self.drafts = list(dict.fromkeys([*self.drafts, draft]))
            self.warnings.add(
                grid.path,
                grid.sheet,
                "这份问卷还没有说明，没有读入",
                remedy=f"已起草 {draft}，核对后放入 data/reference/questionnaires 再读",
            )
            if export.others:
                reason = f"起草时没有列入的列：{'、'.join(f'“{other}”' for other in export.others)}"
                self.warnings.add(grid.path, grid.sheet, reason, remedy="如是题目，请在说明中补上")

    def _layout(self, one: files.HandedIn, grid: Grid, schools: dict[str, str]) -> Layout:
        if questionnaires.header(grid) is not None:
            return Layout(None)
        return layouts.find(grid, self.known, schools, one.told)

    def _sheet(self, one: files.HandedIn, grid: Grid, layout: Layout, schools: dict[str, str], sheet: Sheet) -> None:
        for note in grid.notes:
            self.warnings.add(grid.path, grid.sheet, note)
        if grid.hidden and grid.rows.size:
            self.warnings.add(grid.path, grid.sheet, "这是隐藏的工作表，也已读入")
        if questionnaires.header(grid) is not None:
            part = self._survey(grid, schools)
        elif layout.table is not None:
            part = rows.take(grid, layout, self._setting(layout, schools), self.secret, self.warnings, self.names)
        else:
            part = None
            self._unknown(grid, layout)
        if part is None:
            return
        sheet.table = part.table.name
        sheet.rows_read = len(part.positions)
        sheet.ignored_columns = [header for header in part.layout.ignored if header not in bodies.OWN_HEADERS]
        if not sheet.rows_read:
            self.warnings.add(grid.path, grid.sheet, "有表头而没有数据行")
        for kind, numbers in part.skipped.items():
            self.warnings.add(grid.path, grid.sheet, f"是{kind}，不作数据", rows=numbers)
        if _is_register(layout):
            good = np.ones(len(part.positions), dtype=bool)
            good[[fault.position for fault in part.faults]] = False
            self.schools = register.merged(self.schools, decoded(part.data.filter(pa.array(good))))
        if part.table.name != "schools":
            self._stranger(grid, part.layout, schools)
        self.parts.append(part)
        self.shown.append((sheet, part))

    def _stranger(self, grid: Grid, layout: Layout, schools: dict[str, str]) -> None:
        """Say which school a sheet without a school column speaks of, if no register knows it."""
        wanted = layout.table is not None and "school" in layout.table.required
        if not wanted or "school" in layout.columns or "school" in layout.context:
            return
        for text in (*layout.titles, grid.sheet, grid.path):
            if stranger := naming.named(text, schools).stranger:
                near = "、".join(naming.nearest(stranger, schools))
                self.warnings.add(
                    grid.path,
                    grid.sheet,
                    f"“{stranger}”不在学校名册中，没有认作任何学校{f'（名称相近的有：{near}）' if near else ''}",
                    remedy="请改用名册中的名称，或在 data/reference/schools.toml 登记这所学校或别名",
                )
                return

    def _setting(self, layout: Layout, schools: dict[str, str]) -> Setting:
        years: tuple[int, ...] = ()
        for term, start, end in self._terms:
            if term == layout.context.get("term"):
                years = tuple(sorted({start.year, end.year}))
        return Setting(term_of=partial(_term_of, self._terms), years=years, schools=schools)

    def _survey(self, grid: Grid, schools: dict[str, str]) -> Part | None:
        found = questionnaires.find(grid, self.forms)
        if found is None:
            self._undescribed.append(grid)
            return None
        if reason := survey.unusable(grid, found):
            self.warnings.add(grid.path, grid.sheet, f"{reason}，没有读入", remedy="请重新导出，或改正问卷说明后再读")
            return None
        if found.questionnaire.unconfirmed:
            self.warnings.add("", "", found.questionnaire.unconfirmed)
        self.simulated = self.simulated or found.questionnaire.simulated
        setting = Setting(schools=schools)
        return survey.take(grid, found, self.known.table("survey"), setting, self.secret, self.warnings)

    def _unknown(self, grid: Grid, layout: Layout) -> None:
        if not grid.rows.size:
            return
        if any(cell in bodies.ORIGIN for row in grid.head[:3] for cell in row):
            return
        if layout.lacking:
            label, columns = layout.lacking
            reason = f"像是“{label}”，但缺少{'、'.join(f'“{name}”' for name in columns)}列，没有读入"
            self.warnings.add(grid.path, grid.sheet, reason, remedy="请补上这些列，或在数据字典中给已有的列加别名")
        else:
            remedy = "请核对表头，或在 data/reference/tables.toml 中登记这种表"
            self.warnings.add(grid.path, grid.sheet, "认不出是哪一种表，没有读入", remedy=remedy)


def _is_register(layout: Layout | None) -> bool:
    return layout is not None and layout.table is not None and layout.table.name == "schools"


def _says_simulated(grid: Grid) -> bool:
    return any(SIMULATED in cell for row in grid.head[:5] for cell in row)


def _term_of(terms: Sequence[tuple[str, date, date]], day: Any) -> str | None:
    return next((term for term, start, end in terms if start <= day <= end), None)
