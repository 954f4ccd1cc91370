"""`regulars worker`: the jobs in a process of their own."""

from __future__ import annotations

import signal
import threading

from app.cli.serving import safe
from app.cli.terminal import kindly, opened, say


def worker_command() -> None:
    """Run the jobs: what happens by the clock. Beside `serve` when there are several web workers."""
    with kindly():
        chosen = safe()
        opened()
        from app.jobs import schedule

        over = threading.Event()
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, lambda *_: over.set())
        schedule.start(chosen)
        say("The jobs are running. Stop with Ctrl-C.")
        over.wait()
        schedule.stop()
