"""The moment that a published file bears: the same on whatever day it is built."""

from __future__ import annotations

import os
from datetime import UTC, date, datetime, time


def moment(iso: str) -> datetime:
    """Return the moment of a document: `SOURCE_DATE_EPOCH` if that is set, else midnight (UTC) of its own date."""
    told = os.environ.get("SOURCE_DATE_EPOCH")
    if told:
        return datetime.fromtimestamp(int(told), UTC)
    return datetime.combine(date.fromisoformat(iso), time(), UTC)


def seconds(iso: str) -> int:
    """Return the same in seconds since 1970."""
    return int(moment(iso).timestamp())
