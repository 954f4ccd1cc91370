"""One member as staff sees them: who brought them, whom they have brought, and how far each of those is."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlmodel import Session, col, select

from facts.language import N_, Language
from members.funnel import ALL_OFFERS
from members.funnel_tables import Advocate
from members.merged import latest_of, one_person
from members.programme.versions import Version, in_force
from members.referral_codes import terms_of
from members.referral_tables import Brought, Referral
from members.staff_referral_cards import FriendRow, FriendsOfCard
from members.tables import Member
from members.views.saying import day, wording
from members.views.staff_referrals import CHANNELS, called
from rewards.wording import Wording

SHOWN = 10
REASONS = {
    "not_new": N_("They had shopped here before."),
    "full": N_("Whoever shared has brought as many as the offer pays for."),
    "order_small": N_("Their purchase was too small."),
    "same": N_("Both accounts are one person's."),
    "refused": N_("The shop has decided not to pay for it."),
}


def friends_of(session: Session, member_id: UUID, now: datetime, language: Language) -> FriendsOfCard:
    """Both ways, the newest friends first; nothing for a member without either."""
    version = in_force(session, now)
    say, accounts = wording(version, language), one_person(session, member_id)
    mine = (
        select(Referral).where(col(Referral.member_id).in_(accounts)).order_by(col(Referral.came_at).desc())
    )
    rows = session.exec(mine.limit(SHOWN)).all()
    by = session.exec(
        select(Brought).where(col(Brought.member_id).in_(accounts)).order_by(col(Brought.came_at))
    ).first()
    came = session.get(Referral, (by.sharer_id, by.referral_id)) if by else None
    brought = [_row(session, one, one.friend_id, version, say, now) for one in rows]
    return FriendsOfCard(
        by=(_row(session, came, came.member_id, version, say, now),) if came else (),
        brought=tuple(brought),
        words=_sums(session, accounts, say) if rows else "",
    )


def _sums(session: Session, accounts: list[UUID], say: Wording) -> str:
    query = select(Advocate).where(col(Advocate.member_id).in_(accounts), Advocate.offer == ALL_OFFERS)
    found = session.exec(query).all()
    joined, bought = sum(one.joined for one in found), sum(one.bought for one in found)
    return " · ".join((say.text("{n} joined", n=joined), say.text("{n} bought", n=bought)))


def _row(
    session: Session, row: Referral, other: UUID, version: Version, say: Wording, now: datetime
) -> FriendRow:
    who = latest_of(session, other)
    member = session.get(Member, who)
    status, tone = _status(row, version, say, now)
    said = [say.text("since {day}", day=day(row.came_at, say, version.zone, now))]
    said += [say.text(CHANNELS[row.channel])] if row.channel in CHANNELS else []
    said += [say.text(REASONS[row.reason])] if row.reason in REASONS else []
    return FriendRow(
        key=row.referral_id.hex,
        name=called(member, say) if member else say.text("A member without a name"),
        status=status,
        tone=tone,
        words=" · ".join(said),
        path=f"/staff/member?id={who}",
    )


def _status(row: Referral, version: Version, say: Wording, now: datetime) -> tuple[str, str]:
    said: list[Any] = json.loads(row.said)
    offer = terms_of(row.terms)
    side = "sharer" if offer.sharer else "friend"
    paid = next((one for one in said if one[1] == "rewarded" and one[2] == side), None)
    if paid and paid[6] and (until := datetime.fromisoformat(paid[6])) > now:
        return say.text("Waits until {day}", day=day(until, say, version.zone, now)), "caution"
    if paid:
        return say.text("Paid"), "good"
    if row.reason == "review":
        return say.text("Under review"), "caution"
    if row.reason in REASONS:
        return say.text("Nothing to pay"), "plain"
    if row.paid_at:
        return say.text("Cancelled"), "plain"
    return (
        (say.text("Bought"), "good")
        if any(one[1] == "bought" for one in said)
        else (say.text("Joined"), "plain")
    )
