"""The same tables give the same figures in DuckDB and in pandas; a query answers an interruption at once."""

from __future__ import annotations

import _thread
import subprocess
import sys
import threading
import time

import narwhals as nw
import pandas as pd
import pytest
import small_district as small

from analysis.house import UserError
from analysis.indicators import Study
from analysis.indicators.engine import DuckEngine, answering, engine, tidy
from analysis.indicators.load import histogram, merged
from analysis.indicators.service import participation
from analysis.reference.settings import Engine, settings


def test_no_count_draws_a_bar_into_a_document() -> None:
    """After two seconds DuckDB draws one where it takes its interpreter for a person's, as one without a file is."""
    asked = ".execute(\"select current_setting('enable_progress_bar')\").fetchone()[0]"
    source = f"import duckdb; print(duckdb.connect(){asked}); from analysis.indicators.engine import DuckEngine; "
    done = subprocess.run(
        [sys.executable, "-c", f"{source}print(DuckEngine().connection{asked})"],
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.split() == ["True", "False"]


def test_a_counting_takes_whatever_narwhals_takes() -> None:
    rows = small.ledger(until=small.days()[4])
    plain = histogram(nw.from_native(rows).lazy()).collect().to_pandas()
    embedded = DuckEngine()
    relation = embedded.connection.from_df(rows)
    counted = embedded.collect(histogram(nw.from_native(relation)))
    keys = ["school", "grade", "total", "written", "gap"]
    pd.testing.assert_frame_equal(
        tidy(plain).sort_values(keys, ignore_index=True), tidy(counted).sort_values(keys, ignore_index=True)
    )


def test_histograms_of_two_districts_add_up() -> None:
    rows = small.ledger(until=small.days()[4])
    parts = [
        histogram(nw.from_native(rows[rows["school"] == each]).lazy(), ("grade",)) for each in (small.NORTH, small.NINE)
    ]
    together = histogram(nw.from_native(rows).lazy(), ("grade",)).collect().to_pandas()
    summed = merged([part.collect().to_pandas() for part in parts])
    keys = ["grade", "total", "written", "gap"]
    pd.testing.assert_frame_equal(
        tidy(summed).sort_values(keys, ignore_index=True), tidy(together).sort_values(keys, ignore_index=True)
    )


def test_files_of_two_districts_are_counted_one_after_another(tmp_path) -> None:
    rows = small.ledger(until=small.days()[4])
    files = [tmp_path / f"{school}.parquet" for school in (small.NORTH, small.NINE)]
    for file in files:
        rows[rows["school"] == file.stem].to_parquet(file)
    embedded = DuckEngine()
    parts = list(embedded.each(files, lambda ledger: histogram(ledger, ("grade",))))
    whole = embedded.collect(histogram(embedded.scan(tmp_path / "*.parquet"), ("grade",)))
    keys = ["grade", "total", "written", "gap"]
    assert len(parts) == 2
    pd.testing.assert_frame_equal(
        tidy(merged(parts)).sort_values(keys, ignore_index=True), tidy(whole).sort_values(keys, ignore_index=True)
    )
    assert not embedded.connection.sql("from duckdb_views() where not internal").fetchall()


def test_a_missing_mark_of_presence_is_neither_there_nor_away() -> None:
    rows = pd.DataFrame({"school": ["a"] * 3, "present": pd.array([True, False, None], dtype="boolean")})
    counted = participation(nw.from_native(rows).lazy(), ("school",)).collect().to_pandas()
    assert counted[["listed", "came"]].iloc[0].tolist() == [2, 1]
    embedded = DuckEngine()
    same = embedded.collect(participation(nw.from_native(embedded.connection.from_df(rows)), ("school",)))
    assert same[["listed", "came"]].iloc[0].tolist() == [2, 1]


def test_ctrl_c_ends_a_long_query_within_a_second() -> None:
    embedded = DuckEngine()
    long = embedded.connection.sql(
        "select count(*) as n from range(400000000) a, range(1000) b where (a.range * b.range) % 7 = 3"
    )
    threading.Timer(0.3, _thread.interrupt_main).start()
    begun = time.monotonic()
    with pytest.raises(KeyboardInterrupt):
        embedded.collect(nw.from_native(long))
    assert time.monotonic() - begun < 1.3
    assert embedded.connection.execute("select 1").fetchone() == (1,)


def test_an_error_in_the_worker_is_the_callers() -> None:
    with pytest.raises(ZeroDivisionError):
        answering(lambda: 1 // 0, lambda: None)


def test_memory_and_temporary_folder_are_settings(tmp_path, monkeypatch: pytest.MonkeyPatch) -> None:
    engine_of = Engine(memory_limit="321MiB", threads=1, temp_directory=str(tmp_path / "spill"))
    told = settings().model_copy(update={"engine": engine_of})
    monkeypatch.setattr("analysis.indicators.engine.settings", lambda: told)
    asked = "select value from duckdb_settings() where name = ?"
    values = [
        DuckEngine().connection.execute(asked, [name]).fetchone()[0]
        for name in ("memory_limit", "threads", "temp_directory")
    ]
    assert values == ["321.0 MiB", "1", str(tmp_path / "spill")]


def test_the_engine_comes_from_the_environment_and_unknown_ones_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SHUANGJIAN_ENGINE", "pandas")
    assert Study(district="990101", term=small.TERM)._engine == "pandas"
    with pytest.raises(UserError, match="duckdb、pandas、spark"):
        engine("oracle")
