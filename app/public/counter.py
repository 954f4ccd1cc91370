"""`/staff/counter`: serving people at the counter, and what its page asks (`/counter/…`, as JSON).

The page itself is the same for everybody, so that a phone may keep it and open it without a line; whoever asks anything
of it is asked who they are. What it records carries an id that the phone made, so that nothing is recorded twice.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from dataclasses import asdict
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlmodel import Session
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.routing import Route

from app import door, limits, live, mail, settings
from app.door import Turned, cookie_token, in_worker
from app.public import counter_page
from app.public.counter_asked import NOT_HERE, Asked, sent
from app.public.counter_who import card_number, key_of, old_keys_of, subject_for, whom
from app.public.entrances import same_origin
from facts.language import SOURCE, Language, codes, language
from facts.refusals import Refusal
from members import audit
from members.actions import counter, counter_joining, counter_rewards
from members.actions.counter import Sale
from members.actions.counter_rewards import DONE, WAITING, Wish
from members.addresses import veiled
from members.programme.versions import in_force
from members.roles import Capability, Person
from members.views import counter as views
from members.views.team import role_name
from members.way_tables import Staff

NO_STORE = {"Cache-Control": "no-store"}
SERVE = Capability.SERVE_COUNTER
WAIT_SECONDS, LOOK_SECONDS = 20.0, 2.0
Handler = Callable[[Request, Language, Asked], Awaitable[dict[str, Any]]]


def routes() -> list[Route]:
    """For the composition root, in every language: it is the language of what is answered."""
    found: list[Route] = []
    for code in codes():
        start = "" if code == SOURCE else f"/{code}"
        found.append(Route(f"{start}/staff/counter", _page(code), methods=["GET"]))
        found.append(
            Route(f"{start}/staff/counter/shell", _page(code), methods=["GET"])
        )  # what a phone keeps
        found.append(Route(f"{start}/counter/desk", _answered(code, desk), methods=["GET"]))
        for name, handler in POSTS.items():
            found.append(Route(f"{start}/counter/{name}", _answered(code, handler), methods=["POST"]))
    return found


def _page(code: str) -> Any:
    async def route(_: Request) -> Response:
        return HTMLResponse(
            await in_worker(counter_page.shell, language(code)), headers={"Cache-Control": "no-cache"}
        )

    return route


def _answered(code: str, handler: Handler) -> Any:
    async def route(request: Request) -> Response:
        say = language(code)
        try:
            if request.method == "POST" and not same_origin(request):
                raise Refusal("not_here", NOT_HERE, status=403)
            asked = Asked(cookie_token(request.headers.get("cookie", "")), await sent(request))
            return JSONResponse(await handler(request, say, asked), headers=NO_STORE)
        except Refusal as refusal:
            said = {"code": refusal.code, "said": refusal.sentence(say), "path": refusal.path}
            return JSONResponse(said, refusal.status, headers=NO_STORE)

    return route


async def _do(asked: Asked, work: door.Work[Any], *, rate: str = "counter", writes: bool = True) -> Any:
    """Do `work` as who is signed in and may serve; refuses everybody else."""

    def run() -> Any:
        found = door.admit(asked.token, SERVE, work, writes=writes, rate=rate)
        if isinstance(found, Turned):
            raise found.refusal
        if writes:
            live.nudge()
        return found.value

    return await in_worker(run)


async def _spend(asked: Asked, name: str, key: str) -> None:
    """Count one use of what is not the asker's own, for who may ask at all; before any transaction that writes."""
    await _do(asked, lambda _session, person, _now: person, rate="", writes=False)
    await in_worker(limits.spend, name, key)


async def desk(_: Request, say: Language, asked: Asked) -> dict[str, Any]:
    """Who serves here, and up to which amount a purchase is of the usual size (in minor units; 0: nobody knows)."""

    def work(session: Session, person: Person, now: datetime) -> dict[str, Any]:
        row = session.get(Staff, person.id)
        name = (row.name if row else "") or role_name(person.role, say)
        return {
            "key": key_of(person),
            "old_keys": old_keys_of(person),
            "name": name,
            "usual": counter.usual_max(session),
        }

    return await _do(asked, work, rate="", writes=False)


async def look(_: Request, say: Language, asked: Asked) -> dict[str, Any]:
    """Whom a card, a number or an address means. A code is used up by it; a look is in the audit."""
    typed = asked.words("who")
    if number := card_number(typed):
        await _spend(asked, "card", f"card:{number}")

    def work(session: Session, person: Person, now: datetime) -> dict[str, Any]:
        found = whom(session, typed, session.info["secret"], now)
        card = views.served(session, found.member_id, now, say)
        audit.seen(session, person.actor, f"member:{card.key}", "member.viewed", now)
        proof = ""
        if found.proved and card.open:
            proof = counter_rewards.shown(session, UUID(card.key), person.actor, now)
        return {"member": asdict(card), "proof": proof}

    return await _do(asked, work, rate="card")


async def purchase(_: Request, say: Language, asked: Asked) -> dict[str, Any]:
    """Record a purchase, of a member or of an address that nobody has yet."""
    request, typed, age = asked.key("request"), asked.words("amount", 40), asked.number("age", 10**8)
    receipt, sure = asked.words("receipt", counter.RECEIPT_LENGTH_MAX), asked.flag("sure")
    who, member = asked.words("who"), asked.words("member", 40)

    def work(session: Session, person: Person, now: datetime) -> dict[str, Any]:
        amount = counter.amount_of(typed, in_force(session, now).programme.digits)
        subject = subject_for(session, member, who)
        sale = Sale(request, subject, amount, now - timedelta(seconds=age), receipt, sure)
        outcome = counter.sell(session, sale, person.actor, now)
        return {"sale": asdict(views.sale(session, sale, outcome, person.actor, now, say))}

    return await _do(asked, work)


async def undo(_: Request, say: Language, asked: Asked) -> dict[str, Any]:
    """Take a purchase back."""
    request = asked.key("request")

    def work(session: Session, person: Person, now: datetime) -> dict[str, Any]:
        outcome = counter.undo(session, request, person.actor, now)
        assert outcome.member_id is not None
        return {"receipt": asdict(views.undone(session, outcome.member_id, now, say))}

    return await _do(asked, work)


def _wish(asked: Asked) -> Wish:
    return Wish(
        asked.key("request"), asked.key("member"), asked.words("reward", 100), asked.number("price", 10**9)
    )


async def redeem(_: Request, say: Language, asked: Asked) -> dict[str, Any]:
    """Redeem for whose card was scanned a moment ago."""
    wish, proof = _wish(asked), asked.words("proof", 100)

    def work(session: Session, person: Person, now: datetime) -> dict[str, Any]:
        made = counter_rewards.redeem_shown(session, wish, proof, person.actor, now, session.info["secret"])
        return {"receipt": asdict(views.handed_over(session, made, now, say))}

    return await _do(asked, work)


async def ask(_: Request, say: Language, asked: Asked) -> dict[str, Any]:
    """Ask the member on their own page."""
    wish = _wish(asked)
    await _spend(asked, "counter_asks", f"member:{wish.member_id}")

    def work(session: Session, person: Person, now: datetime) -> dict[str, Any]:
        return {"ask": str(counter_rewards.ask(session, wish, person.actor, now))}

    return await _do(asked, work, rate="")


async def answer(_: Request, say: Language, asked: Asked) -> dict[str, Any]:
    """What the member said. With `wait` it is answered when they have said something, or after a while."""
    ask_id, until = asked.key("ask"), time.monotonic() + (WAIT_SECONDS if asked.flag("wait") else 0.0)

    def work(session: Session, person: Person, now: datetime) -> tuple[UUID, dict[str, Any]]:
        found = counter_rewards.answered(session, ask_id, person.actor, now)
        receipt = None
        if found.state == DONE and found.redemption_id is not None:
            made = counter_rewards.made_of(session, found)
            receipt = asdict(views.handed_over(session, made, now, say))
        return found.member_id, {"state": found.state, "receipt": receipt}

    member_id, said = await _do(asked, work, rate="", writes=False)
    async with live.subscribe(member_id) as news:
        while said["state"] == WAITING and time.monotonic() < until:
            try:
                async with asyncio.timeout(LOOK_SECONDS):
                    await news.next()
            except TimeoutError:
                pass
            _, said = await _do(asked, work, rate="", writes=False)
    return said


async def stop(_: Request, say: Language, asked: Asked) -> dict[str, Any]:
    """Stop asking."""
    ask_id = asked.key("ask")

    def work(session: Session, person: Person, now: datetime) -> dict[str, Any]:
        return {"state": counter_rewards.take_back(session, ask_id, person.actor, now).state}

    return await _do(asked, work)


async def voucher(_: Request, say: Language, asked: Asked) -> dict[str, Any]:
    """Take a voucher."""
    request, code = asked.key("request"), asked.words("code", 100)

    def work(session: Session, person: Person, now: datetime) -> dict[str, Any]:
        made = counter_rewards.take_voucher(session, request, code, person.actor, now, session.info["secret"])
        return {"receipt": asdict(views.voucher(session, made, now, say))}

    return await _do(asked, work, rate="card")


async def join(_: Request, say: Language, asked: Asked) -> dict[str, Any]:
    """Open a membership for who has said yes; somebody who has one is shown, with a kind word."""
    request, typed, agreed = asked.key("request"), asked.words("who"), asked.flag("agreed")
    site, senders = settings.current().public_url, mail.senders(settings.current())

    def work(session: Session, person: Person, now: datetime) -> dict[str, Any]:
        subject = subject_for(session, "", typed, new=True)
        posted = subject.partition(":")[0] in senders
        made = counter_joining.enrol(session, request, subject, say, person.actor, now, agreed=agreed, site=site,
                                     posted=posted)  # fmt: skip
        card = asdict(views.served(session, made.member_id, now, say))
        audit.seen(session, person.actor, f"member:{made.member_id}", "member.viewed", now)
        if made.known:
            return {"member": card, "known": True, "note": say.text("They are a member already.")}
        if posted:
            note = say.text("Welcome! A letter is on its way to {address}.", address=veiled(subject))
        else:
            note = say.text("Welcome! Write this code down for them: {code}", code=made.code)
        return {"member": card, "known": False, "note": note, "code": made.code}

    return await _do(asked, work)


POSTS: dict[str, Handler] = {
    "look": look,
    "purchase": purchase,
    "undo": undo,
    "redeem": redeem,
    "ask": ask,
    "answer": answer,
    "stop": stop,
    "voucher": voucher,
    "join": join,
}
