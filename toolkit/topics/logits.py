"""Own the fractional logit of one topic: coefficients, average marginal effects, and errors that are robust by cluster."""

from __future__ import annotations

import warnings
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from toolkit.topics.designs import Design, Part, independent

_FAR = 12.0  # a difference of log odds that is infinite in all but name
_LIGHT = 0.5  # the sum of leverages of a cluster below which it can safely be left out
_TINY = 1e-6  # a coefficient of a combination that is zero in all but name
_NOTHING_LEFT = "nothing is left to compare it with"
_MIXED = "no effect: in the contexts that remain, other levels cannot be told apart from other covariates"
_ALONE = "it depends on one cluster, so its error is unknown"
_RUNAWAY = "it runs to infinity: some of its contexts, alone or with other covariates, have the topic in none or all"
_NUMBERS = ("estimate", "low", "high", "effect", "effect_low", "effect_high", "p")

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


@dataclass(frozen=True)
class _Basis:
    """The columns that a fit has, and the combinations of coefficients (all columns by combinations) that its rows leave open."""

    columns: list[int]
    unknown: Floats


@dataclass(frozen=True)
class _Fit:
    """A fitted logit: coefficients (NaN where a column is not in it), their covariance, and the rows it was fitted on."""

    beta: Floats
    covariance: Floats
    basis: _Basis
    matrix: Floats
    size: Floats
    degrees: int
    note: str = ""


@dataclass(frozen=True)
class _Rows:
    """The distinct rows of a design with their contexts, and the same by cluster.

    Contexts with the same covariates have the same likelihood, so a fit needs only their sums.
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
    """Regress the share of each topic; return, for each, a row per coefficient, and one for a spline.

    Parameters
    ----------
    hits : ndarray, shape (n_rows, n_topics)
        The contexts of each topic in each row of the design.
    size : ndarray
        All contexts of each row.
    design : Design
        The covariates.
    groups : ndarray of int
        The cluster of each row.
    confidence : float
        Nominal coverage of the intervals.
    """
    rows = _distinct(hits, size, design, groups)
    chosen: dict[tuple[bytes, tuple[int, ...]], _Basis] = {}  # most topics have the same columns
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
    rows: _Rows, topic: int, design: Design, chosen: dict[tuple[bytes, tuple[int, ...]], _Basis], confidence: float
) -> list[dict[str, Any]]:
    used, extreme = _told_apart(rows, topic, design)
    without = tuple(sorted(c for c in extreme if c >= 0))
    key = (used.tobytes(), without)
    if key not in chosen:
        chosen[key] = _basis(rows.matrix[used], without)
    fit = _fit(rows, topic, used, chosen[key])

    made = []
    for part in design.parts:
        if part.joint:
            made.append(_joint(fit, part))
            continue

        # a reference that was left out is named by its first column, below 0
        ends = [extreme.get(name) for name in (-part.columns[0], *part.columns)] if part.levels else []
        effects = _effects(fit, part, [None if end is None else end[0] for end in ends])
        for at in range(len(part.columns)):
            if part.levels and (ends[0] or ends[at + 1]):
                made.append(_in_the_limit(fit, part, at, effects[at][0], ends[at + 1], ends[0]))
            else:
                made.append(_row(fit, part, at, effects[at], confidence))
    return made


def _told_apart(rows: _Rows, topic: int, design: Design) -> tuple[NDArray[np.bool_], dict[int, tuple[int, str]]]:
    """Leave out levels that have the topic in none or in all of their contexts, until there is no such level.

    That is where the quasi-likelihood has its maximum: their log odds go to infinity, and the other coefficients are as if
    they were not there. Returned are the rows that remain, and the share (0 or 1) of each column left out, with a note.
    """
    used = np.ones(len(rows.size), dtype=bool)
    extreme: dict[int, tuple[int, str]] = {}
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
                extreme[part.columns[code - 1] if code else -part.columns[0]] = (int(x[code] > 0), note)
                used &= codes != code
    return used, extreme


def _basis(matrix: Floats, without: tuple[int, ...]) -> _Basis:
    """Choose columns of which none follows from the others in these rows, and find what stays unknown for it."""
    k = matrix.shape[1]
    if len(matrix) == 0:
        return _Basis([], np.eye(k))

    columns = independent(matrix, [j for j in range(k) if j not in without])
    dropped = [j for j in range(k) if j not in without and j not in columns]
    unknown = np.zeros((k, len(dropped)))
    if dropped:
        # each dropped column is a combination of the chosen ones
        scale = np.abs(matrix).max(axis=0)
        scale[scale == 0] = 1.0
        matrix = matrix / scale
        unknown[dropped] = np.eye(len(dropped))
        unknown[columns] = -np.linalg.lstsq(matrix[:, columns], matrix[:, dropped])[0]
        unknown[np.abs(unknown) < _TINY] = 0.0
        unknown /= scale[:, None]
    return _Basis(columns, unknown)


def _fit(rows: _Rows, topic: int, used: NDArray[np.bool_], basis: _Basis) -> _Fit:
    k, columns = rows.matrix.shape[1], basis.columns
    beta, covariance = np.full(k, np.nan), np.full((k, k), np.nan)
    matrix, weight = rows.matrix[used], rows.size[used]
    share = rows.hits[used, topic] / weight

    # the rows of each cluster that remain
    pairs = slice(None) if used.all() else np.flatnonzero(used[rows.pair_row])
    cluster = pd.factorize(rows.pair_cluster[pairs])[0]
    n_clusters = int(cluster.max(initial=-1)) + 1

    nothing = _Fit(beta, covariance, basis, matrix, weight, max(n_clusters - 1, 1))
    if not 0 < share.sum() < len(share):
        return replace(nothing, note="the topic is in none or in all of the contexts that remain")
    if n_clusters <= len(columns):
        return replace(nothing, note=f"{n_clusters} clusters are too few for {len(columns)} coefficients")
    from statsmodels.genmod.families import Binomial
    from statsmodels.genmod.generalized_linear_model import GLM
    from statsmodels.tools.sm_exceptions import PerfectSeparationError

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the note says it
        try:
            done = GLM(share, matrix[:, columns], family=Binomial(), var_weights=weight).fit(wls_method="qr")
        except (ValueError, np.linalg.LinAlgError, PerfectSeparationError) as error:
            return replace(nothing, note=f"no fit: {error}".split("\n")[0])
    if not done.converged:
        return replace(
            nothing, note="the fit does not converge: a combination of covariates has the topic in none or all contexts"
        )

    beta[columns] = np.asarray(done.params)
    at = rows.pair_row[pairs]
    covariance[np.ix_(columns, columns)] = jackknife(
        rows.matrix[:, columns],
        at,
        rows.pair_hits[pairs, topic] / rows.pair_size[pairs],
        rows.pair_size[pairs],
        _share(rows.matrix[:, columns] @ beta[columns])[at],
        cluster,
    )
    return _Fit(beta, covariance, basis, matrix, weight, n_clusters - 1)


def jackknife(matrix: Floats, row: Ints, share: Floats, weight: Floats, expected: Floats, cluster: Ints) -> Floats:
    """Return the covariance of the coefficients by leaving out one cluster at a time, with one Newton step each.

    With the information A_g and the score s_g of cluster g, it is (G - 1) / G times the sum of d_g d_g', where d_g is
    (A - A_g)^-1 s_g: the variance CV3 of MacKinnon, Nielsen and Webb (2023). The usual sandwich is too small if clusters are few
    or unequal. A coefficient that depends on one cluster has no variance (infinity).

    The step of a cluster with few rows X, weights W and residuals r is computed without its information (Woodbury):
    A^-1 X' (I - W X A^-1 X')^-1 r.

    Parameters
    ----------
    matrix : ndarray
        Distinct rows of covariates.
    row : ndarray of int
        The row of each observation; the others are its share, weight, expected share and cluster.

    Examples
    --------
    Of a constant alone: the share is 1/2, three clusters.

    >>> share, none = np.array([1.0, 0.0, 0.5]), np.zeros(3, dtype=np.int64)
    >>> float(jackknife(np.ones((1, 1)), none, share, np.ones(3), np.full(3, 0.5), np.arange(3))[0, 0].round(3))
    1.333
    """
    from scipy.sparse import csr_array

    # observations, one cluster after the other
    k, n_clusters = matrix.shape[1], int(cluster.max()) + 1
    order = np.argsort(cluster, kind="stable")
    row, weight, share, expected = row[order], weight[order], share[order], expected[order]
    variance, residual = weight * expected * (1 - expected), weight * (share - expected)
    n_own = np.bincount(cluster, minlength=n_clusters)
    ends = np.concatenate([[0], np.cumsum(n_own)])

    # the information of all, with columns scaled to 1
    of_row = np.bincount(row, weights=variance, minlength=len(matrix))
    known = of_row @ matrix**2
    scale = 1 / np.sqrt(np.where(known > 0, known, 1.0))
    matrix = matrix * scale
    whole = matrix.T @ (matrix * of_row[:, None])
    inverse = np.linalg.pinv(whole, hermitian=True)
    reach = matrix @ inverse

    # the leverage of each cluster; where it is small, the others are surely enough without it
    leverage = np.add.reduceat(variance * np.einsum("ij,ij->i", reach, matrix)[row], ends[:-1])
    small = (leverage < _LIGHT) & (n_own <= k)

    # light clusters, all of one size at once
    adjusted = np.zeros(len(row))
    for m in np.unique(n_own[small]).tolist():
        at = ends[:-1][small & (n_own == m)][:, None] + np.arange(m)
        block = np.eye(m) - variance[at][:, :, None] * (reach[row[at]] @ matrix[row[at]].transpose(0, 2, 1))
        adjusted[at] = np.linalg.solve(block, residual[at][:, :, None])[:, :, 0]
    steps = np.asarray(csr_array((adjusted, row, ends), shape=(n_clusters, len(matrix))) @ matrix) @ inverse

    # the others one by one; a column about which nothing, or only one cluster, has any information has no variance
    lost = known == 0
    for g in np.flatnonzero(~small).tolist():
        own = slice(ends[g], ends[g + 1])
        covariates = matrix[row[own]]
        values, vectors = np.linalg.eigh(whole - covariates.T @ (covariates * variance[own, None]))
        weak = values < 1e-9
        if weak.any():
            lost |= (np.abs(vectors[:, weak]) > 1e-6).any(axis=1)
        else:
            steps[g] = vectors @ ((vectors.T @ (residual[own] @ covariates)) / values)

    covariance = (n_clusters - 1) / n_clusters * (steps.T @ steps) * scale[:, None] * scale
    covariance[lost, :] = covariance[:, lost] = np.inf
    return np.asarray(covariance, dtype=np.float64)


def _row(fit: _Fit, part: Part, at: int, marginal: tuple[float, Floats], confidence: float) -> dict[str, Any]:
    """Return the row of a coefficient: its estimate, its average marginal effect, and the errors of both."""
    from scipy.stats import t as student

    column = part.columns[at]
    row = _blank(part, at, fit.note)
    if fit.note:
        return row
    if fit.basis.unknown[column].any():
        return {**row, "note": _NOTHING_LEFT}
    if abs(float(fit.beta[column])) * float(np.ptp(fit.matrix[:, column])) > _FAR:
        return {**row, "note": _RUNAWAY}

    # the log odds ratio
    reach = float(student.ppf((1 + confidence) / 2, fit.degrees))
    estimate, error = float(fit.beta[column]), float(fit.covariance[column, column]) ** 0.5
    if np.isinf(error):
        return {**row, "estimate": estimate, "note": _ALONE}
    row |= {"estimate": estimate, "low": estimate - reach * error, "high": estimate + reach * error}
    row["p"] = float(2 * student.sf(abs(estimate) / error, fit.degrees)) if error > 0 else np.nan

    # the effect, its error by the delta method
    effect, gradient = marginal
    if np.isnan(effect):
        return {**row, "note": _MIXED}
    columns = fit.basis.columns
    within = np.where(np.isinf(fit.covariance), 0.0, fit.covariance)[np.ix_(columns, columns)]
    spread = max(float(gradient @ within @ gradient), 0.0) ** 0.5
    return {**row, "effect": effect, "effect_low": effect - reach * spread, "effect_high": effect + reach * spread}


def _blank(part: Part, at: int, note: str) -> dict[str, Any]:
    return {
        "covariate": part.covariate,
        "level": part.levels[at] if part.levels else None,
        "reference": part.reference if part.levels else None,
        **dict.fromkeys(_NUMBERS, np.nan),
        "note": note,
    }


def _in_the_limit(
    fit: _Fit, part: Part, at: int, effect: float, level: tuple[int, str] | None, reference: tuple[int, str] | None
) -> dict[str, Any]:
    """Return the row of a level that has the topic in none or all of its contexts, or whose reference has.

    Its predicted share is 0 or 1 whatever the other covariates are, so that there is an effect, but no error of it.
    """
    reasons = " and ".join(end[1] for end in (level, reference) if end is not None)
    advice = f"tk.compare(topics, between={part.covariate!r}) has an interval, other covariates aside"
    row = _blank(part, at, f"{reasons}; {advice}")

    own = fit.matrix[:, part.columns]
    other = own[:, at] > 0 if level is None else (own == 0).all(axis=1)
    if (level is None or reference is None) and not other.any():
        return {**row, "note": f"{reasons}; {_NOTHING_LEFT}"}

    # a share that is neither 0 nor 1 lies between
    direction = (0.5 if level is None else level[0]) - (0.5 if reference is None else reference[0])
    estimate = np.inf * direction if direction else np.nan
    return {**row, "estimate": estimate, "effect": effect}


def _effects(fit: _Fit, part: Part, ends: list[int | None]) -> list[tuple[float, Floats]]:
    """Return the average marginal effect of each column of a part and its gradient in the coefficients of the fit.

    `ends` are the shares of the reference and of the levels that are left out; effects of what cannot be known are NaN.
    """
    beta, weight = np.nan_to_num(fit.beta), fit.size / fit.size.sum()
    log_odds = fit.matrix @ beta

    # of a number the mean slope
    if part.numeric:
        column = part.columns[0]
        share = _share(log_odds)
        slope = share * (1 - share)
        mean = float(weight @ slope)
        gradient = beta[column] * ((weight * slope * (1 - 2 * share)) @ fit.matrix)
        gradient[column] += mean
        return [(mean * float(beta[column]), gradient[fit.basis.columns])]

    # of levels the mean share with all contexts moved to the reference, then to each level
    own = part.columns
    moved = np.concatenate([[0.0], beta[own]]) + (log_odds - fit.matrix[:, own] @ beta[own])[:, None]
    shares = _share(moved)
    means, slopes = weight @ shares, weight[:, None] * shares * (1 - shares)

    # what the data leave open is NaN
    unknown = fit.matrix @ fit.basis.unknown - fit.matrix[:, own] @ fit.basis.unknown[own]
    for code, end in enumerate(ends):
        if end is not None:
            means[code] = end
        elif fit.note or (np.abs(unknown + (fit.basis.unknown[own[code - 1]] if code else 0.0)) > _TINY).any():
            means[code] = np.nan

    gradients = slopes.T @ fit.matrix
    gradients[:, own] = 0.0
    gradients[1:, own] += np.diag(slopes[:, 1:].sum(axis=0))
    return [
        (float(means[i] - means[0]), (gradients[i] - gradients[0])[fit.basis.columns]) for i in range(1, len(means))
    ]


def _share(log_odds: Floats) -> Floats:
    from scipy.special import expit

    return np.asarray(expit(log_odds), dtype=np.float64)


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
        degrees = max(fit.degrees - len(columns) + 1, 1)  # Hotelling's, since the covariance is estimated, too
        p = float(fisher.sf(wald * degrees / fit.degrees / len(columns), len(columns), degrees))
        note = f"joint test of {len(columns)} coefficients"
    return {**_blank(part, 0, note), "p": p}
