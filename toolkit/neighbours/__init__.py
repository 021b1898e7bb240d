"""Own the company that terms keep: the words near them, and what differs in it between two parts of a corpus."""

from __future__ import annotations

from toolkit.neighbours.listing import collocates
from toolkit.neighbours.shifting import collocate_shift

__all__ = ["collocate_shift", "collocates"]
