"""How the place answers: deadlines in months, outcome categories, the feedback form (data/reference/replies.toml)."""

from __future__ import annotations

from dataclasses import dataclass

from analysis.house import UserError, path, settings
from analysis.house.paths import read_toml
from analysis.letters.entries import Entry


@dataclass(frozen=True, slots=True)
class Place:
    """The local rules of answering.

    `months` maps a suggestion's kind to its months; `schemes` maps a scheme's name to category → meaning.
    """

    months: dict[str, int]
    again_months: int
    on_holiday: str
    soon_days: int
    scheme: str
    schemes: dict[str, dict[str, str]]
    options: tuple[str, ...]

    def categories(self, scheme: str = "") -> dict[str, str]:
        """Return category → meaning of a scheme (``""``: the usual one).

        Raises
        ------
        UserError
            If there is no such scheme.
        """
        name = scheme or self.scheme
        if name not in self.schemes:
            raise UserError(
                f"data/reference/replies.toml 中没有办理类别方案“{name}”；现有：{'、'.join(self.schemes)}。"
            )
        return self.schemes[name]


def place() -> Place:
    """Return the place's rules: the shipped ones, overlaid by ``[replies]`` of the local settings."""
    file = path("data", "reference", "replies.toml")
    merged = read_toml(file)
    for key, value in settings().get("replies", {}).items():
        merged[key] = {**merged[key], **value} if isinstance(merged.get(key), dict) else value
    deadlines = Entry(merged.get("deadlines", {}), file, "[deadlines]")
    made = Place(
        months={"ordinary": deadlines.need("ordinary_months", int), "broad": deadlines.need("broad_months", int)},
        again_months=deadlines.need("again_months", int),
        on_holiday=deadlines.one_of("on_holiday", ("as_is", "previous", "next"), "as_is"),
        soon_days=deadlines.get("soon_days", int, 15),
        scheme=str(merged.get("categories", {}).get("scheme", "ABC")),
        schemes=merged.get("schemes", {}),
        options=tuple(merged.get("form", {}).get("options", ("满意", "基本满意", "不满意"))),
    )
    deadlines.done()
    made.categories()
    return made
