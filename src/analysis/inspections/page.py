"""The page for publication: what was drawn, from which lists, by which seed, and how anyone can draw it again."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path

from analysis.house.content import Json
from analysis.inspections.drawing import Lists, quota
from analysis.inspections.following import PUBLISHED, STATES, Followed
from analysis.inspections.protocol import Protocol
from analysis.presentation.beginning import MARK
from analysis.presentation.content import MIME, Run, literal_run, words
from analysis.presentation.edition import Edition, start
from analysis.presentation.references import day_words
from analysis.publishing.publication import publish
from analysis.reference.settings import settings

STEPS = (
    "把“种子、轮次、institution、机构编号”用竖线“|”连成一行，求其SHA-256摘要（UTF-8编码，小写十六进制），即该机构的签。",
    "每个风险等级内，签从小到大排列，按抽取比例（不足一家按一家）取排在前面的。",
    "检查人员的签由“种子、轮次、inspector、机构编号、人员编号”求得；逐家按机构编号的次序派人：去掉应回避的与近期去过该机构的，"
    "先派本轮次数少的，次数相同的取签小的。",
)


def publish_draw(told: Protocol, folder: Path, *, formats: Sequence[str] = ("html", "pdf")) -> list[Path]:
    """Write the page of a draw (``index.html``, ``report.pdf``, ``tables/``) past the gate; return the files."""
    edition = _begun(told, "双随机抽取结果", told["date"])
    edition.put(
        "paragraph",
        role="finding",
        runs=[
            literal_run(f"{told['round']}：从在册的{len(told['lists']['candidates'])}家校外培训机构中抽取", "name"),
            literal_run(f"{len(told['visits'])}家", "name"),
            words("，抽取日期"),
            literal_run(day_words(date.fromisoformat(told["date"])), "date"),
            words("。结果与整改情况在规定的工作日内公示。"),
        ],
    )
    _visits(edition, told)
    _strata(edition, told)
    edition.put("heading", level=1, runs=[words("怎样复核")])
    seed = told["seed"]
    edition.put(
        "paragraph",
        role="method",
        runs=[
            words("随机种子为“"),
            literal_run(seed["text"], "document"),
            words("”，已于"),
            literal_run(day_words(date.fromisoformat(seed["published"])), "date"),
            words("公布（"),
            literal_run(seed["where"] or "公告", "document"),
            words("），早于抽取。名单的摘要为"),
            literal_run(told["lists_sha256"][:16], "document"),
            words("，抽取记录（protocol.json）载有名单、比例与结果。任何人都可以用记录重抽核对："),
            literal_run("shuangjian draw --check protocol.json", "document"),
            words("；也可以按以下步骤手工核对。"),
        ],
    )
    edition.put("list", ordered=True, items=[[literal_run(step, "rule")] for step in STEPS])
    return _published(edition, folder, formats)


def publish_progress(
    told: Protocol, found: Sequence[Followed], on: date, folder: Path, *, formats: Sequence[str] = ("html", "pdf")
) -> list[Path]:
    """Write the page of what became of a draw by a day."""
    edition = _begun(told, "双随机检查结果与整改", on.isoformat())
    rows = [
        [
            literal_run(each.institution, "name"),
            literal_run(each.name, "name"),
            words(STATES[each.state]),
            _day(each.deadline),
            words(PUBLISHED[each.publication]),
            _day(each.publish_by),
            literal_run(each.changed or "—", "name"),
        ]
        for each in found
    ]
    heads = ["编号", "机构", "结果", "整改期限", "公示", "公示期限", "与抽取记录不符"]
    _table(edition, "progress", "各机构检查结果与整改", heads, rows)
    return _published(edition, folder, formats)


def _begun(told: Protocol, title: str, day: str) -> Edition:
    bureau = settings().bureau.name
    edition = start(Edition("public", told["district"], "", bureau))
    edition.put(
        "document",
        **{"class": "page"},
        title=f"校外培训机构{title}",
        language="zh-CN",
        issuer=bureau,
        date=day,
        district=told["district"],
        school="",
        scope_label=told["round"],
        audience="public",
        simulated=told["simulated"],
        mark=MARK if told["simulated"] else "",
    )
    return edition


def _visits(edition: Edition, told: Protocol) -> None:
    names = {each["institution"]: each["name"] for each in told["lists"]["candidates"]}
    rows = [
        [literal_run(text, "name") for text in (own["institution"], names[own["institution"]], own["risk"])]
        + [literal_run("、".join(own["inspectors"]), "name")]
        for own in told["visits"]
    ]
    _table(edition, "visits", "抽到的机构与派出的检查人员", ["编号", "机构", "风险等级", "检查人员"], rows)


def _strata(edition: Edition, told: Protocol) -> None:
    lists = Lists.from_dict(told["lists"])
    sizes = {risk: sum(each.risk == risk for each in lists.candidates) for risk in sorted(lists.shares)}
    rows = [
        [literal_run(text, "name") for text in (risk, f"{size}家", f"{lists.shares[risk]:.0%}")]
        + [literal_run(f"{quota(size, lists.shares[risk])}家", "name")]
        for risk, size in sizes.items()
    ]
    _table(edition, "strata", "各风险等级的抽取比例", ["风险等级", "在册", "比例", "抽取"], rows)


def _table(edition: Edition, name: str, title: str, heads: Sequence[str], rows: Sequence[Sequence[Run]]) -> None:
    edition.put(
        "table",
        name=name,
        title=title,
        columns=[{"key": f"c{place}", "label": head, "align": "left"} for place, head in enumerate(heads)],
        rows=[{"role": "body", "cells": list(cells)} for cells in rows],
    )


def _day(day: date | None) -> Run:
    return words("—") if day is None else literal_run(day_words(day), "date")


def _published(edition: Edition, folder: Path, formats: Sequence[str]) -> list[Path]:
    notebook: Json = {
        "nbformat": 4,
        "nbformat_minor": 5,
        "metadata": {},
        "cells": [
            {
                "cell_type": "code",
                "id": f"c{place}",
                "metadata": {},
                "execution_count": 1,
                "source": "",
                "outputs": [{"output_type": "display_data", "metadata": {}, "data": {MIME: made}}],
            }
            for place, made in enumerate(edition.objects)
        ],
    }
    return publish(notebook, folder, formats=formats, own=_declared(edition.objects))


def _declared(value: object) -> Iterator[str]:
    """Give the declared texts of a page that the program itself made of a protocol."""
    if isinstance(value, dict):
        if "literal" in value:
            yield value["text"]
        value = list(value.values())
    if isinstance(value, list):
        for part in value:
            yield from _declared(part)
