"""No generated sheet loses or changes a value, in whatever encoding, delimiter or workbook it comes."""

import datetime as dt
import re
import tempfile
from pathlib import Path

from handed_in import csv_bytes, write_xlsx
from hypothesis import HealthCheck, Phase, example, given, settings
from hypothesis import strategies as st

from analysis.intake import cells, dictionary, personal, texts, workbooks
from analysis.intake.readings import Odd
from analysis.intake.reception import receive
from analysis.snapshots import Store
from analysis.text.numerals import chinese

FEW = settings(
    max_examples=12,
    deadline=None,
    suppress_health_check=list(HealthCheck),
    phases=(Phase.explicit, Phase.reuse, Phase.generate),  # an intake takes too long for shrinking
)
MANY = settings(max_examples=150, deadline=None)
HEADER = ["学校", "学期", "年级", "班级", "日期", "学科", "是否书面", "时长", "作业类型"]
SUBJECTS = ["语文", "数学", "英语", "科学", "道德与法治"]
DAYS = [dt.date(2026, 3, day) for day in (2, 3, 4, 5, 6, 9, 10)]

WORDS = st.text(st.characters(codec="gb18030", exclude_categories=("Cs", "Cc", "Cn", "Co", "Zl", "Zp")), max_size=12)
CELL = st.one_of(
    WORDS, st.sampled_from(["=1+1", "+86", "-x", "@a", '"', 'a"b', "a,b", "a;b", "a\nb", "，", "1,5", "　x"])
)
DATE_FORMS = ("%Y-%m-%d", "%Y/%m/%d", "%Y.%m.%d", "%Y%m%d", "%Y年%m月%d日")


@st.composite
def ledgers(draw):
    """Return rows of a ledger with different keys, some of which cannot be read, and what the good ones mean."""
    keys = draw(
        st.lists(st.tuples(st.sampled_from(DAYS), st.sampled_from(SUBJECTS)), min_size=1, max_size=12, unique=True)
    )
    rows, meant = [], {}
    for day, subject in keys:
        minutes = draw(st.integers(0, 120))
        text = draw(
            st.sampled_from(
                [f"{minutes}", f"{minutes}分钟", f"{minutes}.0", "".join(chr(ord(c) + 0xFEE0) for c in str(minutes))]
            )
        )
        good = draw(st.booleans()) or draw(st.booleans())
        kind = draw(CELL)
        spoken = day.strftime(draw(st.sampled_from(DATE_FORMS)))
        rows.append(
            ["第一小学", "2025-2026-2", "三年级", "1班", spoken, subject, "是", text if good else "见黑板", kind]
        )
        if good:
            meant[day, subject] = (float(minutes), personal.masked(kind.strip()))
    return rows, meant


def nothing(text):
    """Whether the text of a cell counts as empty."""
    return text if text not in cells.NOTHING and text else None


def check(outcome, rows, meant):
    sheet = next(one for one in outcome.sheets if one.table == "homework")
    assert sheet.rows_read == len(rows) == sheet.rows_accepted + sheet.rows_quarantined
    assert sheet.rows_accepted == len(meant)
    if not meant:
        return
    frame = outcome.snapshot.frame("homework")
    found = {
        (day.date(), subject): (minutes, kind if isinstance(kind, str) else None)
        for day, subject, minutes, kind in frame[["date", "subject", "minutes", "kind"]].itertuples(index=False)
    }
    assert found == {key: (minutes, nothing(kind)) for key, (minutes, kind) in meant.items()}


@FEW
@given(ledgers(), st.sampled_from(["utf-8", "utf-8-sig", "gb18030"]), st.sampled_from([",", "\t", ";"]))
def test_a_text_file_loses_and_changes_nothing(ledger, encoding, delimiter):
    rows, meant = ledger
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "作业台账.csv"
        file.write_bytes(csv_bytes([HEADER, *rows], encoding, delimiter))
        check(receive([file], Store(Path(folder) / "store")), rows, meant)


@FEW
@given(ledgers(), st.integers(0, 3), st.booleans())
def test_a_workbook_loses_and_changes_nothing(ledger, titles, total):
    rows, meant = ledger
    rows = [[cell.replace("\r", "") for cell in row] for row in rows]
    above = [[f"标题{number}"] for number in range(titles)]
    below = [["合计", "", "", "", "", "", "", "99", ""]] if total else []
    with tempfile.TemporaryDirectory() as folder:
        file = write_xlsx(Path(folder) / "作业台账.xlsx", {"台账": [*above, HEADER, *rows, *below]})
        _as_text(file)
        check(receive([file], Store(Path(folder) / "store")), rows, meant)


def _as_text(file):
    """Turn the formulas that the writing library makes of cells beginning with = back into text."""
    import openpyxl

    book = openpyxl.load_workbook(file)
    for row in book["台账"].iter_rows():
        for cell in row:
            if cell.data_type == "f":
                cell.data_type = "s"
    book.save(file)


@FEW
@given(st.lists(st.lists(CELL, min_size=3, max_size=3), min_size=1, max_size=20), st.sampled_from(["utf-8", "gb18030"]))
@example([["", "", ""], ["a\nb", '"', ","]], "gb18030")
def test_every_cell_of_a_text_file_comes_back_as_it_was(rows, encoding):
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "x.csv"
        file.write_bytes(csv_bytes([["甲", "乙", "丙"], *rows], encoding))
        grid = texts.read(file, "x")
        order = grid.rows.argsort()
        found = list(zip(*([column[int(place)].as_py() for place in order] for column in grid.columns), strict=True))
        wanted = [tuple(cell.replace("\r\n", "\n") for cell in row) for row in [["甲", "乙", "丙"], *rows]]
        assert found == wanted
        assert sorted(grid.rows) == list(range(1, len(rows) + 2))


@FEW
@given(
    st.lists(
        st.lists(
            st.one_of(WORDS, st.integers(-(10**12), 10**12), st.floats(-1e6, 1e6), st.booleans()),
            min_size=2,
            max_size=2,
        ),
        min_size=1,
        max_size=10,
    )
)
def test_every_cell_of_a_workbook_comes_back_as_it_was(rows):
    import xlsxwriter

    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "x.xlsx"
        with xlsxwriter.Workbook(file, {"strings_to_formulas": False, "strings_to_urls": False}) as book:
            sheet = book.add_worksheet()
            for number, row in enumerate([["甲", "乙"], *rows]):
                for place, value in enumerate(row):
                    write = (
                        sheet.write_string
                        if isinstance(value, str)
                        else sheet.write_boolean
                        if isinstance(value, bool)
                        else sheet.write_number
                    )
                    write(number, place, value)
        (grid,) = workbooks.read(file, "x")
        found = list(zip(*(column.to_pylist() for column in grid.columns), strict=True))[1:]
        for got, row in zip(found, rows, strict=True):
            for text, value in zip(got, row, strict=True):
                if isinstance(value, str):
                    assert text == value
                elif isinstance(value, bool):
                    assert text == ("TRUE" if value else "FALSE")
                else:
                    assert abs(float(text) - value) <= 1e-9 * max(1.0, abs(value))


@MANY
@given(st.text(max_size=20))
def test_any_text_in_any_column_is_a_value_or_an_odd_cell_never_an_accident(text):
    setting = cells.Setting(years=(2026,), schools={"第一小学": "2199000001"})
    for table in dictionary.read().tables:
        for column in table.columns:
            try:
                cells.read(column, text, setting)
            except Odd as slip:
                assert slip.reason
                assert slip.remedy


@MANY
@given(st.integers(0, 9999))
def test_chinese_numbers_are_read_back(number):
    digits, units = "零一二三四五六七八九", ["千", "百", "十", ""]
    words = "".join(digits[int(d)] + (u if d != "0" else "") for d, u in zip(f"{number:04d}", units, strict=True))
    words = re.sub("零+", "零", words).strip("零")  # one zero for all places left out, none at the end
    assert chinese(words or "零") == number


@MANY
@given(st.text(max_size=40))
def test_masking_leaves_nothing_to_mask(text):
    assert personal.kinds(personal.masked(text)) == []


TABLES = [table for table in dictionary.read().tables if not table.survey]
GOOD = {
    "text": "甲", "code": "M01", "integer": "3", "number": "3", "minutes": "20", "clock": "16:30", "date": "2026-03-09",
    "boolean": "是", "money": "100", "grade": "三年级", "class": "1班", "school": "第一小学", "term": "2025-2026-2", "weekday": "周一",
}  # fmt: skip
ODD_CELLS = [
    "",
    "—",
    "无",
    "？",
    "全年级",
    "三（1）班",
    "四年级9班",
    "e5",
    "0.5",
    "两三",
    "2023级4班",
    "3.1",
    "1、2班",
    "合计",
]


def good_cell(column):
    """Return a cell that the dictionary reads in a column."""
    if column.values and column.type == "choice":
        value, words = next(iter(column.values.items()))
        return words[0] if words else value
    return "2199000001" if column.pattern == "\\d{10}" else "219901" if column.pattern else GOOD[column.type]


@settings(FEW, max_examples=60)
@given(st.sampled_from(TABLES), st.data())
def test_no_accepted_row_of_any_table_has_an_empty_key(table, data):
    kept = data.draw(st.sets(st.sampled_from([c.name for c in table.columns]), min_size=2))
    columns = [
        column for column in table.columns if column.name in kept or column.name not in ("term", "school", "grade")
    ]
    rows = []
    for _ in range(data.draw(st.integers(1, 5))):
        spoilt = data.draw(st.sets(st.sampled_from([c.name for c in columns]), max_size=2))
        rows.append([data.draw(st.sampled_from(ODD_CELLS)) if c.name in spoilt else good_cell(c) for c in columns])
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "表.csv"
        file.write_bytes(csv_bytes([[column.label for column in columns], *rows]))
        outcome = receive([file], Store(Path(folder) / "store"))
        for sheet in outcome.sheets:
            assert sheet.rows_read == sheet.rows_accepted + sheet.rows_quarantined
        if outcome.snapshot is None:
            return
        for name in set(outcome.snapshot.tables) - {"refused"}:
            key = list(dictionary.read().table(name).key)
            assert outcome.snapshot.frame(name)[key].notna().all(axis=None)
        assert outcome.snapshot.refused()["rows"].sum() == outcome.quarantined


LEDGERS = {
    "homework": ("term", "school", "grade", "class", "date", "subject", "written", "minutes"),
    "attendance": ("term", "school", "grade", "class", "date", "pupil", "present"),
    "service_daily": ("term", "school", "grade", "class", "date", "eligible", "joined"),
}
KNOWN = ("term", "school", "grade", "class", "date", "subject")


@settings(FEW, max_examples=40)
@given(st.sampled_from(sorted(LEDGERS)), st.data())
def test_spoiling_one_cell_puts_exactly_its_row_aside_with_the_rest_of_its_key(name, data):
    table = dictionary.read().table(name)
    columns = [table.column(one) for one in LEDGERS[name]]
    rows = [[good_cell(column) for column in columns] for _ in DAYS]
    for row, day in zip(rows, DAYS, strict=True):
        row[LEDGERS[name].index("date")] = day.isoformat()
    place = data.draw(st.integers(0, len(rows) - 1))
    spoilt = data.draw(st.sampled_from([one for one in LEDGERS[name] if one != "pupil"]))
    rows[place][LEDGERS[name].index(spoilt)] = "？！"
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "表.csv"
        file.write_bytes(csv_bytes([[column.label for column in columns], *rows]))
        snapshot = receive([file], Store(Path(folder) / "store")).snapshot
        assert {day.date() for day in snapshot.frame(name)["date"]} == {day for n, day in enumerate(DAYS) if n != place}
        (line,) = snapshot.refused().to_dict("records")
        meant = {
            "term": "2025-2026-2",
            "school": "2199000001",
            "grade": 3,
            "class": "1",
            "date": DAYS[place],
            "subject": "语文",
        }
        for part in KNOWN:
            if part not in LEDGERS[name]:
                continue
            found = line[part].date() if part == "date" and line[part] == line[part] and line[part] else line[part]
            if part == spoilt and part not in ("term", "school"):  # of these the sheet has one value only
                assert found is None or found != found
            else:
                assert found == meant[part]
        assert (line["table"], line["rows"]) == (name, 1)
        assert name != "attendance" or line["pupil"].startswith("p")
