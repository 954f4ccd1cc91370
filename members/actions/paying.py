"""Paying with points at a shop's checkout: ask, set points aside, and let them go with the order or back to the member.

Points move by facts alone: `payment.held`, `.committed` and `.released`, in the name of the shop whose order it is, so
that the order meets what was set aside for it, whatever comes first.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlmodel import Session, col, select

from facts.events import Fact
from facts.ids import id_for
from facts.language import N_
from facts.money import apportion, decimal_text, minor_digits
from facts.orders import OrderLine
from facts.payments import COMMITTED, HELD, RELEASED
from facts.refusals import Refusal
from members import books
from members.actions.record import record
from members.closing import LEFT
from members.merged import one_person
from members.standing import MemberStanding, standing_of
from members.tables import FactRow, Member
from rewards.document import Value
from rewards.lots import POINTS
from rewards.paying import Payable, Paying, least, payable, worth
from rewards.payment_tables import Payment


class State(StrEnum):
    """Where a payment stands."""

    HELD = "held"
    COMMITTED = "committed"
    RELEASED = "released"
    LAPSED = "lapsed"


@dataclass(frozen=True, slots=True)
class Quoted:
    """What a member can pay with points of an order. `digits` are the decimals of the programme's currency."""

    member_id: UUID
    available: int
    payable: Payable
    step: int
    minimum: int
    digits: int


@dataclass(frozen=True, slots=True)
class _Purse:
    """What can be paid from: its terms, what its units are worth for this member, and how many there are."""

    terms: Paying
    rate: Value
    available: int


def quote(
    session: Session, member_id: UUID, lines: Sequence[OrderLine], now: datetime, wallet: str = POINTS
) -> Quoted:
    """The largest payment with points (or from another `wallet`, in its units) that is possible for these lines now."""
    found = standing_of(session, member_id, now)
    if found is None:
        raise Refusal("member_unknown", N_("There is no such member."), status=404)
    purse = _purse(found, wallet)
    return Quoted(
        found.member_id,
        purse.available,
        _payable(found, purse, lines),
        purse.terms.step,
        least(purse.terms, purse.terms.rates.get(found.level.slug, purse.rate), found.version.digits),
        found.version.digits,
    )


def _purse(found: MemberStanding, wallet: str) -> _Purse:
    """What a member pays from; refuses a wallet that there is not, and one that is never spent."""
    version = found.version
    if wallet == POINTS:
        return _Purse(version.programme.paying, version.points.value, found.available)
    one = version.wallets.get(wallet)
    if one is None:
        raise Refusal("wallet_unknown", N_("There is no such wallet."), path="wallet", status=404)
    if not one.spendable:
        raise Refusal("wallet_stays", N_("This cannot be spent."), path="wallet", status=409)
    available = next((purse.available for purse in found.purses if purse.slug == wallet), 0)
    return _Purse(one.paying, one.policy(version.digits).value, available)


def _payable(found: MemberStanding, purse: _Purse, lines: Sequence[OrderLine]) -> Payable:
    digits = found.version.digits
    return payable(purse.terms, purse.rate, digits, found.level.slug, purse.available, lines)


def hold(
    session: Session,
    member_id: UUID,
    source: str,
    order_id: str,
    lines: Sequence[OrderLine],
    points: int,
    request_id: str,
    now: datetime,
    wallet: str = POINTS,
) -> Payment:
    """Set `points` of a wallet aside for an order of `source`; the same `request_id` gives the same payment again.

    Refuses more than can be paid, what is no whole step, a second payment for the same order, and an order that
    another account had first. A refusal relies on the caller to roll back, as always.
    """
    if not books.lock(session, [member_id]):
        raise Refusal("member_unknown", N_("There is no such member."), status=404)
    same = (Payment.member_id == member_id, Payment.source == source)
    before = session.exec(select(Payment).where(*same, Payment.request_id == request_id)).first()
    if before:
        if (before.order_id, before.points, before.wallet) != (order_id, points, wallet):
            raise Refusal(
                "request_reused", N_("This request was made before, for another payment."), status=409
            )
        return before
    others = (*same, Payment.order_id == order_id, col(Payment.state).in_((State.HELD, State.COMMITTED)))
    if session.exec(select(Payment.payment_id).where(*others)).first():
        text = N_("Points are set aside for this order already. Give them back first.")
        raise Refusal("payment_there", text, path="order_id", status=409)
    if _paid(session, member_id, source, order_id):
        raise Refusal("order_paid", N_("This order is paid already."), path="order_id", status=409)
    found = standing_of(session, member_id, now)
    assert found is not None
    purse = _purse(found, wallet)
    most, terms, digits = _payable(found, purse, lines), purse.terms, found.version.digits
    rate = terms.rates.get(found.level.slug, purse.rate)
    fewest, currency = least(terms, rate, digits), "" if wallet == POINTS else found.version.currency
    _check(points, most.points, fewest, terms.step, currency)
    money = worth(points, rate, digits)
    made = Payment(
        member_id=member_id,
        payment_id=id_for(now, member_id.hex, source, request_id),
        source=source,
        order_id=order_id,
        request_id=request_id,
        points=points,
        money=money,
        wallet=wallet,
        lines=_shares(lines, apportion(money, most.most)),
        held_at=now,
        until=now + timedelta(minutes=terms.hold_minutes),
    )
    held: dict[str, Any] = {"points": points, "money": decimal_text(money, digits)}
    _tell(session, made, HELD, now, now, **held, **({} if wallet == POINTS else {"wallet": wallet}))
    session.add(made)
    session.flush()
    return made


def _check(points: int, most: int, fewest: int, step: int, currency: str) -> None:
    """Refuse what cannot be paid; a `currency` says that it is cashback, in minor units of it."""

    def wrong(code: str, text: str, of_money: str, **bound: int) -> Refusal:
        said: dict[str, Any] = dict(bound)
        if currency:
            digits = minor_digits(currency)
            said = {name: f"{decimal_text(amount, digits)} {currency}" for name, amount in bound.items()}
        return Refusal(code, of_money if currency else text, path="points", status=409, **said)

    if points > most:
        raise wrong("payment_too_much", N_("At most {most} points can pay for this order."),
                    N_("At most {most} can pay for this order."), most=most)  # fmt: skip
    if points < fewest:
        raise wrong("payment_too_small", N_("A payment is at least {minimum} points."),
                    N_("A payment is at least {minimum}."), minimum=fewest)  # fmt: skip
    if points % step:
        raise wrong("payment_no_step", N_("Points are used in steps of {step}."),
                    N_("It is used in steps of {step}."), step=step)  # fmt: skip


def _shares(lines: Sequence[OrderLine], shares: Sequence[int]) -> str:
    return json.dumps([[line.line_id, share] for line, share in zip(lines, shares, strict=True)])


def commit(session: Session, member_id: UUID, source: str, payment_id: UUID, now: datetime) -> Payment:
    """The order was placed: what was set aside for it stays so. Twice is once."""
    made = _locked(session, member_id, source, payment_id)
    if made.state == State.COMMITTED:
        return made
    if made.state != State.HELD or now >= made.until:
        raise Refusal(
            "payment_over", N_("These points are the member's again. Set them aside anew."), status=409
        )
    _tell(session, made, COMMITTED, now, now)
    return _closed(session, made, State.COMMITTED, now)


def release(session: Session, member_id: UUID, source: str, payment_id: UUID, now: datetime) -> Payment:
    """The order was not placed: the points return to the very lots they came from. Twice is once."""
    made = _locked(session, member_id, source, payment_id)
    if made.state in (State.RELEASED, State.LAPSED):
        return made
    if made.state == State.COMMITTED or _paid(session, made.member_id, made.source, made.order_id):
        text = N_("This order was placed. Points come back when it is cancelled or returned.")
        raise Refusal("payment_final", text, status=409)
    _tell(session, made, RELEASED, now, now)
    return _closed(session, made, State.RELEASED, now)


def overdue(session: Session, now: datetime, limit: int = 500, after: UUID | None = None) -> list[UUID]:
    """Members for whose orders points were set aside for too long, by their ids, from the one after `after`.

    Those of who has left wait until they come back, or are erased.
    """
    here = col(Member.member_id) == col(Payment.member_id)
    query = (
        select(Payment.member_id)
        .join(Member, here)
        .where(Payment.state == State.HELD, col(Payment.until) <= now, Member.status != LEFT)
    )
    if after is not None:
        query = query.where(col(Payment.member_id) > after)
    return list(session.exec(query.distinct().order_by(col(Payment.member_id)).limit(limit)))


def lapse(session: Session, members: Sequence[UUID], now: datetime) -> int:
    """Give these members back what was set aside for too long; returns how many payments lapsed. Twice changes nothing.

    An order that came meanwhile has taken its points: its payment is committed.
    """
    books.lock(session, members)
    query = (
        select(Payment)
        .where(Payment.state == State.HELD, col(Payment.until) <= now, col(Payment.member_id).in_(members))
        .order_by(col(Payment.until), col(Payment.payment_id))
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    lapsed = 0
    for made in session.exec(query).all():
        if _paid(session, made.member_id, made.source, made.order_id):
            _closed(session, made, State.COMMITTED, now)
            continue
        _tell(session, made, RELEASED, made.until, now)
        _closed(session, made, State.LAPSED, now)
        lapsed += 1
    return lapsed


def _locked(session: Session, member_id: UUID, source: str, payment_id: UUID) -> Payment:
    """A payment at this shop, of a member or of what became part of their account; nobody else's exists here."""
    theirs = one_person(session, member_id)
    books.lock(session, theirs)
    which = (col(Payment.member_id).in_(theirs), Payment.payment_id == payment_id, Payment.source == source)
    query = select(Payment).where(*which)
    made = session.exec(query.with_for_update().execution_options(populate_existing=True)).first()
    if made is None:
        raise Refusal("payment_unknown", N_("There is no such payment."), status=404)
    return made


def _paid(session: Session, member_id: UUID, source: str, order_id: str) -> bool:
    """Whether we have heard that an order was paid."""
    row = FactRow
    query = select(row.fact_id).where(
        row.member_id == member_id,
        row.object_id == f"order:{order_id}",
        row.source == source,
        row.type == "order.paid",
    )
    return session.exec(query.limit(1)).first() is not None


def _tell(session: Session, made: Payment, kind: str, at: datetime, now: datetime, **more: Any) -> None:
    data = {"payment_id": str(made.payment_id), "order_id": made.order_id} | more
    fact = Fact(made.source, f"{kind}:{made.payment_id}", kind, at, f"member:{made.member_id}", data)
    outcome = record(session, [fact], now)[0]
    if outcome.refusal:
        raise outcome.refusal
    if outcome.status != "recorded":
        raise Refusal("account_closed", N_("This account is closed."), path="subject", status=409)
    if kind == HELD and outcome.member_id != made.member_id:  # a merge, or its undoing, came in between
        text = N_("This order belongs to another account.")
        raise Refusal("order_of_another", text, path="order_id", status=409)


def _closed(session: Session, made: Payment, state: State, now: datetime) -> Payment:
    made.state, made.closed_at = state, now
    session.add(made)
    session.flush()
    return made
