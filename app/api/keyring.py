"""The keys of the API that were looked up lately, so that a busy caller does not cost a query each time."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from datetime import UTC, datetime

from sqlalchemy import Engine
from starlette.requests import Request

from app import database
from app.door import in_worker
from facts.refusals import Refusal
from members import keys
from members.keys import Key, Scope

KEY_SECONDS_MAX = 1.0  # how long a key is good after another process revoked it
AHEAD_SECONDS = 0.5  # from this age on a key in use is looked up again, while nobody waits for it
KEYS_KEPT_MAX = 1000
LOOK_UPS_MAX = 4  # at once: words that may be keys never take all the threads that pages wait for
WAITING_MAX = 200  # tokens that wait for their look-up; whoever comes then is asked to come again


class Keyring:
    """Keys for at most a second. However many requests bring a key at once, one of them looks it up.

    What cannot be a key is looked up by nobody, and made-up ones wait in a line of their own.
    """

    def __init__(self, engine: Callable[[], Engine], clock: Callable[[], float] = time.monotonic) -> None:
        """`clock` tells seconds that only ever grow."""
        self._engine, self._clock = engine, clock
        self._known: dict[str, tuple[float, Key]] = {}
        self._asked: dict[str, asyncio.Task[Key | None]] = {}
        self._turns = asyncio.Semaphore(LOOK_UPS_MAX)

    @property
    def under_way(self) -> list[asyncio.Task[Key | None]]:
        """The look-ups that have begun and not ended."""
        return list(self._asked.values())

    async def key(self, request: Request, scope: Scope) -> Key:
        """The key of a request; refuses without one (401), without the scope (403), and when too many wait (503)."""
        word, _, token = request.headers.get("authorization", "").partition(" ")
        token = token.strip()
        found = await self._find(token) if word.lower() == "bearer" and keys.may_be(token) else None
        if found is None:
            raise Refusal("key_invalid", "Send a key that is in use: Authorization: Bearer rk_…", status=401)
        if scope not in found.scopes:
            raise Refusal("scope_missing", "This key has no scope {scope}.", status=403, scope=str(scope))
        return found

    async def _find(self, token: str) -> Key | None:
        known = self._known.get(token)
        if known is not None:
            age = self._clock() - known[0]
            if age > AHEAD_SECONDS and len(self._asked) < WAITING_MAX:
                self._ask(token)
            if age <= KEY_SECONDS_MAX:
                return known[1]
        return await asyncio.shield(self._ask(token))

    def _ask(self, token: str) -> asyncio.Task[Key | None]:
        """The look-up of a token that is under way, begun now unless it was before; refuses when too many wait."""
        task = self._asked.get(token)
        if task is None:
            if len(self._asked) >= WAITING_MAX:
                raise Refusal(
                    "keys_busy", "Too many keys are being looked up. Come again in a second.", status=503
                )
            task = self._asked[token] = asyncio.create_task(self._look_up(token))
            task.add_done_callback(lambda done: done.cancelled() or done.exception())  # who waits is told
        return task

    async def _look_up(self, token: str) -> Key | None:
        try:
            async with self._turns:
                begun = self._clock()
                key = await in_worker(self._resolve, token)
        finally:
            del self._asked[token]
        if len(self._known) >= KEYS_KEPT_MAX:
            self._known.clear()
        self._known.pop(token, None)
        if key is not None:
            self._known[token] = (begun, key)
        return key

    def _resolve(self, token: str) -> Key | None:
        with database.reading(self._engine()) as session:
            return keys.resolve(session, token, datetime.now(UTC))
