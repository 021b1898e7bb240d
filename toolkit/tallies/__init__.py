"""Own what is counted of each story in each cell, and its sums: what rates, comparisons and trends are made of."""

from toolkit.tallies.cells import CellSums, Grid, added_sums, cell_sums, lay_grid, partial_sums
from toolkit.tallies.checks import (
    MEASURES,
    UNITS,
    check_cells,
    check_counted,
    columns_named,
    columns_of,
    is_counts,
    stated,
    wanted_of,
)
from toolkit.tallies.correcting import corrected_by, read_error
from toolkit.tallies.picking import contexts_of, count_hits
from toolkit.tallies.sides import Pairs, Sides, both_sides, rows_of, story_sums_of
from toolkit.tallies.stories import StoryCounts, numbered, story_counts

__all__ = [
    "MEASURES",
    "UNITS",
    "CellSums",
    "Grid",
    "Pairs",
    "Sides",
    "StoryCounts",
    "added_sums",
    "both_sides",
    "cell_sums",
    "check_cells",
    "check_counted",
    "columns_named",
    "columns_of",
    "contexts_of",
    "corrected_by",
    "count_hits",
    "is_counts",
    "lay_grid",
    "numbered",
    "partial_sums",
    "read_error",
    "rows_of",
    "stated",
    "story_counts",
    "story_sums_of",
    "wanted_of",
]
