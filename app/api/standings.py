"""A member's standing, and the programme that governs it."""

from __future__ import annotations

from datetime import date

from pydantic import BaseModel
from sqlmodel import Session

from app.api.operations import Call
from app.api.shapes import Moment, ProgrammeAnswer, PurseAnswer, StandingAnswer, Target, Tier
from facts.money import decimal_text
from facts.refusals import Refusal
from members.programme.versions import FOR_EVER, in_force
from members.standing import MemberStanding, PurseStanding, member_of, standing_of
from members.views.rules_document import without_secrets
from rewards.document import Basis
from rewards.tiers import Ahead


def unknown_member() -> Refusal:
    """The one answer for a member who does not exist, and for one whom this key may not see."""
    return Refusal("member_unknown", "There is no such member.", status=404)


async def get_member(call: Call) -> BaseModel:
    """How a member stands now."""
    return await call.read(_standing, call.request.path_params["subject"], call)


def _standing(session: Session, subject: str, call: Call) -> StandingAnswer:
    member_id = member_of(session, call.key.source, subject)
    found = standing_of(session, member_id, call.now) if member_id else None
    if found is None:
        raise unknown_member()
    return said(found)


def said(found: MemberStanding) -> StandingAnswer:
    """A standing in the words of the API."""
    programme, digits = found.version.programme, found.version.digits
    return StandingAnswer(
        member=found.member_id,
        wallet="points",
        available=found.available,
        pending=found.pending,
        held=found.held,
        debt=found.debt,
        money_value=decimal_text(found.money_value, digits),
        currency=programme.currency,
        tier=Tier(slug=found.level.slug, name=found.level.name),
        tier_until=found.tier_until,
        to_next=_target(found.to_next, digits),
        to_stay=_target(found.to_stay, digits),
        activating=[Moment(at=at, points=points) for at, points in found.activating],
        expiring=[Moment(at=at, points=points) for at, points in found.expiring],
        wallets=[_purse(one, found) for one in found.purses if one.slug in found.version.wallets],
    )


def _purse(one: PurseStanding, found: MemberStanding) -> PurseAnswer:
    """A wallet beside points in the words of the API."""
    wallet = found.version.wallets[one.slug]
    return PurseAnswer(
        wallet=one.slug,
        kind=wallet.kind,
        name=wallet.name,
        available=one.available,
        money=decimal_text(one.available, found.version.digits) if wallet.spendable else None,
        pending=one.pending,
        held=one.held,
        debt=one.debt,
        activating=[Moment(at=at, points=points) for at, points in one.activating],
        expiring=[Moment(at=at, points=points) for at, points in one.expiring],
    )


def _target(ahead: Ahead | None, digits: int) -> Target | None:
    if ahead is None:
        return None
    missing = {part.measure: part.amount for part in ahead.parts if part.amount or len(ahead.parts) == 1}
    return Target(
        tier=ahead.tier,
        points=missing.pop(Basis.POINTS_EARNED, None),
        money=decimal_text(missing.pop(Basis.SPEND), digits) if Basis.SPEND in missing else None,
        orders=missing.pop(Basis.ORDERS, None),
        referrals=missing.pop(Basis.REFERRALS, None),
        facts=missing or None,
        either=ahead.either or None,
        by=date.fromordinal(ahead.by) if ahead.by else None,
    )


async def get_programme(call: Call) -> BaseModel:
    """The programme document in force now. Secret badges are not in it."""
    return await call.read(_programme, call)


def _programme(session: Session, call: Call) -> ProgrammeAnswer:
    version = in_force(session, call.now)
    return ProgrammeAnswer(
        version=version.number,
        effective_from=None if version.effective_from == FOR_EVER else version.effective_from,
        document=without_secrets(version.programme, version.programme.model_dump(mode="json")),
    )
