"""Own the recipe of a table: function, settings, corpus, inputs, versions, and a hash of the content that it describes."""

from __future__ import annotations

import functools
import inspect
import math
from collections.abc import Callable, Iterable, Mapping
from importlib import metadata
from pathlib import PurePath
from typing import Any, ParamSpec, TypeVar, cast

import numpy as np
import pandas as pd

from toolkit.disclosure import HIDDEN, is_secret_name, without_secrets
from toolkit.tables.content import content_changes, content_name, content_of

Parameters = ParamSpec("Parameters")
Result = TypeVar("Result")

UNKNOWN = "unknown"  # a step of a corpus of which nothing tells what was done to it
_LONG = 20  # values: a longer array is stated by its hash
_OF_TERMS = ("terms", "kinds", "labels")  # settings whose names are words of the user's


class Recipe(dict[str, Any]):
    """How a table was made. It is not to be changed once it rides in ``attrs``, so that all that comes of the table shares it.

    pandas copies `attrs` deeply with each operation; of the recipe of a large table that would be most of the work.
    """

    def __deepcopy__(self, memo: dict[int, Any]) -> Recipe:
        return self


@functools.cache
def version(package: str) -> str:
    """Return the installed version of a package, or "not installed".

    Examples
    --------
    >>> version("no-such-package")
    'not installed'
    """
    try:
        return metadata.version(package)
    except metadata.PackageNotFoundError:
        return "not installed"


def make_recipe(
    function: str, settings: dict[str, Any], corpus: dict[str, Any], packages: tuple[str, ...] = ("pandas", "numpy")
) -> dict[str, Any]:
    """Return the recipe of a table, to ride in its ``attrs["recipe"]``.

    Public functions are `recorded` instead; this is for tables that no function of their own makes. `sealed` adds the
    hash of the content.

    Parameters
    ----------
    function : str
        Dotted name of the function that made the table.
    settings : dict
        Its settings as plain JSON values.
    corpus : dict
        Name, fingerprint and size of the articles it was made from.
    packages : tuple of str
        Packages besides this one whose version can change the result.

    Examples
    --------
    >>> make_recipe("toolkit.usage", {"freq": "M"}, {"name": "daily-brief"}, packages=())["settings"]
    {'freq': 'M'}
    """
    versions = {name: version(name) for name in ("framing-toolkit", *packages)}
    named = {"name": without_secrets(corpus["name"])} if isinstance(corpus.get("name"), str) else {}
    return {"function": function, "settings": settings, "corpus": {**corpus, **named}, "versions": versions}


def recorded(
    name: str | None = None, *, packages: tuple[str, ...] = ("pandas", "numpy"), data: str | None = None
) -> Callable[[Callable[Parameters, Result]], Callable[Parameters, Result]]:
    """Let a function that makes a table write down how, in ``attrs["recipe"]`` of what it returns.

    The settings are the arguments, defaults included. The corpus is that of the data. Tables among the arguments, and
    objects with a `recipe`, become `inputs`: the recipe of each, whether it was changed since it was made, and of what
    content it was. The body has the last word through `state`. A result that is no DataFrame is left alone.

    Parameters
    ----------
    name : str, optional
        What the recipe calls the function; by default "toolkit." and its name.
    packages : tuple of str, keyword-only
        Packages besides this one whose version can change the result.
    data : str, optional, keyword-only
        The parameter that is asked, and no setting; by default the first.

    Examples
    --------
    >>> @recorded(packages=())
    ... def shares(hits, *, by=("source",)):
    ...     return hits.groupby(list(by), as_index=False).size()
    >>> table = shares(pd.DataFrame({"source": ["Post", "Post", "Wire"]}))
    >>> recipe = table.attrs["recipe"]
    >>> recipe["function"], recipe["settings"], changes(table)
    ('toolkit.shares', {'by': ['source']}, {})
    >>> changes(table.assign(size=9))
    {'columns_changed': ['size']}
    """

    def decorate(function: Callable[Parameters, Result]) -> Callable[Parameters, Result]:
        signature = inspect.signature(function)
        called = name or f"toolkit.{function.__name__}"
        asked = data or next(iter(signature.parameters))

        @functools.wraps(function)
        def recording(*args: Parameters.args, **kwargs: Parameters.kwargs) -> Result:
            result = function(*args, **kwargs)
            if not isinstance(result, pd.DataFrame):
                return result
            bound = signature.bind(*args, **kwargs)
            bound.apply_defaults()

            # A recipe with a content is one that came along with the data; one without was left by the body.
            left = result.attrs.get("recipe") or {}
            stated = {} if "content" in left else left
            return cast(Result, sealed(result, _drawn_up(called, bound.arguments, asked, stated, packages)))

        return recording

    return decorate


def state(
    table: pd.DataFrame, corpus: Mapping[str, Any] | None = None, /, *, leave_out: Iterable[str] = (), **settings: Any
) -> None:
    """State in the body of a `recorded` function what its arguments do not say; other `attrs` of the table are dropped.

    Parameters
    ----------
    table : DataFrame
        What the function is going to return.
    corpus : mapping, optional
        Name, fingerprint and size of the articles, where the body knows them.
    leave_out : iterable of str, keyword-only
        Settings that played no part.
    **settings
        Settings as they were understood, such as terms with all their patterns.

    Examples
    --------
    >>> @recorded(packages=())
    ... def count(articles, terms, *, draws=99):
    ...     table = pd.DataFrame({"term": list(terms), "n_hits": 0})
    ...     state(table, {"name": "daily-brief"}, terms={name: [name] for name in terms}, leave_out=("draws",))
    ...     return table
    >>> recipe = count(None, ["reset"]).attrs["recipe"]
    >>> recipe["settings"], recipe["corpus"]
    ({'terms': {'reset': ['reset']}}, {'name': 'daily-brief'})
    """
    stated: dict[str, Any] = {"settings": settings, "leave_out": list(leave_out)}
    if corpus is not None:
        stated["corpus"] = dict(corpus)
    table.attrs = {"recipe": stated}


def sealed(table: pd.DataFrame, recipe: Mapping[str, Any]) -> pd.DataFrame:
    """Return the table with a recipe that holds the hash of its content, for tables that no `recorded` function returns.

    Examples
    --------
    >>> table = sealed(pd.DataFrame({"n": [1]}), make_recipe("toolkit.fit_topics", {}, {}))
    >>> changes(table), changes(table.assign(n=2))
    ({}, {'columns_changed': ['n']})
    """
    with_recipe = table.copy(deep=False)
    with_recipe.attrs = {**table.attrs, "recipe": Recipe({**recipe, "content": content_of(table)})}
    return with_recipe


def changes(table: pd.DataFrame) -> dict[str, Any] | None:
    """Say what was changed in a table since its recipe was written; nothing if its rows are as they were, in any order.

    Returns
    -------
    dict or None
        See `toolkit.tables.content.content_changes`. None where the table has no recipe, or one without a content, so that
        nothing can be proved.

    Examples
    --------
    >>> changes(pd.DataFrame({"n": [1]})) is None
    True
    """
    recipe = table.attrs.get("recipe")
    if not isinstance(recipe, Mapping) or not isinstance(recipe.get("content"), Mapping):
        return None
    return content_changes(recipe["content"], table)


def _drawn_up(
    function: str, given: Mapping[str, Any], asked: str, stated: Mapping[str, Any], packages: tuple[str, ...]
) -> dict[str, Any]:
    """Put a recipe together of the call and of what the body stated."""
    inputs = {name: told for name, value in given.items() if (told := input_of(value)) is not None}
    if "function" in stated:  # a whole recipe, from `make_recipe`
        recipe = {key: stated[key] for key in ("function", "settings", "corpus", "versions") if key in stated}
    else:
        left_out = {asked, *inputs, *stated.get("leave_out", ())}
        settings = {name: value for name, value in given.items() if name not in left_out}
        corpus = stated["corpus"] if "corpus" in stated else corpus_of(given[asked])
        recipe = make_recipe(function, {**settings, **stated.get("settings", {})}, corpus, packages)
    recipe["settings"] = plain({name: _shortened(value) for name, value in recipe.get("settings", {}).items()})

    for name, told in inputs.items():
        made = recipe_of(given[name]) or {}
        recipe["versions"] = {**made.get("versions", {}), **recipe.get("versions", {})}
        if made.get("corpus") and made["corpus"] != recipe.get("corpus"):
            told["corpus"] = made["corpus"]
    return {**recipe, "inputs": inputs} if inputs else recipe


def _shortened(value: Any) -> Any:
    """Return a setting, or the hash of one that has a value for each article, such as a mask."""
    if isinstance(value, (pd.Series, pd.Index, np.ndarray)) and len(value) > _LONG:
        return {"content": content_name(content_of(pd.DataFrame({"value": np.asarray(value)})))}
    return value


def recipe_of(value: Any) -> dict[str, Any] | None:
    """Return the recipe of a table, of an object that has one, or of a fitted model by that of its topics."""
    for holder in (value, getattr(value, "topics", None)):
        if isinstance(holder, pd.DataFrame):
            recipe = holder.attrs.get("recipe")
        else:
            recipe = None if inspect.isclass(holder) else getattr(holder, "recipe", None)
        if isinstance(recipe, dict) and recipe:
            return recipe
    return None


def corpus_of(value: Any) -> dict[str, Any]:
    """Return what is known of the articles behind a table, an index or a tally, without reading them.

    Examples
    --------
    >>> corpus_of(pd.DataFrame({"doc_id": ["a"]}))
    {'name': 'unnamed', 'steps': [{'step': 'unknown'}]}
    """
    corpus = getattr(value, "corpus", None) if not isinstance(value, pd.DataFrame) else None
    if isinstance(corpus, Mapping):
        return dict(corpus)
    changed = changed_afterwards(value)
    also = {"changed_afterwards": changed} if changed else {}
    recipe = recipe_of(value)
    if recipe is not None and recipe.get("corpus"):
        return {**recipe["corpus"], **also}
    return {"name": getattr(value, "attrs", {}).get("corpus", "unnamed"), "steps": [{"step": UNKNOWN}], **also}


def changed_afterwards(value: Any) -> dict[str, Any]:
    """Return what an index or fitted topics say was edited in their tables since they were made; empty as a rule."""
    changed = (
        None
        if isinstance(value, pd.DataFrame) or inspect.isclass(value)
        else getattr(value, "changed_afterwards", None)
    )
    return dict(changed) if isinstance(changed, Mapping) else {}


def input_of(value: Any) -> dict[str, Any] | None:
    """Describe what was made by another recorded function: how, of what content, and what was changed since; else None.

    Examples
    --------
    >>> table = sealed(pd.DataFrame({"n": [1]}), make_recipe("toolkit.find", {"terms": ["reset"]}, {}))
    >>> described = input_of(table.assign(n=2))
    >>> described["function"], described["settings"], described["changed"]
    ('toolkit.find', {'terms': ['reset']}, {'columns_changed': ['n']})
    """
    recipe = recipe_of(value)
    if recipe is None:
        return None
    told: dict[str, Any] = {key: recipe[key] for key in ("function", "settings", "inputs") if key in recipe}
    if not isinstance(value, pd.DataFrame):
        changed = changed_afterwards(value)
        return told | {"changed": changed} if changed else told

    content = recipe.get("content")
    if not isinstance(content, Mapping):
        return told | {"unproven": "its recipe has no hash of its content"}
    told["content"] = content_name(content)
    changed = content_changes(content, value)
    return told | {"changed": changed} if changed else told


def plain(value: Any) -> Any:
    """Return a value as plain JSON types, without what a setting named as a key holds and without keys in addresses.

    Objects with `as_dict` are stated by it. Of a path its last part is kept, of any other object its type.

    Examples
    --------
    >>> plain({"window": np.int64(25), "api_key": "abc", "terms": ("reset", float("nan"))})
    {'window': 25, 'api_key': '(not written down)', 'terms': ['reset', None]}
    """
    if value is None or value is pd.NA or value is pd.NaT:
        return None
    if isinstance(value, str):
        return without_secrets(value)
    if isinstance(value, (bool, int)):
        return value
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, np.generic):
        return plain(value.item())
    if isinstance(value, Mapping):
        return _plain_mapping(value)
    if isinstance(value, (list, tuple, np.ndarray, pd.Index, pd.Series)):
        return [plain(inner) for inner in value]
    if isinstance(value, (set, frozenset)):
        return sorted((plain(inner) for inner in value), key=str)
    return _stated(value)


def _plain_mapping(value: Mapping[Any, Any], named: bool = True) -> dict[str, Any]:
    """State a mapping: nothing of what a key-like name holds, and names themselves without keys.

    With `named` False the names are terms or the like, which somebody may well call "password".
    """
    stated: dict[str, Any] = {}
    for key, inner in value.items():
        name = without_secrets(str(key))
        while name in stated:  # two that were hidden
            name += "'"
        if named and is_secret_name(str(key)) and not (inner is None or isinstance(inner, bool)):
            stated[name] = HIDDEN
        elif str(key) in _OF_TERMS and isinstance(inner, Mapping):
            stated[name] = _plain_mapping(inner, named=False)
        else:
            stated[name] = plain(inner)
    return stated


def _stated(value: Any) -> Any:
    """State an object: its own words for itself, or its type, for its repr may hold addresses, paths and keys."""
    if isinstance(value, PurePath):
        return without_secrets(value.name)
    if hasattr(value, "isoformat"):
        return value.isoformat()
    if isinstance(value, (pd.Period, pd.Timedelta, pd.offsets.BaseOffset)):
        return str(value)
    if not inspect.isclass(value):
        if callable(getattr(value, "as_dict", None)):
            return plain(value.as_dict())
        if isinstance(value, pd.DataFrame):
            return {"content": content_name(content_of(value))}
        if isinstance(getattr(value, "corpus", None), Mapping):
            return plain(value.corpus)
    return getattr(value, "__qualname__", type(value).__qualname__)
