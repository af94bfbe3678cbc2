"""What a warm process loads once, so that no notebook's child has to: libraries, the shell, fonts, reference files."""

from __future__ import annotations

import contextlib
import gc
import importlib
import io
import os
from datetime import date

from analysis.house import UserError
from analysis.running.forking import can_fork, stay_single

LIBRARIES = (
    *("numpy", "pandas", "pyarrow.parquet", "pyarrow.pandas_compat", "duckdb", "narwhals", "narwhals.group_by"),
    *("narwhals._duckdb.namespace", "narwhals._duckdb.dataframe", "narwhals._duckdb.expr", "narwhals._duckdb.group_by"),
    *("narwhals._interchange.dataframe", "narwhals._namespace", "pyarrow.vendored.version"),
    *("narwhals._duckdb.selectors", "pandas.core.methods.to_dict", "pandas.core.reshape.reshape", "scipy.stats"),
    *("scipy.optimize", "matplotlib.pyplot", "matplotlib.backends.backend_svg", "matplotlib.backends.backend_agg"),
    *("IPython.core.pylabtools", "IPython.core.logger", "pdb", "nbformat.v4", "papermill", "jsonschema"),
    *("fastjsonschema", "jinja2", "nbconvert", "chinese_calendar", "encodings.utf_8_sig", "encodings.cp437"),
    *("analysis.indicators.study", "analysis.presentation", "analysis.letters.reply", "analysis.letters.published"),
    *(
        "analysis.snapshots.tables",
        "analysis.snapshots.keys",
        "analysis.running.manifest",
        "analysis.running.production",
    ),
    *("analysis.running.client", "analysis.running.parameters"),
)


def warm() -> None:
    """Load everything that most documents need, and build the shell; this process keeps its one thread.

    What is there is frozen, so that no collection of garbage in a child copies its pages; `cool` undoes that. No data are
    read: what a notebook reads must show in its own child.
    """
    stay_single()
    os.environ.setdefault("MPLBACKEND", "module://matplotlib_inline.backend_inline")
    for name in LIBRARIES:
        with contextlib.suppress(ImportError):
            importlib.import_module(name)
    from analysis import publishing

    with contextlib.suppress(UserError):  # a slip in these files is told by the document that needs them
        _reference_files()
        _letters_of_charts()
    publishing.warm()
    if can_fork():
        from analysis.running.client import warm_shell

        warm_shell()
    gc.collect()
    gc.freeze()


def _reference_files() -> None:
    from analysis.indicators import catalogue, registry
    from analysis.presentation.content import _validator
    from analysis.publishing.content import kinds
    from analysis.rules.calendar import school_days
    from analysis.rules.rule import rules

    for kind in kinds():
        _validator(kind)
    registry.bindings()
    catalogue.entries()
    rules()
    school_days(date.today(), date.today())


def _letters_of_charts() -> None:
    """Draw a small sheet, so that typefaces, their letters and the writer of SVG are at hand."""
    from analysis.presentation.charts import theme
    from analysis.presentation.charts.canvas import canvas

    theme.family_for(["班级日"])
    with canvas("warm", 40.0) as sheet:
        sheet.ax.plot([0, 1], [0, 1])
        sheet.ax.set_title("班级日")
        sheet.figure.savefig(io.BytesIO(), format="svg")


def cool() -> None:
    """Let garbage be collected again; compiled libraries want that before the process ends."""
    gc.unfreeze()
