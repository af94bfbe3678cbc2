"""From an executed notebook to what readers get: HTML, PDF, DOCX and open tables, through a gate.

Everything is imported when it is first asked for; `warm` loads what every document needs, for a process that will
fork: it starts no thread.
"""

from __future__ import annotations

import importlib
from typing import Any

_HOME = {
    "publish": "publication",
    "render": "rendering",
    "read": "content",
    "write_index": "index_page",
    "warm": "warming",
}

__all__ = ["publish", "read", "render", "warm", "write_index"]


def __getattr__(name: str) -> Any:
    if name not in _HOME:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(importlib.import_module(f"{__name__}.{_HOME[name]}"), name)
