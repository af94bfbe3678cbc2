"""Which reference files there are, and the model of each."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import partial
from pathlib import Path

from pydantic import BaseModel

from analysis.house import UserError, home
from analysis.reference.calendar import CalendarFile, TermsFile
from analysis.reference.cross import between
from analysis.reference.districts import DistrictsFile
from analysis.reference.documents import DocumentsFile
from analysis.reference.editions import EditionsFile
from analysis.reference.indicators import IndicatorsFile
from analysis.reference.phrases import Phrases
from analysis.reference.published import LetterFile
from analysis.reference.questionnaires import QuestionnaireFile
from analysis.reference.reading import SlipsError, validated
from analysis.reference.replies import Replies, replies
from analysis.reference.rows import RowsFile
from analysis.reference.rules import Rules
from analysis.reference.schools import SchoolsFile
from analysis.reference.settings import Settings, settings
from analysis.reference.suggestions import SuggestionFile
from analysis.reference.tables import TablesFile

MODELS: dict[str, type[BaseModel]] = {
    "data/reference/rules.toml": Rules,
    "data/reference/terms.toml": TermsFile,
    "data/reference/calendar.toml": CalendarFile,
    "data/reference/districts.toml": DistrictsFile,
    "data/reference/schools.toml": SchoolsFile,
    "data/reference/settings.toml": Settings,
    "data/reference/replies.toml": Replies,
    "data/reference/phrases.toml": Phrases,
    "data/reference/documents.toml": DocumentsFile,
    "data/reference/tables.toml": TablesFile,
    "data/reference/indicators.toml": IndicatorsFile,
    "data/reference/rows.toml": RowsFile,
    "reports/editions.toml": EditionsFile,
}
"""Pattern of a path inside the project → the model of the files that it finds."""
REGISTERS: dict[str, type[BaseModel]] = {
    "data/reference/questionnaires/*.toml": QuestionnaireFile,
    "data/suggestions/*.toml": SuggestionFile,
    "data/published/*.toml": LetterFile,
}
"""Entries in which a slip stops only what rests on them: a suggestion half filled in must not hold up the reports."""
OVERLAID: dict[str, Callable[[], object]] = {
    "data/reference/settings.toml": settings,
    "data/reference/replies.toml": replies,
}
"""Files over which a bureau may lay its own settings: they are read together with these."""


def files(models: Mapping[str, type[BaseModel]]) -> Iterator[tuple[Path, Callable[[], object]]]:
    """Give every file that is there, with what reads it into its model."""
    for pattern, model in models.items():
        for file in sorted(home().glob(pattern)):
            yield file, OVERLAID.get(pattern, partial(validated, file, model))


def every() -> Iterator[tuple[Path, Callable[[], object]]]:
    """Give the reference files and the entries of the registers, with what reads each."""
    return files({**MODELS, **REGISTERS})


def slips() -> list[str]:
    """Return one Chinese line for everything that is wrong in the reference files, each once.

    What one file names of another is looked up when each file is right by itself.
    """
    found: dict[str, None] = {}
    for _, read in every():
        try:
            read()
        except SlipsError as slip:
            found |= dict.fromkeys(slip.lines)
        except UserError as slip:
            found[slip.message] = None
    return list(found) or between()


def refuse_slips() -> None:
    """Stop before anything is written if a reference file holds something that is not known.

    Raises
    ------
    UserError
        The first such place, and how many there are.
    """
    for _, read in files(MODELS):
        read()
    if found := between():
        raise SlipsError(found)
