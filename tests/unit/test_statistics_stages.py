"""Stages, variances from them and replicates of them: small designs coded by hand."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from analysis.house import UserError
from analysis.statistics import stages as module
from analysis.statistics.calibration import Calibration
from analysis.statistics.columns import Groups
from analysis.statistics.replicates import Replicated, bootstrap, jackknife
from analysis.statistics.stages import Stage, degrees_of_freedom, sampling_weights, stages
from analysis.statistics.variance import Linearised, Ratio, _average, _chunks, cell_totals

ROWS = pd.DataFrame(
    {
        "s": ["n", "n", "n", "n", "n", "m", "m", "m"],
        "c": ["c2", "c2", "c1", "c1", "c1", "c4", "c3", "c3"],
        "k": ["x", "y", "x", "x", "y", "x", "x", "y"],
        "N": [5, 5, 5, 5, 5, 2, 2, 2],
        "M": [4, 4, 6, 6, 6, 1, 8, 8],
    }
)
INF = np.inf


def stage(sizes: list[int], populations: list[float], **more: np.ndarray) -> Stage:
    """A stage of one row a unit."""
    size = np.array(sizes, dtype=float)
    given = {
        "unit": np.arange(sum(sizes)),
        "stratum": np.repeat(np.arange(len(sizes)), sizes),
        "parent": np.zeros(len(sizes), dtype=np.int64),
        "size": size,
        "population": np.array(populations, dtype=float),
        "multiplier": np.ones(len(sizes)),
    }
    return Stage(**given | more)


def test_two_stages_are_coded_stratum_by_stratum():
    first, second = stages(ROWS, ["s"], ["c", "k"], ["N", "M"], "error")
    assert first.unit.tolist() == [0, 0, 1, 1, 1, 2, 3, 3]  # in the order of the rows
    assert first.stratum.tolist() == [0, 0, 1, 1] and first.parent.tolist() == [0, 0]
    assert (first.size.tolist(), first.population.tolist(), first.multiplier.tolist()) == ([2, 2], [5, 2], [1, 1])
    assert first.fraction.tolist() == [0.4, 1.0] and first.remainder.tolist() == [0.6, 0.0]
    assert first.starts.tolist() == [0, 2] and first.row_stratum().tolist() == [0, 0, 0, 0, 0, 1, 1, 1]
    assert second.unit.tolist() == [0, 1, 2, 2, 3, 4, 5, 6]
    assert second.stratum.tolist() == [0, 0, 1, 1, 2, 3, 3] and second.parent.tolist() == [0, 1, 2, 3]
    assert second.size.tolist() == [2, 2, 1, 2] and second.population.tolist() == [4, 6, 1, 8]
    assert second.multiplier.tolist() == [0.4, 0.4, 1.0, 1.0]
    assert second.lonely.tolist() == [False] * 4 and second.row_stratum().tolist() == [0, 0, 1, 1, 1, 2, 3, 3]
    weights = sampling_weights((first, second), 8)
    assert weights == pytest.approx([5, 5, 7.5, 7.5, 7.5, 1, 4, 4], rel=1e-14)
    assert len(stages(ROWS, ["s"], ["c", "k"], [], "error")) == 1
    deeper = stages(ROWS.drop(columns="M"), ["s"], ["c", "k"], ["N"], "adjust")
    assert len(deeper) == 2 and deeper[1].population.tolist() == [INF] * 4
    assert sampling_weights(deeper, 8).tolist() == [2.5] * 5 + [1.0] * 3
    assert deeper[1].lonely.tolist() == [False, False, True, False]


def test_rows_are_units_where_no_clusters_are_named():
    (only,) = stages(ROWS.assign(N=9), ["s"], [], ["N"], "error")
    assert only.unit.tolist() == list(range(8)) and only.size.tolist() == [5, 3]
    (bare,) = stages(ROWS, [], [], [], "error")
    assert bare.size.tolist() == [8] and bare.population.tolist() == [INF] and bare.remainder.tolist() == [1.0]
    (empty,) = stages(ROWS.iloc[:0], [], [], [], "error")
    assert len(empty.unit) == len(empty.size) == len(empty.row_stratum()) == 0
    assert degrees_of_freedom(empty, np.zeros(0, dtype=int), 3).tolist() == [0, 0, 0]
    one = stages(ROWS.iloc[:1], [], [], [], "error")[0]  # no strata declared: a single unit is no error
    assert one.lonely.tolist() == [True]


def test_a_population_all_but_drawn_counts_as_drawn():
    near = stage([2, 2, 1, 1], [2 + 1e-8, 2 + 1e-6, 1, 2])
    assert near.remainder[0] == 0 and near.remainder[1] == pytest.approx(5e-7, rel=1e-6)
    assert near.lonely.tolist() == [False, False, False, True]
    assert near.starts.tolist() == [0, 2, 4, 5]


def test_stages_that_cannot_be_are_refused():
    def refused(frame: pd.DataFrame, *given: object) -> str:
        with pytest.raises(UserError) as error:
            stages(frame, *given)
        return str(error.value)

    lonely = ROWS.assign(s=["n"] * 5 + ["l", "m", "m"])
    said = refused(lonely, ["s"], ["c"], [], "error")
    assert "“s”列第 6 行（共 3 行）：读到“l”，该层只有一个抽样单位" in said
    assert stages(lonely, ["s"], ["c"], [], "adjust")[0].lonely.tolist() == [False, True, True]
    later = refused(ROWS.assign(M=9), ["s"], ["c", "k"], ["N", "M"], "error")
    assert "“c”列第 6 行：读到“c4”，该层只有一个抽样单位" in later
    assert "“c”列第 2 行：读到“nan”，抽样单位不能缺" in refused(
        ROWS.assign(c=["a", None, *"bcdefg"]), [], ["c"], [], "error"
    )
    assert "层不能缺" in refused(ROWS.assign(s=[None] * 8), ["s"], [], [], "error")
    assert "fpc 给了 2 级，抽样只有 1 级" in refused(ROWS, [], [], ["N", "M"], "error")
    assert "“N”列第 3 行：读到“多”，总体单位数应为数字" in refused(
        ROWS.assign(N=[5, 5, "多", 5, 5, 2, 2, 2]), ["s"], ["c"], ["N"], "error"
    )
    assert "少于该层已抽到的 2 个单位" in refused(ROWS.assign(N=[5] * 5 + [1] * 3), ["s"], ["c"], ["N"], "error")
    assert "“N”列第 8 行：读到“3”，与同层其他行不同" in refused(
        ROWS.assign(N=[5] * 5 + [2, 2, 3]), ["s"], ["c"], ["N"], "error"
    )
    moved = ROWS.assign(c=["c2", "c2", "c1", "c1", "c1", "c4", "c3", "c2"])
    assert "“c”列第 8 行：读到“c2”，出现在“s”的不同层中" in refused(moved, ["s"], ["c"], [], "adjust")


@pytest.mark.parametrize("cells", [4_000_000, 12, 11])
def test_degrees_of_freedom_are_units_less_strata_that_a_group_has(monkeypatch, cells):
    monkeypatch.setattr(module, "CELLS", cells)
    first = stages(ROWS, ["s"], ["c"], [], "error")[0]
    codes = np.array([0, 1, 1, 0, -1, 0, 0, -1])
    assert degrees_of_freedom(first, codes, 2).tolist() == [2, 1]  # 4 − 2, 2 − 1
    assert degrees_of_freedom(first, np.zeros(8, dtype=int), 1).tolist() == [2]
    assert degrees_of_freedom(first, np.array([-1] * 5 + [2, -1, 1]), 3).tolist() == [0, 0, 0]


# -- variances ---------------------------------------------------------------------------------------------------------

WHOLE = Groups(np.zeros(5, dtype=np.int64), pd.Index(["all"]))
Z = np.array([3.0, 5.0, 10.0, 2.0, 7.0])


def total(values: np.ndarray, split: Groups = WHOLE, **more: bool) -> Ratio:
    return Ratio(split, values, None, np.ones(len(values)), **more)


def test_a_total_has_the_variance_of_its_stratum_totals():
    """Strata of 3 and 2 units of 9 and ∞: 2/3·3/2·((3−6)²+(5−6)²+(10−6)²) + 2·((2−4.5)²+(7−4.5)²)."""
    one = Linearised((stage([3, 2], [9, INF]),), "error")
    assert one.variances(total(Z)).tolist() == pytest.approx([26 + 25])
    assert one.covariance(total(Z)).tolist() == [[pytest.approx(51)]]
    halves = Groups(np.array([0, 1, 0, 1, -1]), pd.Index(["a", "b"]))
    # a: 3 0 10 | 0 0; b: 0 5 0 | 2 0
    a, b = np.array([3, 0, 10]) - 13 / 3, np.array([0, 5, 0]) - 5 / 3
    first, second, both = float(a @ a), float(b @ b) + 2 * 2, float(a @ b)
    assert one.variances(total(Z, halves)) == pytest.approx([first, second])
    assert one.covariance(total(Z, halves)) == pytest.approx(np.array([[first, both], [both, second]]))
    # shares of the two: d(A/(A+B)) = (B dA − A dB)/(A+B)²
    share = one.share_covariance(total(Z, halves))
    spread = (49 * first + 169 * second - 2 * 91 * both) / 20**4
    assert share == pytest.approx(np.array([[spread, -spread], [-spread, spread]]))


def test_a_ratio_is_linearised():
    bottom = np.array([1.0, 2.0, 4.0, 2.0, 1.0])
    halves = Groups(np.array([0, 0, 0, 1, -1]), pd.Index(["a", "b"]))
    one = Ratio(halves, Z, bottom, np.ones(5))
    assert one.value == pytest.approx([18 / 7, 1.0]) and one.divisor.tolist() == [7, 2]
    assert one.influence == pytest.approx([(3 - 18 / 7) / 7, (5 - 36 / 7) / 7, (10 - 72 / 7) / 7, 0, 0])
    none = Ratio(halves, Z, np.array([1.0, -1.0, 0.0, 0.0, 1.0]), np.ones(5))
    assert none.divisor.tolist() == [1, 1] and none.value.tolist() == [18, 2]
    plain = total(Z, halves)
    assert plain.influence.tolist() == [3, 5, 10, 2, 0] and plain.divisor.tolist() == [1, 1]
    assert not plain.parts


def test_the_second_stage_adds_its_part():
    """First stage: units 8, 12 and 7 of 6; within, rows 3 5 | 10 2 | 7 drawn of 4, 2 and 1; fraction 1/2."""
    first = stage([3], [6], unit=np.array([0, 0, 1, 1, 2]))
    second = stage([2, 2, 1], [4, 2, 1], parent=np.arange(3), multiplier=np.full(3, 0.5))
    mean = 9
    between = 0.5 * 3 / 2 * ((8 - mean) ** 2 + (12 - mean) ** 2 + (7 - mean) ** 2)
    within = 0.5 * 0.5 * 2 * 2  # (1 − 2/4)·2/1·(1² + 1²) times 1/2; the others are drawn whole
    assert Linearised((first, second), "error").variances(total(Z)) == pytest.approx([between + within])
    assert Linearised((first, second), "error").covariance(total(Z))[0, 0] == pytest.approx(between + within)


def test_a_single_unit_is_taken_as_declared():
    """Units 3 5 10 | 2 | 7, the second stratum of ∞, the last drawn whole."""
    one = stage([3, 1, 1], [INF, INF, 1])
    own = 1.5 * 26
    assert Linearised((one,), "certainty").variances(total(Z)) == pytest.approx([own])
    assert Linearised((one,), "adjust").variances(total(Z)) == pytest.approx([own + 4])
    assert Linearised((one,), "average").variances(total(Z)) == pytest.approx([own * 3 / 2])
    halves = Groups(np.array([0, 0, 0, 1, -1]), pd.Index(["a", "b"]))
    assert Linearised((one,), "average").variances(total(Z, halves)) == pytest.approx([own, 0])
    crossed = Groups(np.array([0, 1, 0, 0, -1]), pd.Index(["a", "b"]))
    a, b = (3 - 13 / 3) ** 2 + (13 / 3) ** 2 + (10 - 13 / 3) ** 2, 2 * (5 / 3) ** 2 + (10 / 3) ** 2
    assert Linearised((one,), "average").variances(total(Z, crossed)) == pytest.approx([1.5 * a * 2, 1.5 * b])
    parts = total(Z, crossed, parts=True)  # the last stratum has no row in any part
    assert Linearised((one,), "average").variances(parts) == pytest.approx([1.5 * a * 2, 1.5 * b * 2])


def test_strata_stand_in_within_their_home():
    lonely = stage([1, 2, 1, 1], [INF, INF, INF, 1], parent=np.array([0, 0, 1, 2]))
    there = np.array([[True, True], [True, False], [True, True], [False, True]])
    assert _average(lonely, there, 0).tolist() == [[0, 0], [3, 3], [0, 0], [3, 3]]
    assert _average(lonely, there, 1).tolist() == [[0, 0], [2, 0], [0, 0], [0, 1]]


def test_cells_are_taken_in_parts():
    assert list(_chunks(5, 2_000_000)) == [slice(0, 2), slice(2, 4), slice(4, 5)]
    assert list(_chunks(3, 9_000_000)) == [slice(0, 1), slice(1, 2), slice(2, 3)]
    assert list(_chunks(3, 0)) == [slice(0, 3)] and list(_chunks(0, 4)) == []
    unit, codes = np.array([0, 0, 1, 1, 1]), np.array([0, 2, 1, 2, -1])
    assert cell_totals(unit, 2, codes, Z, slice(0, 3)).tolist() == [[3, 0, 5], [0, 10, 2]]
    assert cell_totals(unit, 2, codes, Z, slice(1, 2)).tolist() == [[0], [10]]
    assert cell_totals(unit, 3, codes, Z, slice(2, 3)).tolist() == [[5], [2], [0]]


def test_calibration_takes_its_regression_out():
    """Poststratified on rows 0–2 and 3–4: deviations from each cell's mean are left."""
    x = np.array([[1.0, 0], [1, 0], [1, 0], [0, 1], [0, 1]])
    weights = np.array([1.0, 1, 1, 2, 2])
    one = Calibration.solve(x, np.array([3.0, 4.0]), weights, "linear", (-INF, INF))
    found = Linearised((stage([5], [INF]),), "average", (one,)).variances(total(Z * weights))
    left = np.array([-3.0, -1, 4, -5, 5])
    assert found == pytest.approx([5 / 4 * float(left @ left)])
    twice = Calibration.solve(np.ones((5, 1)), np.array([7.0]), weights, "linear", (-INF, INF))
    again = Linearised((stage([5], [INF]),), "error", (twice, one)).variances(total(Z * weights))
    assert again == pytest.approx(found)
    y = np.array([2.0, 3.0, 9.0, 1.0, 4.0])
    z = y * weights
    only = Linearised((stage([5], [INF]),), "error", (twice,)).variances(total(z))
    left = weights * (y - z.sum() / 7)
    assert only == pytest.approx([5 / 4 * float(left @ left)])


# -- replicates --------------------------------------------------------------------------------------------------------


def test_the_jackknife_leaves_out_each_unit_once():
    factors, scales = jackknife(stage([3, 2], [9, INF]), "error")
    expected = [[0, 1.5, 1.5, 1, 1], [1.5, 0, 1.5, 1, 1], [1.5, 1.5, 0, 1, 1], [1, 1, 1, 0, 2], [1, 1, 1, 2, 0]]
    assert factors.T.tolist() == expected
    assert scales == pytest.approx([4 / 9, 4 / 9, 4 / 9, 1 / 2, 1 / 2])
    drawn = jackknife(stage([3, 2], [3, INF]), "error")
    assert drawn[0].T.tolist() == expected[3:] and drawn[1].tolist() == [0.5, 0.5]


def test_the_jackknife_of_single_units():
    one = stage([2, 1, 1], [INF, INF, INF])
    pair = [[0, 2, 1, 1], [2, 0, 1, 1]]
    factors, scales = jackknife(one, "certainty")
    assert (factors.T.tolist(), scales.tolist()) == (pair, [0.5, 0.5])
    factors, scales = jackknife(one, "average")
    assert (factors.T.tolist(), scales.tolist()) == (pair, [1.0, 1.0])  # (2 + 2)/2
    factors, scales = jackknife(one, "adjust")
    assert factors.T.tolist() == [*pair, [1.5, 1.5, 0, 1.5], [1.5, 1.5, 1.5, 0]]
    assert scales == pytest.approx([0.5, 0.5, 2 / 3, 2 / 3])
    assert jackknife(stage([1, 1], [INF, INF]), "adjust")[0].T.tolist() == [[0, 2], [2, 0]]
    with pytest.raises(UserError, match="有的层只有一个抽样单位"):
        jackknife(one, "error")
    with pytest.raises(UserError, match="各层都只有一个抽样单位"):
        jackknife(stage([1, 1], [INF, INF]), "certainty")
    for whole in (stage([2, 2], [2, 2]), stage([1], [INF])):
        with pytest.raises(UserError, match="没有可供重复抽样的单位"):
            jackknife(whole, "adjust")


def test_the_bootstrap_redraws_one_unit_less():
    one = stage([4, 1, 2, 3], [8, INF, 2, INF])
    factors, scales = bootstrap(one, "certainty", 5, 7)
    draw = np.random.default_rng(7)
    first = draw.multinomial(3, [0.25] * 4, size=5).T
    last = draw.multinomial(2, [1 / 3] * 3, size=5).T
    root = 0.5**0.5
    assert factors[:4] == pytest.approx(1 - root + root * first * 4 / 3, rel=1e-14)
    assert (factors[4:7] == 1).all() and factors[7:] == pytest.approx(last * 1.5, rel=1e-14)
    assert scales.tolist() == [0.25] * 5
    assert bootstrap(one, "average", 5, 7)[1] == pytest.approx([0.25 * 4 / 3] * 5)
    assert bootstrap(stage([1, 1], [INF, INF]), "average", 3, 1)[1].tolist() == [1.0] * 3
    with pytest.raises(UserError, match="有的层只有一个抽样单位"):
        bootstrap(one, "error", 5, 7)


def test_variances_are_those_of_the_replicates_estimates():
    factors, scales = np.array([[0.0, 2.0, 1.0], [2.0, 0.0, 0.0], [1.0, 1.0, 0.0]]), np.array([0.5, 0.25, 2.0])
    unit, base = np.array([0, 0, 1, 1, 2]), np.array([1.0, 2.0, 1.0, 1.0, 3.0])
    one = Replicated(unit, factors, scales, base)
    assert np.array(list(one.weights())).tolist() == [[0, 0, 2, 2, 3], [2, 4, 0, 0, 3], [1, 2, 0, 0, 0]]
    halves = Groups(np.array([0, 1, 0, 1, -1]), pd.Index(["a", "b"]))
    top = Ratio(halves, base * Z, None, base)
    sums = np.array([[20.0, 6, 3], [4, 20, 10]])
    assert one.estimates(top).tolist() == sums.tolist()
    left = (sums - sums.mean(axis=1, keepdims=True)) * np.sqrt(scales)
    assert one.variances(top) == pytest.approx((left**2).sum(axis=1))
    assert one.covariance(top) == pytest.approx(left @ left.T)
    share = sums / sums.sum(axis=0)
    left = (share - share.mean(axis=1, keepdims=True)) * np.sqrt(scales)
    assert one.share_covariance(top) == pytest.approx(left @ left.T)
    own = Groups(np.array([-1, -1, 0, 0, 1]), pd.Index(["a", "b"]))
    mean = Ratio(own, base * Z, base, base)
    found = one.estimates(mean)
    assert (
        found[0, 0] == 6 and np.isnan(found[0, 1:]).all() and found[1].tolist()[:2] == [7, 7] and np.isnan(found[1, 2])
    )
    assert one.variances(mean).tolist() == [0, 0]  # a replicate without rows of a group says nothing of it
    wide = Ratio(WHOLE, base * Z, base, base)
    means = np.array([(24 + 21) / 7, (26 + 21) / 9, 13 / 3])
    assert one.estimates(wide)[0] == pytest.approx(means)
    assert one.variances(wide)[0] == pytest.approx((scales * (means - means.mean()) ** 2).sum())


def test_replicates_without_any_weight_say_nothing_of_shares():
    one = Replicated(np.arange(2), np.array([[1.0, 0, 3], [1, 0, 0.5]]), np.ones(3), np.array([1.0, 1.0]))
    pair = Ratio(Groups(np.array([0, 1]), pd.Index(["a", "b"])), np.array([0.4, 0.6]), None, np.ones(2))
    shares = np.array([[0.4, 1.2 / 1.5], [0.6, 0.3 / 1.5]])  # the middle one has no weight
    left = shares - shares.mean(axis=1, keepdims=True)
    assert one.share_covariance(pair) == pytest.approx(left @ left.T)
    none = Replicated(np.arange(2), np.zeros((2, 3)), np.ones(3), np.ones(2))
    assert none.share_covariance(pair).tolist() == [[0, 0], [0, 0]]
    unit = Replicated(np.arange(2), np.eye(2) * 2, np.ones(2), np.ones(2))
    half = Ratio(
        Groups(np.zeros(2, dtype=int), pd.Index(["a"])), np.array([0.2, 0.1]), np.array([0.5, 0.25]), np.ones(2)
    )
    assert unit.estimates(half).tolist() == [[0.4, 0.4]]
    light = np.array([0.5, 0.25, 0.0])
    plain = Calibration.solve(np.ones((3, 1)), np.array([3.0]), light, "linear", (-INF, INF))
    few = Replicated(np.arange(3), np.eye(3) * 3, np.ones(3), light, (plain,))
    sums = Ratio(Groups(np.zeros(3, dtype=int), pd.Index(["a"])), np.array([2.0, 3.0, 0.0]) * light, None, light)
    with pytest.raises(UserError):
        few.estimates(sums)  # the last replicate has no weight to calibrate
    few = Replicated(np.arange(3), np.eye(3)[:, :2] * 3, np.ones(2), light, (plain,))
    assert few.estimates(sums)[0] == pytest.approx([6.0, 9.0])


def test_a_calibration_is_repeated_in_every_replicate():
    factors, scales = jackknife(stage([3, 2], [INF, INF]), "error")
    base = np.array([1.0, 2, 1, 1, 0.0])
    x = np.ones((5, 1))
    once = Calibration.solve(x, np.array([10.0]), base, "linear", (-INF, INF))
    one = Replicated(np.arange(5), factors, scales, base).calibrated(once)
    assert [float(each.sum()) for each in one.weights()] == pytest.approx([10.0] * 5)
    full = base * once.g
    ratio = total(Z * full)
    ratio = Ratio(WHOLE, Z * full, None, full)
    expected = [10 * float((base * column) @ Z) / float((base * column).sum()) for column in factors.T]
    assert one.estimates(ratio)[0] == pytest.approx(expected)


def test_degrees_of_freedom_are_the_rank_of_the_replicates_less_one():
    factors, scales = jackknife(stage([3, 2], [INF, INF]), "error")
    one = Replicated(np.array([0, 0, 1, 2, 3, 4]), factors, scales, np.ones(6))
    codes = np.array([0, 1, 0, 2, 2, 2])
    assert one.degrees_of_freedom(codes, 4).tolist() == [1, 0, 2, 0]
    assert one.degrees_of_freedom(np.zeros(6, dtype=int), 1).tolist() == [3]  # units less strata
    assert one.degrees_of_freedom(np.full(6, -1), 1).tolist() == [0]
