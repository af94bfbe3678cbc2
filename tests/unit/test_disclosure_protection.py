from dataclasses import replace

import pytest
from presentation_figures import by_grade, by_school, share

from analysis.disclosure import SMALL_GROUP, SMALLEST_CELL, protect, unsafe


def people(value, base):
    return share(value, base=base, unit="人")


def test_an_internal_edition_shows_everything():
    figures = [people(1.0, 3), share(0.5, school="2199000001", name="第一小学")]
    assert protect(figures, "internal").items == tuple(figures)


def test_an_unknown_audience_is_refused():
    with pytest.raises(ValueError, match="audience"):
        protect([], "friends")


@pytest.mark.parametrize(
    ("figure", "reason"),
    [
        (people(0.5, SMALLEST_CELL - 1), "small cell"),
        (people(0.5, SMALLEST_CELL), ""),
        (people(1.0, SMALL_GROUP - 1), "small group"),
        (people(0.0, SMALL_GROUP - 1), "small group"),
        (people(0.97, SMALL_GROUP - 1), "small group"),
        (people(1.0, SMALL_GROUP), ""),
        (people(0.5, SMALL_GROUP - 1), ""),
        (people(None, 3), ""),
        (share(0.5, base=7, unit="所"), ""),
        (share(1.0, base=7, unit="所学校"), ""),
    ],
)
def test_what_is_unsafe(figure, reason):
    assert unsafe(figure) == reason


def test_a_hidden_figure_keeps_no_number_at_all():
    (shown,) = protect([people(0.5, 5)], "public").items
    assert not shown.known
    assert shown.estimate.status == "suppressed"
    assert [shown.numerator, shown.denominator, shown.base, shown.estimate.n] == [None, None, None, 0]
    assert shown.text == "…"


def test_one_hidden_group_takes_another_with_it_so_that_no_difference_betrays_it():
    figures = list(by_grade(0.5, 0.6, 0.7))
    figures = [replace(figures[0], base=5, denominator=5), replace(figures[1], base=40), replace(figures[2], base=90)]
    protected = protect(figures, "public")
    assert protected.hidden == {0: "small cell", 1: "complement"}
    assert protected.items[2].known


def test_two_hidden_groups_need_no_third():
    figures = [replace(figure, base=5, denominator=5) for figure in by_grade(0.5, 0.6)] + [by_grade(0.5, 0.5, 0.7)[2]]
    assert set(protect(figures, "public").hidden) == {0, 1}


def test_a_school_loses_name_code_and_slice_in_public():
    protected = protect(by_school(0.9, 0.8), "public")
    assert protected.unnamed == 2
    assert all(item.scope.school == "" and item.slice == "" for item in protected.items)
    assert {item.group_label for item in protected.items} == {"一所学校"}
    assert [item.value for item in protected.items] == [0.9, 0.8]


def test_absent_schools_are_counted_not_named_in_public():
    (shown,) = protect([share(0.9, missing=("石桥小学", "云溪学校"))], "public").items
    assert len(shown.missing) == 2
    assert "石桥小学" not in str(shown)


def test_a_higher_threshold_hides_more():
    figure = people(0.5, 15)
    assert protect([figure], "public").hidden == {}
    assert protect([figure], "public", smallest=20).hidden == {0: "small cell"}


def test_bounds_that_are_printed_as_counts_stay_exact_in_public():
    few = share(10 / 13, base=13, unit="个批次", bounds=(10 / 14, 11 / 14))
    (shown,) = protect([few], "public").items
    assert shown.bounds_text == "14批次中10–11批次"
    many = share(0.9, base=500, bounds=(0.81234, 0.91239))
    assert protect([many], "public").items[0].bounds == (0.812, 0.912)
