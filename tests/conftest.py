"""Set what every test runs under: no window, and property tests that find the same examples each time."""

from __future__ import annotations

import os

os.environ["MPLBACKEND"] = "Agg"  # before anything imports matplotlib

from hypothesis import HealthCheck, settings

# No deadline: the first call of a function also pays for what it imports.
settings.register_profile(
    "here",
    deadline=None,
    max_examples=100,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
settings.register_profile("ci", settings.get_profile("here"), derandomize=True, print_blob=True)
settings.load_profile("ci" if os.environ.get("CI") else "here")
