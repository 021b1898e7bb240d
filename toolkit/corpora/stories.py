"""Own the stories: articles that are near-identical, across outlets and days, get one name, and none is deleted."""

from __future__ import annotations

import re
import unicodedata
from collections import deque
from collections.abc import Iterator
from hashlib import blake2b
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from toolkit.corpora.history import with_step
from toolkit.tables import FramingError, check_articles, warn_user

# Words in the runs that MinHash looks at, and in those that are counted. Of two-word runs 49 % outlive a change of 30 % of the
# words, of three-word runs 34 %; reports of one event that are no copies share 20 to 35 % and 15 to 30 %. So the shorter runs
# part them better, but for MinHash they are too common.
LOOKED, COUNTED = 3, 2
# Minima a key, and keys: two texts of Jaccard .2 are compared with a chance of 98 %, 1 - (1 - .2 ** 2) ** 96.
ROWS, BANDS = 2, 96
SHORTEST = 20  # words; a text with fewer is its own story
CONTAINED = 50  # words that the shorter text needs for containment to count; below, all of both texts has to be alike
NEARLY_EXACT = 0.9  # Jaccard from which an undated article joins a story
_CHUNK = 2048  # articles hashed at a time

# A word is a run of letters and digits; scripts that do not part words give one character each.
_WORD = re.compile(r"[\u2e80-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]|[^\W_\u2e80-\u9fff\uf900-\ufaff]+")

Hashes = NDArray[np.uint64]


def mark_stories(
    articles: pd.DataFrame, *, window: str | pd.Timedelta | None = "3D", threshold: float = 0.45
) -> pd.DataFrame:
    """Find near-identical articles (wire copy, updates, corrections) and give each group one story.

    Texts are compared by their pairs of neighbouring words, in lower case and without punctuation. Two texts are alike by the share of
    the shorter one's pairs that the longer has, too (containment; of texts under 50 words the Jaccard coefficient), so that a copy that was
    cut short is a copy. MinHash over runs of three words proposes which texts to compare; the pairs are then counted.

    An article joins a story by its likeness to the story's first article, not to the last one that joined, and so a chain of updates
    ends where little of the first is left: what follows is a story of its own.

    Parameters
    ----------
    articles : DataFrame
        Articles, with `doc_id` and `text`; without `date` all are undated.
    window : str, Timedelta or None, keyword-only
        Longest time between two articles of one story, as pandas spells it ("3D", "36h"). None leaves dates aside.
    threshold : float, keyword-only
        Least likeness to the first, above 0 and at most 1. It is about .8 where a tenth of the words were changed one by one and .5 where
        three tenths were; updates that keep half of the text are above .5, other reports of the same event mostly below .35.

    Returns
    -------
    DataFrame
        A copy, one row per article in the same order, with `story_id` (the doc_id of the first article), `story_role` ("first" or "copy"; the
        first is the earliest dated, of those of one date the longest, then by doc_id, so that the order of rows does not matter)
        and `similarity` (to the first: from `threshold` to 1, and 1 for the first itself; missing in a text of less than 20 words, which is its
        own story). Columns of these names are replaced. `attrs["stories"]` has the settings.

    Raises
    ------
    FramingError
        If `window` is no length of time, or `threshold` is out of its range.

    Warns
    -----
    FramingWarning
        If articles are undated: they join only where nine tenths are the same (Jaccard).

    Notes
    -----
    Shingles and containment after Broder (1997), On the resemblance and containment of documents. Text that an outlet repeats under
    all its articles makes them alike: `clean` first. Outlets that print one text more than `window` apart have two stories.

    Examples
    --------
    >>> import pandas as pd
    >>> wire = "They call it a reset and not a ban, for a ban would need a vote that nobody in the house wants now."
    >>> articles = pd.DataFrame({
    ...     "doc_id": ["a", "b", "c"],
    ...     "date": pd.to_datetime(["2017-02-08", "2017-02-07", "2017-02-07"]),
    ...     "text": [wire + " So they say.", wire, "Nothing."],
    ... })
    >>> mark_stories(articles)[["doc_id", "story_id", "story_role", "similarity"]]
      doc_id story_id story_role  similarity
    0      a        b       copy       0.875
    1      b        b      first       1.000
    2      c        c      first         NaN
    """
    articles = check_articles(articles)
    longest = _length(window)
    if not 0 < threshold <= 1:
        raise FramingError(f"threshold is a likeness above 0 and at most 1, such as 0.45; this is {threshold}.")
    dates = articles["date"] if "date" in articles.columns else pd.Series(pd.NaT, index=articles.index)
    days = dates.to_numpy("datetime64[us]")
    undated = int(np.isnat(days).sum())
    if undated and longest is not None:
        warn_user(
            f"{undated:,} of {len(articles):,} articles are undated: they join a story only where nine tenths of the text are the same. "
            "window=None leaves dates aside."
        )
    if longest is None:
        days = np.where(np.isnat(days), np.datetime64("9999-01-01", "us"), days)  # the first is still the earliest
    names = articles["doc_id"].astype(str).tolist()
    leader, similarity = _grouped(articles["text"].fillna("").tolist(), names, days, longest, threshold)
    marked = articles.copy()
    marked["story_id"] = articles["doc_id"].array.take(leader)
    role = np.where(leader == np.arange(len(leader)), "first", "copy")
    marked["story_role"] = pd.array(role, dtype="str")
    marked["similarity"] = similarity
    settings = {"window": None if longest is None else str(longest), "threshold": threshold}
    counts = {"n_stories": int((role == "first").sum()), "n_copies": int((role == "copy").sum())}
    marked.attrs = dict(articles.attrs) | {"stories": settings | counts}
    return with_step(marked, "mark_stories", articles, **settings)


def shingles(text: str, n: int = COUNTED) -> Hashes:
    """Return the runs of `n` words of a text, each once, as sorted 64-bit hashes; of a text with fewer words, none.

    Examples
    --------
    >>> len(shingles("A ban is a ban is a ban.")), len(shingles("Ban."))
    (3, 0)
    """
    return _shingled(_hashed(_words(text)), n)


def overlap(one: Hashes, other: Hashes) -> tuple[float, float]:
    """Return the containment of the smaller set in the larger, and the Jaccard coefficient.

    Examples
    --------
    >>> overlap(shingles("they call it a reset"), shingles("they call it a ban on travel"))
    (0.75, 0.42857142857142855)
    """
    small, large = (one, other) if len(one) <= len(other) else (other, one)
    if len(small) == 0:
        return 0.0, 0.0
    place = np.searchsorted(large, small)
    place[place == len(large)] = 0
    both = int((large[place] == small).sum())
    return both / len(small), both / (len(small) + len(large) - both)


def likeness(one: Hashes, other: Hashes) -> float:
    """Return how alike two texts are: containment, or the Jaccard coefficient where the shorter has under 50 words."""
    contained, jaccard = overlap(one, other)
    return contained if min(len(one), len(other)) + COUNTED - 1 >= CONTAINED else jaccard


def signatures(sets: list[Hashes], *, k: int = ROWS * BANDS) -> NDArray[np.uint32]:
    """Return the MinHash signatures of sets: `k` numbers each, of which two sets share the Jaccard coefficient on average.

    Vectorised over the sets, this takes as long as the compiled library that was tried, and asks for no dependency.
    """
    rng = np.random.Generator(np.random.PCG64(20170207))
    mask = rng.integers(0, 2**32, size=k, dtype=np.uint32)
    factor = rng.integers(0, 2**32, size=k, dtype=np.uint32) | np.uint32(1)
    found = np.zeros((len(sets), k), dtype=np.uint32)
    filled = np.flatnonzero([len(s) > 0 for s in sets])
    if len(filled):
        ends = np.cumsum([len(sets[i]) for i in filled])
        begins = np.concatenate([[0], ends[:-1]])
        values = (np.concatenate([sets[i] for i in filled]) >> np.uint64(32)).astype(np.uint32)
        for j in range(k):
            found[filled, j] = np.minimum.reduceat((values ^ mask[j]) * factor[j], begins)
    return found


# From texts to words to hashes

_HASHED: dict[str, int] = {}


def _words(text: str) -> list[str]:
    if not text.isascii():
        text = unicodedata.normalize("NFKC", text).replace("’", "").replace("ʼ", "")
    return _WORD.findall(text.casefold().replace("'", ""))


def _hash_of(word: str) -> int:
    return int.from_bytes(blake2b(word.encode("utf-8", "surrogatepass"), digest_size=8).digest(), "little")


def _hashed(words: list[str]) -> Hashes:
    known = _HASHED
    if len(known) > 2_000_000:  # misprints without end would fill the memory
        known.clear()
    try:
        return np.array([known[w] for w in words], dtype=np.uint64)
    except KeyError:
        for word in words:
            if word not in known:
                known[word] = _hash_of(word)
        return np.array([known[w] for w in words], dtype=np.uint64)


def _mixed(values: Hashes) -> Hashes:
    """Spread the bits (the finaliser of splitmix64)."""
    values = (values ^ (values >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    values = (values ^ (values >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return values ^ (values >> np.uint64(31))


def _shingled(words: Hashes, n: int) -> Hashes:
    size = len(words) - n + 1
    if size < 1:
        return np.empty(0, dtype=np.uint64)
    runs = np.zeros(size, dtype=np.uint64)
    for place in range(n):
        runs = _mixed(runs * np.uint64(0x9E3779B97F4A7C15) + words[place : place + size])
    return np.unique(runs)


# From hashes to stories


class Text(NamedTuple):
    """Articles of exactly the same words, taken as one.

    Attributes
    ----------
    members : list of int
        Their rows, the first first.
    begin, end : int
        Dates of the first and the last, in microseconds; 0 where undated.
    undated : bool
        Whether none of them has a date.
    n_words : int
        Length.
    """

    members: list[int]
    begin: int
    end: int
    undated: bool
    n_words: int


class Story(NamedTuple):
    """A story that can still be joined: its place among them, its first's row and date, what it is compared by, its keys."""

    place: int
    first: int
    date: int
    shingles: Hashes
    signature: NDArray[np.uint32]
    keys: list[int]


def _length(window: str | pd.Timedelta | None) -> pd.Timedelta | None:
    if window is None:
        return None
    try:
        length = pd.Timedelta(window)
    except ValueError:
        length = None
    if length is None or pd.isna(length) or length < pd.Timedelta(0):
        raise FramingError(f"window is a length of time, such as '3D' or '36h', or None; this is {window!r}.")
    return length


def _grouped(
    texts: list[str], names: list[str], days: NDArray[Any], longest: pd.Timedelta | None, threshold: float
) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """Return the row of each article's first, and how alike the two are."""
    leader = np.arange(len(texts))
    similarity = np.full(len(texts), np.nan)
    span = np.iinfo(np.int64).max if longest is None else int(longest / pd.Timedelta("1us"))
    stamps = days.astype("int64").tolist()
    order = _ordered(texts, names, days)
    undated = {row for row in order if np.isnat(days[row])}
    found = _same_words(texts, order, stamps, undated, span)
    index = _Index()
    firsts: list[tuple[int, NDArray[np.uint32]]] = []  # row and signature of every story so far
    loose: list[tuple[Text, Hashes, NDArray[np.uint32]]] = []  # undated, compared at the end
    for text, runs, signature in _with_signatures(found, texts):
        similarity[text.members] = 1.0
        leader[text.members] = text.members[0]
        if text.undated:
            loose.append((text, runs, signature))
            continue
        if span < np.iinfo(np.int64).max:
            index.forget(text.begin - span)
        joined, alike = index.most_alike(runs, signature, threshold, after=text.end - span)
        if joined is None:
            index.add(text.members[0], text.begin, runs, signature)
            if undated:
                firsts.append((text.members[0], signature))
        else:
            leader[text.members] = joined.first
            similarity[text.members] = alike
    if loose:
        _place_undated(loose, firsts, texts, leader, similarity)
    return leader, similarity


def _ordered(texts: list[str], names: list[str], days: NDArray[Any]) -> list[int]:
    """Return the rows by date, undated last, of one date the longest first, then by doc_id: not by the order of rows."""
    counted = [len(text) for text in texts]
    last = np.iinfo(np.int64).max
    stamps = np.where(np.isnat(days), last, days.astype("int64")).tolist()
    return sorted(range(len(texts)), key=lambda row: (stamps[row], -counted[row], names[row]))


def _same_words(texts: list[str], order: list[int], stamps: list[int], undated: set[int], span: int) -> list[Text]:
    """Put articles of exactly the same words together, as far as they lie within the window of the first of them."""
    groups: dict[bytes, list[Text]] = {}
    for row in _shown(order):
        words = _words(texts[row])
        if len(words) < SHORTEST:
            continue
        key = blake2b(" ".join(words).encode("utf-8", "surrogatepass"), digest_size=16).digest()
        same = groups.setdefault(key, [])
        stamp = 0 if row in undated else stamps[row]
        if row in undated and same:
            same[0].members.append(row)
        elif same and stamp - same[-1].begin <= span:
            same[-1].members.append(row)
            same[-1] = same[-1]._replace(end=stamp)
        else:
            same.append(Text([row], stamp, stamp, row in undated, len(words)))
    rank = {row: place for place, row in enumerate(order)}
    return sorted((text for same in groups.values() for text in same), key=lambda text: rank[text.members[0]])


def _shown(rows: list[Any], what: str = "Comparing") -> Iterator[Any]:
    from tqdm.auto import tqdm

    yield from tqdm(rows, desc=what, unit=" articles", disable=len(rows) < 20_000, leave=False)


def _with_signatures(found: list[Text], texts: list[str]) -> Iterator[tuple[Text, Hashes, NDArray[np.uint32]]]:
    """Shingle and hash the texts a chunk at a time, so that only what can still be joined is in memory."""
    chunks = [found[at : at + _CHUNK] for at in range(0, len(found), _CHUNK)]
    with_progress = _shown(found, "Finding stories")
    for chunk in chunks:
        words = [_hashed(_words(texts[text.members[0]])) for text in chunk]
        signed = signatures([_shingled(hashed, LOOKED) for hashed in words])
        for text, hashed, signature in zip(chunk, words, signed, strict=True):
            next(with_progress, None)
            yield text, _shingled(hashed, COUNTED), signature


def _keys(signature: NDArray[np.uint32], rows: int, bands: int) -> list[int]:
    """Return one key a band: the band's number and its minima, hashed together."""
    values = signature[: rows * bands].reshape(bands, rows).astype(np.uint64)
    mixed = np.arange(1, bands + 1, dtype=np.uint64)
    for place in range(rows):
        mixed = _mixed(mixed * np.uint64(0x9E3779B97F4A7C15) + values[:, place])
    return mixed.tolist()


class _Index:
    """The stories that can still be joined, by the keys of their first text.

    Only firsts are in it, so a report that a thousand outlets print costs each of them one comparison.
    """

    def __init__(self, rows: int = ROWS, bands: int = BANDS) -> None:
        self.rows, self.bands = rows, bands
        self.stories: dict[int, Story] = {}
        self.by_key: dict[int, int | list[int]] = {}
        self.oldest: deque[int] = deque()
        self.n = 0

    def add(self, first: int, date: int, runs: Hashes, signature: NDArray[np.uint32]) -> None:
        keys = _keys(signature, self.rows, self.bands)
        self.stories[first] = Story(self.n, first, date, runs, signature, keys)
        self.n += 1
        self.oldest.append(first)
        for key in keys:
            there = self.by_key.get(key)
            if there is None:
                self.by_key[key] = first
            elif isinstance(there, list):
                there.append(first)
            else:
                self.by_key[key] = [there, first]

    def forget(self, before: int) -> None:
        """Drop the stories whose first is older than this date."""
        while self.oldest and self.stories[self.oldest[0]].date < before:
            first = self.oldest.popleft()
            for key in self.stories.pop(first).keys:
                there = self.by_key[key]
                if isinstance(there, list):
                    there.remove(first)
                    if not there:
                        del self.by_key[key]
                else:
                    del self.by_key[key]

    def near(self, signature: NDArray[np.uint32]) -> list[int]:
        """Return the stories that share a key, in the order they were added."""
        found: set[int] = set()
        for key in _keys(signature, self.rows, self.bands):
            there = self.by_key.get(key)
            if isinstance(there, list):
                found.update(there)
            elif there is not None:
                found.add(there)
        return sorted(found, key=lambda first: self.stories[first].place)

    def most_alike(
        self, runs: Hashes, signature: NDArray[np.uint32], threshold: float, after: int
    ) -> tuple[Story | None, float]:
        """Return the story whose first is most like this text, the earliest of equals, if one is like enough and not too old."""
        best, alike = None, 0.0
        for first in self._promising(self.near(signature), runs, signature, threshold):
            story = self.stories[first]
            if story.date < after:
                continue
            found = likeness(runs, story.shingles)
            if found >= threshold and found > alike:
                best, alike = story, found
        return best, alike

    def _promising(self, near: list[int], runs: Hashes, signature: NDArray[np.uint32], threshold: float) -> list[int]:
        """Leave out pairs whose signatures agree four standard errors less than pairs of this likeness do."""
        if len(near) < 4:  # counting them is as quick
            return near
        stories = [self.stories[first] for first in near]
        sizes = np.array([len(story.shingles) for story in stories])
        # Edits spread over a text leave threshold ** (1 / 2) of its words, and so threshold ** (3 / 2) of its runs of three.
        both = threshold ** (LOOKED / COUNTED) * np.minimum(sizes, len(runs))
        least = both / (sizes + len(runs) - both)  # the Jaccard coefficient of a pair with this containment
        agree = (np.array([story.signature for story in stories]) == signature).mean(axis=1)
        error = np.sqrt(least * (1 - least) / len(signature))  # Broder (1997)
        return [first for first, keep in zip(near, (agree >= least - 4 * error).tolist(), strict=True) if keep]


def _place_undated(
    loose: list[tuple[Text, Hashes, NDArray[np.uint32]]],
    firsts: list[tuple[int, NDArray[np.uint32]]],
    texts: list[str],
    leader: NDArray[np.int64],
    similarity: NDArray[np.float64],
) -> None:
    """Join undated texts to the stories that they are nearly the same as, or to one another."""
    index: dict[
        int, list[int]
    ] = {}  # eight minima a key: pairs of Jaccard .9 share one of the 16 in 99.99 of 100 cases
    for first, signature in firsts:
        for key in _keys(signature, 8, 16):
            index.setdefault(key, []).append(first)
    rank = {first: place for place, (first, _) in enumerate(firsts)}
    for text, runs, signature in loose:
        keys = _keys(signature, 8, 16)
        near = sorted({first for key in keys for first in index.get(key, ())}, key=rank.__getitem__)
        likely = [(overlap(runs, shingles(texts[first]))[1], first) for first in near]
        best = max(likely, key=lambda pair: pair[0], default=(0.0, -1))
        if best[0] >= NEARLY_EXACT:
            leader[text.members], similarity[text.members] = best[1], best[0]
            continue
        rank[text.members[0]] = len(rank)
        for key in keys:
            index.setdefault(key, []).append(text.members[0])
