"""Own the cleaning: what is not the article is cut by rules that can be read, and every cut can be looked at and undone."""

from __future__ import annotations

import re
import tomllib
from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import cache
from hashlib import sha256
from itertools import pairwise
from pathlib import Path
from typing import Any, Literal, NamedTuple, get_args
from urllib.parse import quote, unquote

import pandas as pd

from toolkit.corpora.history import with_step
from toolkit.corpora.leads import with_one_lead
from toolkit.corpora.lines import Join, words_of, wrapped_joins
from toolkit.tables import FramingError, check_articles, listed, not_found

Where = Literal["line", "head", "tail", "inline"]
Action = Literal["drop", "move", "tag"]

RULES = Path(__file__).with_name("boilerplate.toml")
LINE = 300  # characters; a longer line is a paragraph
TAIL = 600  # characters in which a tail is looked for
SHARE, LEAST = 0.05, 10  # a line is furniture of an outlet if it is in this share of its articles, and in so many
_REPEATED, _MOJIBAKE, _WRAPPED, _STANDFIRST = "repeated", "mojibake", "wrapped", "standfirst"
_OWN = (_REPEATED, _MOJIBAKE, _WRAPPED, _STANDFIRST)
_MONTH = "(?:January|February|March|April|May|June|July|August|September|October|November|December|Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept?|Oct|Nov|Dec)"


@dataclass(frozen=True)
class Rule:
    """One kind of boilerplate.

    Attributes
    ----------
    name : str
        What reports and cuts call it.
    pattern : str
        A regular expression. Its named groups are columns: `(?P<wire>Reuters)`.
    where : {"line", "head", "tail", "inline"}
        Whether it is a whole line, begins the text, ends it, or may stand anywhere.
    action : {"drop", "move", "tag"}
        Cut it; cut it and fill the columns; only fill the columns.
    note : str
        Why it is safe, or what it misses.

    Examples
    --------
    >>> articles = pd.DataFrame({"doc_id": ["a"], "text": ["A ban, of sorts.\\nTip us off: 555 0100"]})
    >>> clean(articles, rules=[Rule("tips", "Tip us off: .*", "line")])["text"][0]
    'A ban, of sorts.'
    """

    name: str
    pattern: str
    where: Where = "line"
    action: Action = "drop"
    note: str = ""

    def __post_init__(self) -> None:
        if not re.fullmatch(r"\w+", self.name) or self.name in _OWN:
            raise FramingError(
                f"A rule's name is letters, digits and underscores, and not one of {listed(_OWN)}; this is {self.name!r}."
            )
        for value, kind, known in (
            (self.where, "where", get_args(Where)),
            (self.action, "action", get_args(Action)),
        ):
            if value not in known:
                raise FramingError(f"{kind} of the rule {self.name} is one of {listed(known)}; this is {value!r}.")
        try:
            re.compile(self.expanded)
        except re.error as error:
            raise FramingError(f"The pattern of the rule {self.name} is no regular expression: {error}.") from None

    @property
    def expanded(self) -> str:
        """The pattern with agencies and months written out."""
        return self.pattern.replace("{agency}", _agency()).replace("{month}", _MONTH)


def clean(
    articles: pd.DataFrame,
    *,
    rules: Iterable[str | Rule] | None = None,
    repeated: bool = True,
    mojibake: bool = True,
    wrapped: bool = True,
) -> pd.DataFrame:
    """Mend broken characters and lines, and cut what is not the article: cookie lines, links, credits, rights, datelines.

    Nothing inside a quotation is cut; a quotation without a closing mark ends with its paragraph. A rule that would cut
    part of a quotation cuts nothing there.

    Parameters
    ----------
    articles : DataFrame
        Articles, with `doc_id` and `text`. If they were cleaned before, they are cleaned anew from `text_raw`.
    rules : list of str and Rule, optional, keyword-only
        Names of the rules to use (see `cleaning_rules`), and rules of your own; all known ones where left out, none where empty.
    repeated : bool, keyword-only
        Whether to cut lines that one outlet repeats: digits aside, in at least 5 % of its articles and at least 10. Of a text in one long
        line, the first three and last five sentences are taken for lines. And whether to set a standfirst aside that the text begins with.
    mojibake : bool, keyword-only
        Whether to mend text that was read in the wrong encoding, with ftfy; quotation marks, ligatures and the like stay as they are.
    wrapped : bool, keyword-only
        Whether to join the lines of texts that were broken at a fixed width, and the words that a hyphen parts there, so that phrases go
        on over a line's end (see `toolkit.corpora.lines.wrapped_joins`).

    Returns
    -------
    DataFrame
        A copy, one row per article, with `text` cleaned; `text_raw`, as it was; `cuts`, what was done as "start:end:rule" by characters of
        `text_raw`, joined by semicolons (a character that was mended has "=" and what it became, percent-encoded); `dateline`, `wire`
        (agencies, joined by commas), `correction` and `genre`, missing where none was found; what was in these columns stays.
        With `repeated`, a `standfirst` that the text begins with is missing, since its words would count twice; `standfirst_raw` has it.
        `attrs["cleaning"]` says how often each rule acted; `cleaning_report` shows it with examples.

    Raises
    ------
    FramingError
        If a rule is unknown, or `text` was changed after an earlier cleaning.

    Notes
    -----
    The rules are applied to each text until none finds more, so a line that was hidden behind another is found, too.
    Titles of other articles are cut with their links, and the terms in them. Count `text_raw`, too, where that could matter.

    Examples
    --------
    >>> articles = pd.DataFrame({"doc_id": ["a"], "text": ["MOSCOW (Reuters) - The “reset” is over.\\nREAD MORE: A ban"]})
    >>> cleaned = clean(articles)
    >>> cleaned[["text", "dateline", "wire", "cuts"]].loc[0].tolist()
    ['The “reset” is over.', 'MOSCOW', 'Reuters', '0:19:dateline_agency;39:56:related_link']
    """
    articles = check_articles(articles)
    chosen = _chosen(rules)
    raw = _raw_texts(articles)
    works = [_Work(text, _mended(text) if mojibake else []) for text in raw]

    compiled = [(rule, re.compile(rule.expanded)) for rule in chosen]
    for work in _shown(works):
        _apply_all(work, compiled)
    if repeated:
        sources = articles["source"] if "source" in articles.columns else pd.Series("", index=articles.index)
        for work in _cut_repeated(works, sources.fillna("").astype(str).tolist()):
            _apply_all(work, compiled)  # what stood before a repeated line may end the text now
    if wrapped:
        _join_lines(works)

    cleaned = articles.copy()
    cleaned["text"] = pd.array([work.text for work in works], dtype="str")
    cleaned["text_raw"] = pd.array(raw, dtype="str")
    cleaned["cuts"] = pd.array([_spelled(work.cuts) for work in works], dtype="str")

    # What an archive says of itself is kept; the rules fill the gaps.
    columns = ["dateline", "wire", "correction", "genre"]
    columns += sorted({name for _, pattern in compiled for name in pattern.groupindex} - set(columns))
    for column in columns:
        found = pd.Series([work.found.get(column) for work in works], index=articles.index, dtype="str")
        cleaned[column] = (
            articles[column].where(articles[column].notna(), found) if column in articles.columns else found
        )

    names = [*([_MOJIBAKE] if mojibake else []), *(rule.name for rule in chosen)]
    names += [*([_REPEATED] if repeated else []), *([_WRAPPED] if wrapped else [])]
    counted = _counted(names, works)
    if repeated and "standfirst" in articles.columns:
        cleaned = with_one_lead(cleaned)
        counted.append({"rule": _STANDFIRST, **_leads(cleaned)})
    cleaned.attrs = dict(articles.attrs) | {"cleaning": counted}
    # The toolkit's rules change with its versions, and a reader's own are known to nobody else.
    patterns = "\0".join(f"{rule.name} {rule.where} {rule.action} {rule.expanded}" for rule in chosen)
    settings = {
        "rules": [rule.name for rule in chosen],
        "own_rules": {rule.name: rule.pattern for rule in chosen if _known().get(rule.name) != rule},
        "rules_sha256": sha256(patterns.encode("utf-8")).hexdigest()[:32],
    }
    return with_step(cleaned, "clean", articles, **settings, repeated=repeated, mojibake=mojibake, wrapped=wrapped)


def cleaning_report(articles: pd.DataFrame) -> pd.DataFrame:
    """Say what each rule removed from cleaned articles, and how often.

    Parameters
    ----------
    articles : DataFrame
        What `clean` returned, or some of its rows.

    Returns
    -------
    DataFrame
        One row per rule, the rule that removed most first, those that found nothing last: `rule`; `n_articles` it acted in; `n_characters` of
        `text_raw` it removed or mended; `share` of all characters; `position` (where most cuts lie: head, middle or tail, by thirds of the text);
        `examples`, up to three of what was removed, parted by " | ".

    Raises
    ------
    FramingError
        If the articles were not cleaned.

    Examples
    --------
    >>> articles = pd.DataFrame({"doc_id": ["a"], "text": ["The “reset” is over.\\nREAD MORE: A ban"]})
    >>> cleaning_report(clean(articles))[["rule", "n_articles", "n_characters", "examples"]].head(1)
               rule  n_articles  n_characters          examples
    0  related_link           1            17  READ MORE: A ban
    """
    _check_cleaned(articles)
    texts = articles["text_raw"].tolist()
    cuts = [read_cuts(spelled) for spelled in articles["cuts"].tolist()]
    n_articles, n_characters = _totals(cuts)
    leads = _leads(articles)
    n_articles[_STANDFIRST], n_characters[_STANDFIRST] = leads["n_articles"], leads["n_characters"]

    positions: dict[str, Counter[str]] = defaultdict(Counter)
    examples: dict[str, dict[str, None]] = defaultdict(dict)
    for raw, of_text in zip(texts, cuts, strict=True):
        for cut in of_text:
            third = (cut.start + cut.end) / 2 / len(raw)
            positions[cut.rule]["head" if third < 1 / 3 else "tail" if third > 2 / 3 else "middle"] += 1
            if len(examples[cut.rule]) < 3 and (example := " ".join(raw[cut.start : cut.end].split())[:100]):
                examples[cut.rule][example] = None

    # Rules that found nothing are known from the cleaning only.
    known = [entry["rule"] for entry in articles.attrs.get("cleaning", [])]
    names = sorted(
        {*known, *(+n_articles)}, key=lambda name: (-n_characters[name], known.index(name) if name in known else 0)
    )
    total = sum(map(len, texts))
    return pd.DataFrame(
        {
            "rule": pd.array(names, dtype="str"),
            "n_articles": [n_articles[name] for name in names],
            "n_characters": [n_characters[name] for name in names],
            "share": [n_characters[name] / max(total, 1) for name in names],
            "position": pd.array(
                [positions[n].most_common(1)[0][0] if positions[n] else None for n in names], dtype="str"
            ),
            "examples": pd.array([" | ".join(examples[name]) for name in names], dtype="str"),
        }
    )


def cleaning_rules() -> pd.DataFrame:
    """List the rules that `clean` knows.

    Returns
    -------
    DataFrame
        One row per rule, in the order they are tried: `rule`, `where`, `action`, `note`, `pattern`.

    Examples
    --------
    >>> cleaning_rules().query("rule == 'wire_signoff'")[["where", "action", "note"]].iloc[0].tolist()
    ['tail', 'move', 'mb/rt (AFP, dpa, Reuters)']
    """
    rules = _known().values()
    return pd.DataFrame(
        {
            "rule": pd.array([rule.name for rule in rules], dtype="str"),
            "where": pd.array([rule.where for rule in rules], dtype="str"),
            "action": pd.array([rule.action for rule in rules], dtype="str"),
            "note": pd.array([rule.note for rule in rules], dtype="str"),
            "pattern": pd.array([rule.pattern for rule in rules], dtype="str"),
        }
    )


def raw_offsets(articles: pd.DataFrame, doc_id: str, start: int, end: int) -> tuple[int, int]:
    """Return where a passage of a cleaned text stands in its `text_raw`.

    Parameters
    ----------
    articles : DataFrame
        Cleaned articles.
    doc_id : str
        The article.
    start, end : int
        First character of the passage in `text`, and one past the last.

    Returns
    -------
    tuple of int
        First character in `text_raw`, and one past the last. What was cut inside the passage lies between them.

    Raises
    ------
    FramingError
        If the articles were not cleaned, there is no such article, or the passage is not in it.

    Examples
    --------
    >>> articles = clean(pd.DataFrame({"doc_id": ["a"], "text": ["MOSCOW (Reuters) - The “reset” is over."]}))
    >>> raw_offsets(articles, "a", 5, 10), articles["text"][0][5:10], articles["text_raw"][0][24:29]
    ((24, 29), 'reset', 'reset')
    """
    _check_cleaned(articles)
    row = articles.loc[articles["doc_id"] == doc_id]
    if row.empty:
        raise not_found("article", str(doc_id), articles["doc_id"].astype(str).tolist()[:10])
    raw, size = row["text_raw"].iloc[0], len(row["text"].iloc[0])
    if not 0 <= start <= end <= size:
        raise FramingError(
            f"The text of {doc_id} has {size:,} characters; the passage from {start} to {end} is not in it."
        )
    edits = _Edits(raw, read_cuts(row["cuts"].iloc[0]))
    if start == end:
        return (edits.raw_start(start),) * 2 if start < size else (len(raw),) * 2
    return edits.raw_start(start), edits.raw_end(end)


# Cuts


class Cut(NamedTuple):
    """A span of the raw text that is left out, or, where it was mended, replaced."""

    start: int
    end: int
    rule: str
    becomes: str = ""


def read_cuts(cuts: str | None) -> list[Cut]:
    """Read the column `cuts`.

    Examples
    --------
    >>> read_cuts("0:3:mojibake=%E2%80%9C;9:12:rights")
    [Cut(start=0, end=3, rule='mojibake', becomes='“'), Cut(start=9, end=12, rule='rights', becomes='')]
    """
    found = []
    for entry in (cuts or "").split(";"):
        if entry:
            start, end, rule = entry.split(":")
            name, _, becomes = rule.partition("=")
            found.append(Cut(int(start), int(end), name, unquote(becomes)))
    return found


def apply_cuts(raw: str, cuts: str | None) -> str:
    """Return the cleaned text that `cuts` make of the raw one.

    Examples
    --------
    >>> apply_cuts("A ban. READ MORE: x", "6:19:related_link")
    'A ban.'
    """
    return _Edits(raw, read_cuts(cuts)).text


def _spelled(cuts: Iterable[Cut]) -> str:
    return ";".join(
        f"{cut.start}:{cut.end}:{cut.rule}" + (f"={quote(cut.becomes, safe='')}" if cut.becomes else "") for cut in cuts
    )


class _Edits:
    """A raw text with cuts, as the pieces that are left of it."""

    def __init__(self, raw: str, cuts: list[Cut]) -> None:
        # Pieces of the result: where each begins in it, its raw span, and whether it is a replacement.
        self.begins: list[int] = []
        self.spans: list[tuple[int, int, bool]] = []
        parts: list[str] = []
        at = size = 0
        for cut in [*cuts, Cut(len(raw), len(raw), "")]:
            for piece, span in (
                (raw[at : cut.start], (at, cut.start, False)),
                (cut.becomes, (cut.start, cut.end, True)),
            ):
                if piece:
                    self.begins.append(size)
                    self.spans.append(span)
                    parts.append(piece)
                    size += len(piece)
            at = cut.end
        self.text = "".join(parts)

    def raw_start(self, at: int) -> int:
        """Return where the character at this place of the result begins in the raw text."""
        piece = bisect_right(self.begins, at) - 1
        begin, _, replaced = self.spans[piece]
        return begin if replaced else begin + at - self.begins[piece]

    def raw_end(self, at: int) -> int:
        """Return where the character before this place of the result ends in the raw text."""
        piece = bisect_right(self.begins, at - 1) - 1
        begin, end, replaced = self.spans[piece]
        return end if replaced else begin + at - self.begins[piece]


class _Work:
    """One text at work: the cuts so far, what is left, and what was found for columns."""

    def __init__(self, raw: str, cuts: list[Cut]) -> None:
        self.raw = raw
        self.cuts = cuts
        self.found: dict[str, str] = {}
        self.edits = _Edits(raw, cuts)
        self.quoted = quotations(self.edits.text)

    @property
    def text(self) -> str:
        return self.edits.text

    def cut(self, start: int, end: int, rule: str) -> bool:
        """Cut a span of what is left, if no quotation is in it; say whether anything was cut."""
        if start >= end or any(begin < end and start < stop for begin, stop in self.quoted):
            return False
        first, last = self.edits.raw_start(start), self.edits.raw_end(end)
        kept: list[Cut] = []
        for old in self.cuts:
            if old.becomes and old.start < last and first < old.end and not (first <= old.start and old.end <= last):
                return False  # a mended character that is several letters is cut as a whole or not at all
            if not (old.becomes and first <= old.start and old.end <= last):
                kept.append(old)
        gaps = [old for old in kept if first <= old.start and old.end <= last]
        at = first
        for gap in [*gaps, Cut(last, last, "")]:
            if at < gap.start:
                kept.append(Cut(at, gap.start, rule))
            at = gap.end
        self.cuts = sorted(kept)
        self.edits = _Edits(self.raw, self.cuts)
        # What is cut holds no quotation mark that counts, so quotations move and do not change.
        gone = end - start
        self.quoted = [(b - gone, e - gone) if b >= end else (b, e) for b, e in self.quoted]
        return True

    def replace(self, joins: Iterable[Join], rule: str) -> None:
        """Write something else between lines; where a cut or a mended character lies between them, leave it."""
        made = []
        for join in joins:
            first, last = self.edits.raw_start(join.start), self.edits.raw_end(join.end)
            if last - first == join.end - join.start:
                made.append(Cut(first, last, rule, join.becomes))
        if made:
            self.cuts = sorted([*self.cuts, *made])
            self.edits = _Edits(self.raw, self.cuts)


# Rules


@cache
def _data() -> dict[str, Any]:
    return tomllib.loads(RULES.read_text(encoding="utf-8"))


@cache
def _agency() -> str:
    spellings = sorted({s for known in _data()["agencies"].values() for s in known}, key=len, reverse=True)
    return "(?:" + "|".join(map(re.escape, spellings)) + ")"


@cache
def _known() -> dict[str, Rule]:
    return {entry["name"]: Rule(**entry) for entry in _data()["rule"]}


@cache
def _names_of_agencies() -> tuple[re.Pattern[str], dict[str, str]]:
    return re.compile(rf"\b{_agency()}\b"), {s: name for name, known in _data()["agencies"].items() for s in known}


def _join_lines(works: list[_Work]) -> None:
    """Join the lines of texts that were broken at a fixed width."""
    is_word = words_of([work.text for work in works])
    for work in works:
        if "\n" in work.text:
            work.replace(wrapped_joins(work.text, is_word), _WRAPPED)


def _leads(articles: pd.DataFrame) -> dict[str, int]:
    """Count the standfirsts that were left out."""
    if "standfirst_raw" not in articles.columns:
        return {"n_articles": 0, "n_characters": 0}
    gone = articles.loc[articles["standfirst"].isna(), "standfirst_raw"].dropna()
    return {"n_articles": len(gone), "n_characters": int(gone.str.len().sum())}


def _chosen(rules: Iterable[str | Rule] | None) -> list[Rule]:
    known = _known()
    if rules is None:
        return list(known.values())
    if isinstance(rules, (str, Rule)):
        rules = [rules]
    chosen = []
    for rule in rules:
        if not isinstance(rule, Rule) and rule not in known:
            raise not_found("cleaning rule", str(rule), list(known))
        chosen.append(rule if isinstance(rule, Rule) else known[rule])
    return chosen


def _raw_texts(articles: pd.DataFrame) -> list[str]:
    if "text_raw" not in articles.columns or "cuts" not in articles.columns:
        return articles["text"].fillna("").astype(str).tolist()
    raw = articles["text_raw"].fillna("").astype(str).tolist()
    for name, text, before, cuts in zip(
        articles["doc_id"].tolist(), articles["text"].fillna("").tolist(), raw, articles["cuts"].fillna("").tolist()
    ):
        if apply_cuts(before, cuts) != text:
            raise FramingError(
                f"The text of {name} was changed after it was cleaned, so cleaning anew from text_raw would lose the change. "
                "Drop the columns text_raw and cuts to take text as it is now."
            )
    return raw


def _check_cleaned(articles: pd.DataFrame) -> None:
    missing = [column for column in ("text_raw", "cuts") if column not in articles.columns]
    if missing:
        raise FramingError(
            f"These articles were not cleaned: the column {missing[0]} is not there. Clean them: toolkit.clean(articles)."
        )


def _totals(cuts: Iterable[list[Cut]]) -> tuple[Counter[str], Counter[str]]:
    """Return, by rule, in how many texts it acted and on how many characters."""
    n_articles: Counter[str] = Counter()
    n_characters: Counter[str] = Counter()
    for of_text in cuts:
        n_articles.update({cut.rule for cut in of_text})
        for cut in of_text:
            n_characters[cut.rule] += cut.end - cut.start
    return n_articles, n_characters


def _counted(names: list[str], works: list[_Work]) -> list[dict[str, Any]]:
    n_articles, n_characters = _totals(work.cuts for work in works)
    return [{"rule": n, "n_articles": n_articles[n], "n_characters": n_characters[n]} for n in dict.fromkeys(names)]


def _shown(works: list[_Work]) -> Iterator[_Work]:
    from tqdm.auto import tqdm

    yield from tqdm(works, desc="Cleaning", unit=" articles", disable=len(works) < 20_000, leave=False)


def _apply_all(work: _Work, rules: list[tuple[Rule, re.Pattern[str]]]) -> None:
    while any([_applied(work, rule, pattern) for rule, pattern in rules]):  # a list: each rule has its turn
        pass


def _applied(work: _Work, rule: Rule, pattern: re.Pattern[str]) -> bool:
    """Apply a rule once through a text; say whether anything was cut."""
    changed, last = False, len(work.text)
    for found, start, end in reversed(list(_matches(work.text, rule.where, pattern))):  # from the end: offsets stay
        if rule.action == "tag":
            _keep(work, found)
        elif work.cut(start, min(end, last), rule.name):  # a line break goes with one of the lines beside it
            _keep(work, found)
            changed, last = True, start
    return changed


def _matches(text: str, where: Where, pattern: re.Pattern[str]) -> Iterator[tuple[re.Match[str], int, int]]:
    """Find where a rule holds: the match, and the span to cut, with the white space or line break that goes with it."""
    if where == "inline":
        yield from ((found, *found.span()) for found in pattern.finditer(text))
    elif where == "head":
        begin = len(text) - len(text.lstrip())
        if found := pattern.match(text, begin):
            yield found, 0, found.end() + len(text[found.end() :]) - len(text[found.end() :].lstrip())
    elif where == "tail":
        end = len(text.rstrip())
        for found in pattern.finditer(text, max(0, end - TAIL), end):
            if found.end() == end:
                yield found, len(text[: found.start()].rstrip()), len(text)
    else:
        for start, end in _lines(text):
            line = text[start:end]
            if len(line) <= LINE and (inner := line.strip()):
                begin = start + line.index(inner)
                if found := pattern.fullmatch(text, begin, begin + len(inner)):
                    yield found, *_with_break(text, start, end)


def _lines(text: str) -> Iterator[tuple[int, int]]:
    at = 0
    for line in text.splitlines(keepends=True):
        yield at, at + len(line.rstrip("\r\n\v\f\x1c\x1d\x1e\x85\u2028\u2029"))
        at += len(line)


_EMPTY_BEFORE = re.compile(r"\n[ \t\xa0]*\r?\n[ \t\xa0]*\Z")
_EMPTY_LINES = re.compile(r"(?:[ \t\xa0]*\r?\n)+")


def _with_break(text: str, start: int, end: int) -> tuple[int, int]:
    """Widen a line by the break after it, or, where it is the last, the one before; of the empty lines around one side goes."""
    if end < len(text):
        end += 2 if text[end : end + 2] == "\r\n" else 1
        if not text[:start].strip() or _EMPTY_BEFORE.search(text, max(0, start - LINE), start):
            after = _EMPTY_LINES.match(text, end)
            end = after.end() if after else end
        return start, end
    before = text[:start].rstrip()
    return len(before), end


def _keep(work: _Work, found: re.Match[str]) -> None:
    for column, value in found.groupdict().items():
        if not value:
            continue
        if column == "wire":
            pattern, names = _names_of_agencies()
            if not (known := list(dict.fromkeys(names[m] for m in pattern.findall(value)))):
                continue
            value = ", ".join(dict.fromkeys(filter(None, [*work.found.get(column, "").split(", "), *known])))
        elif column in work.found and work.found[column] != value:
            value = work.found[column] if column in ("dateline", "genre") else f"{value} {work.found[column]}"
        work.found[column] = value


# Quotations

_PAIRS = {"“": "”", "„": "“”", "«": "»", "»": "«", "‟": "”", "「": "」", "『": "』"}
_MARKS = re.compile("[\"“”„‟«»「」『』‘’']|\n")


def quotations(text: str) -> list[tuple[int, int]]:
    """Return the spans of quotations, marks included.

    Straight marks open after white space or an opening bracket and close after anything else. A double quotation that is not closed lasts to
    the end of its paragraph; a single one is only taken for one if it closes, since apostrophes look like it.

    Examples
    --------
    >>> text = 'He said "no", she said “yes. \\nIt’s «peut-être».'
    >>> [text[start:end] for start, end in quotations(text)]
    ['"no"', '“yes. ', '«peut-être»']
    """
    spans: list[tuple[int, int]] = []
    opened, closing = -1, ""
    single = -1
    for mark in _MARKS.finditer(text):
        at, char = mark.start(), mark[0]
        before, after = text[at - 1 : at], text[at + 1 : at + 2]
        if char == "\n":
            if opened >= 0:
                spans.append((opened, at))
            opened = single = -1
        elif char in "‘’'":
            if opened >= 0:
                continue
            if single < 0 or at - single > LINE:
                single = at if char != "’" and not before.isalnum() and after and not after.isspace() else -1
            elif char != "‘" and before and not before.isspace() and not after.isalnum():
                spans.append((single, at + 1))
                single = -1
        elif opened >= 0:
            if char in closing and not (char == '"' and _opens(before, after)):
                spans.append((opened, at + 1))
                opened = -1
        elif char in _PAIRS or char == '"':
            # A straight mark and a question mark before a letter are what is left of a lost dash or apostrophe.
            if char == '"' and re.match(r"[?\ufffd](?=\w)", text[at + 1 : at + 3]):
                continue
            if char == "»" and (not after or after.isspace()):
                continue  # a closing mark without an opening one
            opened, closing, single = at, _PAIRS.get(char, '"'), -1
    if opened >= 0:
        spans.append((opened, len(text)))
    return _joined(spans)


def _opens(before: str, after: str) -> bool:
    return (not before or before.isspace() or before in "([{—–") and bool(after) and not after.isspace()


def _joined(spans: list[tuple[int, int]]) -> list[tuple[int, int]]:
    joined: list[tuple[int, int]] = []
    for start, end in sorted(spans):
        if joined and start < joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((start, end))
    return joined


# Mojibake

# What bytes of UTF-8 look like in another encoding; most texts have none and are not sent to ftfy.
_SUSPECT = re.compile("[ÂÃâÅÄÐÑÎÏ×Øð\u0080-\u009f]")
_RUN = re.compile("[\x00-\x7f]+|[^\x00-\x7f]+")


def _mended(text: str) -> list[Cut]:
    """Return what ftfy would replace, as spans as small as can be."""
    if not _SUSPECT.search(text):
        return []
    import ftfy

    settings = ftfy.TextFixerConfig(
        unescape_html=False,
        remove_terminal_escapes=False,
        fix_latin_ligatures=False,
        fix_character_width=False,
        uncurl_quotes=False,
        fix_line_breaks=False,
        fix_surrogates=False,
        remove_control_chars=False,
        normalization=None,
    )
    cuts: list[Cut] = []
    at = 0
    for line in text.splitlines(keepends=True):
        mended = ftfy.fix_encoding(line, settings) if _SUSPECT.search(line) else line
        if mended != line:
            cuts += [cut._replace(start=cut.start + at, end=cut.end + at) for cut in _differences(line, mended)]
        at += len(line)
    return cuts


def _differences(old: str, new: str) -> Iterator[Cut]:
    """Compare by runs of ASCII and other characters, of which a long line has few; then trim what is the same at both ends."""
    one, other = _RUN.findall(old), _RUN.findall(new)
    begins = [0]
    for run in one:
        begins.append(begins[-1] + len(run))
    for tag, i, j, k, m in SequenceMatcher(None, one, other, autojunk=False).get_opcodes():
        if tag == "equal":
            continue
        start, end, becomes = begins[i], begins[j], "".join(other[k:m])
        while start < end and becomes and old[start] == becomes[0]:
            start, becomes = start + 1, becomes[1:]
        while start < end and becomes and old[end - 1] == becomes[-1]:
            end, becomes = end - 1, becomes[:-1]
        if start < end:
            yield from _letters(old, start, end, becomes)
        elif becomes and start > 0:  # an insertion replaces the character before it
            yield Cut(start - 1, start, _MOJIBAKE, old[start - 1] + becomes)


def _letters(old: str, start: int, end: int, becomes: str) -> Iterator[Cut]:
    """Part a mended span into its letters, if each is what its bytes look like in one of the usual encodings."""
    for codec in ("sloppy-windows-1252", "latin-1", "sloppy-windows-1251"):  # the sloppy ones are ftfy's
        looks = [char.encode("utf-8", "surrogatepass").decode(codec) for char in becomes]
        if "".join(looks) == old[start:end]:
            for char, look in zip(becomes, looks):
                if look != char:
                    yield Cut(start, start + len(look), _MOJIBAKE, char)
                start += len(look)
            return
    yield Cut(start, end, _MOJIBAKE, becomes)


# Lines that an outlet repeats


def _cut_repeated(works: list[_Work], sources: list[str]) -> list[_Work]:
    """Cut the lines that are in many articles of an outlet, and return the texts that were cut."""
    by_source: dict[str, list[_Work]] = defaultdict(list)
    for work, source in zip(works, sources, strict=True):
        by_source[source].append(work)
    changed = []
    for group in by_source.values():
        frequent = _frequent(group)
        for work in group:
            text, last = work.text, len(work.text)
            for a, b in reversed(_units(text)):
                if _folded(text[a:b]) in frequent:
                    start, end = _with_white_space(text, a, b)
                    if work.cut(start, min(end, last), _REPEATED):
                        last = start
            if work.text != text:
                changed.append(work)
    return changed


def _frequent(works: list[_Work]) -> set[str]:
    """Return the lines that are in many articles; an article that was published twice counts once."""
    texts = {work.text for work in works if work.text}
    counts: Counter[str] = Counter()
    for text in texts:
        counts.update({_folded(text[start:end]) for start, end in _units(text)})
    least = max(LEAST, SHARE * len(texts))
    return {unit for unit, n in counts.items() if n >= least and len(unit) > 2}


def _folded(line: str) -> str:
    return re.sub(r"\d+", "#", " ".join(line.split()))


_SENTENCE = re.compile(r"(?<=[.!?…])[\"”’»)]*\s+")


def _units(text: str) -> list[tuple[int, int]]:
    """Return the spans of lines; of a long line at the beginning or the end the outer sentences."""
    lines = [(start, end) for start, end in _lines(text) if text[start:end].strip()]
    found = []
    for place, (start, end) in enumerate(lines):
        if end - start <= LINE:
            found.append((start, end))
            continue
        edges = [start, *(start + m.end() for m in _SENTENCE.finditer(text[start:end])), end]
        sentences = [(a, b) for a, b in pairwise(edges) if b - a <= LINE and a < b]
        outer = (sentences[:3] if place == 0 else []) + (sentences[-5:] if place == len(lines) - 1 else [])
        found += sorted(set(outer))
    return found


def _with_white_space(text: str, start: int, end: int) -> tuple[int, int]:
    if end == len(text.rstrip()) or end == len(text):
        return len(text[:start].rstrip()), len(text)
    if text[end : end + 1] in ("\n", "\r"):
        return _with_break(text, start, end)
    return start, end
