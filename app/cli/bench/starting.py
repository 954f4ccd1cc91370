"""P14: from nothing running until /ping answers, the shop beside a blank Reflex app.

Both are started with `reflex run --env prod`, which compiles the pages each time; what `regulars serve` has built
before it serves at once, so it is sooner there than the figure says.
"""

from __future__ import annotations

from app.cli.bench.figures import Measured
from app.cli.bench.place import Bench
from app.cli.bench.rounds import by_turns
from app.cli.bench.servers import Server


def measure(bench: Bench) -> dict[str, Measured]:
    """Seconds of one ÷ seconds of the other."""
    servers = bench.shop, bench.blank  # started once, so that nothing is fetched for the first time

    def again(server: Server) -> float:
        server.stop()
        return server.start()

    def ours() -> float:
        return again(servers[0])

    def theirs() -> float:
        return again(servers[1])

    return {"P14": by_turns(bench.pick(5, 3), ours, theirs, ("seconds", "blank, seconds"))}
