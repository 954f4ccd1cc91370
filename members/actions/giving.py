"""Giving points to somebody: set aside by one, taken by another, or called back. Off unless the programme says `gifts`.

Points move by facts alone: `gift.given` and `.taken` on the one account, `gift.received` on the other, recorded
together or not at all. Both accounts are locked first, in the order of their ids, so a day's limit holds however many
ask at once.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlmodel import Session, col, select

from facts.events import OWN_SOURCE, Fact
from facts.ids import id_for
from facts.language import N_
from facts.refusals import Refusal
from members import books, gifts, letting_know, takeover
from members.actions.record import record
from members.actions.redeem import cancel
from members.audit import audit
from members.closing import ERASED, LEFT, closed
from members.gifts import Part, State
from members.merged import latest_of, one_person
from members.programme.versions import in_force, versions
from members.roles import MEMBER, Person
from members.tables import Member
from rewards import codes
from rewards.gift_tables import Gift, GiftCode, GiftTaken
from rewards.gifts import Gifts

REQUEST_LENGTH_MAX = 100
MUCH = N_("Many points were given away from your account.")


def give(session: Session, member_id: UUID, points: int, request_id: str, known: bytes, secret: bytes, now: datetime,
         *, named: bool = False) -> Gift:  # fmt: skip
    """Set points aside for whoever gets the link; the same `request_id` gives the same gift again.

    `known` is the digest of the browser session. Refuses what the terms do not allow, and what is not there.
    """
    if not 0 < len(request_id) <= REQUEST_LENGTH_MAX or not request_id.isprintable():
        raise Refusal("request_malformed", N_("A request needs an id of at most {most} characters."),
                      path="request_id", most=REQUEST_LENGTH_MAX)  # fmt: skip
    terms = gifts.terms_of(session, now)
    account = books.lock(session, [member_id]).get(member_id)
    if account is None:
        raise Refusal("member_unknown", N_("There is no such member."), status=404)
    before = _asked_before(session, member_id, request_id)
    if before:
        if before.points != points:
            raise Refusal("request_reused", N_("This request was made before, for another gift."), status=409)
        return before
    made = _made(session, account, points, request_id, terms, now)
    made.named = named
    if takeover.check(session, member_id, known, points, now):
        letting_know.tell(session, Person(str(member_id), MEMBER), MUCH, now)
    data = {"points": points} | ({"promotional": True} if terms.promotional else {})
    _record(session, [_fact(made, "given", made.member_id, now, **data)], now)
    session.add(made)
    _seal(session, made, secret)
    session.flush()
    return made


def _asked_before(session: Session, member_id: UUID, request_id: str) -> Gift | None:
    return session.exec(
        select(Gift).where(Gift.member_id == member_id, Gift.request_id == request_id)
    ).first()


def _made(
    session: Session, account: books.Account, points: int, request_id: str, terms: Gifts, now: datetime
) -> Gift:
    """The gift, when it can be given; under the lock of who gives it. What is owed is not given away."""
    member_id = account.standing.member_id
    theirs = one_person(session, member_id)
    gifts.insist_known(session, theirs, terms, now)
    if not terms.least <= points <= terms.limit:
        text = N_("A gift is from {least} to {most} points.")
        raise Refusal("gift_amount", text, path="points", least=terms.least, most=terms.limit)
    left = terms.per_day - gifts.given_on(session, theirs, gifts.today(session, now))
    if points > left:
        text = N_("Today you can give {left} more points.")
        raise Refusal("gift_day", text, path="points", status=409, left=max(0, left))
    lots = gifts.lots_to_give(session, member_id, terms, versions(session), now)
    available = max(0, sum(lot.remaining for lot in lots) - account.standing.debt)
    if points > available:
        text = N_("Of your points, {available} can be given.")
        raise Refusal("gift_short", text, path="points", status=409, available=available)
    found = gifts.parts(lots, points)
    return Gift(member_id=member_id, gift_id=id_for(now, member_id.hex, "gift", request_id), request_id=request_id,
                points=points, lots=json.dumps([one.data for one in found]), given_at=now,
                until=_until(found, terms, now))  # fmt: skip


def _until(found: Sequence[Part], terms: Gifts, now: datetime) -> datetime:
    """How long it can be taken: not longer than its points last."""
    ends = [one.expires_at for one in found if one.expires_at]
    return min([now + timedelta(days=terms.days_to_take), *ends])


def _seal(session: Session, made: Gift, secret: bytes) -> None:
    code = codes.code_from(secrets.token_bytes(codes.CHANCE_BYTES))
    signs, nonce = codes.meant(code), secrets.token_bytes(codes.NONCE_BYTES)
    assert signs is not None
    made.code_sealed = codes.seal(code, f"gift:{made.gift_id}", secret, nonce)
    session.add(
        GiftCode(code_hmac=codes.digest(signs, secret), member_id=made.member_id, gift_id=made.gift_id)
    )


def take(session: Session, member_id: UUID, code: str, secret: bytes, now: datetime) -> Gift:
    """Take the gift that a link leads to. Taking one's own again changes nothing.

    Refuses one's own gift, one that is gone (in the same words as one that never was), and more than a day's limit.
    """
    found = gifts.by_code(session, code, secret)
    giver = latest_of(session, found.member_id)
    accounts = books.lock(session, {found.member_id, giver, member_id})
    made = _locked(session, found.member_id, found.gift_id)
    theirs = one_person(session, member_id)
    if giver in theirs:
        raise Refusal("gift_own", N_("This gift is yours. Send its link to somebody else."), status=409)
    if made.state == State.TAKEN and any(session.get(GiftTaken, (one, made.gift_id)) for one in theirs):
        return made
    away = closed(accounts[giver].standing.state) in (LEFT, ERASED)
    if made.state != State.WAITING or now >= made.until or away:
        raise gifts.unknown()
    terms = in_force(session, now).programme.gifts or in_force(session, made.given_at).programme.gifts
    left = (terms.per_day if terms else 0) - gifts.taken_on(session, theirs, gifts.today(session, now))
    if made.points > left:
        text = N_(
            "With this gift you would get more than can be taken in a day. Open its link again tomorrow."
        )
        raise Refusal("gift_day", text, status=409)
    said = {"points": made.points, "lots": json.loads(made.lots)}
    facts = [_fact(made, "taken", made.member_id, now), _fact(made, "received", member_id, now, **said)]
    _record(session, facts, now)
    session.add(GiftTaken(member_id=member_id, gift_id=made.gift_id, points=made.points, taken_at=now))
    return _closed(session, made, State.TAKEN, now)


def call_back(session: Session, member_id: UUID, gift_id: UUID, actor: str, now: datetime) -> Gift:
    """Take a gift back that nobody has taken: its points are in their very lots again. Twice is once."""
    theirs = one_person(session, member_id)
    books.lock(session, theirs)
    mine = (col(Gift.member_id).in_(theirs), Gift.gift_id == gift_id)
    whose = session.exec(select(Gift.member_id).where(*mine)).first()
    if whose is None:
        raise gifts.unknown()
    made = _locked(session, whose, gift_id)
    if made.state in (State.BACK, State.OVER):
        return made
    if made.state != State.WAITING:
        raise Refusal("gift_taken", N_("This gift was taken. It cannot be called back any more."), status=409)
    _record(session, [_fact(made, "cancelled", made.member_id, now)], now)
    if not actor.startswith(f"{MEMBER}:"):
        audit(session, actor, "gift.called_back", f"member:{member_id}", {"gift": str(gift_id)}, now,
              before={"state": State.WAITING.value}, after={"state": State.BACK.value})  # fmt: skip
    return _closed(session, made, State.BACK, now)


def call_off(session: Session, member_id: UUID, key: UUID, actor: str, now: datetime) -> None:
    """Call off what waits for a member by its id: a gift of theirs, or a reward."""
    mine = (col(Gift.member_id).in_(one_person(session, member_id)), Gift.gift_id == key)
    if session.exec(select(Gift.gift_id).where(*mine)).first():
        call_back(session, member_id, key, actor, now)
    else:
        cancel(session, member_id, key, now, actor)


def overdue(session: Session, now: datetime, limit: int = 500, after: UUID | None = None) -> list[UUID]:
    """Members whose gifts nobody took in time, by their ids, from the one after `after`.

    Those of who has left wait until they come back, or are erased.
    """
    here = col(Member.member_id) == col(Gift.member_id)
    late = (Gift.state == State.WAITING, col(Gift.until) <= now, Member.status != LEFT)
    query = select(Gift.member_id).join(Member, here).where(*late)
    if after is not None:
        query = query.where(col(Gift.member_id) > after)
    return list(session.exec(query.distinct().order_by(col(Gift.member_id)).limit(limit)))


def lapse(session: Session, members: Sequence[UUID], now: datetime) -> int:
    """Give these members back what nobody took in time; returns how many gifts lapsed. Twice changes nothing."""
    books.lock(session, members)
    late = (Gift.state == State.WAITING, col(Gift.until) <= now, col(Gift.member_id).in_(members))
    query = select(Gift).where(*late).order_by(col(Gift.until), col(Gift.gift_id)).with_for_update()
    over = session.exec(query.execution_options(populate_existing=True)).all()
    _record(session, [_fact(made, "cancelled", made.member_id, made.until) for made in over], now)
    for made in over:
        _closed(session, made, State.OVER, now)
    return len(over)


def _locked(session: Session, member_id: UUID, gift_id: UUID) -> Gift:
    query = select(Gift).where(Gift.member_id == member_id, Gift.gift_id == gift_id).with_for_update()
    made = session.exec(query.execution_options(populate_existing=True)).first()
    if made is None:
        raise gifts.unknown()
    return made


def _fact(made: Gift, kind: str, whose: UUID, at: datetime, **more: Any) -> Fact:
    data = {"gift_id": str(made.gift_id)} | more
    return Fact(OWN_SOURCE, f"gift:{made.gift_id}:{kind}", f"gift.{kind}", at, f"member:{whose}", data)


def _record(session: Session, facts: Sequence[Fact], now: datetime) -> None:
    """All of them, or none: the caller rolls back what is refused, as always."""
    for outcome in record(session, facts, now) if facts else ():
        if outcome.refusal:
            raise outcome.refusal
        if outcome.status != "recorded":
            raise gifts.unknown()


def _closed(session: Session, made: Gift, state: State, now: datetime) -> Gift:
    made.state, made.closed_at, made.code_sealed = state, now, None
    session.add(made)
    session.flush()
    return made
