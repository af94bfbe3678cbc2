"""One question of a drafted questionnaire: its kind, its options and their order, as far as the exports show them."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from analysis.intake import personal
from analysis.text.calendar import GRADE
from analysis.text.personal import SURNAMES

if TYPE_CHECKING:
    from analysis.intake.drafts import Column, Export

MOST_OPTIONS, LONGEST = 30, 40
MOST_CODE = 30
_ABOUT_A_PERSON = re.compile(
    r"姓名|名字|称呼|叫什么|是谁|老师|班主任|电话|手机|号码|联系|微信|[qQ]{2}|邮箱|地址|住址|住在|小区|身份证|学籍|学号|单位名称"
)
_OPEN = re.compile(r"建议|意见|请填写|请写|请说明|请注明|填空|想说|为什么|具体|补充")
_PERSON = re.compile(
    r"姓名|名字|称呼|叫什么|是谁|老师|班主任|电话|手机|号码|联系|微信|[qQ]{2}|邮箱|地址|住址|住在|小区|身份证|学籍|学号|单位名称"
)
_OPEN = re.compile(r"建议|意见|请填写|请写|请说明|请注明|填空|想说|为什么|具体|补充")
_SURNAMES = (
    "王李张刘陈杨黄赵周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎余潘杜戴夏钟汪田任姜范"
    "方石姚谭廖邹熊金陆郝孔白崔康毛邱秦江史顾侯邵孟龙万段雷钱汤尹黎易常武乔贺赖龚文"
)
_PERSON = re.compile(f"[{SURNAMES}][\u4e00-\u9fff]{{1,2}}|[{SURNAMES}][\u4e00-\u9fff]?\\d{{1,3}}")
_PLACES = (
    ("school", re.compile(r"学校"), re.compile(r"[\u3400-\u9fff\d()（）]{2,20}(?:小学|中学|初中|学校|完小|校区)")),
    ("grade", re.compile(r"年级"), re.compile(rf"{GRADE}年级|初[一二三]")),
    ("class", re.compile(r"班"), re.compile(r"[(（]?\d{1,2}[)）]?班")),
)


def are_codes(given: Iterable[str]) -> bool:
    """Say whether answers are nothing but the places of options."""
    found = list(given)
    return bool(found) and all(word.isdecimal() and 1 <= int(word) <= MOST_CODE for word in found)


def question(
    number: int, columns: Sequence[Column], coded: Sequence[Column], words: Export, codes: Export | None
) -> list[str]:
    """Return the lines of a question.

    Parameters
    ----------
    number
        Its number.
    columns, coded
        Its columns in the text export (or the only one) and in the number export of the same survey.
    words, codes
        The two exports.
    """
    from analysis.intake.drafts import quoted

    first = columns[0]
    given: Counter[str] = sum((column.given() for column in columns), Counter())
    if first.form == "inner" and set(given) <= {"0", "1"}:
        listed = [column.words for column in columns]
        return [f'item = "q{number}"', 'kind = "multiple"', 'role = "choice"', 'wording = ""', _options(listed)]
    about = [f"wording = {quoted(first.words)}"]
    if first.form == "whole" and is_free(first, given):
        return [f'item = "q{number}"', 'kind = "text"', 'role = "text"', *about]
    for mark, kind in (("┋", "multiple"), ("→", "ranking")):
        if first.form == "whole" and any(mark in word for word in given):
            pieces = Counter(piece.strip() for word in given for piece in word.split(mark) if piece.strip())
            listed = [column.words for column in coded if column.form == "inner"]
            known = bool(listed) and set(pieces) <= set(listed)
            lines = [_options(listed)] if known else _unordered(pieces)
            return [f'item = "q{number}"', f'kind = "{kind}"', 'role = "choice"', *about, *lines]
    options = _listed(columns, coded, given, words, codes)
    if first.form != "whole":
        rows = [
            f'    {{ item = "q{number}_{order}", wording = {quoted(column.words)} }},'
            for order, column in enumerate(columns, start=1)
        ]
        return ['kind = "matrix"', 'role = "choice"', 'wording = ""', *options, "rows = [", *rows, "]"]
    role = next((role for role, mark, form in _PLACES if mark.search(first.words) and _all(form, given)), "")
    if role:
        return [f'item = "{role}"', 'kind = "single"', f'role = "{role}"', *about]
    return [f'item = "q{number}"', 'kind = "single"', 'role = "choice"', *about, *options]


def is_free(column: Column, given: Counter[str]) -> bool:
    """Say whether answers are free text: about a person, asked openly, long, or hardly ever repeated.

    In doubt they are: words of a person must not be listed as options.
    """
    if not given:
        return True
    if _ABOUT_A_PERSON.search(column.words) or personal.header_kind(column.words):
        return True
    if any(personal.kinds(word) for word in given) or (len(given) > 2 and _all(_PERSON, given, share=0.8)):
        return True
    pieces = Counter(piece for word, count in given.items() for piece in re.split("[┋→]", word) * count)
    several = any("┋" in word or "→" in word for word in given)
    if _OPEN.search(column.words) and not several and not are_codes(given) and len(given) > 8:
        return True
    place = any(mark.search(column.words) and _all(form, given) for _, mark, form in _PLACES)
    if place:
        return False
    return len(pieces) > MOST_OPTIONS or max(map(len, pieces)) > LONGEST or 2 * len(pieces) > sum(pieces.values())


def _listed(
    columns: Sequence[Column], coded: Sequence[Column], given: Counter[str], words: Export, codes: Export | None
) -> list[str]:
    """Return options in the order that the exports show, or in no order, which then is said."""
    if are_codes(given):
        top = max(int(word) for word in given)
        return [
            "# 按序号导出，看不到选项原文；请按问卷顺序逐项写明，并补上没有人选的",
            _options(map(str, range(1, top + 1))),
        ]
    if codes is None or len(coded) != len(columns):
        return _unordered(given)
    place = {person: row for row, person in enumerate(codes.people)}
    pairs: Counter[tuple[int, str]] = Counter()
    for one, other in zip(columns, coded, strict=True):
        for row, person in enumerate(words.people):
            label, code = one.cells[row], other.cells[place[person]]
            if label in given and code.isdecimal():
                pairs[int(code), label] += 1
    labels = dict(pairs)
    if (
        not labels
        or len({code for code, _ in labels}) != len(labels)
        or len({word for _, word in labels}) != len(labels)
    ):
        return ["# 两种导出对不上：同一序号对应几个选项", *_unordered(given)]
    order = sorted(labels)
    gaps = sorted(set(range(1, order[-1][0] + 1)) - {code for code, _ in order})
    if gaps:
        told = "、".join(map(str, gaps))
        return [
            f"# 次序取自按序号导出；第 {told} 个选项没有人选，请补上后删去 order",
            'order = "unknown"',
            _options(word for _, word in order),
        ]
    return ["# 次序取自按序号导出", _options(word for _, word in order)]


def _unordered(given: Iterable[str]) -> list[str]:
    """Return options whose order nobody has told, as such."""
    return ["# 导出文件看不出选项的次序：请按原问卷排好，再删去下一行", 'order = "unknown"', _options(sorted(given))]


def _options(options: Iterable[str]) -> str:
    from analysis.intake.drafts import quoted

    return "options = [" + ", ".join(quoted(option) for option in dict.fromkeys(options)) + "]"


def _all(form: re.Pattern[str], given: Counter[str], share: float = 1.0) -> bool:
    matched = sum(count for word, count in given.items() if form.fullmatch(word))
    return matched >= share * sum(given.values())
