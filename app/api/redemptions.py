"""Rewards for points, from another program: redeem once, call off, and use a code at a till."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from pydantic import BaseModel
from sqlmodel import Session

from app import limits
from app.api.operations import Call
from app.api.requests import request_id_of
from app.api.shapes import (
    CancelRequest,
    CodeAnswer,
    CodeRequest,
    RedemptionAnswer,
    RedemptionRequest,
)
from app.api.standings import unknown_member
from app.door import in_worker
from facts.ids import MemberId
from facts.refusals import Refusal
from members.actions.redeem import cancel, code_of, redeem, reward_of
from members.actions.vouchers import show_code, use_code
from members.programme import versions
from members.standing import member_of
from rewards.redemption import State
from rewards.tables import Redemption


async def post_redemption(call: Call) -> BaseModel:
    """Give points for a reward, once for an Idempotency-Key."""
    return await call.write(_redeem, call.body, request_id_of(call), call)


def _redeem(session: Session, asked: RedemptionRequest, request_id: str, call: Call) -> RedemptionAnswer:
    member_id = _member(session, asked.subject, call)
    made = redeem(session, member_id, asked.reward, call.now, request_id, call.secret())
    if made.state == State.ISSUED and reward_of(versions(session), made).pooled:
        show_code(session, member_id, made.redemption_id, call.now, call.secret())  # the answer has it in it
    return _said(made, call)


async def post_cancel(call: Call) -> BaseModel:
    """Call a redemption off: points back to their lots, stock back on the shelf."""
    return await call.write(_cancel, call.body, call)


def _cancel(session: Session, asked: CancelRequest, call: Call) -> RedemptionAnswer:
    member_id = _member(session, asked.subject, call)
    try:
        redemption_id = UUID(call.request.path_params["id"])
    except ValueError:
        raise Refusal("redemption_unknown", "There is no such redemption.", status=404) from None
    return _said(cancel(session, member_id, redemption_id, call.now, f"key:{call.key.name}"), call)


async def post_code(call: Call) -> BaseModel:
    """Use a voucher code, once, or only look at it. Whatever is wrong with a code is said in the same words."""
    await in_worker(_spend, call)
    return await call.write(_use, call.body, call)


def _spend(call: Call) -> None:
    """Codes are too long to be guessed; and who tries is slowed down, by key and by where they ask from."""
    limits.spend("codes_used", f"key:{call.key.name}")
    limits.spend("codes_used", limits.client(call.request))


def _use(session: Session, asked: CodeRequest, call: Call) -> CodeAnswer:
    trial = session.begin_nested()
    made = use_code(session, asked.code, asked.used_in, call.now, call.secret())
    line = versions(session)
    reward, programme = reward_of(line, made), line.numbered(made.version).programme
    state: Any = "issued" if asked.check and made.used_at == call.now else made.state
    said = CodeAnswer(
        redemption_id=made.redemption_id,
        reward=reward.slug,
        kind=reward.kind,
        value=reward.value,
        currency=programme.currency,
        state=state,
    )
    if asked.check:
        trial.rollback()
    else:
        trial.commit()
    return said


def _member(session: Session, subject: str, call: Call) -> MemberId:
    member_id = member_of(session, call.key.source, subject)
    if member_id is None:
        raise unknown_member()
    return member_id


def _said(made: Redemption, call: Call) -> RedemptionAnswer:
    state: Any = made.state
    return RedemptionAnswer(
        redemption_id=made.redemption_id,
        member=made.member_id,
        reward=made.reward,
        price=made.price,
        state=state,
        code=code_of(made, call.secret()),
        expires_at=made.expires_at,
    )
