"""What the intervals, comparisons and charts of a complete ledger hold, simulated.

A district of seven schools: grade means of 0–110 minutes, class variance 4.3, residual variance 110 min² (as lme4 finds in
the shipped ledger), shocks of 6.5 % of the variance that last a week, half of them the whole district's, half the school's,
with an autocorrelation from week to week of 0, .3 or .6; 18 weeks of five days, 4 % of the class-days missing at random.

1. Coverage: classes are fixed, a run is a term; the truth is what the classes do over all weeks that there could be.
2. Schools compared: classes are drawn anew in every run. False alarms: runs in which any school of the page is put apart
   though all are alike. Power: a school 6 minutes lower in every grade.
3. Flips: one class-day changed from good to bad; the greatest move of a limit, in class-days.
4. Charts: terms of 18 weeks without any change in which a week is called a signal.

    python benchmarks/ledger_coverage.py      # three to four minutes; writes ledger_coverage.json and ledger_coverage.md
"""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
from scipy.special import ndtr, ndtri

from analysis.statistics.contrast import contrast
from analysis.statistics.monitoring import ewma, p_prime
from analysis.statistics.multiplicity import holm
from analysis.statistics.process import ratios

SEED, WEEKS, DAYS, PUPILS = 20210724, 18, 5, 25
OF_CLASS, REST, SHOCK, MISSING = 4.3, 110.0, 0.065, 0.04
AUTOCORRELATIONS, SHARES = (0.0, 0.3, 0.6), (0.5, 0.7, 0.9, 0.97, 0.995, 1.0)
SCHOOLS: tuple[tuple[range, int], ...] = (
    (range(1, 7), 2), (range(1, 7), 2), (range(1, 7), 1), (range(1, 7), 2),
    (range(7, 10), 4), (range(7, 10), 2), (range(1, 10), 1),
)  # fmt: skip
"""Grades and classes a grade of each school."""
SCOPES = {"school, 1 class a grade": (2,), "school, 2": (0,), "school, 4": (4,), "primary": (0, 1, 2, 3),
          "junior": (4, 5), "district": tuple(range(7))}  # fmt: skip
FORMS = ("minutes", *(f"share {share}" for share in SHARES), "participation", "two hours", "five days",
         "completeness", "publication", "subject share")  # fmt: skip
TERMS = {1: 800, 4: 400}
RESULT = Path(__file__).with_suffix(".json")
SD = float(np.sqrt(REST * (1 + SHOCK)))


def layout(schools: tuple[int, ...]) -> tuple[np.ndarray, np.ndarray]:
    """(classes,) school and grade of each class."""
    rows = [(s, g) for s in schools for g in SCHOOLS[s][0] for _ in range(SCHOOLS[s][1])]
    return tuple(np.array(rows).T)  # type: ignore[return-value]


def course(draw: np.random.Generator, rows: int, rho: float) -> np.ndarray:
    """(rows, weeks) of unit variance, each week like the last."""
    found = draw.normal(size=(rows, WEEKS))
    for week in range(1, WEEKS):
        found[:, week] = rho * found[:, week - 1] + np.sqrt(1 - rho**2) * found[:, week]
    return found


def deviations(draw: np.random.Generator, runs: int, school: np.ndarray, rho: float) -> np.ndarray:
    """(runs, classes, weeks, days) minutes above or below what the class usually has."""
    names, number = np.unique(school, return_inverse=True)
    size = np.sqrt(REST * SHOCK / 2)
    common = course(draw, runs, rho)[:, None]
    own = course(draw, runs * len(names), rho).reshape(runs, len(names), WEEKS)[:, number]
    noise = draw.normal(0, np.sqrt(REST), (runs, len(school), WEEKS, DAYS))
    return size * (common + own)[..., None] + noise


def measured(
    draw: np.random.Generator, form: str, level: np.ndarray, off: np.ndarray, there: np.ndarray
) -> tuple[np.ndarray, np.ndarray, float]:
    """Numerator, denominator (runs, classes, weeks, days) and the truth of a form; `level` is each class's own."""
    one = there.astype(float)
    usual = (level - level.mean())[None, :, None, None] / SD / 4  # classes differ in shares as well
    z = off / SD

    def truth(share: np.ndarray) -> float:
        return float(share.mean())

    if form == "minutes":
        return (level[None, :, None, None] + off) * one, one, truth(level)
    if form.startswith("share"):
        share = float(form.split()[1])
        if share == 1:
            return one, one, 1.0
        bar = ndtri(share) + usual
        return (z <= bar) * one, one, truth(ndtr(bar))
    if form == "completeness":
        bar = 2.0 + usual
        return ((z <= bar) & there).astype(float), np.ones_like(one), (1 - MISSING) * truth(ndtr(bar))
    if form == "two hours":
        bar = 1.5 + usual
        return PUPILS * (z <= bar) * one, PUPILS * one, truth(ndtr(bar))
    if form == "participation":  # each pupil comes with a probability that the class-day has in common
        bar, size = 1.0 + usual, 0.5
        came = draw.binomial(PUPILS, ndtr(bar - size * z))
        return came * one, PUPILS * one, truth(ndtr(bar / np.sqrt(1 + size**2)))
    if form == "five days":
        size = 0.4
        bar = 0.3 + usual[..., 0]
        mean = z.mean(axis=3) / np.sqrt((SHOCK + 1 / DAYS) / (1 + SHOCK))
        full = draw.binomial(PUPILS, ndtr(bar - size * mean))[..., None].astype(float)
        return full, np.full_like(full, PUPILS), truth(ndtr(bar / np.sqrt(1 + size**2)))
    if form == "publication":
        rows = draw.integers(3, 8, off.shape) * one
        bar = 1.65 + usual
        return draw.binomial(rows.astype(int), ndtr(bar - 0.5 * z)) * 1.0, rows, truth(ndtr(bar / np.sqrt(1.25)))
    minutes = (level[None, :, None, None] + 60 + off) * one  # a subject's minutes of all
    subject = (0.3 * (level[None, :, None, None] + 60) + 0.5 * off + draw.normal(0, 6, off.shape)) * one
    return subject, minutes, 0.3


def coverage(scope: str, rho: float) -> list[dict[str, object]]:
    """How often limits hold the truth, form by form, with their mean width."""
    school, grade = layout(SCOPES[scope])
    draw = np.random.default_rng([SEED, len(school), round(10 * rho)])
    terms = TERMS[4 if len(school) > 30 else 1]
    held: dict[str, list[np.ndarray]] = {form: [] for form in FORMS}
    wide: dict[str, list[np.ndarray]] = {form: [] for form in FORMS}
    for _ in range(terms // 100):
        runs = 100
        level = 20 + 9.0 * grade + draw.normal(0, np.sqrt(OF_CLASS), len(school))
        off = deviations(draw, runs, school, rho)
        there = draw.random(off.shape) >= MISSING
        for form in FORMS:
            top, bottom, true = measured(draw, form, level, off, there)
            _, classes, _, days = top.shape
            each = np.arange(top.size)
            run, unit = each // (classes * WEEKS * days), each // (WEEKS * days)
            share = form != "minutes"
            found = ratios(run, unit, each // days % WEEKS, top.ravel(), bottom.ravel(), groups=runs, share=share)
            held[form].append((found.lower <= true) & (true <= found.upper))
            wide[form].append(found.upper - found.lower)
    return [
        {
            "scope": scope, "autocorrelation": rho, "form": form, "terms": terms,
            "coverage": round(float(np.mean(held[form])), 3), "width": round(float(np.mean(wide[form])), 4),
        }
        for form in FORMS
    ]  # fmt: skip


def page(draw: np.random.Generator, rho: float, lower: float, share: bool) -> np.ndarray:
    """(schools,) which are put apart in one term; the second school has `lower` minutes less in every grade."""
    school, grade = layout(tuple(range(len(SCHOOLS))))
    level = 20 + 9.0 * grade + draw.normal(0, np.sqrt(OF_CLASS), len(school)) - lower * (school == 1)
    y = level[:, None, None] + deviations(draw, 1, school, rho)[0]
    there = (draw.random(y.shape) >= MISSING).astype(float)
    cap = 20 + 9.0 * grade + SD
    top = (y <= cap[:, None, None]) * there if share else y * there
    unit, week, _ = (each.ravel() for each in np.indices(y.shape))
    found = [
        contrast(school[unit], grade[unit], unit, week, top.ravel(), there.ravel(), of=each, share=share)
        for each in range(len(SCHOOLS))
    ]
    p = [1.0 if one is None or one.p is None else one.p for one in found]
    return holm(p) <= 0.05


def comparisons(rho: float, terms: int = 300) -> list[dict[str, object]]:
    """False alarms of whole pages, and how often a school 6 minutes lower is found."""
    rows = []
    for share in (False, True):
        draw = np.random.default_rng([SEED, 77, round(10 * rho), share])
        alike = np.array([page(draw, rho, 0.0, share) for _ in range(terms)])
        other = np.array([page(draw, rho, 6.0, share) for _ in range(terms)])
        rows.append(
            {
                "form": "share" if share else "minutes",
                "autocorrelation": rho,
                "terms": terms,
                "false": round(float(alike.any(axis=1).mean()), 3),
                "found": round(float(other[:, 1].mean()), 3),
            }
        )
    return rows


def flips() -> float:
    """The greatest move of a limit when one class-day changes, in class-days (n times the move), over many layouts."""
    draw, worst = np.random.default_rng([SEED, 5]), 0.0
    for _ in range(400):
        classes, weeks, days = draw.integers(1, 13), draw.integers(3, 21), draw.integers(1, 6)
        unit, week, _ = (each.ravel() for each in np.indices((classes, weeks, days)))
        kept = draw.random(len(unit)) > draw.choice([0, 0.3, 0.7])
        unit, week = unit[kept], week[kept]
        n = len(unit)
        if n < 10:
            continue
        top = np.zeros(n)
        bad = draw.choice([0, 0, 1, 2, 3, n // 10, n // 2, n])
        together = draw.random() < 0.5  # all in the first weeks, or spread
        top[(np.argsort(week, kind="stable") if together else draw.permutation(n))[:bad]] = 1
        places = draw.permutation(n)[:20]
        tops = np.tile(top, (len(places) + 1, 1))
        tops[np.arange(len(places)) + 1, places] = 1 - top[places]
        runs = len(tops)
        group = np.repeat(np.arange(runs), n)
        many = (np.tile(each, runs) for each in (unit, week))
        codes, weeks_ = many
        found = ratios(
            group, codes + group * classes, weeks_, tops.ravel(), np.ones(tops.size), groups=runs, share=True
        )
        for limit in (found.lower, found.upper):
            worst = max(worst, float(np.nanmax(np.abs(limit[1:] - limit[0]), initial=0)) * n)
    return round(worst, 2)


def charts(rho: float, terms: int = 2000) -> list[dict[str, object]]:
    """In-control terms with a signal: the p′ chart at each share for a school of 9 classes and a district of 66, and EWMA."""
    rows: list[dict[str, object]] = []
    days = np.full(WEEKS, 5)
    days[[8, 9, 17]] = (2, 3, 4)  # short weeks around holidays
    for share, classes in [*((share, many) for share in (*SHARES[:-1], 0.999) for many in (9, 66)), (None, 9)]:
        draw = np.random.default_rng([SEED, 9, round(10 * rho), round(1000 * (share or 0)), classes])
        n, signals = classes * days, 0
        for latent in course(draw, terms, rho):
            if share:
                yes = draw.binomial(n, ndtr(ndtri(share) * np.sqrt(1 + SHOCK) + np.sqrt(SHOCK) * latent))
                signals += bool(p_prime(yes, n)["signal"].any())
            else:
                means = 45 + 1.9 * latent + draw.normal(0, np.sqrt(REST / n))
                signals += bool(ewma(means, base=n)["signal"].any())
        chart = f"p′, share {share}, {classes} classes" if share else "EWMA, 9 classes"
        rows.append({"chart": chart, "autocorrelation": rho, "terms": terms, "false": round(signals / terms, 3)})
    return rows


def markdown(result: dict[str, list[dict[str, object]]]) -> str:
    """The tables that the methods page shows."""
    cells = {(row["form"], row["scope"], row["autocorrelation"]): row["coverage"] for row in result["coverage"]}
    lines = [f"| | {' | '.join(SCOPES)} |", "|---|" + "---|" * len(SCOPES)]
    for form in FORMS:
        told = [" ".join(f"{cells[form, scope, rho]:.3f}" for rho in AUTOCORRELATIONS) for scope in SCOPES]
        lines.append(f"| {form} | {' | '.join(told)} |")
    lines += [
        "",
        "| schools compared | autocorrelation | any school apart, all alike | 6 minutes lower found |",
        "|---|---|---|---|",
    ]
    lines += [
        f"| {row['form']} | {row['autocorrelation']} | {row['false']:.3f} | {row['found']:.3f} |"
        for row in result["comparisons"]
    ]
    lines += ["", "| chart | autocorrelation | in-control terms with a signal |", "|---|---|---|"]
    lines += [f"| {row['chart']} | {row['autocorrelation']} | {row['false']:.3f} |" for row in result["charts"]]
    lines += ["", f"The greatest move of a limit by one class-day of n: {result['flip']}/n."]
    return "\n".join(lines) + "\n"


def main() -> None:
    """Simulate, print and write."""
    result: dict = {"coverage": [], "comparisons": [], "charts": [], "flip": flips()}
    for rho in AUTOCORRELATIONS:
        result["charts"] += charts(rho)
        result["comparisons"] += comparisons(rho)
        for scope in SCOPES:
            result["coverage"] += coverage(scope, rho)
    RESULT.write_text(json.dumps(result, indent=1) + "\n", encoding="utf-8")
    page_ = markdown(result)
    RESULT.with_suffix(".md").write_text(page_, encoding="utf-8")
    print(page_)


if __name__ == "__main__":
    main()
