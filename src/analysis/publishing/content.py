"""The content of an executed notebook: its content objects and Markdown cells, checked, numbered, in order.

Nothing else of a notebook is content: code is not shown, and an output that is neither a content object nor a note on
standard error is refused rather than dropped.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

import fastjsonschema

from analysis.house import UserError
from analysis.house.content import Json
from analysis.publishing import markdown
from analysis.publishing.numbering import Numbering

MIME = "application/vnd.shuangjian.v1+json"
SCHEMA = Path(__file__).resolve().parent.parent / "presentation" / "content.schema.json"
Block = Json
Run = Json
Notebook = Mapping[str, Any]
"""An executed notebook: a node, or what `json` reads."""


@dataclass(frozen=True, slots=True)
class Document:
    """What a page, a letter or a report says, ready to be set in any form.

    Parameters
    ----------
    head
        The document object.
    blocks
        The other objects in order. A heading has a ``number`` (``一、``); a table and a figure have a ``label``
        (``表1``); each has ``place``, where it stands in the notebook, for messages.
    """

    head: Block
    blocks: tuple[Block, ...]

    def of(self, *kinds: str) -> Iterator[Block]:
        """Give the blocks of some kinds, in order."""
        return (block for block in self.blocks if block["kind"] in kinds)


def runs(words: str | list[Run] | None) -> list[Run]:
    """Return words (a string, or runs) as runs; no words are no runs."""
    if isinstance(words, list):
        return words
    return [{"text": words}] if words else []


def plain(words: str | list[Run] | None) -> str:
    """Return the bare text of words."""
    return "".join(run["text"] for run in runs(words))


def read(notebook: Notebook) -> Document:
    """Read the content of an executed notebook.

    Parameters
    ----------
    notebook
        The notebook (nbformat 4) as `nbformat` or `json` give it.

    Raises
    ------
    UserError
        If it has no document object, or two, an object that the schema refuses, an output that is no content, or
        Markdown that a page does not know; the message names the cell.
    """
    objects = list(_until_end(_objects(notebook)))
    if not objects or objects[0]["kind"] != "document":
        raise UserError("笔记本没有以 begin(标题) 开头：正文之前须先给出文档标题；请先执行笔记本，再发布。")
    for other in objects[1:]:
        if other["kind"] == "document":
            raise UserError(f"{other['place']}：一个笔记本只能有一个 begin；请删去多余的一处。")
    number = Numbering()
    document = Document(objects[0], tuple(number(block) for block in _read_early(objects)))
    _check_links(document)
    return document


def _read_early(objects: list[Block]) -> list[Block]:
    """Return the blocks with those that tell how to read the figures after the first finding; a letter's stay.

    They are written last, when it is known which terms the document uses, and read first: with the first finding they
    stand whole on the first page, however many findings follow.
    """
    blocks = objects[1:]
    reading = [block for block in blocks if block["kind"] == "paragraph" and block["role"] == "reading"]
    if not reading or objects[0]["class"] == "letter":
        return blocks
    others = [block for block in blocks if block not in reading]
    at = next((at for at, block in enumerate(others, 1) if block["kind"] == "paragraph"), len(others))
    return [*others[:at], *reading, *others[at:]]


def _check_links(document: Document) -> None:
    named = {block["name"] for block in document.blocks if block["kind"] in ("table", "figure")}
    for block in document.blocks:
        for run in (*runs(block.get("runs")), *(run for item in block.get("items", ()) for run in runs(item))):
            link = run.get("link", "")
            if link.startswith("#") and link[1:] not in named:
                raise UserError(
                    f"{block['place']}：“{run['text']}”要链接到“{link[1:]}”，本文没有这张表或图；请改正名称。"
                )


def _until_end(objects: Iterable[Block]) -> Iterator[Block]:
    for block in objects:
        if block["kind"] == "end":
            return
        yield block


def _objects(notebook: Notebook) -> Iterator[Block]:
    for position, cell in enumerate(notebook["cells"], start=1):
        place = f"第{position}个单元格"
        if cell["cell_type"] == "markdown":
            for block in markdown.objects(_text(cell["source"]), place):
                yield {**block, "place": place}
        elif cell["cell_type"] == "code":
            for output in cell["outputs"]:
                content = _content(output, place)
                if content is not None:
                    yield {**content, "place": place}


def _text(source: str | list[str]) -> str:
    return source if isinstance(source, str) else "".join(source)


def _content(output: Mapping[str, Any], place: str) -> Block | None:
    kind = output["output_type"]
    if kind == "stream" and output["name"] == "stderr":
        return None
    if kind == "error":
        raise UserError(f"{place}执行失败（{output['ename']}），不能发布；请改正后重新执行笔记本。")
    data = output.get("data", {})
    if MIME not in data:
        raise UserError(
            f"{place}有一处输出（{'、'.join(sorted(data)) or kind}）不属于文档内容；"
            "请改用 say、table 或图表函数输出，或删去该输出。"
        )
    return checked(data[MIME], place)


@lru_cache(maxsize=1)
def _schema() -> Json:
    found: Json = json.loads(SCHEMA.read_text(encoding="utf-8"))
    return found


@cache
def validator(kind: str) -> Callable[[object], object]:
    """Return the compiled check of one kind of content object."""
    schema = {key: value for key, value in _schema().items() if key != "oneOf"}
    return fastjsonschema.compile({**schema, "$ref": f"#/definitions/{kind}"})


def kinds() -> tuple[str, ...]:
    """Return the kinds of content objects that the schema declares."""
    return tuple(choice["$ref"].rsplit("/", 1)[1] for choice in _schema()["oneOf"])


def checked(block: Any, place: str) -> Block:
    """Return a content object as it is, if the schema accepts it and its table, if it is one, is rectangular.

    Raises
    ------
    UserError
        If not, with the place, the field and what the schema asks for.
    """
    kind = block.get("kind") if isinstance(block, Mapping) else None
    if kind not in kinds():
        raise UserError(f"{place}：不认识的内容对象“{kind}”；可用的有 {'、'.join(kinds())}。")
    try:
        validator(kind)(block)
    except fastjsonschema.JsonSchemaValueException as slip:
        raise UserError(f"{place}：内容对象 {kind} 不合规定：{slip.message}。") from None
    if kind == "table":
        for row in block["rows"]:
            if len(row["cells"]) != len(block["columns"]):
                raise UserError(
                    f"{place}：表“{plain(block['title'])}”有一行是{len(row['cells'])}格，应为{len(block['columns'])}格。"
                )
    return dict(block)
