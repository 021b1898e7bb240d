"""Keep vectors of models in the test's own folder."""

from __future__ import annotations

import pytest


@pytest.fixture(autouse=True)
def store(own_store):
    """Every test here has a store of its own."""
