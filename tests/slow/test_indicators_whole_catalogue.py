"""The whole catalogue on pandas and on Spark (local master, Java 17): the same figures as DuckDB, to the last digit."""

from __future__ import annotations

import importlib.util
import os
import shutil

import pytest
import small_district as small
from engine_comparison import answers

from analysis.house import UserError
from analysis.indicators import Study

MISSING = shutil.which("java") is None or importlib.util.find_spec("pyspark") is None
needs_spark = pytest.mark.skipif(MISSING and not os.environ.get("CI"), reason="Java 17 or pyspark is not installed")


def test_duckdb_and_pandas_agree_on_the_whole_catalogue(tmp_path) -> None:
    store, _ = small.whole(tmp_path / "s")
    embedded, plain = answers(store, "duckdb", 3), answers(store, "pandas", 3)
    assert embedded.keys() == plain.keys()
    for place, items in embedded.items():
        assert items == plain[place], place
    known = {id for (id, by), items in embedded.items() if not by and items[0]["estimate"]["value"] is not None}
    assert known == {id for id, _ in embedded}, "every indicator has a value in this district"


@needs_spark
def test_spark_gives_the_same_figures_as_duckdb(tmp_path) -> None:
    store, _ = small.whole(tmp_path / "s")
    embedded, cluster = answers(store, "duckdb", 2), answers(store, "local[2]", 2)
    for place, items in embedded.items():
        assert items == cluster[place], place
    assert len(embedded) > 80


@needs_spark
def test_a_master_that_does_not_answer_is_told_in_one_line(tmp_path) -> None:
    store, _ = small.store(tmp_path / "s", homework=small.ledger(until=small.days()[1]))
    from pyspark.sql import SparkSession

    running = SparkSession.getActiveSession()
    if running is not None:
        running.stop()
    study = Study(district=small.DISTRICT, term=small.TERM, store=store, engine="spark://no-such-host.invalid:7077")
    with pytest.raises(UserError) as told:
        study.measure("homework.within_cap")
    assert "spark://no-such-host.invalid:7077" in told.value.message and "\n" not in told.value.message
