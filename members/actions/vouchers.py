"""What happens to a reward after it was redeemed: handed over at the counter, used at the till, or left to expire."""

from __future__ import annotations

import secrets
from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlmodel import Session, col, select

from facts.events import Fact
from facts.language import N_
from facts.refusals import Refusal
from members import books, pools
from members.actions.record import record
from members.actions.redeem import code_of, fact_of, give_code, locked, made_by, post, reward_of
from members.audit import audit
from members.programme.versions import versions
from rewards import codes, pool, stock
from rewards.redemption import State, expires_at, first_state, usable
from rewards.tables import Redemption, RewardCode


def issue(
    session: Session, member_id: UUID, redemption_id: UUID, actor: str, now: datetime, secret: bytes
) -> Redemption:
    """Turn a reserved reward into an issued one with a code: the points that were held are spent."""
    made = _captured(session, member_id, redemption_id, now)
    _issue(session, made, now, secret)
    return _kept(session, made, actor, "redemption.issued", now)


def show_code(
    session: Session, member_id: UUID, redemption_id: UUID, now: datetime, secret: bytes
) -> Redemption:
    """Unseal an uploaded code for its owner; from now on it cannot be given back. Twice is once."""
    books.lock(session, [member_id])
    made = locked(session, member_id, redemption_id)
    if made.code_sealed is not None and made.used_at is not None:
        return made
    code = pool.drawn(session, member_id, made.reward, redemption_id)
    found = codes.opened(code.sealed, made.reward, secret) if code and code.sealed else None
    if code is None or found is None or not usable(State(made.state), made.expires_at, now):
        raise Refusal("code_gone", N_("This code is not there any more."), status=409)
    nonce = secrets.token_bytes(codes.NONCE_BYTES)
    made.code_sealed = codes.seal(found, str(made.redemption_id), secret, nonce)
    made.used_at, code.sealed = now, None
    session.add(made)
    session.add(code)
    session.flush()
    return made


def take(session: Session, member_id: UUID, redemption_id: UUID, now: datetime, secret: bytes) -> Redemption:
    """Give a member the code of a reward that they won; taking it twice is taking it once.

    From now on it is good as long as if it had been bought now.
    """
    books.lock(session, [member_id])
    made = locked(session, member_id, redemption_id)
    if made.state == State.ISSUED:
        return made
    reward = reward_of(versions(session), made)
    if not usable_prize(made, now) or first_state(reward) is State.RESERVED:
        raise Refusal("prize_gone", N_("This reward is not there to be taken."), status=409)
    _issue(session, made, now, secret)
    session.add(made)
    session.flush()
    return made


def _issue(session: Session, made: Redemption, now: datetime, secret: bytes) -> None:
    """From now on it has a code, and is good for its days."""
    made.state, made.issued_at = State.ISSUED, now
    made.expires_at = expires_at(reward_of(versions(session), made), State.ISSUED, now)
    give_code(session, made, secret)


def usable_prize(made: Redemption, now: datetime) -> bool:
    """Whether it was won, and waits for its member."""
    in_time = made.expires_at is None or now < made.expires_at
    return made.won and made.state == State.RESERVED and in_time


def hand_over(
    session: Session, member_id: UUID, redemption_id: UUID, actor: str, now: datetime
) -> Redemption:
    """Hand a reserved reward over at the counter: held points are spent, and it is used."""
    made = _captured(session, member_id, redemption_id, now)
    made.state, made.issued_at, made.used_at, made.closed_at = State.USED, now, now, now
    made.used_in = actor
    return _kept(session, made, actor, "redemption.handed_over", now)


def hand_out(session: Session, made: Redemption, actor: str, now: datetime) -> Redemption:
    """Hand over at once what was redeemed at the counter just now; handing over twice is handing over once."""
    if made.state == State.USED:
        return made
    if made.state == State.RESERVED:
        return hand_over(session, made.member_id, made.redemption_id, actor, now)
    made.state, made.used_at, made.closed_at, made.used_in = State.USED, now, now, actor
    return _kept(session, made, actor, "redemption.handed_over", now)


def _captured(session: Session, member_id: UUID, redemption_id: UUID, now: datetime) -> Redemption:
    books.lock(session, [member_id])
    made = locked(session, member_id, redemption_id)
    if made.state != State.RESERVED or (made.expires_at and made.expires_at <= now):
        raise Refusal(
            "redemption_not_reserved", N_("This reward is not waiting to be handed over."), status=409
        )
    if not made.won:
        post(session, "redemption.captured", made, {"redemption_id": str(redemption_id)}, now)
    return made


def _kept(session: Session, made: Redemption, actor: str, action: str, now: datetime) -> Redemption:
    session.add(made)
    session.flush()
    audit(session, actor, action, f"redemption:{made.redemption_id}", {"member": str(made.member_id)}, now)
    return made


def use_code(session: Session, code: str, order_ref: str, now: datetime, secret: bytes) -> Redemption:
    """Use a voucher code, once. `order_ref` names the sale; the same sale asking again gets the same answer.

    A pass is looked at, and stays what it is.

    Whatever is wrong with a code (not one of ours, used, expired, called off) is refused in the same words, so
    that guessing teaches nothing.
    """
    signs = codes.meant(code)
    where = select(RewardCode).where(RewardCode.code_hmac == codes.digest(signs or "", secret))
    found = session.exec(where).first()
    if found is None or found.member_id is None or found.redemption_id is None:
        raise _no_good()
    made = locked(session, found.member_id, found.redemption_id)
    if made.state == State.USED and order_ref and made.used_in == order_ref:
        return made
    if not usable(State(made.state), made.expires_at, now) or _replaced(made, signs, secret):
        raise _no_good()
    if reward_of(versions(session), made).what.lasts:
        return made
    made.state, made.used_at, made.closed_at, made.used_in = State.USED, now, now, order_ref
    session.add(made)
    session.flush()
    return made


def _replaced(made: Redemption, signs: str | None, secret: bytes) -> bool:
    """Whether the code was called off, and another one given when the reward was won again."""
    return codes.meant(code_of(made, secret) or "") != signs


_UNFETCHED = (col(Redemption.state) == State.RESERVED, col(Redemption.closed_at).is_(None))


def _no_good() -> Refusal:
    return Refusal("code_refused", N_("This code cannot be used."), path="code", status=404)


def expire_unused(session: Session, now: datetime, limit: int = 500) -> int:
    """Expire issued rewards whose time is over, longest over first; returns how many. Twice changes nothing.

    The points were spent and stay spent; what had a stock goes back on the shelf. An uploaded code that was shown
    counts as used.
    """
    query = (
        select(Redemption)
        .where(
            Redemption.state == State.ISSUED,
            col(Redemption.closed_at).is_(None),
            col(Redemption.expires_at) <= now,
        )
        .order_by(col(Redemption.expires_at), col(Redemption.redemption_id))
        .limit(limit)
        .with_for_update(skip_locked=True)
        .execution_options(populate_existing=True)
    )
    over = session.exec(query).all()
    for made in over:
        made.state, made.closed_at = State.USED if made.used_at else State.EXPIRED, now
        session.add(made)
    session.flush()
    stock.give_back(session, _shelved(session, over))
    return len(over)


def _shelved(session: Session, over: Sequence[Redemption]) -> Counter[str]:
    """What goes back on the shelf. What was won never stood there."""
    return pools.shelved(session, ((made.reward, made.version) for made in over if not made.won))


def unfetched(session: Session, now: datetime, limit: int = 500, after: UUID | None = None) -> list[UUID]:
    """Members with rewards that were reserved and not fetched in time, by their ids, from the one after `after`."""
    query = select(Redemption.member_id).where(*_UNFETCHED, col(Redemption.expires_at) <= now)
    if after is not None:
        query = query.where(col(Redemption.member_id) > after)
    return list(session.exec(query.distinct().order_by(col(Redemption.member_id)).limit(limit)))


def lapse(session: Session, members: Sequence[UUID], now: datetime) -> int:
    """Let these members' unfetched rewards lapse; returns how many. Twice changes nothing.

    The points that were held return to the very lots they came from, what had a stock goes back on the shelf, and
    it no longer counts towards the member's limit. It happened when the time was over, however late this runs.
    """
    books.lock(session, members)
    query = (
        select(Redemption)
        .where(*_UNFETCHED, col(Redemption.expires_at) <= now, col(Redemption.member_id).in_(members))
        .order_by(col(Redemption.expires_at), col(Redemption.redemption_id))
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    over = session.exec(query).all()
    facts: list[Fact] = []
    payers = made_by(session, over)
    for made in over:
        assert made.expires_at is not None
        made.state, made.closed_at = State.CANCELLED, now
        session.add(made)
        if not made.won:
            said = {"redemption_id": str(made.redemption_id)}
            facts.append(
                fact_of("redemption.cancelled", made, said, made.expires_at, payers.get(made.redemption_id))
            )
    for outcome in record(session, facts, now):
        if outcome.refusal:
            raise outcome.refusal
    session.flush()
    stock.give_back(session, _shelved(session, over))
    return len(over)
