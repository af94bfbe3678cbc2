"""Which school a title, a sheet's name or a file's name speaks of: a name counts only where it stands alone."""

from __future__ import annotations

import difflib
import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass

from analysis.text.calendar import GRADE
from analysis.text.numerals import ORDINAL, narrow

SHORTEST = 3
"""Names of fewer characters (``一中``) are read in a column, but not looked for in titles."""
_BREAK = r"[\s_\-—–·:;,、。./\\|(){}\[\]<>《》〈〉【】〔〕“”\"'+&]"
_BEFORE = re.compile(
    rf"(?:^|{_BREAK}|学年|学期|\d年|\d月|\d日|台账|考勤|日报|登记|统计|汇总|作业|服务|名册|情况|经费|菜单|模式|两案)$"
)
_AFTER = re.compile(
    rf"(?:$|{_BREAK}|的|关于|作业|书面|课后|课程|延时|服务|考勤|点名|日报|周报|月报|台账|登记|统计|汇总|名册|名单|情况|公示"
    r"|学生|在校|学籍|教师|教职工|家长|班额|班级|各班|各年级|全校|满意|问卷|调查|双减|减负|宣传|任务|平台|监测|督查|专班"
    r"|经费|收费|一校两案|两案|方案|报送|上报|填报|数据|材料|反馈|更正|修订|模拟"
    rf"|20\d\d|[上下本]学期|第[一二12]学期|[春秋]季|{GRADE}年级|初[一二三][^中级]|{GRADE}?[(]\d)"
)
_LIKE_SCHOOL = re.compile(r"[\u3400-\u9fff\d]{1,14}?(?:小学|中学|初中|学校|完小|村小|校区|分校|幼儿园|教学点)(?!生)")
_OF_ANOTHER = re.compile(r"[校园学中部班]\s*[(\[【〔]\s*$")
_NO_NAME = re.compile(
    r"(?:^|[区县市镇乡省局全各本我该中与和及个所属办立级年期的报送驻务育训点账勤表册单况计业段]|农村|城区)"
    r"(?:小学|中学|初中|学校|中小学|幼儿园|校区|分校)$"
)


@dataclass(frozen=True)
class Named:
    """What a text says of a school: its code, or a name that is in no register; both empty if it speaks of none."""

    school: str = ""
    stranger: str = ""


def named(text: str, schools: Mapping[str, str]) -> Named:
    """Return the one school that a text names.

    A name counts where it stands between separators, years, terms, grades or words such as 作业台账; never as part of a
    longer name (第二实验小学 is not 实验小学, 南门小学附属幼儿园 not 南门小学) nor in brackets behind another school.

    Parameters
    ----------
    text
        A title, a sheet's name or a file's name.
    schools
        Every name of every school (as `narrow` writes it), with its code.

    Returns
    -------
    Named
        The code; else what looks like the name of a school but is in no register; nothing where two schools are named.
    """
    wide = unicodedata.normalize("NFKC", text).strip()
    codes: set[str] = set()
    spans: list[tuple[int, int]] = []
    for name, code in schools.items():
        if len(name) < SHORTEST or name.isascii():
            continue
        for match in re.finditer(r"\s*".join(map(re.escape, name)), wide):
            if _stands_alone(wide, match.start(), match.end()):
                codes.add(code)
                spans.append(match.span())
    if strangers := _strangers(wide, spans):
        return Named(stranger=strangers[0])
    return Named(school=codes.pop()) if len(codes) == 1 else Named()


def _stands_alone(text: str, start: int, stop: int) -> bool:
    before = text[:start]
    if _OF_ANOTHER.search(before):
        return False
    return _BEFORE.search(before) is not None and _AFTER.match(text[stop:]) is not None


def last_spoken(text: str, name: str) -> int | None:
    """Return where the last mention of a school by this name ends; none is that of another whose name contains it.

    第二实验小学 and 实验小学附属幼儿园 do not name 实验小学; None where it is not named.
    """
    longer_before, longer_after = rf"(?<!\d|[新老原]|{ORDINAL})", r"(?!附属|分校|[东西南北中新老]?校区|幼儿园)"
    return max(
        (match.end() for match in re.finditer(longer_before + re.escape(name) + longer_after, text)), default=None
    )


def _strangers(text: str, known: list[tuple[int, int]]) -> list[str]:
    """Return what looks like a school's name beside the known ones."""
    rest = list(text)
    for start, stop in known:
        rest[start:stop] = " " * (stop - start)
    pieces = re.split(_BREAK, "".join(rest))
    return [
        piece for piece in pieces if any(not _NO_NAME.search(match.group()) for match in _LIKE_SCHOOL.finditer(piece))
    ]


def nearest(name: str, schools: Mapping[str, str], count: int = 3) -> list[str]:
    """Return the known names most like a name, the likest first."""
    plain = narrow(name)
    inside = [known for known in schools if len(known) >= SHORTEST and not known.isascii() and known in plain]
    close = difflib.get_close_matches(plain, [known for known in schools if not known.isascii()], n=count, cutoff=0.5)
    return list(dict.fromkeys([*sorted(inside, key=len, reverse=True), *close]))[:count]
