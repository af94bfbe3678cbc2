"""Columns as arrays: names, rows, groups and what is refused, by hand."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from analysis.house import UserError
from analysis.statistics.columns import Groups, aligned, column, groups, mask, numbers, refuse, shares

FRAME = pd.DataFrame(
    {"y": [1.0, np.nan, 0.0, 1.0], "g": ["b", "a", None, "b"], "h": [2, 1, 1, 1], "t": ["1", "x", "y", None]},
    index=[10, 11, 12, 13],
)


def test_a_column_is_found_by_name_or_told_missing():
    assert column(FRAME, "h").tolist() == [2, 1, 1, 1]
    with pytest.raises(UserError, match="数据中没有“z”列；现有的列：y、g、h、t。"):
        column(FRAME, "z")


def test_values_are_put_in_line_with_the_rows():
    series, name = aligned(FRAME, "h", "what")
    assert (series.tolist(), list(series.index), name) == ([2, 1, 1, 1], [0, 1, 2, 3], "h")
    turned = pd.Series([3, 2, 1, 0], index=[13, 12, 11, 10], name="turned")
    series, name = aligned(FRAME, turned, "what")
    assert (series.tolist(), list(series.index), name) == ([0, 1, 2, 3], [0, 1, 2, 3], "turned")
    assert aligned(FRAME, [5, 6, 7, 8], "what")[1] == "what"
    assert aligned(FRAME, pd.Series([5, 6, 7, 8], index=FRAME.index), "what")[0].tolist() == [5, 6, 7, 8]
    for index in ([10, 10, 11, 12], [0, 1, 2, 3], [10, 11, 12, 99]):
        with pytest.raises(UserError, match="“odd”的行标签与数据不一致"):
            aligned(FRAME, pd.Series([1, 2, 3, 4], index=index, name="odd"), "what")
    for short in ([1, 2, 3], pd.Series([1, 2, 3]), np.arange(5)):
        with pytest.raises(UserError, match=f"“what”有 {len(short)} 行，数据有 4 行"):
            aligned(FRAME, short, "what")


def test_the_first_bad_row_is_named():
    series = pd.Series(["a", "b" * 30, "c"])
    refuse(np.zeros(3, dtype=bool), "n", series, "坏", "改")
    with pytest.raises(UserError) as error:
        refuse(np.array([False, True, False]), "n", series, "坏", "改")
    assert str(error.value) == f"“n”列第 2 行：读到“{'b' * 20}”，坏；改。"
    with pytest.raises(UserError, match="“n”列第 1 行（共 2 行）：读到“a”"):
        refuse(np.array([True, False, True]), "n", series, "坏", "改")


def test_numbers_are_floats_and_gaps_nan():
    values, name = numbers(FRAME, "y")
    assert name == "y" and values.dtype == float and values[[0, 2, 3]].tolist() == [1, 0, 1] and np.isnan(values[1])
    assert numbers(FRAME, [True, False, True, True])[0].tolist() == [1, 0, 1, 1]
    assert numbers(FRAME, np.array([1, 2, 3, 4]))[1] == "y"
    mixed = pd.Series([1, None, 2.5, True], dtype=object)
    values = numbers(FRAME.reset_index(drop=True), mixed)[0]
    assert values[[0, 2, 3]].tolist() == [1, 2.5, 1] and np.isnan(values[1])
    category = numbers(FRAME, pd.Categorical([3, None, 2, 3]))[0]
    assert category[[0, 2, 3]].tolist() == [3, 2, 3] and np.isnan(category[1])
    nullable = numbers(FRAME.reset_index(drop=True), pd.Series([1, None, 0, 1], dtype="boolean"))[0]
    assert nullable[[0, 2, 3]].tolist() == [1, 0, 1] and np.isnan(nullable[1])
    with pytest.raises(UserError, match="“t”列第 1 行（共 3 行）：读到“1”，应为数字或空"):
        numbers(FRAME, "t")
    with pytest.raises(UserError, match="“y”列第 3 行：读到“-inf”，是无穷大"):
        numbers(FRAME, [1.0, 2.0, -np.inf, 3.0])


def test_shares_are_of_nought_and_one_only():
    values, name = shares(FRAME, "y")
    assert name == "y" and np.isnan(values[1]) and values[[0, 2, 3]].tolist() == [1, 0, 1]
    for bad in (0.5, 2, -1):
        with pytest.raises(UserError, match="“h”列第 1 行"):
            shares(FRAME.assign(h=[bad, 1, 0, 1]), "h")


def test_a_domain_is_of_booleans_and_a_gap_outside():
    assert mask(FRAME, None).tolist() == [True] * 4
    assert mask(FRAME, "y").tolist() == [True, False, False, True]
    assert mask(FRAME, None).dtype == mask(FRAME, "y").dtype == bool


@pytest.mark.parametrize("labels", [["a"], ["a", "b"], ["a", "b", "c"]])
def test_sums_counts_and_spreads_of_groups(labels):
    codes = np.array([0, len(labels) - 1, -1, 0, 0])
    split = Groups(codes, pd.Index(labels))
    values = np.array([1.0, 2.0, 4.0, 8.0, 16.0])
    expected = [sum(v for c, v in zip(codes, values, strict=True) if c == k) for k in range(len(labels))]
    assert len(split) == len(labels)
    assert split.sums(values).tolist() == expected
    assert split.counts.tolist() == [float((codes == k).sum()) for k in range(len(labels))]
    own = np.arange(3.0, 3.0 + len(labels))
    assert split.spread(own).tolist() == [own[c] if c >= 0 else 0.0 for c in codes]
    within = split.within(np.array([True, False, True, False, True]))
    assert within.codes.tolist() == [0, -1, -1, -1, 0] and within.labels is split.labels


def test_a_group_without_rows_has_a_place():
    split = Groups(np.array([0, -1, 0]), pd.Index(["a", "b", "c"]))
    assert split.counts.tolist() == [2, 0, 0] and split.sums(np.array([1.0, 2.0, 4.0])).tolist() == [5, 0, 0]


def test_rows_are_split_by_columns_and_missing_keys_are_in_no_group():
    whole = groups(FRAME, None)
    assert whole.codes.tolist() == [0] * 4 and whole.labels.tolist() == ["all"]
    one = groups(FRAME, "g")
    assert (one.codes.tolist(), one.labels.tolist(), one.labels.name) == ([1, 0, -1, 1], ["a", "b"], "g")
    listed = groups(FRAME, ["g"])
    assert (listed.codes.tolist(), listed.labels.tolist(), listed.labels.name) == ([1, 0, -1, 1], ["a", "b"], "g")
    two = groups(FRAME, ("g", "h"))
    assert two.codes.tolist() == [2, 0, -1, 1]
    assert two.labels.tolist() == [("a", 1), ("b", 1), ("b", 2)] and list(two.labels.names) == ["g", "h"]
    array = groups(FRAME, [7, 7, 5, None])
    assert (array.codes.tolist(), array.labels.tolist(), array.labels.name) == ([1, 1, 0, -1], [5, 7], None)
    texts = groups(FRAME, ["g", "h", "g", "x"])  # not all are columns: an array
    assert texts.codes.tolist() == [0, 1, 0, 2] and texts.labels.tolist() == ["g", "h", "x"]
    ordered = pd.Categorical(["低", "高", "高", None], categories=["高", "中", "低"], ordered=True)
    category = groups(FRAME.assign(c=ordered), "c")
    assert category.labels.tolist() == ["高", "低"] and category.codes.tolist() == [1, 0, 0, -1]
    assert groups(FRAME.assign(k=pd.Categorical([3, 1, 1, 3])), "k").labels.dtype == np.int64
