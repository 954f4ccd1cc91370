"""A process that records facts for whoever connects to its socket, until it is killed; then its parent makes the next.

`python -m tests.faults.worker URL SOCKET`: the parent imports everything once and forks, so a new worker is there at
once. It records as a web process does, in a process of its own, and greets with both of their ids. Each line in is a
JSON list of events, each line out the list of their outcomes, sent after the commit.
"""

from __future__ import annotations

import asyncio
import json
import os
import signal
import sys
from asyncio import StreamReader, StreamWriter
from contextlib import suppress
from pathlib import Path
from socket import socket

from app.recording import child
from app.recording.batch import Answer
from app.recording.process import Recorder
from facts.events import parse
from members.actions.record import Outcome


class Forked:
    """A recording process that was forked, and so is there at once."""

    def __init__(self, line: socket) -> None:
        self.pid = os.fork()
        if not self.pid:
            os.dup2(line.fileno(), 0)
            os.closerange(3, 1000)  # or it would hold the clients' lines open when its worker is dead
            child.main()
            os._exit(0)

    def kill(self) -> None:
        """End it."""
        os.kill(self.pid, signal.SIGKILL)

    def wait(self) -> int:
        """Bury it."""
        return os.waitpid(self.pid, 0)[1]


async def serve(url: str, address: Path) -> None:
    """Record what comes in, until the end."""
    recorder = Recorder(lambda: url, lambda: None, Forked)
    recorder.start()

    async def line(reader: StreamReader, writer: StreamWriter) -> None:
        writer.write(f"{os.getpid()} {recorder.child.pid if recorder.child else 0}\n".encode())
        with suppress(ConnectionError):
            async for text in reader:
                answers = await recorder.record([parse(event) for event in json.loads(text)])
                writer.write(json.dumps(told(answers)).encode() + b"\n")
        writer.close()

    address.unlink(missing_ok=True)
    async with await asyncio.start_unix_server(line, str(address)) as desk:
        await desk.serve_forever()


def told(answers: list[Answer]) -> object:
    """The outcomes, or that something failed: then the client tries again."""
    whole = [str(one.status) for one in answers if isinstance(one, Outcome)]
    return whole if len(whole) == len(answers) else {"error": repr(answers)[:200]}


def main() -> None:
    """A worker, and another when it is dead."""
    url, address = sys.argv[1], Path(sys.argv[2])
    while True:
        pid = os.fork()
        if not pid:
            asyncio.run(serve(url, address))
            os._exit(0)
        os.waitpid(pid, 0)


if __name__ == "__main__":
    main()
