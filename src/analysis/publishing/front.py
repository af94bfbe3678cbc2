"""What stands at the head of a document besides its title."""

from __future__ import annotations

from analysis.house.content import Json
from analysis.reference.vocabulary import Audience

AUDIENCES = Audience.labels()


def date(iso: str) -> str:
    """Write an ISO date as official pages do: ``2026年7月20日``."""
    year, month, day = iso.split("-")
    return f"{year}年{int(month)}月{int(day)}日"


def facts(head: Json) -> list[list[str]]:
    """Return in lines who issued a report and when, on what and for whom (a letter says it in its own parts)."""
    if head["class"] == "letter":
        return []
    scope, term = head.get("scope_label", ""), head.get("term_label", "")
    lines = ((head["issuer"], date(head["date"])), (scope, term, AUDIENCES[head["audience"]]))
    return [[fact for fact in line if fact] for line in lines]


def elements(head: Json) -> list[str]:
    """Return the elements at the upper right of a letter, in official order: number first, then the others given."""
    letter = head.get("letter") or {}
    category = letter.get("category", "")
    return [
        element
        for element in (
            letter.get("number", ""),
            letter.get("secrecy", ""),
            letter.get("urgency", ""),
            letter.get("session", ""),
            letter.get("suggestion", ""),
            f"办理结果：{category}" if category else "",
        )
        if element
    ]
