"""Rewards of the catalogue for bringing a friend, and for coming: they wait for their owners when the hold is over.

A prize like any other (`members.prizes`), that is priced 0. Until then nothing is there that could be used; with the
points it is called off, as far as it was not used. What was used is not given a second time.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlmodel import Session, col, select

from members import closing, prizes, sets
from members.merged import latest_of, one_person
from members.programme.versions import Timeline, versions
from members.referral_tables import Brought, Referral
from members.tables import Standing
from rewards.document import Reward
from rewards.referrals import Offer
from rewards.tables import Redemption

KIND = "referral"
TRIED_AGAIN = timedelta(days=1)  # for whoever has left, and may come back


def settle(session: Session, row: Brought, found: Referral, offer: Offer, now: datetime) -> None:
    """Set aside what is due by the steps that stand, call off what does not stand, and note when more is due."""
    row.due_at = None
    session.add(row)
    if not offer.brings_reward:
        return
    sides = {"sharer": found.member_id, "friend": found.friend_id}
    due = _due(found, offer)
    for side, member_id in sides.items():
        request, persons = _request(side, found), one_person(session, member_id)
        asked = col(Redemption.member_id).in_(persons), Redemption.request_id == request
        had = session.exec(select(Redemption.member_id, Redemption.reserved_at).where(*asked)).first()
        at = due.get(side)
        if had and at != had[1]:  # what it was for is gone, whatever stands in for it
            prizes.call_off(session, [(had[0], request)], now)
        if at is None:
            continue
        if at > now:
            _note(row, at)
        elif _away(session, member_id):
            _note(row, now + TRIED_AGAIN)
        else:
            whose = had[0] if had else latest_of(session, member_id)
            _set_aside(session, whose, request, offer, side, at, now)


def _request(side: str, found: Referral) -> str:
    return prizes.request_of((KIND, f"{side}-{found.referral_id.hex}", 0, 0))


def _due(found: Referral, offer: Offer) -> Mapping[str, datetime]:
    """By side: from when on its reward is there, for what stands."""
    said: list[list[Any]] = json.loads(found.said)
    return {
        side: datetime.fromisoformat(active or at)
        for _, kind, side, at, _, _, active in said
        if kind == "rewarded" and (share := offer.share(side)) and share.reward
    }


def _note(row: Brought, at: datetime) -> None:
    row.due_at = min(row.due_at or at, at)


def _away(session: Session, member_id: UUID) -> bool:
    stand = session.get(Standing, latest_of(session, member_id))
    return stand is None or closing.closed(stand.state) in (closing.LEFT, closing.ERASED)


def _set_aside(
    session: Session, member_id: UUID, request: str, offer: Offer, side: str, at: datetime, now: datetime
) -> None:
    share = offer.share(side)
    number, reward = _as_it_was(versions(session), share.reward if share else None, at)
    row = prizes.set_aside(member_id, request, reward, number, at, now, since=at)
    sets.insert(session, Redemption, prizes.COLUMNS, [row] if row else [], prizes.AGAIN)


def _as_it_was(line: Timeline, slug: str | None, at: datetime) -> tuple[int, Reward | None]:
    """A reward by the version in force at a moment, or by the newest one before that still had it."""
    for number in range(line.at(at).number, 0, -1):
        reward = line.numbered(number).programme.reward(slug or "")
        if reward:
            return number, reward
    return 0, None
