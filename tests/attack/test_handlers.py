"""R8: every handler of Reflex's registry, called by whoever must not, with whatever they like.

Nobody without the capability changes a byte of the database, is shown what is another's, or reads how we are made; and
a member never changes what is another member's.
"""

from __future__ import annotations

import asyncio
import hashlib
import inspect
import itertools
import logging
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from reflex_base.registry import RegistrationContext
from sqlalchemy import select as rows_of
from sqlmodel import SQLModel, select

import app.app  # noqa: F401 - all pages, as the server has them
from app import database, door, limits, policy
from app.frame.anew import plain
from members import sessions
from members.actions.record import record
from members.roles import MEMBER, ROLES, Capability, Person
from members.tables import Identity, Member
from pages.streaks import StreaksState
from tests.attack.hostile import values
from tests.builders import an_order
from tests.pages.conftest import House, Open, house

pytestmark = pytest.mark.anyio
SQLITE_ALONE = True
__all__ = ["house"]

PLANTED = "Mirabelle Planted"
BACKGROUND_SECONDS = 0.5
STAFF = [role for role in ROLES if role != MEMBER]
PEOPLE = ["nobody", "another member", *STAFF, "an expired session", "a revoked session"]
KNOWING = {Capability.SEE_MEMBERS, Capability.SEE_CASES}  # who may read a member's name


def handlers() -> dict[str, Any]:
    """Name and registration of every handler that is run at all."""
    known = RegistrationContext.ensure_context().event_handlers
    return {name: found for name, found in sorted(known.items()) if policy.of(found.handler) is not None}


@dataclass
class Tally:
    """What was called, and what came of it."""

    calls: int = 0
    raised: int = 0
    admitted: int = 0
    stumbled: int = 0
    wrote: list[str] = field(default_factory=list)
    rightly: list[str] = field(default_factory=list)
    told: list[str] = field(default_factory=list)


class Watch:
    """Says whether another connection has written to the database since it was last asked."""

    def __init__(self) -> None:
        self.line = sqlite3.connect(str(door.engine().url.database))
        self.before = self._now()

    def _now(self) -> int:
        return int(self.line.execute("PRAGMA data_version").fetchone()[0])

    def moved(self) -> bool:
        before, self.before = self.before, self._now()
        return self.before != before


@contextmanager
def counted(tally: Tally) -> Iterator[None]:
    """Count whom the door lets in; and let nobody be too fast, or most of the values would never be looked at."""
    plain: dict[str, Any] = {"_admit": door._admit, "glanced": door.glanced}

    def counting(way: str) -> Any:
        def ask(*args: Any) -> Any:
            answer = plain[way](*args)
            tally.admitted += isinstance(answer, door.Admitted)
            return answer

        return ask

    class Errors(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            tally.stumbled += 1

    errors = Errors(logging.ERROR)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(limits, "allowed", lambda *_: True)
        for name in plain:
            patch.setattr(door, name, counting(name))
        logging.getLogger().addHandler(errors)
        yield
        logging.getLogger().removeHandler(errors)


@pytest.fixture
def victim(house: House) -> House:
    """Mira, with a name that would be seen; and another member."""
    now = datetime.now(UTC)
    with database.transaction(door.engine()) as session:
        mira = session.get(Member, house.mira)
        assert mira
        mira.name, mira.status = PLANTED, "active"
        record(session, [an_order("theirs", "80.00", subject="customer:2", at=now - timedelta(days=20))], now)
    return house


def other_member(house: House) -> UUID:
    with database.reading(door.engine()) as session:
        return next(one for one in session.exec(select(Identity.member_id)).all() if one != house.mira)


def a_cookie(who: str, house: House) -> str:
    if who == "nobody":
        return ""
    now, other = datetime.now(UTC), Person(str(other_member(house)), MEMBER)
    person = Person("kim", who) if who in STAFF else other
    with database.transaction(door.engine()) as session:
        begun = now - timedelta(days=400) if who == "an expired session" else now
        token, _ = sessions.start(session, person, begun)
    if who == "a revoked session":
        with database.transaction(door.engine()) as session:
            sessions.end(session, token, now)
    return f"{door.COOKIE}={token}"


def role_of(who: str) -> str | None:
    return who if who in STAFF else MEMBER if who == "another member" else None


def may(who: str, allowed: policy.Policy) -> bool:
    """Whether the person has any of the capabilities that the handler declared."""
    role = role_of(who)
    return role is not None and any(Person("x", role).may(one) for one in allowed)


def of_mira(house: House) -> str:
    """A digest of everything that is hers."""
    found = hashlib.sha256()
    with database.reading(door.engine()) as session:
        for table in SQLModel.metadata.sorted_tables:
            if "member_id" in table.c:
                rows = session.execute(rows_of(table).where(table.c.member_id == house.mira)).all()
                found.update(repr(sorted(map(repr, rows))).encode())
    return found.hexdigest()


async def strike(found: Any, state: Any, payload: dict[str, Any], tally: Tally) -> None:
    """One call, as the pages' middleware hands it on; what it raises stays on the server, as the event queue has it."""
    tally.calls += 1
    payload = {**payload}
    plain(payload)
    handler = found.handler
    try:
        if handler.is_background:
            await asyncio.wait_for(handler.fn(Open(state), **payload), BACKGROUND_SECONDS)
            return
        answer = handler.fn(state, **payload)
        if hasattr(answer, "__aiter__"):
            async for _ in answer:
                pass
        elif inspect.isawaitable(answer):
            await answer
    except TimeoutError:
        pass
    except policy.Undeclared:
        raise
    except Exception:  # noqa: BLE001 - whatever it is, it must have changed nothing
        tally.raised += 1


def a_page(kind: Any, cookie: str, address: str, house: House) -> Any:
    state = house.visit(kind, address, who="")
    root = state._get_root_state()
    root.router_data = {**root.router_data, "headers": {"cookie": cookie, "origin": "http://localhost:3000"}}
    root.router = type(root.router).from_router_data(root.router_data)
    return state


def payloads(found: Any, hostile: list[Any]) -> Iterator[dict[str, Any]]:
    names = list(inspect.signature(found.handler.fn).parameters)[1:]
    return (dict.fromkeys(names, one) for one in (hostile if names else [None]))


async def campaign(house: House, people: list[str], rounds: list[tuple[str, bool]], stride: int) -> Tally:
    """Every handler by these people, with each n-th value; `rounds` are addresses, and whether the page was loaded."""
    tally = Tally()
    with counted(tally):
        await _campaign(house, people, rounds, stride, tally)
    return tally


async def _campaign(
    house: House, people: list[str], rounds: list[tuple[str, bool]], stride: int, tally: Tally
) -> None:
    hostile, turn, watch = (
        values(str(house.mira), "coffee", "Mirabelle Planted", f"{house.mira} 1", "customer:1"),
        itertools.count(),
        Watch(),
    )
    for who, (address, loaded) in itertools.product(people, rounds):
        cookie = a_cookie(who, house)
        kinds = itertools.groupby(handlers().items(), key=lambda one: one[1].states[0])
        watch.moved()
        for kind, group in kinds:
            state = a_page(kind, cookie, f"{address}?id={house.mira}&draft={house.mira}", house)
            if loaded and "load" in kind.event_handlers:
                opening = handlers()[f"{kind.get_full_name()}.load"]
                await strike(opening, state, {}, tally)
                if watch.moved() and not may(who, policy.of(opening.handler) or frozenset()):
                    tally.wrote.append(f"{who} opened {kind.get_full_name()}")
            for name, found in group:
                allowed = policy.of(found.handler) or frozenset()
                chosen = hostile[next(turn) % stride :: stride]
                for payload in payloads(found, chosen):
                    await strike(found, state, payload, tally)
                if watch.moved():
                    (tally.rightly if may(who, allowed) else tally.wrote).append(f"{who} {name}")
            seen = str(state._get_root_state().dict())
            role = role_of(who)
            knows = role is not None and any(Person("x", role).may(one) for one in KNOWING)
            if "Traceback" in seen or 'File "' in seen or (PLANTED in seen and not knows):
                tally.told.append(f"{who} {kind.get_full_name()}")


@pytest.mark.parametrize("who", PEOPLE)
async def test_nobody_does_what_is_not_theirs(victim: House, who: str) -> None:
    before = of_mira(victim)
    tally = await campaign(victim, [who], [("/", True)], stride=24)
    assert (tally.wrote, tally.told, tally.stumbled) == ([], [], 0)
    assert tally.calls > 300
    assert (tally.admitted > 0) == (role_of(who) is not None)
    if role_of(who) in {None, MEMBER}:
        assert of_mira(victim) == before


@pytest.mark.full
@pytest.mark.parametrize("who", PEOPLE)
async def test_a_hundred_thousand_calls(victim: House, who: str) -> None:
    """R8 in full: nine kinds of people, each with more than 25,500 calls."""
    rounds = [("/", False), ("/", True), ("/ru/", True), ("/ar/staff/member", True)]
    before = of_mira(victim)
    tally = await campaign(victim, [who], rounds, stride=1)
    print(
        f"{who}: {tally.calls:,} calls, {tally.raised:,} of them raised, let in {tally.admitted:,} "
        f"times; {len(set(tally.rightly))} handlers wrote what is theirs to write"
    )
    assert (tally.admitted > 100) == (role_of(who) is not None)
    assert (tally.wrote, tally.told, tally.stumbled) == ([], [], 0)
    assert tally.calls * len(PEOPLE) >= 230_000
    if role_of(who) in {None, MEMBER}:
        assert of_mira(victim) == before


async def test_the_watch_sees_what_a_handler_writes(victim: House) -> None:
    """Or nothing that is said here would mean anything."""
    state = a_page(StreaksState, a_cookie("another member", victim), "/streaks", victim)
    watch, tally = Watch(), Tally()
    move = handlers()[f"{StreaksState.get_full_name()}.move"]
    await strike(move, state, {"zone": "Nowhere/Land"}, tally)
    assert not watch.moved()
    await strike(move, state, {"zone": "Europe/Berlin"}, tally)
    assert watch.moved()
    assert not watch.moved()
    assert tally.raised == 0


def test_there_are_seventy_hostile_values_and_every_kind_of_person() -> None:
    assert len(values()) >= 70
    assert len(PEOPLE) == 9
    assert len(handlers()) > 150
    assert set(ROLES) - {MEMBER} <= set(PEOPLE)
