"""JSON Schemas of the reference files, by which an editor completes and checks them while they are typed."""

from __future__ import annotations

import json
from pathlib import Path, PurePosixPath

from analysis.house import atomic_write
from analysis.reference.files import MODELS, REGISTERS


def schemas() -> dict[str, str]:
    """Return the text of each schema by its file's name: ``rules.schema.json``, ``questionnaires.schema.json``."""
    return {
        f"{_name(pattern)}.schema.json": json.dumps(
            {"$schema": "https://json-schema.org/draft/2020-12/schema", **model.model_json_schema()},
            ensure_ascii=False,
            indent=1,
        )
        + "\n"
        for pattern, model in {**MODELS, **REGISTERS}.items()
    }


def write_schemas(folder: Path) -> int:
    """Write the schemas into a folder and return how many there are."""
    folder.mkdir(parents=True, exist_ok=True)
    made = schemas()
    for name, text in made.items():
        atomic_write(folder / name, text)
    return len(made)


def _name(pattern: str) -> str:
    """Return what a schema is called: after the file or, where there are several, after their folder."""
    stem = PurePosixPath(pattern).stem
    return PurePosixPath(pattern).parent.name if "*" in stem else stem
