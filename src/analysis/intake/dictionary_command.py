"""``shuangjian dictionary``: write the data dictionary page from the dictionary that intake reads by."""

from __future__ import annotations

import argparse
from pathlib import Path

from analysis.house import UserError, atomic_write, path
from analysis.intake import questionnaires, windows
from analysis.intake.dictionary import Column, Dictionary, Table, read
from analysis.intake.questionnaires import Questionnaire

PAGE = ("docs", "data-dictionary.md")
TYPES = {
    "text": "文字", "code": "代码", "integer": "整数", "number": "数", "minutes": "时长", "clock": "时刻", "date": "日期",
    "boolean": "是/否", "money": "金额", "grade": "年级", "class": "班级", "school": "学校", "term": "学期",
    "choice": "选项", "weekday": "星期",
}  # fmt: skip
PERSONAL = {"hash": "个人信息：只存加密摘要", "drop": "个人信息：不保存", "apart": "开放题原文：单独保管"}
KINDS = {"single": "单选", "multiple": "多选", "matrix": "矩阵", "ranking": "排序", "text": "填空"}


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's arguments."""
    parser.add_argument("--check", action="store_true", help="只核对页面是否为最新，不改写")
    parser.add_argument("--out", metavar="FILE", help="写到别处（默认 docs/data-dictionary.md）")


def run(args: argparse.Namespace) -> int:
    """Write the page, or with --check say whether it is current (exit status 1 if it is not)."""
    target = Path(args.out) if args.out else path(*PAGE)
    content = page(read(), questionnaires.read())
    current = target.is_file() and target.read_text(encoding="utf-8") == content
    if args.check:
        if not current:
            raise UserError(f"“{target}”不是最新；请执行 shuangjian dictionary。", exit_status=1)
        print(f"数据字典页是最新的：{target}")
        return 0
    if not current:
        atomic_write(target, content)
    print(f"数据字典页：{target}")
    return 0


def page(known: Dictionary, forms: tuple[Questionnaire, ...]) -> str:
    """Return the page as Markdown."""
    lines = [
        "# 数据字典",
        "",
        "本页由 `shuangjian dictionary` 从 `data/reference/tables.toml` 与 `data/reference/questionnaires/` 生成，请勿手改。",
        f"字典版本 {known.version}。",
        "",
        "每张表列出各列的名称、可用的表头、类型与单位、允许的值和核对规则。表头不计空格、全角半角和括号中的单位；",
        "日期不在所写的时间范围内的行待更正；“报送之日”是交来的那一天，或所报最后一个学期之后、下学期开学前的那一天，以较晚者为准。",
        "“键”确定一行，同键同内容的行只计一次，同键不同内容的行全部待更正。",
        "",
        "| 表 | 名称 | 说明 |",
        "|---|---|---|",
        *(f"| [`{table.name}`](#{table.name}) | {table.label} | {_cell(table.about)} |" for table in known.tables),
    ]
    for table in known.tables:
        lines += ["", *_table(table)]
    lines += ["", "## 问卷", "", "问卷星按文本或按序号导出的答卷，由下面的说明读成 `survey` 表；两种导出得到同一张表。"]
    for form in forms:
        lines += ["", *_form(form)]
    return "\n".join(lines) + "\n"


def _table(table: Table) -> list[str]:
    lines = [
        f"## {table.name}",
        "",
        f"**{table.label}**：{table.about}",
        "",
        f"键：{'、'.join(f'`{name}`' for name in table.key)}",
        "",
        "| 列 | 名称 | 类型 | 可用的表头 | 允许的值 | 说明 |",
        "|---|---|---|---|---|---|",
        *(_column(column, {each.name: each.label for each in table.columns}) for column in table.columns),
    ]
    if table.checks:
        lines += ["", "核对：", ""]
        for check in table.checks:
            done = "待更正" if check.outcome == "quarantine" else "照录并提醒"
            needs = f"（有{'、'.join(check.needs)}表时）" if check.needs else ""
            lines.append(f"- {check.reason}{needs}：{done}。{check.remedy}。")
    return lines


def _column(column: Column, labels: dict[str, str]) -> str:
    kind = TYPES[column.type] + (f"，{column.unit}" if column.unit else "") + ("，必填" if column.required else "")
    notes = [column.note] if column.note else []
    if column.personal:
        notes.append(PERSONAL[column.personal])
    if column.usual:
        notes.append(f"常见范围 {column.usual[0]:g}–{column.usual[1]:g}，超出则提醒")
    for bounds, word in ((column.earliest, "早"), (column.latest, "晚")):
        if bounds:
            notes.append(f"不{word}于{'、'.join(windows.said(bound, labels) for bound in bounds)}")
    if column.if_absent is not None:
        notes.append(f"没有此列时一律按“{ {True: '是', False: '否'}.get(column.if_absent, column.if_absent) }”计")
    words = "、".join((column.label, *column.aliases))
    cells = (f"`{column.name}`", column.label, kind, words, _values(column), "；".join(notes))
    return "| " + " | ".join(_cell(text) for text in cells) + " |"


def _values(column: Column) -> str:
    if column.type == "boolean":
        return "是、否"
    if column.one_of:
        return f"{'、'.join(column.one_of)}（前面可写省、市、区、县名）"
    if column.values:
        return "、".join(
            f"`{value}`（{'、'.join(words)}）" if words else f"`{value}`" for value, words in column.values.items()
        )
    low, high = column.min, column.max
    if low is not None and high is not None:
        return f"{low:g}–{high:g}"
    if low is not None or high is not None:
        return f"不小于 {low:g}" if low is not None else f"不大于 {high:g}"
    return f"`{column.pattern}`" if column.pattern else ""


def _form(form: Questionnaire) -> list[str]:
    waves = "；".join(f"{wave}（{first} 至 {last}）" for wave, first, last in form.waves)
    lines = [
        f"### {form.id}",
        "",
        f"**{form.title}**。轮次：{waves}。",
        "",
        "| 题号 | 题目 | 题型 | item | 选项（分值） |",
        "|---|---|---|---|---|",
    ]
    for question in form.questions:
        points = question.score or ("",) * len(question.options)
        options = "、".join(
            f"{option}（{point:g}）" if isinstance(point, int | float) else option
            for option, point in zip(question.options, points, strict=True)
        )
        rows = question.rows or ((question.item, question.wording, question.wording),)
        for item, wording, _ in rows:
            cells = (str(question.number), wording, KINDS[question.kind], f"`{item}`", options)
            lines.append("| " + " | ".join(_cell(text) for text in cells) + " |")
    return lines


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("\n", " ")
