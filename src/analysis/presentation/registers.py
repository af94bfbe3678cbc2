"""Single entries of registers, for those who must follow them up: internal editions only."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import pandas as pd

from analysis.indicators.crosschecks import findings, unchecked
from analysis.indicators.dimensions import LABELS
from analysis.indicators.registered import Registers
from analysis.indicators.supervision import open_beyond
from analysis.presentation.content import Run, literal_run, words
from analysis.presentation.edition import Edition, current
from analysis.presentation.references import day_words

if TYPE_CHECKING:
    from analysis.indicators.study import Study


def conflicts(study: Study, name: str, title: str) -> None:
    """Put out what the registers say against each other, entry by entry; a public edition says that it does not list them.

    Every edition says which checks could not be made: the number of findings is without them.
    """
    left = "、".join(LABELS["conflict"][check] for check in unchecked(Registers(study)))
    if left and not current().ended:
        current().put(
            "paragraph", role="note", runs=[words(f"有登记表没有报送，没有核对的事项：{left}；件数不含这些事项。")]
        )
    edition = _for_staff(title)
    if edition is None:
        return
    schools = dict(zip(study.schools["school"], study.schools["short_name"], strict=True))
    rows = [
        [LABELS["conflict"][row["conflict"]], row["name"], schools.get(row["school"], "—"), row["day"], row["detail"]]
        for row in findings(Registers(study)).to_dict("records")
    ]
    _table(edition, name, title, ("事项", "机构", "学校", "日期", "说明"), rows)


def overdue_actions(study: Study, name: str, title: str) -> None:
    """Put out the supervision actions that are open beyond their deadline, the oldest first."""
    edition = _for_staff(title)
    registers = Registers(study)
    if edition is None or not registers.has("supervision"):
        return
    rows = [
        [row["number"], LABELS["action"][row["action"]], row["target"], row["finding"], row["date"], row["deadline"]]
        for row in open_beyond(registers).to_dict("records")
    ]
    _table(edition, name, title, ("编号", "方式", "对象", "问题", "发出", "期限"), rows)


def _for_staff(title: str) -> Edition | None:
    edition = current()
    if edition.ended:
        return None
    if not edition.public:
        return edition
    edition.put("paragraph", role="note", runs=[words(f"公开版不逐件列出“{title}”，只列件数。")])
    return None


def _table(edition: Edition, name: str, title: str, heads: Sequence[str], rows: Sequence[Sequence[object]]) -> None:
    if not rows:
        edition.put("paragraph", role="body", runs=[words(f"{title}：无。")])
        return
    edition.put(
        "table",
        name=name,
        title=title,
        columns=[{"key": f"c{place}", "label": head, "align": "left"} for place, head in enumerate(heads)],
        rows=[{"role": "body", "cells": [_cell(value) for value in row]} for row in rows],
    )


def _cell(value: Any) -> Run:
    if isinstance(value, pd.Timestamp):
        return literal_run(day_words(value.date()), "date")
    return words("—") if value is None or pd.isna(value) else literal_run(str(value), "name")
