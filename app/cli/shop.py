"""The process that a shop runs in: `python -m app.cli.shop HOST PORT LINE`, started by `regulars serve`.

Everything is imported once, here; the web workers fork from it. What is to be said when the pages answer goes down
LINE, the number of an open file.
"""

from __future__ import annotations

import gc
import os
import sys

from app import settings
from app.cli.terminal import kindly, leaving


def run(host: str, port: int, line: int) -> None:
    """Make everything ready, and serve until a signal ends it."""
    gc.disable()  # it would look through what is imported again and again; a worker begins anew (`app.frame.garbage`)
    with leaving(), kindly(), os.fdopen(line, "w") as links:
        from app.cli.opening import prepared

        links.write("\n".join(prepared(settings.current())))
    from app.frame import server

    server.serve(host, port)


if __name__ == "__main__":
    run(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]))
