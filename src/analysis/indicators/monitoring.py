"""Dynamic monitoring: an indicator week by week, with the limits within which it moves by itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from analysis.house import UserError
from analysis.statistics.monitoring import ewma, p_prime

if TYPE_CHECKING:
    from analysis.indicators.study import Study

KINDS = {"ewma": "指数加权移动平均控制图", "p_prime": "p′ 控制图"}


def monitor(study: Study, id: str, *, kind: str = "", baseline: int | None = None, **where: object) -> pd.DataFrame:
    """Return an indicator's weekly course with control limits.

    Parameters
    ----------
    study
        Whose weeks are watched.
    id
        An indicator that can be grouped by week.
    kind
        ``p_prime`` (Laney's chart, for shares) or ``ewma``; default: the former for shares, the latter for the rest.
    baseline
        How many first weeks set the centre and the limits (default: all).
    where
        Narrowing, as of `Study.measure`.

    Returns
    -------
    pandas.DataFrame
        One row a week: ``week``, ``label`` (``第3周``), ``value``, ``smoothed`` (the value itself in a p′ chart),
        ``centre``, ``lower``, ``upper``, ``signal`` (whether it is outside), ``side``
        (``above`` or ``below`` of a signal, else ``""``), ``base``. Missing numbers are ``<NA>``.

    Raises
    ------
    UserError
        For an unknown kind, or a p′ chart of what is no share.
    """
    share = study.describe(id).unit == "%"
    kind = kind or ("p_prime" if share else "ewma")
    if kind not in KINDS:
        raise UserError(f"没有“{kind}”这种监测图；可用：{'、'.join(KINDS)}。")
    if kind == "p_prime" and not share:
        raise UserError(f'指标“{study.describe(id).label}”不是占比，不能用 p′ 图；请用 kind="ewma"。')
    weeks = study.measure(id, by="week", **where)
    frame = pd.DataFrame(
        {
            "week": [dict(item.scope.group)["week"] for item in weeks],
            "label": [f"第{dict(item.scope.group)['week']}周" for item in weeks],
            "base": [item.base or 0 for item in weeks],
        }
    )
    if kind == "p_prime":
        chart = p_prime([item.numerator for item in weeks], [item.denominator for item in weeks], baseline=baseline)
        chart["smoothed"] = chart["value"]
    else:
        chart = ewma([item.value for item in weeks], baseline=baseline, base=frame["base"])
    above = (chart["smoothed"] > chart["upper"]).fillna(False)
    chart["side"] = np.where(~chart["signal"], "", np.where(above, "above", "below"))
    return pd.concat([frame, chart[["value", "smoothed", "centre", "lower", "upper", "signal", "side"]]], axis=1)
