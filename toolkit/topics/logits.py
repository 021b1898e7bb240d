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


@dataclass(frozen=True)
class _Rows:
    """The distinct rows of a design with their contexts, and the same by cluster.

    Contexts with the same covariates have the same likelihood, so that their sums are all that a fit needs.
    """

    matrix: Floats
    codes: list[Ints]  # of each part
    hits: Floats  # rows by topics
    size: Floats
    pair_row: Ints  # one pair for each row that a cluster has, clusters one after the other
    pair_cluster: Ints
    pair_hits: Floats
    pair_size: Floats


def coefficients(
    hits: Floats, size: Floats, design: Design, groups: Ints, confidence: float
) -> list[list[dict[str, Any]]]:
    """Regress the share of each topic; return for each a row for each coefficient, and one for a spline.

    Parameters
    ----------
    hits : ndarray, shape (n_rows, n_topics)
        Of each row of the design the contexts of each topic.
    size : ndarray
        All contexts of each row.
    design : Design
        The covariates.
    groups : ndarray of int
        The cluster of each row.
    confidence : float
        Of the intervals.
    """
    rows = _distinct(hits, size, design, groups)
    chosen: dict[tuple[bytes, tuple[int, ...]], list[int]] = {}  # most topics have the same columns
    return [_of_topic(rows, topic, design, chosen, confidence) for topic in range(hits.shape[1])]


def _distinct(hits: Floats, size: Floats, design: Design, groups: Ints) -> _Rows:
    row, first, n_rows = design.row, design.first, len(design.first)
    pair, place = np.unique(groups * n_rows + row, return_inverse=True)

    def sums(values: Floats, where: Ints, length: int) -> Floats:
        return np.bincount(where, weights=values, minlength=length).astype(float)

    return _Rows(
        design.matrix[first],
        [part.codes[first] for part in design.parts],
        np.column_stack([sums(column, row, n_rows) for column in hits.T]),
        sums(size, row, n_rows),
        pair % n_rows,
        pair // n_rows,
        np.column_stack([sums(column, place, len(pair)) for column in hits.T]),
        sums(size, place, len(pair)),
    )


def _of_topic(
    rows: _Rows, topic: int, design: Design, chosen: dict[tuple[bytes, tuple[int, ...]], list[int]], confidence: float
) -> list[dict[str, Any]]:
    used, extreme = _told_apart(rows, topic, design)
    without = tuple(sorted(c for c in extreme if c >= 0))
    key = (used.tobytes(), without)
    if key not in chosen:
        columns = [j for j in range(rows.matrix.shape[1]) if j not in without]
        chosen[key] = independent(rows.matrix[used], columns) if used.any() else []
    fit = _fit(rows, topic, used, chosen[key])
    found = []
    for part in design.parts:
        if part.joint:
            found.append(_joint(fit, part))
            continue
        effects = _effects(fit, part)
        if part.numeric:
            found.append(_row(fit, part, 0, effects, None, confidence))
            continue
        for at, column in enumerate(part.columns):
            # a reference that was left out is named by its first column, below 0
            known = extreme.get(column) or extreme.get(-part.columns[0])
            found.append(_row(fit, part, at, effects, known, confidence))
    return found


def _told_apart(rows: _Rows, topic: int, design: Design) -> tuple[NDArray[np.bool_], dict[int, tuple[float, str]]]:
    """Leave out levels that have the topic in none or in all of their contexts, until none is left.

    That is where the quasi-likelihood has its maximum: their log odds go to infinity, and the others are as if they were not
    there. Returned are the rows that remain, and of each column left out its estimate with a note.
    """
    used = np.ones(len(rows.size), dtype=bool)
    extreme: dict[int, tuple[float, str]] = {}
    before = -1
    while before != int(used.sum()):
        before = int(used.sum())
        for part, codes in zip(design.parts, rows.codes, strict=True):
            levels = [part.reference, *part.levels] if part.levels else []
            n = np.bincount(codes[used], weights=rows.size[used], minlength=len(levels))
            x = np.bincount(codes[used], weights=rows.hits[used, topic], minlength=len(levels))
            for code, level in enumerate(levels):
                if n[code] == 0 or 0 < x[code] < n[code]:
                    continue
                note = f"{'all' if x[code] else 'none'} of {n[code]:,.0f} contexts with {part.covariate} {level}"
                way = np.inf if x[code] else -np.inf
                if code == 0:
                    extreme[-part.columns[0]] = (-way, note)
                else:
                    extreme[part.columns[code - 1]] = (way, note)
                used &= codes != code
    return used, extreme


def _fit(rows: _Rows, topic: int, used: NDArray[np.bool_], columns: list[int]) -> _Fit:
    k = rows.matrix.shape[1]
    beta, covariance = np.full(k, np.nan), np.full((k, k), np.nan)
    matrix, weight = rows.matrix[used], rows.size[used]
    share = rows.hits[used, topic] / weight
    pairs = slice(None) if used.all() else np.flatnonzero(used[rows.pair_row])
    cluster = pd.factorize(rows.pair_cluster[pairs])[0]
    n_clusters = int(cluster.max(initial=-1)) + 1
    nothing = _Fit(beta, covariance, columns, matrix, weight, max(n_clusters - 1, 1))
    if not 0 < share.sum() < len(share):
        return _noted(nothing, "the topic is in none or in all of the contexts that remain")
    if n_clusters <= len(columns):
        return _noted(nothing, f"{n_clusters} clusters are too few for {len(columns)} coefficients")
    from statsmodels.genmod.families import Binomial
    from statsmodels.genmod.generalized_linear_model import GLM
    from statsmodels.tools.sm_exceptions import PerfectSeparationError

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # what they have to say stands in the note
        try:
            done = GLM(share, matrix[:, columns], family=Binomial(), var_weights=weight).fit(wls_method="qr")
        except (ValueError, np.linalg.LinAlgError, PerfectSeparationError) as error:
            return _noted(nothing, f"no fit: {error}".split("\n")[0])
    found = np.asarray(done.params)
    if not done.converged:
        return _noted(
            nothing, "the fit does not converge: a combination of covariates has the topic in none or all contexts"
        )
    at = rows.pair_row[pairs]
    covariance[np.ix_(columns, columns)] = jackknife(
        rows.matrix[:, columns],
        at,
        rows.pair_hits[pairs, topic] / rows.pair_size[pairs],
        rows.pair_size[pairs],
        _share(rows.matrix[:, columns] @ found)[at],
        cluster,
    )
    beta[columns] = found
    return _Fit(beta, covariance, columns, matrix, weight, n_clusters - 1)


def jackknife(matrix: Floats, row: Ints, share: Floats, weight: Floats, expected: Floats, cluster: Ints) -> Floats:
    """Return the covariance of the coefficients by leaving out one cluster at a time, with one Newton step each.

    With A_g the information and s_g the score of cluster g, it is (G - 1) / G times the sum of d_g d_g', d_g being
    (A - A_g)^-1 s_g: the variance CV3 of MacKinnon, Nielsen and Webb (2023). The usual sandwich is too small where clusters are few
    or unequal. A coefficient that hangs on one cluster has no variance (infinity).

    Of a cluster with few rows X, weights W and residuals r the step is had without its information (Woodbury):
    A^-1 X' (I - W X A^-1 X')^-1 r.

    Parameters
    ----------
    matrix : ndarray
        Distinct rows of covariates.
    row : ndarray of int
        Of each observation its row there; the others are its share, weight, expected share and cluster.

    Examples
    --------
    Of a constant alone: the share is 1/2, three clusters.

    >>> share, none = np.array([1.0, 0.0, 0.5]), np.zeros(3, dtype=np.int64)
    >>> float(jackknife(np.ones((1, 1)), none, share, np.ones(3), np.full(3, 0.5), np.arange(3))[0, 0].round(3))
    1.333
    """
    from scipy.sparse import csr_array

    k, n_clusters = matrix.shape[1], int(cluster.max()) + 1
    order = np.argsort(cluster, kind="stable")
    row, weight, share, expected = row[order], weight[order], share[order], expected[order]
    spread, residual = weight * expected * (1 - expected), weight * (share - expected)
    of_row = np.bincount(row, weights=spread, minlength=len(matrix))
    scale = 1 / np.sqrt(of_row @ matrix**2)
    matrix = matrix * scale
    whole = matrix.T @ (matrix * of_row[:, None])
    inverse = np.linalg.pinv(whole, hermitian=True)
    reach = matrix @ inverse
    n_own = np.bincount(cluster, minlength=n_clusters)
    ends = np.concatenate([[0], np.cumsum(n_own)])
    # how much of all that is known a cluster tells; where it is little, the rest is surely enough to go on
    told = np.add.reduceat(spread * np.einsum("ij,ij->i", reach, matrix)[row], ends[:-1])
    small = (told < _LIGHT) & (n_own <= k)
    sent = np.zeros(len(row))
    for m in np.unique(n_own[small]).tolist():
        at = ends[:-1][small & (n_own == m)][:, None] + np.arange(m)
        block = np.eye(m) - spread[at][:, :, None] * (reach[row[at]] @ matrix[row[at]].transpose(0, 2, 1))
        sent[at] = np.linalg.solve(block, residual[at][:, :, None])[:, :, 0]
    steps = np.asarray(csr_array((sent, row, ends), shape=(n_clusters, len(matrix))) @ matrix) @ inverse
    lost = np.zeros(k, dtype=bool)  # columns that nothing but one cluster tells anything about
    for g in np.flatnonzero(~small).tolist():
        own = slice(ends[g], ends[g + 1])
        its = matrix[row[own]]
        values, vectors = np.linalg.eigh(whole - its.T @ (its * spread[own, None]))
        weak = values < 1e-9
        if weak.any():
            lost |= (np.abs(vectors[:, weak]) > 1e-6).any(axis=1)
        else:
            steps[g] = vectors @ ((vectors.T @ (residual[own] @ its)) / values)
    found = (n_clusters - 1) / n_clusters * (steps.T @ steps) * scale[:, None] * scale
    found[lost, :] = found[:, lost] = np.inf
    return np.asarray(found, dtype=np.float64)


def _noted(fit: _Fit, note: str) -> _Fit:
    return _Fit(fit.beta, fit.covariance, fit.columns, fit.matrix, fit.size, fit.degrees, note)


def _row(
    fit: _Fit,
    part: Part,
    at: int,
    effects: list[tuple[float, Floats]],
    extreme: tuple[float, str] | None,
    confidence: float,
) -> dict[str, Any]:
    from scipy.stats import t as student

    column = part.columns[at]
    row: dict[str, Any] = {
        "covariate": part.covariate,
        "level": part.levels[at] if part.levels else None,
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
    effect, gradient = effects[at]
    within = np.where(np.isinf(fit.covariance), 0.0, fit.covariance)[np.ix_(fit.columns, fit.columns)]
    spread = max(float(gradient @ within @ gradient), 0.0) ** 0.5
    return {**row, "effect": effect, "effect_low": effect - reach * spread, "effect_high": effect + reach * spread}


def _effects(fit: _Fit, part: Part) -> list[tuple[float, Floats]]:
    """Return the average marginal effect of each column of a part and its gradient in the coefficients of the fit."""
    beta, weight = np.nan_to_num(fit.beta), fit.size / fit.size.sum()
    log_odds = fit.matrix @ beta
    if part.numeric:
        column = part.columns[0]
        share = _share(log_odds)
        slope = share * (1 - share)
        mean = float(weight @ slope)
        gradient = beta[column] * ((weight * slope * (1 - 2 * share)) @ fit.matrix)
        gradient[column] += mean
        return [(mean * float(beta[column]), gradient[fit.columns])]
    # all contexts moved to the reference, then to each level
    own = part.columns
    moved = np.concatenate([[0.0], beta[own]]) + (log_odds - fit.matrix[:, own] @ beta[own])[:, None]
    shares = _share(moved)
    means, slopes = weight @ shares, weight[:, None] * shares * (1 - shares)
    gradients = slopes.T @ fit.matrix
    gradients[:, own] = 0.0
    gradients[1:, own] += np.diag(slopes[:, 1:].sum(axis=0))
    return [(float(means[i] - means[0]), (gradients[i] - gradients[0])[fit.columns]) for i in range(1, len(means))]


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
