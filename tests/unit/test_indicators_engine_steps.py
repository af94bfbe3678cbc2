"""The engines step by step: types of counted frames, a query's thread, settings, files one after another, Spark's session."""

from __future__ import annotations

import sys
import threading
from datetime import date, datetime
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any

import narwhals as nw
import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
from pyarrow import parquet

from analysis.house import UserError
from analysis.indicators import engine as module
from analysis.indicators.engine import DuckEngine, PandasEngine, SparkEngine, answering, engine, tidy
from analysis.reference.settings import Engine

DAY = date(2026, 3, 2)


# -- types -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("column", "dtype"),
    [
        (pd.Series([1, 2]), "int64"),
        (pd.Series([1, 2], dtype="int32"), "int64"),
        (pd.Series([1, None], dtype="Int64"), "Int64"),
        (pd.Series([1, 2], dtype="Int64"), "int64"),
        (pd.Series([1.0, 2.0]), "int64"),  # whole numbers, however an engine holds them
        (pd.Series([1.0, None]), "Int64"),
        (pd.Series([1.5, 2.0]), "float64"),
        (pd.Series([1.5, None]), "float64"),
        (pd.Series([None, 2, 1.5], dtype=object), "float64"),
        (pd.Series([1, 2], dtype=pd.ArrowDtype(pa.int64())), "int64"),
        (pd.Series([True, False]), "bool"),
        (pd.Series([True, False], dtype="boolean"), "bool"),
        (pd.Series([DAY, DAY]), "datetime64[s]"),
        (pd.Series([DAY, None]), "datetime64[s]"),
        (pd.Series([datetime(2026, 3, 2), None], dtype=object), "datetime64[s]"),
        (pd.Series(pd.to_datetime([DAY])), "datetime64[s]"),
        (pd.Series([DAY], dtype=pd.ArrowDtype(pa.date32())), "datetime64[s]"),
    ],
)
def test_a_counted_column_has_the_same_type_on_every_engine(column: pd.Series, dtype: str) -> None:
    found = tidy(pd.DataFrame({"x": column}))["x"]
    assert str(found.dtype) == dtype and found.isna().tolist() == column.isna().tolist()
    if dtype == "datetime64[s]":
        assert found.iloc[0] == pd.Timestamp(DAY)
    else:
        assert found.dropna().tolist() == column.dropna().tolist()


@pytest.mark.parametrize(
    "column",
    [
        pd.Series(["a", None], dtype=object),
        pd.Series(["a", None], dtype="str"),
        pd.Series(["a", None], dtype=pd.ArrowDtype(pa.string())),
    ],
)
def test_words_are_words_and_a_missing_one_is_missing(column: pd.Series) -> None:
    found = tidy(pd.DataFrame({"x": column}))["x"]
    assert isinstance(found.dtype, pd.StringDtype) and found.dtype.storage == "python"
    assert found.iloc[0] == "a" and found.iloc[1] is np.nan


def test_a_column_without_a_value_is_one_of_words_and_many_words_are_arrows() -> None:
    assert isinstance(tidy(pd.DataFrame({"x": pd.Series([], dtype=object)}))["x"].dtype, pd.StringDtype)
    for length, storage in ((10_000, "python"), (10_001, pd.Series(["a"], dtype="str").dtype.storage)):
        assert tidy(pd.DataFrame({"x": pd.Series(["a"] * length, dtype="str")}))["x"].dtype.storage == storage


def test_a_local_frames_date_is_a_date_and_the_others_stay() -> None:
    frame = pd.DataFrame({"n": [1], "date": pd.to_datetime([DAY]), "at": pd.to_datetime([DAY])})
    found = module._arrow(frame)
    assert found.column_names == ["n", "date", "at"] and found.schema.field("date").type == pa.date32()
    assert found.column("date").to_pylist() == [DAY] and pa.types.is_timestamp(found.schema.field("at").type)


# -- a query's thread ------------------------------------------------------------------------------------------------


def test_the_work_is_done_in_another_thread_and_answered() -> None:
    here = threading.get_ident()
    assert answering(lambda: (threading.get_ident() != here, threading.current_thread().daemon), lambda: None) == (
        True,
        True,
    )
    with pytest.raises(ZeroDivisionError):
        answering(lambda: 1 // 0, lambda: None)


@pytest.mark.parametrize(("hears", "calls"), [(1, 1), (3, 3), (99, 15)])
def test_an_interruption_asks_to_stop_until_it_is_heard(
    monkeypatch: pytest.MonkeyPatch, hears: int, calls: int
) -> None:
    """The work ends when it has been asked so often; fifteen times is enough."""
    asked: list[int] = []
    ended = threading.Event()

    class Impatient(threading.Event):
        begun = False

        def wait(self, timeout: float | None = None) -> bool:
            if not self.begun:
                self.begun = True
                assert timeout == 0.2
                raise KeyboardInterrupt
            assert timeout == 0.05  # fifteen times: within a second
            return super().wait(timeout if len(asked) >= hears else 0.001)

    def stop() -> None:
        asked.append(1)
        if len(asked) == hears:
            ended.set()

    own = SimpleNamespace(Event=Impatient, Thread=threading.Thread)
    monkeypatch.setattr(module, "threading", own)
    with pytest.raises(KeyboardInterrupt):
        answering(lambda: ended.wait(5), stop)
    assert len(asked) == calls
    ended.set()


def test_slow_work_is_waited_for() -> None:
    begun = threading.Event()
    assert answering(lambda: begun.wait(0.3), lambda: None) is False


# -- engines ---------------------------------------------------------------------------------------------------------


def test_an_engine_has_a_name_and_is_made_once() -> None:
    assert isinstance(engine("duckdb"), DuckEngine) and engine("duckdb") is engine("duckdb")
    assert (
        isinstance(engine("pandas"), PandasEngine) and engine().name == "duckdb" and engine("pandas").name == "pandas"
    )
    for name in ("spark://host:7077", "local[2]", "yarn", "k8s://x"):
        made = engine(name)
        assert isinstance(made, SparkEngine) and made.master == name and made.name == "spark"
    with pytest.raises(UserError, match="没有“spark”这个计算引擎"):
        engine("spark")


@pytest.mark.parametrize("own", [DuckEngine(), PandasEngine()], ids=["duckdb", "pandas"])
def test_a_file_and_a_local_frame_are_counted(own: Any, tmp_path: Path) -> None:
    file = tmp_path / "t.parquet"
    parquet.write_table(pa.table({"date": [DAY, DAY, date(2026, 3, 3)], "n": [1, 2, 4]}), file)
    days = own.local(pd.DataFrame({"date": pd.to_datetime([DAY]), "week": [1]}))
    both = own.scan(file).join(days, on="date", how="inner").group_by("week").agg(nw.col("n").sum())
    assert tidy(own.collect(both)).to_dict("records") == [{"week": 1, "n": 3}]


def test_the_settings_of_duckdb_have_defaults(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "settings", lambda: SimpleNamespace(engine=Engine()))
    asked = "select value from duckdb_settings() where name = ?"
    own = DuckEngine()
    values = [
        own.connection.execute(asked, [name]).fetchone()[0]
        for name in ("memory_limit", "threads", "enable_progress_bar")
    ]
    assert values == ["1.0 GiB", "2", "false"]


def test_a_connection_is_kept_but_a_child_makes_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    own = DuckEngine()
    first = own.connection
    assert own.connection is first
    monkeypatch.setattr(module.os, "getpid", lambda: -1)
    assert own.connection is not first


def test_files_are_counted_one_by_one_by_one_plan_and_nothing_is_left(tmp_path: Path) -> None:
    own, planned, files = DuckEngine(), [], []
    for number in (1, 2, 3):
        files.append(tmp_path / f"{number}.parquet")
        parquet.write_table(pa.table({"n": [number, number]}), files[-1])

    def plan(table: Any) -> Any:
        planned.append(table)
        return table.select(nw.col("n").sum())

    assert [part["n"].item() for part in own.each(files, plan)] == [2, 4, 6] and len(planned) == 1
    left = own.each(files, plan)
    next(left)
    left.close()
    assert own.connection.sql("select view_name from duckdb_views() where not internal").fetchall() == []
    assert list(own.each([], plan)) == []


# -- Spark -----------------------------------------------------------------------------------------------------------


class Builder:
    """Stands in for pyspark's builder of sessions."""

    def __init__(self, fails: bool = False) -> None:
        self.told: dict[str, str] = {}
        self.fails, self.made = fails, 0

    def master(self, name: str) -> Builder:
        self.told["master"] = name
        return self

    def appName(self, name: str) -> Builder:  # noqa: N802
        self.told["name"] = name
        return self

    def config(self, key: str, value: str) -> Builder:
        self.told[key] = value
        return self

    def getOrCreate(self) -> Any:  # noqa: N802
        self.made += 1
        if self.fails:
            raise RuntimeError("no master" + 150 * "." + "\nmore")
        return SimpleNamespace(number=self.made)


def spark(monkeypatch: pytest.MonkeyPatch, builder: Builder | None) -> None:
    own: Any = ModuleType("pyspark.sql")
    if builder is not None:
        own.SparkSession = SimpleNamespace(builder=builder)
    monkeypatch.setitem(sys.modules, "pyspark", ModuleType("pyspark"))
    monkeypatch.setitem(sys.modules, "pyspark.sql", own)


@pytest.mark.parametrize(("master", "partitions"), [("local[2]", "4"), ("spark://host:7077", None)])
def test_a_session_is_begun_once_with_what_counts_alike(
    monkeypatch: pytest.MonkeyPatch, master: str, partitions: str | None
) -> None:
    builder = Builder()
    spark(monkeypatch, builder)
    own = SparkEngine(master)
    assert own.session is own.session and builder.made == 1
    assert (
        builder.told["master"],
        builder.told["spark.sql.session.timeZone"],
        builder.told["spark.sql.ansi.enabled"],
    ) == (master, "UTC", "true")
    assert builder.told.get("spark.sql.shuffle.partitions") == partitions


def test_without_spark_or_without_its_master_one_line_says_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    spark(monkeypatch, None)
    with pytest.raises(UserError, match="没有安装 Spark 部件"):
        SparkEngine("local[2]").session  # noqa: B018
    spark(monkeypatch, Builder(fails=True))
    with pytest.raises(UserError) as told:
        SparkEngine("spark://host").session  # noqa: B018
    assert f"连不上 Spark“spark://host”（no master{111 * '.'}）" in told.value.message  # 120 characters of it
