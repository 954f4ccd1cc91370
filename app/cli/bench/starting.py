"""P14: from nothing running until /ping answers, the shop beside a blank Reflex app; the pages of both are built.

The shop's is the whole of `regulars serve`: are the pages those of today, are the tables up to date, who may come in,
and a process for the pages and the API. The blank app's is what is left of `reflex run --env prod` after it has built.
Building is left out on both sides: a shop builds when it has changed.
"""

from __future__ import annotations

from app.cli.bench.figures import Measured
from app.cli.bench.place import Bench
from app.cli.bench.rounds import by_turns


def measure(bench: Bench) -> dict[str, Measured]:
    """Seconds of one ÷ seconds of the other."""
    servers = (
        bench.shop,
        bench.blank,
    )  # started once, so that all is built, and nothing is fetched or compiled then
    for server in servers:
        server.again()
    ours, theirs = (server.again for server in servers)
    return {"P14": by_turns(bench.pick(7, 3), ours, theirs, ("seconds", "blank, seconds"))}
