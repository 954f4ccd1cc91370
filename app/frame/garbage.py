"""How often a web process looks for garbage: seldom, and never among what has stood since the start.

Python counts new objects and, again and again, walks through all that it knows: the pages, the tables and every
imported module among them. All threads stand still meanwhile, 50 ms and more for a whole look. Orders by the API make
so many objects that a sixth of the time went into it.
"""

from __future__ import annotations

import gc
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

NEW_OBJECTS = 10_000  # Python's own is 700; the two older generations keep their measure


@asynccontextmanager
async def lifespan(*_: Any) -> AsyncIterator[None]:
    """Spare what is there by now: `app.register_lifespan_task(garbage.lifespan)`."""
    before = gc.get_threshold()
    gc.freeze()
    gc.enable()  # `regulars serve` imports without it
    gc.set_threshold(NEW_OBJECTS, *before[1:])
    try:
        yield
    finally:
        gc.set_threshold(*before)
        gc.unfreeze()
