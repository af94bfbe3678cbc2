"""What can be estimated from a survey: the methods of `SurveyDesign` that give numbers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

from analysis.house import UserError
from analysis.house.arrays import Bools, Floats
from analysis.statistics.association import AssociationTest, independence
from analysis.statistics.columns import Groups, Values, aligned, groups, numbers, shares
from analysis.statistics.intervals import METHODS
from analysis.statistics.intraclass import Intraclass, intraclass, pooled
from analysis.statistics.points import Setting, Spread, ratio_results, share_results
from analysis.statistics.quantiles import quantile_results
from analysis.statistics.reliability import alpha_results, variance_results
from analysis.statistics.results import Results
from analysis.statistics.stages import Stage
from analysis.statistics.variance import Ratio


class Estimators:
    """Estimates with their uncertainty; every method takes `where` (a domain) and most take `by` (groups).

    A domain is no sample of its own: the full design stays behind its variance. All groups are computed in one pass.
    Without `by` a method returns one `Estimate`; with it a table indexed by group, with the columns ``value se lower
    upper df n deff status method`` (nullable: what is missing is ``<NA>``) and ``attrs["covariance"]``.
    """

    frame: pd.DataFrame
    weights: Floats
    stages: tuple[Stage, ...]
    spread: Spread

    def domain(self, where: Values | None = None) -> Bools:
        """Return the rows of a domain that have a weight."""
        raise NotImplementedError

    def setting(self, split: Groups, level: float, *, of_domain: bool, replace: bool = False) -> Setting:
        """Return what an estimator needs to know of the design."""
        raise NotImplementedError

    def _split(self, by: Any, where: Values | None, *answers: Floats) -> Groups:
        inside = self.domain(where)
        for values in answers:
            inside = inside & ~np.isnan(values)
        return groups(self.frame, by).within(inside)

    def _no_negative_weights(self, split: Groups) -> None:
        """Refuse shares and quantiles of answers with negative weights: they are none of any population."""
        inside = split.codes >= 0
        count = int((self.weights[inside] < 0).sum())
        if count:
            raise UserError(
                f"校准后 {int(inside.sum())} 份回答中有 {count} 份的权数为负，占比、分位数和列联检验没有意义；"
                "请给校准加上倍数的界，例如 bounds=(0.2, 5)，或改用 method='raking'。"
            )

    def _answer(self, results: Results, split: Groups, by: object, ratio: Ratio | None = None) -> Any:
        if by is None:
            return results.one()
        return results.table(split.labels, None if ratio is None else lambda: self.spread.covariance(ratio))

    def mean(
        self, y: Values, *, where: Values | None = None, by: object = None, level: float = 0.95, replace: bool = False
    ) -> Any:
        """Estimate the mean of `y` (Särndal, Swensson & Wretman 1992, eq. 5.7.3, variance by linearisation).

        Parameters
        ----------
        y
            A column or an aligned array of numbers or booleans; missing means outside the domain.
        where
            A domain: a boolean column or array.
        by
            A column, several columns, or an array.
        level
            Confidence level of the t limits, with the design's degrees of freedom.
        replace
            Design effect against sampling with (instead of without) replacement.

        Raises
        ------
        UserError
            If a column is missing or holds text, naming the row.
        """
        values, _ = numbers(self.frame, y)
        split, values = self._split(by, where, values), np.nan_to_num(values)
        ratio = Ratio(split, self.weights * values, self.weights, self.weights)
        setting = self.setting(split, level, of_domain=False, replace=replace)
        return self._answer(ratio_results(setting, ratio, values, total=False), split, by, ratio)

    def total(
        self, y: Values, *, where: Values | None = None, by: object = None, level: float = 0.95, replace: bool = False
    ) -> Any:
        """Estimate the population total of `y` (Horvitz & Thompson 1952, eq. 5); arguments as of `mean`."""
        values, _ = numbers(self.frame, y)
        split, values = self._split(by, where, values), np.nan_to_num(values)
        ratio = Ratio(split, self.weights * values, None, self.weights)
        setting = self.setting(split, level, of_domain=False, replace=replace)
        return self._answer(ratio_results(setting, ratio, values, total=True), split, by, ratio)

    def ratio(
        self,
        numerator: Values,
        denominator: Values,
        *,
        where: Values | None = None,
        by: object = None,
        level: float = 0.95,
        replace: bool = False,
    ) -> Any:
        """Estimate the ratio of two totals (Särndal, Swensson & Wretman 1992, eq. 5.6.10); arguments as of `mean`."""
        top, _ = numbers(self.frame, numerator, "numerator")
        bottom, _ = numbers(self.frame, denominator, "denominator")
        split = self._split(by, where, top, bottom)
        ratio = Ratio(split, self.weights * np.nan_to_num(top), self.weights * np.nan_to_num(bottom), self.weights)
        setting = self.setting(split, level, of_domain=False, replace=replace)
        plain = ratio.influence / np.where(self.weights > 0, self.weights, 1.0)
        return self._answer(ratio_results(setting, ratio, plain, total=True), split, by, ratio)

    def proportion(
        self,
        y: Values,
        *,
        method: str = "beta",
        where: Values | None = None,
        by: object = None,
        level: float = 0.95,
        replace: bool = False,
        alike: Intraclass | None = None,
    ) -> Any:
        """Estimate a share with an interval made for shares near 0 and 1.

        Parameters
        ----------
        y
            A column or an aligned array of booleans or 0/1; missing means outside the domain.
        method
            ``beta`` (Korn & Graubard 1998), ``xlogit``, ``asin``, ``mean`` or ``jeffreys``, with the domain's degrees of
            freedom.
        where, by, level, replace
            As of `mean`.
        alike
            How alike the answers of a unit are, pooled over more units than a domain has (`intraclass`): domains of few
            units take their uncertainty from it (`analysis.statistics.intraclass.pooled`).

        Notes
        -----
        At 0 % and 100 % every method gives the ``beta`` limits of the effective size that the weights alone imply; a
        domain of one first-stage unit has a value without limits (``too few``).

        Raises
        ------
        UserError
            If a value is neither 0 nor 1.
        """
        if method not in METHODS:
            raise UserError(f"占比区间方法“{method}”不可用；可用：{'、'.join(METHODS)}。")
        values, _ = shares(self.frame, y)
        split, values = self._split(by, where, values), np.nan_to_num(values)
        self._no_negative_weights(split)
        ratio = Ratio(split, self.weights * values, self.weights, self.weights)
        setting = self.setting(split, level, of_domain=True, replace=replace)
        found = share_results(setting, ratio, values, method)
        if alike is not None:
            found = pooled(found, split, self.weights, self.stages[0], alike)
        return self._answer(found, split, by, ratio)

    def intraclass(self, y: Values, *, where: Values | None = None) -> Intraclass:
        """Estimate how alike answers within a first-stage unit are, pooled over strata; arguments as of `mean`."""
        values, _ = numbers(self.frame, y)
        return intraclass(self.stages[0], np.nan_to_num(values), self.domain(where) & ~np.isnan(values))

    def quantile(
        self,
        y: Values,
        q: float,
        *,
        rule: str = "math",
        interval: str = "mean",
        where: Values | None = None,
        by: object = None,
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
        split = self._split(by, where, values)
        self._no_negative_weights(split)
        setting = self.setting(split, level, of_domain=True)
        return self._answer(quantile_results(setting, np.nan_to_num(values), q, rule, interval), split, by)

    def variance(self, y: Values, *, where: Values | None = None, by: object = None, level: float = 0.95) -> Any:
        """Estimate the population variance of `y` (Särndal, Swensson & Wretman 1992, eq. 5.9.4), as of `mean`."""
        values, _ = numbers(self.frame, y)
        split = self._split(by, where, values)
        setting = self.setting(split, level, of_domain=False)
        return self._answer(variance_results(setting, np.nan_to_num(values)), split, by)

    def cronbach_alpha(
        self, items: Sequence[Values], *, where: Values | None = None, by: object = None, level: float = 0.95
    ) -> Any:
        """Estimate Cronbach's (1951) alpha from weighted variances of those who answered all items.

        Parameters
        ----------
        items
            Two or more columns (or arrays), all pointing the same way.
        where, by, level
            As of `mean`; the t limits use the domain's degrees of freedom.
        """
        if len(items) < 2:
            raise UserError("内部一致性系数至少需要两个题目。")
        columns = [numbers(self.frame, item, f"items[{place}]")[0] for place, item in enumerate(items)]
        split = self._split(by, where, *columns)
        setting = self.setting(split, level, of_domain=True)
        return self._answer(alpha_results(setting, np.nan_to_num(np.stack(columns, axis=1))), split, by)

    def chisq(self, rows: Values, columns: Values, *, where: Values | None = None) -> AssociationTest:
        """Test whether two categories are associated (Rao & Scott 1984, second order).

        Parameters
        ----------
        rows, columns
            Columns or aligned arrays of categories; missing means outside the domain.
        where
            A domain.
        """
        first = groups(self.frame, aligned(self.frame, rows, "rows")[0])
        second = groups(self.frame, aligned(self.frame, columns, "columns")[0])
        inside = self.domain(where) & (first.codes >= 0) & (second.codes >= 0)
        kept = [pd.factorize(one.codes[inside], sort=True) for one in (first, second)]
        shape = (len(kept[0][1]), len(kept[1][1]))
        codes = np.full(len(self.frame), -1, dtype=np.int64)
        codes[inside] = kept[0][0] * shape[1] + kept[1][0]
        cells = Groups(codes, pd.RangeIndex(shape[0] * shape[1]))
        self._no_negative_weights(cells)
        ratio = Ratio(cells, self.weights, None, self.weights, parts=True)
        totals = ratio.value
        mass = totals.sum()
        labels = [one.labels[found] for one, (_, found) in zip((first, second), kept, strict=True)]
        if mass <= 0:
            return independence(pd.DataFrame(index=labels[0], columns=labels[1]), np.zeros((0, 0)), 0, 0.0)
        p = totals / mass
        covariance = self.spread.share_covariance(ratio)
        whole = Groups(np.where(inside, 0, -1), pd.Index(["all"]))
        df = float(self.setting(whole, 0.95, of_domain=True).df[0])
        table = pd.DataFrame(p.reshape(shape), index=labels[0], columns=labels[1])
        return independence(table, covariance, int(inside.sum()), df)
