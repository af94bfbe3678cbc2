"""Files that cannot be read, or only just: one clear Chinese message, nothing half-written, nothing lost."""

import io
import zipfile

import pytest
from handed_in import LEDGER, csv_bytes, hand_in, ledger_row, reasons, write_xlsx

from analysis.cli import main
from analysis.house import UserError
from analysis.intake import encodings, texts, workbooks
from analysis.intake.reception import receive
from analysis.snapshots import Store


def refused(tmp_path, file):
    """Hand in a file that must be refused; return the message."""
    store = tmp_path / "store"
    with pytest.raises(UserError) as slip:
        receive([file], Store(store))
    assert "\n" not in slip.value.message
    assert not store.exists() or not list(Store(store).list())
    return slip.value.message


def good_workbook(tmp_path, rows=40):
    return write_xlsx(tmp_path / "作业台账.xlsx", {"台账": [list(LEDGER), *([ledger_row()] * rows)]})


def test_a_missing_folder(tmp_path):
    assert "找不到" in refused(tmp_path, tmp_path / "无此目录")


def test_an_empty_folder(tmp_path):
    (tmp_path / "空").mkdir()
    assert "没有可读入的文件" in refused(tmp_path, tmp_path / "空")


@pytest.mark.parametrize("name", ["空.csv", "空.xlsx"])
def test_an_empty_file(tmp_path, name):
    (tmp_path / name).write_bytes(b"")
    assert "空文件" in refused(tmp_path, tmp_path / name)


def test_a_sheet_without_a_cell(tmp_path):
    assert "没有任何内容" in refused(tmp_path, write_xlsx(tmp_path / "空白.xlsx", {"Sheet1": []}))


def test_a_file_that_is_no_spreadsheet(tmp_path):
    (tmp_path / "照片.jpg").write_bytes(b"\xff\xd8\xff\xe0")
    assert "照片.jpg" in refused(tmp_path, tmp_path / "照片.jpg")


def test_a_picture_called_xlsx(tmp_path):
    (tmp_path / "台账.xlsx").write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(range(256)))
    assert "不是电子表格" in refused(tmp_path, tmp_path / "台账.xlsx")


def test_a_picture_called_csv(tmp_path):
    (tmp_path / "台账.csv").write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(range(32)) * 40)
    assert "不是文本" in refused(tmp_path, tmp_path / "台账.csv")


@pytest.mark.parametrize("share", [0.2, 0.6, 0.95, 0.999])
def test_a_truncated_workbook(tmp_path, share):
    whole = good_workbook(tmp_path).read_bytes()
    file = tmp_path / "断.xlsx"
    file.write_bytes(whole[: int(len(whole) * share)])
    assert "已损坏" in refused(tmp_path, file)


def test_a_workbook_with_flipped_bytes(tmp_path):
    """A single wrong byte in the packed sheet is found by the package's own checksum, or read without a change."""
    whole = bytearray(good_workbook(tmp_path).read_bytes())
    part = zipfile.ZipFile(io.BytesIO(whole)).getinfo("xl/worksheets/sheet1.xml")
    whole[part.header_offset + 80] ^= 0xFF
    (tmp_path / "坏.xlsx").write_bytes(whole)
    assert "已损坏" in refused(tmp_path, tmp_path / "坏.xlsx")


def test_a_password_protected_workbook(tmp_path):
    """An encrypted .xlsx is an OLE container with a stream called EncryptedPackage."""
    content = workbooks.OLE + bytes(504) + "EncryptionInfo".encode("utf-16-le") + "EncryptedPackage".encode("utf-16-le")
    (tmp_path / "密.xlsx").write_bytes(content + bytes(2048))
    assert "密码" in refused(tmp_path, tmp_path / "密.xlsx")


def test_an_ole_container_that_is_no_workbook(tmp_path):
    (tmp_path / "坏.xls").write_bytes(workbooks.OLE + bytes(4096))
    assert "坏.xls" in refused(tmp_path, tmp_path / "坏.xls")


def test_a_zip_bomb(tmp_path):
    """Its directory tells 3 GB of zeros; it is refused without being unpacked."""
    source = zipfile.ZipFile(good_workbook(tmp_path))
    file = tmp_path / "炸弹.xlsx"
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as package:
        for part in source.infolist():
            package.writestr(part, source.read(part))
        with package.open("xl/sharedStrings2.xml", "w") as stream:
            for _ in range(150):
                stream.write(bytes(1 << 20))
    assert "压缩炸弹" in refused(tmp_path, file)


def test_a_zip_bomb_that_lies_about_its_size(tmp_path):
    """The directory tells a kilobyte where 150 MB are packed."""
    source = zipfile.ZipFile(good_workbook(tmp_path))
    file = tmp_path / "炸弹.xlsx"
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as package:
        for part in source.infolist():
            package.writestr(part, source.read(part))
        package.writestr("xl/extra.xml", bytes(150 << 20))
    content = file.read_bytes()
    size = (150 << 20).to_bytes(4, "little")
    assert content.count(size) == 2
    file.write_bytes(content.replace(size, (1024).to_bytes(4, "little")))
    assert "已损坏" in refused(tmp_path, file)


def patched_sheet(tmp_path, change):
    """Return a workbook whose first sheet's XML is changed."""
    source = zipfile.ZipFile(good_workbook(tmp_path, rows=3))
    file = tmp_path / "改.xlsx"
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as package:
        for part in source.infolist():
            content = source.read(part)
            if part.filename == "xl/worksheets/sheet1.xml":
                content = change(content)
            package.writestr(part, content)
    return file


def test_a_sheet_of_a_million_empty_rows_is_read_for_what_it_holds(tmp_path):
    rows = b"".join(b'<row r="%d"/>' % number for number in range(5, 1_048_577))
    file = patched_sheet(tmp_path, lambda xml: xml.replace(b"</sheetData>", rows + b"</sheetData>"))
    outcome = receive([file], Store(tmp_path / "store"))
    assert [sheet.rows_read for sheet in outcome.sheets] == [3]


def test_formatted_empty_cells_far_down_are_no_rows(tmp_path):
    rows = b"".join(b'<row r="%d"><c r="A%d" s="0"/><c r="B%d" s="0"/></row>' % (n, n, n) for n in range(5, 60_000))
    file = patched_sheet(tmp_path, lambda xml: xml.replace(b"</sheetData>", rows + b"</sheetData>"))
    assert receive([file], Store(tmp_path / "store")).sheets[0].rows_read == 3


def test_one_cell_in_the_farthest_corner_is_refused_before_it_fills_the_memory(tmp_path):
    corner = b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData>'
    file = patched_sheet(tmp_path, lambda xml: xml.replace(b"</sheetData>", corner))
    assert "1,048,576 行" in refused(tmp_path, file)


def test_failed_and_uncounted_formulas_are_not_lost(tmp_path):
    def change(xml):
        cells = (
            b'<c r="G5" t="inlineStr"><is><t>x</t></is></c><c r="H5" t="e"><f>1/0</f><v>#DIV/0!</v></c>',
            b'<c r="H6"><f>SUM(H1:H2)</f><v></v></c>',
        )
        rows = b"".join(b'<row r="%d">%s</row>' % (number, cell) for number, cell in zip((5, 6), cells, strict=True))
        return xml.replace(b"</sheetData>", rows + b"</sheetData>")

    outcome = receive([patched_sheet(tmp_path, change)], Store(tmp_path / "store"))
    lines = outcome.snapshot.quarantine()
    values = set(lines[lines["column"] == "时长"]["value"])
    assert values == {"#DIV/0!", "=SUM(H1:H2)"}


@pytest.mark.parametrize(
    ("encoding", "told"), [("utf-8", "utf-8"), ("utf-8-sig", "utf-8-sig"), ("gb18030", "gb18030"), ("utf-16", "utf-16")]
)
@pytest.mark.parametrize("delimiter", [",", "\t", ";"])
def test_encodings_and_delimiters(tmp_path, encoding, told, delimiter):
    rows = [[*LEDGER, "作业类型"], *([*ledger_row(学科=name), "朗读，默写"] for name in ("语文", "数学", "英语"))]
    outcome = hand_in(tmp_path, csv_bytes(rows, encoding, delimiter))
    assert outcome.sheets[0].encoding == told
    assert outcome.sheets[0].rows_accepted == 3


def test_rare_characters_and_emoji_survive_gb18030(tmp_path):
    rows = [[*LEDGER, "作业类型"], [*ledger_row(), "练习𠮷😀喆"]]
    outcome = hand_in(tmp_path, csv_bytes(rows, "gb18030"))
    assert outcome.snapshot.frame("homework")["kind"].tolist() == ["练习𠮷😀喆"]


def test_a_nul_byte_puts_its_row_aside(tmp_path):
    content = csv_bytes([list(LEDGER), ledger_row(), ledger_row(学科="数\0学")])
    outcome = hand_in(tmp_path, content)
    assert outcome.sheets[0].rows_accepted == 1
    assert reasons(outcome) == {3: ["含空字符（NUL）"]}


@pytest.mark.parametrize("first", ["utf-8", "gb18030"])
def test_two_encodings_in_one_file_are_each_read_in_their_own(tmp_path, first):
    second = {"utf-8": "gb18030", "gb18030": "utf-8"}[first]
    days = [f"2026-03-{day:02d}" for day in range(2, 7)]
    one = csv_bytes([list(LEDGER), *(ledger_row(日期=day) for day in days)], first)
    two = csv_bytes([ledger_row(日期=day, 学科="数学") for day in days], second)
    outcome = hand_in(tmp_path, one + two)
    assert outcome.sheets[0].rows_accepted == 10
    assert set(outcome.snapshot.frame("homework")["subject"]) == {"语文", "数学"}
    assert any("两种编码" in entry["message"] for entry in outcome.warnings)


def test_bytes_that_are_no_text_put_their_row_aside(tmp_path):
    content = csv_bytes([list(LEDGER), ledger_row()], "gb18030")
    row = csv_bytes([ledger_row(学科="英语")], "gb18030").replace("英语".encode("gb18030"), b"\xff\xff")
    outcome = hand_in(tmp_path, content + row)
    assert outcome.sheets[0].rows_accepted == 1
    assert "无法识别的字符" in reasons(outcome)[3][0]


def test_a_row_with_too_many_cells_is_put_aside_and_one_with_too_few_is_filled_up(tmp_path):
    content = csv_bytes([[*LEDGER, "难度"], [*ledger_row(), "中", "多", "余"], ledger_row(学科="数学")])
    outcome = hand_in(tmp_path, content)
    assert "多于表头" in reasons(outcome)[2][0]
    assert outcome.sheets[0].rows_accepted == 1


def test_a_quote_that_is_never_closed_swallows_nothing(tmp_path):
    rows = [list(LEDGER), ledger_row(), ledger_row(学科="数学"), ledger_row(学科="英语")]
    content = csv_bytes(rows).replace("数学".encode(), '"数学'.encode())
    outcome = hand_in(tmp_path, content)
    assert outcome.sheets[0].rows_read == 3
    assert outcome.sheets[0].rows_accepted == 2
    assert list(reasons(outcome)) == [3]


def test_line_breaks_inside_cells_and_blank_lines_keep_the_row_numbers(tmp_path):
    rows = [["预计\n时长" if name == "时长" else name for name in LEDGER], ledger_row()]
    content = csv_bytes(rows) + b"\r\n" + csv_bytes([ledger_row(学科="数学"), ledger_row(学科="奥数")])
    outcome = hand_in(tmp_path, content)
    assert outcome.sheets[0].rows_accepted == 2
    assert list(reasons(outcome)) == [5]


def test_two_hundred_columns(tmp_path):
    extra = [f"第{number}项" for number in range(200)]
    rows = [[*LEDGER, *extra], *([*ledger_row(学科=subject), *extra] for subject in ("语文", "数学"))]
    outcome = hand_in(tmp_path, rows)
    assert outcome.sheets[0].rows_accepted == 2
    assert outcome.sheets[0].ignored_columns == extra


def test_cells_that_look_like_formulas_stay_text(tmp_path):
    rows = [[*LEDGER, "作业类型"], *([*ledger_row(学科=s), w] for s, w in
            zip(("语文", "数学", "英语", "科学"), ("=1+1", "+86", "-阅读", "@A1"), strict=True))]  # fmt: skip
    outcome = hand_in(tmp_path, rows)
    assert sorted(outcome.snapshot.frame("homework")["kind"]) == ["+86", "-阅读", "=1+1", "@A1"]


def test_old_workbooks(tmp_path):
    xlwt = pytest.importorskip("xlwt")
    book = xlwt.Workbook()
    sheet = book.add_sheet("三年级")
    sheet.write_merge(0, 0, 0, 7, "澄湖区第一小学2025—2026学年第二学期作业台账")
    for place, row in enumerate([list(LEDGER), ledger_row(), ledger_row(学科="数学")], start=1):
        for column, cell in enumerate(row):
            sheet.write(place, column, cell)
    book.save(str(tmp_path / "台账.xls"))
    outcome = receive([tmp_path / "台账.xls"], Store(tmp_path / "store"))
    assert outcome.sheets[0].rows_accepted == 2


def test_a_folder_is_read_throughout_and_what_is_no_table_is_told(tmp_path):
    folder = tmp_path / "交来"
    (folder / "一月").mkdir(parents=True)
    (folder / "一月" / "作业台账.csv").write_bytes(csv_bytes([list(LEDGER), ledger_row()]))
    (folder / "通知.docx").write_bytes(b"PK\x03\x04")
    (folder / "食堂.csv").write_bytes(csv_bytes([["菜名", "价格"], ["土豆", "3"]]))
    (folder / "README.md").write_text("x")
    (folder / "~$作业台账.xlsx").write_bytes(b"x")
    (folder / ".DS_Store").write_bytes(b"x")
    (folder / "sources.toml").write_text('[[file]]\npath = "食堂.csv"\n')
    outcome = receive([folder], Store(tmp_path / "store"))
    assert {sheet.path: sheet.table for sheet in outcome.sheets} == {
        "一月/作业台账.csv": "homework",
        "通知.docx": None,
        "食堂.csv": None,
    }
    told = " ".join(entry["message"] for entry in outcome.warnings)
    assert "通知.docx" in told
    assert "食堂.csv" in told


def test_files_that_fit_no_table_make_no_snapshot_and_exit_2(tmp_path, capsys):
    (tmp_path / "食堂.csv").write_bytes(csv_bytes([["菜名", "价格"], ["土豆", "3"]]))
    assert main(["intake", str(tmp_path / "食堂.csv"), "--store", str(tmp_path / "store"), "--json"]) == 2
    printed = capsys.readouterr()
    assert '"snapshot": null' in printed.out
    assert '"table": null' in printed.out
    assert "没有形成快照" in printed.err


def test_a_table_that_lacks_a_column_names_it(tmp_path):
    rows = [["学校", "年级", "班级", "日期", "时长"], ["甲", "三", "1", "2026-03-09", "3"]]
    outcome = hand_in(tmp_path, rows)
    assert outcome.snapshot is None
    assert "缺少“学科”列" in outcome.warnings[0]["message"]


def test_of_several_unusable_files_each_is_named(tmp_path):
    for name in ("甲.csv", "乙.xlsx"):
        (tmp_path / name).write_bytes(b"")
    with pytest.raises(UserError) as slip:
        receive([tmp_path], Store(tmp_path.parent / "elsewhere"))
    assert "甲.csv" in slip.value.message
    assert "乙.xlsx" in slip.value.message


def test_the_header_of_a_text_file_may_stand_in_any_piece(tmp_path, monkeypatch):
    """Reading in small pieces changes nothing."""
    rows = [list(LEDGER), *(ledger_row(日期=f"2026-03-{day:02d}") for day in range(2, 7))]
    file = tmp_path / "台账.csv"
    file.write_bytes(csv_bytes(rows, "gb18030"))
    whole = texts.read(file, "x")
    monkeypatch.setattr(encodings, "BLOCK", 1024)
    pieces = texts.read(file, "x")
    assert [c.to_pylist() for c in whole.columns] == [c.to_pylist() for c in pieces.columns]


@pytest.mark.parametrize(
    "content", ["学校，学期，年级\n第一小学，2025-2026-2，三年级\n", "学校,学期\n" + "长" * 140_000 + ",x\n"]
)
def test_what_a_reader_stumbles_over_is_that_files_refusal_only(tmp_path, content):
    folder = tmp_path / "交来"
    folder.mkdir()
    (folder / "坏.csv").write_text(content, encoding="utf-8")
    (folder / "作业台账.csv").write_bytes(csv_bytes([list(LEDGER), ledger_row()]))
    outcome = receive([folder], Store(tmp_path / "store"))
    assert len(outcome.snapshot.frame("homework")) == 1
    (told,) = outcome.refused
    assert told.startswith("“坏.csv”读不出来")
