"""The only way in for a page: session cookie → person → capability → transaction → action.

The browser chooses its own Reflex token and can call every public handler, so State is not identity. Each
handler therefore names what it wants to do and hands the work over:

    answer = await door.enter(self, Capability.REDEEM_OWN, lambda session, person, now: redeem(session, …))
    match answer:
        case Admitted(card): self.card = card
        case Turned(): self.notice = answer.sentence(language); …

It declares so beforehand: `@needs(Capability.REDEEM_OWN)` under `@rx.event`, or `@everybody` when it only moves the
page. The door refuses what was not declared (`app.policy`).

`look` is the same on a read-only snapshot (it waits for no writer): page loads use it; `glance` asks with one question
who it is and what is to be shown. The work runs in a worker thread inside one transaction, with the person found anew
in the database each time. A `Refusal` rolls back and comes out as `Turned`; anything else is a bug, rolls back, and is
raised. Work that shows or makes voucher codes takes the key from `session.info["secret"]`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from http.cookies import CookieError, SimpleCookie
from typing import Any, Generic, TypeVar

import anyio
from anyio.lowlevel import RunVar
from reflex_base.constants import ROUTER_HEADERS
from sqlalchemy import ClauseElement, Engine
from sqlmodel import Session

from app import database, limits, lines, live, policy, settings
from facts.refusals import Refusal, Speaks
from members import sessions
from members.roles import Capability, Person

COOKIE = "regulars_session"
HEADERS_KEPT, HEADER_LENGTH_KEPT = 1024, 1024
THREADS_MAX = 24  # fewer than the engine's pool, so that nobody waits for a connection in vain

SIGNED_OUT = Refusal("signed_out", "Please come in first: you are not signed in.", status=401)
NOT_ALLOWED = Refusal("not_allowed", "This is not yours to see or do.", status=403)

T = TypeVar("T")
F = TypeVar("F", bound=Callable[..., Any])
Work = Callable[[Session, Person, datetime], T]


@dataclass(frozen=True, slots=True)
class Admitted(Generic[T]):
    """The work was done, and committed; `value` is what it returned."""

    value: T


@dataclass(frozen=True, slots=True)
class Turned:
    """Turned away, and nothing was written. `signed_out`: there is no session, so offer the way in."""

    refusal: Refusal
    signed_out: bool = False

    def sentence(self, language: Speaks | None = None) -> str:
        """What to tell the person."""
        return self.refusal.sentence(language)


def needs(*capabilities: Capability) -> Callable[[F], F]:
    """Declare what a handler may ask the door for; see `app.policy`. Stands under `@rx.event`."""
    return lambda handler: policy.dressed(handler, frozenset(capabilities), _asked)


def everybody(handler: F) -> F:
    """Declare that a handler only moves the page: it may ask the door for nothing."""
    return policy.dressed(handler, frozenset())


async def _asked(state: Any, capability: Capability) -> bool:
    answer = await look(state, capability, lambda _session, person, _now: person)
    if isinstance(answer, Turned) and hasattr(state, "_turned"):
        state._turned(answer)
    return isinstance(answer, Admitted)


async def enter(
    state: Any, capability: Capability | str, work: Work[T], *, rate: str = ""
) -> Admitted[T] | Turned:
    """Do `work` as the person behind the page's cookie, in a transaction that may write.

    `rate` (`app.limits.RATES`) is what they use up of theirs by it, before it begins.
    """
    answer = await in_worker(_admit, cookie_token(cookies(state)), _declared(capability), work, True, rate)
    if isinstance(answer, Admitted):
        live.nudge()
    return answer


async def look(
    state: Any, capability: Capability | str, work: Work[T], *, rate: str = ""
) -> Admitted[T] | Turned:
    """Do `work` as the person behind the page's cookie, on a snapshot that cannot be written to."""
    return await in_worker(_admit, cookie_token(cookies(state)), _declared(capability), work, False, rate)


@dataclass(frozen=True, slots=True)
class Glance(Generic[T]):
    """A view that asks one question, the person behind the token included (`members.sessions.asker`).

    `read` makes of the answer what is shown, or None when it needs more than that; then `whole` does it at length.
    """

    question: Callable[[], ClauseElement]
    read: Callable[[Sequence[Any], Person, datetime], T | None]
    whole: Work[T]

    def __call__(self, session: Session, person: Person, now: datetime) -> T:
        """What is shown, asked at length: a glance can stand wherever a view is wanted."""
        return self.whole(session, person, now)


async def glance(state: Any, capability: Capability | str, view: Glance[T]) -> Admitted[T] | Turned:
    """`look`, in one trip to the database; where there are `app.lines`, without a worker thread."""
    token, wanted = cookie_token(cookies(state)), _declared(capability)
    by = lines.here(engine()) if sessions.possible(token) else None
    if by is None:
        return await in_worker(glanced, token, wanted, view)
    now = datetime.now(UTC)
    found = _read(await by.ask(view.question(), _marks(token, now)), wanted, view, now)
    return found or await in_worker(_admit, token, wanted, view.whole, False)


def glanced(token: str, capability: Capability | str, view: Glance[T]) -> Admitted[T] | Turned:
    """The same for who holds a token and is in a worker thread already."""
    if not sessions.possible(token):
        return Turned(SIGNED_OUT, True)
    now, wanted = datetime.now(UTC), Capability(capability)
    found = _read(database.ask(engine(), view.question(), _marks(token, now)), wanted, view, now)
    return found or _admit(token, wanted, view.whole, False)


def _marks(token: str, now: datetime) -> dict[str, Any]:
    return {"digest": sessions.digest(token), "now": now}


def _read(
    rows: Sequence[Any], capability: Capability, view: Glance[T], now: datetime
) -> Admitted[T] | Turned | None:
    """What the answer says of who asks and of what is shown; None when the view needs more than that."""
    person = sessions.asked_by(rows)
    if person is None:
        return Turned(SIGNED_OUT, True)
    if not person.may(capability):
        return Turned(NOT_ALLOWED)
    try:
        found = view.read(rows, person, now)
    except Refusal as refusal:
        return Turned(refusal)
    return None if found is None else Admitted(found)


async def in_thread(
    state: Any, work: Work[T], *, capability: Capability | str, writes: bool = False
) -> Admitted[T] | Turned:
    """`look`, or with `writes` `enter`, the work named first."""
    return await (enter if writes else look)(state, capability, work)


def admit(
    token: str, capability: Capability | str, work: Work[T], *, writes: bool = True, rate: str = ""
) -> Admitted[T] | Turned:
    """The same for our own HTTP routes, which hold a token and are in a worker thread already."""
    return _admit(token, Capability(capability), work, writes, rate)


def bearer(token: str) -> Person | None:
    """Whose token it is, for what stands before the pages; None without a session. Blocks: for a worker thread."""
    if not sessions.possible(token):
        return None
    with database.reading(engine()) as session:
        return sessions.person_of(session, token, datetime.now(UTC))


def _declared(capability: Capability | str) -> Capability:
    found = Capability(capability)
    policy.check(found)
    return found


def _admit(
    token: str, capability: Capability, work: Work[T], writes: bool, rate: str = ""
) -> Admitted[T] | Turned:
    now = datetime.now(UTC)

    def inside(session: Session) -> Admitted[T] | Turned:
        person = sessions.person_of(session, token, now)
        if person is None:
            return Turned(SIGNED_OUT, True)
        if not person.may(capability):
            return Turned(NOT_ALLOWED)
        session.info["secret"] = secret()
        return Admitted(work(session, person, now))

    try:
        if writes and capability is Capability.REDEEM_OWN:
            rate = rate or "redeem"
        if rate:
            _spend(rate, token, capability)
        if writes:
            return database.attempt(engine(), inside)
        with database.reading(engine()) as session:
            found = inside(session)
        _remember(found, token)
        return found
    except Refusal as refusal:
        return Turned(refusal)


_here: set[bytes] = set()
HERE_MAX = 10_000  # sessions that are remembered until somebody writes down that they were here


def _remember(found: Admitted[Any] | Turned, token: str) -> None:
    """That a session is in use: only here, since whoever reads waits for no writer (`app.jobs.seen` writes it down)."""
    if isinstance(found, Admitted) and len(_here) < HERE_MAX:
        _here.add(sessions.digest(token))


def were_here() -> list[bytes]:
    """The digests of the sessions that were in use since this was asked last."""
    taken: list[bytes] = []
    while _here:
        taken.append(_here.pop())
    return taken


def _spend(rate: str, token: str, capability: Capability) -> None:
    """Before the transaction: where the store of the limits is slow, nobody waits for its answer under a lock."""
    person = bearer(token)
    if person and person.may(capability):
        limits.spend(rate, person.id)


def cookie_token(header: str) -> str:
    """The session token in a Cookie header, or ""."""
    return _token_in(header) if len(header) <= HEADER_LENGTH_KEPT else _token_in.__wrapped__(header)


@lru_cache(maxsize=HEADERS_KEPT)
def _token_in(header: str) -> str:
    """It follows from the header alone, which an open page has with each of its events."""
    try:
        morsel = SimpleCookie(header).get(COOKIE)
    except CookieError:
        return ""
    return morsel.value if morsel else ""


def cookies(state: Any) -> str:
    """The Cookie header with which the page's line was opened.

    `state.router` says it too, and is put together anew at each look, of five parts: that is dearer than all else here.
    """
    headers = getattr(state, ROUTER_HEADERS, None) or state.router.headers
    return str(headers.cookie or "")


def secret() -> bytes:
    """The programme's secret, with which codes are sealed. Work finds it as `session.info["secret"]`."""
    return settings.secret(settings.current())


def engine() -> Engine:
    """This process's engine. Made at the first use, so never before the workers have forked."""
    return database.shared(settings.current().database_url)


_limiter: RunVar[anyio.CapacityLimiter] = RunVar("regulars_threads")


async def in_worker(call: Callable[..., T], *args: Any) -> T:
    """Run a blocking call in a worker thread: database and pictures never hold up the event loop."""
    try:
        limiter = _limiter.get()
    except LookupError:
        limiter = anyio.CapacityLimiter(THREADS_MAX)
        _limiter.set(limiter)
    return await anyio.to_thread.run_sync(call, *args, limiter=limiter)
