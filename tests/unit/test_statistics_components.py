"""Components of variance: the REML criterion by its definition on full matrices, estimates by analysis of variance."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import optimize, stats

from analysis.statistics.components import Components, Products, _least, _profiled, _root, fit, products

DRAW = np.random.default_rng(4)
SCHOOL = np.repeat(np.arange(4), 6)
DAY = np.tile(np.arange(3), 8)
FIXED = np.column_stack([np.ones(24), np.tile([0.0, 1.0], 12), np.arange(24) / 24])
Y = 50 + DRAW.normal(0, 4, 4)[SCHOOL] + DRAW.normal(0, 2, 3)[DAY] + DRAW.normal(0, 3, 24)
RANDOM = {"school": SCHOOL, "day": DAY}


def restricted(theta: tuple[float, float]) -> tuple[float, float]:
    """The REML deviance with σ² profiled out, and that σ²: −2 log of the likelihood of residual contrasts.

    With V = I + Σ θ² Z Z': log|V| + log|X'V⁻¹X| + (n − p)(1 + log(2π r'V⁻¹r/(n − p))).
    """
    v = np.eye(24) + sum(t**2 * (c[:, None] == c[None, :]) for t, c in zip(theta, (SCHOOL, DAY), strict=True))
    inverse = np.linalg.inv(v)
    inner = FIXED.T @ inverse @ FIXED
    left = Y - FIXED @ np.linalg.solve(inner, FIXED.T @ inverse @ Y)
    variance = float(left @ inverse @ left) / 21
    logs = np.linalg.slogdet(v)[1] + np.linalg.slogdet(inner)[1]
    return float(logs + 21 * (1 + np.log(2 * np.pi * variance))), variance


def test_cross_products_are_those_of_the_full_matrices():
    one = products(Y, FIXED, RANDOM)
    z = np.column_stack([SCHOOL[:, None] == np.arange(4), DAY[:, None] == np.arange(3)]).astype(float)
    centred = Y - Y.mean()
    assert one.names == ("school", "day") and one.factor.tolist() == [0] * 4 + [1] * 3 and one.n == 24
    for found, expected in (
        (one.zz, z.T @ z),
        (one.zx, z.T @ FIXED),
        (one.zy, z.T @ centred),
        (one.xx, FIXED.T @ FIXED),
        (one.xy, FIXED.T @ centred),
        (one.yy, centred @ centred),
    ):
        assert found == pytest.approx(expected, rel=1e-10, abs=1e-9)


@pytest.mark.parametrize("theta", [(0.0, 0.0), (0.7, 0.0), (0.3, 1.4), (2.5, 0.1)])
def test_the_criterion_is_that_of_its_definition(theta):
    one = products(Y, FIXED, RANDOM)
    deviance, variance = restricted(theta)
    assert one.deviance(np.array(theta)) == pytest.approx(deviance, rel=1e-11)
    assert one.residual_variance(np.array(theta)) == pytest.approx(variance, rel=1e-10)


def test_estimates_are_where_the_criterion_is_least():
    best = optimize.minimize(restricted_only, [0.5, 0.5], method="Nelder-Mead", options={"xatol": 1e-8, "fatol": 1e-11})
    one = fit(products(Y, FIXED, RANDOM))
    rest = restricted(tuple(best.x))[1]
    assert one.deviance == pytest.approx(best.fun, abs=1e-8)
    assert one.theta == pytest.approx(np.abs(best.x), abs=1e-4)
    expected = {"school": best.x[0] ** 2 * rest, "day": best.x[1] ** 2 * rest, "rest": rest}
    assert one.variances == pytest.approx(expected, rel=1e-3)
    for name in expected:
        assert one.share(name) == pytest.approx(one.variances[name] / sum(one.variances.values()), rel=1e-12)


def restricted_only(theta: np.ndarray) -> float:
    return restricted(tuple(theta))[0]


BALANCED = np.repeat(np.arange(5), 4)
VALUES = np.array([3.0, 5, 4, 6, 9, 8, 11, 10, 2, 1, 4, 3, 7, 7, 9, 8, 5, 6, 6, 9])


def test_balanced_classes_have_the_components_of_an_analysis_of_variance():
    """σ² = MSW, σ_b² = (MSB − MSW)/4."""
    groups = VALUES.reshape(5, 4)
    within = float(((groups - groups.mean(axis=1, keepdims=True)) ** 2).sum()) / 15
    between = 4 * float(groups.mean(axis=1).var(ddof=1))
    one = fit(products(VALUES, np.ones((20, 1)), {"class": BALANCED}))
    assert one.variances == pytest.approx({"class": (between - within) / 4, "rest": within}, rel=1e-5)


def test_limits_of_a_share_are_where_the_deviance_has_risen_by_chi_squared():
    one = fit(products(VALUES, np.ones((20, 1)), {"class": BALANCED}))

    def deviance(share: float) -> float:
        return one.products.deviance(np.array([(share / (1 - share)) ** 0.5]))

    for level in (0.95, 0.8):
        lower, upper = one.share_limits("class", level)
        assert 0 < lower < one.share("class") < upper < 1
        rise = stats.chi2.ppf(level, 1)
        ends = [
            optimize.brentq(lambda s, rise=rise: deviance(s) - one.deviance - rise, *span)
            for span in ((1e-9, one.share("class")), (one.share("class"), 1 - 1e-9))
        ]
        assert (lower, upper) == pytest.approx(ends, abs=4e-4)
    assert one.share_limits("class") == one.share_limits("class", 0.95)


def test_a_component_may_be_nothing_or_all():
    flat = fit(products(np.tile([1.0, 2, 3, 4], 5), np.ones((20, 1)), {"class": BALANCED}))
    assert flat.variances["class"] == 0.0 and flat.theta.tolist() == [0.0]
    assert flat.variances["rest"] == pytest.approx(25 / 19)
    lower, upper = flat.share_limits("class")
    assert lower == 0.0 and 0 < upper < 0.5
    assert Components({"class": 0.9, "rest": 0.1}, 1e6, flat.products, np.array([3.0])).share_limits("class") == (0, 1)


def test_the_least_of_an_even_function_is_found_off_nought():
    found, value = _least(lambda t: float((t[0] ** 2 - 4) ** 2 + t[1] ** 2), np.array([0.0, 1.0]))
    assert found == pytest.approx([2, 0], abs=1e-4) and value == pytest.approx(0, abs=1e-8)
    found, value = _least(lambda t: float((t[0] ** 2 - 0.09) ** 2 + 7), np.array([-1.0]))
    assert found == pytest.approx([0.3], abs=1e-5) and value == pytest.approx(7)


def test_a_share_held_fixed_is_the_share():
    model = products(Y, FIXED, RANDOM)
    others, deviance = _profiled(model, 1, 0.25, np.array([0.5]))
    own = (0.25 / 0.75 * (float(others @ others) + 1)) ** 0.5
    assert deviance == pytest.approx(restricted((float(others[0]), own))[0], rel=1e-9)
    assert own**2 / (own**2 + others[0] ** 2 + 1) == pytest.approx(0.25)


def test_nothing_that_varies_is_no_fault():
    none = Products(
        ("a",), np.zeros(1, int), np.eye(1) * 3, np.ones((1, 1)) * 3, np.zeros(1), np.eye(1) * 3, np.zeros(1), 0.0, 3
    )
    assert none.residual_variance(np.array([0.0])) == pytest.approx(5e-301, rel=1e-9)
    assert none.deviance(np.array([0.0])) == pytest.approx(np.log(3) + 2 * (1 + np.log(np.pi * 1e-300)), rel=1e-9)


def test_a_root_is_found_to_a_part_of_a_thousandth():
    assert _root(lambda x: x - 0.3127, 0.0, 1.0) == pytest.approx(0.3127, abs=2e-4)
