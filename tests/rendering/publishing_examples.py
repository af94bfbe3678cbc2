"""Notebooks that use every content kind: a report, and a letter with a page of full text."""

from __future__ import annotations

import base64
import struct
import zlib
from typing import Any

import nbformat

MIME = "application/vnd.shuangjian.v1+json"
MARK = "本页所用数据均为模拟生成，不对应任何真实学校或学生。"
SVG = (
    '<?xml version="1.0" encoding="utf-8"?>\n<svg xmlns="http://www.w3.org/2000/svg" width="450pt" height="200pt" viewBox="0 0 450 200">\n'
    "<metadata>by a tool</metadata>\n"
    '<g id="load"><path d="M 20 180 L 430 180" stroke="#000" fill="none"/>\n'
    '<path d="M 20 150 L 150 90 L 290 60 L 430 40" stroke="#1f5f8b" fill="none" stroke-width="2"/></g>\n</svg>\n'
)


def png(width: int = 120, height: int = 40) -> str:
    """Make a grey picture in PNG, as base64."""

    def chunk(name: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    rows = b"".join(b"\x00" + bytes(range(width)) for _ in range(height))
    head = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    body = chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")
    return base64.b64encode(b"\x89PNG\r\n\x1a\n" + body).decode()


def statistic(value: float = 0.9132, text: str = "91.3%", **changes: Any) -> dict[str, Any]:
    made = {
        "indicator": "homework.within_cap",
        "label": "书面作业达标率",
        "definition": "书面作业时长不超过规定的班级日占全部班级日的比例",
        "estimate": {
            "value": value,
            "se": 0.0069,
            "lower": 0.899,
            "upper": 0.926,
            "level": 0.95,
            "n": 11214,
            "df": 41.0,
            "deff": 2.1,
            "method": "beta",
            "status": "ok",
        },
        "scope": {
            "district": "990101",
            "school": "",
            "term": "2025-2026-2",
            "start": "2026-03-02",
            "end": "2026-07-03",
            "group": {},
        },
        "unit": "%",
        "decimals": 1,
        "rounding": "half_up",
        "numerator": 10241.0,
        "denominator": 11214.0,
        "base": 11214,
        "base_unit": "个班级日",
        "schools": 7,
        "classes": 120,
        "days": 82,
        "missing": ["澄湖区第八小学（模拟）"],
        "snapshot": "3f5a" * 16,
        "slice": "9c01" * 16,
        "rule": "homework.middle",
        "group_label": "",
        "text": text,
        "interval_text": "89.9%–92.6%",
        "base_text": "11,214个班级日",
    }
    return {**made, **changes}


def grouped(grade: int, value: float, text: str) -> dict[str, Any]:
    made = statistic(value, text, group_label=f"{'一二三四五六'[grade - 1]}年级", base_text="1,869个班级日", base=1869)
    made["scope"] = {**made["scope"], "group": {"grade": grade}}
    return made


def number(text: str, part: str = "value", source: dict[str, Any] | None = None) -> dict[str, Any]:
    return {"text": text, "statistic": source or statistic(), "part": part}


def literal(text: str, kind: str = "rule") -> dict[str, Any]:
    return {"text": text, "literal": kind}


def block(kind: str, **fields: Any) -> dict[str, Any]:
    return {"version": 1, "kind": kind, **fields}


def paragraph(role: str, *parts: Any) -> dict[str, Any]:
    return block("paragraph", role=role, runs=[{"text": part} if isinstance(part, str) else part for part in parts])


def head(**changes: Any) -> dict[str, Any]:
    fields = {
        "class": "report",
        "title": "澄湖区第二学期书面作业负担报告",
        "subtitle": "",
        "language": "zh-CN",
        "issuer": "澄湖区教育局（模拟）",
        "date": "2026-07-20",
        "district": "990101",
        "school": "",
        "scope_label": "澄湖区（模拟）",
        "term": "2025-2026-2",
        "term_label": "2025—2026学年第二学期",
        "audience": "internal",
        "snapshot": "3f5a" * 16,
        "slice": "9c01" * 16,
        "simulated": True,
        "mark": MARK,
        "letter": None,
    }
    return block("document", **{**fields, **changes})


def notebook(*cells: dict[str, Any] | str) -> nbformat.NotebookNode:
    """Make an executed notebook: a string is a Markdown cell, an object is the output of a code cell."""
    made = nbformat.v4.new_notebook()
    for cell in cells:
        if isinstance(cell, str):
            made.cells.append(nbformat.v4.new_markdown_cell(cell))
        else:
            code = nbformat.v4.new_code_cell("say(…)", execution_count=1)
            code.outputs = [nbformat.v4.new_output("display_data", data={MIME: cell, "text/html": "<p>…</p>"})]
            made.cells.append(code)
    for position, cell in enumerate(made.cells):
        cell["id"] = f"cell-{position}"
    return made


def grades_table() -> dict[str, Any]:
    shares = [(1, 1.0, "100%"), (2, 0.9987, "99.87%"), (3, 0.941, "94.1%"), (4, 0.933, "93.3%"), (5, 0.905, "90.5%")]
    rows = [
        {
            "role": "body",
            "cells": [
                {"text": f"{'一二三四五六'[grade - 1]}年级"},
                {"text": "1,869", "value": 1869, "statistic": grouped(grade, share, text), "part": "base"},
                {"text": text, "value": share, "statistic": grouped(grade, share, text), "part": "value"},
                {"text": "89.9%–92.6%", "statistic": grouped(grade, share, text), "part": "interval"},
            ],
        }
        for grade, share, text in shares
    ]
    rows.append(
        {
            "role": "body",
            "cells": [
                {"text": "六年级"},
                {"text": "…", "suppressed": True},
                {"text": "…", "suppressed": True},
                {"text": "…", "suppressed": True},
            ],
        }
    )
    rows.append(
        {
            "role": "total",
            "cells": [
                {"text": "合计"},
                {"text": "11,214", "value": 11214, "statistic": statistic(), "part": "base"},
                {"text": "91.3%", "value": 0.9132, "statistic": statistic(), "part": "value"},
                {"text": "89.9%–92.6%", "statistic": statistic(), "part": "interval"},
            ],
        }
    )
    return block(
        "table",
        name="by_grade",
        title="各年级书面作业时长达标情况（本学期）",
        columns=[
            {"key": "grade", "label": "年级", "align": "left"},
            {"key": "days", "label": "班级日", "unit": "个", "align": "right"},
            {"key": "share", "label": "达标率", "align": "decimal"},
            {"key": "interval", "label": [literal("95%"), {"text": "区间"}], "align": "center"},
        ],
        rows=rows,
        notes=[[{"text": "“…”表示该格因人数过少而隐去。"}]],
    )


def report(**changes: Any) -> nbformat.NotebookNode:
    """A report with every kind of content that reports use."""
    return notebook(
        head(**changes),
        paragraph(
            "finding",
            "本学期有完整台账的",
            number("7", "schools"),
            "所学校共",
            number("11,214个班级日", "base"),
            "，书面作业不超过规定时长的占",
            number("91.3%"),
            "（",
            literal("95%"),
            "区间",
            number("89.9%–92.6%", "interval"),
            "）；“全部达标”数据不支持。",
        ),
        "## 上报情况\n\n应报学校尚未报齐，*未报学校*不计入以下各数，也**不按零计**。",
        paragraph("base", "上报的学校有", number("7", "schools"), "所；未报的是澄湖区第八小学（模拟）。"),
        "## 哪些年级、哪些天超时\n\n### 分年级",
        grades_table(),
        "### 分星期\n\n周三最重，周五最轻。\n\n- 周三多由几科同日布置造成；\n- 周五学校普遍少布置。",
        block(
            "figure",
            name="by_weekday",
            title=[{"text": "六年级周三最重：达标率只有"}, number("90.5%", source=grouped(5, 0.905, "90.5%"))],
            subtitle="每点为各年级在各日的达标率，竖线为区间",
            alt="折线图：逐日变化，周三最高。",
            media_type="image/svg+xml",
            data=SVG,
            width_mm=150,
            notes=[[{"text": "区间按班级聚类计算。"}]],
            statistics=[grouped(5, 0.905, "90.5%")],
        ),
        block(
            "figure",
            name="by_school",
            title="各校达标率相近",
            alt="散点图：各校达标率的点都落在漏斗界限之内。",
            media_type="image/png",
            data=png(),
            width_mm=60,
            statistics=[statistic()],
        ),
        block("heading", level=1, runs=[{"text": "结论"}]),
        paragraph("verdict", "“各校书面作业均不超过规定时长”：数据不支持。"),
        paragraph("caveat", "台账由学校填报，本页不能说明学生实际用时。"),
        "### 依据的规定",
        block(
            "list",
            ordered=True,
            items=[
                [{"text": "小学三至六年级每天书面作业平均不超过"}, literal("60分钟")],
                [{"text": "初中不超过"}, literal("90分钟")],
            ],
        ),
        "#### 口径\n\n##### 班级日",
        paragraph(
            "method",
            "班级日指某班在某个上课日登记过台账；比例的区间用",
            literal("Korn–Graubard", "name"),
            "方法。",
        ),
        block("page_break"),
        paragraph("note", "以上各数的出处见文末。"),
        block("end", reason="后面的内容不发布"),
        paragraph("body", "这一段在终点之后，不属于文档。"),
    )


FULL = "本区各校已按规定建立作业统筹公示和反馈制度并由学校逐班登记区教育局按月核对登记情况发现问题及时督促整改" * 30


def letter(**changes: Any) -> nbformat.NotebookNode:
    """A reply to a deputy, with a paragraph that fills more than a page."""
    fields: dict[str, Any] = {
        "class": "letter",
        "title": [
            {"text": "关于区第九届人民代表大会第五次会议"},
            literal("第12号", "document"),
            {"text": "建议的答复"},
        ],
        "letter": {"number": "澄教函〔2026〕12号", "category": "B", "suggestion": "", "session": ""},
    }
    return notebook(
        head(**{**fields, **changes}),
        paragraph("addressee", "（模拟）代表甲："),
        paragraph("opening", "您提出的", literal("第12号", "document"), "建议收悉。现答复如下："),
        "## 关于作业时长",
        paragraph("body", "本学期书面作业不超过规定时长的班级日占", number("91.3%"), "，尚未全部达到。"),
        "### 已经做的\n\n" + FULL,
        "#### 第一项\n\n区教育局按月核对台账。\n\n##### 其中\n\n小学每班每日核对。",
        paragraph("closing", "感谢您对教育工作的关心和支持。"),
        paragraph("attachment", "附件：答复意见反馈表"),
        paragraph("signature", "澄湖区教育局（模拟）"),
        paragraph("date", literal("2026年7月20日", "date")),
        paragraph("contact", "（联系人：（模拟）联系人乙；电话：（模拟，无真实号码））"),
        paragraph("copies", "抄送：澄湖区人大常委会代表工作委员会（模拟），澄湖区人民政府办公室（模拟）。"),
        block(
            "form",
            title="答复意见反馈表",
            lead="请在一格内打勾，并寄回区人大常委会代表工作委员会。",
            options=["满意", "基本满意", "不满意"],
            fields=[
                {"label": "建议编号", "value": [literal("第12号", "document")]},
                {"label": "意见", "lines": 4},
                {"label": "代表签名"},
            ],
        ),
    )
