"""Markdown cells as content objects: headings, paragraphs and lists; anything else is refused, nothing is dropped."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import lru_cache
from typing import Any

import mistune

from analysis.house import UserError
from analysis.house.content import Json

Run = Json


@lru_cache(maxsize=1)
def _parser() -> Callable[[str], Any]:
    return mistune.create_markdown(renderer=None)


def objects(source: str, place: str) -> list[Json]:
    """Read a Markdown cell.

    Parameters
    ----------
    source
        Text of the cell. ``##`` is a heading of level 1 (一、), ``#####`` one of level 4 (（1）).
    place
        Where it stands, for messages.

    Returns
    -------
    list of dict
        Content objects of the kinds heading, paragraph and list. Runs may carry ``strong``, ``emphasis`` or ``link``.

    Raises
    ------
    UserError
        For markup that a published page does not know (raw HTML, pictures, code, tables, first-level headings …).
    """
    return [made for token in _parser()(source) if (made := _block(token, place)) is not None]


def _block(token: Json, place: str) -> Json | None:
    match token["type"]:
        case "blank_line":
            return None
        case "heading" if 2 <= token["attrs"]["level"] <= 5:
            runs = _runs(token["children"], place)
            return {"version": 1, "kind": "heading", "level": token["attrs"]["level"] - 1, "runs": runs}
        case "heading" if token["attrs"]["level"] == 1:
            raise UserError(f"{place}：一级标题（#）由 begin 给出的标题担任；请改用 ## 起的标题。")
        case "paragraph" | "block_text":
            return {"version": 1, "kind": "paragraph", "role": "body", "runs": _runs(token["children"], place)}
        case "list":
            items = [_item(item, place) for item in token["children"]]
            return {"version": 1, "kind": "list", "ordered": bool(token["attrs"]["ordered"]), "items": items}
        case kind:
            raise UserError(f"{place}：发布页不支持这种 Markdown 写法（{kind}）；请改为标题、段落或列表。")


def _item(item: Json, place: str) -> list[Run]:
    texts = [child for child in item["children"] if child["type"] != "blank_line"]
    if len(texts) != 1 or texts[0]["type"] not in ("block_text", "paragraph"):
        raise UserError(f"{place}：列表的每一项只能是一段文字，不能再嵌套；请拆开后再试。")
    return _runs(texts[0]["children"], place)


def _runs(tokens: Iterable[Json], place: str, **marks: object) -> list[Run]:
    runs: list[Run] = []
    for token in tokens:
        match token["type"]:
            case "text":
                runs.append({"text": token["raw"], **marks})
            case "softbreak":
                runs.append({"text": "", **marks})
            case "strong" | "emphasis" as mark:
                runs += _runs(token["children"], place, **marks, **{mark: True})
            case "link":
                runs += _runs(token["children"], place, **marks, link=token["attrs"]["url"])
            case kind:
                raise UserError(f"{place}：发布页不支持这种 Markdown 写法（{kind}）；请改为普通文字、加粗或链接。")
    return _joined(runs)


def _joined(runs: list[Run]) -> list[Run]:
    """Join neighbours that differ only in text; a line break between Latin words is a space, else nothing."""
    joined: list[Run] = []
    for position, run in enumerate(runs):
        text = run["text"]
        if not text and 0 < position < len(runs) - 1:
            before, after = runs[position - 1]["text"][-1:], runs[position + 1]["text"][:1]
            text = " " if before.isascii() and after.isascii() and (before + after).strip() else ""
        if joined and _marks(joined[-1]) == _marks(run):
            joined[-1] = {**joined[-1], "text": joined[-1]["text"] + text}
        elif text:
            joined.append({**run, "text": text})
    return joined


def _marks(run: Run) -> Json:
    return {key: value for key, value in run.items() if key != "text"}
