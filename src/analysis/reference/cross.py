"""What one reference file names of another has to be there: told like any slip, with the nearest known name."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from analysis.house import path
from analysis.reference.calendar import calendar_file, terms_file
from analysis.reference.districts import districts_file
from analysis.reference.indicators import indicators_file
from analysis.reference.messages import nearest, place_of, shown
from analysis.reference.positions import line_of
from analysis.reference.reading import holder
from analysis.reference.rules import rules_file
from analysis.reference.schools import schools_file
from analysis.reference.settings import settings, settings_files
from analysis.reference.tables import tables_file

Parts = tuple[str | int, ...]


def between() -> list[str]:
    """Return one Chinese line for every name that the file concerned does not hold."""
    return [*_districts(), *_rules_and_tables()]


def _districts() -> Iterator[str]:
    known = set(districts_file())
    for file, parts, code in _named_districts():
        if code and code not in known:
            yield unknown(file, parts, code, known, "data/reference/districts.toml 中没有区代码")


def _named_districts() -> Iterator[tuple[Path, Parts, str]]:
    """Give each district code that a file names, with its file and place."""
    folder = path("data", "reference")
    for at, school in enumerate(schools_file()):
        yield folder / "schools.toml", ("school", at, "district"), school.district
    for at, term in enumerate(terms_file()):
        yield folder / "terms.toml", ("term", at, "district"), term.district
    table = calendar_file()
    for kind, entries in (("holiday", table.holiday), ("makeup", table.makeup), ("school_day", table.school_day)):
        for at, entry in enumerate(entries):
            yield folder / "calendar.toml", (kind, at, "district"), entry.district
    for name, rule in rules_file().items():
        for at, value in enumerate(rule.values):
            yield folder / "rules.toml", ("rules", name, "values", at, "district"), value.district
    place = ("bureau", "district")
    yield holder(place, settings_files()), place, settings().bureau.district


def _rules_and_tables() -> Iterator[str]:
    """Look up what the catalogue of indicators names: the rule that judges one, the tables that it is computed from."""
    file, known = path("data", "reference", "indicators.toml"), set(rules_file())
    tables = {table.name for table in tables_file().table}
    for name, indicator in indicators_file().items():
        if indicator.rule and indicator.rule not in known:
            yield unknown(
                file, ("indicators", name, "rule"), indicator.rule, known, "data/reference/rules.toml 中没有规定"
            )
        for key, named in (("tables", indicator.tables), ("reported_in", indicator.reported_in)):
            for at, table in enumerate(named):
                if table not in tables and (key == "tables" or table not in indicator.tables):
                    yield unknown(
                        file, ("indicators", name, key, at), table, tables, "data/reference/tables.toml 中没有表"
                    )


def unknown(file: Path, parts: Sequence[str | int], name: str, known: set[str], lacks: str) -> str:
    """Return the line on a name that is not known: ``“schools.toml”第9行，school 第1条 district：…中没有区代码“1”；…``."""
    number = line_of(file.read_text(encoding="utf-8-sig"), parts)
    return f"“{shown(file)}”第{number}行，{place_of(parts)}：{lacks}“{name}”；{nearest(name, known)}"
