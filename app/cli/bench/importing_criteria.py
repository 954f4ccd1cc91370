"""P2c: the import of real orders while 200 criteria are active, beside the bare script."""

from __future__ import annotations

from app.cli.bench.criteria import ACTIVE
from app.cli.bench.figures import Measured
from app.cli.bench.importing import compare
from app.cli.bench.place import Bench


def measure(bench: Bench) -> dict[str, Measured]:
    """On PostgreSQL."""
    return {"P2c": compare(bench, "postgresql", ACTIVE)}
