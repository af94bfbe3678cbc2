"""Content as plain data: its digest, and the figures inside it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from typing import Any

Json = dict[str, Any]
"""An object of JSON."""


def digest(content: object) -> str:
    """Return the SHA-256 of bytes, text, or anything that JSON holds."""
    if not isinstance(content, bytes | str):
        content = json.dumps(content, ensure_ascii=False, sort_keys=True)
    return hashlib.sha256(content if isinstance(content, bytes) else content.encode()).hexdigest()


def statistics_in(node: object) -> Iterator[Json]:
    """Give every statistic inside a content object."""
    if isinstance(node, dict):
        if isinstance(node.get("statistic"), dict):
            yield node["statistic"]
        yield from (item for item in node.get("statistics", ()) if isinstance(item, dict))
        for key, value in node.items():
            if key not in ("statistic", "statistics", "data"):
                yield from statistics_in(value)
    elif isinstance(node, list):
        for value in node:
            yield from statistics_in(value)
