"""``data/reference/replies.toml``: how the place answers deputies; overlaid by ``[replies]`` of the settings."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, model_validator

from analysis.house import path
from analysis.house.paths import read_toml
from analysis.reference.messages import nearest
from analysis.reference.reading import Entry, Text, checked, refused, validated
from analysis.reference.settings import overlaid, settings, settings_files

Months = Annotated[int, Field(ge=1)]


class Deadlines(Entry):
    """Months from assignment, and what becomes of a deadline on a day off."""

    ordinary_months: Months
    broad_months: Months
    again_months: Months
    on_holiday: Literal["as_is", "previous", "next"] = "as_is"
    soon_days: Annotated[int, Field(ge=0)] = 15


class Categories(Entry):
    """The usual scheme of outcome categories."""

    scheme: Text = "ABC"


class Form(Entry):
    """The options of the feedback form."""

    options: Annotated[tuple[Text, ...], Field(strict=False, min_length=1)] = ("满意", "基本满意", "不满意")


class Replies(Entry):
    """The whole file; `schemes` maps a scheme's name to category → meaning."""

    deadlines: Deadlines
    categories: Categories = Categories()
    schemes: dict[str, dict[str, Text]]
    form: Form = Form()

    @model_validator(mode="after")
    def _scheme_there(self) -> Replies:
        if self.categories.scheme not in self.schemes:
            hint = nearest(self.categories.scheme, set(self.schemes))
            raise refused(f"没有办理类别方案“{self.categories.scheme}”；{hint}", "categories", "scheme")
        return self


def replies() -> Replies:
    """Return the place's rules of answering: the shipped ones, overlaid by those of the settings.

    Raises
    ------
    UserError
        If something in a file is not known or has the wrong kind; it names the file that holds it.
    """
    file = path("data", "reference", "replies.toml")
    shipped, own = validated(file, Replies), settings().replies
    if not own:
        return shipped
    return checked(overlaid(read_toml(file), own), Replies, *settings_files(), below=("replies",))
