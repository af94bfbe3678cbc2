"""Where tables are read and counted: an embedded DuckDB, pandas, or a Spark cluster.

An engine opens nothing until it is first used, in the process that uses it. It gives narwhals lazy frames and turns a
counted one into a small pandas frame of the same types whatever the engine: str, int64, bool, datetime64.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from functools import cache
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

import narwhals as nw
import numpy as np
import pandas as pd

from analysis.house import UserError
from analysis.reference.settings import settings

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

Lazy = nw.LazyFrame[Any]
T = TypeVar("T")
_PATIENCE = 15
_PARTS = count()
_FEW = 10_000
_STR = pd.StringDtype("python", na_value=np.nan)
_SPARK = ("spark://", "local[", "yarn", "k8s://")


class Engine(Protocol):
    """What reads and counts tables."""

    name: str

    def scan(self, file: Path) -> Lazy:
        """Return a Parquet file as a lazy frame; nothing is read yet."""

    def local(self, frame: pd.DataFrame) -> Lazy:
        """Return a small pandas frame (``date``: datetime64) as a lazy frame that can be joined with the tables."""

    def collect(self, frame: Lazy) -> pd.DataFrame:
        """Run a counting and return its rows, in no particular order."""


@cache
def engine(name: str = "duckdb") -> Engine:
    """Return this process's engine of a name: ``duckdb``, ``pandas``, or a Spark master (``spark://host:7077``).

    Raises
    ------
    UserError
        If there is no such engine.
    """
    if name == "duckdb":
        return DuckEngine()
    if name == "pandas":
        return PandasEngine()
    if name.startswith(_SPARK):
        return SparkEngine(name)
    raise UserError(f"没有“{name}”这个计算引擎；可用：duckdb、pandas、spark://主机:端口。")


def answering(work: Callable[[], T], stop: Callable[[], Any]) -> T:
    """Run `work` in a thread; on Ctrl-C call `stop` and let KeyboardInterrupt go on at once."""
    outcome: list[T] = []
    errors: list[BaseException] = []
    done = threading.Event()  # not Thread.join: interrupted, that takes a running thread for ended (Python 3.11)

    def body() -> None:
        try:
            outcome.append(work())
        except BaseException as error:  # raised again in the caller's thread
            errors.append(error)
        finally:
            done.set()

    threading.Thread(target=body, daemon=True, name="counting").start()
    try:
        while not done.wait(0.2):
            pass
    except KeyboardInterrupt:
        for _ in range(_PATIENCE):  # a query that is only being prepared does not hear the first call
            stop()
            if done.wait(0.05):
                break
        raise
    if errors:
        raise errors[0]
    return outcome[0]


class DuckEngine:
    """An embedded DuckDB within the memory limit and temporary folder of ``data/reference/settings.toml``."""

    name = "duckdb"

    def __init__(self) -> None:
        self._connection: DuckDBPyConnection | None = None
        self._owner: int | None = None

    @property
    def connection(self) -> DuckDBPyConnection:
        """The connection of this process, made when first asked for (a forked child makes its own)."""
        if self._connection is None or self._owner != os.getpid():
            import duckdb

            told = settings().engine
            config: dict[str, Any] = {"memory_limit": told.memory_limit, "threads": told.threads}
            if told.temp_directory:
                config["temp_directory"] = str(Path(told.temp_directory).expanduser())
            self._connection, self._owner = duckdb.connect(config=config), os.getpid()
            # Drawn into a notebook, a bar is no content of a document. Where Jupyter cannot draw it, it cannot be set either.
            with suppress(duckdb.InvalidInputException):
                self._connection.execute("set enable_progress_bar = false")
        return self._connection

    def scan(self, file: Path) -> Lazy:
        """Return a Parquet file as a lazy frame over a DuckDB relation."""
        return nw.from_native(self.connection.read_parquet(str(file)))

    def local(self, frame: pd.DataFrame) -> Lazy:
        """Return a small frame as a lazy frame over a DuckDB relation."""
        return nw.from_native(self.connection.from_arrow(_arrow(frame)))

    def collect(self, frame: Lazy) -> pd.DataFrame:
        """Run the query in a worker thread, so that Ctrl-C interrupts it within a second."""
        relation = nw.to_native(frame)
        found: pd.DataFrame = answering(relation.df, self.connection.interrupt)
        return found

    def each(self, files: Iterable[Path], plan: Callable[[Lazy], Lazy]) -> Iterator[pd.DataFrame]:
        """Count the Parquet files of one table one after another, such as a nation's, one file a district.

        The plan is prepared once, and what is being counted stays small enough for the processor's cache: on 50 million
        ledger rows a fifth less CPU than three districts at a time, and a memory that does not grow with the rows.

        Parameters
        ----------
        files
            Files with the same columns.
        plan
            Counts one file, such as `analysis.indicators.load.histogram`; groups that lie in several files are counted
            in each (`analysis.indicators.load.merged` adds histograms up).
        """
        view = f"part_{next(_PARTS)}"
        counting: Lazy | None = None
        try:
            for file in files:
                self.connection.read_parquet(str(file)).create_view(view, replace=True)
                if counting is None:
                    counting = plan(nw.from_native(self.connection.view(view)))
                yield self.collect(counting)
        finally:
            self.connection.execute(f"drop view if exists {view}")


class PandasEngine:
    """Everything in memory, in pandas: slow on large tables, useful where a reader wants to follow every step."""

    name = "pandas"

    def scan(self, file: Path) -> Lazy:
        """Return a Parquet file as a lazy frame over a pandas frame."""
        return nw.from_native(pd.read_parquet(file, dtype_backend="pyarrow")).lazy()

    def local(self, frame: pd.DataFrame) -> Lazy:
        """Return a small frame as a lazy frame over pandas."""
        found: Lazy = nw.from_native(_arrow(frame).to_pandas(types_mapper=pd.ArrowDtype)).lazy()
        return found

    def collect(self, frame: Lazy) -> pd.DataFrame:
        """Run the steps in a worker thread; Ctrl-C leaves it to end by itself."""
        found: pd.DataFrame = answering(lambda: frame.collect("pandas").to_native(), lambda: None)
        return found


class SparkEngine:
    """A Spark cluster (extra ``[spark]``, Java 17); `master` such as ``spark://host:7077`` or ``local[2]``."""

    name = "spark"

    def __init__(self, master: str) -> None:
        self.master = master
        self._session: Any = None

    @property
    def session(self) -> Any:
        """The Spark session, begun when first asked for.

        Raises
        ------
        UserError
            If pyspark or Java is not there, or the master does not answer.
        """
        if self._session is None:
            try:
                from pyspark.sql import SparkSession
            except ImportError:
                raise UserError(
                    "没有安装 Spark 部件；请运行 pip install 'shuangjian[spark]'，并安装 Java 17。"
                ) from None
            builder = SparkSession.builder.master(self.master).appName("shuangjian")
            local = {"spark.sql.shuffle.partitions": "4"} if self.master.startswith("local") else {}
            for key, value in {**_SPARK_SETTINGS, **local}.items():
                builder = builder.config(key, value)
            try:
                self._session = builder.getOrCreate()
            except Exception as slip:
                reason = str(slip).splitlines()[0][:120]
                raise UserError(
                    f"连不上 Spark“{self.master}”（{reason}）；请检查地址，并确认已安装 Java 17。"
                ) from None
        return self._session

    def scan(self, file: Path) -> Lazy:
        """Return a Parquet file (on storage that every node sees) as a lazy frame over a Spark frame."""
        found: Lazy = nw.from_native(self.session.read.parquet(str(file)))
        return found

    def local(self, frame: pd.DataFrame) -> Lazy:
        """Return a small frame as a lazy frame over Spark."""
        found: Lazy = nw.from_native(self.session.createDataFrame(_arrow(frame)))
        return found

    def collect(self, frame: Lazy) -> pd.DataFrame:
        """Run the job in a worker thread; Ctrl-C cancels all jobs of this session."""
        native = nw.to_native(frame)
        table = answering(native.toArrow, self.session.sparkContext.cancelAllJobs)
        plain: pd.DataFrame = table.to_pandas()
        return plain


_SPARK_SETTINGS = {
    "spark.sql.session.timeZone": "UTC",
    "spark.sql.ansi.enabled": "true",
    "spark.ui.enabled": "false",
    "spark.ui.showConsoleProgress": "false",
}


def _arrow(frame: pd.DataFrame) -> Any:
    """Return a frame as an Arrow table with its ``date`` as a date and a column of nothing as text."""
    import pyarrow as pa

    table = pa.Table.from_pandas(frame, preserve_index=False)
    types = [pa.field(each.name, pa.date32() if each.name == "date" else pa.string() if pa.types.is_null(each.type) else each.type) for each in table.schema]  # fmt: skip
    return table.cast(pa.schema(types))


def tidy(frame: pd.DataFrame) -> pd.DataFrame:
    """Give a counted frame the same types on every engine; the order of its rows says nothing.

    Strings become ``str`` (those of few rows as Python's own: Arrow's take long there), whole numbers ``int64``
    (``Int64`` where some are missing), truth values ``bool``, dates ``datetime64[s]``.
    """
    return pd.DataFrame({name: _column(frame[name]) for name in frame.columns})


def _column(column: pd.Series[Any]) -> pd.Series[Any]:
    dtype = column.dtype
    if dtype == "int64":
        return column
    if isinstance(dtype, pd.StringDtype):
        return column.astype(_STR if len(column) <= _FEW else "str")
    if dtype.kind == "M":
        return column.astype("datetime64[s]")
    kind = pd.api.types.infer_dtype(column, skipna=True)
    if kind in ("date", "datetime64", "datetime"):
        return pd.to_datetime(column.astype(object), errors="coerce").astype("datetime64[s]")
    if kind == "boolean":
        return column.astype(bool)
    if kind in ("string", "empty"):
        return column.astype(_STR)
    if kind in ("floating", "mixed-integer-float") and (column.dropna() % 1 != 0).any():
        return column.astype("float64")
    return column.astype("Int64" if column.isna().any() else "int64")
