"""The tables behind a page: each table and figure, and the numbers of the sentences, as plain rows."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable
from dataclasses import dataclass

from analysis.house.content import Json
from analysis.publishing import columns, traces
from analysis.publishing.content import Block, Document, plain

Value = str | float | int | None


@dataclass(frozen=True, slots=True)
class Field:
    """A column: its name, Chinese title, type (``string``, ``integer``, ``number``) and printed unit and decimals."""

    name: str
    title: str
    type: str
    unit: str = ""
    decimals: int = 1


@dataclass(frozen=True, slots=True)
class Table:
    """Plain rows with their fields.

    Parameters
    ----------
    name
        Slug; the CSV file is ``name.csv``.
    label, title
        ``表1`` and the title on the page.
    fields, rows
        A number that is not known is a text (``…`` suppressed, ``—`` none) or None.
    notes
        The notes of the page.
    """

    name: str
    label: str
    title: str
    fields: tuple[Field, ...]
    rows: tuple[tuple[Value, ...], ...]
    notes: tuple[str, ...] = ()

    def gaps(self) -> list[str]:
        """Return the texts that stand for a missing number."""
        numeric = [at for at, field in enumerate(self.fields) if field.type != "string"]
        found = {row[at] for row in self.rows for at in numeric if isinstance(row[at], str)}
        return ["", *sorted(str(text) for text in found if text)]

    def csv(self) -> bytes:
        """Return the rows as UTF-8 CSV with a header of names."""
        text = io.StringIO()
        writer = csv.writer(text, lineterminator="\n")
        writer.writerow([field.name for field in self.fields])
        writer.writerows([["" if value is None else value for value in row] for row in self.rows])
        return text.getvalue().encode()


def _type(values: Iterable[Value]) -> str:
    numbers = [value for value in values if isinstance(value, (int, float))]
    if not numbers:
        return "string"
    return "integer" if all(isinstance(value, int) for value in numbers) else "number"


def _column(block: Block, at: int) -> list[tuple[Field, list[Value]]]:
    """Return one printed column as plain columns: an interval or bounds become two, all else one."""
    column = block["columns"][at]
    cells = [row["cells"][at] for row in block["rows"]]
    title, key = plain(column["label"]), column["key"]
    statistics = [cell["statistic"] for cell in cells if "statistic" in cell]
    unit, decimals = (statistics[0]["unit"], statistics[0]["decimals"]) if statistics else (column.get("unit", ""), 0)
    if any(cell.get("part") in ("interval", "bounds") for cell in cells):
        return [
            (
                Field(f"{key}_{limit}", f"{title}{name}", "number", unit, decimals),
                [_limit(cell, limit) for cell in cells],
            )
            for limit, name in (("lower", "下限"), ("upper", "上限"))
        ]
    values: list[Value] = [cell["text"] if cell.get("value") is None else cell["value"] for cell in cells]
    kind = _type(values)
    if kind == "integer" or any(cell.get("part") in ("base", "numerator", "denominator", "n") for cell in cells):
        unit, decimals = column.get("unit", ""), 0
    return [(Field(key, title, kind, unit, decimals), values)]


def _limit(cell: Json, limit: str) -> Value:
    text: Value = cell["text"]
    if "statistic" not in cell or cell.get("suppressed"):
        return text
    if cell.get("part") == "bounds":
        ends = cell["statistic"].get("bounds")
        end: Value = ends[limit == "upper"] if ends else text
        return end
    known: Value = cell["statistic"]["estimate"][limit]
    return text if known is None else known


def of_table(block: Block) -> Table:
    """Return a table of the page as plain rows; ``row`` tells totals apart where there are any."""
    made = [pair for at in range(len(block["columns"])) for pair in _column(block, at)]
    roles = [row.get("role", "body") for row in block["rows"]]
    if set(roles) - {"body"}:
        made.append((Field("row", "行的性质", "string"), list(roles)))
    rows = tuple(zip(*(values for _, values in made), strict=True))
    notes = tuple(plain(note) for note in block.get("notes", ()))
    fields = tuple(field for field, _ in made)
    return Table(block["name"], block["label"], plain(block["title"]), fields, rows, notes)


_STATISTIC = (
    ("indicator", "指标", "string"),
    ("label", "指标名称", "string"),
    ("group_label", "组", "string"),
    ("district", "区", "string"),
    ("school", "学校", "string"),
    ("term", "学期", "string"),
    ("start", "起", "string"),
    ("end", "止", "string"),
    ("value", "值", "number"),
    ("lower", "下限", "number"),
    ("upper", "上限", "number"),
    ("level", "置信水平", "number"),
    ("n", "观测数", "integer"),
    ("numerator", "分子", "number"),
    ("denominator", "分母", "number"),
    ("base", "依据数", "integer"),
    ("base_unit", "依据单位", "string"),
    ("unit", "单位", "string"),
    ("status", "状态", "string"),
    ("text", "印出的数", "string"),
    ("slice", "数据切片", "string"),
)


def of_statistics(name: str, label: str, title: str, statistics: Iterable[Json]) -> Table:
    """Return statistics as tidy rows, one for each, in full precision."""
    distinct = {traces.key(statistic): statistic for statistic in statistics}
    sources = [{**one, **one["scope"], **one["estimate"]} for one in distinct.values()]
    fields = tuple(Field(key, words, kind, decimals=4) for key, words, kind in _STATISTIC)
    rows = tuple(tuple(source.get(field.name) for field in fields) for source in sources)
    return Table(name, label, title, fields, rows)


def behind(document: Document) -> list[Table]:
    """Return all tables behind a document, in the order of the page; ``numbers`` (the sentences') comes first."""
    found = []
    quoted = [run["statistic"] for run in traces.sentences(document)]
    if quoted:
        found.append(of_statistics("numbers", "文中数字", "正文各句所引的数", quoted))
    for block in document.of("table", "figure"):
        if block["kind"] == "table":
            found.append(of_table(block))
        elif block.get("statistics"):
            found.append(of_statistics(block["name"], block["label"], plain(block["title"]), block["statistics"]))
    return found


def width(field: Field, rows: Iterable[Value]) -> float:
    """Return the width of a spreadsheet column in characters, between 8 and 48."""
    longest = max((columns.length(str(value)) for value in rows if isinstance(value, str)), default=0.0)
    return min(max(2 * longest, 2 * columns.length(field.title), 6.0) + 2, 48.0)
