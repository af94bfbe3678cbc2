"""Large tables for measuring: millions of rows, drawn school by school so that memory stays small.

``ledger/<district>.parquet``, ``attendance/<district>.parquet`` and ``schools.parquet`` are sorted by district and school,
then grade, class and date; ``作业台账.csv`` holds the same ledger as a bureau would get it, in GB18030, with its share of
bad cells, and ``学校名册.xlsx`` the schools named in it. Every file says in its metadata (the CSV in its first line) that
it is simulated.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from analysis.house import atomic_path
from analysis.rules import calendar
from analysis.simulation import truth
from analysis.simulation.forms import Sheet, write_workbook
from analysis.simulation.ledgers import CSV_HEADER
from analysis.simulation.sources import write_sources

SCHOOLS_A_DISTRICT, CLASSES, PUPILS = 100, 6, 32
FIRST_SCHOOL, FIRST_DISTRICT = 2199000001, 990101
SUBJECTS = {1: 2, 3: 3, 7: 5}  # rows of a class-day in grades 1–2, 3–6, 7–9
STAGES = {"primary": range(1, 7), "junior": range(7, 10), "nine_year": range(1, 10)}
STRATA = ["primary", "primary", "junior", "primary", "nine_year", "primary", "junior"]  # of the schools, in turn
METADATA = {b"simulated": b"true", b"mark": truth.MARK.encode()}
GROUP = 1_000_000  # rows of a row group
TAUGHT = ["语文", "数学", "英语", "道德与法治", "物理"]  # the subjects of a class-day, as many as its grade has
TABLES = {
    "ledger": "homework",
    "attendance": "attendance",
    "schools.parquet": "schools",
    "作业台账.csv": "homework",
    "学校名册.xlsx": "schools",
}
LEDGER = pa.schema(
    [
        ("school", pa.string()), ("grade", pa.int8()), ("class", pa.string()), ("date", pa.date32()),
        ("subject", pa.string()), ("written", pa.bool_()), ("minutes", pa.int16()),
    ],
    metadata=METADATA,
)  # fmt: skip
ATTENDANCE = pa.schema(
    [
        ("school", pa.string()), ("grade", pa.int8()), ("class", pa.string()), ("date", pa.date32()),
        ("pupil", pa.string()), ("present", pa.bool_()),
    ],
    metadata=METADATA,
)  # fmt: skip


def write(folder: Path, ledger_rows: int, attendance_rows: int, *, seed: int = truth.SEED, csv: bool = False) -> None:
    """Write the large tables of `ledger_rows` and `attendance_rows` rows into a folder.

    Parameters
    ----------
    folder
        Where to write; made if it is not there.
    ledger_rows, attendance_rows
        Exact numbers of rows; 0 leaves a table out.
    seed
        Equal seeds (and sizes) give equal tables.
    csv
        Write the ledger as a GB18030 CSV file too.
    """
    folder.mkdir(parents=True, exist_ok=True)
    schools = max(_parts(folder / "ledger", LEDGER, ledger_rows, seed, _ledger),
                  _parts(folder / "attendance", ATTENDANCE, attendance_rows, seed, _attendance))  # fmt: skip
    random = np.random.default_rng([seed, 3])
    table = pa.table(
        {
            "school": [school_code(number) for number in range(schools)],
            "district": [district_code(number) for number in range(schools)],
            "stratum": [stratum(number) for number in range(schools)],
            "weight": random.uniform(0.5, 3.0, schools).round(4),
            "pupils": [len(STAGES[stratum(number)]) * CLASSES * PUPILS for number in range(schools)],
        }
    ).replace_schema_metadata(METADATA)
    pq.write_table(table, folder / "schools.parquet")
    if csv:
        _write_csv(folder, schools)
    files = [file.relative_to(folder).as_posix() for file in folder.rglob("*") if file.is_file()]
    words = f"--seed {seed} --ledger-rows {ledger_rows} --attendance-rows {attendance_rows}" + (" --csv" if csv else "")
    write_sources(folder, {file: [TABLES[file.split("/")[0]]] for file in files}, term=truth.TERM, words=words)


def school_code(number: int) -> str:
    """Return the code of the n-th school (from 0)."""
    return str(FIRST_SCHOOL + number)


def district_code(number: int) -> str:
    """Return the code of the district of the n-th school (from 0)."""
    return str(FIRST_DISTRICT + number // SCHOOLS_A_DISTRICT)


def stratum(number: int) -> str:
    """Return the stage of the n-th school (from 0)."""
    return STRATA[number % len(STRATA)]


def _parts(folder: Path, schema: pa.Schema, rows: int, seed: int, draw: Callable[..., pa.Table]) -> int:
    """Write one file a district until `rows` rows are written; return the number of schools it took."""
    if not rows:
        return 0
    folder.mkdir(exist_ok=True)
    days = calendar(truth.TERM, truth.DISTRICT).school_days()["date"].to_numpy().astype("datetime64[D]")
    left, first = rows, 0
    while left:
        with pq.ParquetWriter(folder / f"{district_code(first)}.parquet", schema, compression="zstd") as writer:
            waiting: list[pa.Table] = []
            for number in range(first, first + SCHOOLS_A_DISTRICT):
                waiting.append(draw(np.random.default_rng([seed, number]), number, days).slice(0, left))
                left -= waiting[-1].num_rows
                last = not left or number + 1 == first + SCHOOLS_A_DISTRICT
                if last or sum(part.num_rows for part in waiting) >= GROUP:
                    writer.write_table(pa.concat_tables(waiting), row_group_size=GROUP)
                    waiting = []
                if not left:
                    return number + 1
        first += SCHOOLS_A_DISTRICT
    return first


def _ledger(random: np.random.Generator, number: int, days: np.ndarray) -> pa.Table:
    parts = []
    school_effect = random.normal()
    for grade in STAGES[stratum(number)]:
        stage = "primary" if grade <= 6 else "junior"
        width = SUBJECTS[1 if grade <= 2 else 3 if grade <= 6 else 7]
        shape = (CLASSES, len(days), width)
        effect = truth.SCHOOL_SD[stage] * school_effect + truth.CLASS_SD[stage] * random.normal(size=(CLASSES, 1, 1))
        mean = (truth.LOAD[grade] + effect) if grade > 2 else np.full((CLASSES, 1, 1), 20.0)
        total = mean + truth.DAY_SD[stage] * random.normal(size=shape[:2])[:, :, None]
        minutes = np.maximum(3, np.rint(total / width * random.uniform(0.6, 1.4, size=shape))).astype(np.int16)
        written = np.full(shape, grade > 2) ^ (random.random(shape) < 0.004)
        parts.append(
            {
                "grade": np.full(minutes.size, grade, np.int8),
                "class": np.repeat(np.arange(CLASSES, dtype=np.int8), len(days) * width),
                "date": np.tile(np.repeat(days, width), CLASSES),
                "subject": np.tile(np.arange(width, dtype=np.int8), CLASSES * len(days)),
                "written": written.ravel(),
                "minutes": minutes.ravel(),
                "gone": random.random(minutes.size) < 0.001,
            }
        )
    merged = {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}
    return pa.Table.from_arrays(
        [
            _named([school_code(number)], np.zeros(len(merged["grade"]), np.int8)),
            pa.array(merged["grade"]),
            _named([str(place + 1) for place in range(CLASSES)], merged["class"]),
            pa.array(merged["date"]),
            _named(TAUGHT, merged["subject"]),
            pa.array(merged["written"]),
            pa.array(merged["minutes"], mask=merged["gone"]),
        ],
        schema=LEDGER,
    )


def _attendance(random: np.random.Generator, number: int, days: np.ndarray) -> pa.Table:
    grades = np.array(STAGES[stratum(number)], dtype=np.int8)
    shape = (len(grades), CLASSES, len(days), PUPILS)
    joins = random.random((len(grades), CLASSES, 1, PUPILS)) < 0.9
    present = joins & (random.random(shape) < 0.95)
    pupils = len(grades) * CLASSES * PUPILS
    keys = [f"{value:016x}" for value in random.integers(0, 2**63, pupils).tolist()]
    index = np.arange(pupils, dtype=np.int32).reshape(len(grades), CLASSES, 1, PUPILS)
    size = present.size
    return pa.Table.from_arrays(
        [
            _named([school_code(number)], np.zeros(size, np.int8)),
            pa.array(np.repeat(grades, size // len(grades))),
            _named([str(place + 1) for place in range(CLASSES)],
                   np.tile(np.repeat(np.arange(CLASSES, dtype=np.int8), len(days) * PUPILS), len(grades))),
            pa.array(np.tile(np.repeat(days, PUPILS), len(grades) * CLASSES)),
            _named(keys, np.broadcast_to(index, shape).ravel()),
            pa.array(present.ravel()),
        ],
        schema=ATTENDANCE,
    )  # fmt: skip


def _named(names: list[str], indices: np.ndarray) -> Any:
    return pa.array(names, pa.string()).take(pa.array(indices))


CSV_QUERY = """
select '模拟' || school as 学校, grade || '年级' as 年级, class || '班' as 班级,
       case when n % 9973 = 5 then '2026年2月20日' else strftime(date, '%Y年%-m月%-d日') end as 日期,
       case when n % 8999 = 7 then '奥数' when subject = '道德与法治' and n % 3 = 0 then '道法' else subject end as 学科,
       if(written, '是', '否') as 是否书面, if(written, '基础巩固', '动手实践') as 作业类型,
       case when n % 7919 = 3 then '见黑板' when n % 6997 = 2 then '-15' when n % 1009 = 1 and minutes is not null then minutes || '分钟'
            when n % 4003 = 4 then '1.5小时' else coalesce(minutes::varchar, '—') end as 时长,
       ['易', '中', '难'][n % 3 + 1] as 难度, if(n % 2 = 0, '是', '否') as 是否分层,
       strftime(date, '%Y-%m-%d') as 公示日期, strftime(date + 1, '%Y-%m-%d') as 反馈日期
from (select *, row_number() over () as n from read_parquet($ledger))
"""


def _write_csv(folder: Path, schools: int) -> None:
    """Write the ledger as GB18030 CSV, and the register of its schools."""
    ledger = sorted(str(file) for file in (folder / "ledger").glob("*.parquet"))
    with (
        duckdb.connect(config={"threads": 1, "memory_limit": "512MB"}) as base,
        atomic_path(folder / "作业台账.csv") as draft,
    ):
        reader = base.sql(CSV_QUERY, params={"ledger": ledger}).to_arrow_reader(100_000)
        with open(draft, "w", encoding="gb18030", newline="") as out:
            out.write(f"{calendar(truth.TERM, truth.DISTRICT).label}作业台账（{truth.MARK}）\n{','.join(CSV_HEADER)}\n")
            for batch in reader:
                out.writelines(_lines(batch))
    sheet = Sheet(
        "学校名册",
        "模拟学校名册",
        ["学校代码", "学校名称", "简称", "其他名称", "学段", "起始年级", "终止年级", "区代码"],
    )
    names = {"primary": "小学", "junior": "初中", "nine_year": "九年一贯制"}
    for number in range(schools):
        code, stage = school_code(number), stratum(number)
        grades = STAGES[stage]
        sheet.rows.append([code, f"模拟{code}", "", "", names[stage], grades[0], grades[-1], district_code(number)])
    write_workbook(folder / "学校名册.xlsx", [sheet])


def _lines(batch: pa.RecordBatch) -> Iterator[str]:
    columns: list[list[str]] = [column.to_pylist() for column in batch.columns]
    return (",".join(row) + "\n" for row in zip(*columns, strict=True))
