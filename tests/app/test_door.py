"""The door: nobody without a session, nobody with somebody else's, and nothing half-done."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast
from uuid import UUID, uuid4

import pytest
import time_machine
from reflex.istate.data import RouterData
from reflex.state import State
from reflex_base.constants import ROUTER_URL
from sqlmodel import Session, func, select

from app import database, door, limits, policy
from app.door import Admitted, Turned
from app.frame.routes import code_of
from app.frame.visit import spoken
from facts.refusals import Refusal
from members import sessions
from members.audit import audit, first_broken
from members.roles import MEMBER, ROLES, Capability, Person
from members.tables import Audit, Member
from pages.home import HomeState

pytestmark = [pytest.mark.anyio, pytest.mark.usefixtures("house")]


@pytest.fixture(autouse=True)
def _declared_all() -> Iterator[None]:
    """What is tried here is the door itself; what a handler declares has a test of its own."""
    with policy.declared(frozenset(Capability)):
        yield


def a_state(cookie: str) -> Any:
    """What the door needs of a page's State: the cookie of its socket's handshake."""
    return SimpleNamespace(router=SimpleNamespace(headers=SimpleNamespace(cookie=cookie)))


def a_session(role: str = MEMBER, person: str = "") -> tuple[Any, str]:
    """A State with an open session, and the token of it."""
    with database.transaction(door.engine()) as session:
        token, _ = sessions.start(session, Person(person or str(uuid4()), role), datetime.now(UTC))
    return a_state(f"other=1; {door.COOKIE}={token}"), token


def whose(session: Session, person: Person, now: datetime) -> Person:
    return person


@pytest.mark.parametrize(
    "cookie",
    ["", "nonsense", f"{door.COOKIE}=", f"{door.COOKIE}=wrong", f"{door.COOKIE}={'x' * 5000}",
     f'{door.COOKIE}="\\udcff"',
     "=;=;=", f"{door.COOKIE}=a; {door.COOKIE}=b", f"{door.COOKIE}=\x00"],
)  # fmt: skip
async def test_without_a_session_nobody_comes_in(cookie: str) -> None:
    for way in (door.enter, door.look):
        answer = await way(a_state(cookie), Capability.SEE_OWN, whose)
        assert isinstance(answer, Turned)
        assert answer.signed_out
        assert answer.sentence()


async def test_the_person_is_who_the_cookie_says() -> None:
    state, _ = a_session(person=str(UUID(int=7)))
    answer = await door.look(state, "see_own", whose)
    assert isinstance(answer, Admitted)
    assert answer.value.member_id == UUID(int=7)
    assert await door.in_thread(state, whose, capability=Capability.SEE_OWN) == answer


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("capability", Capability)
async def test_a_role_does_what_it_may_and_nothing_else(role: str, capability: Capability) -> None:
    state, _ = a_session(role)
    done: list[str] = []
    answer = await door.enter(state, capability, lambda *_: done.append("done"))
    assert isinstance(answer, Admitted) == (capability in ROLES[role]) == bool(done)


async def test_members_have_no_capability_of_staff_and_staff_none_of_members() -> None:
    assert not any(ROLES[MEMBER] & ROLES[role] for role in ROLES if role != MEMBER)


async def test_a_role_that_is_no_more_may_nothing() -> None:
    assert not Person("1", "emperor").may(Capability.SEE_OWN)


async def test_a_session_ends_by_itself_and_by_word() -> None:
    state, token = a_session()
    later = datetime.now(UTC) + timedelta(days=sessions.MEMBER_DAYS, minutes=1)
    with time_machine.travel(later, tick=False):
        assert isinstance(await door.look(state, Capability.SEE_OWN, whose), Turned)
    assert isinstance(await door.look(state, Capability.SEE_OWN, whose), Admitted)
    with database.transaction(door.engine()) as session:
        sessions.end(session, token, datetime.now(UTC))
    assert isinstance(await door.look(state, Capability.SEE_OWN, whose), Turned)


async def test_all_sessions_of_one_person_end_and_nobody_elses() -> None:
    first, _ = a_session(person="p1")
    second, _ = a_session(person="p1")
    other, _ = a_session(person="p2")
    with database.transaction(door.engine()) as session:
        sessions.end_all(session, Person("p1", MEMBER), datetime.now(UTC))
    ways = [
        isinstance(await door.look(state, Capability.SEE_OWN, whose), Admitted)
        for state in (first, second, other)
    ]
    assert ways == [False, False, True]


def a_member(session: Session) -> None:
    session.add(Member(member_id=uuid4(), created_at=datetime.now(UTC)))
    session.flush()


def members() -> int:
    with database.reading(door.engine()) as session:
        return session.exec(select(func.count()).select_from(Member)).one()


async def test_a_refusal_rolls_back_and_comes_out_as_a_sentence() -> None:
    def work(session: Session, person: Person, now: datetime) -> None:
        a_member(session)
        raise Refusal("nothing_left", "Nothing is left of {what}.", what="it")

    state, _ = a_session()
    answer = await door.enter(state, Capability.REDEEM_OWN, work)
    assert isinstance(answer, Turned)
    assert (answer.sentence(), answer.signed_out) == ("Nothing is left of it.", False)
    assert members() == 0


async def test_a_bug_rolls_back_and_is_raised() -> None:
    def work(session: Session, person: Person, now: datetime) -> None:
        a_member(session)
        raise ZeroDivisionError

    state, _ = a_session()
    with pytest.raises(ZeroDivisionError):
        await door.enter(state, Capability.REDEEM_OWN, work)
    assert members() == 0


async def test_entering_commits_and_looking_cannot_write() -> None:
    state, _ = a_session()
    await door.enter(state, Capability.REDEEM_OWN, lambda session, *_: a_member(session))
    assert members() == 1
    with pytest.raises(Exception, match=r"readonly|read-only"):
        await door.look(state, Capability.REDEEM_OWN, lambda session, *_: a_member(session))
    assert members() == 1


async def test_work_runs_beside_the_event_loop() -> None:
    import threading

    state, _ = a_session()
    answer = await door.look(state, Capability.SEE_OWN, lambda *_: threading.current_thread())
    assert isinstance(answer, Admitted)
    assert answer.value is not threading.main_thread()


async def test_the_audit_finds_an_edited_row_and_a_missing_one(house: Path) -> None:
    engine, now = door.engine(), datetime.now(UTC)
    with database.transaction(engine) as session:
        for number in range(5):
            audit(
                session,
                "owner:demo",
                "points.adjusted",
                f"member:{number}",
                {"points": number, "ü": "ж"},
                now,
            )
    with database.reading(engine) as session:
        assert first_broken(session) is None
    with database.transaction(engine) as session:
        row = session.get(Audit, 3)
        assert row
        row.detail = row.detail.replace("2", "200")
    with database.reading(engine) as session:
        assert first_broken(session) == 3
    with database.transaction(engine) as session:
        for number in (3, 4):
            session.delete(session.get(Audit, number))
    with database.reading(engine) as session:
        assert first_broken(session) == 3


async def test_a_redemption_is_counted_before_its_transaction_begins(monkeypatch: pytest.MonkeyPatch) -> None:
    """The store of the limits may be slow to say that it is away: nobody waits for it under the write lock."""
    state, _ = a_session()
    seen: list[str] = []
    spend, attempt = limits.spend, database.attempt

    def spent(name: str, key: str) -> None:
        seen.append(name)
        spend(name, key)

    def attempted(*args: Any) -> Any:
        seen.append("transaction")
        return attempt(*args)

    monkeypatch.setattr(limits, "spend", spent)
    monkeypatch.setattr(database, "attempt", attempted)
    assert isinstance(await door.enter(state, Capability.REDEEM_OWN, whose), Admitted)
    assert seen == ["redeem", "transaction"]


@pytest.mark.parametrize("path", ["/", "/ru", "/ar/rewards"])
def test_what_a_page_says_of_its_line_is_what_reflex_says(path: str) -> None:
    """`door.cookies` and `spoken` look at the part of `router` that they need, where Reflex keeps it."""
    root: Any = cast("Any", State)(_reflex_internal_init=True)
    page = root.get_substate(HomeState.get_full_name().split("."))
    root.router = RouterData.from_router_data(
        {"headers": {"cookie": "one=1; two=2"}, "asPath": path, "pathname": path}
    )
    assert door.cookies(page) == page.router.headers.cookie == "one=1; two=2"
    assert getattr(page, ROUTER_URL).path == page.router.url.path
    assert spoken(page).code == code_of(page.router.url.path)
    root.router = RouterData.from_router_data(
        {"headers": {"cookie": "three=3"}, "asPath": path, "pathname": path}
    )
    assert door.cookies(page) == "three=3"


def test_a_token_is_found_in_a_header_of_any_length() -> None:
    more = "; ".join(f"other{n}={'x' * 50}" for n in range(40))
    for header in (f"{door.COOKIE}=abc", f"{door.COOKIE}=abc; {more}", f"{more}; {door.COOKIE}=abc"):
        assert [door.cookie_token(header) for _ in range(2)] == ["abc", "abc"]
        assert door.cookie_token(header.replace("abc", "def")) == "def"
