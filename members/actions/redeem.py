"""Redeeming: points for a reward, and points back for a reward that was not used.

The member's standing is locked first and the stock last, so nothing is spent twice or sold that is not there,
and the hottest row is held the shortest. Points move by facts alone: `redemption.made` and `.cancelled`.
"""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlmodel import Session, col, select

from facts.events import OWN_SOURCE, Fact
from facts.ids import id_for
from facts.language import N_
from facts.money import minor
from facts.refusals import Refusal
from members import books, pools
from members.actions.record import record
from members.audit import audit
from members.programme.versions import Timeline, versions
from members.standing import standing_of
from members.tables import Claim
from members.taken import accounts, days_of, taken
from rewards import codes, occasion, pool, stock
from rewards.allowance import again, began
from rewards.catalogue import Holder, Offer, Why, offer
from rewards.document import Reward
from rewards.pots import give
from rewards.redemption import PRIZE, State, expires_at, first_state, returnable_until
from rewards.tables import Redemption, RewardCode

REQUEST_LENGTH_MAX = 100
SENTENCES = {
    Why.HIDDEN: N_("There is no such reward in the catalogue."),
    Why.SOLD_OUT: N_("This reward has just run out."),
    Why.LIMIT_REACHED: N_("You have had this reward as often as it can be had."),
    Why.OTHER_TIER: N_("This reward is for another tier."),
    Why.NO_OCCASION: N_("This can only be had in the days after your birthday."),
    Why.CHOSEN: N_("You have made your choice this time."),
    Why.LIMIT_FOR_NOW: N_("You have had this reward as often as it can be had for now. It is back on {day}."),
    Why.NOT_YET: N_("This reward cannot be had yet."),
    Why.POINTS_SHORT: N_("You need {short} more points for this reward."),
}
OF_YEARS = N_("This can only be had in the days after the day on which you joined.")


def redeem(
    session: Session, member_id: UUID, slug: str, now: datetime, request_id: str, secret: bytes
) -> Redemption:
    """Give points for the reward `slug`; the same `request_id` gives the same redemption again.

    Refuses, with a sentence for the member, what the catalogue does not offer them now. A refusal after the
    points have moved (the last one went to somebody else) relies on the caller to roll back, as always.
    """
    _check_request(request_id)
    if not books.lock(session, [member_id]):
        raise Refusal("member_unknown", N_("There is no such member."), status=404)
    before = _asked_before(session, member_id, request_id)
    if before:
        if before.reward != slug:
            raise Refusal(
                "request_reused", N_("This request was made before, for another reward."), status=409
            )
        return before
    line = versions(session)
    found = _offered(session, member_id, slug, line, now)
    made = _made(found, member_id, request_id, line.at(now).number, now)
    _spend(session, made, found.reward, now)
    session.add(made)
    counted = found.left is not None
    if found.reward.pooled:
        counted = pools.draw(session, made, _refusal(Why.SOLD_OUT, found), now)
    elif made.state == State.ISSUED:
        give_code(session, made, secret)
    elif found.reward.what.potted:
        give(session, slug, member_id, made.price, minor(found.reward.value, line.at(now).digits))
    session.flush()
    if counted and not stock.take(session, slug):
        raise _refusal(Why.SOLD_OUT, found)
    if counted and found.reward.pooled:
        pools.watch(session, found.reward, now)
    return made


def _check_request(request_id: str) -> None:
    mine = 0 < len(request_id) <= REQUEST_LENGTH_MAX and not request_id.startswith(PRIZE)
    if not mine or not request_id.isprintable():
        raise Refusal("request_malformed", N_("A request needs an id of at most {most} characters."),
                      path="request_id", most=REQUEST_LENGTH_MAX)  # fmt: skip


def _asked_before(session: Session, member_id: UUID, request_id: str) -> Redemption | None:
    query = select(Redemption).where(Redemption.member_id == member_id, Redemption.request_id == request_id)
    return session.exec(query).first()


def _offered(session: Session, member_id: UUID, slug: str, line: Timeline, now: datetime) -> Offer:
    """The offer, when the member can have it; under the lock of their standing."""
    version = line.at(now)
    reward = version.programme.reward(slug)
    standing = standing_of(session, member_id, now, line)
    if reward is None or standing is None:
        raise Refusal("reward_hidden", SENTENCES[Why.HIDDEN], path="reward", status=404)
    limit, had, lately = reward.per_period, dict[str, int](), dict[str, int]()
    whose = accounts(session, member_id, [reward])
    if limit or reward.per_member is not None:
        moments = [at for _, at in taken(session, whose, slug)]
        since = began(limit.per, now, version.zone) if limit else now
        had, lately = {slug: len(moments)}, {slug: sum(at >= since for at in moments)}
    open_until, closed = dict[str, datetime](), frozenset[str]()
    if reward.occasion:
        days = days_of(session, whose, [reward])
        open_until = occasion.open_until([reward], days, now, version.zone)
        closed = occasion.chosen(version.programme.rewards, days, taken(session, whose),
                                 lambda at: line.at(at).programme.rewards)  # fmt: skip
    holder = Holder(
        standing.level.slug, standing.available, standing.pending, had, lately, open_until, closed
    )
    left = stock.left_of(session, slug)
    if left == 0 and reward.pooled and slug in dict(pool.waiting(session, member_id)):
        left = 1  # the code that they gave back unseen, which is nobody else's
    found = offer(reward, holder, left, now)
    if found.why is Why.LIMIT_FOR_NOW and limit:
        day = again(limit.per, now, version.zone).astimezone(version.zone).date()
        raise _refusal(found.why, found, day=day)
    if found.why:
        raise _refusal(found.why, found)
    return found


def _refusal(why: Why, found: Offer, **more: Any) -> Refusal:
    status = 404 if why is Why.HIDDEN else 409
    years = (
        why is Why.NO_OCCASION and found.reward.occasion and found.reward.occasion.on == "member.anniversary"
    )
    said = OF_YEARS if years else SENTENCES[why]
    return Refusal(f"reward_{why}", said, path="reward", status=status, short=found.short, **more)


def _made(found: Offer, member_id: UUID, request_id: str, version: int, now: datetime) -> Redemption:
    reward, state = found.reward, first_state(found.reward)
    had = state is not State.RESERVED
    done = now if state is State.USED else None
    return Redemption(
        member_id=member_id,
        redemption_id=id_for(now, member_id.hex, request_id),
        request_id=request_id,
        reward=reward.slug,
        version=version,
        price=found.price,
        state=state,
        reserved_at=now,
        issued_at=now if had else None,
        used_at=done,
        closed_at=done,
        expires_at=None if done else expires_at(reward, state, now),
    )


def _spend(session: Session, made: Redemption, reward: Reward, now: datetime) -> None:
    data: dict[str, Any] = {
        "redemption_id": str(made.redemption_id),
        "reward": made.reward,
        "points": made.price,
    }
    if reward.points:
        data |= {"brings": reward.points, "lasts_days": reward.valid_days}
    held = {"held": True} if made.state == State.RESERVED else {}
    post(session, "redemption.made", made, data | held, now)


def post(session: Session, kind: str, made: Redemption, data: dict[str, Any], now: datetime) -> None:
    """Record a fact about a redemption; refuses as the engine does."""
    payer = None if kind == "redemption.made" else made_by(session, [made]).get(made.redemption_id)
    fact = fact_of(kind, made, data, now, payer)
    outcome = record(session, [fact], now)[0]
    if outcome.refusal:
        raise outcome.refusal


def fact_of(
    kind: str, made: Redemption, data: dict[str, Any], at: datetime, payer: UUID | None = None
) -> Fact:
    """A fact about a redemption: one of its kind for each. `payer`: the account that paid for it, if it is another."""
    name = f"{kind.removeprefix('redemption.')}:{made.redemption_id}"
    return Fact(OWN_SOURCE, name, kind, at, f"member:{payer or made.member_id}", data)


def made_by(session: Session, ones: Sequence[Redemption]) -> dict[UUID, UUID]:
    """The accounts that paid for redemptions: where they were merged since, what comes back comes back there first."""
    names = {f"fact:made:{one.redemption_id}": one.redemption_id for one in ones}
    query = select(Claim.key, Claim.member_id).where(Claim.source == OWN_SOURCE, col(Claim.key).in_(names))
    return {names[key]: member_id for key, member_id in session.exec(query) if member_id}


def give_code(session: Session, made: Redemption, secret: bytes) -> None:
    """Draw a code for a redemption: its digest for the till, the code itself sealed for the member."""
    code = codes.code_from(secrets.token_bytes(codes.CHANCE_BYTES))
    signs = codes.meant(code)
    assert signs is not None
    nonce = secrets.token_bytes(codes.NONCE_BYTES)
    made.code_sealed = codes.seal(code, str(made.redemption_id), secret, nonce)
    session.add(RewardCode(code_hmac=codes.digest(signs, secret), member_id=made.member_id,
                           redemption_id=made.redemption_id))  # fmt: skip


def code_of(made: Redemption, secret: bytes) -> str | None:
    """The code to show to the redemption's owner, or None while (or since) there is none."""
    if made.code_sealed is None or made.state != State.ISSUED:
        return None
    return codes.opened(made.code_sealed, str(made.redemption_id), secret)


def reward_of(line: Timeline, made: Redemption) -> Reward:
    """The reward as it was when it was redeemed."""
    reward = line.numbered(made.version).programme.reward(made.reward)
    assert reward is not None
    return reward


def locked(session: Session, member_id: UUID, redemption_id: UUID) -> Redemption:
    """A member's own redemption, locked until the transaction ends; nobody else's exists here."""
    query = (
        select(Redemption)
        .where(Redemption.member_id == member_id, Redemption.redemption_id == redemption_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    made = session.exec(query).first()
    if made is None:
        raise Refusal("redemption_unknown", N_("There is no such redemption."), status=404)
    return made


def cancel(session: Session, member_id: UUID, redemption_id: UUID, now: datetime, actor: str) -> Redemption:
    """Call a redemption off: its points return to the very lots they came from, its stock to the shelf.

    For what is reserved, and for what was issued and not used, within the days that the reward allows.
    Calling off twice is calling off once.
    """
    books.lock(session, [member_id])
    made = locked(session, member_id, redemption_id)
    if made.state == State.CANCELLED:
        return made
    reward = reward_of(versions(session), made)
    until = returnable_until(reward, State(made.state), made.reserved_at, made.expires_at, made.used_at)
    if made.won:
        until = None  # what was won cost nothing that could come back
    if until is None or now >= until:
        raise Refusal("redemption_final", N_("This reward cannot be given back any more."), status=409)
    before = str(made.state)
    made.state, made.closed_at = State.CANCELLED, now
    session.add(made)
    post(session, "redemption.cancelled", made, {"redemption_id": str(redemption_id)}, now)
    if not actor.startswith("member:"):
        audit(
            session,
            actor,
            "redemption.cancelled",
            f"redemption:{redemption_id}",
            {"member": str(member_id)},
            now,
            before={"state": before},
            after={"state": str(State.CANCELLED)},
        )
    session.flush()
    if reward.pooled:
        pool.keep(session, member_id, made.reward, redemption_id)
    stock.give_back(session, pools.shelved(session, [(made.reward, made.version)]))
    return made
