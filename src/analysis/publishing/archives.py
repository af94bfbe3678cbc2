"""Office files are zip archives; here they get the same bytes on every day."""

from __future__ import annotations

import io
import zipfile
from datetime import datetime


def steady(content: bytes, moment: datetime) -> bytes:
    """Return a zip archive with the same members, in the same order, all bearing one moment."""
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as source, zipfile.ZipFile(made, "w") as target:
        for member in source.infolist():
            entry = zipfile.ZipInfo(
                member.filename, date_time=max(moment, datetime(1980, 1, 1, tzinfo=moment.tzinfo)).timetuple()[:6]
            )
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = 0o600 << 16
            entry.create_system = 3
            target.writestr(entry, source.read(member), compresslevel=6)
    return made.getvalue()
