"""P2b: the import of real orders into SQLite, beside the bare script on SQLite."""

from __future__ import annotations

from app.cli.bench.figures import Measured
from app.cli.bench.importing import compare
from app.cli.bench.place import Bench


def measure(bench: Bench) -> dict[str, Measured]:
    """On SQLite."""
    return {"P2b": compare(bench, "sqlite")}
