"""Own intervals of ratios of totals whose unit is the story, not the word.

A term's hits come in bundles: several in an article, one story in several outlets. What was drawn from the world is the
story, so the spread of a rate is the spread of its stories.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]

UNKNOWN_BUNDLE = 20.0  # hits that come together, where no cell of a table says it
_DUST = 1e-12  # of a sum: what rounding leaves of nothing
_LEAST = 1e-100  # independent units

_BLOCK = 2_000_000  # numbers held at a time


class Estimate(NamedTuple):
    """A number with the ends of its interval; arrays where there are several."""

    value: Floats
    low: Floats
    high: Floats


class StorySums(NamedTuple):
    """Six sums over the stories of each cell; those of two halves of a corpus add up to those of the whole.

    With `x` the hits and `n` the denominator (words, articles, hits of all rivals) of one story: `stories` is the number
    of stories, the others are sums of `x`, `n`, `x * x`, `x * n` and `n * n`.
    """

    stories: Floats
    x: Floats
    n: Floats
    xx: Floats
    xn: Floats
    nn: Floats


def story_sums(x: ArrayLike, n: ArrayLike, cell: ArrayLike | None = None, n_cells: int | None = None) -> StorySums:
    """Sum stories by cell.

    Parameters
    ----------
    x, n : array_like, shape (n_stories,)
        Hits and denominator of each story.
    cell : array_like of int, optional
        The cell of each story, counted from 0; without it all stories are one cell.
    n_cells : int, optional
        How many cells there are, so that cells without a story get zeros.

    Examples
    --------
    >>> sums = story_sums([2, 0, 1], [100, 50, 50])
    >>> float(sums.x[0]), float(sums.n[0]), float(sums.xn[0])
    (3.0, 200.0, 250.0)
    """
    hits, size = np.asarray(x, dtype=float), np.asarray(n, dtype=float)
    where = np.zeros(len(hits), dtype=np.int64) if cell is None else np.asarray(cell, dtype=np.int64)
    length = n_cells if n_cells is not None else int(where.max(initial=0)) + 1

    def total(values: Floats | None) -> Floats:
        return np.bincount(where, weights=values, minlength=length).astype(float)

    return StorySums(total(None), total(hits), total(size), total(hits * hits), total(hits * size), total(size * size))


def ratio_interval(
    sums: StorySums,
    *,
    confidence: float | Floats = 0.95,
    whole: bool = False,
    bundle: ArrayLike | None = None,
    rest: ArrayLike | None = None,
) -> tuple[Floats, Floats]:
    r"""Return the lower and upper end of the interval of r = x / n in each cell.

    Parameters
    ----------
    sums : StorySums
        Sums over the stories of each cell.
    confidence : float or ndarray
        Nominal coverage, between 0 and 1; one for all cells, or each cell's own.
    whole : bool
        Whether a story can be all hits (its articles, its mentions of rival terms), so that r is a share; or cannot (its
        words), so that r is a rate.
    bundle : array_like, optional
        Used in cells without a hit, as other cells show it. Of rates: hits that come together, sum(x^2) / sum(x). Of shares:
        hits of a story that has any.
    rest : array_like, optional
        Of shares: what is no hit in a story that has any such; used in cells where all are hits.

    Returns
    -------
    low, high : ndarray, shape (n_cells,)
        Proportions; NaN where n is 0.

    Notes
    -----
    With r = x / n, e_s = x_s - r n_s of each story, and the effective number of stories k = n^2 / sum(n_s^2), the linearised
    variance is v = k / (k - 1) * sum(e_s^2) / n^2 and the effective size n_eff = r (1 - r) / v, at most n (Korn and Graubard
    1998; their factor is S / (S - 1), which leaves v too small where stories are unequal).

    Rates: Wilson's interval (1927) with n_eff and the t quantile of max(3 h / 4, 2) degrees of freedom, where
    h = (sum x_s)^2 / sum(x_s^2) is the effective number of stories that carry the hits; three quarters, since hits have a
    heavier tail than the normal distribution. The standard error is taken as at least r / S, what an average story
    contributes: two or three stories can agree by chance. One carrying story alone gives a lower end of about
    r (alpha - alpha^2 / 2), below which a hit would be seen less often than alpha; that is why the degrees of freedom are at
    least two. A cell without a hit is bounded as n / bundle words without one would be (Clopper and Pearson 1934); where
    `bundle` is unknown it is taken as 20, which is wide.

    Shares: the interval of Clopper and Pearson with n_eff, reduced by the squared ratio of the normal quantile to that of t
    with k - 1 degrees of freedom (Korn and Graubard 1998). The variance of a single story is taken as r (1 - r); where all
    stories agree, n_eff is k. Where none has a hit, the interval also reaches the share that would follow if as many
    stories had one as S without one allow, 1 - (alpha / 2)^(1 / S), and these had `bundle` hits each: stories with the term
    can be larger than those without. Where all are hits, the same with `rest`.

    In the settings of a simulation (tests/benchmarks/interval_coverage.md) the nominal 95 % never covered less than 94 %. There
    `bundle` and `rest` came from other cells. Without them a cell alone can fall short where none of its few stories with a
    hit was drawn and these are much larger than the rest: lowest .85 for shares, .91 for rates. Both kinds are wide
    where one or two stories carry everything, because nobody can know better there.

    Examples
    --------
    Three articles of 1,000 words with a hit each, and one with three hits among two without, per million words:

    >>> even = ratio_interval(story_sums([1, 1, 1], [1000, 1000, 1000]))
    >>> bundled = ratio_interval(story_sums([3, 0, 0], [1000, 1000, 1000]))
    >>> [round(float(end[0]) * 1e6) for end in even], [round(float(end[0]) * 1e6) for end in bundled]
    ([146, 6826], [49, 20109])

    No hit in 300 articles of 1,000 words, where stories elsewhere have two hits: at most 25 per million.

    >>> low, high = ratio_interval(story_sums([0] * 300, [1000] * 300), bundle=2)
    >>> float(low[0]), round(float(high[0]) * 1e6)
    (0.0, 25)
    """
    tail = _tail(confidence)
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        low, high = _share_ends(sums, tail, bundle, rest) if whole else _rate_ends(sums, tail, bundle)
    known = np.asarray(sums.n) > 0
    return np.where(known, low, np.nan), np.where(known, high, np.nan)


def _tail(confidence: float | Floats) -> float | Floats:
    """Return the chance that is left on each side."""
    level = np.asarray(confidence, dtype=float)
    if not ((level > 0) & (level < 1)).all():
        raise ValueError(f"confidence is a number between 0 and 1; this is {confidence}.")
    return 0.5 - confidence / 2


def _variance(sums: StorySums) -> Floats:
    """Return the linearised variance of x / n, with the story as unit; NaN where there is one story only."""
    r = sums.x / sums.n
    spread = sums.xx - 2 * r * sums.xn + r * r * sums.nn
    spread = np.where(spread > _DUST * sums.xx, spread, 0.0)  # below it is what rounding leaves where all stories agree

    # k / (k - 1) / n^2 is 1 / (n^2 - nn); nothing of it is left where stories were weighted and the weights of all but one cancel
    within = sums.n**2 - sums.nn
    gone = np.asarray(within <= _DUST * sums.n**2)
    if gone.any():
        within = np.where(gone, sums.n**2 * (sums.stories - 1) / sums.stories, within)
    return np.where(sums.stories > 1, spread / within, np.nan)


def _rate_ends(sums: StorySums, tail: float | Floats, bundle: ArrayLike | None) -> tuple[Floats, Floats]:
    from scipy import special

    x, n = sums.x, sums.n
    r = np.minimum(x / n, 1.0)
    variance = np.fmax(_variance(sums), (r / sums.stories) ** 2)
    n_eff = np.where(x < n, np.minimum(r * (1 - r) / variance, n), n)
    n_eff = np.maximum(n_eff, _LEAST)  # nothing is known of less, and the interval is 0 to 1
    z = -special.stdtrit(np.fmax(0.75 * x * x / sums.xx, 2.0), tail)
    low, high = _wilson_ends(r, n_eff, z)

    # a cell without a hit is bounded by as many independent units as its words would make bundles
    together = UNKNOWN_BUNDLE if bundle is None else np.asarray(bundle, dtype=float)
    together = np.where(np.isfinite(together), np.maximum(together, 1.0), UNKNOWN_BUNDLE)
    high = np.where(x > 0, high, 1 - tail ** (together / n))
    return np.where(x > 0, np.clip(low, 0.0, 1.0), 0.0), np.clip(high, 0.0, 1.0)


def _share_ends(
    sums: StorySums, tail: float | Floats, bundle: ArrayLike | None, rest: ArrayLike | None
) -> tuple[Floats, Floats]:
    from scipy import special

    x, n = sums.x, sums.n
    r = x / n
    variance = np.where(sums.stories > 1, _variance(sums), r * (1 - r))
    effective = n * n / sums.nn
    varies = (x > 0) & (x < n) & (variance > 0)

    # Korn and Graubard's reduction for few stories, then Clopper and Pearson's interval
    wider = (special.ndtri(tail) / special.stdtrit(np.maximum(effective - 1, 1.0), tail)) ** 2
    n_eff = np.where(varies, np.minimum(r * (1 - r) / variance, n) * wider, effective)
    hits, misses = r * n_eff, (1 - r) * n_eff
    any_hit, any_miss = x > 0, x < n  # most cells of a table have no hit of most terms, and the inverse is slow
    low = special.betaincinv(np.maximum(hits, 1e-12), misses + 1, tail, where=any_hit, out=np.zeros(any_hit.shape))
    high = special.betainccinv(hits + 1, np.maximum(misses, 1e-12), tail, where=any_miss, out=np.ones(any_miss.shape))

    def unseen(size: ArrayLike) -> Floats:
        """Return the share that stories of this size would have if as many were missed as chance allows."""
        p = 1 - tail ** (1 / sums.stories)
        of_them = p * np.asarray(size, dtype=float)
        return of_them / (of_them + (1 - p) * n / sums.stories)

    if bundle is not None:
        high = np.where(x == 0, np.fmax(high, unseen(bundle)), high)
    if rest is not None:
        low = np.where(x == n, np.fmin(low, 1 - unseen(rest)), low)
    return low, high


def _wilson_ends(p: Floats, size: Floats, z: Floats | float) -> tuple[Floats, Floats]:
    """Return p's interval as Wilson (1927) has it: the p that a sample of `size` would not reject at z standard errors."""
    middle = (p + z * z / (2 * size)) / (1 + z * z / size)
    half = z / (1 + z * z / size) * np.sqrt(p * (1 - p) / size + z * z / (4 * size * size))
    return middle - half, middle + half


def wilson(x: ArrayLike, n: ArrayLike, *, confidence: float | Floats = 0.95) -> tuple[Floats, Floats]:
    """Return Wilson's interval of a proportion of independent units (Wilson 1927, without continuity correction).

    It takes each word as drawn by itself, so it is far too narrow for hits that cluster; it is here to be compared with.

    Examples
    --------
    >>> [round(float(end), 4) for end in wilson(81, 263)]
    [0.2553, 0.3662]
    """
    from scipy import special

    count, size = np.asarray(x, dtype=float), np.asarray(n, dtype=float)
    with np.errstate(divide="ignore", invalid="ignore"):
        return _wilson_ends(count / size, size, -special.ndtri(_tail(confidence)))


def garwood(x: ArrayLike, exposure: ArrayLike, *, confidence: float | Floats = 0.95) -> tuple[Floats, Floats]:
    """Return Garwood's exact interval of a Poisson rate, x events in an exposure (Garwood 1936).

    It takes each hit as an event by itself, so it is far too narrow for hits that cluster, as Wilson's on words is. Without
    an exposure both ends are NaN.

    Examples
    --------
    Ten hits in 2 million words, per million:

    >>> [round(float(end), 4) for end in garwood(10, 2)]
    [2.3977, 9.1952]
    """
    from scipy import special

    count, size = np.asarray(x, dtype=float), np.asarray(exposure, dtype=float)
    tail = _tail(confidence)
    with np.errstate(divide="ignore", invalid="ignore"):
        low = np.where(count > 0, special.gammaincinv(np.maximum(count, 1e-12), tail), 0.0) / size
        high = special.gammainccinv(count + 1, tail) / size
    return np.where(size > 0, low, np.nan), np.where(size > 0, high, np.nan)


def story_bootstrap(
    x: ArrayLike,
    n: ArrayLike,
    cell: ArrayLike | None = None,
    n_cells: int | None = None,
    *,
    draws: int = 999,
    confidence: float = 0.95,
    seed: int = 0,
) -> tuple[Floats, Floats]:
    """Return the percentile interval of x / n in each cell when its stories are drawn again, with replacement.

    Parameters
    ----------
    x, n, cell, n_cells
        Stories, as `story_sums` takes them.
    draws : int
        How often each cell is drawn again.
    confidence : float
        Nominal coverage, between 0 and 1.
    seed : int
        Of the random numbers; the same seed and stories give the same interval.

    Returns
    -------
    low, high : ndarray, shape (n_cells,)
        Quantiles of the resampled ratios of sums (Davison and Hinkley 1997, section 5.3.1); NaN where n is 0.

    Notes
    -----
    Where few stories carry the hits there is little to draw again, and nominal 95 % covers far less; a cell without a hit, or
    with one story, gets an interval of no width. It is here because it is widely used, and to be compared with.

    Memory stays bounded: cells and draws are taken in blocks of some million numbers.

    Examples
    --------
    >>> low, high = story_bootstrap([2, 0, 1, 0], [100, 100, 50, 150])
    >>> float(low[0]), round(float(high[0]), 4)
    (0.0, 0.02)
    """
    tail = float(_tail(confidence))
    if draws < 1:
        raise ValueError(f"draws is a number of at least 1; this is {draws}.")
    hits, size = np.asarray(x, dtype=float), np.asarray(n, dtype=float)
    where = np.zeros(len(hits), dtype=np.int64) if cell is None else np.asarray(cell, dtype=np.int64)
    length = n_cells if n_cells is not None else int(where.max(initial=0)) + 1
    order = np.argsort(where, kind="stable")
    hits, size = hits[order], size[order]

    stories = np.bincount(where, minlength=length)
    used = np.flatnonzero(stories)
    ends = np.cumsum(stories[used])
    rng = np.random.default_rng(seed)
    low, high = np.full(length, np.nan), np.full(length, np.nan)

    done, first = 0, 0
    while done < len(used):
        # as many cells as fit a block of ratios and, once drawn, a block of stories; at least one
        upto = int(np.searchsorted(ends, first + _BLOCK, side="right"))
        upto = max(done + 1, min(upto, done + max(1, _BLOCK // draws)))
        last = int(ends[upto - 1])
        ratios = _redrawn(hits[first:last], size[first:last], stories[used[done:upto]], draws, rng)

        known = ~np.isnan(ratios).all(axis=0)  # of cells whose stories have words; a resample may have none by chance
        quantile = np.nanquantile if np.isnan(ratios[:, known]).any() else np.quantile
        at = used[done:upto][known]
        if len(at):
            low[at], high[at] = quantile(ratios[:, known], [tail, 1 - tail], axis=0)

        done, first = upto, last
    return low, high


def _redrawn(x: Floats, n: Floats, stories: NDArray[np.int64], draws: int, rng: np.random.Generator) -> Floats:
    """Return the ratios of all draws, (draws, cells), of stories that are sorted by cell."""
    begins = np.cumsum(stories) - stories
    begin, size = np.repeat(begins, stories), np.repeat(stories, stories)
    ratios = np.empty((draws, len(stories)))
    step = max(1, _BLOCK // len(x))

    for done in range(0, draws, step):
        n_now = min(step, draws - done)
        drawn = begin + (rng.random((n_now, len(x))) * size).astype(np.int64)
        over, under = (np.add.reduceat(part[drawn], begins, axis=1) for part in (x, n))
        with np.errstate(divide="ignore", invalid="ignore"):
            ratios[done : done + n_now] = over / under
    return ratios
