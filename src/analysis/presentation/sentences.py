"""Sentences whose numbers are references: nobody types a figure."""

from __future__ import annotations

import re

from analysis.presentation.content import OWN_MARK, Refs, Run, words
from analysis.presentation.edition import Edition, current
from analysis.presentation.references import Unknown, resolved, unknown_words
from analysis.text.digits import typed_numbers

_TOKEN = re.compile(r"\{([^{}]*)\}|(\[)|(\])")


def say(template: str, *, role: str = "body", otherwise: str = "", only: str = "", **refs: object) -> None:
    """Put out a paragraph.

    Parameters
    ----------
    template
        Chinese words with references in braces: ``{share}`` is the value, ``{share.interval}``, ``{share.base}``,
        ``{share.full}`` … its parts (`references.statistic_part`), ``{grades.highest.group}`` a group's name, which has
        a value only where the data separate the highest (lowest) from all others or several are tied.
        A clause in square brackets is left out when a figure in it has no value; a sentence wholly in brackets is then
        not said at all.
    role
        ``finding body base caveat method note verdict``; in letters also ``addressee opening closing …``.
    otherwise
        Said instead when a figure outside the brackets has no value. By default the sentence says which figure
        lacks data.
    only
        ``district`` or ``school``: said only in editions of that kind.
    **refs
        Statistic, Statistics, rule, date, verdict or comparison, by the name used in the template.

    Raises
    ------
    ValueError
        If the template holds a typed number, Arabic, full-width or Chinese.

    Examples
    --------
    >>> say("共{share.base}，不超过规定时长的占{share}[（{share.level}区间{share.interval}）]。", share=share)
    """
    edition = current()
    if edition.ended or not wanted(edition, only):
        return
    runs = composed(template, refs, edition, otherwise)
    if runs:
        edition.put("paragraph", role=role, runs=runs)


def heading(template: str, *, level: int = 1, only: str = "", **refs: object) -> None:
    """Put out a heading that depends on data or on the kind of edition; plain headings are Markdown cells.

    Level 1 is 一、 (as ``##`` in Markdown), 2 is （一）, 3 is 1.
    """
    edition = current()
    if edition.ended or not wanted(edition, only):
        return
    edition.put("heading", level=level, runs=composed(template, refs, edition))


def wanted(edition: Edition, only: str) -> bool:
    """Tell whether something meant for ``district`` or ``school`` editions ("": both) belongs in this one.

    Raises
    ------
    ValueError
        If `only` is neither.
    """
    if only not in ("", "district", "school"):
        raise ValueError(f"only= is 'district' or 'school', not {only!r}")
    return only in ("", "school" if edition.school else "district")


def composed(template: str, refs: Refs, edition: Edition, otherwise: str = "") -> list[Run]:
    """Return the runs of a template (see `say`)."""
    _refuse_numbers(otherwise)
    try:
        return resolved_template(template, refs, edition)
    except Unknown as gap:
        if otherwise:
            return resolved_template(otherwise, refs, edition)
        return unknown_words(gap.statistic, gap.reason)


def resolved_template(template: str, refs: Refs, edition: Edition) -> list[Run]:
    """Return the runs of a template; ``Unknown`` where a figure outside the brackets has no value."""
    _refuse_numbers(template)
    return _runs(template, refs, edition)


def _refuse_numbers(template: str) -> None:
    typed = typed_numbers(_TOKEN.sub("\x00", template))
    if typed:
        raise ValueError(
            f"句子中有手写的数字{'、'.join(f'“{word}”' for word in typed)}：请改用统计量、规则或日期的引用，"
            f"例如 {{share}}、{{target}}、{{day}}。句子：{template}"
        )


def _after(before: list[Run], said: list[Run]) -> list[Run]:
    """Return what follows in a sentence; before counts that stand for a share, 占 becomes 是 (before 有 and 无, nothing).

    A template is written once for all bases: 「按期足额的占87.5%」 is 「按期足额的是8所中的5所」 where there are only eight.
    """
    shares = [run["statistic"] for run in said[:1] if run.get("part") == "value" and "statistic" in run]
    if not shares or shares[0]["unit"] != "%" or said[0]["text"].removesuffix(OWN_MARK).endswith("%"):
        return said
    if before and before[-1].keys() == {"text"} and before[-1]["text"].endswith("占"):
        verb = "" if said[0]["text"] in ("有", "无") else "是"
        before[-1] = words(before[-1]["text"].removesuffix("占") + verb)
    return said


def _runs(template: str, refs: Refs, edition: Edition) -> list[Run]:
    finished: list[Run] = []
    clause: list[Run] | None = None  # runs of the open [clause]
    dropped = False
    at = 0
    for token in _TOKEN.finditer(template):
        target = finished if clause is None else clause
        if token.start() > at:
            target.append(words(template[at : token.start()]))
        at = token.end()
        if token[2]:
            if clause is not None:
                raise ValueError(f"a clause in brackets inside another: {template}")
            clause, dropped = [], False
        elif token[3]:
            if clause is None:
                raise ValueError(f"a closing bracket without an opening one: {template}")
            finished += [] if dropped else clause
            clause = None
        else:
            try:
                target += _after(target, resolved(token[1], refs, edition))
            except Unknown:
                if clause is None:
                    raise
                dropped = True
    if clause is not None:
        raise ValueError(f"a clause in brackets is not closed: {template}")
    if at < len(template):
        finished.append(words(template[at:]))
    return finished
