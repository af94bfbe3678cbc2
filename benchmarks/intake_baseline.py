"""The yardstick of intake: hand-written DuckDB SQL that reads one ledger and makes the same checks.

It knows this one file: its columns, its spellings, its term. It writes the accepted rows sorted as Parquet and the
rejected rows with their reasons, as intake does, but keeps no raw bytes, no digests of slices and no row numbers.
"""

from __future__ import annotations

import codecs
import sys
import tempfile
from pathlib import Path

import duckdb
import pandas as pd

from analysis import rules
from analysis.intake import dictionary, register

TERM, DISTRICT = "2025-2026-2", "990101"
COLUMNS = ("school", "grade", "class", "date", "subject", "written", "kind", "minutes", "difficulty", "layered",
           "published", "returned")  # fmt: skip
DAY = "coalesce(try_strptime({0}, '%Y-%m-%d'), try_strptime({0}, '%Y年%-m月%-d日'), try_strptime({0}, '%Y%m%d'))::date"
MINUTES = """case
    when t is null or t in ('', '-', '—', '/') then null
    when regexp_full_match(t, '-?\\d+(\\.\\d+)?') then t::double
    when regexp_full_match(t, '\\d+(\\.\\d+)?(分钟|分)') then regexp_extract(t, '^[\\d.]+')::double
    when regexp_full_match(t, '\\d+(\\.\\d+)?小时') then 60 * regexp_extract(t, '^[\\d.]+')::double
    when t = '一小时' then 60 when t = '半小时' then 30 when t = '一个半小时' then 90
    when regexp_full_match(t, '\\d+-\\d+分钟') then
        (regexp_extract(t, '^(\\d+)-(\\d+)', 1)::double + regexp_extract(t, '^(\\d+)-(\\d+)', 2)::double) / 2
    end"""


def transcode(source: Path, target: Path) -> None:
    """Write a GB18030 file as UTF-8."""
    with codecs.open(str(source), encoding="gb18030") as reader, open(target, "w", encoding="utf-8") as writer:
        while piece := reader.read(1 << 20):
            writer.write(piece)


def main(ledger: Path, schools: Path, out: Path) -> None:
    """Read, check and store one ledger."""
    db = duckdb.connect(config={"memory_limit": "1GiB", "threads": 2})
    known = dictionary.read().table("homework")
    subjects = [(word, value) for value, words in known.column("subject").values.items() for word in (value, *words)]
    listed = pd.read_excel(schools, engine="calamine", header=None, dtype=str).fillna("")
    codes = [(row[1], row[0]) for row in listed.itertuples(index=False) if str(row[0]).isdigit() and len(row[0]) == 10]
    db.register(
        "names", pd.DataFrame([*codes, *register.names(register.reference()).items()], columns=["name", "code"])
    )
    db.register("subjects", pd.DataFrame(subjects, columns=["word", "value"]))
    calendar = rules.calendar(TERM, DISTRICT)
    db.register("days", calendar.days[["date", "school_day"]])
    with tempfile.TemporaryDirectory() as folder:
        utf8 = Path(folder) / "ledger.csv"
        transcode(ledger, utf8)
        db.execute(
            f"""create table typed as
            with raw as (select *, row_number() over () as n from read_csv('{utf8}', all_varchar=true, header=false, skip=2,
                delim=',', quote='"', null_padding=true, names={list(COLUMNS)})),
            clean as (select n, school, grade, class, date, subject, written, kind, difficulty, layered, published, returned,
                trim(minutes) as t from raw)
            select n, '{TERM}' as term, s.code as school,
                try_cast(regexp_extract(grade, '^(\\d)年级$', 1) as int) as grade,
                nullif(regexp_extract(class, '^(\\d+)班?$', 1), '') as class,
                {DAY.format("date")} as date, u.value as subject,
                case written when '是' then true when '否' then false end as written,
                {MINUTES} as minutes, kind, difficulty,
                case layered when '是' then true when '否' then false end as layered,
                {DAY.format("published")} as published_on, {DAY.format("returned")} as returned_on,
                c.school as school_text, c.subject as subject_text, c.date as date_text, c.t as minutes_text,
                c.written as written_text, c.layered as layered_text,
                c.published as published_text, c.returned as returned_text
            from clean c left join names s on s.name = c.school left join subjects u on u.word = c.subject"""
        )
    first, last = calendar.start, calendar.end
    db.execute(
        f"""create table judged as
        select t.*, list_filter([
            case when t.school is null then '学校名册中没有这所学校' end,
            case when grade is null or grade not between 1 and 9 then '年级应为一至九年级' end,
            case when class is null then '读不出班级' end,
            case when t.date is null then '读不出日期' end,
            case when subject is null then '没有这个学科' end,
            case when written is null then '读不出是或否' end,
            case when minutes is null and minutes_text not in ('', '-', '—', '/') then '读不出分钟数' end,
            case when minutes < 0 or minutes > 300 then '时长不合理' end,
            case when layered is null and layered_text not in ('', '-', '—', '/') then '读不出是或否' end,
            case when published_on is null and published_text not in ('', '-', '—', '/') then '读不出日期' end,
            case when returned_on is null and returned_text not in ('', '-', '—', '/') then '读不出日期' end,
            case when t.date not between '{first}' and '{last}' then '日期不在本学期内' end,
            case when d.school_day = false then '不是上学日' end,
            case when grade not between 1 and 6 and grade not between 7 and 9 then '该校没有这个年级' end,
            case when written and minutes is null then '书面作业没有时长' end,
            case when returned_on < t.date then '反馈日期早于布置日期' end], lambda x: x is not null) as reasons,
            coalesce(published_on > t.date, false) as late, coalesce(published_on < t.date - 60, false) as early,
            count(*) over key as same_key,
            count(*) over (partition by term, t.school, grade, class, t.date, subject, written, minutes, kind, difficulty,
                layered, published_on, returned_on) as same_row,
            row_number() over (partition by term, t.school, grade, class, t.date, subject order by n) as place
        from typed t left join days d on d.date = t.date
        window key as (partition by term, t.school, grade, class, t.date, subject)"""
    )
    db.execute(
        f"""copy (select term, school, grade, class, date, subject, written, minutes, kind, difficulty, layered,
            published_on, returned_on from judged
            where len(reasons) = 0 and same_key = same_row and place = 1
            order by school, grade, class, date, subject) to '{out}/homework.parquet' (compression zstd)"""
    )
    db.execute(
        f"""copy (select n, reasons, same_key <> same_row as conflict, school_text, subject_text, date_text, minutes_text
            from judged where len(reasons) > 0 or same_key <> same_row) to '{out}/quarantine.parquet'"""
    )
    print(db.execute("select count(*) from judged where len(reasons) > 0 or same_key <> same_row").fetchone())


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]), Path(sys.argv[3]))
