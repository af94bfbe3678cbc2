"""What a warm process loads once, so that no notebook's child has to."""

from __future__ import annotations

import contextlib
import gc
import importlib
import os
import threading
from pathlib import Path

# One thread each: a process that forks must have none besides its own, and several workers share the cores anyway.
# pyarrow's jemalloc starts a thread of its own at import unless it is told not to.
SINGLE = dict.fromkeys(("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS", "NUMEXPR_NUM_THREADS"), "1")
SINGLE["JE_ARROW_MALLOC_CONF"] = "background_thread:false"
LIBRARIES = (
    *("numpy", "pandas", "pyarrow", "pyarrow.parquet", "duckdb", "narwhals", "scipy.stats", "scipy.optimize"),
    *("matplotlib.pyplot", "matplotlib.backends.backend_svg", "matplotlib.backends.backend_agg", "seaborn"),
    *("IPython.core.pylabtools", "nbformat.v4", "papermill", "jsonschema", "fastjsonschema", "jinja2", "nbconvert"),
    *("analysis.indicators.study", "analysis.presentation", "analysis.letters", "analysis.running.manifest"),
)


def warm() -> None:
    """Import the libraries and build the shell; leave this process with one thread.

    What is there is frozen, so that no collection of garbage in a child copies its pages; `cool` undoes that.
    """
    os.environ.update({name: value for name, value in SINGLE.items() if name not in os.environ})
    os.environ.setdefault("MPLBACKEND", "module://matplotlib_inline.backend_inline")
    for name in LIBRARIES:
        with contextlib.suppress(ImportError):
            importlib.import_module(name)
    from analysis import publishing
    from analysis.running.engine import can_fork

    publishing.warm()

    if can_fork():
        from analysis.running.client import warm_shell

        warm_shell()
    gc.collect()
    gc.freeze()


def cool() -> None:
    """Let garbage be collected again; compiled libraries want that before the process ends."""
    gc.unfreeze()


def threads() -> int:
    """Return how many threads this process has, those of compiled libraries included."""
    try:
        return len(list(Path("/proc/self/task").iterdir()))
    except OSError:
        return threading.active_count()
