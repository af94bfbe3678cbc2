"""What was worked out is kept by what was asked."""

import pytest

from analysis.indicators.memo import Kept, once


def test_an_answer_is_made_once_also_where_it_is_none() -> None:
    kept: Kept = {}
    calls: list[str] = []

    def make(name: str, answer: int | None) -> int | None:
        calls.append(name)
        return answer

    assert once(kept, ("a", 1), lambda: make("a", 5)) == 5
    assert once(kept, ("a", 1), lambda: make("again", 6)) == 5
    assert once(kept, "b", lambda: make("b", None)) is None
    assert once(kept, "b", lambda: make("b again", 7)) is None
    assert calls == ["a", "b"]


def test_a_failure_is_not_kept() -> None:
    kept: Kept = {}
    with pytest.raises(ZeroDivisionError):
        once(kept, "a", lambda: 1 // 0)
    assert once(kept, "a", lambda: 3) == 3
