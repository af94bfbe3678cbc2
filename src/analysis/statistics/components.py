"""Components of variance of a linear mixed model with crossed or nested random factors, by REML.

y = X β + Σ_k Z_k b_k + e with b_k ~ N(0, σ_k² I), e ~ N(0, σ² I). The criterion is the profiled REML deviance of Bates,
Mächler, Bolker & Walker (2015, "Fitting linear mixed-effects models using lme4", eqs. 18, 34–42), of the relative standard
deviations θ_k = σ_k / σ. It needs only cross products, so that each step costs a Cholesky factor of as many rows as there
are levels, however many observations there are.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
from scipy import linalg, optimize, special

from analysis.house.arrays import Floats, Ints, summed


@dataclass(frozen=True)
class Products:
    """Cross products of a model: all that its likelihood needs.

    Parameters
    ----------
    names
        Names of the random factors.
    factor
        (levels,) number of the factor of each level.
    zz, zx, zy, xx, xy, yy
        Cross products of random levels, fixed columns and response.
    n
        Observations.
    """

    names: tuple[str, ...]
    factor: Ints
    zz: Floats
    zx: Floats
    zy: Floats
    xx: Floats
    xy: Floats
    yy: float
    n: int

    def deviance(self, theta: Floats) -> float:
        """Return the REML deviance at relative standard deviations."""
        return self._solved(theta)[0]

    def residual_variance(self, theta: Floats) -> float:
        """Return σ² at relative standard deviations."""
        return self._solved(theta)[1]

    def _solved(self, theta: Floats) -> tuple[float, float]:
        scale = np.asarray(theta)[self.factor]
        inner = self.zz * np.outer(scale, scale)
        inner[np.diag_indices_from(inner)] += 1.0
        lower = linalg.cholesky(inner, lower=True, check_finite=False)
        both = np.column_stack([self.zx, self.zy]) * scale[:, None]
        half = linalg.solve_triangular(lower, both, lower=True, check_finite=False)
        of_x, of_y = half[:, :-1], half[:, -1]
        fixed = linalg.cholesky(self.xx - of_x.T @ of_x, lower=True, check_finite=False)
        beta = linalg.solve_triangular(fixed, self.xy - of_x.T @ of_y, lower=True, check_finite=False)
        penalised = max(self.yy - float(of_y @ of_y) - float(beta @ beta), 1e-300)
        df = self.n - len(self.xx)
        logs = 2 * (np.log(np.diag(lower)).sum() + np.log(np.diag(fixed)).sum())
        return float(logs + df * (1 + np.log(2 * np.pi * penalised / df))), penalised / df


@dataclass(frozen=True)
class Components:
    """The fitted components.

    Parameters
    ----------
    variances
        Variance of each random factor, and ``rest`` (σ²), in squared units of the response.
    deviance
        REML criterion at the optimum (lme4's ``REMLcrit``).
    products
        What it was fitted to.
    theta
        Relative standard deviations at the optimum.
    """

    variances: dict[str, float]
    deviance: float
    products: Products
    theta: Floats

    def share(self, name: str) -> float:
        """Return a component's share of the sum of all."""
        return self.variances[name] / sum(self.variances.values())

    def share_limits(self, name: str, level: float = 0.95) -> tuple[float, float]:
        """Return profile limits of a component's share: where the deviance rises by the χ² quantile of the level.

        The other components are fitted anew at every share. A limit may be 0.
        """
        place = self.products.names.index(name)
        value = min(self.share(name), 1 - 1e-9)
        rise = self.deviance + float(special.chdtri(1, 1 - level))
        near = np.delete(self.theta, place)

        def excess(share: float) -> float:
            nonlocal near  # the next share asked for is near this one
            near, deviance = _profiled(self.products, place, share, near)
            return deviance - rise

        lower = 0.0 if excess(0.0) <= 0 else _root(excess, 0.0, value)
        top = 1 - 1e-6
        upper = 1.0 if excess(top) <= 0 else _root(excess, value, top)
        return lower, upper


def products(response: Floats, fixed: Floats, random: Mapping[str, Ints]) -> Products:
    """Return the cross products of a model.

    Parameters
    ----------
    response
        (n,) values.
    fixed
        (n, p) columns of full rank.
    random
        Name → (n,) numbers of the levels, from 0.
    """
    n, levels = len(response), [int(codes.max()) + 1 for codes in random.values()]
    offsets = np.cumsum([0, *levels])
    size = int(offsets[-1])
    columns = [codes + offset for codes, offset in zip(random.values(), offsets, strict=False)]
    zz = np.zeros((size, size))
    for one in columns:
        for other in columns:
            zz += np.bincount(one * size + other, minlength=size * size).reshape(size, size)
    centred = response - response.mean()  # in the span of the fixed columns: the deviance stays, digits are saved

    def sums(values: Floats) -> Floats:
        found: Floats = np.sum([summed(one, values, size) for one in columns], axis=0)
        return found

    zx = np.column_stack([sums(fixed[:, each]) for each in range(fixed.shape[1])])
    factor = np.repeat(np.arange(len(levels)), levels)
    xx, xy = fixed.T @ fixed, fixed.T @ centred
    return Products(tuple(random), factor, zz, zx, sums(centred), xx, xy, float(centred @ centred), n)


def fit(model: Products) -> Components:
    """Return the REML estimates."""
    start = np.full(len(model.names), 0.3)
    theta, deviance = _least(model.deviance, start)
    theta = np.where(theta < 1e-4, 0.0, theta)
    rest = model.residual_variance(theta)
    variances = {name: float(each**2 * rest) for name, each in zip(model.names, theta, strict=True)}
    return Components({**variances, "rest": rest}, deviance, model, theta)


def _least(function: Callable[[Floats], float], start: Floats, precision: float = 1e-14) -> tuple[Floats, float]:
    """Minimise an even function of each argument: free search, then once more off whatever came out as all but 0.

    The deviance depends on θ² only, so that 0 is stationary in every direction: a search with the bound θ ≥ 0 can stay there.
    """
    if not len(start):
        return start, function(start)  # a share of one component alone leaves nothing to search
    options = {"ftol": precision, "gtol": 1e-6}
    first = optimize.minimize(function, start, method="L-BFGS-B", options=options)
    again = np.where(np.abs(first.x) < 0.02, 0.05, first.x)
    second = (
        first if (again == first.x).all() else optimize.minimize(function, again, method="L-BFGS-B", options=options)
    )
    found = min(first, second, key=lambda each: each.fun)
    return np.abs(found.x), float(found.fun)


def _profiled(model: Products, place: int, share: float, start: Floats) -> tuple[Floats, float]:
    """Return where the deviance is least, and how small, with one component's share of the whole held fixed."""

    def whole(others: Floats) -> float:
        own = np.sqrt(share / (1 - share) * (float(others @ others) + 1))
        return model.deviance(np.insert(others, place, own))

    return _least(whole, start, 1e-10)


def _root(excess: Callable[[float], float], low: float, high: float) -> float:
    return float(optimize.brentq(excess, low, high, xtol=2e-4))
