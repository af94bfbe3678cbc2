"""How a content object looks in JupyterLab; the published page has its own template."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Sequence
from html import escape
from typing import Any

from analysis.house.content import Json
from analysis.presentation.content import page_rows
from analysis.reference.vocabulary import Audience


def rendered(made: Json) -> str:
    """Return a content object as HTML.

    Raises
    ------
    KeyError
        If its kind is unknown: nothing is dropped.
    """
    return _KINDS[made["kind"]](made)


def _words(value: Any) -> str:
    return escape(value) if isinstance(value, str) else _runs(value or ())


def _runs(runs: Sequence[Json]) -> str:
    return "".join(_run(run) for run in runs)


def _run(run: Json) -> str:
    text = escape(run["text"])
    statistic = run.get("statistic")
    if statistic:
        value = statistic["estimate"]["value"]
        about = "；".join(
            part
            for part in (
                statistic["label"] + (f"（{statistic['group_label']}）" if statistic.get("group_label") else ""),
                f"基数 {statistic['base_text']}",
                f"区间 {statistic['interval_text']}",
                f"快照 {statistic['snapshot'][:12]}",
            )
            if not part.endswith("—")
        )
        text = f'<data value="{"" if value is None else value}" title="{escape(about)}">{text}</data>'
    return f"<strong>{text}</strong>" if run.get("strong") else text


def _document(made: Json) -> str:
    edition = Audience.of(made["audience"]).label
    about = "　".join(part for part in (made.get("scope_label"), made.get("term_label"), made["date"], edition) if part)
    subtitle = f"<p>{_words(made['subtitle'])}</p>" if made.get("subtitle") else f"<p>{escape(about)}</p>"
    mark = f'<p style="color:#a33">{escape(made["mark"])}</p>' if made["mark"] else ""
    return f"<h1>{_words(made['title'])}</h1>{subtitle}{mark}"


def _paragraph(made: Json) -> str:
    style = {
        "finding": "font-weight:600",
        "note": "font-size:90%;color:#555",
        "caveat": "color:#555",
        "reading": "color:#555",
    }
    return f'<p style="{style.get(made["role"], "")}">{_runs(made["runs"])}</p>'


def _heading(made: Json) -> str:
    level = made["level"] + 1
    return f"<h{level}>{_runs(made['runs'])}</h{level}>"


def _list(made: Json) -> str:
    tag = "ol" if made["ordered"] else "ul"
    return f"<{tag}>{''.join(f'<li>{_runs(item)}</li>' for item in made['items'])}</{tag}>"


def _table(made: Json) -> str:
    align = ["right" if column.get("align") in ("right", "decimal") else "left" for column in made["columns"]]
    head = "".join(
        f'<th scope="col" style="text-align:{side}">{_words(column["label"])}'
        f"{'（' + escape(column['unit']) + '）' if column.get('unit') else ''}</th>"
        for side, column in zip(align, made["columns"], strict=True)
    )
    rows = ""
    for row in page_rows(made):
        weight = "" if row.get("role", "body") == "body" else "font-weight:600"
        cells = zip(align, row["cells"], strict=True)
        rows += (
            "<tr>" + "".join(f'<td style="text-align:{a};{weight}">{_run(cell)}</td>' for a, cell in cells) + "</tr>"
        )
    notes = "".join(f'<p style="font-size:90%;color:#555">{_runs(note)}</p>' for note in made.get("notes", ()))
    caption = f'<caption style="caption-side:top;text-align:left;font-weight:600">{_words(made["title"])}</caption>'
    return f"<table>{caption}<thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>{notes}"


def _figure(made: Json) -> str:
    data = made["data"] if made["media_type"] == "image/png" else b64encode(made["data"].encode()).decode()
    notes = "".join(f'<p style="font-size:90%;color:#555">{_runs(note)}</p>' for note in made.get("notes", ()))
    return (
        f'<figure style="margin:1em 0"><figcaption><strong>{_words(made["title"])}</strong><br>'
        f'<span style="color:#555">{_words(made.get("subtitle", ""))}</span></figcaption>'
        f'<img alt="{escape(made["alt"])}" src="data:{made["media_type"]};base64,{data}" '
        f'style="width:{made.get("width_mm", 150)}mm;max-width:100%;background:#fff">{notes}</figure>'
    )


def _form(made: Json) -> str:
    options = "　".join(f"□{escape(option)}" for option in made["options"])
    fields = "".join(f"<p>{escape(item['label'])}：{_words(item.get('value', ''))}____</p>" for item in made["fields"])
    return f"<h3>{_words(made['title'])}</h3><p>{_words(made.get('lead', ''))}</p><p>{options}</p>{fields}"


def _end(made: Json) -> str:
    return f"<hr><p>{escape(made['reason'])}</p>"


_KINDS = {
    "document": _document,
    "paragraph": _paragraph,
    "heading": _heading,
    "list": _list,
    "table": _table,
    "figure": _figure,
    "form": _form,
    "page_break": lambda made: "<hr>",
    "end": _end,
}
