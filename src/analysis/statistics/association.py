"""Tests of association in a two-way table of survey answers."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy import linalg, special

from analysis.house.arrays import Floats


@dataclass(frozen=True)
class AssociationTest:
    """Rao and Scott's test of independence of rows and columns.

    Parameters
    ----------
    statistic, ndf, ddf, p
        F statistic of second order, its degrees of freedom and p value; None where no test is possible.
    pearson, p_first_order
        Pearson's X² of the weighted table at the size of the sample, and the p value of the first-order correction.
    shares
        The weighted table, as shares of all.
    n
        Answers with both variables.
    status
        ``ok``; ``too few`` (fewer than two rows or columns, or no degrees of freedom); ``no data``.
    """

    statistic: float | None
    ndf: float | None
    ddf: float | None
    p: float | None
    pearson: float | None
    p_first_order: float | None
    shares: pd.DataFrame
    n: int
    status: str = "ok"


def _contrasts(size: int) -> Floats:
    """(size, size − 1) orthonormal contrasts."""
    found: Floats = linalg.helmert(size).T
    return found


def independence(shares: pd.DataFrame, covariance: Floats, n: int, df: float) -> AssociationTest:
    """Test independence in a table of estimated shares.

    Pearson's X² = n Σ(p_ij − p_i p_j)²/(p_i p_j) is divided by the trace of the design-effects matrix Δ of the
    interaction contrasts and referred to F with tr(Δ)²/tr(Δ²) degrees of freedom and that times the design's
    (Rao & Scott 1984, sections 3 and 4; Thomas & Rao 1987).

    Parameters
    ----------
    shares
        (rows, columns) shares that add up to 1.
    covariance
        Their covariance, row by row (rows × columns squared).
    n
        Number of answers.
    df
        Degrees of freedom of the design.
    """
    p = shares.to_numpy(dtype=float)
    if not n:
        return AssociationTest(None, None, None, None, None, None, shares, n, "no data")
    if min(p.shape) < 2 or df < 1:
        return AssociationTest(None, None, None, None, None, None, shares, n, "too few")
    expected = np.outer(p.sum(axis=1), p.sum(axis=0))
    pearson = float(n * ((p - expected) ** 2 / expected).sum())
    contrast = np.kron(_contrasts(p.shape[0]), _contrasts(p.shape[1]))
    flat = p.ravel()
    inverse = np.where(flat > 0, 1 / np.where(flat > 0, flat, 1.0), 0.0)
    weighted = contrast * inverse[:, None]
    delta = linalg.lstsq(contrast.T @ weighted / n, weighted.T @ covariance @ weighted)[0]
    trace, square = float(np.trace(delta)), float(np.trace(delta @ delta))
    if trace <= 1e-14 or square <= 0:
        return AssociationTest(None, None, None, None, pearson, None, shares, n, "too few")
    ndf = trace**2 / square
    statistic = pearson / trace
    first = pearson / (trace / len(delta))
    return AssociationTest(
        statistic,
        ndf,
        ndf * df,
        float(special.fdtrc(ndf, ndf * df, statistic)),
        pearson,
        float(special.chdtrc(len(delta), first)),
        shares,
        n,
    )
