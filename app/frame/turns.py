"""How the threads of a web process take turns: the event loop must not wait long for a thread that reckons.

Python lets a thread that computes go on for 5 ms before another one that waits may run. The loop comes back from every
wait to find a worker thread in the middle of a batch, so each of its small steps would cost those 5 ms: a request that
takes four steps is 20 ms late, while nothing is busy.
"""

from __future__ import annotations

import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

TURN_SECONDS = 0.0005


@asynccontextmanager
async def lifespan(*_: Any) -> AsyncIterator[None]:
    """Short turns while the web process lives: `app.register_lifespan_task(turns.lifespan)`."""
    before = sys.getswitchinterval()
    sys.setswitchinterval(TURN_SECONDS)
    try:
        yield
    finally:
        sys.setswitchinterval(before)
