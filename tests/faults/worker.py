"""A process that records facts for whoever connects to its socket, until it is killed; then its parent makes the next.

`python -m tests.faults.worker URL SOCKET`: the parent imports everything once and forks, so a new worker is there at
once. Each line in is a JSON list of events, each line out the list of their outcomes, sent after the commit.
"""

from __future__ import annotations

import json
import os
import socketserver
import sys
from datetime import UTC, datetime
from pathlib import Path

from app import database
from facts.events import parse
from members.actions.record import record


class Desk(socketserver.ThreadingMixIn, socketserver.UnixStreamServer):
    """One thread for each client."""

    daemon_threads = True


def serve(url: str, address: Path) -> None:
    """Record what comes in, until the end."""
    engine = database.engine(url)

    class Line(socketserver.StreamRequestHandler):
        def handle(self) -> None:
            self.wfile.write(f"{os.getpid()}\n".encode())
            for line in self.rfile:
                facts = [parse(event) for event in json.loads(line)]
                try:
                    outcomes = database.attempt(
                        engine, lambda session, facts=facts: record(session, facts, datetime.now(UTC))
                    )
                except Exception as error:  # noqa: BLE001 - the client is told, and tries again
                    self.wfile.write(json.dumps({"error": str(error)[:200]}).encode() + b"\n")
                    continue
                self.wfile.write(json.dumps([str(one.status) for one in outcomes]).encode() + b"\n")

    address.unlink(missing_ok=True)
    with Desk(str(address), Line) as desk:
        desk.serve_forever()


def main() -> None:
    """A worker, and another when it is dead."""
    url, address = sys.argv[1], Path(sys.argv[2])
    while True:
        pid = os.fork()
        if not pid:
            serve(url, address)
            os._exit(0)
        os.waitpid(pid, 0)


if __name__ == "__main__":
    main()
