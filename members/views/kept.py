"""A card is made once for the same answer: whoever asks again, and nothing has happened, has it at hand.

What a card says follows from the rows of its question, the language, and the time. So it is made anew when a row is
another one, every minute, in which a day may have begun, and when points have arrived by date alone (`turns_at` of the
card). The question itself is asked each time, the session in it too: nothing here says who may see what.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable, Sequence
from datetime import datetime
from threading import Lock
from typing import Any, Generic, TypeVar

C = TypeVar("C")


class Kept(Generic[C]):
    """The newest cards, one for each reader; `most` readers, of whom those who came last are known."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._cards: OrderedDict[Hashable, tuple[int, C]] = OrderedDict()
        self._lock = Lock()

    def card(self, reader: Hashable, answer: Sequence[Any], now: datetime, make: Callable[[], C]) -> C:
        """What `make` has made, or makes now, of this `answer` for this reader."""
        mark = hash((int(now.timestamp()) // 60, *answer))
        known = self._cards.get(reader)
        if known is not None and known[0] == mark and not _turned(known[1], now):
            return known[1]
        made = make()
        with self._lock:
            self._cards[reader] = (mark, made)
            self._cards.move_to_end(reader)
            while len(self._cards) > self._most:
                self._cards.popitem(last=False)
        return made


def _turned(card: object, now: datetime) -> bool:
    at: datetime | None = getattr(card, "turns_at", None)
    return at is not None and at <= now
