"""Own the reference page of all tables, which is written from their declarations."""

from __future__ import annotations

from pathlib import Path

from toolkit.tables.declarations import TABLES
from toolkit.tables.table import Table

PAGE = Path(__file__).with_name("REFERENCE.md")

_HEAD = """# Tables

Every function takes a table and returns a table. This page lists the columns of each, in order. It is written from
`toolkit/tables/declarations.py` by `python -m toolkit.tables.reference`: edit the declarations, not this page.

A column in *italics* is optional: it is there where the call asks for it or the articles have it. A name in angle brackets stands for
others: `n_<term>` is one column for each term, `<by>` are the columns that `by` names.

| dtype | holds |
| --- | --- |
| str | text; can be missing |
| int | whole numbers; never missing |
| float | numbers; can be missing (NaN) |
| bool | True or False; never missing |
| date | days or times (datetime64); can be missing (NaT) |
| Int64 | whole numbers; can be missing |
| boolean | True or False; can be missing |
| any | the dtype of the column that it was taken from |

A share is a number from 0 to 1. Intervals have a nominal coverage of 95 % unless the call asks for another.
"""


def page() -> str:
    """Return the whole page.

    Examples
    --------
    >>> print(page()[:8])
    # Tables
    """
    contents = ["| table | one row is | from |", "| --- | --- | --- |"]
    contents += [f"| [{t.name}](#{t.name.replace(' ', '-')}) | {t.row} | `{t.made_by}` |" for t in TABLES]
    return "\n\n".join([_HEAD.strip(), "\n".join(contents), *map(section, TABLES)]) + "\n"


def section(table: Table) -> str:
    """Return the part of the page on one table.

    Examples
    --------
    >>> from toolkit.tables import EVENTS
    >>> print(section(EVENTS))
    ## events
    <BLANKLINE>
    One row is one dated fact. From `tk.events`.
    <BLANKLINE>
    | column | dtype | unit | meaning |
    | --- | --- | --- | --- |
    | `date` | date |  | the day of the fact |
    | `label` | str |  | a few words |
    | `source` | str |  | the document that says so |
    | `chronology` | str |  | the file that lists it |
    """
    rows = [
        f"| {f'`{row.column}`' if row.always else f'*`{row.column}`*'} | {row.dtype} | {row.unit} | {row.meaning} |"
        for row in table.describe().itertuples()
    ]
    columns = "\n".join(["| column | dtype | unit | meaning |", "| --- | --- | --- | --- |", *rows])
    return f"## {table.name}\n\nOne row is {table.row}. From `{table.made_by}`.\n\n{columns}"


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
