"""How a member came on a friend's invitation: what becomes of their own reward, and why it waits. Nobody is named."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlmodel import Session, col, func, select

from facts.language import N_
from members.actions.suspicions import HELD
from members.programme.versions import Version
from members.referral_cards import CameCard
from members.referral_codes import terms_of
from members.referral_tables import Brought, Referral
from members.suspicion_tables import REFUSED, Suspicion
from members.views.inviting import gift
from members.views.reviews import NOT_PAID, WAITS
from members.views.saying import day
from rewards.referrals import Offer
from rewards.wording import Wording

NEWS_FOR = timedelta(days=30)  # after that their history tells it
PERSON = N_("This account looks like the same household or device as another one here.")
NOT_NEW = N_("It is not certain that you are new here.")
TOLD = {
    "velocity": N_("Many people came on invitations within a short time."),
    "returns": N_("Purchases of yours went back more than once."),
    "not_first": NOT_NEW,
    "disposable": NOT_NEW,
}
NOTHING = {
    "not_new": N_("You had shopped here before, so there is nothing for it."),
    "order_small": N_("Your purchase was too small to count."),
}
RETURNED = N_("The purchase was returned, so the points went back, for both of you.")


def came(
    session: Session, all_of: Sequence[UUID], version: Version, say: Wording, now: datetime
) -> tuple[CameCard, datetime | None]:
    """What whoever has these accounts is told of the reward for their coming, and when that turns by date alone."""
    query = select(Referral).join(
        Brought,
        (col(Brought.sharer_id) == col(Referral.member_id))
        & (col(Brought.referral_id) == col(Referral.referral_id)),
    )
    first = query.where(col(Brought.member_id).in_(all_of)).order_by(col(Brought.came_at)).limit(1)
    found = session.exec(first).first()
    offer = terms_of(found.terms) if found else None
    if found is None or offer is None or offer.friend is None or found.reason == "same":
        return CameCard(), None
    if found.reason in HELD:
        return _held(session, found, say), None
    said: list[list[Any]] = json.loads(found.said)
    mine = next((one for one in said if one[1] == "rewarded" and one[2] == "friend"), None)
    if mine:
        return _paid(offer, datetime.fromisoformat(mine[6] or mine[3]), version, say, now)
    if found.reason in NOTHING:
        return CameCard(say.text("Nothing to pay"), "plain", say.text(NOTHING[found.reason])), None
    if found.paid_at:
        return CameCard(say.text("Cancelled"), "plain", say.text(RETURNED)), None
    told = say.text("With your first purchase: {gift}.", gift=gift(offer.friend, say))
    return CameCard(say.text("To come"), "plain", told), None


def next_turn(
    session: Session, all_of: Sequence[UUID], mine: datetime | None, now: datetime
) -> datetime | None:
    """When something of a friend is there next by date alone, or of `mine`."""
    theirs = select(func.min(Referral.sure_at)).where(
        col(Referral.member_id).in_(all_of), col(Referral.sure_at) > now
    )
    return min((at for at in (mine, session.exec(theirs).one()) if at), default=None)


def _held(session: Session, found: Referral, say: Wording) -> CameCard:
    row = session.get(Suspicion, (found.member_id, found.referral_id))
    kinds = row.counted.split() if row else []
    sentence = say.text(TOLD.get(kinds[0] if kinds else "", PERSON))
    if row and row.status == REFUSED:
        return CameCard(say.text("Not paid"), "plain", f"{sentence} {say.text(NOT_PAID)}")
    return CameCard(say.text("Under review"), "caution", f"{sentence} {say.text(WAITS)}")


def _paid(
    offer: Offer, until: datetime, version: Version, say: Wording, now: datetime
) -> tuple[CameCard, datetime | None]:
    """It is there, or waits until a moment."""
    mine = gift(offer.friend, say)
    if until > now:
        when = day(until, say, version.zone, now)
        told = say.text("{gift}, from {day} on, if nothing is returned.", gift=mine, day=when)
        return CameCard(say.text("Waiting"), "caution", told), until
    if until < now - NEWS_FOR:
        return CameCard(), None
    return CameCard(say.text("Paid"), "good", say.text("Yours: {gift}.", gift=mine)), None
