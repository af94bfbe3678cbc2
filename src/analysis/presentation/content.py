"""Content objects: what a document holds, as plain data that the exporters read (see docs/architecture.md)."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from functools import lru_cache
from importlib.resources import files
from typing import Any

from analysis.house.content import Json
from analysis.indicators import provenance
from analysis.indicators.statistic import MARK, OWN, Statistic

MIME = "application/vnd.shuangjian.v1+json"
LITERALS = ("date", "document", "rule", "name")

Run = Json
Content = Json
Refs = Mapping[str, object]
"""What the places of a template refer to."""


def of_researcher(statistic: Json) -> bool:
    """Tell whether a figure, as content carries it, is a researcher's own."""
    return str(statistic["indicator"]).startswith(OWN)


def words(text: str) -> Run:
    """Return a run of plain words."""
    return {"text": text}


OWN_MARK = f"（{MARK}）"
UNMARKED = ("label", "definition", "group", "groups", "missing", "verdict")
"""Parts of a statistic that print no number of it, or (label, definition) hold the mark already."""


def figure_run(text: str, statistic: Statistic, part: str = "value") -> Run:
    """Return a run that speaks of a Statistic: its text, and all that proves it; the mark beside a researcher's own."""
    if statistic.own and statistic.known and part not in UNMARKED:
        text += OWN_MARK
    return {"text": text, "statistic": provenance.written(statistic), "part": part}


def verdict_run(
    text: str, statistic: Statistic, judgement: str, claim: str, *, kind: str = "one", also: Sequence[Statistic] = ()
) -> Run:
    """Return a run that holds a verdict, so that the gate can hold it against the others of the document.

    Parameters
    ----------
    text
        Words of the verdict.
    statistic
        The figure that was judged.
    judgement
        Key of `analysis.statistics.verdict.WORDS`.
    claim
        Id of the rule, or the claim itself where it has no rule.
    kind
        ``one`` (the figure itself is held against the rule), ``all`` (each case behind it), ``every`` (each of several
        figures).
    also
        Further figures of which the same is said.
    """
    told = {"said": judgement, "claim": claim, "kind": kind}
    scopes = [item.as_dict()["scope"] for item in also]
    return figure_run(text, statistic, "verdict") | {"judgement": told | ({"also": scopes} if scopes else {})}


def literal_run(text: str, kind: str, link: str = "") -> Run:
    """Return a run whose digits are declared to be no statistic; `link` names the table or figure that it leads to."""
    return {"text": text, "literal": kind} | ({"link": f"#{link}"} if link else {})


def plain(runs: Sequence[Run]) -> str:
    """Return the text of runs alone."""
    return "".join(run["text"] for run in runs)


def joined(parts: Sequence[Sequence[Run]], mark: str = "、") -> list[Run]:
    """Join lists of runs with a mark between them."""
    runs: list[Run] = []
    for part in parts:
        runs += [words(mark), *part] if runs else part
    return runs


def page_rows(table: Content) -> list[Json]:
    """Return the rows of a table that stand on a page: all totals, and body rows up to its ``page_rows``."""
    most = table.get("page_rows")
    rows: list[Json] = table["rows"]
    if most is None:
        return rows
    body = [row for row in rows if row.get("role", "body") == "body"]
    hidden = {id(row) for row in body[most:]}
    return [row for row in rows if id(row) not in hidden]


def content(kind: str, **fields: object) -> Content:
    """Return a content object of a kind, checked against the schema.

    Raises
    ------
    fastjsonschema.JsonSchemaValueException
        If the object is not what the exporters can read.
    """
    made = {"version": 1, "kind": kind} | {key: value for key, value in fields.items() if value is not None}
    _validator(kind)(made)
    return made


@lru_cache(maxsize=16)
def _validator(kind: str) -> Any:
    import fastjsonschema

    schema = json.loads((files("analysis.presentation") / "content.schema.json").read_text(encoding="utf-8"))
    return fastjsonschema.compile({"$ref": f"#/definitions/{kind}", "definitions": schema["definitions"]})
