"""A survey with its design: the frame of answers, how they were sampled, and what can be estimated from them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

from analysis.house import UserError
from analysis.statistics.columns import Groups, Values, aligned, groups, mask, numbers, refuse, shares
from analysis.statistics.intervals import METHODS
from analysis.statistics.points import Setting, Spread, ratio_results, share_results
from analysis.statistics.quantiles import quantile_results
from analysis.statistics.results import Results
from analysis.statistics.stages import SINGLE, Stage, degrees_of_freedom, sampling_weights, stages
from analysis.statistics.variance import Linearised, Ratio

Names = str | Sequence[str] | None


def _names(given: Names) -> tuple[str, ...]:
    return () if given is None else (given,) if isinstance(given, str) else tuple(given)


class SurveyDesign:
    """Answers with the way they were sampled.

    Parameters
    ----------
    frame
        One row an answer (or respondent).
    strata
        Name of the column of strata; a sequence gives one for each stage.
    clusters
        Names of the columns of sampling units, one a stage, first stage first; none: every row is a unit. Units of a
        later stage are counted within those before; a first-stage unit lies in one stratum.
    weights
        Name of a column (or an array): how many of the population an answer stands for. Without weights they are the
        inverse sampling fractions of `fpc`; without either, 1.
    fpc
        Names of the columns that hold, for each stage, how many units there were in the row's stratum. Without it
        the first stage counts as drawn with replacement.
    single_psu
        What to do with a stratum of a single unit, not all being drawn: ``error`` refuse; ``adjust`` take its
        deviation from the grand mean; ``average`` let the other strata stand in; ``certainty`` count it as without
        variance.

    Notes
    -----
    A missing answer lies outside the domain of the question. Variances are linearised, multi-stage (see
    `analysis.statistics.variance`); results agree with R's ``survey`` 4.1.1 (Lumley 2004).

    Examples
    --------
    >>> import pandas as pd
    >>> answers = pd.DataFrame({"class": list("aabbccdd"), "satisfied": [1, 1, 1, 0, 1, 1, 0, 1]})
    >>> design = SurveyDesign(answers, clusters="class")
    >>> round(design.proportion("satisfied").value, 2)
    0.75

    Raises
    ------
    UserError
        For missing columns, gaps, negative weights, a population smaller than its sample, a cluster in two strata, or
        a stratum of one unit: naming column, row and remedy.
    """

    def __init__(
        self,
        frame: pd.DataFrame,
        *,
        strata: Names = None,
        clusters: Names = (),
        weights: Values | None = None,
        fpc: Names = (),
        single_psu: str = "error",
    ) -> None:
        if single_psu not in SINGLE:
            raise UserError(f"single_psu 不能是“{single_psu}”；可用：{'、'.join(SINGLE)}。")
        self.frame = frame
        self.single_psu = single_psu
        self.stages: tuple[Stage, ...] = stages(frame, _names(strata), _names(clusters), _names(fpc), single_psu)
        if weights is None:
            self.weights = sampling_weights(self.stages, len(frame))
        else:
            series, name = aligned(frame, weights, "weights")
            self.weights = numbers(frame, weights, "weights")[0]
            refuse(np.isnan(self.weights), name, series, "权重不能缺", "请补填权重，或先去掉这些行")
            refuse(self.weights < 0, name, series, "权重不能为负", "请改正权重")
        self.spread: Spread = Linearised(self.stages, single_psu)
        self.calibrated = False

    def __len__(self) -> int:
        return len(self.frame)

    # -- what the estimators are given -------------------------------------------------------------------------------

    def domain(self, where: Values | None = None) -> np.ndarray:
        """Return the rows of a domain that have a weight."""
        return mask(self.frame, where) & (self.weights > 0)

    def _design_df(self) -> float:
        everyone = np.where(self.weights > 0, 0, -1)
        return float(degrees_of_freedom(self.stages[0], everyone, 1)[0])

    def degrees_of_freedom(self, where: Values | None = None) -> int:
        """Return first-stage units less strata, of the whole design or of those with rows in a domain."""
        codes = np.where(self.domain(where), 0, -1)
        return int(degrees_of_freedom(self.stages[0], codes, 1)[0])

    def _setting(self, split: Groups, level: float, *, of_domain: bool, replace: bool) -> Setting:
        if not 0 < level < 1:
            raise UserError(f"置信水平 level={level} 应在 0 与 1 之间，例如 0.95。")
        size = len(split)
        own = degrees_of_freedom(self.stages[0], split.codes, size)
        df = own if of_domain else np.full(size, self._design_df())
        first = self.stages[0]
        usable = ~first.lonely if self.single_psu != "adjust" else np.ones(len(first.size), dtype=bool)
        row_usable = usable[first.row_stratum()] if len(self) else np.zeros(0, dtype=bool)
        estimable = split.sums(row_usable.astype(float)) > 0
        return Setting(self.weights, split, self.spread, df, own, estimable, level, replace)

    def _answer(self, results: Results, split: Groups, ratio: Ratio, by: Any) -> Any:
        if by is None:
            return results.one()
        return results.table(split.labels, lambda: self.spread.covariance(ratio))

    # -- means, totals, ratios ---------------------------------------------------------------------------------------

    def mean(
        self, y: Values, *, where: Values | None = None, by: Any = None, level: float = 0.95, replace: bool = False
    ) -> Any:
        """Estimate the mean of `y` (Särndal, Swensson & Wretman 1992, eq. 5.7.3, variance by linearisation).

        Parameters
        ----------
        y
            A column or an aligned array of numbers or booleans; missing means outside the domain.
        where
            A domain: a boolean column or array. The full design stays behind the variance.
        by
            A column, several columns, or an array: one estimate a group, all in one pass.
        level
            Confidence level of the t limits, with the design's degrees of freedom.
        replace
            Design effect against sampling with (instead of without) replacement.

        Returns
        -------
        Estimate or pandas.DataFrame
            Without `by` an Estimate; with it a table ``value se lower upper df n deff status method`` indexed by group
            with ``attrs["covariance"]``.
        """
        values, _ = numbers(self.frame, y)
        split = groups(self.frame, by).within(self.domain(where) & ~np.isnan(values))
        values = np.nan_to_num(values)
        ratio = Ratio(split, self.weights * values, self.weights)
        setting = self._setting(split, level, of_domain=False, replace=replace)
        return self._answer(ratio_results(setting, ratio, values, total=False), split, ratio, by)

    def total(
        self, y: Values, *, where: Values | None = None, by: Any = None, level: float = 0.95, replace: bool = False
    ) -> Any:
        """Estimate the population total of `y` (Horvitz & Thompson 1952); arguments as of `mean`."""
        values, _ = numbers(self.frame, y)
        split = groups(self.frame, by).within(self.domain(where) & ~np.isnan(values))
        values = np.nan_to_num(values)
        ratio = Ratio(split, self.weights * values, None)
        setting = self._setting(split, level, of_domain=False, replace=replace)
        return self._answer(ratio_results(setting, ratio, values, total=True), split, ratio, by)

    def ratio(
        self,
        numerator: Values,
        denominator: Values,
        *,
        where: Values | None = None,
        by: Any = None,
        level: float = 0.95,
        replace: bool = False,
    ) -> Any:
        """Estimate the ratio of two totals (Särndal, Swensson & Wretman 1992, eq. 5.6.10); arguments as of `mean`."""
        top, _ = numbers(self.frame, numerator, "numerator")
        bottom, _ = numbers(self.frame, denominator, "denominator")
        split = groups(self.frame, by).within(self.domain(where) & ~np.isnan(top) & ~np.isnan(bottom))
        top, bottom = np.nan_to_num(top), np.nan_to_num(bottom)
        ratio = Ratio(split, self.weights * top, self.weights * bottom)
        setting = self._setting(split, level, of_domain=False, replace=replace)
        safe = np.where(self.weights > 0, self.weights, 1.0)
        return self._answer(ratio_results(setting, ratio, ratio.influence() / safe, total=True), split, ratio, by)

    def proportion(
        self,
        y: Values,
        *,
        method: str = "beta",
        where: Values | None = None,
        by: Any = None,
        level: float = 0.95,
        replace: bool = False,
    ) -> Any:
        """Estimate a share with an interval made for shares near 0 and 1.

        Parameters
        ----------
        y
            A column or an aligned array of booleans or 0/1; missing means outside the domain.
        method
            ``beta`` (Korn & Graubard 1998), ``xlogit``, ``asin`` or ``mean``, with the domain's degrees of freedom.
        where, by, level, replace
            As of `mean`.

        Returns
        -------
        Estimate or pandas.DataFrame
            As `mean`. At 0 % and 100 % every method gives the ``beta`` limits of the effective size that the weights
            alone imply; a domain of one first-stage unit has a value without limits (``too few``).
        """
        if method not in METHODS:
            raise UserError(f"占比区间方法“{method}”不可用；可用：{'、'.join(METHODS)}。")
        values, _ = shares(self.frame, y)
        split = groups(self.frame, by).within(self.domain(where) & ~np.isnan(values))
        values = np.nan_to_num(values)
        ratio = Ratio(split, self.weights * values, self.weights)
        setting = self._setting(split, level, of_domain=True, replace=replace)
        return self._answer(share_results(setting, ratio, values, method), split, ratio, by)

    def quantile(
        self,
        y: Values,
        q: float,
        *,
        rule: str = "math",
        interval: str = "mean",
        where: Values | None = None,
        by: Any = None,
        level: float = 0.95,
    ) -> Any:
        """Estimate a quantile with Woodruff's (1952) limits and the domain's degrees of freedom.

        Parameters
        ----------
        y
            A column or an aligned array of numbers; missing means outside the domain.
        q
            Which quantile, between 0 and 1.
        rule
            ``math`` (inverse of the distribution function) or ``hf7`` (interpolated; Hyndman & Fan 1996).
        interval
            Method of the interval on the scale of shares: ``mean``, ``beta``, ``xlogit`` or ``asin``.
        where, by, level
            As of `mean`; tables of quantiles have no covariance.
        """
        if interval not in METHODS:
            raise UserError(f"分位数区间方法“{interval}”不可用；可用：{'、'.join(METHODS)}。")
        values, _ = numbers(self.frame, y)
        split = groups(self.frame, by).within(self.domain(where) & ~np.isnan(values))
        setting = self._setting(split, level, of_domain=True, replace=False)
        results = quantile_results(setting, np.nan_to_num(values), q, rule, interval)
        return results.one() if by is None else results.table(split.labels)
