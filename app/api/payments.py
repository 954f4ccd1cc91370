"""Paying with points at a checkout, from a shop's own program: ask, set aside, and let go with the order or back."""

from __future__ import annotations

import json
from typing import Any
from uuid import UUID

from pydantic import BaseModel
from sqlmodel import Session

from app.api.operations import Call
from app.api.payment_shapes import (
    HoldRequest,
    LineAnswer,
    PaymentAnswer,
    PaymentRequest,
    QuoteAnswer,
    QuoteRequest,
)
from app.api.requests import request_id_of
from app.api.standings import unknown_member
from facts.ids import MemberId
from facts.money import decimal_text
from facts.orders import OrderLine, order_of
from facts.refusals import Refusal
from members.actions import paying
from members.programme.versions import in_force
from members.standing import member_of
from rewards.payment_tables import Payment


async def post_quote(call: Call) -> BaseModel:
    """The largest payment with points that an order allows; writes nothing."""
    return await call.read(_quote, call.body, call)


def _quote(session: Session, asked: QuoteRequest, call: Call) -> QuoteAnswer:
    found = paying.quote(
        session,
        _member(session, asked.subject, call),
        _lines(session, asked, call),
        call.now,
        asked.wallet,
    )
    most = found.payable
    because: Any = most.because or None
    return QuoteAnswer(
        member=found.member_id,
        wallet=asked.wallet,
        available=found.available,
        points=most.points,
        money=decimal_text(most.money, found.digits),
        currency=asked.currency,
        step=found.step,
        minimum=found.minimum,
        limited_by=because,
        lines=[
            LineAnswer(line_id=line.line_id, most=decimal_text(up_to, found.digits),
                       points_paid=decimal_text(part, found.digits))
            for line, up_to, part in zip(asked.lines, most.most, most.lines, strict=True)
        ],
    )  # fmt: skip


async def post_payment(call: Call) -> BaseModel:
    """Set points aside for an order, once for an Idempotency-Key."""
    return await call.write(_hold, call.body, request_id_of(call), call)


def _hold(session: Session, asked: HoldRequest, request_id: str, call: Call) -> PaymentAnswer:
    made = paying.hold(
        session,
        _member(session, asked.subject, call),
        call.key.source,
        asked.order_id,
        _lines(session, asked, call),
        asked.points,
        request_id,
        call.now,
        asked.wallet,
    )
    return _said(session, made, call)


async def post_commit(call: Call) -> BaseModel:
    """The order was placed."""
    return await call.write(_done, call.body, paying.commit, call)


async def post_release(call: Call) -> BaseModel:
    """The order was not placed: the points are the member's again."""
    return await call.write(_done, call.body, paying.release, call)


def _done(session: Session, asked: PaymentRequest, action: Any, call: Call) -> PaymentAnswer:
    member_id = _member(session, asked.subject, call)
    try:
        payment_id = UUID(call.request.path_params["id"])
    except ValueError:
        raise Refusal("payment_unknown", "There is no such payment.", status=404) from None
    return _said(session, action(session, member_id, call.key.source, payment_id, call.now), call)


def _member(session: Session, subject: str, call: Call) -> MemberId:
    member_id = member_of(session, call.key.source, subject)
    if member_id is None:
        raise unknown_member()
    return member_id


def _lines(session: Session, asked: QuoteRequest, call: Call) -> list[OrderLine]:
    """The lines as the engine weighs them; in the programme's currency, each with an id of its own."""
    ours = in_force(session, call.now).currency
    if asked.currency != ours:
        text = "The programme counts in {ours}; this order is in {theirs}."
        raise Refusal("currency_other", text, path="currency", ours=ours, theirs=asked.currency)
    if len({line.line_id for line in asked.lines}) < len(asked.lines):
        raise Refusal("line_twice", "Give each line an id of its own.", path="lines")
    lines = [line.model_dump(exclude_defaults=True) for line in asked.lines]
    return order_of({"order_id": "", "currency": asked.currency, "lines": lines}).lines


def _said(session: Session, made: Payment, call: Call) -> PaymentAnswer:
    version, state = in_force(session, call.now), made.state
    over: Any = "lapsed" if state == "held" and call.now >= made.until else state
    return PaymentAnswer(
        payment_id=made.payment_id,
        member=made.member_id,
        order_id=made.order_id,
        wallet=made.wallet,
        points=made.points,
        money=decimal_text(made.money, version.digits),
        currency=version.currency,
        state=over,
        until=made.until if state == "held" else None,
        lines=[
            LineAnswer(line_id=line_id, points_paid=decimal_text(part, version.digits))
            for line_id, part in json.loads(made.lines)
        ],
    )
