"""Own terms: named sets of patterns, with their exclusions, notes and groups."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from html import escape
from pathlib import Path
from typing import Any, NamedTuple

import pandas as pd

from toolkit.tables import FramingError, not_found
from toolkit.text import notation
from toolkit.text.patterns import Pattern, check_whole

Given = str | Path | Sequence[str] | Mapping[str, Any] | pd.DataFrame

_SETTINGS = ("patterns", "exclude", "note", "case")
_RESERVED = ("pattern", *_SETTINGS)
_CELL = ' style="text-align: left; vertical-align: top; white-space: pre-wrap"'


class Clause(NamedTuple):
    """Patterns, and what keeps an occurrence of any of them from being a hit."""

    patterns: tuple[Pattern, ...]
    exclusions: tuple[Pattern, ...]


class _Entry(NamedTuple):
    clauses: tuple[Clause, ...]
    note: str
    path: tuple[str, ...]


class Terms(Mapping[str, tuple[Pattern, ...]]):
    """Named sets of patterns: what is counted, and under which name.

    Parameters
    ----------
    terms : str, Path, sequence of str, mapping, DataFrame, or Terms
        A mapping from names to a pattern, a list of patterns, or a mapping with `patterns` and any of `exclude` (patterns),
        `note` (text) and `case` (whether capitals matter); any other mapping in it is a group of terms, in which there can be
        groups again. Or patterns, each of which is then its own name. Or a TOML file of such a mapping (a Path, or a str that
        ends in ".toml"). Or a DataFrame with one row per pattern: `term` and `pattern`, and where wanted `exclude` (a pattern to exclude from
        the term; or, in a column of bool, whether the row's pattern is one), `note`, `group` ("migration / people"), `case`.
    case : bool, keyword-only
        Whether capitals matter in all patterns; by default they do where a pattern ends in ` (case)`.

    Notes
    -----
    How a pattern is written: see `toolkit.text.patterns.Pattern`. A pattern that begins with `!` is an exclusion: an occurrence
    that shares a word with an occurrence of an exclusion of its term is no hit. `["reset*", "!resettle*", "!password reset"]` takes
    neither "resettlement" nor the "reset" of "password reset". In a plain list of patterns an exclusion holds for each. After an
    item `||` patterns have exclusions of their own; `by_group` makes such terms.

    A name that stands in two groups is refused: it is what a row of a result is called.

    Raises
    ------
    FramingError
        If there is no term, a term has no pattern, a name stands twice, or a pattern cannot be read.

    Examples
    --------
    >>> terms = Terms({"reset": ["reset*", "!resettle*"], "travel": {"travel ban": "travel ban*", "order": "executive order"}})
    >>> list(terms)
    ['reset', 'travel ban', 'order']
    >>> terms.groups["order"]
    ('travel',)
    >>> print(terms)
    reset: reset* | !resettle*
    <BLANKLINE>
    [travel]
    travel ban: travel ban*
    order: executive order
    """

    def __init__(self, terms: Given | Terms, *, case: bool = False) -> None:
        self._entries: dict[str, _Entry] = dict(terms._entries) if isinstance(terms, Terms) else _entries(terms)
        if case:
            self._entries = {
                name: entry._replace(clauses=tuple(_with_case(clause) for clause in entry.clauses))
                for name, entry in self._entries.items()
            }
        if not self._entries:
            raise FramingError("There is no term to look for. Name at least one: {'reset': ['reset', 'resets']}.")
        for name, entry in self._entries.items():
            if not all(clause.patterns for clause in entry.clauses):
                only = " but exclusions" if any(clause.exclusions for clause in entry.clauses) else ""
                raise FramingError(f"The term {name!r} has no pattern{only}. Give it one: {{{name!r}: [{name!r}]}}.")

    @classmethod
    def _of(cls, entries: dict[str, _Entry]) -> Terms:
        made = cls.__new__(cls)
        made._entries = entries
        return made

    def __getitem__(self, name: str) -> tuple[Pattern, ...]:
        return tuple(pattern for clause in self._entries[name].clauses for pattern in clause.patterns)

    def __iter__(self) -> Iterator[str]:
        return iter(self._entries)

    def __len__(self) -> int:
        return len(self._entries)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Terms):
            return NotImplemented
        return list(self._entries.items()) == list(other._entries.items())

    __hash__ = None  # type: ignore[assignment]

    def __str__(self) -> str:
        return notation.write_text(self._rows())

    def __repr__(self) -> str:
        return f"Terms: {len(self)} term{'s' * (len(self) != 1)}\n{self}"

    def _repr_html_(self) -> str:
        """Return a table with a row for each term: what it matches, what it leaves out, its group and its note."""
        rows = [
            (name, " | ".join(_items(entry.clauses)), " / ".join(entry.path), entry.note)
            for name, entry in self._entries.items()
        ]
        # a column that is empty throughout says nothing
        shown = [at for at in range(4) if at < 2 or any(row[at] for row in rows)]
        head = "".join(f"<th{_CELL}>{('term', 'patterns', 'group', 'note')[at]}</th>" for at in shown)
        body = "".join(
            "<tr>" + "".join(f'<td dir="auto"{_CELL}>{escape(row[at])}</td>' for at in shown) + "</tr>" for row in rows
        )
        return f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"

    @property
    def exclusions(self) -> dict[str, tuple[Pattern, ...]]:
        """The exclusions of each term that has any."""
        found = {
            name: tuple(dict.fromkeys(pattern for clause in entry.clauses for pattern in clause.exclusions))
            for name, entry in self._entries.items()
        }
        return {name: patterns for name, patterns in found.items() if patterns}

    @property
    def groups(self) -> dict[str, tuple[str, ...]]:
        """The groups that each term stands in, from the outermost in; none is an empty tuple."""
        return {name: entry.path for name, entry in self._entries.items()}

    @property
    def notes(self) -> dict[str, str]:
        """The note of each term that has one."""
        return {name: entry.note for name, entry in self._entries.items() if entry.note}

    def clauses(self, name: str) -> tuple[Clause, ...]:
        """Return the patterns of a term with the exclusions that apply to them; most terms have a single such pair."""
        return self._entries[name].clauses

    def as_dict(self) -> dict[str, list[str]]:
        """Return the terms as plain values, as recipes state them: patterns, then exclusions behind a "!".

        A pattern in which capitals matter ends in "(case)". Groups and notes, which change no count, are left out.

        Examples
        --------
        >>> Terms(["reset*", "!resettle*"]).as_dict()
        {'reset*': ['reset*', '!resettle*']}
        """
        return {name: _items(entry.clauses) for name, entry in self._entries.items()}

    def by_group(self, level: int = 1) -> Terms:
        """Return one term for each group, with the patterns of all terms in it.

        A term without a group stays itself. Each pattern keeps the exclusions of the term it came from.

        Parameters
        ----------
        level : int
            How deep to go: at 2 the groups of groups are the terms, and are called "outer / inner".

        Examples
        --------
        >>> terms = Terms({"ban": {"travel ban": "travel ban*", "Muslim ban": "Muslim ban*"}, "order": "executive order"})
        >>> terms.by_group().as_dict()
        {'ban': ['travel ban*', 'Muslim ban*'], 'order': ['executive order']}
        """
        if not isinstance(level, int) or level < 1:
            raise FramingError(f"Groups are counted from level 1, the outermost; this is {level!r}.")
        merged: dict[str, _Entry] = {}
        for name, entry in self._entries.items():
            group = " / ".join(entry.path[:level]) or name
            if group in merged and not (entry.path and self._entries.get(group, entry).path):
                raise FramingError(f"{group!r} is the name of a group and of a term without one. Rename one of them.")
            before = merged[group].clauses if group in merged else ()
            merged[group] = _Entry(_joined((*before, *entry.clauses)), "", entry.path[: level - 1])
        return Terms._of(merged)

    def add(self, more: Given | Terms, *, case: bool = False) -> Terms:
        """Return terms with more patterns or exclusions.

        Parameters
        ----------
        more : mapping, DataFrame, Terms or other way of stating terms
            Names of existing terms, with what to add to each: `{"reset": ["resetting", "!password reset"]}`, or rows of
            `tk.suggest_forms`.
        case : bool, keyword-only
            Whether capitals matter in the new patterns.

        Raises
        ------
        FramingError
            If there is no term of that name.

        Examples
        --------
        >>> Terms({"reset": "reset"}).add({"reset": ["resetting", "!password reset"]}).as_dict()
        {'reset': ['reset', 'resetting', '!password reset']}
        """
        entries = dict(self._entries)
        for name, new in (more._entries if isinstance(more, Terms) else _entries(more)).items():
            if name not in entries:
                raise not_found("term", name, list(entries))
            old = entries[name]
            clauses = new.clauses if not case else tuple(_with_case(clause) for clause in new.clauses)
            patterns = tuple(pattern for clause in clauses for pattern in clause.patterns)
            exclusions = tuple(pattern for clause in clauses for pattern in clause.exclusions)
            grown = [Clause(c.patterns, _distinct(c.exclusions + exclusions)) for c in old.clauses]
            grown[-1] = Clause(_distinct(grown[-1].patterns + patterns), grown[-1].exclusions)
            entries[name] = _Entry(_joined(grown), new.note or old.note, old.path)
        return Terms._of(entries)

    @classmethod
    def parse(cls, text: str, *, case: bool = False) -> Terms:
        """Read terms as they are printed: `Terms.parse(str(terms)) == terms`.

        A line is `name: pattern | pattern | !exclusion`. `[migration / people]` begins a group, `[]` ends it. Indented lines that
        begin with `#` are the note of the term above, other such lines are comments. What could be misread stands in quotation marks
        as in JSON.

        Examples
        --------
        >>> terms = Terms.parse('''
        ... [resets]
        ... reset: reset* | !resettle*
        ...     # of relations, not of passwords
        ... ''')
        >>> terms.notes, terms.groups
        ({'reset': 'of relations, not of passwords'}, {'reset': ('resets',)})
        """
        return cls(notation.read_text(text), case=case)

    @classmethod
    def read(cls, path: str | os.PathLike[str], *, case: bool = False) -> Terms:
        """Read terms from a TOML file: keys are terms with a pattern or a list of patterns; tables are terms or groups.

        Raises
        ------
        FramingError
            If there is no such file, or it is no TOML.
        """
        return cls(notation.read_toml(Path(path)), case=case)

    def write(self, path: str | os.PathLike[str]) -> Path:
        """Write terms into a TOML file, from which `Terms.read` gets them back, groups and notes included.

        Examples
        --------
        >>> import tempfile
        >>> terms = Terms({"reset": {"patterns": ["reset*"], "exclude": "resettle*", "note": "of relations"}})
        >>> with tempfile.TemporaryDirectory() as folder:
        ...     path = terms.write(f"{folder}/terms.toml")
        ...     print(path.read_text(encoding="utf-8"))
        ...     Terms.read(path) == terms
        [reset]
        patterns = ["reset*"]
        exclude = ["resettle*"]
        note = "of relations"
        <BLANKLINE>
        True
        """
        return notation.write_toml(self._rows(), Path(path))

    def _rows(self) -> list[notation.Row]:
        return [notation.Row(name, e.path, _items(e.clauses), e.note) for name, e in self._entries.items()]


def _entries(given: Any) -> dict[str, _Entry]:
    """Return the entries of terms given in any form, group by group."""
    if isinstance(given, Path) or (isinstance(given, str) and given.endswith(".toml")):
        given = notation.read_toml(Path(given))
    elif isinstance(given, pd.DataFrame):
        given = notation.read_frame(given)
    elif isinstance(given, str):
        given = [given]

    if not isinstance(given, Mapping):
        if not isinstance(given, Iterable):
            raise FramingError(f"Terms are names with patterns, or a list of patterns; {given!r} is neither.")
        texts = list(given)
        odd = [t for t in texts if not isinstance(t, str)]
        if odd:
            raise FramingError(f"Terms are names with patterns, or a list of patterns; {odd[0]!r} is neither.")
        exclusions = [t for t in texts if t.lstrip().startswith("!")]
        if exclusions and len(exclusions) == len(texts):
            raise FramingError(
                f"There is nothing to exclude {exclusions[0].strip()!r} from. Name a pattern, too: ['reset*', '!resettle*']."
            )
        given = {t: {"patterns": [t, *exclusions]} for t in texts if t not in exclusions}
    elif "patterns" in given and any(key in given and not isinstance(given[key], Mapping) for key in _SETTINGS[1:]):
        raise FramingError(f"These are the settings of a term without its name. Name it: {{'reset': {dict(given)!r}}}.")

    entries: dict[str, _Entry] = {}
    for name, entry in _tree(given, ()):
        if name in entries:
            where = [" / ".join(path) or "no group" for path in (entries[name].path, entry.path)]
            raise FramingError(
                f"The term {name!r} stands twice: in {where[0]} and in {where[1]}. Each needs its own name."
            )
        entries[name] = entry
    return entries


def _tree(given: Mapping[Any, Any], path: tuple[str, ...]) -> Iterator[tuple[str, _Entry]]:
    """Yield the terms of a group with their names, and those of the groups in it, in order."""
    for key, value in given.items():
        name = _checked_name(key)

        # a mapping without patterns of its own is a group
        if isinstance(value, Mapping) and isinstance(value.get("patterns", {}), Mapping):
            if not value:
                raise FramingError(f"The group {name!r} has no term.")

            setting = next((k for k in _RESERVED if k in value and not isinstance(value[k], Mapping)), None)
            if setting is not None:
                raise FramingError(
                    f"{name!r} has the key {setting!r}, but no 'patterns'. A term needs them: {{{name!r}: {{'patterns': [{name!r}]}}}}; "
                    f"in a group, a term cannot be called {setting!r}."
                )
            yield from _tree(value, (*path, name))
        else:
            yield name, _entry(name, value if isinstance(value, Mapping) else {"patterns": value}, path)


def _checked_name(key: Any) -> str:
    name = str(key).strip()
    if not name:
        raise FramingError("A term or group needs a name; this one is empty.")
    return check_whole(name, "name")


def _entry(name: str, settings: Mapping[str, Any], path: tuple[str, ...]) -> _Entry:
    # settings that cannot be read
    odd = [key for key in settings if key not in _SETTINGS]
    if odd:
        raise not_found(f"setting of a term (here of {name!r})", str(odd[0]), _SETTINGS)
    case, note = settings.get("case", False), settings.get("note", "")
    if not isinstance(case, bool):
        raise FramingError(f"The setting case of the term {name!r} is true or false; this is {case!r}.")
    if not isinstance(note, str):
        raise FramingError(f"The note of the term {name!r} is a text; this is {note!r}.")

    # "||" begins a clause, whose exclusions hold for its own patterns only
    clauses: list[tuple[list[Pattern], list[Pattern]]] = [([], [])]
    for text in _texts(name, settings["patterns"]):
        bare = text.strip()
        if bare == "||":
            clauses.append(([], []))
        elif bare.startswith("!"):
            clauses[-1][1].append(_pattern(name, re.sub(r"^[!\s]+", "", bare), case))
        else:
            clauses[-1][0].append(_pattern(name, bare, case))

    more = [_pattern(name, re.sub(r"^[!\s]+", "", text), case) for text in _texts(name, settings.get("exclude", []))]
    made = [Clause(_distinct(patterns), _distinct((*excluded, *more))) for patterns, excluded in clauses]
    note = check_whole(re.sub(r"\r\n?", "\n", note).strip(), "note")
    return _Entry(_joined(made), note, path)


def _texts(name: str, given: Any) -> list[str]:
    texts = [given] if isinstance(given, (str, int)) else list(given) if isinstance(given, Iterable) else [given]
    for text in texts:
        if isinstance(text, bool) or not isinstance(text, (str, int)):
            raise FramingError(f"The patterns of the term {name!r} are texts; {text!r} is none.")
    return [str(text) for text in texts]


def _pattern(name: str, text: str, case: bool) -> Pattern:
    pattern = Pattern(text, case)
    if not pattern.words:
        raise FramingError(
            f"The pattern {pattern.text!r} of the term {name!r} has no word in it: "
            "write letters or digits, * for any characters and ? for one."
        )
    return pattern


def _distinct(patterns: Iterable[Pattern]) -> tuple[Pattern, ...]:
    return tuple(dict.fromkeys(patterns))


def _joined(clauses: Iterable[Clause]) -> tuple[Clause, ...]:
    """Merge the clauses with equal exclusions, so that there are several only where it makes a difference."""
    by_exclusions: dict[frozenset[Pattern], Clause] = {}
    for clause in clauses:
        key = frozenset(clause.exclusions)
        before = by_exclusions.get(key, Clause((), clause.exclusions))
        by_exclusions[key] = Clause(_distinct(before.patterns + clause.patterns), before.exclusions)
    return tuple(by_exclusions.values())


def _with_case(clause: Clause) -> Clause:
    return Clause(*(_distinct(Pattern(pattern.text, True) for pattern in part) for part in clause))


def _items(clauses: Iterable[Clause]) -> list[str]:
    items: list[str] = []
    for clause in clauses:
        items += ["||"] if items else []
        items += [pattern.text for pattern in clause.patterns]
        items += ["!" + pattern.text for pattern in clause.exclusions]
    return items
