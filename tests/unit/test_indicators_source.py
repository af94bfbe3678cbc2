"""The tables of a study, narrowed to its schools, term and days; and the rows that were put aside, as it sees them."""

from __future__ import annotations

from datetime import date

import pandas as pd
import pytest
import tables_by_hand as hand
from tables_by_hand import FRI, MON, SAT, SUN, TERM, THU, TUE, WED, A, B, aside, rows, table

from analysis.indicators import source as module
from analysis.indicators.refused import compatible, refused
from analysis.indicators.registry import Counting

DAILY = "term school grade class date n"
EVERY = table(
    DAILY,
    *((TERM, A, 1, "1", day, n) for n, day in enumerate((MON, TUE, WED, THU, FRI, SAT, SUN))),
    (TERM, B, 1, "1", MON, 10),
    (TERM, "elsewhere", 1, "1", MON, 20),
    ("2025-2026-1", A, 1, "1", MON, 30),
)


def numbers(source, name: str) -> list[int]:
    return sorted(source.table(name).collect("pandas").to_native()["n"].tolist())


@pytest.mark.parametrize(
    ("school", "end", "until", "kept"),
    [
        ("", FRI, None, [0, 1, 3, 4, 10]),
        (A, FRI, None, [0, 1, 3, 4]),
        (B, FRI, None, [10]),
        ("", THU, SUN, [0, 1, 3, 10]),
        ("", MON, None, [0, 10]),
    ],
)
def test_a_ledger_counts_on_school_days_up_to_the_last_of_the_term(monkeypatch, school, end, until, kept) -> None:
    source = hand.source(monkeypatch, school=school, end=end, until=until, homework=EVERY)
    assert numbers(source, "homework") == kept
    assert source.table("homework") is source.table("homework")


@pytest.mark.parametrize("lacking", ["grade", "class"])
def test_a_register_counts_up_to_the_day_looked_at_and_what_has_no_day_counts(monkeypatch, lacking: str) -> None:
    """Also one of school and day that does not tell grade or class: Wednesday's is in, Sunday's too late."""
    register = EVERY.drop(columns=lacking)
    register = pd.concat([register, table("term school date n", (TERM, B, None, 11))])
    assert numbers(hand.source(monkeypatch, until=SAT, relief=register), "relief") == [0, 1, 2, 3, 4, 5, 10, 11]
    plans = table("term school submitted_on n", (TERM, A, FRI, 1), (TERM, A, SAT, 2), (TERM, A, date(2020, 1, 1), 3))
    assert numbers(hand.source(monkeypatch, plans=plans), "plans") == [1, 3]
    rolls = table("term grade class date", *((TERM, 1, "1", day) for day in (MON, WED)))
    assert len(rows(hand.source(monkeypatch, rolls=rolls).table("rolls"))) == 1  # a ledger, if of no school
    names = table("provider n", ("P", 1))
    assert numbers(hand.source(monkeypatch, providers=names), "providers") == [1]


def test_an_answer_belongs_to_the_term_until_the_next_begins(monkeypatch) -> None:
    days = [date(2026, 3, 1), MON, SUN, date(2026, 3, 19), date(2026, 3, 20), None]
    survey = table("school submitted_on n", *((A, day, n) for n, day in enumerate(days)))
    monkeypatch.setattr(
        module,
        "terms",
        lambda _: [("own", MON, SUN), ("same", SUN, SUN), ("next", date(2026, 3, 20), date(2026, 7, 1))],
    )
    source = hand.source(monkeypatch, until=date(2026, 3, 25), survey=survey)
    assert source.answered_until == date(2026, 3, 19) and numbers(source, "survey") == [1, 2, 3]
    assert hand.source(monkeypatch, until=MON, survey=survey).answered_until == MON
    assert numbers(hand.source(monkeypatch, until=MON, survey=survey), "survey") == [1]
    monkeypatch.setattr(module, "terms", lambda _: [("own", MON, SUN)])
    assert hand.source(monkeypatch, until=date(2026, 3, 25)).answered_until == date(2026, 3, 25)


def test_the_days_go_on_after_the_term_without_school(monkeypatch) -> None:
    def days(end: date, until: date) -> list:
        found = rows(hand.source(monkeypatch, end=end, until=until).table("days"))
        return [(day.day, *rest) for day, *rest in found]  # date, week, weekday, school day, place

    assert days(THU, THU) == [(2, 1, 1, 1, 1), (3, 1, 2, 1, 2), (4, 1, 3, 0, 2), (5, 1, 4, 1, 3)]
    assert days(MON, MON) == [(2, 1, 1, 1, 1)]
    late = days(SUN, date(2026, 3, 10))
    assert late[4:] == [(6, 1, 5, 1, 4), (7, 1, 6, 0, 4), (8, 1, 7, 0, 4), (9, 0, 1, 0, 4), (10, 0, 2, 0, 4)]
    source = hand.source(monkeypatch, end=THU)
    assert [stamp.day for stamp in source.days] == [2, 3, 5]


def test_what_a_counting_cannot_do_without(monkeypatch) -> None:
    def counting(*tables: str, optional: tuple[str, ...] = ()) -> Counting:
        return Counting(lambda *_: None, tables, (), optional=optional)

    source = hand.source(monkeypatch, one=EVERY, two=EVERY)
    assert source.has("one") and not source.has("three")
    assert source.absent(counting("one", "three", "days")) == ["three"]
    assert source.can(counting("one", "two", "days"))
    assert not source.can(counting("one", "three"))
    assert source.can(counting("one", "three", optional=("one", "three")))
    assert not source.can(counting("three", "four", optional=("three", "four")))
    assert not source.can(counting("one", "three", "four", optional=("three",)))


def test_a_counting_is_made_once_of_what_there_is(monkeypatch) -> None:
    told = []

    def count(tables, keys):
        told.append((sorted(tables), keys))
        return tables["homework"].select(*keys, "n")

    own = Counting(count, ("homework", "absent"), ("school",), optional=("absent",), beside=("beside", "none"))
    put_aside = aside(
        {"term": TERM, "school": A, "grade": 1, "class": "1", "date": MON, "rows": 2}, {"table": "beside"}
    )
    source = hand.source(monkeypatch, school=A, homework=EVERY, beside=EVERY, refused=put_aside)
    found = source.counted(own, ("school",))
    assert found["n"].tolist() == [0, 1, 3, 4] and found["n"].dtype == "int64"
    assert source.counted(own, ("school",)) is found and source.counted(own, ("grade",)) is not found
    assert told == [(["beside", "homework", "unclear.homework"], ("school",)), (["beside", "homework", "unclear.homework"], ("grade",))]  # fmt: skip
    (unclear,) = source._unclear(["homework", "service_daily"]).values()
    assert [(*key, n) for *key, _, n in rows(unclear)] == [(A, 1, "1", 2)]


CLASSES = table(
    "term school grade class pupils",
    (TERM, A, 1, "1", 30), (TERM, A, 1, "1", 31), (TERM, B, 2, "1", 25), (TERM, B, 2, "2", 26), ("2025-2026-1", A, 9, "9", 99),
)  # fmt: skip


def test_every_class_is_due_on_every_school_day(monkeypatch) -> None:
    """Of the class 1/2 of A only the refused row of the enrolment is known, that of A's 1/1 repeats a known one.

    The class 9/9 was enrolled in the term before, and has no row now.
    """
    told = {"table": "enrolment", "term": TERM, "school": A, "grade": 1}
    source = hand.source(
        monkeypatch,
        end=TUE,
        enrolment=CLASSES,
        refused=aside(
            {**told, "class": "2", "rows": 2},
            {**told, "class": "2"},
            {**told, "class": "1"},
            {**told, "grade": 3, "rows": 4},
        ),
    )
    assert source.classes[["school", "grade", "class", "pupils"]].to_numpy().tolist() == [[A, 1, "1", 30], [B, 2, "1", 25], [B, 2, "2", 26]]  # fmt: skip
    assert source.classes.index.tolist() == [0, 1, 2]
    unsized = source.unsized
    assert unsized[["class", "rows"]].fillna("").to_numpy().tolist() == [["2", 2], ["2", 1], ["", 4], ["9", 1]]
    due = source.due()
    assert len(due) == 10 and due["pupils"].fillna(0).tolist() == [30, 30, 25, 25, 26, 26, 0, 0, 0, 0]
    assert due["class"].tolist() == ["1", "1", "1", "1", "2", "2", "2", "2", "9", "9"] and due["date"].nunique() == 2
    nameless = source.nameless(10)
    assert nameless["number"].tolist() == [40] and "rows" not in nameless.columns


def test_without_an_enrolment_no_class_is_due(monkeypatch) -> None:
    source = hand.source(monkeypatch)
    assert source.classes.empty and list(source.classes.columns) == ["school", "grade", "class", "pupils"]
    assert source.due().empty and list(source.due().columns) == ["school", "grade", "class", "pupils", "date"]
    assert source.unsized.empty and source.nameless(3).empty


def test_who_entered_something_and_for_which_days(monkeypatch) -> None:
    ledger = table(
        "term school grade class date subject", *((TERM, A, 1, room, MON, "语文") for room in "122"), (TERM, B, 2, "1", TUE, "数学")
    )  # fmt: skip
    daily = table("term school grade date", (TERM, B, 2, TUE), (TERM, A, 1, THU))
    source = hand.source(monkeypatch, homework=ledger, relief=daily, plans=table("term school", (TERM, A), (TERM, A)))

    def told(tables: tuple[str, ...], *wanted: str) -> list:
        found = source.presence(tables, wanted)
        assert found is source.presence(tables, wanted)
        frame = found.assign(date=found["date"].dt.day) if "date" in found.columns else found
        return sorted(frame.to_numpy().tolist())

    assert told(("homework",)) == [[A, 1, 2, 3], [B, 2, 3, 1]]
    assert told(("homework",), "class") == [[A, 1, 2, "1", 1], [A, 1, 2, "2", 2], [B, 2, 3, "1", 1]]
    assert told(("homework", "relief")) == [[A, 1, 2, 3], [A, 1, 5, 1], [B, 2, 3, 2]]
    assert told(("homework", "relief", "none"), "class") == [[A, 1, 2, "1", 1], [A, 1, 2, "2", 2], [B, 2, 3, "1", 1]]
    assert told(("relief",), "class") == [[A, 1, 5, 1], [B, 2, 3, 1]]  # none can tell the class
    assert told(("homework", "plans")) == [[A, 5], [B, 1]]  # what both have is the school
    gradeless = hand.source(monkeypatch, relief=table("school grade", (A, None), (A, 1), (A, 1), grade="Int64"))
    assert sorted(gradeless.presence(("relief",))["rows"]) == [1, 2]
    assert told(("none",)) == []
    assert list(source.presence(("none",)).columns) == ["school", "rows"]


def test_a_register_of_the_bureau_is_there_for_every_school_or_for_none(monkeypatch) -> None:
    names = table("provider n", ("P", 1), ("Q", 2))
    assert hand.source(monkeypatch, providers=names).presence(("providers",)).to_numpy().tolist() == [[A, 2], [B, 2]]
    alone = hand.source(monkeypatch, school=B, providers=names.iloc[:0])
    assert alone.presence(("providers",)).to_numpy().tolist() == [[B, 0]]


def test_refused_rows_are_placed_in_the_classes_entered_or_enrolled(monkeypatch) -> None:
    """A row of Saturday is no school day's; one dated beyond the last day counted is left out, in a register it stays."""
    known = {"term": TERM, "school": A, "grade": 1, "class": "1"}
    put_aside = aside(
        known | {"date": MON}, known | {"date": MON, "rows": 3}, known | {"date": WED}, known | {"date": FRI},
        known | {"date": MON, "class": "7"}, known | {"date": MON, "class": "8"}, known | {"table": "plans", "date": FRI},
    )  # fmt: skip
    ledger = table(DAILY, (TERM, A, 1, "7", MON, 1))
    source = hand.source(monkeypatch, end=THU, enrolment=CLASSES, homework=ledger, refused=put_aside)
    found = source.refused("homework")
    assert found.located[["class", "rows"]].to_numpy().tolist() == [["1", 4], ["7", 1]]
    assert found.located["grade"].dtype == "int64" and source.refused("homework") is found
    assert found.floating[["class", "date"]].notna().to_numpy().tolist() == [[True, False], [False, True]]
    assert len(found.rows) == 5 and len(source.refused("plans").floating) == 1


# -- rows that were put aside ---------------------------------------------------------------------------------------


def put(*told: dict, until: date | None = FRI, schools: tuple[str, ...] = (A, B)):
    snapshot = hand.Snapshot({}, aside(*told))
    classes = table("school grade class", (A, 1, "1"), (A, 2, "1"))
    days = [pd.Timestamp(day) for day in (MON, TUE, THU, FRI)]
    return refused(snapshot, "homework", term=TERM, schools=schools, days=days, until=until, end=SUN, classes=classes)


def test_a_refused_row_counts_unless_it_is_known_to_be_of_elsewhere() -> None:
    told = [
        {"rows": 1}, {"term": TERM, "rows": 2}, {"term": "other", "rows": 4}, {"school": A, "rows": 8},
        {"school": "elsewhere", "rows": 16}, {"table": "attendance", "rows": 32}, {"term": "other", "school": A, "rows": 64},
    ]  # fmt: skip
    assert put(*told).rows["rows"].tolist() == [1, 2, 8]
    assert put(*told, schools=(B,)).rows["rows"].tolist() == [1, 2]
    assert list(put(*told).floating.columns) == list(put(*told).rows.columns) and put(
        *told
    ).floating.index.tolist() == [0, 1, 2]
    assert put().rows.empty and put().located.empty and put().floating.empty


@pytest.mark.parametrize(
    ("day", "until", "counts", "placed"),
    [
        (MON, FRI, True, True),
        (FRI, FRI, True, True),
        (SAT, FRI, False, False),  # a later day of the term
        (SUN, FRI, False, False),
        (date(2026, 3, 9), FRI, True, False),  # beyond the term: its date is wrong
        (WED, FRI, True, False),
        (None, FRI, True, False),
        (SAT, None, True, False),
        (FRI, None, True, True),
    ],
)
def test_a_refused_row_stands_on_a_school_day_or_on_no_known_one(day, until, counts, placed) -> None:
    found = put({"school": A, "grade": 1, "class": "1", "date": day}, until=until)
    assert (len(found.rows), len(found.located), len(found.floating)) == (counts, placed, counts - placed)


@pytest.mark.parametrize("key", [(A, 3, "1"), (B, 1, "1"), (A, 1, "2"), (None, 1, "1"), (A, None, "1"), (A, 1, None)])
def test_a_refused_row_of_no_class_that_there_is_cannot_be_placed(key) -> None:
    found = put({**dict(zip(("school", "grade", "class"), key, strict=True)), "date": MON})
    assert found.located.empty and found.floating["class"].isna().tolist() == [True]
    assert found.floating["date"].notna().tolist() == [True]


def test_which_refused_rows_may_be_of_a_group() -> None:
    days = pd.DataFrame({"date": pd.to_datetime([MON, TUE]), "week": [1, 2], "weekday": [1, 2]})
    own = put(
        {"school": A, "grade": 1, "class": "1", "date": MON, "subject": "语文"},
        {"school": A, "grade": 7, "date": TUE},
        {},
    ).rows

    def may(**where) -> list[bool]:
        return compatible(own, where, days).tolist()

    assert may() == may(nothing=3) == [True, True, True]
    assert may(grade=1) == may(grade=[1, 2]) == may(grade=(1,)) == may(grade={1}) == [True, False, True]
    assert may(subject="数学") == [False, True, True]
    assert may(week=2) == may(weekday=2) == [False, True, True] and may(week=[1, 2]) == [True, True, True]
    assert may(stage="primary") == may(grade_band="lower") == [True, False, True]
    assert may(stage="junior", week=1) == [False, False, True]
