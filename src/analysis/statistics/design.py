"""A survey with its design: the frame of answers and how they were sampled, weighted and calibrated."""

from __future__ import annotations

import copy
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from analysis.house import UserError
from analysis.house.arrays import Bools, Floats, Ints
from analysis.statistics.calibration import Calibration, Totals, checked_bounds, constraints
from analysis.statistics.columns import Groups, Values, aligned, mask, numbers, refuse
from analysis.statistics.estimators import Estimators
from analysis.statistics.points import Setting, Spread
from analysis.statistics.replicates import KINDS, Replicated, bootstrap, jackknife
from analysis.statistics.stages import SINGLE, Stage, degrees_of_freedom, sampling_weights, stages
from analysis.statistics.variance import Linearised

Names = str | Sequence[str] | None


def _names(given: Names) -> tuple[str, ...]:
    return () if given is None else (given,) if isinstance(given, str) else tuple(given)


class SurveyDesign(Estimators):
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
        the first stage counts as drawn with replacement. Where everybody was invited and some did not answer, leave it
        out: a correction would make the variance vanish though answers are missing.
    single_psu
        What to do with a stratum of a single unit, not all being drawn: ``error`` refuse; ``adjust`` take its
        deviation from the grand mean; ``average`` let the other strata stand in; ``certainty`` count it as without
        variance.

    Notes
    -----
    A missing answer lies outside the domain of the question. Variances are linearised, multi-stage (see
    `analysis.statistics.variance`), and agree with R's ``survey`` 4.1.1 (Lumley 2004). A design is never changed:
    `calibrate`, `poststratify` and `replicates` return new ones.

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
        self.base = self.weights
        self.calibrations: tuple[Calibration, ...] = ()
        self.spread: Spread = Linearised(self.stages, single_psu)

    def __len__(self) -> int:
        return len(self.frame)

    def domain(self, where: Values | None = None) -> Bools:
        """Return the rows of a domain that have a weight."""
        found: Bools = mask(self.frame, where) & (self.weights != 0)
        return found

    def _df(self, codes: Ints, groups: int) -> Floats:
        if isinstance(self.spread, Replicated):
            return self.spread.degrees_of_freedom(codes, groups)
        return degrees_of_freedom(self.stages[0], codes, groups)

    @property
    def negative_weights(self) -> int:
        """How many rows a calibration without bounds has given a negative weight.

        Totals and means of the whole remain estimates (of the generalised regression); shares, quantiles and tables are
        refused.
        """
        return int((self.weights < 0).sum())

    def degrees_of_freedom(self, where: Values | None = None) -> int:
        """Return first-stage units less strata, of the whole design or of those with rows in a domain.

        Of a design with replicates it is the rank of the replicate weights before calibration, less one: calibration
        draws no further units (R's `degf` takes the rank after it, which exceeds units less strata).
        """
        return int(self._df(np.where(self.domain(where), 0, -1), 1)[0])

    def setting(self, split: Groups, level: float, *, of_domain: bool, replace: bool = False) -> Setting:
        """Return what an estimator needs to know of the design, for the groups of a domain.

        Parameters
        ----------
        split
            The domain's rows by group.
        level
            Confidence level, between 0 and 1.
        of_domain
            Take each group's own degrees of freedom, not the design's.
        replace
            Design effects against sampling with replacement.
        """
        if not 0 < level < 1:
            raise UserError(f"置信水平 level={level} 应在 0 与 1 之间，例如 0.95。")
        size = len(split)
        df = self._df(split.codes, size) if of_domain else np.full(size, float(self.degrees_of_freedom()))
        first = self.stages[0]
        usable = ~first.lonely | (self.single_psu == "adjust")
        estimable = split.sums(usable[first.row_stratum()].astype(float)) > 0
        return Setting(self.weights, split, self.spread, df, estimable, level, replace)

    # -- other weights, other variances: new designs -------------------------------------------------------------------

    def calibrate(
        self, totals: Totals, method: str = "linear", bounds: tuple[float, float] | None = None
    ) -> SurveyDesign:
        """Return a design whose weights reproduce known totals (Deville & Särndal 1992).

        Parameters
        ----------
        totals
            Column → total of a numeric column; column → {level: total} for a category; a tuple of columns →
            {(level, …): total} for crossed categories. Every category must add up to the same population.
        method
            ``linear`` (generalised regression), ``raking`` (exponential; the weights of iterative proportional
            fitting, Deming & Stephan 1940) or ``logit`` (needs bounds).
        bounds
            Least and greatest factor by which a weight may change. Without them the linear method may give negative
            weights (`negative_weights` counts them); a least factor of 0 or more prevents that.

        Notes
        -----
        Variances are those of the regression residuals (Deville & Särndal 1992, eq. 3.4), for raking too.

        Raises
        ------
        UserError
            If levels have no total (or the reverse), or no weights within the bounds reach the totals.
        """
        limits = checked_bounds(method, bounds)
        x, wanted = constraints(self.frame, totals)
        solved = Calibration.solve(x, wanted, self.weights, method, limits)
        design = copy.copy(self)
        design.weights = self.weights * solved.g
        design.calibrations = (*self.calibrations, solved)
        design.spread = (
            self.spread.calibrated(solved)
            if isinstance(self.spread, Replicated)
            else Linearised(self.stages, self.single_psu, design.calibrations)
        )
        return design

    def poststratify(self, column: object, totals: Mapping[Any, float]) -> SurveyDesign:
        """Return a design with the weights of each level (or crossed level) of `column` scaled to its total.

        Holt & Smith (1979); the same as linear calibration on that category.
        """
        key = tuple(column) if isinstance(column, (list, tuple)) and len(column) > 1 else column
        key = key[0] if isinstance(key, (list, tuple)) and len(key) == 1 else key
        return self.calibrate({key: dict(totals)})

    def replicates(self, kind: str = "jackknife", *, count: int = 1000, seed: int = 20230728) -> SurveyDesign:
        """Return a design whose variances come from replicates of the first stage.

        Parameters
        ----------
        kind
            ``jackknife`` (delete one unit; Wolter 2007, chapter 4) or ``bootstrap`` (rescaled; Rao & Wu 1988).
        count, seed
            Replicates and seed of the bootstrap.

        Notes
        -----
        Finite population corrections are those of the first stage; later stages are not corrected. Calibrations are
        repeated in every replicate.
        """
        if kind not in KINDS:
            raise UserError(f"重复抽样方式“{kind}”不可用；可用：{'、'.join(KINDS)}。")
        if count < 2:
            raise UserError(f"重复次数 count={count} 太少；请至少取 2，通常 1000。")
        first = self.stages[0]
        made = (
            jackknife(first, self.single_psu) if kind == "jackknife" else bootstrap(first, self.single_psu, count, seed)
        )
        design = copy.copy(self)
        design.spread = Replicated(first.unit, *made, self.base, self.calibrations)
        return design
