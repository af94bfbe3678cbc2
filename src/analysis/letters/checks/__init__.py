"""What can be wrong in a draft letter, one kind a module.

Each module says in ``KIND`` what its findings are called, in the JSON answer and in Chinese, and has ``check(draft) ->
Iterator[Finding]``; one that needs data has another function. A module that is put here is found by itself.
"""

from __future__ import annotations

import importlib
import pkgutil
from functools import cache
from types import ModuleType


@cache
def modules() -> tuple[ModuleType, ...]:
    """Return every check, in the order of their names."""
    return tuple(importlib.import_module(f"{__name__}.{each.name}") for each in pkgutil.iter_modules(__path__))


def kinds() -> dict[str, str]:
    """Return what findings are called: key of the JSON answer → Chinese name."""
    return {**dict(module.KIND for module in modules()), "draft": "文稿状态"}
