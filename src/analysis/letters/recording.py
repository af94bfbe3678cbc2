"""A letter that went out becomes a file of claims: its figures bind the letters that follow."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path

from analysis.house import UserError, atomic_write
from analysis.house.content import Json
from analysis.letters.published import folder
from analysis.reference.messages import shown

_OWN = ("register.", ".groups")


def record(packet: Path, target: Path | None = None) -> Path:
    """Write the claims of a finished letter's packet.

    Parameters
    ----------
    packet
        The folder of the letter (``reports/deputy_reply/2026-017``), with its ``manifest.json``.
    target
        Folder of the published letters (default: ``data/published``).

    Returns
    -------
    Path
        The file written, named after the letter.

    Raises
    ------
    UserError
        If the folder is no letter's packet, or the letter is recorded already (what was sent is not rewritten).
    """
    file = packet / "manifest.json"
    try:
        manifest = json.loads(file.read_text(encoding="utf-8"))
        letter = str(manifest["parameters"]["suggestion"])
    except (OSError, ValueError, KeyError, TypeError):
        raise UserError(
            f"“{shown(packet)}”不是一份答复的成品包（缺少 manifest.json 或其中没有建议编号）；请指向 reports/deputy_reply 下的目录。"
        ) from None
    made = (target or folder()) / f"{letter}.toml"
    if made.exists():
        raise UserError(f"{shown(made)} 已经登记；已寄出的数字不改，如有更正请另行说明。")
    atomic_write(made, "\n".join(_lines(manifest)) + "\n")
    return made


def _lines(manifest: Json) -> Iterator[str]:
    parameters = manifest["parameters"]
    yield "# 由成品包登记的已寄出数字；以后各件答复须与之一致，或说明为何不一致。"
    yield f"title = {_text(manifest['title'])}"
    yield f"date = {parameters['as_of']}"
    yield f"district = {_text(parameters['district'])}"
    yield f"term = {_text(parameters['term'])}"
    yield f"source = {_text('成品包，快照 ' + str(manifest['snapshot']))}"
    yield f"simulated = {str(bool(manifest['simulated'])).lower()}"
    for number, item in enumerate(_figures(manifest["statistics"]), 1):
        group = ", ".join(
            f"{key} = {json.dumps(value, ensure_ascii=False)}" for key, value in item["scope"]["group"].items()
        )
        printed = re.sub(r"[^\d.]", "", item["text"].removesuffix(item["unit"]))
        about = f"（{item['group_label']}）" if item.get("group_label") else ""
        yield "\n[[claim]]"
        yield f'id = "figure{number}"'
        yield f"text = {_text(item['label'] + about + item['text'])}"
        yield f"printed = {_text(printed)}"
        yield f"unit = {_text(item['unit'])}"
        yield f"rounding = {_text(item['rounding'])}"
        yield f"indicator = {_text(item['indicator'])}"
        if item["scope"]["school"]:
            yield f"school = {_text(item['scope']['school'])}"
        if group:
            yield f"where = {{ {group} }}"


def _figures(statistics: list[Json]) -> Iterator[Json]:
    """Yield the figures that a later letter could contradict: known, not negative, no counts of the page's own."""
    for item in statistics:
        own = item["indicator"].startswith(_OWN[0]) or item["indicator"].endswith(_OWN[1])
        value = item["estimate"].get("value")
        if not own and value is not None and value >= 0:
            yield item


def _text(words: str) -> str:
    return json.dumps(words, ensure_ascii=False)
