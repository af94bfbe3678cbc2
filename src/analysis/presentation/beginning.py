"""How a document begins: the study is opened, the edition remembered, the document object put out."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING

from analysis.house import UserError
from analysis.presentation import absence
from analysis.presentation.edition import Edition, current, start
from analysis.reference.districts import districts_file
from analysis.reference.settings import settings
from analysis.reference.vocabulary import Audience

if TYPE_CHECKING:
    from analysis.indicators.study import Study

MARK = "本文所用数据均为模拟生成，不反映任何真实地区、学校或个人的情况。"


def begin(
    title: str,
    *,
    snapshot: str,
    district: str,
    school: str,
    term: str,
    audience: str,
    as_of: str,
    suggestion: str = "",
    tables: Sequence[str] = (),
    document: str = "report",
    school_document: str = "",
    letter: dict[str, str] | None = None,
) -> Study:
    """Begin a document: open the study of its scope and put out the document object.

    Where the scope reported nothing for the tables that the document needs, a page says so (what was expected, from
    whom, how to hand it in) and the document ends: later calls put out nothing and raise nothing. The same holds for a
    public edition of a single school, which is not made.

    Parameters
    ----------
    title
        Title without scope and term; a letter's whole title.
    snapshot, district, school, term, audience, as_of
        Parameters of the notebook, all strings: `school` is ``""`` for the district, `audience` is ``internal`` or
        ``public``, `as_of` an ISO date.
    suggestion
        Id of the deputy's suggestion that a letter answers; the document itself does not use it.
    tables
        Tables that the document needs; it is a page without data if the scope has rows in none of them.
    document
        Class of the document: ``report``, ``letter`` or ``page`` (a single sheet).
    school_document
        Class of a school's document, if it is another. A document that only says that nothing was reported is a page.
    letter
        Elements of an official letter: number, suggestion, session, category, secrecy, urgency.

    Returns
    -------
    Study
        The study that the notebook measures with.

    Raises
    ------
    UserError
        If a parameter is unknown or malformed.
    """
    from analysis.indicators.study import Study

    if audience not in Audience.labels():
        known = "或".join(f"{word}（{label}）" for word, label in Audience.labels().items())
        raise UserError(f"参数 audience 为“{audience}”；只能是{known}。")
    _check_day(as_of)
    district, school = str(district), str(school)  # papermill -p reads codes as numbers
    study = Study(snapshot, district=district, school=school, term=term, as_of=as_of)
    label = scope_label(study)
    edition = start(Edition(audience, district, school, label, study, tuple(tables)))
    opened = study.snapshot
    silent = bool(edition.tables) and not any(study.reporting(table).reported for table in edition.tables)
    closed = edition.public and bool(school)
    kind = "page" if (silent or closed) and document == "report" else (school and school_document) or document
    edition.put(
        "document",
        **{"class": kind},
        title=title,
        language="zh-CN",
        issuer=settings().bureau.name,
        date=as_of,
        district=district,
        school=school,
        scope_label=label,
        term=term,
        term_label=study.calendar.label,
        audience=audience,
        snapshot=opened.id,
        slice=opened.slice(edition.tables or opened.tables, school),
        simulated=opened.simulated,
        mark=MARK if opened.simulated else "",
        letter=letter,
    )
    edition.opening = True
    if closed:
        absence.put_district_only(edition)
    elif silent:
        absence.put_nothing_reported(edition, study)
    return study


def put(kind: str, **fields: object) -> None:
    """Put out any other content object (``form``, ``page_break``, ``list`` …), checked against the schema."""
    current().put(kind, **fields)


def scope_label(study: Study) -> str:
    """Return the Chinese name of a study's scope: the school's from its snapshot, the district's from the register.

    Raises
    ------
    UserError
        If the code is not known.
    """
    scope = study.scope
    if scope.school:
        return str(study.schools.set_index("school").loc[scope.school, "name"])
    known = districts_file()
    if scope.district not in known:
        raise UserError(f"区代码“{scope.district}”不在 data/reference/districts.toml 中；请核对代码，或先在表中登记。")
    return known[scope.district].name


def _check_day(text: str) -> None:
    try:
        date.fromisoformat(text)
    except ValueError:
        raise UserError(f"参数 as_of 为“{text}”；请写成 2026-07-20 这样的日期。") from None
