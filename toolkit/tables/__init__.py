"""Own every table: its declaration, the check at each door, and the errors; every room takes a table and gives a table."""

from __future__ import annotations

from toolkit.tables.aliases import ALIASES as ALIASES
from toolkit.tables.declarations import *  # noqa: F403  each table by its name: USAGE, HITS, ...
from toolkit.tables.doors import check_articles as check_articles
from toolkit.tables.doors import require as require
from toolkit.tables.messages import FramingError as FramingError
from toolkit.tables.messages import FramingWarning as FramingWarning
from toolkit.tables.messages import listed as listed
from toolkit.tables.messages import nearest as nearest
from toolkit.tables.messages import not_found as not_found
from toolkit.tables.messages import pick as pick
from toolkit.tables.messages import warn_user as warn_user
from toolkit.tables.periods import PERIODS as PERIODS
from toolkit.tables.periods import check_freq as check_freq
from toolkit.tables.periods import columns_and_freq as columns_and_freq
from toolkit.tables.table import Column as Column
from toolkit.tables.table import Table as Table
