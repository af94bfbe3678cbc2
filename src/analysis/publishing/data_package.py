"""The tables of an edition as open data: CSV files with a `datapackage.json` (Frictionless Data Package, version 1)."""

from __future__ import annotations

import hashlib
import json

from analysis.house.content import Json
from analysis.publishing import stamp
from analysis.publishing.content import Document, plain
from analysis.publishing.tables import Table


def _resource(table: Table, content: bytes) -> Json:
    return {
        "profile": "tabular-data-resource",
        "name": table.name,
        "title": f"{table.label} {table.title}",
        "path": f"{table.name}.csv",
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "bytes": len(content),
        "hash": f"sha256:{hashlib.sha256(content).hexdigest()}",
        "schema": {
            "fields": [
                {"name": field.name, "title": field.title, "type": field.type}
                | ({"unit": field.unit} if field.unit else {})
                for field in table.fields
            ],
            "missingValues": table.gaps(),
        },
    }


def package(document: Document, tables: list[Table]) -> dict[str, bytes]:
    """Return the files of the folder ``tables``: one CSV a table, and the description of them all."""
    files = {f"{table.name}.csv": table.csv() for table in tables}
    head = document.head
    described = {
        "profile": "tabular-data-package",
        "name": "-".join(part for part in (head.get("district"), head.get("school"), head.get("term")) if part)
        or "tables",
        "title": plain(head["title"]),
        "description": head["mark"] or f"{head['issuer']}发布的数据表。",
        "created": stamp.moment(head["date"]).strftime("%Y-%m-%dT%H:%M:%SZ"),
        "simulated": head["simulated"],
        "audience": head["audience"],
        "snapshot": head.get("snapshot", ""),
        "sources": [{"title": f"{head['issuer']}，快照{head.get('snapshot', '')[:16]}"}],
        "resources": [_resource(table, files[f"{table.name}.csv"]) for table in tables],
    }
    if not tables:
        return {}
    return {**files, "datapackage.json": (json.dumps(described, ensure_ascii=False, indent=1) + "\n").encode()}
