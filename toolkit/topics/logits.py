"""Own the fractional logit of one topic: coefficients, average marginal effects, and errors that are robust by cluster."""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from toolkit.topics.designs import Design, Part, independent

_FAR = 12.0  # a difference of log odds that is infinite in all but name
_LIGHT = 0.5  # the sum of leverages of a cluster below which it is no danger to leave it out
_ALONE = "it hangs on one cluster, so nobody can say how sure it is"
_RUNAWAY = "it runs to infinity: some of its contexts, alone or with other covariates, have the topic in none or all"

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


@dataclass(frozen=True)
class _Fit:
    """A fitted logit: coefficients (NaN where a column is not in it), their covariance, and the rows it was fitted on."""

    beta: Floats
    covariance: Floats
    columns: list[int]
    matrix: Floats
    size: Floats
    degrees: int
    note: str = ""


def coefficients(hits: Floats, size: Floats, design: Design, groups: Ints, confidence: float) -> list[dict[str, Any]]:
    """Regress the share hits / size of one topic; return one row for each coefficient, and one for a spline.

    Parameters
    ----------
    hits, size : ndarray
        Of each row of the design: contexts of the topic, and all.
    design : Design
        The covariates.
    groups : ndarray of int
        The cluster of each row.
    confidence : float
        Of the intervals.
    """
    used, extreme = _told_apart(hits, size, design)
    fit = _fit(hits, size, design, groups, used, {c for c in extreme if c >= 0})
    found = []
    for part in design.parts:
        if part.joint:
            found.append(_joint(fit, part))
        elif part.numeric:
            found.append(_row(fit, part, part.columns[0], "", None, confidence))
        else:
            for column, level in zip(part.columns, part.levels, strict=True):
                # a reference that was left out is named by its first column, below 0
                known = extreme.get(column) or extreme.get(-part.columns[0])
                found.append(_row(fit, part, column, level, known, confidence))
    return found


def _told_apart(hits: Floats, size: Floats, design: Design) -> tuple[Ints, dict[int, tuple[float, str]]]:
    """Leave out levels that have the topic in none or in all of their contexts, until none is left.

    That is where the quasi-likelihood has its maximum: their log odds go to infinity, and the others are as if they were not
    there. Returned are the rows that remain, and of each column left out its estimate with a note.
    """
    used = np.ones(len(size), dtype=bool)
    extreme: dict[int, tuple[float, str]] = {}
    before = -1
    while before != int(used.sum()):
        before = int(used.sum())
        for part in design.parts:
            for code, level in enumerate([part.reference, *part.levels] if part.levels else []):
                here = used & (part.codes == code)
                n, x = float(size[here].sum()), float(hits[here].sum())
                if n == 0 or 0 < x < n:
                    continue
                note = f"{'all' if x else 'none'} of {n:,.0f} contexts with {part.covariate} {level}"
                way = np.inf if x else -np.inf
                if code == 0:
                    extreme[-part.columns[0]] = (-way, note)
                else:
                    extreme[part.columns[code - 1]] = (way, note)
                used &= part.codes != code
    return np.flatnonzero(used), extreme


def _fit(hits: Floats, size: Floats, design: Design, groups: Ints, used: Ints, without: set[int]) -> _Fit:
    k = design.matrix.shape[1]
    beta, covariance = np.full(k, np.nan), np.full((k, k), np.nan)
    matrix, share, weight = design.matrix[used], hits[used] / size[used], size[used]
    cluster = pd.factorize(groups[used])[0]
    n_clusters = int(cluster.max(initial=-1)) + 1
    columns = independent(matrix, [j for j in range(k) if j not in without]) if len(used) else []
    nothing = _Fit(beta, covariance, columns, matrix, weight, max(n_clusters - 1, 1))
    if not 0 < share.sum() < len(share):
        return _noted(nothing, "the topic is in none or in all of the contexts that remain")
    if n_clusters <= len(columns):
        return _noted(nothing, f"{n_clusters} clusters are too few for {len(columns)} coefficients")
    import statsmodels.api as sm

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # what they have to say stands in the note
        try:
            done = sm.GLM(share, matrix[:, columns], family=sm.families.Binomial(), var_weights=weight).fit()
        except (ValueError, np.linalg.LinAlgError, sm.tools.sm_exceptions.PerfectSeparationError) as error:
            return _noted(nothing, f"no fit: {error}".split("\n")[0])
    found = np.asarray(done.params)
    errors = jackknife(matrix[:, columns], share, weight, _share(matrix[:, columns] @ found), cluster)
    if not done.converged:
        return _noted(
            nothing, "the fit does not converge: a combination of covariates has the topic in none or all contexts"
        )
    beta[columns] = found
    covariance[np.ix_(columns, columns)] = errors
    return _Fit(beta, covariance, columns, matrix, weight, n_clusters - 1)


def jackknife(matrix: Floats, share: Floats, weight: Floats, expected: Floats, cluster: Ints) -> Floats:
    """Return the covariance of the coefficients by leaving out one cluster at a time, with one Newton step each.

    With A_g the information and s_g the score of cluster g, it is (G - 1) / G times the sum of d_g d_g', d_g being
    (A - A_g)^-1 s_g: the variance CV3 of MacKinnon, Nielsen and Webb (2023). The usual sandwich is too small where clusters are few
    or unequal. A coefficient that hangs on one cluster has no variance (infinity).

    Examples
    --------
    Of a constant alone: the share is 1/2, three clusters.

    >>> one = np.ones((3, 1))
    >>> float(jackknife(one, np.array([1.0, 0.0, 0.5]), np.ones(3), np.full(3, 0.5), np.arange(3))[0, 0].round(3))
    1.333
    """
    k, n_clusters = matrix.shape[1], int(cluster.max()) + 1
    spread = weight * expected * (1 - expected)
    order = np.argsort(cluster, kind="stable")
    starts = np.searchsorted(cluster[order], np.arange(n_clusters))
    scores = np.add.reduceat((matrix * (weight * (share - expected))[:, None])[order], starts, axis=0)
    own = np.empty((n_clusters, k, k))
    for j in range(k):  # a column at a time, so that no array of rows by columns by columns is held
        own[:, j] = np.add.reduceat((matrix * (spread * matrix[:, j])[:, None])[order], starts, axis=0)
    whole = own.sum(axis=0)
    scale = 1 / np.sqrt(np.diag(whole))
    own, scores = own * scale[:, None] * scale, scores * scale
    whole = whole * scale[:, None] * scale
    # how much of all that is known a cluster tells; where it is little, the rest is surely enough to go on
    told = np.einsum("ij,gji->g", np.linalg.pinv(whole), own)
    light = told < _LIGHT
    steps = np.zeros_like(scores)
    steps[light] = np.linalg.solve(whole - own[light], scores[light][:, :, None])[:, :, 0]
    lost = np.zeros(k, dtype=bool)  # columns that nothing but one cluster tells anything about
    for g in np.flatnonzero(~light).tolist():
        values, vectors = np.linalg.eigh(whole - own[g])
        weak = values < 1e-9
        if weak.any():
            lost |= (np.abs(vectors[:, weak]) > 1e-6).any(axis=1)
        else:
            steps[g] = vectors @ ((vectors.T @ scores[g]) / values)
    found = (n_clusters - 1) / n_clusters * np.einsum("gi,gj->ij", steps, steps) * scale[:, None] * scale
    found[lost, :] = found[:, lost] = np.inf
    return np.asarray(found, dtype=np.float64)


def _noted(fit: _Fit, note: str) -> _Fit:
    return _Fit(fit.beta, fit.covariance, fit.columns, fit.matrix, fit.size, fit.degrees, note)


def _row(
    fit: _Fit, part: Part, column: int, level: str, extreme: tuple[float, str] | None, confidence: float
) -> dict[str, Any]:
    from scipy.stats import t as student

    row: dict[str, Any] = {
        "covariate": part.covariate,
        "level": level if part.levels else None,
        "reference": part.reference if part.levels else None,
        **dict.fromkeys(("estimate", "low", "high", "effect", "effect_low", "effect_high", "p"), np.nan),
        "note": fit.note,
    }
    if extreme is not None:
        return {**row, "estimate": extreme[0], "note": extreme[1]}
    if np.isnan(fit.beta[column]):
        return row if fit.note else {**row, "note": "nothing is left to compare it with"}
    spread_of = float(np.ptp(fit.matrix[:, column]))
    if abs(float(fit.beta[column])) * spread_of > _FAR:
        return {**row, "note": _RUNAWAY}
    reach = float(student.ppf((1 + confidence) / 2, fit.degrees))
    estimate, error = float(fit.beta[column]), float(fit.covariance[column, column]) ** 0.5
    if np.isinf(error):
        return {**row, "estimate": estimate, "note": _ALONE}
    row |= {"estimate": estimate, "low": estimate - reach * error, "high": estimate + reach * error}
    row["p"] = float(2 * student.sf(abs(estimate) / error, fit.degrees)) if error > 0 else np.nan
    effect, gradient = _effect(fit, part, column)
    within = np.where(np.isinf(fit.covariance), 0.0, fit.covariance)[np.ix_(fit.columns, fit.columns)]
    spread = max(float(gradient @ within @ gradient), 0.0) ** 0.5
    return {**row, "effect": effect, "effect_low": effect - reach * spread, "effect_high": effect + reach * spread}


def _effect(fit: _Fit, part: Part, column: int) -> tuple[float, Floats]:
    """Return the average marginal effect of a column and its gradient in the coefficients of the fit."""
    beta, weight = fit.beta[fit.columns], fit.size / fit.size.sum()
    if part.levels:
        means, gradients = [], []
        for value in (1.0, 0.0):
            moved = fit.matrix.copy()
            moved[:, part.columns] = 0.0
            moved[:, column] = value
            moved = moved[:, fit.columns]
            share = _share(moved @ beta)
            means.append(float(weight @ share))
            gradients.append((weight * share * (1 - share)) @ moved)
        return means[0] - means[1], gradients[0] - gradients[1]
    matrix = fit.matrix[:, fit.columns]
    share = _share(matrix @ beta)
    slope = share * (1 - share)
    mean = float(weight @ slope)
    gradient = fit.beta[column] * ((weight * slope * (1 - 2 * share)) @ matrix)
    gradient[fit.columns.index(column)] += mean
    return mean * float(fit.beta[column]), gradient


def _share(log_odds: Floats) -> Floats:
    return np.asarray(1 / (1 + np.exp(-log_odds)), dtype=np.float64)


def _joint(fit: _Fit, part: Part) -> dict[str, Any]:
    """Return the row of a spline: Wald's F test that none of its columns matters."""
    from scipy.stats import f as fisher

    columns = [c for c in part.columns if not np.isnan(fit.beta[c])]
    p, note = np.nan, fit.note
    curve = fit.matrix[:, columns] @ fit.beta[columns] if columns else np.zeros(1)
    if float(np.ptp(curve)) > _FAR:
        note = _RUNAWAY
    elif np.isinf(fit.covariance[np.ix_(columns, columns)]).any():
        note = _ALONE
    elif columns:
        beta = fit.beta[columns]
        wald = float(beta @ np.linalg.pinv(fit.covariance[np.ix_(columns, columns)]) @ beta)
        rest = max(fit.degrees - len(columns) + 1, 1)  # Hotelling's, since the covariance is estimated, too
        p = float(fisher.sf(wald * rest / fit.degrees / len(columns), len(columns), rest))
        note = f"joint test of {len(columns)} coefficients"
    nothing = dict.fromkeys(("estimate", "low", "high", "effect", "effect_low", "effect_high"), np.nan)
    return {"covariate": part.covariate, "level": None, "reference": None, **nothing, "p": p, "note": note}
