"""Growth: what reads or looks at texts takes time in proportion to them, whatever stands in them."""

import time

import pytest

from toolkit.corpora.lines import unwrapped, words_of
from toolkit.corpora.oddities import several_in_one
from toolkit.corpora.readers.clippings import _ITEM
from toolkit.corpora.readers.lexis import label_of
from toolkit.disclosure import without_folders, without_secrets
from toolkit.tables.languages import language_code
from toolkit.text.patterns import Pattern

WORK = {
    "empty lines, several articles": (lambda n: several_in_one("\n" * n + "x"), 40_000),
    "rules, several articles": (lambda n: several_in_one("-" * n + "x\n" + "=====\n" * (n // 20)), 40_000),
    "words behind hyphens": (lambda n: words_of(["a-" + "\n" * n + "b", "a-\n" * n])("a"), 40_000),
    "wrapped lines": (lambda n: unwrapped("the council of the town met\n" * n), 2_000),
    "a label behind white space": (lambda n: label_of("\t" * n + "LENGTH" + " " * n + "x"), 40_000),
    "numbers of clippings": (lambda n: _ITEM.search("1. a\n\n" * n), 10_000),
    "names of languages": (lambda n: language_code(f"{time.perf_counter_ns()};" * n), 3_000),
    "addresses": (lambda n: without_secrets("//" + "a" * n + "?" + "&k=v" * n), 10_000),
    "folders": (lambda n: without_folders("/a b" * n + " " + "\\\\" * n), 3_000),
    **{
        f"beginnings of {what}: {unit!r}": (lambda n, unit=unit: without_folders(without_secrets(unit * n)), 5_000)
        for what, units in {
            "keys": ["eyJ", "sk-", "bearer ", "token:", "password", "-----BEGIN ", "a=", "a:", "?a", "'"],
            "paths": ["/", "//", "/a", "/a ", "a b/", "\\", "C:\\a b", "file:/", "~/"],
        }.items()
        for unit in units
    },
    "signs in a pattern": (lambda n: Pattern("# " * n).text and Pattern("a%" * n).words, 1_000),
}


def taken(call, n):
    """Processor time of one call."""
    start = time.process_time()
    call(n)
    return time.process_time() - start


@pytest.mark.parametrize("name", WORK)
def test_time_grows_with_the_text(name):
    """Four times as much takes at most six times as long: processor time, best of five."""
    call, n = WORK[name]
    once, four = (min(taken(call, size) for _ in range(5)) for size in (n, 4 * n))
    assert four <= 6 * max(once, 0.002)
