"""How the place answers: deadlines in months, outcome categories, the feedback form (data/reference/replies.toml)."""

from __future__ import annotations

from dataclasses import dataclass

from analysis.house import UserError
from analysis.reference.replies import replies


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
    told = replies()
    return Place(
        months={"ordinary": told.deadlines.ordinary_months, "broad": told.deadlines.broad_months},
        again_months=told.deadlines.again_months,
        on_holiday=told.deadlines.on_holiday,
        soon_days=told.deadlines.soon_days,
        scheme=told.categories.scheme,
        schemes=told.schemes,
        options=told.form.options,
    )
