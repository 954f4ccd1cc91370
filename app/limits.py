"""How often something may be done: one table of names and rates, counted in memory, or in Redis for several workers.

    limits.spend("sign_in", limits.client(request))  # refuses with 429 when it was too often

A rate is a moving window, so there is no moment at which twice as many get through. Keys are hashed with the
programme's secret before they are kept: no address and no name lies in the store. With Redis `spend` blocks, so on the
event loop it is called through `door.in_worker`. Where Redis does not answer, each process counts for itself.
"""

from __future__ import annotations

import hashlib
import hmac
import ipaddress
import logging
import time
from functools import cache
from threading import Lock

from limits import RateLimitItem, parse_many
from limits.errors import StorageError
from limits.storage import MemoryStorage, RedisStorage
from limits.strategies import MovingWindowRateLimiter
from starlette.requests import HTTPConnection

from app import settings
from facts.language import N_
from facts.refusals import Refusal

RATES = {
    "codes_sent": "3/minute; 10/hour; 30/day",  # to an address
    "codes_asked": "20/minute; 200/hour; 1000/day",  # by who asks: everybody on a shop's Wi-Fi is one
    "codes_typed": "20/minute; 200/hour; 1000/day",  # the same, at the doors
    "codes_tried": "10/minute; 60/hour; 200/day",
    "sign_in": "60/minute; 600/hour",  # by who asks; nothing here is short enough to be guessed
    "look_up": "60/minute; 1000/hour",
    "card": "30/minute; 600/hour; 2000/day",  # looked at and tried at the counter: of a staff session, and of one card
    "counter": "120/minute; 5000/day",  # recorded and handed over at the counter, by one of the staff
    "counter_asks": "6/minute; 60/day",  # asked of one member on their own page
    "redeem": "30/minute; 300/day",
    "verify": "60/minute; 600/hour",
    "own_data": "5/minute; 20/day",
    "invited": "600/minute; 12000/hour; 60000/day",  # friends' links looked at, by who asks: a phone network is one
    "gift": "20/minute; 200/day",  # given, or taken, in one session
    "gift_opened": "60/minute; 600/hour",  # links of gifts, by who asks
    "clicked": "20/minute; 300/day",  # how often one who asks adds to what a friend's link has counted
    "unsubscribe": "30/minute; 300/hour",
    "claim": "5/minute; 20/day",
    "codes_used": "600/minute; 20000/day",  # voucher codes by API, for a key and for who asks: many tills are one
    "upload": "60/minute",
}
EVENTS_AT_ONCE, EVENTS_PER_SECOND = 120, 20.0  # of one socket: nobody clicks as fast
V6_PREFIX = 64  # what one household is given

log = logging.getLogger("regulars.limits")


def spend(name: str, key: str) -> None:
    """Count one use of `name` by `key`; refuses with `too_many` (429) when there were enough."""
    if not allowed(name, key):
        raise Refusal(
            "too_many", N_("That was a little too often. Please wait a while and try again."), status=429
        )


def allowed(name: str, key: str) -> bool:
    """The same as an answer: whether one more use was still free, and counted."""
    one = hidden(key)
    with _ALONE:
        store = _store()
        if isinstance(store.storage, MemoryStorage):
            return _all_hit(store, name, one)
    try:
        return _all_hit(store, name, one)
    except StorageError:
        log.warning("the store of the rate limits does not answer; this process counts for itself")
        with _ALONE:
            return _all_hit(_own(), name, one)


def client(request: HTTPConnection) -> str:
    """Who asks, by address, as a digest: the one that our outermost proxy saw, or the peer when there is none.

    What a visitor writes into `X-Forwarded-For` is left of what our own proxies add, and is not looked at.
    """
    hops = settings.current().trusted_proxy_hops
    seen = [part.strip() for line in request.headers.getlist("x-forwarded-for") for part in line.split(",")]
    peer = request.client.host if request.client else ""
    return hidden(_network(seen[-hops] if 0 < hops <= len(seen) else peer))


def hidden(word: str) -> str:
    """A digest that nobody can turn back, or make, without the secret."""
    key = settings.secret(settings.current())
    return hmac.new(key, b"limits:" + word.encode("utf-8", "surrogatepass"), hashlib.sha256).hexdigest()[:32]


def forget() -> None:
    """Begin to count anew with the settings of now; for tests."""
    for kept in (_store, _own):
        kept.cache_clear()


class Bucket:
    """Tokens that come back by themselves: `at_once` of them, and `per_second` new ones. Not for several threads."""

    __slots__ = ("at", "left")

    def __init__(self, now: float | None = None) -> None:
        self.at, self.left = time.monotonic() if now is None else now, float(EVENTS_AT_ONCE)

    def take(self, now: float | None = None) -> bool:
        """Whether there was one left to take."""
        now = time.monotonic() if now is None else now
        self.left = min(float(EVENTS_AT_ONCE), self.left + (now - self.at) * EVENTS_PER_SECOND)
        self.at = now
        if self.left < 1:
            return False
        self.left -= 1
        return True


_ALONE = (
    Lock()
)  # memory is counted, and the store made, by one thread at a time; Redis counts by a script of its own


def _all_hit(store: MovingWindowRateLimiter, name: str, key: str) -> bool:
    """The shortest rate is asked first; who is refused there uses up nothing of the longer ones."""
    return all(store.hit(rate, name, key) for rate in _rates(name))


@cache
def _rates(name: str) -> list[RateLimitItem]:
    return sorted(parse_many(RATES[name]), key=lambda rate: rate.get_expiry())


@cache
def _store() -> MovingWindowRateLimiter:
    url = settings.current().redis_url
    if not url:
        return _own()
    url = url.replace("unix://", "redis+unix://", 1) if url.startswith("unix://") else url
    made = RedisStorage(url, wrap_exceptions=True, key_prefix="regulars-limits", socket_timeout=2)
    return MovingWindowRateLimiter(made)


@cache
def _own() -> MovingWindowRateLimiter:
    return MovingWindowRateLimiter(MemoryStorage())


def _network(address: str) -> str:
    """An address, or for IPv6 the network that one household has."""
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return address[:100]
    if found.version == 4:
        return str(found)
    mapped = found.ipv4_mapped
    return str(mapped) if mapped else str(ipaddress.ip_network((found, V6_PREFIX), strict=False))
