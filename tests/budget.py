"""How many examples a property is tried on: some each time, which are others each time, and all with `--full`."""

from __future__ import annotations

import os

from hypothesis import HealthCheck, Phase, settings

FULL = "TESTS_FULL"  # set by the run, for all its processes

# A property on a database takes it from the test, which leaves nothing; and a slow machine is no flaw.
CALM = (HealthCheck.function_scoped_fixture, HealthCheck.too_slow)
settings.register_profile("calm", deadline=None)
settings.register_profile("mutants", deadline=None, database=None, phases=[Phase.explicit, Phase.generate])
settings.load_profile("calm")


def examples(daily: int, *, full: int) -> int:
    """The number for this run."""
    return full if os.environ.get(FULL) else daily
