"""What was worked out before, by what was asked."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from typing import Any, TypeVar

Kept = dict[Hashable, Any]
T = TypeVar("T")


def once(kept: Kept, asked: Hashable, make: Callable[[], T]) -> T:
    """Return the answer to what was asked, made when first asked for; a failure is not kept."""
    if asked not in kept:
        kept[asked] = make()
    answer: T = kept[asked]
    return answer
